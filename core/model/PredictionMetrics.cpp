#include "core/model/PredictionMetrics.h"

#include "core/metrics/TargetMetrics.h"

#include <cmath>

namespace limpid {

namespace {

std::vector<int> labelsOf(std::span<const float> targets)
{
    std::vector<int> labels;
    labels.reserve(targets.size());
    for (const float target : targets)
        labels.push_back(static_cast<int>(std::lround(target)));
    return labels;
}

} // namespace

std::vector<double> decodedTargets(const Pipeline& pipeline, std::span<const float> targets)
{
    const std::vector<TargetCoding>& codings = pipeline.targets();
    std::vector<double> numbers;
    numbers.reserve(targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i)
        numbers.push_back(codings[i % codings.size()].decoded(targets[i]));
    return numbers;
}

MetricSet predictionMetrics(const Pipeline& pipeline, std::span<const double> predictions, std::span<const float> targets)
{
    switch (pipeline.task()) {
    case TaskKind::Binary:
    case TaskKind::MultiClass:
        return classificationMetrics(labelsOf(targets), predictions, static_cast<int>(pipeline.classes().size()));
    case TaskKind::MultiLabel:
        return multiLabelMetrics(labelsOf(targets), predictions, pipeline.spec().targets());
    case TaskKind::Regression:
    case TaskKind::MultiRegression:
        break;
    }
    const std::vector<double> truth = decodedTargets(pipeline, targets);
    if (pipeline.task() == TaskKind::MultiRegression)
        return multiRegressionMetrics(truth, predictions, pipeline.spec().targets(), pipeline.logLink());
    MetricSet set = regressionMetrics(truth, predictions);
    if (pipeline.logLink())
        set.values["mean_poisson_deviance"] = meanPoissonDeviance(truth, predictions);
    return set;
}

} // namespace limpid
