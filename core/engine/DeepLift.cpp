#include "core/engine/DeepLift.h"

#include "core/engine/TorchLineRules.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/adaptive_max_pool1d.h>
#include <ATen/ops/adaptive_max_pool2d.h>
#include <ATen/ops/max_pool1d_with_indices.h>
#include <ATen/ops/max_pool2d_with_indices.h>
#include <ATen/ops/max_pool3d_with_indices.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <map>
#include <optional>

namespace limpid::engine {

namespace {

enum class Rule { Affine, Reshaped, Rescale, Pieces, MaxPool, Softmax, Average };

Rule ruleOf(const Layer& layer)
{
    static const std::map<std::string_view, Rule> rules{
        {"Linear", Rule::Affine}, {"Conv1d", Rule::Affine}, {"Conv2d", Rule::Affine}, {"Conv3d", Rule::Affine}, {"ConvTranspose2d", Rule::Affine},
        {"AvgPool1d", Rule::Affine}, {"AvgPool2d", Rule::Affine}, {"AvgPool3d", Rule::Affine}, {"AdaptiveAvgPool1d", Rule::Affine},
        {"AdaptiveAvgPool2d", Rule::Affine}, {"GlobalAvgPool", Rule::Affine}, {"BatchNorm1d", Rule::Affine}, {"BatchNorm2d", Rule::Affine},
        {"Concat", Rule::Affine}, {"Add", Rule::Affine}, {"Permute", Rule::Affine}, {"Upsample", Rule::Affine}, {"ZeroPad2d", Rule::Affine},
        {"Dropout", Rule::Reshaped}, {"Dropout2d", Rule::Reshaped}, {"AlphaDropout", Rule::Reshaped}, {"Flatten", Rule::Reshaped},
        {"Reshape", Rule::Reshaped}, {"Identity", Rule::Reshaped}, {"PositionalEncoding", Rule::Reshaped},
        {"ReLU", Rule::Pieces}, {"LeakyReLU", Rule::Pieces}, {"PReLU", Rule::Pieces},
        {"ELU", Rule::Rescale}, {"SELU", Rule::Rescale}, {"GELU", Rule::Rescale}, {"SiLU", Rule::Rescale}, {"Tanh", Rule::Rescale},
        {"Sigmoid", Rule::Rescale}, {"Softplus", Rule::Rescale}, {"Mish", Rule::Rescale}, {"Hardswish", Rule::Rescale},
        {"MaxPool1d", Rule::MaxPool}, {"MaxPool2d", Rule::MaxPool}, {"MaxPool3d", Rule::MaxPool}, {"AdaptiveMaxPool1d", Rule::MaxPool},
        {"AdaptiveMaxPool2d", Rule::MaxPool}, {"GlobalMaxPool", Rule::MaxPool}, {"Softmax", Rule::Softmax}};
    const auto found = rules.find(layer.type->name);
    return found == rules.end() ? Rule::Average : found->second;
}

/// Where each window has its largest value: [rows, channels, windows], counted within a channel's plane.
at::Tensor largestPlaces(const Layer& layer, const at::Tensor& x)
{
    const std::string& type = layer.type->name;
    const std::vector<std::int64_t> sizes{layer.dims.begin() + (layer.dims.empty() ? 0 : 1), layer.dims.end()};
    at::Tensor places;
    if (type == "GlobalMaxPool") {
        places = std::get<1>(x.flatten(2).max(2, true));
    } else if (type == "AdaptiveMaxPool1d") {
        places = std::get<1>(at::adaptive_max_pool1d(x, sizes));
    } else if (type == "AdaptiveMaxPool2d") {
        places = std::get<1>(at::adaptive_max_pool2d(x, sizes));
    } else {
        const Window w = *windowOf(*layer.type, layer.params, static_cast<std::size_t>(x.dim() - 2));
        if (x.dim() == 3)
            places = std::get<1>(at::max_pool1d_with_indices(x, w.kernel, w.stride, w.padding, w.dilation, w.ceiling));
        else if (x.dim() == 4)
            places = std::get<1>(at::max_pool2d_with_indices(x, w.kernel, w.stride, w.padding, w.dilation, w.ceiling));
        else
            places = std::get<1>(at::max_pool3d_with_indices(x, w.kernel, w.stride, w.padding, w.dilation, w.ceiling));
    }
    return places.reshape({x.size(0), x.size(1), -1});
}

/// Some rows against some references, pair by pair: what each layer does on the way from one to the other.
class Pairs
{
public:
    Pairs(const SmoothNetwork& network, const std::vector<at::Tensor>& rows, const std::vector<at::Tensor>& references,
          std::vector<LayerLeak>& leaks, const Task& task)
        : m_network(network), m_rows(rows), m_references(references), m_leaks(leaks), m_task(task), m_steps(rows.size()), m_starts(rows.size()),
          m_slopes(rows.size()), m_tops(rows.size()), m_pairs(rows.back().size(0) * references.back().size(0))
    {
    }

