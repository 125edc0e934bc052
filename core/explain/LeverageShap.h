#pragma once

#include "core/base/Random.h"
#include "core/explain/ShapleyRegression.h"

namespace limpid {

/// Coalitions drawn by leverage score (Musco & Witter 2024, arXiv 2410.01917): every coalition of size s of k players has
/// leverage 1/C(k, s), so every size gets as many evaluations as every other until it is exhausted. Drawn with their
/// complements, without replacement within a size, weighted so that each size stands for all of its coalitions.
struct LeverageDesign {
    Coalitions coalitions;                   ///< pairs: 2i and its complement 2i + 1; no pair twice
    std::vector<double> weights;
    std::vector<SampleCluster> clusters;     ///< one a pair
};
/// `players` ≥ 2; pairs at most 2^(k−1) − 1.
LeverageDesign leverageDesign(std::size_t players, std::size_t pairs, Random& random);

} // namespace limpid
