#pragma once

#include "core/workbench/KeptExplanation.h"

#include <QString>

namespace limpid {

// What was asked of a kept explanation, in words.

/// "Leverage SHAP", "Leverage SHAP, words of “review”".
QString keptMethodText(const KeptQuestion& question);
/// "rows 0 to 199 of penguins.csv".
QString keptRowsText(const KeptQuestion& question);
/// Date and time of day, as the user's system writes them.
QString keptDateText(std::int64_t ms);

} // namespace limpid
