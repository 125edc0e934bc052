#include "core/engine/ForwardPlan.h"

#include "core/engine/Activations.h"
#include "core/engine/LayerOps.h"
#include "core/engine/Pooling.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/add.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/addmv.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/clamp_min.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/mm.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace limpid::engine {

struct ForwardPlan::Private {
    const Network* network = nullptr;
    std::vector<at::Tensor> weights;        ///< by slot, outside autograd
    std::vector<at::Tensor> transposed;     ///< by slot: weights of Linear as [in, out]
    std::vector<at::Tensor> scales, shifts; ///< by layer: batch norms only, [channels] or, for images, [channels, 1]
    std::vector<bool> inPlace;              ///< by layer: writes over its input
    std::vector<bool> rectified;            ///< by layer: a Conv2d that does the ReLU behind it as well
    std::vector<std::size_t> consumers;     ///< by layer
    std::vector<LayerOp> ops;               ///< by layer: Other only
};

struct ForwardPlan::Workspace::Private {
    std::vector<at::Tensor> full;     ///< by layer: [capacity, width]
    std::vector<at::Tensor> views;    ///< by layer: the first rows of it
    std::int64_t rows = -1;           ///< that the views are of
    std::vector<std::optional<Convolution>> convolutions; ///< by layer
    std::vector<std::optional<MaxPool>> maxPools;
    std::vector<std::optional<AveragePool>> averagePools;
    std::vector<std::int32_t> places; ///< of MaxPool2d: not needed here
};

namespace {

bool isElementwise(LayerKind kind)
{
    switch (kind) {
    case LayerKind::InputNumbers:
    case LayerKind::InputCategories:
    case LayerKind::InputText:
    case LayerKind::Other:
    case LayerKind::Linear:
    case LayerKind::Embedding:
    case LayerKind::Conv2d:
    case LayerKind::MaxPool2d:
    case LayerKind::AvgPool2d:
    case LayerKind::LayerNorm:
    case LayerKind::Concat:
    case LayerKind::Add: return false;
    default: return true;
    }
}

bool isInput(LayerKind kind)
{
    return kind == LayerKind::InputNumbers || kind == LayerKind::InputCategories || kind == LayerKind::InputText;
}

bool isBatchNorm(LayerKind kind)
{
    return kind == LayerKind::BatchNorm1d || kind == LayerKind::BatchNorm2d;
}

ImageSize imageSize(const Layer& layer)
{
    return {static_cast<std::size_t>(layer.dims[0]), static_cast<std::size_t>(layer.dims[1]), static_cast<std::size_t>(layer.dims[2])};
}

} // namespace

std::size_t chunkRows(const Network& network)
{
    std::int64_t values = 1;
    for (const Layer& layer : network.layers())
        values += layer.width;
    return chunkRows(values);
}

std::size_t chunkRows(std::int64_t values)
{
    constexpr std::int64_t floats = 1 << 21; // 8 MiB, which the processor's caches hold about
    return static_cast<std::size_t>(std::clamp<std::int64_t>(floats / std::max<std::int64_t>(1, values), 64, 8192));
}

ForwardPlan::ForwardPlan(const Network& network, Buffers buffers) : d(std::make_unique<Private>())
{
    const at::NoGradGuard noGrad;
    d->network = &network;
    for (std::size_t slot = 0; slot < network.weightSlots().size(); ++slot) {
        at::Tensor weight = network.tensor(slot).detach();
        d->transposed.push_back(weight.dim() == 2 ? weight.t() : at::Tensor());
        d->weights.push_back(std::move(weight));
    }
    const std::vector<Layer>& layers = network.layers();
    d->consumers.assign(layers.size(), 0);
    d->scales.resize(layers.size());
    d->shifts.resize(layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const Layer& layer = layers[i];
        for (const std::size_t input : layer.inputs)
            ++d->consumers[input];
        if (!isBatchNorm(layer.kind))
            continue;
        // y = (x − mean)/√(var + eps) · weight + bias (Ioffe & Szegedy 2015, algorithm 2)
        const bool affine = layer.tensors.size() == 4;
        const at::Tensor& mean = d->weights[layer.tensors[affine ? 2 : 0]];
        const at::Tensor& variance = d->weights[layer.tensors[affine ? 3 : 1]];
        at::Tensor scale = variance.add(layer.a).rsqrt();
        if (affine)
            scale = scale.mul(d->weights[layer.tensors[0]]);
        at::Tensor shift = mean.neg().mul(scale);
        if (affine)
            shift = shift.add(d->weights[layer.tensors[1]]);
        const bool image = layer.dims.size() > 1;
        d->scales[i] = image ? scale.unsqueeze(1) : scale;
        d->shifts[i] = image ? shift.unsqueeze(1) : shift;
    }
    for (const Layer& layer : layers)
        d->ops.push_back(layer.kind == LayerKind::Other ? layerOp(layer) : nullptr);
    d->rectified.assign(layers.size(), false);
    for (const Layer& layer : layers) {
        d->inPlace.push_back(buffers == Buffers::Shared && isElementwise(layer.kind) && d->consumers[layer.inputs[0]] == 1
                             && !isInput(layers[layer.inputs[0]].kind));
        if (d->inPlace.back() && layer.kind == LayerKind::ReLU)
            d->rectified[layer.inputs[0]] = layers[layer.inputs[0]].kind == LayerKind::Conv2d;
    }
}

