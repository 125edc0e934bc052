#pragma once

#include "core/base/Random.h"
#include "core/explain/ShapleyRegression.h"

#include <string>

namespace limpid {

/// Coalitions drawn by leverage score (Musco & Witter 2024, arXiv 2410.01917): every coalition of size s of k players has
/// leverage 1/C(k, s), so every size gets as many evaluations as every other until it is exhausted. Drawn with their
/// complements, without replacement within a size, weighted so that each size stands for all of its coalitions.
struct LeverageDesign {
    Coalitions coalitions;                   ///< pairs: 2i and its complement 2i + 1; no pair twice
    std::vector<double> weights;
    std::vector<SampleCluster> clusters;     ///< one a pair
    std::vector<std::size_t> places;         ///< of each pair in the largest design of its sampler, ascending
};

/// Draws one design, and smaller ones that are contained in it: for looking before all is evaluated.
class LeverageSampler
{
public:
    /// `players` ≥ 2; pairs at most 2^(k−1) − 1.
    LeverageSampler(std::size_t players, std::size_t pairs, Random& random);

    /// Of the largest design.
    std::size_t pairs() const;
    /// The design for up to that many pairs. Weights and variances are those of a design drawn for this size alone; where
    /// shares are rounded it may have a pair less.
    LeverageDesign design(std::size_t pairs) const;

private:
    std::size_t m_players;
    double m_offset;                                 ///< of the systematic draw by which shares are rounded
    std::vector<std::vector<std::string>> m_masks;   ///< [sizes from 1][drawn]: the smaller coalition of each pair
};

/// `players` ≥ 2; pairs at most 2^(k−1) − 1.
LeverageDesign leverageDesign(std::size_t players, std::size_t pairs, Random& random);

} // namespace limpid
