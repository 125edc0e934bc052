#include "core/engine/GradientRules.h"

#include <cmath>

namespace limpid::engine {

namespace {

/// Σ term(value) in sixteen sums, so that vectors can do it, and every machine alike.
template<class Term>
double sumOver(std::span<const float> values, const ValueRange& range, Term term)
{
    constexpr std::size_t lanes = 16;
    double sums[lanes] = {};
    std::size_t i = range.begin;
    for (; i + lanes <= range.end; i += lanes)
        for (std::size_t k = 0; k < lanes; ++k)
            sums[k] += term(values[i + k]);
    for (; i < range.end; ++i)
        sums[0] += term(values[i]);
    double sum = 0.0;
    for (const double one : sums)
        sum += one;
    return sum;
}

} // namespace

std::vector<ValueRange> trainedRanges(const Network& network)
{
    std::vector<ValueRange> ranges;
    for (const Slot& slot : network.weightSlots()) {
        if (!slot.trained)
            continue;
        if (!ranges.empty() && ranges.back().end == slot.offset && ranges.back().decays == slot.decays)
            ranges.back().end += slot.count;
        else
            ranges.push_back({slot.offset, slot.offset + slot.count, slot.decays});
    }
    return ranges;
}

double addL1(std::span<const float> values, std::span<float> gradients, std::span<const ValueRange> ranges, double factor)
{
    const auto amount = static_cast<float>(factor);
    double sum = 0.0;
    for (const ValueRange& range : ranges) {
        if (!range.decays)
            continue;
        for (std::size_t i = range.begin; i < range.end; ++i)
            gradients[i] += values[i] > 0.0f ? amount : values[i] < 0.0f ? -amount : 0.0f;
        sum += sumOver(values, range, [](float value) { return static_cast<double>(std::abs(value)); });
    }
    return factor * sum;
}

double gradientNorm(std::span<const float> gradients, std::span<const ValueRange> ranges)
{
    double sum = 0.0;
    for (const ValueRange& range : ranges)
        sum += sumOver(gradients, range, [](float value) { return static_cast<double>(value) * value; });
    return std::sqrt(sum);
}

double clipNorm(std::span<float> gradients, std::span<const ValueRange> ranges, double limit)
{
    const double norm = gradientNorm(gradients, ranges);
    const double factor = limit / (norm + 1e-6);
    if (!std::isfinite(norm) || factor >= 1.0)
        return norm;
    for (const ValueRange& range : ranges)
        for (std::size_t i = range.begin; i < range.end; ++i)
            gradients[i] *= static_cast<float>(factor);
    return norm;
}

void clipValue(std::span<float> gradients, std::span<const ValueRange> ranges, double limit)
{
    const auto most = static_cast<float>(limit);
    for (const ValueRange& range : ranges)
        for (std::size_t i = range.begin; i < range.end; ++i) {
            const float gradient = gradients[i];
            gradients[i] = gradient > most ? most : gradient < -most ? -most : gradient;
        }
}

std::vector<double> balancedClassWeights(std::span<const float> targets, std::size_t classes)
{
    std::vector<std::size_t> counts(classes, 0);
    for (const float target : targets)
        ++counts.at(static_cast<std::size_t>(target));
    std::vector<double> weights;
    for (const std::size_t count : counts)
        weights.push_back(count == 0 ? 1.0
                                     : static_cast<double>(targets.size()) / static_cast<double>(classes * count));
    return weights;
}

std::vector<double> balancedLabelWeights(std::span<const float> targets, std::size_t outputs)
{
    std::vector<double> weights;
    std::vector<float> one(targets.size() / outputs);
    for (std::size_t output = 0; output < outputs; ++output) {
        for (std::size_t row = 0; row < one.size(); ++row)
            one[row] = targets[row * outputs + output];
        const std::vector<double> of = balancedClassWeights(one, 2);
        weights.insert(weights.end(), of.begin(), of.end());
    }
    return weights;
}

void moveAverage(std::span<float> average, std::span<const float> values, double decay)
{
    const auto keep = static_cast<float>(decay), take = static_cast<float>(1.0 - decay);
    for (std::size_t i = 0; i < average.size(); ++i)
        average[i] = keep * average[i] + take * values[i];
}

} // namespace limpid::engine
