#pragma once

#include "core/base/Task.h"
#include "core/data/Pipeline.h"
#include "core/metrics/Metrics.h"
#include "core/model/NetworkSpec.h"
#include "core/model/TrainSpec.h"
#include "core/model/Weights.h"

#include <functional>

namespace limpid {

/// One optimiser step, as it happens.
struct StepRecord {
    std::int64_t step = 0;     ///< from 1
    int epoch = 0;             ///< from 1
    double seconds = 0.0;      ///< since the start
    double loss = 0.0;         ///< mean over the batch, in the scaled target's unit for regression
};

/// One finished epoch.
struct EpochRecord {
    int epoch = 0;
    std::int64_t step = 0;
    double seconds = 0.0;
    double trainLoss = 0.0;        ///< mean over the epoch's batches
    double validationLoss = 0.0;
    double learningRate = 0.0;     ///< at the end of the epoch
    MetricSet validation;
    bool best = false;             ///< the lowest validation loss so far
};

/// Called on the training thread; must be quick.
struct TrainObserver {
    std::function<void(const StepRecord&)> onStep;
    std::function<void(const EpochRecord&)> onEpoch;
    /// After an epoch that was the best so far: its weights, to be kept safe.
    std::function<void(const EpochRecord&, const Weights&)> onBest;
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
};

/// The order in which an epoch (from 1) goes through its rows: a shuffle of its own, so that it needs no memory of the
/// epochs before.
std::vector<std::size_t> epochOrder(std::size_t rows, std::uint64_t seed, int epoch);

/// Trains `network` on features with targets. Loss: binary cross-entropy, cross-entropy, or mean squared error.
/// Same arguments, build and spec.threads give the same bytes. Task::finish() ends after the current step and keeps the
/// best weights (of the step reached, if no epoch is done). Throws the network's first Issue, TrainingDiverged,
/// OutOfMemory, Cancelled.
TrainResult train(const NetworkSpec& network, const Pipeline& pipeline, const Features& trainRows,
                  const Features& validationRows, const TrainSpec& spec, const TrainObserver& observer, Task& task);

} // namespace limpid
