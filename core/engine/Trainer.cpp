#include "core/engine/Trainer.h"

#include "core/base/Clock.h"
#include "core/engine/ForwardPlan.h"
#include "core/engine/Network.h"
#include "core/engine/Optimizer.h"
#include "core/engine/OutputTransform.h"
#include "core/engine/Pass.h"
#include "core/engine/Runtime.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace limpid {

namespace {

using namespace engine;

/// Rows gathered for one step (or one thread's part of it), in memory that is used again and again.
struct Gathered {
    std::vector<float> numbers, targets;
    std::vector<std::int32_t> categories;

    Batch gather(const Features& features, std::span<const std::size_t> rows)
    {
        numbers.resize(rows.size() * features.numberWidth);
        categories.resize(rows.size() * features.categoryWidth);
        targets.resize(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            std::copy_n(features.numbers.data() + rows[i] * features.numberWidth, features.numberWidth,
                        numbers.data() + i * features.numberWidth);
            std::copy_n(features.categories.data() + rows[i] * features.categoryWidth, features.categoryWidth,
                        categories.data() + i * features.categoryWidth);
            targets[i] = features.targets[rows[i]];
        }
        return {static_cast<std::int64_t>(rows.size()), numbers.data(), categories.data()};
    }
};

/// The sum over the batch divided by `count`, so that parts of a batch add up to its mean, and its gradient.
double lossOf(const float* raw, std::size_t outputs, const Gathered& batch, TaskKind task, std::size_t count, float* gradient)
{
    const double scale = 1.0 / static_cast<double>(count);
    double sum = 0.0;
    for (std::size_t row = 0; row < batch.targets.size(); ++row) {
        const float* z = raw + row * outputs;
        float* g = gradient + row * outputs;
        const double target = batch.targets[row];
        if (task == TaskKind::Regression) {
            const double d = z[0] - target;
            sum += d * d;
            g[0] = static_cast<float>(2.0 * d * scale);
        } else if (task == TaskKind::Binary) {
            const double e = std::exp(-std::abs(static_cast<double>(z[0])));
            sum += std::max<double>(z[0], 0.0) - z[0] * target + std::log1p(e);
            g[0] = static_cast<float>(((z[0] >= 0 ? 1.0 : e) / (1.0 + e) - target) * scale);
        } else {
            const float largest = *std::max_element(z, z + outputs);
            double total = 0.0;
            for (std::size_t k = 0; k < outputs; ++k)
                total += std::exp(static_cast<double>(z[k] - largest));
            const auto label = static_cast<std::size_t>(target);
            sum += std::log(total) + largest - z[label];
            for (std::size_t k = 0; k < outputs; ++k)
                g[k] = static_cast<float>((std::exp(static_cast<double>(z[k] - largest)) / total - (k == label)) * scale);
        }
    }
    return sum * scale;
}

/// Loss and figures of a part of the data under the network's present values.
struct Evaluation {
    double loss = std::numeric_limits<double>::quiet_NaN();
    MetricSet metrics;
};

class Evaluator
{
public:
    Evaluator(const Pipeline& pipeline, const Features& features) : m_pipeline(pipeline), m_features(features) {}

    Evaluation evaluate(const Network& network, const Task& task) const
    {
        Evaluation result;
        const std::size_t rows = m_features.rows;
        if (rows == 0)
            return result;
        const auto outputs = static_cast<std::size_t>(network.outputs());
        std::vector<float> raw(rows * outputs);
        const ForwardPlan plan(network);
        ForwardPlan::Workspace workspace(plan, std::min(rows, chunkRows));
        for (std::size_t begin = 0; begin < rows; begin += chunkRows) {
            task.checkpoint();
            const std::size_t count = std::min(chunkRows, rows - begin);
            const Batch batch{static_cast<std::int64_t>(count), m_features.numbers.data() + begin * m_features.numberWidth,
                              m_features.categories.data() + begin * m_features.categoryWidth};
            std::copy_n(plan.run(batch, workspace), count * outputs, raw.data() + begin * outputs);
        }
        result.loss = loss(raw, outputs);
        if (std::isfinite(result.loss))
            result.metrics = metrics(raw, outputs);
        return result;
    }

private:
    double loss(const std::vector<float>& raw, std::size_t outputs) const
    {
        double sum = 0.0;
        for (std::size_t row = 0; row < m_features.rows; ++row) {
            const float* z = raw.data() + row * outputs;
            const double target = m_features.targets[row];
            if (m_pipeline.task() == TaskKind::Regression) {
                sum += (z[0] - target) * (z[0] - target);
            } else if (m_pipeline.task() == TaskKind::Binary) {
                // −log σ(±z), in the form that does not overflow
                sum += std::max<double>(z[0], 0.0) - z[0] * target + std::log1p(std::exp(-std::abs(static_cast<double>(z[0]))));
            } else {
                const double largest = *std::max_element(z, z + outputs);
                double total = 0.0;
                for (std::size_t k = 0; k < outputs; ++k)
                    total += std::exp(z[k] - largest);
                sum += std::log(total) + largest - z[static_cast<std::size_t>(target)];
            }
        }
        return sum / static_cast<double>(m_features.rows);
    }