    /// [pairs, …]: the layer's value at the row less that at the reference.
    const at::Tensor& step(std::size_t layer)
    {
        if (!m_steps[layer].defined())
            m_steps[layer] = merged(m_rows[layer].unsqueeze(1).sub(m_references[layer].unsqueeze(0)));
        return m_steps[layer];
    }

    const at::Tensor& start(std::size_t layer)
    {
        if (!m_starts[layer].defined()) {
            const at::Tensor& value = m_references[layer];
            std::vector<std::int64_t> sizes = value.sizes().vec();
            sizes.insert(sizes.begin(), m_rows[layer].size(0));
            m_starts[layer] = merged(value.unsqueeze(0).expand(sizes));
        }
        return m_starts[layer];
    }

    /// The multipliers of the network's output for an output of the transform: [pairs, outputs].
    at::Tensor seed(const OutputTransform& transform, std::int64_t output)
    {
        const std::size_t last = m_rows.size() - 1;
        at::Tensor seed = at::zeros({m_pairs, m_rows[last].size(1)}, at::kDouble);
        seed.select(1, output).fill_(1.0);
        const TensorFunction function = [&](const std::vector<at::Tensor>& inputs) { return transformed(transform, inputs[0]); };
        switch (transform.kind()) {
        case OutputTransform::Kind::Same: return seed;
        case OutputTransform::Kind::Scale: return seed.mul_(transform.targets()[static_cast<std::size_t>(output)].scale);
        default: break;
        }
        if (!m_changes.defined())
            m_changes = merged(transformed(transform, m_rows[last]).unsqueeze(1).sub(transformed(transform, m_references[last]).unsqueeze(0)));
        const Line line{{start(last)}, {step(last)}, m_changes};
        double spread = 0.0;
        at::Tensor back;
        if (transform.kind() == OutputTransform::Kind::Softmax) {
            back = averagedBack(function, line, seed, spread, m_task)[0];
        } else {
            if (!m_outputSlopes.defined())
                m_outputSlopes = rescaleSlopes(function, line, false);
            back = seed.mul(m_outputSlopes);
        }
        if (!m_leaks.empty())
            note(m_leaks.back(), pairDots(seed, m_changes).sub_(pairDots(back, step(last))), spread);
        return back;
    }

    /// From the multipliers of a layer's output to those of each of its inputs.
    std::vector<at::Tensor> back(std::size_t index, const at::Tensor& multipliers)
    {
        double spread = 0.0;
        std::vector<at::Tensor> result = byRule(index, multipliers, spread);
        if (!m_leaks.empty()) {
            const at::Tensor gap = pairDots(multipliers, step(index));
            for (std::size_t k = 0; k < result.size(); ++k)
                gap.sub_(pairDots(result[k], step(m_network.layers()[index].inputs[k])));
            note(m_leaks[index], gap, spread);
        }
        return result;
    }

private:
    at::Tensor merged(const at::Tensor& values) const { return values.reshape(sizesLike(values, 2)); }

    /// [pairs] and what comes behind the first `from` dimensions.
    std::vector<std::int64_t> sizesLike(const at::Tensor& values, std::size_t from) const
    {
        std::vector<std::int64_t> sizes = values.sizes().vec();
        sizes.erase(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(from));
        sizes.insert(sizes.begin(), m_pairs);
        return sizes;
    }