ForwardPlan::~ForwardPlan() = default;
ForwardPlan::ForwardPlan(ForwardPlan&&) noexcept = default;

const Network& ForwardPlan::network() const { return *d->network; }
std::size_t ForwardPlan::consumers(std::size_t layer) const { return d->consumers[layer]; }

ForwardPlan::Workspace::Workspace(const ForwardPlan& plan, std::size_t rows) : d(std::make_unique<Private>())
{
    const std::vector<Layer>& layers = plan.network().layers();
    const auto capacity = static_cast<std::int64_t>(std::max<std::size_t>(rows, 1));
    d->convolutions.resize(layers.size());
    d->maxPools.resize(layers.size());
    d->averagePools.resize(layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto in = [&] { return imageSize(layers[layers[i].inputs[0]]); };
        if (layers[i].kind == LayerKind::Conv2d) {
            d->convolutions[i].emplace(in(), imageSize(layers[i]), layers[i].window, static_cast<std::size_t>(layers[i].groups));
        } else if (layers[i].kind == LayerKind::MaxPool2d) {
            d->maxPools[i].emplace(in(), imageSize(layers[i]), layers[i].window);
            d->places.resize(std::max(d->places.size(), static_cast<std::size_t>(capacity * layers[i].width)));
        } else if (layers[i].kind == LayerKind::AvgPool2d) {
            d->averagePools[i].emplace(in(), imageSize(layers[i]), layers[i].window, layers[i].countsPadding);
        }
        if (plan.d->inPlace[i])
            d->full.push_back(d->full[layers[i].inputs[0]]);
        else if (layers[i].kind == LayerKind::InputCategories || layers[i].kind == LayerKind::InputText)
            d->full.emplace_back(); // read where they lie
        else
            d->full.push_back(at::empty({capacity, layers[i].width}, at::kFloat));
    }
    d->views.resize(layers.size());
}

ForwardPlan::Workspace::~Workspace() = default;
ForwardPlan::Workspace::Workspace(Workspace&&) noexcept = default;

float* ForwardPlan::Workspace::buffer(std::size_t layer)
{
    return d->full[layer].data_ptr<float>();
}

const float* ForwardPlan::run(const Batch& batch, Workspace& workspace) const
{
    return runFrom({}, batch, workspace);
}

const float* ForwardPlan::runFrom(const std::vector<bool>& given, const Batch& batch, Workspace& workspace) const
{
    const at::NoGradGuard noGrad;
    const std::vector<Layer>& layers = d->network->layers();
    Workspace::Private& w = *workspace.d;
    if (w.rows != batch.rows) {
        for (std::size_t i = 0; i < layers.size(); ++i)
            if (w.full[i].defined())
                w.views[i] = w.full[i].narrow(0, 0, batch.rows);
        w.rows = batch.rows;
    }
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (given.empty() || !given[i])
            compute(i, batch, workspace);
    return w.views.back().data_ptr<float>();
}

