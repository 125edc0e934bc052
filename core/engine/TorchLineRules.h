#pragma once

#include "core/base/Task.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

// Sees LibTorch: for .cpp files of this folder alone.

namespace limpid::engine {

/// A function of one or several tensors, each [pairs, …].
using TensorFunction = std::function<at::Tensor(const std::vector<at::Tensor>& inputs)>;

/// A function at both ends of a pair: where it starts (the reference), how far it goes, and what that changes.
struct Line {
    std::vector<at::Tensor> start, step;   ///< by input, [pairs, …]
    at::Tensor change;                     ///< of the function's value, [pairs, …]
};

/// Below this step of a value its slope is that of the function, not Δy / Δx (DeepLIFT's own limit).
inline constexpr double smallestStep = 1e-6;

/// multipliers · ∂f/∂input at `inputs`, for each of them.
std::vector<at::Tensor> pulledBack(const TensorFunction& function, std::vector<at::Tensor> inputs, const at::Tensor& multipliers);

/// Δy / Δx of a function that works value by value: the rescale rule (Shrikumar et al. 2017, equation 8); the function's own slope half way
/// where Δx is too small. `broken`: it is made of straight pieces, so that Δy / Δx is exact for any Δx but 0.
at::Tensor rescaleSlopes(const TensorFunction& function, const Line& line, bool broken);

/// multipliers · the mean of ∂f/∂input along the line, which adds up as f does (the gradient theorem), by Gauss–Legendre; what the nodes leave is
/// spread over the inputs in proportion to their steps. Raises `spread` to the largest residue that was. Throws Cancelled between nodes.
std::vector<at::Tensor> averagedBack(const TensorFunction& function, const Line& line, const at::Tensor& multipliers, double& spread,
                                     const Task& task);

/// Σ over all but the pairs: [pairs]
at::Tensor pairSums(const at::Tensor& values);
/// [pairs]: Σ of the products, values of the same number a pair.
at::Tensor pairDots(const at::Tensor& a, const at::Tensor& b);

} // namespace limpid::engine
