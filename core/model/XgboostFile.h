#pragma once

#include "core/model/TreeEnsemble.h"

#include <string_view>

namespace limpid {

/// Larger ones are refused before they are read.
inline constexpr std::size_t longestTreeText = std::size_t{512} << 20;
inline constexpr std::size_t mostTreeFeatures = 1'000'000, mostTreeOutputs = 10'000;

/// The trees of a model that XGBoost saved as JSON (1.x to 3.x, booster gbtree, numerical splits). The base is the model's
/// base_score as a margin: its log-odds for binary:logistic and reg:logistic, its logarithm for count:poisson, reg:gamma and
/// reg:tweedie, itself for binary:logitraw, binary:hinge and all other regressions, classes and ranks. Throws JsonInvalid; BundleInvalid (reason: the place in the JSON) for what is missing, of another type
/// or no tree; OptionInvalid for a booster, an objective or splits of another kind; OutOfMemory past longestTreeText.
/// `path` is for the errors alone.
TreeEnsemble readXgboostText(std::string_view text, const std::string& path);

} // namespace limpid
