#pragma once

#include "core/base/Random.h"
#include "core/engine/State.h"
#include "core/metrics/Metrics.h"

#include <string>
#include <string_view>
#include <vector>

namespace limpid::engine {

/// All that the rest of a training depends on beside its settings and data, and what it has reached: a training that goes
/// on from it gives the same bytes as one that never stopped.
struct Checkpoint {
    int epoch = 1;                       ///< in work, from 1
    std::int64_t stepInEpoch = 0;        ///< done in it
    std::int64_t steps = 0;              ///< done in all
    double lossSum = 0.0;                ///< of the epoch's steps
    double seconds = 0.0;                ///< of training so far
    int finishedEpochs = 0, sinceBest = 0, bestEpoch = 0;
    double bestLoss = 0.0;
    MetricSet bestValidation;
    std::vector<float> values, best, average;   ///< best and average may be empty
    std::vector<float> metOutputs, metTargets;  ///< of the epoch's first rows, for its training figures
    std::vector<Random::State> dropout;         ///< by part of a batch
    State optimizer, schedule;

    std::string toBytes() const;
    /// Throws BundleInvalid for anything that is not whole.
    static Checkpoint fromBytes(std::string_view bytes, const std::string& path);
};

} // namespace limpid::engine
