#include "core/engine/Trainer.h"

#include "core/base/Clock.h"
#include "core/engine/BatchGradient.h"
#include "core/engine/Checkpoint.h"
#include "core/engine/Evaluator.h"
#include "core/engine/ForwardPlan.h"
#include "core/engine/GradientRules.h"
#include "core/engine/Optimizer.h"
#include "core/engine/Runtime.h"
#include "core/engine/Schedule.h"
#include "core/engine/UnseenRows.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <optional>
#include <thread>

namespace limpid {

namespace {

using namespace engine;

/// Of the epoch's rows, for the training figures.
constexpr std::size_t rowsMet = 2048;

// Of making pictures: the time between two, and by how much it is at least longer than making the last one took.
constexpr double pictureSeconds = 0.1, pictureShare = 200.0;

std::size_t batchRows(const TrainSpec& spec, std::size_t rows)
{
    return static_cast<std::size_t>(spec.batchSize > 0 ? spec.batchSize : automaticBatchSize(rows));
}

std::vector<double> weightsOfClasses(const TrainSpec& spec, const Pipeline& pipeline, const Features& rows)
{
    if (spec.classWeights != "balanced")
        return {};
    return pipeline.task() == TaskKind::MultiLabel ? balancedLabelWeights(rows.targets, rows.targetWidth)
                                                   : balancedClassWeights(rows.targets, pipeline.classes().size());
}

/// One training run, from the first step, or the checkpoint, to the last.
class Run
{
public:
    Run(const NetworkSpec& network, const Pipeline& pipeline, const Features& rows, const Features& validation,
        const TrainSpec& spec, const TrainObserver& observer, Task& task, const TrainSteering& options)
        : m_pipeline(pipeline), m_features(rows), m_spec(spec), m_observer(observer), m_task(task), m_options(options),
          m_network(network, networkContext(pipeline)), m_ranges(trainedRanges(m_network)),
          m_loss(spec, pipeline.task(), weightsOfClasses(spec, pipeline, rows)), m_stepsPerEpoch(stepsPerEpoch(spec, rows.rows)),
          m_gradient(m_network, rows, m_loss, batchRows(spec, rows.rows), spec.threads, spec.seed),
          m_optimizer(spec, m_network), m_schedule(spec, m_stepsPerEpoch), m_unseen(m_network, rows),
          m_trainEvaluator(pipeline, rows, m_loss), m_validationEvaluator(pipeline, validation.rows > 0 ? validation : rows, m_loss)
    {
        m_network.initialise(spec.seed);
        if (spec.emaDecay > 0.0)
            m_state.average.assign(m_network.values().begin(), m_network.values().end());
        if (!options.checkpoint.empty())
            restore(Checkpoint::fromBytes(options.checkpoint, "checkpoint"));
    }

    TrainResult run()
    {
        tellStart();
        m_clock = Stopwatch();
        while (m_state.epoch <= m_spec.epochs && m_end == TrainEnd::Completed) {
            m_task.report(static_cast<double>(m_state.epoch - 1) / m_spec.epochs, stage(m_state.epoch));
            if (!trainEpoch()) {
                m_end = TrainEnd::StoppedByUser;
                break;
            }
            finishEpoch();
            if (m_task.isFinishing())
                m_end = TrainEnd::StoppedByUser;
            else if (m_spec.patience > 0 && m_state.sinceBest >= m_spec.patience && m_state.finishedEpochs < m_spec.epochs)
                m_end = TrainEnd::EarlyStopped;
        }
        keepCheckpoint(); // a run that is over can be extended from here
        return conclude();
    }

private:
    std::string stage(int epoch) const { return "epoch " + std::to_string(epoch) + "/" + std::to_string(m_spec.epochs); }
    double seconds() const { return m_state.seconds + m_clock.seconds(); }

