#pragma once

#include "core/explain/WeightedGame.h"

namespace limpid {

/// How much of what a method asks the model is about rows that the data does not have.
struct OutsideShare {
    double share = 0.0;        ///< of the composite rows, in [0, 1]: an estimate
    double error = 0.0;        ///< its standard error, from the number of rows looked at
    std::size_t looked = 0;    ///< composite rows looked at
};

/// Estimates which share of composite rows (an explained row's values in the coalition, a background row's in the other columns)
/// lies outside the data. A row is outside if its nearest row of `data` is farther (RowSpace) than 99 % of these rows (of
/// 500 drawn) have their own nearest other one. So of rows like the data about 1 % are outside. One row is looked at for each coalition, with an
/// explained row and a background row (by its weight) drawn; of `data` so many rows are drawn that it takes about 0.1 s, and the more
/// there are, the finer is the border. `coalitions`: of the pipeline's columns. `data`: rows that the model was trained on, at least 2; `explained` and `background` at least one.
OutsideShare estimateOutside(const std::vector<FeatureGroup>& groups, const Features& data, const Features& explained,
                             const WeightedRows& background, const Coalitions& coalitions, std::uint64_t seed, Task& task);

/// How many rows of `data` are used at most, where a row has so many encoded values.
std::size_t outsideReferenceRows(std::size_t values);

} // namespace limpid
