#pragma once

#include "core/base/Clock.h"
#include "core/engine/Trainer.h"
#include "core/store/Workspace.h"

#include <map>
#include <optional>

namespace limpid {

/// Stores what a training tells while it goes on, in batches so that it is not slowed: curves every 250 ms, best weights
/// at most every 2 s (less often where writing them takes long). Series: "train/loss" by optimiser step;
/// "epoch/train_loss", "epoch/validation_loss", "epoch/learning_rate" and "epoch/<metric>" by epoch.
/// A store that can't take them (a full disk, say) does not end the training: points are kept and tried again, and what
/// was never stored is told in issues().
class RunRecorder
{
public:
    RunRecorder(Workspace& workspace, std::int64_t run) : m_workspace(workspace), m_run(run) {}

    void step(const StepRecord& record);
    void epoch(const EpochRecord& record);
    void best(const EpochRecord& record, const Weights& weights);

    void flushCurves();
    void flushCheckpoint();

    int epochs() const { return m_epochs; }
    int bestEpoch() const { return m_bestEpoch; }
    const MetricSet& bestValidation() const { return m_bestValidation; }
    /// What could not be stored the last time it was tried.
    Issues issues() const;

private:
    void flushWhenDue();

    Workspace& m_workspace;
    const std::int64_t m_run;
    std::map<std::string, std::vector<CurvePoint>> m_pending;
    Stopwatch m_sinceCurves, m_sinceCheckpoint;
    double m_checkpointInterval = 0.0;      ///< the first is written at once
    std::optional<Weights> m_pendingWeights;
    int m_pendingEpoch = 0;
    int m_epochs = 0, m_bestEpoch = 0;
    MetricSet m_bestValidation;
    std::optional<Issue> m_curveIssue, m_checkpointIssue;
};

} // namespace limpid
