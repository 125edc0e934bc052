#include "core/engine/Schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace limpid::engine {

namespace {

/// From `from` (at 0) to `to` (at 1).
double halfCosine(double from, double to, double at)
{
    return to + (from - to) * (1.0 + std::cos(std::numbers::pi * at)) / 2.0;
}

} // namespace

Schedule::Schedule(const TrainSpec& spec, std::int64_t stepsPerEpoch)
    : m_kind(spec.schedule == "step"          ? Kind::Step
             : spec.schedule == "exponential" ? Kind::Exponential
             : spec.schedule == "cosine"      ? Kind::Cosine
             : spec.schedule == "one-cycle"   ? Kind::OneCycle
             : spec.schedule == "plateau"     ? Kind::Plateau
                                              : Kind::Constant),
      m_learningRate(spec.learningRate), m_gamma(spec.gamma), m_plateauFactor(spec.plateauFactor),
      m_stepsPerEpoch(std::max<std::int64_t>(1, stepsPerEpoch)), m_steps(m_stepsPerEpoch * spec.epochs),
      m_warmSteps(m_kind == Kind::OneCycle ? 0 : std::llround(spec.warmup * static_cast<double>(m_steps))),
      m_stepSize(spec.stepSize), m_plateauPatience(spec.plateauPatience), m_reduced(spec.learningRate),
      m_best(std::numeric_limits<double>::infinity())
{}

double Schedule::rate(std::int64_t step) const
{
    step = std::min(step, m_steps - 1);
    if (step < m_warmSteps && m_kind == Kind::Cosine)
        return m_learningRate * static_cast<double>(step + 1) / static_cast<double>(m_warmSteps + 1);
    const double last = std::max<double>(1.0, static_cast<double>(m_steps - 1 - m_warmSteps));
    const double at = static_cast<double>(step - m_warmSteps) / last;
    double rate = m_learningRate;
    switch (m_kind) {
    case Kind::Constant: break;
    case Kind::Step: rate *= std::pow(m_gamma, static_cast<double>(step / m_stepsPerEpoch / m_stepSize)); break;
    case Kind::Exponential: rate *= std::pow(m_gamma, static_cast<double>(step / m_stepsPerEpoch)); break;
    case Kind::Cosine: return halfCosine(m_learningRate, 0.0, at);
    case Kind::OneCycle: {
        constexpr double warm = 0.3;
        const double start = m_learningRate / 25.0;
        return at < warm ? halfCosine(start, m_learningRate, at / warm)
                         : halfCosine(m_learningRate, start / 1e4, (at - warm) / (1.0 - warm));
    }
    case Kind::Plateau: rate = m_reduced; break;
    }
    return step < m_warmSteps ? rate * static_cast<double>(step + 1) / static_cast<double>(m_warmSteps + 1) : rate;
}

void Schedule::finishEpoch(double validationLoss)
{
    if (m_kind != Kind::Plateau)
        return;
    // ReduceLROnPlateau's defaults: a threshold of 1e-4, relative; no change of the rate under 1e-8.
    constexpr double threshold = 1e-4, leastChange = 1e-8;
    if (validationLoss < m_best * (1.0 - threshold)) {
        m_best = validationLoss;
        m_bad = 0;
    } else {
        ++m_bad;
    }
    if (m_bad <= m_plateauPatience)
        return;
    m_bad = 0;
    if (m_reduced - m_reduced * m_plateauFactor > leastChange)
        m_reduced *= m_plateauFactor;
}

void Schedule::setLearningRate(double learningRate)
{
    m_reduced *= learningRate / m_learningRate;
    m_learningRate = learningRate;
}

State Schedule::state() const
{
    return {{"learning_rate", m_learningRate}, {"reduced", m_reduced}, {"best", m_best}, {"bad", m_bad}};
}

void Schedule::restore(const State& state, const std::string& path)
{
    const auto learningRate = stateValue<double>(state, "learning_rate", path);
    const auto reduced = stateValue<double>(state, "reduced", path);
    const auto best = stateValue<double>(state, "best", path);
    m_bad = stateValue<std::int64_t>(state, "bad", path);
    m_learningRate = learningRate;
    m_reduced = reduced;
    m_best = best;
}

} // namespace limpid::engine
