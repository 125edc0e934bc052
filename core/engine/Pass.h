#pragma once

#include "core/engine/Network.h"

#include <memory>

namespace limpid::engine {

/// The training forward and backward pass of a network over one batch. Dropout draws and running statistics move.
class Pass
{
public:
    virtual ~Pass() = default;
    /// Raw outputs, [rows, outputs], the pass's own until its next forward(). batch.rows is at most `maxRows`, and the batch
    /// must stay as it is until backward().
    virtual const float* forward(const Batch& batch, Random& dropout) = 0;
    /// `outputGradient`: of the loss with respect to forward()'s result, [rows, outputs]. Writes network.gradients(), or
    /// adds to them. Once after each forward() at most.
    virtual void backward(const float* outputGradient, bool add) = 0;
};

// Both give the same numbers to rounding, and keep a reference to the network.

/// What trains: every layer there is, with buffers made once, BLAS, Kernels and Convolution, and no autograd. Networks of dense
/// and convolutional layers with ReLU, pools, batch and layer norms and dropout allocate nothing in a step.
std::unique_ptr<Pass> makePlannedPass(Network& network, std::size_t maxRows);
/// LibTorch's own, layer by layer: what the planned one is held against.
std::unique_ptr<Pass> makeAutogradPass(Network& network);

} // namespace limpid::engine
