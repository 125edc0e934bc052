#include "core/engine/SmoothNetwork.h"

#include "core/engine/LayerOps.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/add.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/elu.h>
#include <ATen/ops/embedding.h>
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
#include <ATen/ops/softmax.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tensor.h>

#include <algorithm>

namespace limpid::engine {

struct SmoothNetwork::Tensors {
    std::vector<at::Tensor> weights;   ///< by slot
    std::vector<LayerOp> ops;          ///< by layer: Other only
};

namespace {

/// The group that holds place `index` of the numbers, or of the categories.
std::size_t playerOf(const std::vector<FeatureGroup>& groups, std::size_t index, bool number)
{
    for (std::size_t player = 0; player < groups.size(); ++player) {
        const FeatureGroup& group = groups[player];
        if (number ? index >= group.numberBegin && index < group.numberEnd : index >= group.categoryBegin && index < group.categoryEnd)
            return player;
    }
    throw Error(ErrorCode::Internal, {{"reason", "no column for an encoded feature"}});
}

std::vector<std::int64_t> sizesOf(std::int64_t rows, const Layer& layer)
{
    std::vector<std::int64_t> sizes{rows};
    sizes.insert(sizes.end(), layer.dims.begin(), layer.dims.end());
    return sizes;
}

/// A ReLU whose gradient is turned by `rule`. The hook sits on an alias that nothing else reads.
at::Tensor rectified(const at::Tensor& x, BackwardRule rule)
{
    if (rule == BackwardRule::Gradient || !x.requires_grad())
        return at::relu(x);
    const at::Tensor alias = x.view(x.sizes());
    alias.register_hook([](const at::Tensor& gradient) { return gradient.clamp_min(0.0); });
    return rule == BackwardRule::Guided ? at::relu(alias) : alias.add(at::relu(x).sub(x).detach());
}

} // namespace

SmoothNetwork::SmoothNetwork(const Network& network, const std::vector<FeatureGroup>& groups) : m_network(network), d(std::make_unique<Tensors>())
{
    const at::NoGradGuard noGrad;
    for (std::size_t slot = 0; slot < network.weightSlots().size(); ++slot)
        d->weights.push_back(network.tensor(slot).detach().to(at::kDouble));
    for (std::size_t i = 0; i < layers().size(); ++i) {
        const Layer& layer = layers()[i];
        d->ops.push_back(layer.kind == LayerKind::Other ? layerOp(layer) : nullptr);
        if (layer.kind == LayerKind::InputNumbers || (!layer.inputs.empty() && isIndex(layer.inputs[0])))
            addEntry(i, groups);
    }
}

SmoothNetwork::~SmoothNetwork() = default;

const at::Tensor& SmoothNetwork::weight(std::size_t slot) const { return d->weights[slot]; }

void SmoothNetwork::addEntry(std::size_t index, const std::vector<FeatureGroup>& groups)
{
    const Layer& layer = layers()[index];
    m_entries.push_back({index, m_players.size(), static_cast<std::size_t>(layer.width)});
    if (layer.kind == LayerKind::InputNumbers) {
        for (std::size_t k = 0; k < static_cast<std::size_t>(layer.width); ++k)
            m_players.push_back(playerOf(groups, k, true));
    } else if (layer.kind == LayerKind::Embedding) {
        for (std::size_t column = 0; column < layer.widths.size(); ++column)
            m_players.insert(m_players.end(), static_cast<std::size_t>(layer.widths[column]), playerOf(groups, column, false));
    } else {
        // Words: a vector each, or one of all.
        const auto first = static_cast<std::size_t>(m_network.categoryWidth() - m_network.textWidth());
        const auto words = static_cast<std::size_t>(m_network.textWidth());
        const bool each = layer.type->name == "Embedding";
        const std::size_t vectors = each ? words : 1, width = static_cast<std::size_t>(layer.width) / vectors;
        for (std::size_t k = 0; k < vectors; ++k)
            m_players.insert(m_players.end(), width, playerOf(groups, first + k, false));
        m_mixesColumns = m_mixesColumns || (!each && playerOf(groups, first, false) != playerOf(groups, first + words - 1, false));
    }
}

bool SmoothNetwork::isEntry(std::size_t layer) const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.layer == layer; });
}

bool SmoothNetwork::isIndex(std::size_t layer) const
{
    return layers()[layer].kind == LayerKind::InputCategories || layers()[layer].kind == LayerKind::InputText;
}

