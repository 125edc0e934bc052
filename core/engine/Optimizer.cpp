#include "core/engine/Optimizer.h"

#include "core/engine/StepKernels.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

Optimizer::Optimizer(const TrainSpec& spec, const Network& network)
    : Optimizer(spec, trainedRanges(network), network.values().size())
{}

Optimizer::Optimizer(const TrainSpec& spec, std::vector<ValueRange> ranges, std::size_t count)
    : m_kind(kindOf(spec.optimizer)), m_nesterov(spec.nesterov), m_beta1(static_cast<float>(spec.beta1)),
      m_beta2(static_cast<float>(spec.beta2)), m_eps(static_cast<float>(spec.eps)), m_alpha(spec.alpha),
      m_momentum(spec.momentum), m_decay(spec.weightDecay), m_ranges(std::move(ranges))
{
    if (m_kind != Kind::Adagrad && m_kind != Kind::Lbfgs)
        m_first.assign(count, 0.0f);
    if (m_kind != Kind::Sgd && m_kind != Kind::Lbfgs)
        m_second.assign(count, 0.0f);
}

Optimizer::Kind Optimizer::kindOf(const std::string& name)
{
    return name == "SGD"       ? Kind::Sgd
           : name == "Adam"    ? Kind::Adam
           : name == "RMSprop" ? Kind::RmsProp
           : name == "Adagrad" ? Kind::Adagrad
           : name == "L-BFGS"  ? Kind::Lbfgs
                               : Kind::AdamW;
}

void Optimizer::step(std::span<float> values, std::span<const float> gradients, double learningRate,
                     const Reevaluate& reevaluate)
{
    ++m_steps;
    if (m_kind == Kind::Lbfgs)
        stepByLine(values, gradients, learningRate, reevaluate);
    else
        stepByRule(values, gradients, learningRate);
}

void Optimizer::stepByRule(std::span<float> values, std::span<const float> gradients, double learningRate)
{
    StepFactors factors;
    factors.rate = static_cast<float>(learningRate);
    factors.momentum = static_cast<float>(m_momentum);
    factors.eps = m_eps;
    StepRule rule = m_nesterov ? StepRule::Nesterov : StepRule::Sgd;
    if (m_kind == Kind::Adam || m_kind == Kind::AdamW) {
        const auto steps = static_cast<double>(m_steps);
        rule = StepRule::Adam;
        factors.keep1 = m_beta1;
        factors.take1 = 1.0f - m_beta1;
        factors.keep2 = m_beta2;
        factors.take2 = 1.0f - m_beta2;
        factors.rate = static_cast<float>(learningRate / (1.0 - std::pow(static_cast<double>(m_beta1), steps)));
        factors.correction = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(static_cast<double>(m_beta2), steps)));
    } else if (m_kind == Kind::RmsProp) {
        rule = StepRule::RmsProp;
        // The difference in double: nothing makes up for its rounding, as Adam's corrections do.
        factors.keep2 = static_cast<float>(m_alpha);
        factors.take2 = static_cast<float>(1.0 - m_alpha);
    } else if (m_kind == Kind::Adagrad) {
        rule = StepRule::Adagrad;
    }
    for (const ValueRange& range : m_ranges) {
        const auto decay = static_cast<float>(range.decays ? m_decay : 0.0);
        factors.l2 = m_kind == Kind::AdamW ? 0.0f : decay;
        factors.keep = m_kind == Kind::AdamW ? 1.0f - static_cast<float>(learningRate) * decay : 1.0f;
        takeStep(rule, factors, values.data() + range.begin, gradients.data() + range.begin,
                 m_first.empty() ? nullptr : m_first.data() + range.begin,
                 m_second.empty() ? nullptr : m_second.data() + range.begin, range.end - range.begin);
    }
}

void Optimizer::stepByLine(std::span<float> values, std::span<const float> gradients, double learningRate,
                           const Reevaluate& reevaluate)
{
    if (!reevaluate)
        throw Error(ErrorCode::Internal, {{"reason", "L-BFGS without a way to reevaluate"}});
    const auto scatter = [&](const std::vector<float>& trained) {
        auto from = trained.begin();
        for (const ValueRange& range : m_ranges) {
            const auto count = static_cast<std::ptrdiff_t>(range.end - range.begin);
            std::copy(from, from + count, values.begin() + static_cast<std::ptrdiff_t>(range.begin));
            from += count;
        }
    };
    const auto gather = [&](std::span<const float> all, std::vector<float>& trained) {
        trained.clear();
        for (const ValueRange& range : m_ranges)
            trained.insert(trained.end(), all.begin() + static_cast<std::ptrdiff_t>(range.begin),
                           all.begin() + static_cast<std::ptrdiff_t>(range.end));
    };
    std::vector<float> trained;
    gather(values, trained);
    m_lbfgs.step(trained, learningRate, [&](const std::vector<float>& at, std::vector<float>& gradient) {
        scatter(at);
        double loss = reevaluate();
        gather(gradients, gradient);
        std::size_t i = 0;
        for (const ValueRange& range : m_ranges) {
            double squares = 0.0;
            for (std::size_t k = range.begin; range.decays && k < range.end; ++k) {
                squares += static_cast<double>(values[k]) * values[k];
                gradient[i + k - range.begin] += static_cast<float>(m_decay) * values[k];
            }
            loss += 0.5 * m_decay * squares;
            i += range.end - range.begin;
        }
        return loss;
    });
    scatter(trained);
}

State Optimizer::state() const
{
    State state{{"steps", m_steps}};
    if (m_kind == Kind::Lbfgs) {
        for (NamedState& part : m_lbfgs.state())
            state.push_back(std::move(part));
        return state;
    }
    if (!m_first.empty())
        state.push_back({"first", m_first});
    if (!m_second.empty())
        state.push_back({"second", m_second});
    return state;
}

void Optimizer::restore(const State& state, const std::string& path)
{
    const auto steps = stateValue<std::int64_t>(state, "steps", path);
    if (m_kind == Kind::Lbfgs) {
        std::size_t count = 0;
        for (const ValueRange& range : m_ranges)
            count += range.end - range.begin;
        m_lbfgs.restore(state, count, path);
        m_steps = steps;
        return;
    }
    std::vector<float> first = m_first.empty() ? m_first : stateVector(state, "first", m_first.size(), path);
    std::vector<float> second = m_second.empty() ? m_second : stateVector(state, "second", m_second.size(), path);
    m_first = std::move(first);
    m_second = std::move(second);
    m_steps = steps;
}

} // namespace limpid::engine
