#pragma once

#include "core/engine/Network.h"

namespace limpid::engine {

/// LeakyReLU to Softplus: what LibTorch computes value by value. ReLU is not among them, as others do it on the way.
bool isActivation(LayerKind kind);

/// out = f(in), of the same sizes. Outside autograd.
void activate(const Layer& layer, const at::Tensor& in, at::Tensor& out);

/// dx = dy · f'(x), where y = f(x).
void activationGradient(const Layer& layer, const at::Tensor& x, const at::Tensor& y, const at::Tensor& dy, at::Tensor& dx);

} // namespace limpid::engine