Points SmoothNetwork::points(const Features& features, Task& task) const
{
    const at::NoGradGuard noGrad;
    Points made{features.rows, width(), {}};
    made.values.resize(made.rows * made.width);
    constexpr std::size_t atOnce = 1024;
    for (std::size_t begin = 0; begin < made.rows; begin += atOnce) {
        task.checkpoint();
        const auto rows = static_cast<std::int64_t>(std::min(atOnce, made.rows - begin));
        const at::Tensor result = tensorOf(made, begin, begin + static_cast<std::size_t>(rows));
        const at::Tensor numbers = at::from_blob(const_cast<float*>(features.numbers.data()) + begin * features.numberWidth,
                                                 {rows, m_network.numberWidth()}, at::kFloat);
        const at::Tensor categories = at::from_blob(const_cast<std::int32_t*>(features.categories.data()) + begin * features.categoryWidth,
                                                    {rows, m_network.categoryWidth()}, at::kInt);
        for (const Entry& entry : m_entries) {
            const Layer& layer = layers()[entry.layer];
            at::Tensor value;
            if (layer.kind == LayerKind::InputNumbers) {
                value = numbers;
            } else if (layer.kind == LayerKind::Embedding) {
                std::vector<at::Tensor> columns;
                for (std::size_t column = 0; column < layer.tensors.size(); ++column) {
                    const at::Tensor& table = d->weights[layer.tensors[column]];
                    const at::Tensor asked = categories.select(1, static_cast<std::int64_t>(column));
                    // The last index of a column stands for what training has not seen.
                    const std::int64_t last = table.size(0) - 1;
                    columns.push_back(at::embedding(table, asked.masked_fill(asked.lt(0), last).clamp_max(last)));
                }
                value = at::cat(columns, 1);
            } else {
                const std::int64_t words = m_network.textWidth();
                const std::vector<at::Tensor> inputs{categories.narrow(1, m_network.categoryWidth() - words, words).contiguous()};
                const std::vector<at::Tensor> weights{d->weights[layer.tensors[0]]};
                value = d->ops[entry.layer]({layer, inputs, weights, nullptr});
            }
            result.narrow(1, static_cast<std::int64_t>(entry.begin), layer.width).copy_(value.reshape({rows, layer.width}));
        }
    }
    return made;
}

std::vector<at::Tensor> SmoothNetwork::forward(const at::Tensor& points, BackwardRule rule, std::optional<std::size_t> leaf) const
{
    std::vector<at::Tensor> results(layers().size());
    for (const Entry& entry : m_entries)
        results[entry.layer] = points.narrow(1, static_cast<std::int64_t>(entry.begin), layers()[entry.layer].width)
                                   .reshape(sizesOf(points.size(0), layers()[entry.layer]));
    for (std::size_t i = 0; i < layers().size(); ++i) {
        if (results[i].defined() || isIndex(i))
            continue;
        std::vector<at::Tensor> inputs;
        for (const std::size_t input : layers()[i].inputs)
            inputs.push_back(results[input]);
        results[i] = compute(i, inputs, rule);
        if (leaf == i)
            results[i] = results[i].detach().set_requires_grad(true);
    }
    results.back() = results.back().reshape({points.size(0), m_network.outputs()});
    return results;
}

at::Tensor SmoothNetwork::compute(std::size_t index, const std::vector<at::Tensor>& inputs, BackwardRule rule) const
{
    const Layer& layer = layers()[index];
    const at::Tensor& x = inputs[0];
    const auto own = [&](std::size_t k) { return k < layer.tensors.size() ? d->weights[layer.tensors[k]] : at::Tensor(); };
    const ImageWindow& w = layer.window;
    switch (layer.kind) {
    case LayerKind::InputNumbers:
    case LayerKind::InputCategories:
    case LayerKind::InputText:
    case LayerKind::Embedding: break;
    case LayerKind::Other: {
        std::vector<at::Tensor> weights;
        for (const std::size_t slot : layer.tensors)
            weights.push_back(d->weights[slot]);
        return d->ops[index]({layer, inputs, weights, nullptr});
    }
    case LayerKind::Linear: return at::linear(x, own(0), own(1));
    case LayerKind::Conv2d: return at::conv2d(x, own(0), own(1), {w.stride, w.stride}, {w.padding, w.padding}, {w.dilation, w.dilation}, layer.groups);
    case LayerKind::MaxPool2d:
        return at::max_pool2d(x, {w.kernel, w.kernel}, {w.stride, w.stride}, {w.padding, w.padding}, {w.dilation, w.dilation}, w.ceiling);
    case LayerKind::AvgPool2d:
        return at::avg_pool2d(x, {w.kernel, w.kernel}, {w.stride, w.stride}, {w.padding, w.padding}, w.ceiling, layer.countsPadding);
    case LayerKind::ReLU: return rectified(x, rule);
    case LayerKind::LeakyReLU: return at::leaky_relu(x, layer.a);
    case LayerKind::ELU: return at::elu(x, layer.a);
    case LayerKind::SELU: return at::selu(x);
    case LayerKind::GELU: {
        // See AutogradPass: a gradient that is not contiguous is misread by LibTorch 1.13.
        const at::Tensor result = at::gelu(x, layer.tanhApproximation ? "tanh" : "none");
        if (result.requires_grad())
            result.register_hook([](const at::Tensor& gradient) { return gradient.contiguous(); });
        return result;
    }
    case LayerKind::SiLU: return at::silu(x);
    case LayerKind::Tanh: return at::tanh(x);
    case LayerKind::Sigmoid: return at::sigmoid(x);
    case LayerKind::Softplus: return at::softplus(x, layer.a, layer.b);
    case LayerKind::BatchNorm1d:
    case LayerKind::BatchNorm2d: {
        const bool affine = layer.tensors.size() == 4;
        return at::batch_norm(x, affine ? own(0) : at::Tensor(), affine ? own(1) : at::Tensor(), own(affine ? 2 : 0), own(affine ? 3 : 1), false,
                              0.0, layer.a, false);
    }
    case LayerKind::LayerNorm: return at::layer_norm(x, {layer.width}, own(0), own(1), layer.a, false);
    case LayerKind::Dropout:
    case LayerKind::Dropout2d: return x;
    case LayerKind::Flatten:
    case LayerKind::Reshape: return x.reshape(sizesOf(x.size(0), layer));
    case LayerKind::Concat: return at::cat(inputs, 1);
    case LayerKind::Add: {
        at::Tensor sum = x;
        for (std::size_t k = 1; k < inputs.size(); ++k)
            sum = sum.add(inputs[k]);
        return sum;
    }
    }
    throw Error(ErrorCode::Internal, {{"reason", layer.id}});
}

