#pragma once

#include "core/engine/Trainer.h"
#include "core/store/Workspace.h"
#include "ui/charts/CurveSource.h"

#include <memory>
#include <optional>
#include <vector>

namespace limpid {

/// How large the gradients of each layer were.
struct GradientHistory {
    std::vector<std::string> layers;       ///< TrainStart::layers
    std::vector<GradientRecord> records;   ///< of a live run; those of a stored one are read as they are looked at
};

/// What the charts show of one run, live or read back from the workspace.
struct RunCurves {
    std::int64_t stored = 0;          ///< the run whose steps the workspace has; 0: a live one
    std::vector<StepRecord> steps;    ///< of a live run; those of a stored one are read as they are looked at
    std::optional<StepRecord> lastStored;
    std::vector<EpochRecord> epochs;
    double stepsPerEpoch = 1.0;
    int plannedEpochs = 0;
    std::int64_t trainRows = 0;
    GradientHistory gradients;
    /// Of the weights kept, where the run has ended; null: the newest epoch's is shown (keepNewestPicture()).
    std::shared_ptr<const ValidationPicture> kept;

    /// The last step taken; nullptr before the first.
    const StepRecord* last() const;
    /// The epoch with the lowest validation loss, or nullptr before the first.
    const EpochRecord* best() const;
    /// Rows a second over the finished epochs, as measured; NaN before the first.
    double rowsPerSecond() const;
    /// Of the weights kept, else of the newest epoch that has one; null where there is none.
    std::shared_ptr<const ValidationPicture> picture() const;
    /// Rows a second during one epoch (an index), as measured; NaN where it took no time that was told.
    double rowsPerSecond(std::size_t epoch) const;
    /// Seconds to the last planned epoch at the rate so far; NaN before there is a rate.
    double secondsLeft() const;
};

/// Where an epoch lies on the axis: epochs begun, steps, or seconds since the start.
double axisValue(const EpochRecord& epoch, CurveAxis axis);

/// Exponential smoothing over a fixed window of steps, so that a point, once drawn, never moves as the run goes on.
/// Its first values are averages of what there is (Kingma & Ba 2015, the bias correction of algorithm 1).
class Smoother
{
public:
    explicit Smoother(int window = 50) : m_keep(1.0 - 2.0 / (window + 1.0)) {}
    double next(double value);

private:
    double m_keep, m_mean = 0.0, m_weight = 0.0;
};

/// Reads a run's epochs back, and how far its steps go. For a worker. Throws as Workspace does.
RunCurves readCurves(const Workspace& workspace, const RunRecord& run);

/// What is worth telling about how a run goes, worst first.
struct RunCheck {
    enum class Level { Good, Warn };
    enum class Kind { NoProgress, Overfitting, NotFinite, DeadUnits, Improving };
    Level level = Level::Good;
    Kind kind = Kind::Improving;
    int epochs = 0;    ///< NoProgress, Overfitting: since how many epochs
    int epoch = 0;     ///< the best epoch, or where it broke
    DeadUnits dead = {};
};
/// Layers of which more than a tenth of the units are dead are told of, each.
std::vector<RunCheck> checksOf(const RunCurves& curves);

} // namespace limpid
