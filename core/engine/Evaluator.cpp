#include "core/engine/Evaluator.h"

#include "core/engine/ForwardPlan.h"
#include "core/engine/OutputTransform.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid::engine {

namespace {

std::vector<double> probabilitiesOf(const Pipeline& pipeline, std::span<const float> raw, std::size_t rows, std::size_t outputs)
{
    std::vector<double> predicted(raw.size());
    OutputTransform(pipeline, OutputSpace::Probability).apply(raw.data(), rows, outputs, predicted.data());
    return predicted;
}

std::vector<double> valuesOf(const Pipeline& pipeline, std::span<const float> targets)
{
    std::vector<double> truth;
    truth.reserve(targets.size());
    for (const float target : targets)
        truth.push_back(static_cast<double>(target) * pipeline.targetScale() + pipeline.targetMean());
    return truth;
}

/// Of a multi-class task those classes that are shown: the most frequent ones, ascending.
std::vector<std::size_t> classesShown(std::span<const int> labels, std::size_t classes)
{
    std::vector<std::size_t> rows(classes, 0), shown(classes);
    for (const int label : labels)
        if (label >= 0 && static_cast<std::size_t>(label) < classes)
            ++rows[static_cast<std::size_t>(label)];
    std::iota(shown.begin(), shown.end(), std::size_t{0});
    std::stable_sort(shown.begin(), shown.end(), [&](std::size_t a, std::size_t b) { return rows[a] > rows[b]; });
    shown.resize(std::min(classes, ValidationPicture::classesShown));
    std::sort(shown.begin(), shown.end());
    return shown;
}

} // namespace

MetricSet metricsOf(const Pipeline& pipeline, std::span<const float> raw, std::span<const float> targets)
{
    const std::size_t rows = targets.size(), outputs = rows > 0 ? raw.size() / rows : 0;
    const std::vector<double> predicted = probabilitiesOf(pipeline, raw, rows, outputs);
    if (pipeline.task() == TaskKind::Regression)
        return regressionMetrics(valuesOf(pipeline, targets), predicted);
    const std::vector<int> labels(targets.begin(), targets.end());
    return classificationMetrics(labels, predicted, pipeline.task() == TaskKind::Binary ? 2 : static_cast<int>(outputs));
}

ValidationPicture pictureOf(const Pipeline& pipeline, std::span<const float> raw, std::span<const float> targets)
{
    ValidationPicture picture;
    const std::size_t rows = targets.size(), outputs = rows > 0 ? raw.size() / rows : 0;
    const std::vector<double> predicted = probabilitiesOf(pipeline, raw, rows, outputs);
    if (pipeline.task() == TaskKind::Regression) {
        picture.residuals.push_back(residualPicture(pipeline.spec().target, valuesOf(pipeline, targets), predicted));
        return picture;
    }
    const std::vector<int> labels(targets.begin(), targets.end());
    const bool binary = pipeline.task() == TaskKind::Binary;
    picture.names = pipeline.classes();
    picture.classCount = picture.names.size();
    const std::vector<std::size_t> shown = binary ? std::vector<std::size_t>{1} : classesShown(labels, outputs);
    for (const std::size_t cls : shown) {
        std::vector<ScoredRow> scored(rows);
        for (std::size_t row = 0; row < rows; ++row)
            scored[row] = {predicted[binary ? row : row * outputs + cls], labels[row] == static_cast<int>(cls)};
        picture.classes.push_back(classPicture(picture.names.at(cls), std::move(scored)));
    }
    return picture;
}

Evaluator::Figures Evaluator::evaluate(const Network& network, const Task& task) const
{
    Figures figures;
    const std::size_t rows = m_features.rows;
    if (rows == 0)
        return figures;
    const auto outputs = static_cast<std::size_t>(network.outputs());
    std::vector<float>& raw = figures.raw;
    raw.resize(rows * outputs);
    const ForwardPlan plan(network);
    ForwardPlan::Workspace workspace(plan, std::min(rows, chunkRows));
    for (std::size_t begin = 0; begin < rows; begin += chunkRows) {
        task.checkpoint();
        const std::size_t count = std::min(chunkRows, rows - begin);
        const Batch batch{static_cast<std::int64_t>(count), m_features.numbers.data() + begin * m_features.numberWidth,
                          m_features.categories.data() + begin * m_features.categoryWidth};
        std::copy_n(plan.run(batch, workspace), count * outputs, raw.data() + begin * outputs);
    }
    figures.loss = m_loss.value(raw, m_features.targets, rows, m_loss.normaliser(m_features.targets));
    if (std::isfinite(figures.loss))
        figures.metrics = metricsOf(m_pipeline, raw, m_features.targets);
    return figures;
}

ValidationPicture Evaluator::picture(const Network& network, std::span<const float> raw) const
{
    ValidationPicture picture = pictureOf(m_pipeline, raw, m_features.targets);
    picture.deadUnits = m_deadUnits.find(network);
    return picture;
}

} // namespace limpid::engine
