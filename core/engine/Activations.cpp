#include "core/engine/Activations.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/elu.h>
#include <ATen/ops/elu_backward.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/gelu_backward.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/leaky_relu_backward.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sigmoid_backward.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/silu_backward.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/softplus_backward.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tanh_backward.h>

namespace limpid::engine {

namespace {

// alpha and scale of Klambauer et al. 2017, as PyTorch has them
constexpr double seluAlpha = 1.6732632423543772, seluScale = 1.0507009873554805;

const char* approximation(const Layer& layer)
{
    return layer.tanhApproximation ? "tanh" : "none";
}

} // namespace

bool isActivation(LayerKind kind)
{
    return kind >= LayerKind::LeakyReLU && kind <= LayerKind::Softplus;
}

void activate(const Layer& layer, const at::Tensor& in, at::Tensor& out)
{
    switch (layer.kind) {
    case LayerKind::LeakyReLU: at::leaky_relu_out(out, in, layer.a); break;
    case LayerKind::ELU: at::elu_out(out, in, layer.a); break;
    case LayerKind::SELU: at::elu_out(out, in, seluAlpha, seluScale); break;
    case LayerKind::GELU: at::gelu_out(out, in, approximation(layer)); break;
    case LayerKind::SiLU: at::silu_out(out, in); break;
    case LayerKind::Tanh: at::tanh_out(out, in); break;
    case LayerKind::Sigmoid: at::sigmoid_out(out, in); break;
    case LayerKind::Softplus: at::softplus_out(out, in, layer.a, layer.b); break;
    default: break;
    }
}

void activationGradient(const Layer& layer, const at::Tensor& x, const at::Tensor& y, const at::Tensor& dy, at::Tensor& dx)
{
    switch (layer.kind) {
    case LayerKind::LeakyReLU: at::leaky_relu_backward_out(dx, dy, x, layer.a, false); break;
    case LayerKind::ELU: at::elu_backward_out(dx, dy, layer.a, 1.0, 1.0, false, x); break;
    case LayerKind::SELU: at::elu_backward_out(dx, dy, seluAlpha, seluScale, 1.0, false, x); break;
    case LayerKind::GELU: at::gelu_backward_out(dx, dy, x, approximation(layer)); break;
    case LayerKind::SiLU: at::silu_backward_out(dx, dy, x); break;
    case LayerKind::Tanh: at::tanh_backward_out(dx, dy, y); break;
    case LayerKind::Sigmoid: at::sigmoid_backward_out(dx, dy, y); break;
    case LayerKind::Softplus: at::softplus_backward_out(dx, dy, x, layer.a, layer.b); break;
    default: break;
    }
}

} // namespace limpid::engine