    static void note(LayerLeak& leak, const at::Tensor& gap, double spread)
    {
        leak.leak = std::max(leak.leak, gap.abs().max().item<double>());
        leak.spread = std::max(leak.spread, spread);
    }

    TensorFunction functionOf(std::size_t index) const
    {
        return [this, index](const std::vector<at::Tensor>& inputs) { return m_network.compute(index, inputs); };
    }

    Line lineOf(std::size_t index)
    {
        Line line;
        for (const std::size_t input : m_network.layers()[index].inputs) {
            line.start.push_back(start(input));
            line.step.push_back(step(input));
        }
        line.change = step(index);
        return line;
    }

    std::vector<at::Tensor> byRule(std::size_t index, const at::Tensor& multipliers, double& spread)
    {
        const Layer& layer = m_network.layers()[index];
        switch (ruleOf(layer)) {
        case Rule::Affine: {
            if (layer.kind == LayerKind::Linear)
                return {at::matmul(multipliers, m_network.weight(layer.tensors[0]))};
            std::vector<at::Tensor> anywhere;
            for (const std::size_t input : layer.inputs)
                anywhere.push_back(at::zeros(sizesLike(m_references[input], 1), at::kDouble));
            return pulledBack(functionOf(index), std::move(anywhere), multipliers);
        }
        case Rule::Reshaped: return {multipliers.reshape(sizesLike(m_references[layer.inputs[0]], 1))};
        case Rule::Rescale: return {multipliers.mul(slopes(index, false))};
        case Rule::Pieces: return {multipliers.mul(slopes(index, true))};
        case Rule::MaxPool: return {pooled(index, multipliers)};
        case Rule::Softmax: {
            // The rescale rule, but where it divides by next to nothing.
            constexpr double steepest = 100.0;
            const at::Tensor& input = step(layer.inputs[0]);
            const at::Tensor ratio = step(index).div(input);
            const at::Tensor wild = input.abs().lt(smallestStep).logical_or(ratio.abs().gt(steepest));
            const at::Tensor none = at::zeros_like(multipliers);
            at::Tensor result = at::where(wild, none, multipliers.mul(ratio));
            if (wild.any().item<bool>())
                result = result.add(averagedBack(functionOf(index), lineOf(index), at::where(wild, multipliers, none), spread, m_task)[0]);
            return {result};
        }
        case Rule::Average: return averagedBack(functionOf(index), lineOf(index), multipliers, spread, m_task);
        }
        return {};
    }

    const at::Tensor& slopes(std::size_t index, bool pieces)
    {
        if (!m_slopes[index].defined())
            m_slopes[index] = rescaleSlopes(functionOf(index), lineOf(index), pieces);
        return m_slopes[index];
    }

    at::Tensor pooled(std::size_t index, const at::Tensor& multipliers)
    {
        const Layer& layer = m_network.layers()[index];
        const std::size_t input = layer.inputs[0];
        const std::int64_t channels = m_references[input].size(1);
        const at::Tensor change = step(index).reshape({m_pairs, channels, -1});
        if (!m_tops[index].defined()) {
            const at::Tensor row = largestPlaces(layer, m_rows[input]).unsqueeze(1);
            const at::Tensor reference = largestPlaces(layer, m_references[input]).unsqueeze(0);
            const at::Tensor up = change.reshape({m_rows[input].size(0), m_references[input].size(0), channels, -1}).gt(0.0);
            m_tops[index] = merged(at::where(up, row, reference));
        }
        const at::Tensor& moved = step(input);
        at::Tensor contributions = at::zeros({m_pairs, channels, moved.numel() / (m_pairs * channels)}, at::kDouble);
        contributions.scatter_add_(2, m_tops[index], multipliers.reshape(change.sizes()).mul(change));
        // A window's largest value never changes by more than the value there: where that did not change, nothing was added.
        contributions = contributions.reshape(moved.sizes());
        return at::where(moved.eq(0.0), at::zeros_like(contributions), contributions.div(moved));
    }