    void tellStart()
    {
        for (const Layer& layer : m_network.layers())
            if (std::any_of(layer.tensors.begin(), layer.tensors.end(), [&](std::size_t slot) { return m_network.weightSlots()[slot].trained; }))
                m_layers.push_back(&layer);
        m_norms.step = 0;
        m_norms.norms.resize(m_layers.size());
        if (!m_observer.onStart)
            return;
        TrainStart start{m_stepsPerEpoch, m_state.steps, {}};
        for (const Layer* layer : m_layers)
            start.layers.push_back(layer->id);
        m_observer.onStart(start);
    }

    std::vector<std::size_t> order() const
    {
        return m_spec.sampling == "balanced" ? balancedOrder(m_features.targets, m_spec.seed, m_state.epoch)
                                             : epochOrder(m_features.rows, m_spec.seed, m_state.epoch);
    }

    /// False where the user stopped it before its end.
    bool trainEpoch()
    {
        const std::vector<std::size_t> rows = order();
        for (; m_state.stepInEpoch < m_stepsPerEpoch; ++m_state.stepInEpoch) {
            m_task.checkpoint();
            waitWhilePaused();
            if (m_task.isFinishing() && m_state.steps > 0)
                return false;
            if (m_options.control)
                if (const double rate = m_options.control->takeLearningRate(); rate > 0.0)
                    m_schedule.setLearningRate(rate);
            // Batches of equal size to within one row, so that no epoch ends in a batch of a few rows.
            const auto at = static_cast<std::size_t>(m_state.stepInEpoch), of = static_cast<std::size_t>(m_stepsPerEpoch);
            const std::size_t begin = rows.size() * at / of, end = rows.size() * (at + 1) / of;
            StepRecord record;
            record.learningRate = m_rate = m_schedule.rate(m_state.steps);
            record.loss = trainStep(std::span(rows).subspan(begin, end - begin));
            record.step = ++m_state.steps;
            record.epoch = m_state.epoch;
            m_state.lossSum += record.loss;
            collectMet();
            record.seconds = seconds();
            if (m_observer.onStep)
                m_observer.onStep(record);
            if (m_observer.onGradients && record.step % gradientInterval(m_stepsPerEpoch) == 0)
                tellGradients(record);
            if (m_observer.wantsCheckpoint && m_state.stepInEpoch + 1 < m_stepsPerEpoch && m_observer.wantsCheckpoint()) {
                ++m_state.stepInEpoch;
                keepCheckpoint();
                --m_state.stepInEpoch;
            }
        }
        return true;
    }

    double trainStep(std::span<const std::size_t> rows)
    {
        const int threads = std::min(m_spec.threads, m_task.cores());
        const auto gradient = [&] {
            double loss = m_gradient.compute(rows, threads);
            if (!std::isfinite(loss))
                diverged();
            const std::span<float> gradients = m_network.gradients();
            if (m_spec.l1 > 0.0)
                loss += addL1(m_network.values(), gradients, m_ranges, m_spec.l1);
            if (m_spec.clipValue > 0.0)
                clipValue(gradients, m_ranges, m_spec.clipValue);
            if (m_spec.clipNorm > 0.0)
                clipNorm(gradients, m_ranges, m_spec.clipNorm);
            return loss;
        };
        double loss = 0.0;
        if (m_optimizer.reevaluates()) {
            bool first = true; // the step's loss is the one that it begins with
            m_optimizer.step(m_network.values(), m_network.gradients(), m_rate, [&] {
                const double now = gradient();
                if (std::exchange(first, false))
                    loss = now;
                return now;
            });
        } else {
            loss = gradient();
            m_optimizer.step(m_network.values(), m_network.gradients(), m_rate);
        }
        if (!m_state.average.empty())
            moveAverage(m_state.average, m_network.values(), m_spec.emaDecay);
        return loss;
    }

    /// The raw outputs of the epoch's first rows, as they were met.
    void collectMet()
    {
        if (m_state.metTargets.size() >= rowsMet * m_features.targetWidth)
            return;
        const std::span<const float> outputs = m_gradient.outputs(), targets = m_gradient.targets();
        m_state.metOutputs.insert(m_state.metOutputs.end(), outputs.begin(), outputs.end());
        m_state.metTargets.insert(m_state.metTargets.end(), targets.begin(), targets.end());
    }

