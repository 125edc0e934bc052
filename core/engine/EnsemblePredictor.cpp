#include "core/engine/EnsemblePredictor.h"

#include "core/base/Random.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid::engine {

namespace {

/// log Σ exp(value), exact also where every exp() would be 0.
class LogSum
{
public:
    void add(double value)
    {
        if (value <= m_largest) {
            m_sum += std::exp(value - m_largest);
        } else {
            m_sum = m_sum * std::exp(m_largest - value) + 1.0;
            m_largest = value;
        }
    }
    double value() const { return m_largest + std::log(m_sum); }

private:
    double m_largest = std::numeric_limits<double>::lowest(), m_sum = 0.0;
};

/// log σ(z).
double logSigmoid(double z)
{
    return std::min(z, 0.0) - std::log1p(std::exp(-std::abs(z)));
}

/// The log-odds of the mean probability, from each member's log-odds, value by value.
void poolBinary(std::span<const Predictions> members, std::vector<double>& pooled)
{
    for (std::size_t i = 0; i < pooled.size(); ++i) {
        LogSum second, first;
        for (const Predictions& member : members) {
            second.add(logSigmoid(member.values[i]));
            first.add(logSigmoid(-member.values[i]));
        }
        pooled[i] = second.value() - first.value();
    }
}

/// The logarithm of the mean probability, from each member's logits [rows, classes].
void poolClasses(std::span<const Predictions> members, std::vector<double>& pooled)
{
    const std::size_t classes = members.front().outputs;
    std::vector<LogSum> sums(classes);
    for (std::size_t row = 0; row < members.front().rows; ++row) {
        std::fill(sums.begin(), sums.end(), LogSum());
        for (const Predictions& member : members) {
            LogSum total;
            for (std::size_t k = 0; k < classes; ++k)
                total.add(member.at(row, k));
            for (std::size_t k = 0; k < classes; ++k)
                sums[k].add(member.at(row, k) - total.value());
        }
        for (std::size_t k = 0; k < classes; ++k)
            pooled[row * classes + k] = sums[k].value() - std::log(static_cast<double>(members.size()));
    }
}

} // namespace

bool EnsemblePredictor::isMeanIn(OutputSpace space) const
{
    const TaskKind kind = pipeline().task();
    return space == OutputSpace::Probability || kind == TaskKind::Regression || kind == TaskKind::MultiRegression;
}

Predictions EnsemblePredictor::predict(const Features& features, OutputSpace space, Task& task) const
{
    std::vector<Predictions> members;
    for (const std::unique_ptr<DifferentiablePredictor>& member : m_members)
        members.push_back(member->predict(features, space, task));
    return pooled(members, space);
}

Predictions EnsemblePredictor::pooled(std::span<const Predictions> members, OutputSpace space) const
{
    Predictions pooled{members.front().rows, members.front().outputs, std::vector<double>(members.front().values.size(), 0.0)};
    if (!isMeanIn(space)) {
        (pipeline().task() == TaskKind::MultiClass ? poolClasses : poolBinary)(members, pooled.values);
        return pooled;
    }
    for (const Predictions& member : members)
        for (std::size_t i = 0; i < pooled.values.size(); ++i)
            pooled.values[i] += member.values[i];
    for (double& value : pooled.values)
        value /= static_cast<double>(members.size());
    return pooled;
}

std::vector<double> EnsemblePredictor::coalitionMeans(const Features& rows, const Features& background, const Coalitions& coalitions,
                                                      OutputSpace space, Task& task, std::span<const double> weights) const
{
    if (!isMeanIn(space))
        return Predictor::coalitionMeans(rows, background, coalitions, space, task, weights);
    std::vector<double> means;
    for (const std::unique_ptr<DifferentiablePredictor>& member : m_members) {
        const std::vector<double> own = member->coalitionMeans(rows, background, coalitions, space, task, weights);
        means.resize(own.size(), 0.0);
        for (std::size_t i = 0; i < own.size(); ++i)
            means[i] += own[i];
    }
    for (double& mean : means)
        mean /= static_cast<double>(m_members.size());
    return means;
}

std::vector<std::string> EnsemblePredictor::weightedLayers() const
{
    const auto* first = dynamic_cast<const Randomisable*>(m_members.front().get());
    return first ? first->weightedLayers() : std::vector<std::string>();
}

std::unique_ptr<Predictor> EnsemblePredictor::randomised(std::size_t layers, std::uint64_t seed) const
{
    Random random(seed, "ensemble/randomised");
    std::vector<std::unique_ptr<DifferentiablePredictor>> members;
    for (const std::unique_ptr<DifferentiablePredictor>& member : m_members) {
        const std::uint64_t own = random.next();
        std::unique_ptr<Predictor> made = dynamic_cast<const Randomisable&>(*member).randomised(layers, own);
        members.emplace_back(dynamic_cast<DifferentiablePredictor*>(made.release()));
    }
    return std::make_unique<EnsemblePredictor>(std::move(members));
}

} // namespace limpid::engine