    MetricSet metrics(const std::vector<float>& raw, std::size_t outputs) const
    {
        std::vector<double> predicted(raw.size());
        const OutputTransform transform(m_pipeline, OutputSpace::Probability);
        transform.apply(raw.data(), m_features.rows, outputs, predicted.data());
        const std::span<const float> targets = m_features.targets;
        if (m_pipeline.task() == TaskKind::Regression) {
            std::vector<double> truth;
            for (const float target : targets)
                truth.push_back(static_cast<double>(target) * m_pipeline.targetScale() + m_pipeline.targetMean());
            return regressionMetrics(truth, predicted);
        }
        const std::vector<int> labels(targets.begin(), targets.end());
        return classificationMetrics(labels, predicted, m_pipeline.task() == TaskKind::Binary ? 2 : static_cast<int>(outputs));
    }

    const Pipeline& m_pipeline;
    const Features& m_features;
};

/// Embedding rows that no training row points to, "unseen" above all, get the mean of the trained ones weighted by how
/// often each occurs: a value never met is taken for an average one.
class UnseenRows
{
public:
    UnseenRows(const Network& network, const Features& features)
    {
        const std::size_t columns = features.categoryWidth;
        m_counts.resize(columns);
        for (const Layer& layer : network.layers())
            if (layer.kind == LayerKind::Embedding)
                for (std::size_t column = 0; column < columns; ++column)
                    m_counts[column].resize(static_cast<std::size_t>(network.slots()[layer.tensors[column]].shape[0]), 0);
        if (!network.has(LayerKind::Embedding))
            return;
        for (std::size_t i = 0; i < features.categories.size(); ++i)
            ++m_counts[i % columns].at(static_cast<std::size_t>(features.categories[i]));
    }

    void fill(Network& network) const
    {
        for (const Layer& layer : network.layers()) {
            if (layer.kind != LayerKind::Embedding)
                continue;
            for (std::size_t column = 0; column < layer.tensors.size(); ++column)
                fillColumn(network.values().data() + network.slots()[layer.tensors[column]].offset,
                           static_cast<std::size_t>(layer.widths[column]), m_counts[column]);
        }
    }

private:
    static void fillColumn(float* table, std::size_t width, const std::vector<std::size_t>& counts)
    {
        const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
        for (std::size_t k = 0; k < width; ++k) {
            double mean = 0.0;
            for (std::size_t value = 0; value < counts.size(); ++value)
                mean += static_cast<double>(counts[value]) / total * table[value * width + k];
            for (std::size_t value = 0; value < counts.size(); ++value)
                if (counts[value] == 0)
                    table[value * width + k] = static_cast<float>(mean);
        }
    }

