#pragma once

#include "core/base/CurvePyramid.h"
#include "core/workbench/Workbench.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace limpid {

/// One training as the window follows it from when it is asked for; filled from the worker's records, on the GUI thread.
/// It may wait in the queue first.
struct LiveRun {
    std::int64_t id = 0;                 ///< 0 until the store has given one
    std::uint64_t job = 0;
    QString name;
    TrainRequest request;
    NetworkSpec network;                 ///< that is trained; empty where it is not known
    std::shared_ptr<TrainControl> control = std::make_shared<TrainControl>(); ///< pause, learning rate
    bool running = false;                ///< waits, trains or is paused
    bool isPaused() const { return running && control->isPaused(); }

    // Known once it has begun.
    std::optional<StartedRun> started;
    TrainStart start;
    CurvePyramid losses;                 ///< of each step
    std::vector<CurvePyramid> gradients; ///< of each of start.layers
    std::optional<StepRecord> lastStep;
    std::optional<GradientRecord> lastGradients;
    std::vector<EpochRecord> epochs;     ///< without their pictures
    std::shared_ptr<const ValidationPicture> picture; ///< of the newest epoch that has one; once it has ended, of the weights kept

    // Known once it has ended.
    std::optional<TrainOutcome> outcome;
    QString failure;                     ///< a sentence, where it failed
};

} // namespace limpid
