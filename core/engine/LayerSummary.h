#pragma once

#include "core/base/Task.h"
#include "core/data/Pipeline.h"

#include <cstdint>
#include <string>
#include <vector>

namespace limpid::engine {

class Network;

/// What one layer gives for some rows.
struct LayerSummary {
    static constexpr std::size_t bins = 24;

    std::string id;
    std::vector<std::int64_t> dims;        ///< of a row
    std::size_t values = 0;                ///< that are finite
    std::size_t notFinite = 0;
    double low = 0.0, high = 0.0;          ///< of the finite ones, as everything below
    double mean = 0.0, deviation = 0.0;
    double zeros = 0.0;                    ///< share that is exactly 0
    std::vector<std::uint32_t> histogram;  ///< `bins` of equal width from low to high; empty where all are the same
    /// The first row's first channel, [height, width], where the layer gives images of 2 × 2 or more; of larger ones a
    /// smaller picture, at most 64 × 64.
    std::vector<float> image;
    std::size_t imageHeight = 0, imageWidth = 0;
};

/// Of each layer but the inputs of categories and words, in the order of computation, without dropout.
std::vector<LayerSummary> summariseLayers(const Network& network, const Features& rows, const Task& task);

} // namespace limpid::engine
