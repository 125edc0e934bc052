#pragma once

#include "core/explain/Counterfactuals.h"

#include <string>

namespace limpid {

/// One row as text, and what the model makes of it: probabilities of classes, and numbers in the target's own unit.
struct RowAnswer {
    std::vector<std::string> cells;        ///< [columns], as one would type them; "": missing
    std::string predicted;                 ///< the class, of several targets that of the one asked about; "" for numbers
    std::vector<double> outputs;           ///< [CounterfactualOutcome::outputs]
};

/// Alternatives to one row of a table: the value that plots and tables draw.
struct CounterfactualOutcome {
    TaskKind task = TaskKind::Regression;
    std::vector<std::string> outputs;      ///< classes of the only target, all of them; else the targets
    std::size_t output = 0;                ///< the one of several targets that was asked about; of classes the wanted one, or the row's
    std::vector<EffectColumn> columns;     ///< the model's; values are the observed rows', then the row's own
    std::vector<ColumnScale> scales;       ///< [columns], of the observed rows
    std::vector<std::string> locked;       ///< columns that were not to change
    std::size_t row = 0;                   ///< of the table
    RowAnswer asked;
    struct Alternative : RowAnswer {
        std::vector<std::size_t> changed;  ///< columns
        double distance = 0.0, toData = 0.0; ///< see Counterfactual, as
        std::vector<UnusualPair> unusual;
    };
    std::vector<Alternative> alternatives;
    CounterfactualSet::Reason reason = CounterfactualSet::Reason::NotReached;
    std::vector<double> closest;           ///< where there is none, of the try that came nearest; like RowAnswer's
    std::uint64_t modelRows = 0;
    double seconds = 0.0;
    std::size_t observed() const { return columns.front().values.size() - 1; } ///< rows
    std::string background;                ///< what the observed rows are: for the caller to fill in
};

} // namespace limpid
