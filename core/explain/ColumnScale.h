#pragma once

#include "core/explain/EffectRows.h"

#include <cstdint>

namespace limpid {

/// The values that a column can plausibly take, learnt from rows: what occurs, within the observed range, and in the column's
/// own precision. Numbers and date-times lie on positions: whole multiples of `step`, or, where there are few distinct values,
/// indices into those.
struct ColumnScale {
    ColumnType type = ColumnType::Number;
    bool any = false;              ///< some row has a value
    bool missing = false;          ///< some row has none
    double least = 0.0, most = 0.0; ///< observed; of Number and DateTime, in the column's unit (milliseconds)
    /// 1 unless the values have decimals: then 10^−decimals, as nine of ten rows have them. Of values without a common precision about a 5,000th of the
    /// range. Of date-times milliseconds: a day, or a second, or 1.
    double step = 1.0;
    int decimals = 0;              ///< of Number
    /// Median absolute deviation from the median; where it is 0 the mean one, and 1 where all values are equal.
    double deviation = 1.0;
    std::vector<double> few;       ///< ascending; the distinct values where there are at most 12 of them; levels, of a category
    std::vector<double> quantiles; ///< up to 33 values at equal shares of the rows, ascending, each once; of Number and DateTime

    bool isOrdered() const { return type == ColumnType::Number || type == ColumnType::DateTime; }
    /// Of Number and DateTime: the nearest position, not cut to the range.
    std::int64_t position(double value) const;
    double valueAt(std::int64_t position) const;
    /// How far two values are apart: in deviations (Number, DateTime); 1 for another level, or a value for none.
    double distance(double a, double b) const;
};

/// From the values of `rows` (indices into column.values).
ColumnScale scaleOf(const EffectColumn& column, std::span<const std::size_t> rows);

/// A value as a person would read and type it: a number, a date, a level; "" where it is missing. Not for texts.
std::string cellText(const EffectColumn& column, double value);

} // namespace limpid
