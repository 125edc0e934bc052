#include "core/engine/Activations.h"
#include "core/engine/Dropout.h"
#include "core/engine/Kernels.h"
#include "core/engine/LayerOps.h"
#include "core/engine/Norms.h"
#include "core/engine/Pass.h"
#include "core/engine/Pooling.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

namespace limpid::engine {

namespace {

ImageSize imageSize(const Layer& layer)
{
    return {static_cast<std::size_t>(layer.dims[0]), static_cast<std::size_t>(layer.dims[1]), static_cast<std::size_t>(layer.dims[2])};
}

/// Activations and gradients lie in one buffer a layer; ReLU, Flatten and Reshape work in their input's.
class PlannedPass final : public Pass
{
public:
    PlannedPass(Network& network, std::size_t maxRows) : m_network(network), m_layers(network.layers())
    {
        const auto capacity = static_cast<std::int64_t>(std::max<std::size_t>(1, maxRows));
        std::vector<std::size_t> consumers(m_layers.size(), 0);
        for (const Layer& layer : m_layers)
            for (const std::size_t input : layer.inputs)
                ++consumers[input];
        m_state.resize(m_layers.size());
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            const Layer& layer = m_layers[i];
            State& state = m_state[i];
            state.needsGradient = std::any_of(layer.tensors.begin(), layer.tensors.end(), [&](std::size_t slot) { return network.weightSlots()[slot].trained; });
            for (const std::size_t input : layer.inputs)
                state.needsGradient |= m_state[input].needsGradient;
            if (isInput(i))
                continue; // read where they lie
            const std::size_t from = layer.inputs[0];
            if (isActivation(layer.kind) && isInput(from))
                m_seenInputs.push_back(from);
            state.inPlace = consumers[from] == 1
                            && (layer.kind == LayerKind::ReLU ? forgetsItsOutput(from) : isReshaping(layer.kind) && !isInput(from));
            if (consumers[i] > 1 && state.needsGradient)
                state.scratch = at::empty({capacity, layer.width}, at::kFloat);
            if (state.inPlace) {
                state.value = m_state[from].value;
                state.gradient = m_state[from].gradient;
                m_state[from].rectified = layer.kind == LayerKind::ReLU;
                continue;
            }
            state.value = at::empty({capacity, layer.width}, at::kFloat);
            if (state.needsGradient)
                state.gradient = at::empty({capacity, layer.width}, at::kFloat);
            makeParts(i, static_cast<std::size_t>(capacity));
        }
    }

    const float* forward(const Batch& batch, Random& dropout) override
    {
        const at::NoGradGuard noGrad;
        m_batch = batch;
        for (const std::size_t layer : m_seenInputs)
            m_state[layer].valueView = at::from_blob(const_cast<float*>(batch.numbers), {batch.rows, m_layers[layer].width}, at::kFloat);
        m_rows = static_cast<std::size_t>(batch.rows);
        if (m_viewRows != batch.rows)
            makeViews(batch.rows);
        for (std::size_t i = 0; i < m_layers.size(); ++i)
            compute(i, dropout);
        return value(m_layers.size() - 1);
    }

    void backward(const float* outputGradient, bool add) override
    {
        const at::NoGradGuard noGrad;
        if (!m_state.back().needsGradient)
            return; // nothing to learn
        for (State& state : m_state)
            state.reached = false;
        m_written.assign(m_network.weightSlots().size(), add);
        State& last = m_state.back();
        std::copy_n(outputGradient, size(m_layers.size() - 1), last.gradient.data_ptr<float>());
        last.reached = true;
        for (std::size_t i = m_layers.size(); i-- > 0;)
            if (m_state[i].needsGradient && m_state[i].reached)
                differentiate(i);
    }

private:
    struct State {
        at::Tensor value, gradient, scratch;          ///< [capacity, width]
        at::Tensor valueView, gradientView, scratchView; ///< the batch's rows of them
        std::vector<float> mask;                      ///< Dropout: of each value; Dropout2d: of each channel
        Norm norm;                                    ///< BatchNorm1d, BatchNorm2d, LayerNorm
        std::optional<Convolution> convolution;
        std::optional<MaxPool> maxPool;
        std::vector<std::int32_t> places;             ///< MaxPool2d
        std::optional<AveragePool> averagePool;
        LayerOp op = nullptr;                         ///< Other
        std::vector<at::Tensor> leaves;               ///< Other: its inputs in this batch, whose gradients LibTorch finds
        at::Tensor result;                            ///< Other: with what LibTorch recorded
        bool needsGradient = false;
        bool inPlace = false;                         ///< a ReLU over its input, a Flatten or Reshape of it
        bool rectified = false;                       ///< a ReLU works in place on this one
        bool reached = false;                         ///< its gradient holds a consumer's part already
    };

