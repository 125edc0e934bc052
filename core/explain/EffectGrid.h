#pragma once

#include "core/explain/EffectRows.h"

namespace limpid {

/// Where on a column's scale a model is asked.
struct GridSpec {
    std::size_t points = 20;      ///< at least 2, of numbers and dates; a column with no more distinct values has these
    bool quantiles = true;        ///< between equal shares of the rows; else at equal distances
    double from = 0.05, to = 0.95; ///< the first and the last point, as quantiles in [0, 1]
};

/// The present values, ascending.
std::vector<double> presentValues(const EffectColumn& column);
/// The same, each once.
std::vector<double> distinctValues(const EffectColumn& column);

/// Linear between order statistics (R's type 7, numpy's default); `sorted` not empty, share in [0, 1].
double quantileOf(const std::vector<double>& sorted, double share);
/// The quantiles k/(count − 1), each distinct value once; the ranks are reckoned in whole numbers, so that a quantile which is
/// a value of the column is that very value. count >= 2.
std::vector<double> evenQuantiles(const std::vector<double>& sorted, std::size_t count);

/// Ascending; of categories and booleans each level's index. Throws OptionInvalid (points, from, to; a column of text) and
/// ColumnAllMissing.
std::vector<double> effectGrid(const EffectColumn& column, const GridSpec& spec);

} // namespace limpid