void ForwardPlan::compute(std::size_t index, const Batch& batch, Workspace& workspace) const
{
    const Layer& layer = d->network->layers()[index];
    std::vector<at::Tensor>& views = workspace.d->views;
    at::Tensor& out = views[index];
    const auto rows = static_cast<std::size_t>(batch.rows);
    const auto in = [&](std::size_t k = 0) -> const at::Tensor& { return views[layer.inputs[k]]; };
    const auto own = [&](std::size_t k) { return k < layer.tensors.size() ? d->weights[layer.tensors[k]] : at::Tensor(); };
    switch (layer.kind) {
    case LayerKind::InputNumbers:
        out = at::from_blob(const_cast<float*>(batch.numbers), {batch.rows, layer.width}, at::kFloat);
        break;
    case LayerKind::InputCategories: break;
    case LayerKind::InputText:
        out = at::from_blob(const_cast<std::int32_t*>(batch.categories) + d->network->categoryWidth() - layer.width, {batch.rows, layer.width},
                            {d->network->categoryWidth(), 1}, at::kInt);
        break;
    case LayerKind::Other: {
        const std::vector<Layer>& layers = d->network->layers();
        std::vector<at::Tensor> inputs, weights;
        for (const std::size_t input : layer.inputs) {
            std::vector<std::int64_t> sizes{batch.rows};
            sizes.insert(sizes.end(), layers[input].dims.begin(), layers[input].dims.end());
            inputs.push_back(layers[input].kind == LayerKind::InputText ? views[input] : views[input].view(sizes));
        }
        for (const std::size_t slot : layer.tensors)
            weights.push_back(d->weights[slot]);
        out.copy_(d->ops[index]({layer, inputs, weights, nullptr}).reshape(out.sizes()));
        break;
    }
    case LayerKind::Linear:
        if (layer.tensors.size() == 1) {
            at::mm_out(out, in(), d->transposed[layer.tensors[0]]);
        } else if (layer.width == 1) {
            // One output is a matrix times a vector: a product of matrices would pack its operands for nothing.
            at::Tensor column = out.view({batch.rows});
            at::addmv_out(column, own(1), in(), own(0).view({-1}));
        } else {
            at::addmm_out(out, own(1), in(), d->transposed[layer.tensors[0]]);
        }
        break;
    case LayerKind::Embedding: {
        float* to = out.data_ptr<float>();
        std::size_t begin = 0;
        const std::size_t columns = layer.tensors.size();
        const auto stride = static_cast<std::size_t>(d->network->categoryWidth());
        for (std::size_t column = 0; column < columns; ++column) {
            const Slot& slot = d->network->weightSlots()[layer.tensors[column]];
            const float* table = d->weights[layer.tensors[column]].data_ptr<float>();
            const auto width = static_cast<std::size_t>(layer.widths[column]);
            const std::int64_t last = slot.shape[0] - 1;
            for (std::size_t row = 0; row < rows; ++row) {
                // The last index of a column stands for what training has not seen.
                const std::int64_t asked = batch.categories[row * stride + column];
                const std::int64_t value = asked < 0 || asked > last ? last : asked;
                std::memcpy(to + row * static_cast<std::size_t>(layer.width) + begin,
                            table + static_cast<std::size_t>(value) * width, width * sizeof(float));
            }
            begin += width;
        }
        break;
    }
    case LayerKind::Conv2d:
        workspace.d->convolutions[index]->forward(in().data_ptr<float>(), rows, own(0).data_ptr<float>(),
                                                  layer.tensors.size() == 2 ? own(1).data_ptr<float>() : nullptr, d->rectified[index],
                                                  out.data_ptr<float>());
        break;
    case LayerKind::MaxPool2d:
        workspace.d->maxPools[index]->forward(in().data_ptr<float>(), rows, out.data_ptr<float>(), workspace.d->places.data());
        break;
    case LayerKind::AvgPool2d:
        workspace.d->averagePools[index]->forward(in().data_ptr<float>(), rows, out.data_ptr<float>());
        break;
    case LayerKind::ReLU:
        if (!d->rectified[layer.inputs[0]])
            at::clamp_min_out(out, in(), 0.0);
        break;
    case LayerKind::LeakyReLU:
    case LayerKind::ELU:
    case LayerKind::SELU:
    case LayerKind::GELU:
    case LayerKind::SiLU:
    case LayerKind::Tanh:
    case LayerKind::Sigmoid:
    case LayerKind::Softplus: activate(layer, in(), out); break;
    case LayerKind::BatchNorm1d:
    case LayerKind::BatchNorm2d: {
        if (layer.dims.size() == 1) {
            at::addcmul_out(out, d->shifts[index], in(), d->scales[index]);
            break;
        }
        const std::vector<std::int64_t> planes{batch.rows, layer.dims[0], layer.area()};
        at::Tensor result = out.view(planes);
        at::addcmul_out(result, d->shifts[index], in().view(planes), d->scales[index]);
        break;
    }
    case LayerKind::LayerNorm: out.copy_(at::layer_norm(in(), {layer.width}, own(0), own(1), layer.a, false)); break;
    case LayerKind::Dropout:
    case LayerKind::Dropout2d:
    case LayerKind::Flatten:
    case LayerKind::Reshape:
        if (!d->inPlace[index])
            out.copy_(in());
        break;
    case LayerKind::Concat: {
        std::vector<at::Tensor> parts;
        for (std::size_t k = 0; k < layer.inputs.size(); ++k)
            parts.push_back(in(k));
        at::cat_out(out, parts, 1);
        break;
    }
    case LayerKind::Add:
        at::add_out(out, in(0), in(1));
        for (std::size_t k = 2; k < layer.inputs.size(); ++k)
            out.add_(in(k));
        break;
    }
}

} // namespace limpid::engine