    bool isInput(std::size_t layer) const
    {
        const LayerKind kind = m_layers[layer].kind;
        return kind == LayerKind::InputNumbers || kind == LayerKind::InputCategories || kind == LayerKind::InputText;
    }
    static bool isReshaping(LayerKind kind) { return kind == LayerKind::Flatten || kind == LayerKind::Reshape; }
    bool isBatchNorm(std::size_t layer) const
    {
        return m_layers[layer].kind == LayerKind::BatchNorm1d || m_layers[layer].kind == LayerKind::BatchNorm2d;
    }

    /// What a layer keeps beside its values.
    void makeParts(std::size_t index, std::size_t capacity)
    {
        const Layer& layer = m_layers[index];
        State& state = m_state[index];
        const auto in = [&] { return imageSize(m_layers[layer.inputs[0]]); };
        switch (layer.kind) {
        case LayerKind::Conv2d:
            state.convolution.emplace(in(), imageSize(layer), layer.window, static_cast<std::size_t>(layer.groups));
            break;
        case LayerKind::MaxPool2d:
            state.maxPool.emplace(in(), imageSize(layer), layer.window);
            state.places.resize(capacity * width(index));
            break;
        case LayerKind::AvgPool2d: state.averagePool.emplace(in(), imageSize(layer), layer.window, layer.countsPadding); break;
        case LayerKind::Other: state.op = layerOp(layer); break;
        case LayerKind::Dropout: state.mask.resize(capacity * width(index)); break;
        case LayerKind::Dropout2d: state.mask.resize(capacity * static_cast<std::size_t>(layer.dims[0])); break;
        case LayerKind::BatchNorm1d:
        case LayerKind::BatchNorm2d:
        case LayerKind::LayerNorm: state.norm = Norm(capacity, width(index), static_cast<std::size_t>(layer.area()), layer.a); break;
        default: break;
        }
    }

    /// Whether the backward pass of this layer does without what it gave, so that it may be written over.
    bool forgetsItsOutput(std::size_t layer) const
    {
        switch (m_layers[layer].kind) {
        case LayerKind::Linear:
        case LayerKind::Conv2d:
        case LayerKind::MaxPool2d:
        case LayerKind::AvgPool2d:
        case LayerKind::BatchNorm1d:
        case LayerKind::BatchNorm2d:
        case LayerKind::LayerNorm:
        case LayerKind::Concat:
        case LayerKind::Add: return true;
        case LayerKind::Flatten:
        case LayerKind::Reshape: return !m_state[layer].inPlace || forgetsItsOutput(m_layers[layer].inputs[0]);
        default: return false;
        }
    }

    void makeViews(std::int64_t rows)
    {
        for (State& state : m_state) {
            if (state.value.defined())
                state.valueView = state.value.narrow(0, 0, rows);
            if (state.gradient.defined())
                state.gradientView = state.gradient.narrow(0, 0, rows);
            if (state.scratch.defined())
                state.scratchView = state.scratch.narrow(0, 0, rows);
        }
        m_viewRows = rows;
    }

    std::size_t width(std::size_t layer) const { return static_cast<std::size_t>(m_layers[layer].width); }
    std::size_t size(std::size_t layer) const { return m_rows * width(layer); }
    const float* value(std::size_t layer) const
    {
        return m_layers[layer].kind == LayerKind::InputNumbers ? m_batch.numbers : m_state[layer].value.data_ptr<float>();
    }
    float* output(std::size_t layer) { return m_state[layer].value.data_ptr<float>(); }
    const float* gradient(std::size_t layer) const { return m_state[layer].gradient.data_ptr<float>(); }
    std::span<float> weights(const Layer& layer, std::size_t k)
    {
        const Slot& slot = m_network.weightSlots()[layer.tensors[k]];
        return m_network.values().subspan(slot.offset, slot.count);
    }
    /// The place of a slot's gradient; emptied first where nothing is to be added to.
    float* slotGradient(const Layer& layer, std::size_t k, bool empty)
    {
        const Slot& slot = m_network.weightSlots()[layer.tensors[k]];
        float* const place = m_network.gradients().data() + slot.offset;
        if (empty && !m_written[layer.tensors[k]])
            std::fill_n(place, slot.count, 0.0f);
        m_written[layer.tensors[k]] = true;
        return place;
    }

