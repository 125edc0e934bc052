#include "core/engine/Evaluator.h"

#include "core/engine/ForwardPlan.h"
#include "core/engine/OutputTransform.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

MetricSet metricsOf(const Pipeline& pipeline, std::span<const float> raw, std::span<const float> targets)
{
    const std::size_t rows = targets.size(), outputs = rows > 0 ? raw.size() / rows : 0;
    std::vector<double> predicted(raw.size());
    const OutputTransform transform(pipeline, OutputSpace::Probability);
    transform.apply(raw.data(), rows, outputs, predicted.data());
    if (pipeline.task() == TaskKind::Regression) {
        std::vector<double> truth;
        for (const float target : targets)
            truth.push_back(static_cast<double>(target) * pipeline.targetScale() + pipeline.targetMean());
        return regressionMetrics(truth, predicted);
    }
    const std::vector<int> labels(targets.begin(), targets.end());
    return classificationMetrics(labels, predicted, pipeline.task() == TaskKind::Binary ? 2 : static_cast<int>(outputs));
}

Evaluator::Figures Evaluator::evaluate(const Network& network, const Task& task) const
{
    Figures figures;
    const std::size_t rows = m_features.rows;
    if (rows == 0)
        return figures;
    const auto outputs = static_cast<std::size_t>(network.outputs());
    std::vector<float> raw(rows * outputs);
    const ForwardPlan plan(network);
    const std::size_t chunk = chunkRows(network);
    ForwardPlan::Workspace workspace(plan, std::min(rows, chunk));
    for (std::size_t begin = 0; begin < rows; begin += chunk) {
        task.checkpoint();
        const std::size_t count = std::min(chunk, rows - begin);
        const Batch batch{static_cast<std::int64_t>(count), m_features.numbers.data() + begin * m_features.numberWidth,
                          m_features.categories.data() + begin * m_features.categoryWidth};
        std::copy_n(plan.run(batch, workspace), count * outputs, raw.data() + begin * outputs);
    }
    figures.loss = m_loss.value(raw, m_features.targets, rows, m_loss.normaliser(m_features.targets));
    if (std::isfinite(figures.loss))
        figures.metrics = metricsOf(m_pipeline, raw, m_features.targets);
    return figures;
}

} // namespace limpid::engine
