#pragma once

#include "core/base/Task.h"
#include "core/data/Pipeline.h"
#include "core/metrics/Metrics.h"
#include "core/metrics/ValidationPicture.h"
#include "core/model/NetworkSpec.h"
#include "core/model/TrainSpec.h"
#include "core/model/Weights.h"

#include <atomic>
#include <functional>
#include <memory>
#include <span>

namespace limpid {

/// One optimiser step, as it happens.
struct StepRecord {
    std::int64_t step = 0;     ///< from 1
    int epoch = 0;             ///< from 1
    double seconds = 0.0;      ///< of training so far, pauses left out
    double loss = 0.0;         ///< mean over the batch, in the scaled target's unit for regression
    double learningRate = 0.0;
};

/// How large the gradients are, every few steps (gradientInterval()).
struct GradientRecord {
    std::int64_t step = 0;
    double seconds = 0.0;
    std::vector<double> norms; ///< √Σ gradient² of each layer with weights, in the order of TrainStart::layers
};

/// One finished epoch.
struct EpochRecord {
    int epoch = 0;
    std::int64_t step = 0;
    double seconds = 0.0;
    double trainLoss = 0.0;        ///< mean over the epoch's batches
    double validationLoss = 0.0;
    double learningRate = 0.0;     ///< of the epoch's last step
    MetricSet train;               ///< of the epoch's first batches (some 2048 rows) as they were met, with dropout
    MetricSet validation;
    bool best = false;             ///< the lowest validation loss so far
    /// Of the validation rows, or null: made after the first epoch, and from then on so seldom that it takes half a hundredth
    /// of the time at most, and ten times a second at most. Some 10 KB: whoever keeps epochs takes it out of them.
    std::shared_ptr<const ValidationPicture> picture;
};

/// What is known before the first step.
struct TrainStart {
    std::int64_t stepsPerEpoch = 0;
    std::int64_t step = 0;               ///< done already, where a checkpoint is gone on from
    std::vector<std::string> layers;     ///< nodes with weights
};

/// Called on the training thread; must be quick.
struct TrainObserver {
    std::function<void(const TrainStart&)> onStart;
    std::function<void(const StepRecord&)> onStep;
    std::function<void(const GradientRecord&)> onGradients;
    std::function<void(const EpochRecord&)> onEpoch;
    /// After an epoch that was the best so far: its weights, to be kept safe.
    std::function<void(const EpochRecord&, const Weights&)> onBest;
    /// Asked after each step: whether a checkpoint is wanted now. It is also made at a pause and at the end.
    std::function<bool()> wantsCheckpoint;
    /// All that is needed to go on from `step`, as bytes for `TrainSteering::checkpoint`.
    std::function<void(std::int64_t step, std::string bytes)> onCheckpoint;
};

/// What may be asked of a training while it runs, from any thread.
class TrainControl
{
public:
    void pause() { m_paused = true; }
    void proceed() { m_paused = false; }
    bool isPaused() const { return m_paused; }
    /// From the next step on, as if it had been set so from the start.
    void setLearningRate(double rate) { m_learningRate = rate; }
    /// The rate asked for since the last call, or 0.
    double takeLearningRate() { return m_learningRate.exchange(0.0); }

private:
    std::atomic<bool> m_paused{false};
    std::atomic<double> m_learningRate{0.0};
};

/// Who may steer a training, and where it sets out from.
struct TrainSteering {
    TrainControl* control = nullptr;
    /// To go on from: of the same network, data and settings, but for `epochs`, which may be more (a run that is
    /// extended). Empty: from the start.
    std::string checkpoint;
};

enum class TrainEnd { Completed, EarlyStopped, StoppedByUser };

struct TrainResult {
    Weights weights;         ///< of the best epoch
    int bestEpoch = 0;
    int epochs = 0;          ///< finished
    std::int64_t steps = 0;
    double seconds = 0.0;
    TrainEnd end = TrainEnd::Completed;
    MetricSet train, validation;   ///< of the best epoch's weights
    std::shared_ptr<const ValidationPicture> picture; ///< of the same; null without onEpoch
};

/// The order in which an epoch (from 1) goes through its rows: a shuffle of its own, so that it needs no memory of the
/// epochs before. With `balanced` sampling as many rows are drawn with replacement, every class as likely as any other.
std::vector<std::size_t> epochOrder(std::size_t rows, std::uint64_t seed, int epoch);
std::vector<std::size_t> balancedOrder(std::span<const float> classes, std::uint64_t seed, int epoch);

/// Of the optimizer.
std::int64_t stepsPerEpoch(const TrainSpec& spec, std::size_t rows);

/// Gradient norms are told every so many steps.
std::int64_t gradientInterval(std::int64_t stepsPerEpoch);

/// Trains `network` on features with targets.
/// Same arguments, build and spec.threads give the same bytes, whatever Task::cores() says meanwhile, and also where the
/// training was cut off and went on from a checkpoint. Task::finish() ends after the current step and keeps the
/// best weights (of the step reached, if no epoch is done). Throws the network's first Issue, OptionInvalid, TrainingDiverged,
/// OutOfMemory, BundleInvalid (a checkpoint that does not fit), Cancelled.
TrainResult train(const NetworkSpec& network, const Pipeline& pipeline, const Features& trainRows,
                  const Features& validationRows, const TrainSpec& spec, const TrainObserver& observer, Task& task,
                  const TrainSteering& options = {});

} // namespace limpid
