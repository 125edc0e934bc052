#pragma once

#include "tests/core/engine/RandomNetworks.h"

namespace limpid::test {

// What a random network is held against LibTorch's own modules for. Beside the tests, since Qt and Network::weightSlots() do not mix.

/// The first difference between what the analysis says (shapes, weights, the peak of activations) and what the modules do, or "".
std::string structuralDifference(const RandomNetwork& random, const NetworkAnalysis& analysis, std::uint64_t seed);

/// How far results of single precision may be from LibTorch's of double precision: 1e-4 of the tensor's largest, and 1e-5 of the
/// largest of all gradients, which is what sums leave that should cancel to nothing. Some networks magnify rounding (norms over
/// values that are nearly the same): then as far as thirty times what LibTorch's own modules are in single precision.
struct Closeness {
    int magnified = 0;   ///< how many needed the second rule
    bool accepts(const std::vector<double>& ours, const std::vector<double>& exact, const std::vector<double>& single,
                 double ofAll);
};

/// The first difference in a prediction, or after a training step of either pass in outputs, gradients or running statistics, or "".
/// Nothing may be dropped in the network.
std::string valueDifference(const RandomNetwork& random, std::uint64_t seed, Closeness& closeness);

} // namespace limpid::test