    std::vector<std::vector<std::size_t>> m_counts; ///< by column and value
};

/// One training run, from the first step to the last.
class Run
{
public:
    Run(const NetworkSpec& network, const Pipeline& pipeline, const Features& rows, const Features& validation,
        const TrainSpec& spec, const TrainObserver& observer, Task& task)
        : m_pipeline(pipeline), m_features(rows), m_spec(spec), m_observer(observer), m_task(task),
          m_network(network, networkContext(pipeline)), m_optimizer(spec, m_network), m_unseen(m_network, rows),
          m_trainEvaluator(pipeline, rows), m_validationEvaluator(pipeline, validation.rows > 0 ? validation : rows)
    {
        m_network.initialise(spec.seed);
        const std::size_t batch = static_cast<std::size_t>(spec.batchSize > 0 ? spec.batchSize : automaticBatchSize(rows.rows));
        m_stepsPerEpoch = (rows.rows + batch - 1) / batch;
        // Running statistics must see the whole batch, so such a network is not shared out.
        const std::size_t largest = m_network.has(LayerKind::BatchNorm1d) ? 1 : std::max<std::size_t>(1, batch / 128);
        const std::size_t parts = std::min<std::size_t>(static_cast<std::size_t>(std::max(1, spec.threads)), largest);
        for (std::size_t part = 0; part < parts; ++part) {
            if (part > 0)
                m_siblings.push_back(m_network.sibling());
            m_dropout.emplace_back(spec.seed, "dropout " + std::to_string(part));
        }
        for (std::size_t part = 0; part < parts; ++part) // siblings lie still from here on
            m_passes.push_back(makePass(part == 0 ? m_network : m_siblings[part - 1], (batch + parts - 1) / parts + 1));
        m_outputGradients.resize(parts);
        m_gathered.resize(parts);
        m_losses.resize(parts);
    }

    TrainResult run()
    {
        int sinceBest = 0;
        for (int epoch = 1; epoch <= m_spec.epochs && m_result.end == TrainEnd::Completed; ++epoch) {
            m_task.report(static_cast<double>(epoch - 1) / m_spec.epochs,
                          "epoch " + std::to_string(epoch) + "/" + std::to_string(m_spec.epochs));
            const std::vector<std::size_t> order = epochOrder(m_features.rows, m_spec.seed, epoch);
            EpochRecord record;
            if (!trainEpoch(epoch, order, record)) {
                m_result.end = TrainEnd::StoppedByUser;
                break;
            }
            finishEpoch(epoch, record);
            sinceBest = record.best ? 0 : sinceBest + 1;
            if (m_task.isFinishing())
                m_result.end = TrainEnd::StoppedByUser;
            else if (m_spec.patience > 0 && sinceBest >= m_spec.patience && epoch < m_spec.epochs)
                m_result.end = TrainEnd::EarlyStopped;
        }
        return conclude();
    }

private:
    /// False where the user stopped it before its end.
    bool trainEpoch(int epoch, const std::vector<std::size_t>& order, EpochRecord& record)
    {
        double sum = 0.0;
        for (std::size_t step = 0; step < m_stepsPerEpoch; ++step) {
            m_task.checkpoint();
            if (m_task.isFinishing() && m_result.steps > 0)
                return false;
            // Batches of equal size to within one row, so that no epoch ends in a batch of a few rows.
            const std::size_t begin = order.size() * step / m_stepsPerEpoch;
            const std::size_t end = order.size() * (step + 1) / m_stepsPerEpoch;
            record.learningRate = scheduledRate(
                m_spec, m_result.steps, static_cast<std::int64_t>(m_stepsPerEpoch) * static_cast<std::int64_t>(m_spec.epochs));
            const double loss = trainStep(std::span(order).subspan(begin, end - begin), record.learningRate);
            ++m_result.steps;
            if (!std::isfinite(loss))
                diverged(epoch);
            sum += loss;
            if (m_observer.onStep)
                m_observer.onStep({m_result.steps, epoch, m_clock.seconds(), loss});
        }
        record.trainLoss = sum / static_cast<double>(m_stepsPerEpoch);
        return true;
    }

    double trainStep(std::span<const std::size_t> rows, double learningRate)
    {
        const std::size_t parts = m_gathered.size();
        const auto work = [&](std::size_t part) {
            const std::size_t begin = rows.size() * part / parts;
            const std::size_t end = rows.size() * (part + 1) / parts;
            Network& network = part == 0 ? m_network : m_siblings[part - 1];
            m_losses[part] = 0.0;
            if (begin == end) {
                const std::span<float> gradients = network.gradients();
                std::fill(gradients.begin(), gradients.end(), 0.0f);
                return;
            }
            const Batch batch = m_gathered[part].gather(m_features, rows.subspan(begin, end - begin));
            const auto outputs = static_cast<std::size_t>(network.outputs());
            m_outputGradients[part].resize(static_cast<std::size_t>(batch.rows) * outputs);
            const float* const raw = m_passes[part]->forward(batch, m_dropout[part]);
            m_losses[part] = lossOf(raw, outputs, m_gathered[part], m_pipeline.task(), rows.size(), m_outputGradients[part].data());
            if (std::isfinite(m_losses[part]))
                m_passes[part]->backward(m_outputGradients[part].data(), false);
        };
        if (parts == 1)
            work(0);
        else
            inParallel(static_cast<int>(parts), [&](int part) { work(static_cast<std::size_t>(part)); });
        // Added up in the order of the parts, so that sums are the same each time.
        double loss = m_losses[0];
        const std::span<float> gradients = m_network.gradients();
        for (std::size_t part = 1; part < parts; ++part) {
            loss += m_losses[part];
            const std::span<const float> others = m_siblings[part - 1].gradients();
            for (std::size_t i = 0; i < gradients.size(); ++i)
                gradients[i] += others[i];
        }
        if (std::isfinite(loss))
            m_optimizer.step(m_network.values(), gradients, learningRate);
        return loss;
    }