    void tellGradients(const StepRecord& record)
    {
        m_norms.step = record.step;
        m_norms.seconds = record.seconds;
        const std::span<const float> gradients = m_network.gradients();
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            double sum = 0.0;
            for (const std::size_t index : m_layers[i]->tensors) {
                const Slot& slot = m_network.weightSlots()[index];
                const ValueRange range{slot.offset, slot.offset + slot.count, false};
                const double norm = slot.trained ? gradientNorm(gradients, {&range, 1}) : 0.0;
                sum += norm * norm;
            }
            m_norms.norms[i] = std::sqrt(sum);
        }
        m_observer.onGradients(m_norms);
    }

    void waitWhilePaused()
    {
        if (!m_options.control || !m_options.control->isPaused())
            return;
        m_state.seconds = seconds();
        m_clock = Stopwatch();
        keepCheckpoint();
        while (m_options.control->isPaused() && !m_task.isFinishing()) {
            m_task.checkpoint();
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        m_clock = Stopwatch(); // a pause is no training
    }

    /// Evaluates with the averaged weights, where there are any, in place of the trained ones.
    template<class Work>
    void withEvaluated(Work&& work)
    {
        const std::span<float> values = m_network.values();
        if (m_state.average.empty()) {
            m_unseen.fill(m_network, values);
            work();
            return;
        }
        const std::vector<float> trained(values.begin(), values.end());
        for (const ValueRange& range : m_ranges) // running statistics are the network's own
            std::copy(m_state.average.begin() + static_cast<std::ptrdiff_t>(range.begin),
                      m_state.average.begin() + static_cast<std::ptrdiff_t>(range.end), values.begin() + static_cast<std::ptrdiff_t>(range.begin));
        m_unseen.fill(m_network, values);
        work();
        std::copy(trained.begin(), trained.end(), values.begin());
    }

    std::shared_ptr<const ValidationPicture> makePicture(const Evaluator::Figures& figures, int epoch) const
    {
        auto picture = std::make_shared<ValidationPicture>(m_validationEvaluator.picture(m_network, figures.raw));
        picture->epoch = epoch;
        picture->confusion = figures.metrics.confusion;
        return picture;
    }

    /// Null where nobody looks, or it is too soon after the last one.
    std::shared_ptr<const ValidationPicture> pictureInTime(const Evaluator::Figures& figures)
    {
        if (!m_observer.onEpoch || (m_lastPicture && m_sincePicture.seconds() < std::max(pictureSeconds, pictureShare * m_pictureCost)))
            return nullptr;
        const Stopwatch cost;
        m_lastPicture = makePicture(figures, m_state.epoch);
        m_pictureCost = cost.seconds();
        m_sincePicture = Stopwatch();
        return m_lastPicture;
    }

    void finishEpoch()
    {
        EpochRecord record;
        record.epoch = m_state.epoch;
        record.step = m_state.steps;
        record.trainLoss = m_state.lossSum / static_cast<double>(m_stepsPerEpoch);
        record.learningRate = m_rate;
        record.train = metricsOf(m_pipeline, m_state.metOutputs, m_state.metTargets);
        withEvaluated([&] {
            const Evaluator::Figures figures = m_validationEvaluator.evaluate(m_network, m_task);
            if (!std::isfinite(figures.loss))
                diverged();
            record.validationLoss = figures.loss;
            record.validation = figures.metrics;
            record.best = m_state.best.empty() || figures.loss < m_state.bestLoss;
            record.picture = pictureInTime(figures);
            m_state.finishedEpochs = m_state.epoch;
            m_state.sinceBest = record.best ? 0 : m_state.sinceBest + 1;
            record.seconds = seconds();
            if (!record.best)
                return;
            m_state.bestLoss = figures.loss;
            m_state.bestEpoch = m_state.epoch;
            m_state.bestValidation = figures.metrics;
            m_state.best.assign(m_network.values().begin(), m_network.values().end());
            if (m_observer.onBest)
                m_observer.onBest(record, m_network.weights());
        });
        m_schedule.finishEpoch(record.validationLoss);
        if (m_observer.onEpoch)
            m_observer.onEpoch(record);
        ++m_state.epoch;
        m_state.stepInEpoch = 0;
        m_state.lossSum = 0.0;
        m_state.metOutputs.clear();
        m_state.metTargets.clear();
        if (m_observer.wantsCheckpoint && m_observer.wantsCheckpoint())
            keepCheckpoint();
    }

    void keepCheckpoint()
    {
        if (!m_observer.onCheckpoint)
            return;
        Checkpoint checkpoint = m_state;
        checkpoint.seconds = seconds();
        checkpoint.values.assign(m_network.values().begin(), m_network.values().end());
        checkpoint.dropout = m_gradient.dropout();
        checkpoint.optimizer = m_optimizer.state();
        checkpoint.schedule = m_schedule.state();
        m_observer.onCheckpoint(m_state.steps, checkpoint.toBytes());
    }

    void restore(Checkpoint checkpoint)
    {
        const std::string path = "checkpoint";
        const std::size_t count = m_network.values().size();
        const auto fits = [&](const std::vector<float>& values, bool mayBeEmpty) { return values.size() == count || (mayBeEmpty && values.empty()); };
        if (!fits(checkpoint.values, false) || !fits(checkpoint.best, true) || checkpoint.average.size() != m_state.average.size()
            || checkpoint.dropout.size() != m_gradient.dropout().size() || checkpoint.stepInEpoch < 0
            || checkpoint.stepInEpoch >= m_stepsPerEpoch || checkpoint.epoch < 1)
            throw Error(ErrorCode::BundleInvalid, {{"path", path}, {"reason", "another network or other settings"}});
        std::copy(checkpoint.values.begin(), checkpoint.values.end(), m_network.values().begin());
        m_gradient.setDropout(checkpoint.dropout);
        m_optimizer.restore(checkpoint.optimizer, path);
        m_schedule.restore(checkpoint.schedule, path);
        m_state = std::move(checkpoint);
        m_state.values.clear();
        m_state.optimizer.clear();
        m_state.schedule.clear();
    }

    TrainResult conclude()
    {
        TrainResult result;
        result.bestEpoch = m_state.bestEpoch;
        result.epochs = m_state.finishedEpochs;
        result.steps = m_state.steps;
        result.end = m_end;
        result.validation = m_state.bestValidation;
        const auto take = [&] {
            const bool evaluated = !m_state.best.empty(), pictured = m_lastPicture && m_lastPicture->epoch == m_state.bestEpoch;
            if (pictured)
                result.picture = m_lastPicture;
            if (!evaluated || (m_observer.onEpoch && !pictured)) {
                const Evaluator::Figures figures = m_validationEvaluator.evaluate(m_network, m_task);
                if (!evaluated)
                    result.validation = figures.metrics;
                if (m_observer.onEpoch && std::isfinite(figures.loss))
                    result.picture = makePicture(figures, m_state.bestEpoch);
            }
            result.weights = m_network.weights();
            result.train = m_trainEvaluator.evaluate(m_network, m_task).metrics;
        };
        if (!m_state.best.empty()) {
            std::copy(m_state.best.begin(), m_state.best.end(), m_network.values().begin());
            take();
        } else {
            withEvaluated(take);
        }
        result.seconds = seconds();
        m_task.report(1.0, stage(result.epochs));
        return result;
    }

    [[noreturn]] void diverged()
    {
        throw Error(ErrorCode::TrainingDiverged, {{"epoch", std::to_string(m_state.epoch)},
                                                  {"step", std::to_string(m_state.steps + 1)},
                                                  {"layer", divergedLayer()}});
    }

    /// The first layer whose weights or outputs are no numbers any more; the last one where all are, but too large.
    std::string divergedLayer() const
    {
        const auto finite = [](std::span<const float> values) {
            return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
        };
        const std::size_t rows = std::min(m_features.rows, chunkRows(m_network));
        const ForwardPlan plan(m_network);
        ForwardPlan::Workspace workspace(plan, rows);
        plan.run({static_cast<std::int64_t>(rows), m_features.numbers.data(), m_features.categories.data()}, workspace);
        const std::vector<Layer>& layers = m_network.layers();
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const bool weights = std::all_of(layers[i].tensors.begin(), layers[i].tensors.end(), [&](std::size_t index) {
                const Slot& slot = m_network.weightSlots()[index];
                return finite(m_network.values().subspan(slot.offset, slot.count));
            });
            const bool input = layers[i].inputs.empty();
            if (!weights || (!input && !finite({workspace.buffer(i), rows * static_cast<std::size_t>(layers[i].width)})))
                return layers[i].id;
        }
        return layers.back().id;
    }

