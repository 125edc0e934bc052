#pragma once

#include "core/base/Clock.h"
#include "core/engine/Trainer.h"
#include "core/store/Workspace.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace limpid {

/// Stores what a training tells while it goes on, on a thread of its own, so that the training does not wait for the disk:
/// curves every 250 ms, best weights and the state to go on from every `checkpointSeconds` (less often where writing them
/// takes long). Series: "train/loss" by optimiser step; "train/learning_rate" and "gradient/<layer>" every few steps;
/// "epoch/train_loss", "epoch/validation_loss", "epoch/learning_rate", "epoch/train_<metric>" and "epoch/<metric>"
/// (validation) by epoch. The newest picture of a best epoch is kept along with each state (pictureKey()).
/// A store that can't take them (a full disk, say) does not end the training: they are kept and tried again, and what
/// was never stored is told in issues(). All but issues() is for the training thread.
class RunRecorder
{
public:
    RunRecorder(Workspace& workspace, std::int64_t run, double checkpointSeconds);
    /// Drops what is not written yet; see finish().
    ~RunRecorder();
    RunRecorder(const RunRecorder&) = delete;
    RunRecorder& operator=(const RunRecorder&) = delete;

    void start(const TrainStart& start);
    void step(const StepRecord& record);
    void gradients(const GradientRecord& record);
    void epoch(const EpochRecord& record);
    void best(const EpochRecord& record, const Weights& weights);
    /// The picture that is kept, in place of those of the epochs.
    void picture(std::shared_ptr<const ValidationPicture> picture) { m_picture = std::move(picture); }
    bool wantsCheckpoint() const;
    void checkpoint(std::int64_t step, std::string bytes);

    /// Waits until nothing is being written. Once training is over nothing will be, until finish().
    void settle();
    /// Waits until everything is written, or was tried in vain.
    void finish();

    int epochs() const { return m_epochs; }
    int bestEpoch() const { return m_bestEpoch; }
    const MetricSet& bestValidation() const { return m_bestValidation; }
    /// What could not be stored the last time it was tried.
    Issues issues() const;

private:
    /// What goes to the disk at once.
    struct Load {
        std::map<std::string, std::vector<CurvePoint>> curves;
        std::optional<std::pair<int, Weights>> best;
        std::optional<RunState> state;
        std::shared_ptr<const ValidationPicture> picture;
        bool empty() const;
        /// Adds what came later.
        void add(Load later);
    };
    void handOver(bool wait);
    void serve();
    /// On the writer. What could not be written stays in `load`.
    void write(Load& load);

    Workspace& m_workspace;
    const std::int64_t m_run;
    const double m_checkpointSeconds;
    Load m_front;                           ///< of the training thread, until it is handed over
    std::vector<CurvePoint>* m_loss;        ///< in m_front
    TrainStart m_start;
    Stopwatch m_sinceHandOver;
    // By the training's own clock, which is read at each step anyway.
    double m_now = 0.0, m_checkpointed = 0.0;
    int m_epochs = 0, m_bestEpoch = 0;
    MetricSet m_bestValidation;
    std::shared_ptr<const ValidationPicture> m_picture; ///< to be kept; null: nothing newer than what was

    mutable std::mutex m_mutex;
    std::condition_variable m_wake, m_done;
    Load m_back;                            ///< handed over, not yet taken by the writer
    bool m_writing = false, m_over = false;
    std::optional<Issue> m_curveIssue, m_checkpointIssue;
    std::atomic<double> m_writeSeconds{0.0}; ///< that the last weights and state took
    std::thread m_writer;                   ///< last: it uses all of the above
};

} // namespace limpid
