#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace limpid {

/// What the outputs of an alternative must be: one output within a range, and where it is said the largest of all, or not.
struct WantedOutputs {
    enum class Rank { Any, Largest, NotLargest };
    std::size_t output = 0;
    double atLeast = -std::numeric_limits<double>::infinity(), atMost = std::numeric_limits<double>::infinity();
    Rank rank = Rank::Any;

    bool isReached(std::span<const double> outputs) const;
    /// How far the outputs are from that, in their own unit; at most 0 where it is reached.
    double shortfall(std::span<const double> outputs) const;
};

} // namespace limpid