    const Pipeline& m_pipeline;
    const Features& m_features;
    const TrainSpec& m_spec;
    const TrainObserver& m_observer;
    Task& m_task;
    const TrainSteering& m_options;
    Stopwatch m_clock;                  ///< since the start, the checkpoint or the last pause
    Network m_network;
    std::vector<ValueRange> m_ranges;
    Loss m_loss;
    std::int64_t m_stepsPerEpoch;
    BatchGradient m_gradient;
    Optimizer m_optimizer;
    Schedule m_schedule;
    UnseenRows m_unseen;
    Evaluator m_trainEvaluator, m_validationEvaluator;
    Checkpoint m_state;                 ///< but for values, dropout, optimizer and schedule, which are taken when it is kept
    TrainEnd m_end = TrainEnd::Completed;
    double m_rate = 0.0;                ///< of the present step
    Stopwatch m_sincePicture;
    std::shared_ptr<const ValidationPicture> m_lastPicture;
    double m_pictureCost = 0.0;         ///< seconds that it took
    std::vector<const Layer*> m_layers; ///< with weights that are trained
    GradientRecord m_norms;
};

} // namespace

std::vector<std::size_t> epochOrder(std::size_t rows, std::uint64_t seed, int epoch)
{
    std::vector<std::size_t> order(rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Random(seed, "shuffle " + std::to_string(epoch)).shuffle(order);
    return order;
}

std::vector<std::size_t> balancedOrder(std::span<const float> classes, std::uint64_t seed, int epoch)
{
    std::vector<std::vector<std::size_t>> byClass;
    for (std::size_t row = 0; row < classes.size(); ++row) {
        const auto label = static_cast<std::size_t>(classes[row]);
        byClass.resize(std::max(byClass.size(), label + 1));
        byClass[label].push_back(row);
    }
    std::erase_if(byClass, [](const std::vector<std::size_t>& rows) { return rows.empty(); });
    Random random(seed, "balanced " + std::to_string(epoch));
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const std::vector<std::size_t>& rows = byClass[random.below(byClass.size())];
        order.push_back(rows[random.below(rows.size())]);
    }
    return order;
}

