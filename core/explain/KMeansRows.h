#pragma once

#include "core/base/Task.h"
#include "core/data/Pipeline.h"

namespace limpid {

/// Rows that stand for all, with what share of all each stands for.
struct RepresentativeRows {
    std::vector<std::size_t> rows;      ///< ascending, none twice
    std::vector<double> weights;        ///< parallel; their sum is 1
};

/// k-means (Lloyd 1982) from seeds far apart (k-means++, Arthur & Vassilvitskii 2007), in the distances of RowSpace; a centre's category is
/// the share of each value among its rows. What is given are not the centres, whose categories no row has, but the row nearest
/// to each, weighted by the rows of its cluster. Fewer than `centres` where rows are alike. Texts count for nothing.
/// `features`: at least one row; `centres` >= 1. Throws OptionInvalid (background) where the columns are texts alone.
RepresentativeRows kMeansRows(const std::vector<FeatureGroup>& groups, const Features& features, std::size_t centres,
                              std::uint64_t seed, Task& task);

} // namespace limpid
