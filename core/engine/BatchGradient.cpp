#include "core/engine/BatchGradient.h"

#include "core/engine/Kernels.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

namespace {

/// Below that, handing a part of a batch to another thread costs more than it saves.
std::size_t rowsWorthAThread(const Network& network)
{
    return network.has(LayerKind::Conv2d) ? 16 : 128;
}

} // namespace

BatchGradient::BatchGradient(Network& network, const Features& features, const Loss& loss, std::size_t batch, int threads,
                             std::uint64_t seed)
    : m_network(network), m_features(features), m_loss(loss), m_batch(batch)
{
    // Running statistics must see the whole batch, so such a network is not shared out.
    const bool whole = network.has(LayerKind::BatchNorm1d) || network.has(LayerKind::BatchNorm2d);
    const std::size_t most = whole ? 1 : std::max<std::size_t>(1, batch / rowsWorthAThread(network));
    const std::size_t parts = std::min(static_cast<std::size_t>(std::max(1, threads)), most);
    for (std::size_t i = 1; i < parts; ++i)
        m_siblings.push_back(network.sibling());
    for (std::size_t i = 0; i < parts; ++i) // siblings lie still from here on
        m_parts.push_back({{}, {}, {}, {}, makePlannedPass(i == 0 ? network : m_siblings[i - 1], (batch + parts - 1) / parts),
                           Random(seed, "dropout " + std::to_string(i)), 0.0});
}

double BatchGradient::compute(std::span<const std::size_t> rows, int threads)
{
    const auto outputs = static_cast<std::size_t>(m_network.outputs());
    m_targets.resize(rows.size() * m_features.targetWidth);
    m_outputs.resize(rows.size() * outputs);
    gatherTargets(rows, m_targets.data());
    const double normaliser = m_loss.normaliser(m_targets);
    double loss = 0.0;
    for (std::size_t at = 0; at < rows.size(); at += m_batch) {
        const std::span<const std::size_t> batch = rows.subspan(at, std::min(m_batch, rows.size() - at));
        const std::size_t parts = m_parts.size();
        const bool add = at > 0;
        const auto work = [&](int index) {
            const auto i = static_cast<std::size_t>(index);
            const std::size_t begin = batch.size() * i / parts, end = batch.size() * (i + 1) / parts;
            computePart(i, batch.subspan(begin, end - begin), normaliser, m_outputs.data() + (at + begin) * outputs, add);
        };
        if (parts == 1)
            work(0);
        else
            m_team.run(static_cast<int>(parts), threads, work);
        for (const Part& part : m_parts)
            loss += part.loss;
        if (!std::isfinite(loss))
            return loss;
    }
    const std::span<float> gradients = m_network.gradients();
    for (Network& sibling : m_siblings)
        kernels().addInto(gradients.data(), sibling.gradients().data(), gradients.size());
    return loss;
}

void BatchGradient::computePart(std::size_t index, std::span<const std::size_t> rows, double normaliser, float* outputs, bool add)
{
    Part& part = m_parts[index];
    part.loss = 0.0;
    if (rows.empty()) {
        const std::span<float> gradients = (index == 0 ? m_network : m_siblings[index - 1]).gradients();
        if (!add)
            std::fill(gradients.begin(), gradients.end(), 0.0f);
        return;
    }
    const std::size_t numbers = m_features.numberWidth, categories = m_features.categoryWidth;
    part.numbers.resize(rows.size() * numbers);
    part.categories.resize(rows.size() * categories);
    part.targets.resize(rows.size() * m_features.targetWidth);
    gatherTargets(rows, part.targets.data());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::copy_n(m_features.numbers.data() + rows[i] * numbers, numbers, part.numbers.data() + i * numbers);
        std::copy_n(m_features.categories.data() + rows[i] * categories, categories, part.categories.data() + i * categories);
    }
    const std::size_t count = rows.size() * static_cast<std::size_t>(m_network.outputs());
    part.outputGradient.resize(count);
    const float* const raw = part.pass->forward({static_cast<std::int64_t>(rows.size()), part.numbers.data(), part.categories.data()}, part.dropout);
    std::copy_n(raw, count, outputs);
    part.loss = m_loss.evaluate({raw, count}, part.targets, rows.size(), normaliser, part.outputGradient);
    if (std::isfinite(part.loss))
        part.pass->backward(part.outputGradient.data(), add);
}

void BatchGradient::gatherTargets(std::span<const std::size_t> rows, float* to) const
{
    const std::size_t width = m_features.targetWidth;
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy_n(m_features.targets.data() + rows[i] * width, width, to + i * width);
}

std::vector<Random::State> BatchGradient::dropout() const
{
    std::vector<Random::State> states;
    for (const Part& part : m_parts)
        states.push_back(part.dropout.state());
    return states;
}

void BatchGradient::setDropout(const std::vector<Random::State>& states)
{
    for (std::size_t i = 0; i < std::min(states.size(), m_parts.size()); ++i)
        m_parts[i].dropout.setState(states[i]);
}

} // namespace limpid::engine
