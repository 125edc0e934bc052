#include "core/engine/Optimizer.h"

#include <cmath>
#include <numbers>

namespace limpid::engine {

namespace {

/// From `from` (at 0) to `to` (at 1).
double halfCosine(double from, double to, double at)
{
    return to + (from - to) * (1.0 + std::cos(std::numbers::pi * at)) / 2.0;
}

} // namespace

double scheduledRate(const TrainSpec& spec, std::int64_t step, std::int64_t steps)
{
    const double last = std::max<double>(1.0, static_cast<double>(steps - 1));
    const double at = static_cast<double>(step) / last;
    if (spec.schedule == "cosine")
        return halfCosine(spec.learningRate, 0.0, at);
    if (spec.schedule == "one-cycle") {
        constexpr double warm = 0.3;
        const double start = spec.learningRate / 25.0;
        return at < warm ? halfCosine(start, spec.learningRate, at / warm)
                         : halfCosine(spec.learningRate, start / 1e4, (at - warm) / (1.0 - warm));
    }
    return spec.learningRate;
}

Optimizer::Optimizer(const TrainSpec& spec, const Network& network)
    : m_kind(spec.optimizer == "SGD" ? Kind::Sgd : spec.optimizer == "Adam" ? Kind::Adam : Kind::AdamW),
      m_momentum(spec.momentum), m_decay(spec.weightDecay)
{
    for (const Slot& slot : network.slots())
        if (slot.trained)
            m_ranges.push_back({slot.offset, slot.offset + slot.count, slot.decays});
    m_first.assign(network.values().size(), 0.0f);
    if (m_kind != Kind::Sgd)
        m_second.assign(network.values().size(), 0.0f);
}

void Optimizer::step(std::span<float> values, std::span<const float> gradients, double learningRate)
{
    constexpr float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;
    ++m_steps;
    const auto steps = static_cast<double>(m_steps);
    const auto rate = static_cast<float>(learningRate / (1.0 - std::pow(static_cast<double>(beta1), steps)));
    const auto correction = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(static_cast<double>(beta2), steps)));
    float* const value = values.data();
    const float* const gradient = gradients.data();
    float* const first = m_first.data();
    float* const second = m_second.data();
    for (const Range& range : m_ranges) {
        const auto decay = static_cast<float>(range.decays ? m_decay : 0.0);
        if (m_kind == Kind::Sgd) {
            const auto plain = static_cast<float>(learningRate);
            // The first step's buffer is the gradient itself, which from 0 the recurrence gives.
            for (std::size_t i = range.begin; i < range.end; ++i) {
                first[i] = static_cast<float>(m_momentum) * first[i] + gradient[i] + decay * value[i];
                value[i] -= plain * first[i];
            }
            continue;
        }
        const float coupled = m_kind == Kind::Adam ? decay : 0.0f;
        const float keep = m_kind == Kind::AdamW ? 1.0f - static_cast<float>(learningRate) * decay : 1.0f;
        for (std::size_t i = range.begin; i < range.end; ++i) {
            const float g = gradient[i] + coupled * value[i];
            first[i] = beta1 * first[i] + (1.0f - beta1) * g;
            second[i] = beta2 * second[i] + (1.0f - beta2) * g * g;
            value[i] = keep * value[i] - rate * first[i] / (std::sqrt(second[i]) * correction + epsilon);
        }
    }
}

} // namespace limpid::engine
