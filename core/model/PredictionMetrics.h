#pragma once

#include "core/data/Pipeline.h"
#include "core/metrics/Metrics.h"

namespace limpid {

/// Encoded targets of numbers [rows, targets] in their own units.
std::vector<double> decodedTargets(const Pipeline& pipeline, std::span<const float> targets);

/// The figures of predictions [rows, outputs], in OutputSpace::Probability, against encoded targets [rows, targets]; of
/// regressions in the targets' own units. Where the link is "log", with mean_poisson_deviance.
MetricSet predictionMetrics(const Pipeline& pipeline, std::span<const double> predictions, std::span<const float> targets);

} // namespace limpid
