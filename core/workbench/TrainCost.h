#pragma once

#include "core/workbench/Workbench.h"

namespace limpid {

/// What a training will take, about: to guard the memory and to order what waits, not to promise anything. Both are
/// estimates from the plan alone, by figures of a middling machine.
struct TrainCost {
    std::uint64_t bytes = 0;   ///< beyond the table, which is there already
    double seconds = 0.0;      ///< on one core, all epochs
};
TrainCost estimateTraining(const TrainPlan& plan, const TrainSpec& spec);

} // namespace limpid