std::int64_t stepsPerEpoch(const TrainSpec& spec, std::size_t rows)
{
    const std::size_t perStep = batchRows(spec, rows) * static_cast<std::size_t>(spec.accumulation);
    return static_cast<std::int64_t>((rows + perStep - 1) / perStep);
}

std::int64_t gradientInterval(std::int64_t stepsPerEpoch)
{
    return std::max<std::int64_t>(64, stepsPerEpoch / 16);
}

TrainResult train(const NetworkSpec& network, const Pipeline& pipeline, const Features& trainRows,
                  const Features& validationRows, const TrainSpec& spec, const TrainObserver& observer, Task& task,
                  const TrainSteering& options)
{
    throwFirstError(validateParams(trainParams(), toJson(spec)));
    throwFirstError(lossIssues(spec, pipeline));
    const std::size_t targets = pipeline.targets().size();
    if (trainRows.rows == 0 || trainRows.targets.size() != trainRows.rows * targets
        || validationRows.targets.size() != validationRows.rows * targets)
        throw Error(ErrorCode::TooFewRows, {{"rows", std::to_string(trainRows.rows)}, {"needed", "1"}});
    TrainResult result;
    guarded([&] { result = Run(network, pipeline, trainRows, validationRows, spec, observer, task, options).run(); });
    return result;
}

} // namespace limpid