    /// Lets `write(to)` fill the gradient of a layer, or a scratch buffer that is then added where another consumer was first.
    template<class Write>
    void give(std::size_t layer, Write&& write)
    {
        State& state = m_state[layer];
        if (!state.needsGradient)
            return;
        if (!state.reached) {
            write(state.gradientView);
            state.reached = true;
            return;
        }
        write(state.scratchView);
        kernels().addInto(state.gradient.data_ptr<float>(), state.scratch.data_ptr<float>(), size(layer));
    }

    void compute(std::size_t index, Random& dropout)
    {
        const Layer& layer = m_layers[index];
        State& state = m_state[index];
        switch (layer.kind) {
        case LayerKind::InputNumbers:
        case LayerKind::InputCategories:
        case LayerKind::InputText: break;
        case LayerKind::Other: computeOther(index, dropout); break;
        case LayerKind::Linear: computeLinear(index); break;
        case LayerKind::Embedding: computeEmbedding(index); break;
        case LayerKind::Conv2d:
            state.convolution->forward(value(layer.inputs[0]), m_rows, weights(layer, 0).data(),
                                       layer.tensors.size() == 2 ? weights(layer, 1).data() : nullptr, state.rectified, output(index));
            break;
        case LayerKind::MaxPool2d: state.maxPool->forward(value(layer.inputs[0]), m_rows, output(index), state.places.data()); break;
        case LayerKind::AvgPool2d: state.averagePool->forward(value(layer.inputs[0]), m_rows, output(index)); break;
        case LayerKind::ReLU:
            if (!state.inPlace)
                kernels().rectify(output(index), value(layer.inputs[0]), size(index));
            else if (!rectifiesItself(m_layers[layer.inputs[0]]))
                rectifyInPlace(index);
            break;
        case LayerKind::LeakyReLU:
        case LayerKind::ELU:
        case LayerKind::SELU:
        case LayerKind::GELU:
        case LayerKind::SiLU:
        case LayerKind::Tanh:
        case LayerKind::Sigmoid:
        case LayerKind::Softplus: activate(layer, m_state[layer.inputs[0]].valueView, state.valueView); break;
        case LayerKind::BatchNorm1d:
        case LayerKind::BatchNorm2d: {
            const bool affine = layer.tensors.size() == 4;
            state.norm.batchForward(value(layer.inputs[0]), m_rows, affine ? weights(layer, 0).data() : nullptr,
                                    affine ? weights(layer, 1).data() : nullptr, weights(layer, affine ? 2 : 0).data(),
                                    weights(layer, affine ? 3 : 1).data(), layer.b, output(index));
            break;
        }
        case LayerKind::LayerNorm:
            state.norm.layerForward(value(layer.inputs[0]), m_rows, layer.tensors.empty() ? nullptr : weights(layer, 0).data(),
                                    layer.tensors.empty() ? nullptr : weights(layer, 1).data(), output(index));
            break;
        case LayerKind::Dropout:
            if (layer.a > 0.0) {
                drawDropoutMask(state.mask.data(), size(index), layer.a, dropout);
                kernels().multiply(output(index), value(layer.inputs[0]), state.mask.data(), size(index));
            } else {
                std::copy_n(value(layer.inputs[0]), size(index), output(index));
            }
            break;
        case LayerKind::Dropout2d:
            if (layer.a > 0.0)
                drawDropoutMask(state.mask.data(), m_rows * static_cast<std::size_t>(layer.dims[0]), layer.a, dropout);
            dropChannels(index, output(index), value(layer.inputs[0]));
            break;
        case LayerKind::Flatten:
        case LayerKind::Reshape:
            if (!state.inPlace)
                std::copy_n(value(layer.inputs[0]), size(index), output(index));
            break;
        case LayerKind::Concat: {
            std::size_t begin = 0;
            for (const std::size_t input : layer.inputs) {
                copyColumns(value(input), width(input), 0, output(index), width(index), begin, width(input));
                begin += width(input);
            }
            break;
        }
        case LayerKind::Add:
            std::copy_n(value(layer.inputs[0]), size(index), output(index));
            for (std::size_t k = 1; k < layer.inputs.size(); ++k)
                kernels().addInto(output(index), value(layer.inputs[k]), size(index));
            break;
        }
    }

