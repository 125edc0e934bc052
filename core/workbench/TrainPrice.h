#pragma once

#include "core/workbench/Workbench.h"

namespace limpid {

/// What training a network takes on this machine, measured on a few steps of it with rows of noise.
struct TrainPrice {
    double secondsPerEpoch = 0.0;    ///< all steps and the evaluation of the validation rows; not what a store takes to keep weights
    std::uint64_t growthBytes = 0;   ///< by which the program's memory will have grown at its peak; 0: can't be told here
    std::int64_t bytesPerRow = 0;    ///< of that, for each row in a batch
    int batchSize = 0;
    int steps = 0;                   ///< measured
};

/// Trains for `seconds`, or until the first evaluation where that takes longer (at most ten times as long), on as many rows as that needs, with the plan's own batch size,
/// optimizer and threads. Throws what train() throws.
TrainPrice measureTraining(const TrainPlan& plan, const TrainSpec& spec, double seconds, Task& task);

/// The largest power of two of rows in a batch for which `availableBytes` suffice, at most the rows there are; 0: none.
std::int64_t batchThatFits(const TrainPrice& price, std::uint64_t availableBytes, std::size_t rows);

} // namespace limpid
