#pragma once

#include "core/base/Random.h"
#include "core/explain/ShapleyRegression.h"

namespace limpid {

// The parts of Kernel SHAP in parity with shap 0.52's KernelExplainer (l1_reg=False), apart for testing.

/// Which coalition sizes are enumerated for `players` ≥ 2 varying players and that many samples.
struct KernelPlan {
    std::vector<double> sizeWeights;          ///< of sizes 1 … ⌈(M−1)/2⌉, paired sizes with their complements; sum 1
    std::size_t fullSizes = 0;                ///< how many of these are enumerated whole
    std::size_t fixedSamples = 0;             ///< coalitions in them
    std::vector<double> weightPerCoalition;   ///< of each enumerated size
    double weightLeft = 0.0;                  ///< shared by the sampled coalitions
};
KernelPlan planKernel(std::size_t players, std::size_t samples);
/// 2·M + 2048, or `budget` if that is not 0; at most 2^M − 2 for M ≤ 30.
std::size_t kernelSamples(std::size_t players, std::size_t budget);

/// Coalitions with their regression weights, and what was drawn together.
struct KernelDesign {
    Coalitions coalitions;
    std::vector<double> weights;
    std::vector<SampleCluster> clusters;      ///< sampled coalitions only
};
KernelDesign kernelDesign(std::size_t players, std::size_t samples, Random& random);

} // namespace limpid