    /// Whether the ReLU over a layer is done with its bias.
    static bool rectifiesItself(const Layer& layer)
    {
        return layer.kind == LayerKind::Conv2d || (layer.kind == LayerKind::Linear && layer.tensors.size() == 2);
    }

    void dropChannels(std::size_t index, float* to, const float* from) const
    {
        const Layer& layer = m_layers[index];
        const auto area = static_cast<std::size_t>(layer.area()), planes = m_rows * static_cast<std::size_t>(layer.dims[0]);
        for (std::size_t plane = 0; plane < planes; ++plane, to += area, from += area) {
            const float factor = layer.a > 0.0 ? m_state[index].mask[plane] : 1.0f;
            for (std::size_t k = 0; k < area; ++k)
                to[k] = from[k] * factor;
        }
    }

    void rectifyInPlace(std::size_t index)
    {
        float* const values = output(index);
        for (std::size_t i = 0; i < size(index); ++i)
            values[i] = values[i] < 0.0f ? 0.0f : values[i];
    }

    /// y[rows, out] = x[rows, in] · weight[out, in]ᵀ + bias
    void computeLinear(std::size_t index)
    {
        const Layer& layer = m_layers[index];
        const auto in = static_cast<int>(width(layer.inputs[0])), out = static_cast<int>(width(index));
        const float* const x = value(layer.inputs[0]);
        const float* const weight = weights(layer, 0).data();
        float* const y = output(index);
        if (out == 1)
            cblas_sgemv(CblasRowMajor, CblasNoTrans, static_cast<int>(m_rows), in, 1.0f, x, in, weight, 1, 0.0f, y, 1);
        else
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(m_rows), out, in, 1.0f, x, in, weight, in,
                        0.0f, y, out);
        if (layer.tensors.size() == 1)
            return;
        const auto addBias = m_state[index].rectified ? kernels().addBiasRelu : kernels().addBias;
        addBias(y, weights(layer, 1).data(), m_rows, width(index));
    }

    void computeEmbedding(std::size_t index)
    {
        const Layer& layer = m_layers[index];
        const std::size_t columns = layer.tensors.size();
        std::size_t begin = 0;
        for (std::size_t column = 0; column < columns; ++column) {
            const float* const table = weights(layer, column).data();
            const auto part = static_cast<std::size_t>(layer.widths[column]);
            for (std::size_t row = 0; row < m_rows; ++row)
                std::memcpy(output(index) + row * width(index) + begin, table + tableRow(row, column) * part, part * sizeof(float));
            begin += part;
        }
    }
    std::size_t tableRow(std::size_t row, std::size_t column) const
    {
        return static_cast<std::size_t>(m_batch.categories[row * static_cast<std::size_t>(m_network.categoryWidth()) + column]);
    }

    /// The batch's rows of a layer's output in its own shape, as LibTorch reads them.
    at::Tensor shaped(std::size_t index) const
    {
        const Layer& layer = m_layers[index];
        std::vector<std::int64_t> sizes{m_batch.rows};
        sizes.insert(sizes.end(), layer.dims.begin(), layer.dims.end());
        if (layer.kind == LayerKind::InputText)
            return at::from_blob(const_cast<std::int32_t*>(m_batch.categories) + m_network.categoryWidth() - m_network.textWidth(), sizes,
                                 {m_network.categoryWidth(), 1}, at::kInt);
        if (layer.kind == LayerKind::InputNumbers)
            return at::from_blob(const_cast<float*>(m_batch.numbers), sizes, at::kFloat);
        return m_state[index].valueView.view(sizes);
    }

    /// By LibTorch, which records what it does for the backward pass.
    void computeOther(std::size_t index, Random& dropout)
    {
        const Layer& layer = m_layers[index];
        State& state = m_state[index];
        const at::AutoGradMode record(state.needsGradient);
        state.leaves.clear();
        std::vector<at::Tensor> weights;
        for (const std::size_t input : layer.inputs) {
            state.leaves.push_back(shaped(input).detach());
            if (m_state[input].needsGradient)
                state.leaves.back().set_requires_grad(true);
        }
        for (const std::size_t slot : layer.tensors)
            weights.push_back(m_network.tensor(slot));
        state.result = state.op({layer, state.leaves, weights, &dropout});
        const at::NoGradGuard noGrad;
        state.valueView.copy_(state.result.reshape(state.valueView.sizes()));
    }