    void finishEpoch(int epoch, EpochRecord& record)
    {
        m_unseen.fill(m_network);
        const Evaluation evaluation = m_validationEvaluator.evaluate(m_network, m_task);
        if (!std::isfinite(evaluation.loss))
            diverged(epoch);
        m_result.epochs = epoch;
        record.epoch = epoch;
        record.step = m_result.steps;
        record.validationLoss = evaluation.loss;
        record.validation = evaluation.metrics;
        record.best = !m_best || evaluation.loss < m_bestLoss;
        if (record.best) {
            m_bestLoss = evaluation.loss;
            m_best.emplace(m_network.values().begin(), m_network.values().end());
            m_result.bestEpoch = epoch;
            m_result.validation = evaluation.metrics;
        }
        record.seconds = m_clock.seconds();
        if (record.best && m_observer.onBest)
            m_observer.onBest(record, m_network.weights());
        if (m_observer.onEpoch)
            m_observer.onEpoch(record);
    }

    TrainResult conclude()
    {
        if (m_best) {
            std::copy(m_best->begin(), m_best->end(), m_network.values().begin());
        } else {
            m_unseen.fill(m_network);
            m_result.validation = m_validationEvaluator.evaluate(m_network, m_task).metrics;
        }
        m_result.weights = m_network.weights();
        m_result.train = m_trainEvaluator.evaluate(m_network, m_task).metrics;
        m_result.seconds = m_clock.seconds();
        m_task.report(1.0, "epoch " + std::to_string(m_result.epochs) + "/" + std::to_string(m_spec.epochs));
        return std::move(m_result);
    }

    [[noreturn]] void diverged(int epoch) const
    {
        throw Error(ErrorCode::TrainingDiverged,
                    {{"epoch", std::to_string(epoch)}, {"step", std::to_string(m_result.steps)}});
    }

    const Pipeline& m_pipeline;
    const Features& m_features;
    const TrainSpec& m_spec;
    const TrainObserver& m_observer;
    Task& m_task;
    Stopwatch m_clock;
    Network m_network;
    std::vector<Network> m_siblings;    ///< of the second thread and on
    Optimizer m_optimizer;
    UnseenRows m_unseen;
    Evaluator m_trainEvaluator, m_validationEvaluator;
    std::vector<Random> m_dropout;      ///< by thread, as are:
    std::vector<Gathered> m_gathered;
    std::vector<std::vector<float>> m_outputGradients;
    std::vector<std::unique_ptr<Pass>> m_passes;
    std::vector<double> m_losses;
    std::size_t m_stepsPerEpoch = 0;
    std::optional<std::vector<float>> m_best;
    double m_bestLoss = 0.0;
    TrainResult m_result;
};

} // namespace

std::vector<std::size_t> epochOrder(std::size_t rows, std::uint64_t seed, int epoch)
{
    std::vector<std::size_t> order(rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Random(seed, "shuffle " + std::to_string(epoch)).shuffle(order);
    return order;
}

TrainResult train(const NetworkSpec& network, const Pipeline& pipeline, const Features& trainRows,
                  const Features& validationRows, const TrainSpec& spec, const TrainObserver& observer, Task& task)
{
    throwFirstError(validateParams(trainParams(), toJson(spec)));
    if (trainRows.rows == 0 || trainRows.targets.size() != trainRows.rows
        || validationRows.targets.size() != validationRows.rows)
        throw Error(ErrorCode::TooFewRows, {{"rows", std::to_string(trainRows.rows)}, {"needed", "1"}});
    TrainResult result;
    guarded([&] { result = Run(network, pipeline, trainRows, validationRows, spec, observer, task).run(); });
    return result;
}

} // namespace limpid
