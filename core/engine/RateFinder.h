#pragma once

#include "core/base/Task.h"
#include "core/data/Pipeline.h"
#include "core/model/NetworkSpec.h"
#include "core/model/RateFinderSpec.h"
#include "core/model/TrainSpec.h"

#include <functional>
#include <optional>

namespace limpid {

/// One step of the search.
struct RatePoint {
    double rate = 0.0;
    double loss = 0.0;      ///< of the batch that the step was taken on, before it
    double smoothed = 0.0;  ///< weighted mean of the losses so far, weights 0.9^age
};

struct RateFinderResult {
    std::vector<RatePoint> points;
    bool grew = false;      ///< ended because the smoothed loss was over 4 times its lowest, or no number any more
    /// What to train with: a tenth of the rate at which the smoothed loss was lowest. None where the loss never fell.
    std::optional<double> suggested;
    /// Where the smoothed loss fell fastest by the logarithm of the rate: the careful choice.
    std::optional<double> steepest;
};

/// The learning-rate range test (Smith 2017, "Cyclical learning rates for training neural networks", section 3.3) with rates
/// that grow exponentially: a training from spec's seed whose step i of n takes the rate start · (end/start)^(i/(n − 1)), as
/// fastai's lr_find does it (Howard & Gugger 2020), from where the end at 4 times the lowest smoothed loss and the tenth of the
/// minimum come. spec's learning rate, schedule, epochs, patience and averaging have no part in it. Nothing is kept of it.
/// `onPoint` (may be empty) is told each step on the calling thread. Ends early on Task::finish() with what there is.
/// Throws RateFinderOptimizer for L-BFGS, OptionInvalid (start not under end), Cancelled, and as train() does.
RateFinderResult findRate(const NetworkSpec& network, const Pipeline& pipeline, const Features& trainRows, const TrainSpec& spec,
                          const RateFinderSpec& finder, const std::function<void(const RatePoint&)>& onPoint, Task& task);

} // namespace limpid