    void differentiateOther(std::size_t index)
    {
        const Layer& layer = m_layers[index];
        State& state = m_state[index];
        for (std::size_t k = 0; k < layer.tensors.size(); ++k)
            slotGradient(layer, k, true); // LibTorch adds to what is there
        state.result.backward(state.gradientView.view(state.result.sizes()));
        for (std::size_t k = 0; k < layer.inputs.size(); ++k) {
            const at::Tensor& dx = state.leaves[k].grad();
            if (!m_state[layer.inputs[k]].needsGradient)
                continue;
            give(layer.inputs[k], [&](at::Tensor& to) {
                if (dx.defined())
                    to.copy_(dx.reshape(to.sizes()));
                else
                    to.zero_();
            });
        }
        state.result.reset();
        state.leaves.clear();
    }

    void differentiate(std::size_t index)
    {
        const Layer& layer = m_layers[index];
        State& state = m_state[index];
        switch (layer.kind) {
        case LayerKind::InputNumbers:
        case LayerKind::InputCategories:
        case LayerKind::InputText: break;
        case LayerKind::Other: differentiateOther(index); break;
        case LayerKind::Linear: differentiateLinear(index); break;
        case LayerKind::Embedding: differentiateEmbedding(index); break;
        case LayerKind::Conv2d: differentiateConvolution(index); break;
        case LayerKind::MaxPool2d:
            give(layer.inputs[0], [&](at::Tensor& dx) {
                state.maxPool->backward(gradient(index), state.places.data(), m_rows, dx.data_ptr<float>());
            });
            break;
        case LayerKind::AvgPool2d:
            give(layer.inputs[0], [&](at::Tensor& dx) { state.averagePool->backward(gradient(index), m_rows, dx.data_ptr<float>()); });
            break;
        case LayerKind::ReLU:
            if (state.inPlace) {
                kernels().gateInPlace(state.gradient.data_ptr<float>(), value(index), size(index));
                m_state[layer.inputs[0]].reached = true;
            } else {
                give(layer.inputs[0], [&](at::Tensor& dx) { kernels().gateByOutput(dx.data_ptr<float>(), gradient(index), value(index), size(index)); });
            }
            break;
        case LayerKind::LeakyReLU:
        case LayerKind::ELU:
        case LayerKind::SELU:
        case LayerKind::GELU:
        case LayerKind::SiLU:
        case LayerKind::Tanh:
        case LayerKind::Sigmoid:
        case LayerKind::Softplus:
            give(layer.inputs[0], [&](at::Tensor& dx) {
                activationGradient(layer, m_state[layer.inputs[0]].valueView, state.valueView, state.gradientView, dx);
            });
            break;
        case LayerKind::BatchNorm1d:
        case LayerKind::BatchNorm2d:
        case LayerKind::LayerNorm: differentiateNorm(index); break;
        case LayerKind::Dropout:
            give(layer.inputs[0], [&](at::Tensor& dx) {
                if (layer.a > 0.0)
                    kernels().multiply(dx.data_ptr<float>(), gradient(index), state.mask.data(), size(index));
                else
                    std::copy_n(gradient(index), size(index), dx.data_ptr<float>());
            });
            break;
        case LayerKind::Dropout2d:
            give(layer.inputs[0], [&](at::Tensor& dx) { dropChannels(index, dx.data_ptr<float>(), gradient(index)); });
            break;
        case LayerKind::Flatten:
        case LayerKind::Reshape:
            if (state.inPlace)
                m_state[layer.inputs[0]].reached = true;
            else
                give(layer.inputs[0], [&](at::Tensor& dx) { std::copy_n(gradient(index), size(index), dx.data_ptr<float>()); });
            break;
        case LayerKind::Concat: {
            std::size_t begin = 0;
            for (const std::size_t input : layer.inputs) {
                give(input, [&](at::Tensor& dx) {
                    copyColumns(gradient(index), width(index), begin, dx.data_ptr<float>(), width(input), 0, width(input));
                });
                begin += width(input);
            }
            break;
        }
        case LayerKind::Add:
            for (const std::size_t input : layer.inputs)
                give(input, [&](at::Tensor& dx) { std::copy_n(gradient(index), size(index), dx.data_ptr<float>()); });
            break;
        }
    }

