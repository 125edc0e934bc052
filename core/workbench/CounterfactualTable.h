#pragma once

#include "core/explain/CounterfactualOutcome.h"
#include "core/workbench/ExplainCost.h"
#include "core/workbench/Workbench.h"

#include <nlohmann/json_fwd.hpp>

namespace limpid {

// What one row of a table would have to be for another prediction, and what the model says of a row changed by hand.
// Predictions are probabilities of classes, and numbers in the target's own unit.

struct CounterfactualRequest {
    std::size_t row = 0;                   ///< of the table
    std::string output;                    ///< which of several targets; "": the first. One target: ""
    std::string wanted;                    ///< the class to reach; "": any other than the row's
    double probability = 0.0;              ///< at least, of that class; below 0.5 (two classes) or the others' the most likely class decides
    std::optional<double> atLeast, atMost; ///< of a number, at least one of them; of classes none
    struct Bounds {
        std::string column;
        double atLeast = -std::numeric_limits<double>::infinity(), atMost = std::numeric_limits<double>::infinity();
    };
    std::vector<Bounds> bounds;            ///< where numbers may be moved to; of date-times milliseconds since 1970
    std::vector<std::string> locked;       ///< columns not to change
    std::size_t alternatives = 4;          ///< at most
    std::size_t observed = 1000;           ///< rows drawn (seeded) from `candidates`, whose values count as plausible
    std::uint64_t seed = 1;
};

/// `candidates`: indices into `table` of rows to learn plausible values from; empty: all. The row itself is never among them.
/// Throws RowRangeInvalid, ColumnUnknown (locked, bounds), OptionInvalid (a class or target that is not there; a range for classes or
/// none for a number), OptionUnused (a class for a number) and as findCounterfactuals(). Task::finish() gives what was found.
CounterfactualOutcome counterfactualsOfRow(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates,
                                           const CounterfactualRequest& request, Task& task);

/// An estimate; model rows by what the search usually takes.
ExplainCost estimateCounterfactualCost(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates,
                                       const CounterfactualRequest& request, Task& task);

/// What the model says of cells that someone typed: [the model's columns], as RowAnswer::cells. A level that training did not
/// know counts as unseen. Throws ColumnTypeMismatch for a number or date that is none.
RowAnswer answerOfCells(const Predictor& predictor, const std::vector<std::string>& cells, std::size_t output, Task& task);

/// "found", "already-reached", "nothing-free", "not-reached" or "stopped".
const char* counterfactualReasonName(CounterfactualSet::Reason reason);

/// "method", "features", "outputs", "row": {"row", "cells", "prediction", "output"}, "alternatives": the same with "changed",
/// "distance", "toData", "unusual" (pairs of columns, and in how many observed rows their values stand together); "reason", "locked", "evaluations", "seconds".
nlohmann::json counterfactualJson(const CounterfactualOutcome& outcome);

} // namespace limpid
