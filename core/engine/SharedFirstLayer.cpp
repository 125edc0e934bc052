#include "core/engine/SharedFirstLayer.h"

#include "core/engine/Kernels.h"
#include "core/engine/RowMeans.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace limpid::engine {

namespace {

/// A layer whose every value comes from one player's columns alone.
struct Encoded {
    std::vector<int> players;   ///< of each value; -1: of no column that is explained
    at::Tensor rows, background;
};

/// A layer that takes encoded values and mixes the players, or hands them to one that does.
struct Frontier {
    std::size_t layer = 0;
    std::size_t source = 0;      ///< the encoded layer
    bool dense = false;          ///< Linear; else the encoded layer itself, put together
    bool rectify = false;        ///< the ReLU behind it is done on the way
    std::size_t width = 0;
};

/// Parts of one frontier layer for a group of coalitions.
struct Parts {
    at::Tensor rows, background;             ///< [coalitions, rows | background rows, width]
    std::vector<std::uint8_t> masks;         ///< [coalitions, values of the source]
};

} // namespace

struct SharedFirstLayer::Private {
    const ForwardPlan* plan = nullptr;
    std::size_t rowCount = 0, backgroundCount = 0;
    std::vector<std::unique_ptr<Encoded>> encoded;   ///< by layer
    std::vector<Frontier> frontiers;
    std::vector<bool> given;                         ///< by layer: not for the plan to compute
    std::vector<float> weights;                      ///< [background rows]
    double totalWeight = 0.0;

    std::vector<int> playersOf(std::size_t layer, const Pipeline& pipeline) const;
    void findEncoded(const Pipeline& pipeline);
    void findFrontiers();
    void encode(const Features& features, at::Tensor Encoded::*part);
    Parts parts(const Frontier& frontier, const Coalitions& coalitions, std::size_t begin, std::size_t count) const;
    void fill(const Frontier& frontier, const Parts& parts, std::size_t begin, std::size_t count, float* to) const;
    std::size_t rowsAtOnce(const std::vector<bool>& left) const;
};

/// Empty where the layer mixes players.
std::vector<int> SharedFirstLayer::Private::playersOf(std::size_t index, const Pipeline& pipeline) const
{
    const Layer& layer = plan->network().layers()[index];
    const std::vector<FeatureGroup>& groups = pipeline.groups();
    std::vector<int> players(static_cast<std::size_t>(layer.width), -1);
    switch (layer.kind) {
    case LayerKind::InputNumbers:
        for (std::size_t p = 0; p < groups.size(); ++p)
            for (std::size_t i = groups[p].numberBegin; i < groups[p].numberEnd; ++i)
                players[i] = static_cast<int>(p);
        return players;
    case LayerKind::InputCategories:
        for (std::size_t p = 0; p < groups.size(); ++p)
            if (groups[p].type != ColumnType::Text) // their places come behind all that this input has
                for (std::size_t i = groups[p].categoryBegin; i < groups[p].categoryEnd; ++i)
                    players[i] = static_cast<int>(p);
        return players;
    case LayerKind::InputText:
    case LayerKind::Other:
    case LayerKind::Linear:
    case LayerKind::Conv2d:
    case LayerKind::MaxPool2d:
    case LayerKind::AvgPool2d:
    case LayerKind::LayerNorm:
    case LayerKind::Add: return {};
    case LayerKind::Embedding: {
        players.clear();
        const std::vector<int>& columns = encoded[layer.inputs[0]]->players;
        for (std::size_t column = 0; column < columns.size(); ++column)
            players.insert(players.end(), static_cast<std::size_t>(layer.widths[column]), columns[column]);
        return players;
    }
    case LayerKind::Concat:
        players.clear();
        for (const std::size_t input : layer.inputs) {
            if (!encoded[input])
                return {};
            players.insert(players.end(), encoded[input]->players.begin(), encoded[input]->players.end());
        }
        return players;
    default: // value by value, Flatten and Reshape among them
        return encoded[layer.inputs[0]] ? encoded[layer.inputs[0]]->players : std::vector<int>();
    }
}

void SharedFirstLayer::Private::findEncoded(const Pipeline& pipeline)
{
    const std::size_t count = plan->network().layers().size();
    encoded.resize(count);
    for (std::size_t i = 0; i < count; ++i)
        if (std::vector<int> players = playersOf(i, pipeline); !players.empty()) {
            encoded[i] = std::make_unique<Encoded>();
            encoded[i]->players = std::move(players);
        }
}

