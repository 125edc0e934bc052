#pragma once

#include "core/model/Predictor.h"

#include <QString>

#include <cstddef>
#include <string>

namespace limpid {

// The methods of explaining, by the names that the command line has for them.

/// "Leverage SHAP". A name that is not known is given back.
QString methodName(const std::string& method);
/// What it tells, and when to take it: a sentence or two.
QString methodHelp(const std::string& method);

/// What Shapley interactions by that index (see ShapleyInteractions) add up to, in a sentence.
QString interactionIndexText(const std::string& index);

/// What values are in: "log-odds", "probability", "in the target's unit". space: raw | probability.
QString spaceText(TaskKind task, const std::string& space);

/// What a background was chosen from and how: see Explanation.
struct BackgroundWords {
    std::string kind, from, where;             ///< as Explanation::backgroundInfo and ::background have them
    std::size_t row = 0, rows = 0, of = 0;     ///< of: 0 where it is not known
};
/// Name and size: "k-means, 20 of 26,048 training rows", "row 17", "all 344 rows", "age > 40 and sex = Female: 312 training rows".
QString backgroundText(const BackgroundWords& background);
/// "about 34 % of the masked rows lie outside the data (estimated from 500)"; 0: "none of 500 …".
QString outsideText(double share, std::size_t looked);

} // namespace limpid
