#pragma once

#include "core/model/Predictor.h"

#include <QString>

#include <string>

namespace limpid {

// The methods of explaining, by the names that the command line has for them.

/// "Leverage SHAP". A name that is not known is given back.
QString methodName(const std::string& method);
/// What it tells, and when to take it: a sentence or two.
QString methodHelp(const std::string& method);

/// What values are in: "log-odds", "probability", "in the target's unit". space: raw | probability.
QString spaceText(TaskKind task, const std::string& space);

} // namespace limpid