std::vector<double> SmoothNetwork::outputsAt(const Points& points, const OutputTransform& transform, std::size_t begin, std::size_t end) const
{
    const at::NoGradGuard noGrad;
    const at::Tensor result = transformed(transform, forward(tensorOf(points, begin, end)).back()).contiguous();
    const double* values = result.data_ptr<double>();
    return {values, values + result.numel()};
}

void SmoothNetwork::gradientsAt(const Points& points, const OutputTransform& transform, BackwardRule rule, std::size_t begin, std::size_t end,
                                PointGradients& result, Task& task) const
{
    const at::AutoGradMode gradients(true);
    at::Tensor leaf = tensorOf(points, begin, end).detach();
    leaf.set_requires_grad(true);
    const at::Tensor outputs = transformed(transform, forward(leaf, rule).back()).contiguous();
    const std::size_t rows = end - begin, count = this->outputs();
    std::copy_n(outputs.data_ptr<double>(), rows * count, result.outputs.data() + begin * count);
    for (std::size_t output = 0; output < count; ++output) {
        task.checkpoint();
        if (!outputs.requires_grad()) // nothing depends on the inputs
            return;
        leaf.mutable_grad().reset();
        outputs.select(1, static_cast<std::int64_t>(output)).sum().backward({}, output + 1 < count, false, at::TensorList(leaf));
        if (!leaf.grad().defined())
            continue;
        const at::Tensor gradient = leaf.grad().contiguous();
        for (std::size_t row = 0; row < rows; ++row)
            std::copy_n(gradient.data_ptr<double>() + row * points.width, points.width,
                        result.gradients.data() + ((begin + row) * count + output) * points.width);
    }
}

void SmoothNetwork::activationMaps(const Points& points, const OutputTransform& transform, std::size_t layer, std::size_t begin,
                                   std::size_t end, ActivationMaps& result, Task& task) const
{
    const at::AutoGradMode gradients(true);
    const std::vector<at::Tensor> values = forward(tensorOf(points, begin, end), BackwardRule::Gradient, layer);
    const at::Tensor leaf = values[layer];
    const at::Tensor outputs = transformed(transform, values.back()).contiguous();
    const std::size_t rows = end - begin, count = this->outputs(), cells = result.height * result.width;
    std::copy_n(outputs.data_ptr<double>(), rows * count, result.outputs.data() + begin * count);
    for (std::size_t output = 0; output < count && outputs.requires_grad(); ++output) {
        task.checkpoint();
        leaf.mutable_grad().reset();
        outputs.select(1, static_cast<std::int64_t>(output)).sum().backward({}, output + 1 < count, false, at::TensorList(leaf));
        if (!leaf.grad().defined())
            continue;
        const at::Tensor maps = leaf.grad().mean({2, 3}, true).mul(leaf.detach()).sum(1).contiguous();
        for (std::size_t row = 0; row < rows; ++row)
            std::copy_n(maps.data_ptr<double>() + row * cells, cells, result.maps.data() + ((begin + row) * count + output) * cells);
    }
}

at::Tensor tensorOf(const Points& points, std::size_t begin, std::size_t end)
{
    return at::from_blob(const_cast<double*>(points.row(begin)), {static_cast<std::int64_t>(end - begin), static_cast<std::int64_t>(points.width)},
                         at::kDouble);
}

at::Tensor transformed(const OutputTransform& transform, const at::Tensor& raw)
{
    std::vector<double> means, scales;
    for (const TargetCoding& target : transform.targets()) {
        means.push_back(target.mean);
        scales.push_back(target.scale);
    }
    switch (transform.kind()) {
    case OutputTransform::Kind::Same: break;
    case OutputTransform::Kind::Scale: return raw.mul(at::tensor(scales, at::kDouble)).add(at::tensor(means, at::kDouble));
    case OutputTransform::Kind::Exponential: return raw.exp().mul(at::tensor(scales, at::kDouble));
    case OutputTransform::Kind::Sigmoid: return at::sigmoid(raw);
    case OutputTransform::Kind::Softmax: return at::softmax(raw, 1);
    }
    return raw;
}

} // namespace limpid::engine
