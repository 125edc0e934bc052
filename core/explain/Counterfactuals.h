#pragma once

#include "core/explain/UnusualPairs.h"
#include "core/explain/WantedOutputs.h"

#include <limits>
#include <optional>

namespace limpid {

/// A number or date-time is only changed to values in this range.
struct ColumnBounds {
    std::size_t column = 0;
    double atLeast = -std::numeric_limits<double>::infinity(), atMost = std::numeric_limits<double>::infinity();
};

struct CounterfactualSpec {
    std::size_t row = 0;                   ///< of EffectRows; all its other rows are what is observed
    WantedOutputs wanted;
    std::vector<std::size_t> locked;       ///< columns that keep the row's values
    std::vector<ColumnBounds> bounds;
    std::size_t alternatives = 4;          ///< at most
};

/// A row that would have been predicted as wanted.
struct Counterfactual {
    std::vector<double> values;            ///< [columns], as EffectColumn::values
    std::vector<std::size_t> changed;      ///< columns, ascending
    std::vector<double> outputs;           ///< the model's own for exactly these values
    double distance = 0.0;                 ///< from the row: sum over the columns of ColumnScale::distance()
    double toData = 0.0;                   ///< to the nearest observed row, as a mean over the columns, each cut at 3
    std::vector<UnusualPair> unusual;      ///< that a change is part of
};

struct CounterfactualSet {
    enum class Reason {
        Found,
        AlreadyReached,    ///< the row itself is predicted as wanted
        NothingFree,       ///< every column is locked, a text or without a value
        NotReached,        ///< the search ended without one
        Stopped,           ///< it was told to finish before it had one
    };
    Reason reason = Reason::NotReached;
    std::vector<double> outputs;                ///< of the row
    std::vector<Counterfactual> alternatives;   ///< the one with the least changes to make first
    std::vector<double> closest;                ///< where there is none: outputs of the try that came nearest; empty where nothing was tried
    std::vector<ColumnScale> scales;            ///< [columns], of the observed rows
    std::uint64_t modelRows = 0;
};

/// Few, diverse, plausible alternatives to one row that change few columns: proximity by median absolute deviations (Wachter,
/// Mittelstadt and Russell 2017, equation 4), several at once, chosen for diversity by the kernel 1 / (1 + distance) and made
/// sparse afterwards (Mothilal, Sharma and Tan 2020, sections 3.2 and 3.4). The search starts from observed rows that reach
/// what is wanted and from the strongest changes of one to four columns; needless changes are undone, and what is left of
/// numbers is moved back as far as it goes (to the median where the row has no value). A pair of values that practically no observed row has together
/// counts as three more changes, and an alternative with such a pair is given only where there is none without. Values occur in the data or lie in its range, in the column's own precision.
/// A text is never changed, and no value is made missing. The same input gives the same answer; nothing is drawn.
/// On Task::finish() with what was found so far. Throws OptionInvalid for bounds that leave no value.
CounterfactualSet findCounterfactuals(const EffectRows& model, const CounterfactualSpec& spec, Task& task);

} // namespace limpid
