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

/// The planned pass where every layer has one, else LibTorch's autograd. Both give the same numbers to rounding; they
/// keep a reference to the network.
std::unique_ptr<Pass> makePass(Network& network, std::size_t maxRows);

/// Buffers made once, arithmetic by BLAS and Kernels, no autograd, nothing allocated in a step; nullptr where a layer of
/// the network has no planned backward pass.
std::unique_ptr<Pass> makePlannedPass(Network& network, std::size_t maxRows);
std::unique_ptr<Pass> makeAutogradPass(Network& network);

/// 0 with probability p, else 1/(1 − p): 16 random bits a value, so p is kept to 1/65536.
void drawDropoutMask(float* mask, std::size_t count, double p, Random& random);

} // namespace limpid::engine
