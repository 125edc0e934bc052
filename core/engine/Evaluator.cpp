#include "core/engine/Evaluator.h"

#include "core/engine/ForwardPlan.h"
#include "core/engine/OutputTransform.h"
#include "core/metrics/TargetMetrics.h"
#include "core/model/PredictionMetrics.h"

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
    const std::size_t rows = targets.size() / pipeline.targets().size();
    return predictionMetrics(pipeline, probabilitiesOf(pipeline, raw, rows, pipeline.outputs()), targets);
}

ValidationPicture pictureOf(const Pipeline& pipeline, std::span<const float> raw, std::span<const float> targets)
{
    ValidationPicture picture;
    const std::size_t width = pipeline.targets().size(), rows = targets.size() / width, outputs = pipeline.outputs();
    const std::vector<double> predicted = probabilitiesOf(pipeline, raw, rows, outputs);
    const auto addClass = [&](const std::string& name, std::size_t output, std::size_t target, float cls) {
        std::vector<ScoredRow> scored(rows);
        for (std::size_t row = 0; row < rows; ++row)
            scored[row] = {predicted[row * outputs + output], targets[row * width + target] == cls};
        picture.classes.push_back(classPicture(name, std::move(scored)));
    };
    switch (pipeline.task()) {
    case TaskKind::Regression:
    case TaskKind::MultiRegression:
        for (std::size_t target = 0; target < width; ++target)
            picture.residuals.push_back(residualPicture(pipeline.targets()[target].column,
                                                        columnOf<double>(decodedTargets(pipeline, targets), width, target),
                                                        columnOf<double>(predicted, outputs, target)));
        break;
    case TaskKind::MultiLabel:
        picture.classCount = width;
        for (std::size_t target = 0; target < width; ++target)
            addClass(pipeline.targets()[target].column, target, target, 1.0f);
        break;
    case TaskKind::Binary:
        picture.names = pipeline.classes();
        picture.classCount = 2;
        addClass(picture.names.at(1), 0, 0, 1.0f);
        break;
    case TaskKind::MultiClass:
        picture.names = pipeline.classes();
        picture.classCount = picture.names.size();
        for (const std::size_t cls : classesShown(std::vector<int>(targets.begin(), targets.end()), outputs))
            addClass(picture.names.at(cls), cls, 0, static_cast<float>(cls));
        break;
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

ValidationPicture Evaluator::picture(const Network& network, std::span<const float> raw) const
{
    ValidationPicture picture = pictureOf(m_pipeline, raw, m_features.targets);
    picture.deadUnits = m_deadUnits.find(network);
    return picture;
}

} // namespace limpid::engine