    void differentiateLinear(std::size_t index)
    {
        const Layer& layer = m_layers[index];
        const auto rows = static_cast<int>(m_rows), in = static_cast<int>(width(layer.inputs[0])), out = static_cast<int>(width(index));
        const float* const x = value(layer.inputs[0]);
        const float* const dy = gradient(index);
        const float keep = m_written[layer.tensors[0]] ? 1.0f : 0.0f;
        // weight[out, in] += dyᵀ · x
        if (out == 1)
            cblas_sgemv(CblasRowMajor, CblasTrans, rows, in, 1.0f, x, in, dy, 1, keep, slotGradient(layer, 0, false), 1);
        else
            cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, out, in, rows, 1.0f, dy, out, x, in, keep,
                        slotGradient(layer, 0, false), in);
        if (layer.tensors.size() == 2)
            kernels().addColumnSums(slotGradient(layer, 1, true), dy, m_rows, width(index));
        // x[rows, in] = dy · weight
        give(layer.inputs[0], [&](at::Tensor& dx) {
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, in, out, 1.0f, dy, out, weights(layer, 0).data(), in,
                        0.0f, dx.data_ptr<float>(), in);
        });
    }

    void differentiateConvolution(std::size_t index)
    {
        const Layer& layer = m_layers[index];
        float* const dWeight = slotGradient(layer, 0, true);
        float* const dBias = layer.tensors.size() == 2 ? slotGradient(layer, 1, true) : nullptr;
        const auto backward = [&](float* dx) {
            m_state[index].convolution->backward(value(layer.inputs[0]), gradient(index), m_rows, weights(layer, 0).data(), dWeight, dBias, dx);
        };
        if (m_state[layer.inputs[0]].needsGradient)
            give(layer.inputs[0], [&](at::Tensor& dx) { backward(dx.data_ptr<float>()); });
        else
            backward(nullptr);
    }

    void differentiateEmbedding(std::size_t index)
    {
        const Layer& layer = m_layers[index];
        const std::size_t columns = layer.tensors.size();
        std::size_t begin = 0;
        for (std::size_t column = 0; column < columns; ++column) {
            float* const table = slotGradient(layer, column, true);
            const auto part = static_cast<std::size_t>(layer.widths[column]);
            for (std::size_t row = 0; row < m_rows; ++row) {
                const float* const from = gradient(index) + row * width(index) + begin;
                float* const to = table + tableRow(row, column) * part;
                for (std::size_t k = 0; k < part; ++k)
                    to[k] += from[k];
            }
            begin += part;
        }
    }

    void differentiateNorm(std::size_t index)
    {
        const Layer& layer = m_layers[index];
        const bool batch = isBatchNorm(index);
        const bool affine = layer.tensors.size() == (batch ? 4u : 2u);
        float* const dWeight = affine ? slotGradient(layer, 0, true) : nullptr;
        float* const dBias = affine ? slotGradient(layer, 1, true) : nullptr;
        const float* const weight = affine ? weights(layer, 0).data() : nullptr;
        Norm& norm = m_state[index].norm;
        norm.parameterGradients(gradient(index), m_rows, dWeight, dBias);
        give(layer.inputs[0], [&](at::Tensor& dx) {
            if (batch)
                norm.batchBackward(gradient(index), m_rows, weight, dx.data_ptr<float>());
            else
                norm.layerBackward(gradient(index), m_rows, weight, dx.data_ptr<float>());
        });
    }

    void copyColumns(const float* from, std::size_t fromWidth, std::size_t fromBegin, float* to, std::size_t toWidth,
                     std::size_t toBegin, std::size_t count) const
    {
        for (std::size_t row = 0; row < m_rows; ++row)
            std::memcpy(to + row * toWidth + toBegin, from + row * fromWidth + fromBegin, count * sizeof(float));
    }

    Network& m_network;
    const std::vector<Layer>& m_layers;
    std::vector<State> m_state;   ///< by layer
    Batch m_batch;
    std::size_t m_rows = 0;
    std::int64_t m_viewRows = -1; ///< that the views are of
    std::vector<std::size_t> m_seenInputs; ///< numbers that LibTorch reads
    std::vector<bool> m_written;           ///< by slot: its gradient holds a part already, of another batch or of another layer that shares it
};

} // namespace

std::unique_ptr<Pass> makePlannedPass(Network& network, std::size_t maxRows)
{
    return std::make_unique<PlannedPass>(network, maxRows);
}

} // namespace limpid::engine
