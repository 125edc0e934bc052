#include "core/engine/LayerOps.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/embedding_bag.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/gru.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/lstm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/rnn_relu.h>
#include <ATen/ops/rnn_tanh.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>

#include <cmath>

namespace limpid::engine {

namespace {

// ---- words: index 0 is padding

at::Tensor embedding(const LayerCall& call)
{
    return at::embedding(call.weights[0], call.inputs[0], 0);
}

at::Tensor embeddingBag(const LayerCall& call)
{
    const at::Tensor& words = call.inputs[0];
    const std::string mode = setting(call, "mode").get<std::string>();
    const at::Tensor starts = at::arange(0, words.numel(), words.size(1), at::TensorOptions(at::kInt));
    return std::get<0>(at::embedding_bag(call.weights[0], words.reshape({-1}), starts, false, mode == "sum" ? 0 : mode == "mean" ? 1 : 2,
                                         false, {}, false, 0));
}

// ---- recurrent

/// What one layer gives: every step's output [rows, length, ways · hidden], and the final hidden states [ways, rows, hidden].
struct Steps {
    at::Tensor outputs, last;
};

/// One layer at a time, so that what is dropped between them comes from the run's own stream.
Steps runLayer(const LayerCall& call, const at::Tensor& input, std::vector<at::Tensor> weights, bool bias, bool bothWays)
{
    const std::string& type = call.layer.type->name;
    const at::Tensor start = at::zeros({bothWays ? 2 : 1, input.size(0), integerSetting(call, "hidden_size")}, input.options());
    if (type == "LSTM") {
        const auto [outputs, last, cells] = at::lstm(input, {start, start}, weights, bias, 1, 0.0, false, bothWays, true);
        return {outputs, last};
    }
    std::tuple<at::Tensor, at::Tensor> result;
    if (type == "GRU")
        result = at::gru(input, start, weights, bias, 1, 0.0, false, bothWays, true);
    else if (setting(call, "nonlinearity") == "relu")
        result = at::rnn_relu(input, start, weights, bias, 1, 0.0, false, bothWays, true);
    else
        result = at::rnn_tanh(input, start, weights, bias, 1, 0.0, false, bothWays, true);
    return {std::get<0>(result), std::get<1>(result)};
}

at::Tensor recurrent(const LayerCall& call)
{
    const bool bias = flagSetting(call, "bias"), bothWays = flagSetting(call, "bidirectional");
    const auto layers = static_cast<std::size_t>(integerSetting(call, "num_layers"));
    const std::size_t each = (bias ? 4u : 2u) * (bothWays ? 2u : 1u);
    const double p = realSetting(call, "dropout");
    Steps steps{call.inputs[0], {}};
    for (std::size_t layer = 0; layer < layers; ++layer) {
        const at::Tensor input = layer == 0 ? steps.outputs : dropped(call, steps.outputs, p);
        const auto begin = call.weights.begin() + static_cast<std::ptrdiff_t>(layer * each);
        steps = runLayer(call, input, {begin, begin + static_cast<std::ptrdiff_t>(each)}, bias, bothWays);
    }
    if (setting(call, "output") == "sequence")
        return steps.outputs;
    return bothWays ? at::cat({steps.last.select(0, 0), steps.last.select(0, 1)}, 1) : steps.last.select(0, 0);
}

// ---- attention (Vaswani et al. 2017, equation 1)

/// Where a layer's four tensors of attention begin, and whether it has biases.
struct AttentionWeights {
    at::Tensor project, projectBias, out, outBias;
};

/// [rows, length, width] → [rows, heads, length, width / heads]
at::Tensor inHeads(const at::Tensor& values, std::int64_t heads)
{
    return values.reshape({values.size(0), values.size(1), heads, values.size(2) / heads}).transpose(1, 2);
}

at::Tensor attend(const LayerCall& call, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const AttentionWeights& weights,
                  std::int64_t heads, double p)
{
    const std::int64_t width = query.size(2);
    const auto project = [&](const at::Tensor& input, std::int64_t part) {
        const at::Tensor bias = weights.projectBias.defined() ? weights.projectBias.narrow(0, part * width, width) : at::Tensor();
        return inHeads(at::linear(input, weights.project.narrow(0, part * width, width), bias), heads);
    };
    const at::Tensor q = project(query, 0).mul(1.0 / std::sqrt(static_cast<double>(width / heads)));
    const at::Tensor scores = at::softmax(at::matmul(q, project(key, 1).transpose(2, 3)), -1);
    const at::Tensor mixed = at::matmul(dropped(call, scores, p), project(value, 2)); // [rows, heads, queries, width / heads]
    return at::linear(mixed.transpose(1, 2).reshape({query.size(0), query.size(1), width}), weights.out, weights.outBias);
}

at::Tensor attention(const LayerCall& call)
{
    const bool bias = flagSetting(call, "bias");
    const AttentionWeights weights{call.weights[0], bias ? call.weights[1] : at::Tensor(), call.weights[bias ? 2 : 1],
                                   bias ? call.weights[3] : at::Tensor()};
    const std::vector<at::Tensor>& in = call.inputs;
    return attend(call, in[0], in.size() > 1 ? in[1] : in[0], in.size() > 2 ? in[2] : in.size() > 1 ? in[1] : in[0], weights,
                  integerSetting(call, "num_heads"), realSetting(call, "dropout"));
}

at::Tensor encoderLayer(const LayerCall& call)
{
    const std::vector<at::Tensor>& w = call.weights;
    const double p = realSetting(call, "dropout"), eps = realSetting(call, "layer_norm_eps");
    const auto norm = [&](const at::Tensor& x, std::size_t first) { return at::layer_norm(x, {x.size(2)}, w[first], w[first + 1], eps, false); };
    const auto attended = [&](const at::Tensor& x) {
        return dropped(call, attend(call, x, x, x, {w[0], w[1], w[2], w[3]}, integerSetting(call, "nhead"), p), p);
    };
    const auto fed = [&](const at::Tensor& x) {
        const at::Tensor wide = at::linear(x, w[4], w[5]);
        const at::Tensor active = setting(call, "activation") == "gelu" ? at::gelu(wide) : at::relu(wide);
        return dropped(call, at::linear(dropped(call, active, p), w[6], w[7]), p);
    };
    const at::Tensor& x = call.inputs[0];
    if (flagSetting(call, "norm_first")) {
        const at::Tensor y = x.add(attended(norm(x, 8)));
        return y.add(fed(norm(y, 10)));
    }
    const at::Tensor y = norm(x.add(attended(x)), 8);
    return norm(y.add(fed(y)), 10);
}

/// sin(position / 10000^(2i/width)) and cos, in turn (Vaswani et al. 2017, §3.5). The last table is kept, as every step asks for it.
const at::Tensor& sinusoids(std::int64_t length, std::int64_t width)
{
    thread_local at::Tensor table;
    if (table.defined() && table.size(0) == length && table.size(1) == width)
        return table;
    const at::NoGradGuard noGrad;
    table = at::empty({length, width}, at::kFloat);
    float* to = table.data_ptr<float>();
    for (std::int64_t position = 0; position < length; ++position)
        for (std::int64_t k = 0; k < width; ++k) {
            const double angle = static_cast<double>(position) * std::pow(10'000.0, -static_cast<double>(k / 2 * 2) / static_cast<double>(width));
            *to++ = static_cast<float>(k % 2 == 0 ? std::sin(angle) : std::cos(angle));
        }
    return table;
}

at::Tensor positions(const LayerCall& call)
{
    const at::Tensor& x = call.inputs[0];
    const at::Tensor added = x.add(call.weights.empty() ? sinusoids(x.size(1), x.size(2)) : call.weights[0]);
    return dropped(call, added, realSetting(call, "dropout"));
}

} // namespace

LayerOp sequenceOp(std::string_view type)
{
    const std::pair<std::string_view, LayerOp> ops[] = {
        {"Embedding", embedding}, {"EmbeddingBag", embeddingBag}, {"RNN", recurrent}, {"LSTM", recurrent}, {"GRU", recurrent},
        {"MultiheadAttention", attention}, {"TransformerEncoderLayer", encoderLayer}, {"PositionalEncoding", positions}};
    for (const auto& [name, op] : ops)
        if (name == type)
            return op;
    return nullptr;
}

} // namespace limpid::engine