void SharedFirstLayer::Private::findFrontiers()
{
    const std::vector<Layer>& layers = plan->network().layers();
    given.assign(layers.size(), false);
    std::vector<bool> chosen(layers.size(), false);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (encoded[i]) {
            given[i] = true;
            continue;
        }
        if (layers[i].kind == LayerKind::Linear && encoded[layers[i].inputs[0]]) {
            given[i] = true;
            frontiers.push_back({i, layers[i].inputs[0], true, false, static_cast<std::size_t>(layers[i].width)});
            continue;
        }
        for (const std::size_t input : layers[i].inputs)
            if (encoded[input])
                chosen[input] = true;
    }
    if (encoded.back())
        chosen.back() = true;
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (chosen[i])
            frontiers.push_back({i, i, false, false, static_cast<std::size_t>(layers[i].width)});
    for (Frontier& frontier : frontiers)
        for (std::size_t i = 0; i < layers.size(); ++i)
            if (frontier.dense && layers[i].kind == LayerKind::ReLU && layers[i].inputs[0] == frontier.layer
                && plan->consumers(frontier.layer) == 1) {
                frontier.rectify = true; // in place: both layers share a buffer
                given[i] = true;
            }
}

/// Runs the encoded layers over all rows; they are few and narrow, or one could not hold the features either.
void SharedFirstLayer::Private::encode(const Features& features, at::Tensor Encoded::*part)
{
    ForwardPlan::Workspace workspace(*plan, features.rows);
    std::vector<bool> others;
    for (const auto& layer : encoded)
        others.push_back(!layer);
    const Batch batch{static_cast<std::int64_t>(features.rows), features.numbers.data(), features.categories.data()};
    plan->runFrom(others, batch, workspace);
    for (const Frontier& frontier : frontiers) {
        const std::size_t source = frontier.source;
        const std::int64_t width = plan->network().layers()[source].width;
        at::Tensor copy = at::empty({batch.rows, width}, at::kFloat);
        const bool numbers = plan->network().layers()[source].kind == LayerKind::InputNumbers;
        const float* from = numbers ? features.numbers.data() : workspace.buffer(source);
        std::copy_n(from, copy.numel(), copy.data_ptr<float>());
        (*encoded[source]).*part = copy;
    }
}

Parts SharedFirstLayer::Private::parts(const Frontier& frontier, const Coalitions& coalitions, std::size_t begin,
                                       std::size_t count) const
{
    const Encoded& source = *encoded[frontier.source];
    const std::size_t values = source.players.size();
    Parts result;
    result.masks.resize(count * values);
    for (std::size_t c = 0; c < count; ++c) {
        const std::span<const std::uint8_t> members = coalitions.row(begin + c);
        for (std::size_t i = 0; i < values; ++i)
            result.masks[c * values + i] = source.players[i] >= 0 && members[static_cast<std::size_t>(source.players[i])];
    }
    if (!frontier.dense)
        return result;

    const auto masked = [&](const at::Tensor& from, std::uint8_t keep) {
        const auto rows = static_cast<std::size_t>(from.size(0));
        at::Tensor to = at::empty({static_cast<std::int64_t>(count * rows), from.size(1)}, at::kFloat);
        float* out = to.data_ptr<float>();
        for (std::size_t c = 0; c < count; ++c) {
            const std::uint8_t* mask = result.masks.data() + c * values;
            const float* in = from.data_ptr<float>();
            for (std::size_t row = 0; row < rows; ++row, in += values, out += values)
                for (std::size_t i = 0; i < values; ++i)
                    out[i] = mask[i] == keep ? in[i] : 0.0f;
        }
        return to;
    };
    const Network& network = plan->network();
    const Layer& layer = network.layers()[frontier.layer];
    const at::Tensor weight = network.tensor(layer.tensors[0]).detach().t();
    result.rows = at::mm(masked(source.rows, 1), weight);
    const at::Tensor background = masked(source.background, 0);
    result.background = layer.tensors.size() > 1
                            ? at::addmm(network.tensor(layer.tensors[1]).detach(), background, weight)
                            : at::mm(background, weight);
    return result;
}

/// Composites [begin, begin + count) of the group, counted (coalition, row, background row).
void SharedFirstLayer::Private::fill(const Frontier& frontier, const Parts& parts, std::size_t begin, std::size_t count,
                                     float* to) const
{
    const std::size_t width = frontier.width;
    const Encoded& source = *encoded[frontier.source];
    for (std::size_t at = begin; at < begin + count;) {
        const std::size_t cell = at / backgroundCount; // (coalition, row)
        const std::size_t reference = at % backgroundCount;
        const std::size_t coalition = cell / rowCount;
        const std::size_t run = std::min(backgroundCount - reference, begin + count - at);
        if (frontier.dense) {
            kernels().addToRows(to, parts.rows.data_ptr<float>() + cell * width,
                      parts.background.data_ptr<float>() + (coalition * backgroundCount + reference) * width, run, width,
                      frontier.rectify ? 0.0f : -std::numeric_limits<float>::infinity());
        } else {
            const float* row = source.rows.data_ptr<float>() + cell % rowCount * width;
            const float* references = source.background.data_ptr<float>() + reference * width;
            for (std::size_t i = 0; i < run; ++i)
                chooseRow(to + i * width, parts.masks.data() + coalition * width, row, references + i * width, width);
        }
        to += run * width;
        at += run;
    }
}

