#pragma once

#include "core/model/Predictor.h"

#include <QString>

namespace limpid {

// What is said of alternatives to a row.

/// "yes · 83 %", or of a number the number alone. `predicted`, `outputs` and `output` as in RowAnswer and CounterfactualOutcome.
QString predictionText(TaskKind task, const std::string& predicted, const std::vector<double>& outputs, std::size_t output);

/// Why there is none (CounterfactualSet::Reason by name), how near the search came, and what one could try.
QString noAlternativeText(const std::string& reason, TaskKind task, const std::vector<std::string>& names, std::size_t output,
                          const std::vector<double>& closest);

/// That an alternative (counted from 1) has two values, "column = value" each, that only `together` of so many observed rows have both.
QString unusualPairText(qsizetype alternative, const QString& first, const QString& second, qint64 together, qint64 rows);

} // namespace limpid
