#pragma once

#include "core/engine/Trainer.h"
#include "core/store/Workspace.h"
#include "ui/charts/CurveSource.h"
#include "ui/session/LiveRun.h"

#include <optional>
#include <vector>

namespace limpid {

/// What the charts show of one run, live or read back from the workspace.
struct RunCurves {
    std::int64_t stored = 0;          ///< the run whose steps are read from the workspace as they are looked at; 0: a live one
    std::shared_ptr<const LiveRun> live; ///< null: a stored one
    std::optional<StepRecord> last;   ///< the last step taken
    std::vector<EpochRecord> epochs;  ///< only grow
    double stepsPerEpoch = 1.0;
    int plannedEpochs = 0;
    std::int64_t trainRows = 0;

    /// The epoch with the lowest validation loss, or nullptr before the first.
    const EpochRecord* best() const;
    /// Rows a second over the finished epochs, as measured; NaN before the first.
    double rowsPerSecond() const;
    /// Seconds to the last planned epoch at the rate so far; NaN before there is a rate.
    double secondsLeft() const;

private:
    mutable std::size_t m_looked = 0; ///< epochs that best() has been through
    mutable std::optional<std::size_t> m_best;
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

/// Whether a larger figure of that name is better.
bool higherIsBetter(const std::string& metric);

/// Reads a run's epochs back, and how far its steps go. For a worker. Throws as Workspace does.
RunCurves readCurves(const Workspace& workspace, const RunRecord& run);

/// What is worth telling about how a run goes, worst first.
struct RunCheck {
    enum class Level { Good, Warn };
    enum class Kind { NoProgress, Overfitting, NotFinite, Improving };
    Level level = Level::Good;
    Kind kind = Kind::Improving;
    int epochs = 0;    ///< NoProgress, Overfitting: since how many epochs
    int epoch = 0;     ///< the best epoch, or where it broke
};
std::vector<RunCheck> checksOf(const RunCurves& curves);

} // namespace limpid