SharedFirstLayer::SharedFirstLayer(const ForwardPlan& plan, const Pipeline& pipeline, const Features& rows,
                                   const Features& background, std::span<const double> weights)
    : d(std::make_unique<Private>())
{
    const at::NoGradGuard noGrad;
    d->plan = &plan;
    d->rowCount = rows.rows;
    d->backgroundCount = background.rows;
    d->weights.assign(background.rows, 1.0f);
    for (std::size_t i = 0; i < weights.size(); ++i)
        d->weights[i] = static_cast<float>(weights[i]);
    d->totalWeight = std::accumulate(d->weights.begin(), d->weights.end(), 0.0);
    d->findEncoded(pipeline);
    d->findFrontiers();
    d->encode(rows, &Encoded::rows);
    d->encode(background, &Encoded::background);
}

SharedFirstLayer::~SharedFirstLayer() = default;

/// How many composites go through the network at a time: as many as leave what its layers give for them in the second cache, which
/// is read and written again at once, and enough for products of matrices to be worth their while.
std::size_t SharedFirstLayer::Private::rowsAtOnce(const std::vector<bool>& left) const
{
    constexpr std::size_t floats = std::size_t{1} << 17, fewest = 256;
    const std::vector<Layer>& layers = plan->network().layers();
    std::size_t values = 1;
    for (const Frontier& frontier : frontiers)
        values += frontier.width;
    for (std::size_t i = 0; i < layers.size(); ++i)
        values += left[i] ? 0 : static_cast<std::size_t>(layers[i].width);
    return std::min(engine::chunkRows(plan->network()), std::max(fewest, floats / values));
}

std::size_t SharedFirstLayer::coalitionsAtOnce() const
{
    return std::clamp<std::size_t>(4 * engine::chunkRows(d->plan->network()) / (d->rowCount * d->backgroundCount), 1, 1024);
}

void SharedFirstLayer::means(const Coalitions& coalitions, std::size_t begin, std::size_t end,
                             const OutputTransform& transform, std::vector<double>& means, const Task& task) const
{
    const at::NoGradGuard noGrad;
    const std::size_t composites = d->rowCount * d->backgroundCount;
    const auto outputs = static_cast<std::size_t>(d->plan->network().outputs());
    std::vector<bool> given = d->given;
    RowMeans rowMeans(*d->plan, transform, given);
    const std::size_t group = coalitionsAtOnce();
    const std::size_t capacity = std::min(d->rowsAtOnce(given), composites * std::min(group, end - begin));
    ForwardPlan::Workspace workspace(*d->plan, capacity);
    for (std::size_t first = begin; first < end; first += group) {
        const std::size_t count = std::min(group, end - first);
        std::vector<Parts> parts;
        for (const Frontier& frontier : d->frontiers)
            parts.push_back(d->parts(frontier, coalitions, first, count));
        const std::size_t total = count * composites;
        for (std::size_t at = 0; at < total; at += capacity) {
            task.checkpoint();
            const std::size_t rows = std::min(capacity, total - at);
            for (std::size_t k = 0; k < parts.size(); ++k)
                d->fill(d->frontiers[k], parts[k], at, rows, workspace.buffer(d->frontiers[k].layer));
            const float* raw = d->plan->runFrom(given, {static_cast<std::int64_t>(rows), nullptr, nullptr}, workspace);
            rowMeans.take(workspace, raw, rows);
            for (std::size_t k = 0; k < rows;) {
                const std::size_t cell = (at + k) / d->backgroundCount, reference = (at + k) % d->backgroundCount; // (coalition, row)
                const std::size_t run = std::min(d->backgroundCount - reference, rows - k);
                rowMeans.add(k, {d->weights.data() + reference, run});
                if (reference + run == d->backgroundCount) {
                    const std::size_t coalition = first + cell / d->rowCount;
                    rowMeans.finish(d->totalWeight, &means[(cell % d->rowCount * coalitions.count + coalition) * outputs]);
                }
                k += run;
            }
        }
    }
}

} // namespace limpid::engine
