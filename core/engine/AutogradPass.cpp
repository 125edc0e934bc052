#include "core/engine/Dropout.h"
#include "core/engine/LayerOps.h"
#include "core/engine/Pass.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/elu.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/selu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/tanh.h>

#include <algorithm>

namespace limpid::engine {

namespace {

class AutogradPass final : public Pass
{
public:
    explicit AutogradPass(Network& network) : m_network(network) {}

    const float* forward(const Batch& batch, Random& dropout) override
    {
        // Views of the caller's rows; autograd reads them until the backward pass is done.
        m_numbers = at::from_blob(const_cast<float*>(batch.numbers), {batch.rows, m_network.numberWidth()}, at::kFloat);
        m_categories = at::from_blob(const_cast<std::int32_t*>(batch.categories), {batch.rows, m_network.categoryWidth()}, at::kInt);
        m_results.clear();
        for (const Layer& layer : m_network.layers())
            m_results.push_back(compute(layer, batch, dropout));
        m_output = m_results.back().contiguous();
        m_results.clear();
        return m_output.data_ptr<float>();
    }

    void backward(const float* outputGradient, bool add) override
    {
        // Autograd adds into the gradients that are there.
        const std::span<float> gradients = m_network.gradients();
        if (!add)
            std::fill(gradients.begin(), gradients.end(), 0.0f);
        if (m_output.requires_grad()) // else there is nothing to learn
            m_output.backward(at::from_blob(const_cast<float*>(outputGradient), m_output.sizes(), at::kFloat));
        m_output.reset();
    }

private:
    at::Tensor compute(const Layer& layer, const Batch& batch, Random& dropout) const
    {
        const auto in = [&](std::size_t k = 0) -> const at::Tensor& { return m_results[layer.inputs[k]]; };
        const auto own = [&](std::size_t k) {
            return k < layer.tensors.size() ? m_network.tensor(layer.tensors[k]) : at::Tensor();
        };
        switch (layer.kind) {
        case LayerKind::InputNumbers: return m_numbers;
        case LayerKind::InputCategories: return m_categories.narrow(1, 0, m_categories.size(1) - m_network.textWidth());
        case LayerKind::InputText: return m_categories.narrow(1, m_categories.size(1) - m_network.textWidth(), m_network.textWidth());
        case LayerKind::Other: {
            std::vector<at::Tensor> inputs, weights;
            for (const std::size_t input : layer.inputs)
                inputs.push_back(m_results[input]);
            for (const std::size_t slot : layer.tensors)
                weights.push_back(m_network.tensor(slot));
            return layerOp(layer)({layer, inputs, weights, &dropout});
        }
        case LayerKind::Linear: return at::linear(in(), own(0), own(1));
        case LayerKind::Embedding: {
            std::vector<at::Tensor> columns;
            for (std::size_t column = 0; column < layer.tensors.size(); ++column)
                columns.push_back(at::embedding(own(column), in().select(1, static_cast<std::int64_t>(column))));
            return columns.size() == 1 ? columns.front() : at::cat(columns, 1);
        }
        case LayerKind::Conv2d: {
            const ImageWindow& w = layer.window;
            return at::conv2d(in(), own(0), own(1), {w.stride, w.stride}, {w.padding, w.padding}, {w.dilation, w.dilation}, layer.groups);
        }
        case LayerKind::MaxPool2d: {
            const ImageWindow& w = layer.window;
            return at::max_pool2d(in(), {w.kernel, w.kernel}, {w.stride, w.stride}, {w.padding, w.padding}, {w.dilation, w.dilation}, w.ceiling);
        }
        case LayerKind::AvgPool2d: {
            const ImageWindow& w = layer.window;
            return at::avg_pool2d(in(), {w.kernel, w.kernel}, {w.stride, w.stride}, {w.padding, w.padding}, w.ceiling, layer.countsPadding);
        }
        case LayerKind::ReLU: return at::relu(in());
        case LayerKind::LeakyReLU: return at::leaky_relu(in(), layer.a);
        case LayerKind::ELU: return at::elu(in(), layer.a);
        case LayerKind::SELU: return at::selu(in());
        case LayerKind::GELU: {
            // LibTorch 1.13 with oneDNN takes a gradient that is not contiguous, as recurrent layers give, for one that is.
            const at::Tensor result = at::gelu(in(), layer.tanhApproximation ? "tanh" : "none");
            if (result.requires_grad())
                result.register_hook([](const at::Tensor& gradient) { return gradient.contiguous(); });
            return result;
        }
        case LayerKind::SiLU: return at::silu(in());
        case LayerKind::Tanh: return at::tanh(in());
        case LayerKind::Sigmoid: return at::sigmoid(in());
        case LayerKind::Softplus: return at::softplus(in(), layer.a, layer.b);
        case LayerKind::BatchNorm1d:
        case LayerKind::BatchNorm2d: {
            const bool affine = layer.tensors.size() == 4;
            // One value has no variance to learn from: it is normalised by what has been seen so far.
            return at::batch_norm(in(), affine ? own(0) : at::Tensor(), affine ? own(1) : at::Tensor(), own(affine ? 2 : 0),
                                  own(affine ? 3 : 1), batch.rows * layer.area() > 1, layer.b, layer.a, false);
        }
        case LayerKind::LayerNorm: return at::layer_norm(in(), {layer.width}, own(0), own(1), layer.a, false);
        case LayerKind::Dropout: {
            if (layer.a == 0.0)
                return in();
            at::Tensor mask = at::empty(in().sizes(), at::kFloat);
            drawDropoutMask(mask.data_ptr<float>(), static_cast<std::size_t>(mask.numel()), layer.a, dropout);
            return in().mul(mask);
        }
        case LayerKind::Dropout2d: {
            if (layer.a == 0.0)
                return in();
            at::Tensor mask = at::empty({batch.rows, layer.dims[0], 1, 1}, at::kFloat);
            drawDropoutMask(mask.data_ptr<float>(), static_cast<std::size_t>(mask.numel()), layer.a, dropout);
            return in().mul(mask);
        }
        case LayerKind::Flatten: return in().reshape({batch.rows, layer.width});
        case LayerKind::Reshape: {
            std::vector<std::int64_t> sizes{batch.rows};
            sizes.insert(sizes.end(), layer.dims.begin(), layer.dims.end());
            return in().reshape(sizes);
        }
        case LayerKind::Concat: {
            std::vector<at::Tensor> parts;
            for (std::size_t k = 0; k < layer.inputs.size(); ++k)
                parts.push_back(in(k));
            return at::cat(parts, 1);
        }
        case LayerKind::Add: {
            at::Tensor sum = in(0).add(in(1));
            for (std::size_t k = 2; k < layer.inputs.size(); ++k)
                sum = sum.add(in(k));
            return sum;
        }
        }
        return {};
    }

    Network& m_network;
    at::Tensor m_numbers, m_categories, m_output;
    std::vector<at::Tensor> m_results; ///< by layer
};

} // namespace

std::unique_ptr<Pass> makeAutogradPass(Network& network)
{
    return std::make_unique<AutogradPass>(network);
}

} // namespace limpid::engine
