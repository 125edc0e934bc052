#pragma once

#include "core/explain/EffectRows.h"

namespace limpid {

struct AleSpec {
    /// Between so many bins of equal shares of the rows; 0: as many as leave more than `minimum` rows in each, found by bisection
    /// as alibi 0.9 does it. A column of ten distinct values or fewer has a bin between any two neighbours.
    std::size_t bins = 0;
    std::size_t minimum = 4;
};

/// Accumulated local effects (Apley and Zhu 2020): as PartialDependence, but each row is only moved to the borders of its own
/// bin, so that columns which go together are never taken apart. Centred: over the rows the effect is 0 on average, which for
/// numbers means 0.5·(left + right) of each bin by its rows (as ALEPlot and alibi have it).
/// Categories: from level to level in levelOrder(), where each row of both levels is moved to the other (ALEPlot); an order
/// is needed because an effect is a sum of steps. Values of levels compare whatever the order; only which rows tell of a step
/// follows from it.
struct AccumulatedEffects {
    std::size_t column = 0;
    std::string name;
    ColumnType type = ColumnType::Number;
    std::vector<double> grid;             ///< in the user's units, ascending; of categories the levels in their order
    std::vector<std::string> levels;      ///< the grid's in words; empty for numbers and dates
    std::size_t outputs = 0;
    std::vector<double> values;           ///< [grid, outputs]; 0 for a column of one value
    std::vector<double> errors;           ///< same: standard error, as the rows are a sample; NaN where a step has one row only
    std::vector<std::size_t> counts;      ///< rows of each bin, grid − 1; of categories rows of each level, grid
    std::vector<double> offsets;          ///< [outputs]: what was taken off to centre
    std::size_t missing = 0;              ///< rows without the column's value, left out
    std::uint64_t modelRows = 0;

    double at(std::size_t point, std::size_t output) const { return values[point * outputs + output]; }
    double range(std::size_t output) const;
};

/// Throws OptionInvalid (bins of 1, a column of text, too many levels) and ColumnAllMissing.
AccumulatedEffects accumulatedEffects(const EffectRows& model, std::size_t column, const AleSpec& spec, Task& task,
                                      const TaskShare& share = {});

/// The borders of the bins of a number's or date's values; ascending, distinct. `sorted` not empty.
std::vector<double> aleBorders(const std::vector<double>& sorted, const AleSpec& spec);

} // namespace limpid