    const SmoothNetwork& m_network;
    const std::vector<at::Tensor>& m_rows;
    const std::vector<at::Tensor>& m_references;
    std::vector<LayerLeak>& m_leaks;
    const Task& m_task;
    std::vector<at::Tensor> m_steps, m_starts, m_slopes, m_tops;   ///< by layer, once needed
    at::Tensor m_changes, m_outputSlopes;
    std::int64_t m_pairs;
};

/// Adds the contributions of one output, summed over the references.
void addOutput(const SmoothNetwork& network, Pairs& pairs, const OutputTransform& transform, std::size_t output, std::int64_t rows,
               std::size_t firstRow, double weight, DeepLiftContributions& result, const Task& task)
{
    std::vector<at::Tensor> multipliers(network.layers().size());
    multipliers.back() = pairs.seed(transform, static_cast<std::int64_t>(output));
    for (std::size_t index = network.layers().size(); index-- > 0;) {
        if (!multipliers[index].defined() || network.isEntry(index) || network.isIndex(index))
            continue;
        task.checkpoint();
        const std::vector<std::size_t>& inputs = network.layers()[index].inputs;
        const std::vector<at::Tensor> back = pairs.back(index, multipliers[index]);
        multipliers[index].reset();
        for (std::size_t k = 0; k < inputs.size(); ++k)
            multipliers[inputs[k]] = multipliers[inputs[k]].defined() ? multipliers[inputs[k]].add(back[k]) : back[k];
    }
    for (const SmoothNetwork::Entry& entry : network.entries()) {
        if (!multipliers[entry.layer].defined())
            continue;
        const at::Tensor sums = multipliers[entry.layer].mul(pairs.step(entry.layer)).reshape({rows, -1, static_cast<std::int64_t>(entry.width)}).sum(1);
        const at::Tensor own = sums.contiguous();
        const double* from = own.data_ptr<double>();
        for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
            double* to = result.values.data() + ((firstRow + row) * network.outputs() + output) * network.width() + entry.begin;
            for (std::size_t k = 0; k < entry.width; ++k)
                to[k] += weight * from[row * entry.width + k];
        }
    }
}

} // namespace

std::vector<LayerLeak> emptyLedger(const SmoothNetwork& network)
{
    std::vector<LayerLeak> leaks;
    for (const Layer& layer : network.layers())
        leaks.push_back({layer.id, layer.type->name, 0.0, 0.0});
    leaks.push_back({"", "OutputTransform", 0.0, 0.0});
    return leaks;
}

std::size_t deepLiftRowsAtOnce(std::size_t references, std::size_t cap)
{
    return std::max<std::size_t>(1, cap / std::min(references, cap));
}

void addDeepLift(const SmoothNetwork& network, const Points& rows, const Points& references, const OutputTransform& transform,
                 std::size_t begin, std::size_t end, std::size_t cap, DeepLiftContributions& result, std::vector<LayerLeak>& leaks,
                 Task& task)
{
    const at::NoGradGuard noGrad;
    const std::size_t referencesAtOnce = std::min(references.rows, cap);
    const std::size_t rowsAtOnce = deepLiftRowsAtOnce(references.rows, cap);
    const double weight = 1.0 / static_cast<double>(references.rows);
    for (std::size_t first = 0; first < references.rows; first += referencesAtOnce) {
        const std::vector<at::Tensor> there =
            network.forward(tensorOf(references, first, std::min(first + referencesAtOnce, references.rows)));
        for (std::size_t row = begin; row < end; row += rowsAtOnce) {
            task.checkpoint();
            const std::size_t last = std::min(row + rowsAtOnce, end);
            const std::vector<at::Tensor> here = network.forward(tensorOf(rows, row, last));
            Pairs pairs(network, here, there, leaks, task);
            for (std::size_t output = 0; output < network.outputs(); ++output)
                addOutput(network, pairs, transform, output, static_cast<std::int64_t>(last - row), row, weight, result, task);
        }
    }
}

} // namespace limpid::engine
