#pragma once

#include "core/workbench/TrainCost.h"
#include "ui/session/Session.h"
#include "ui/session/SessionState.h"

#include <QTimer>

#include <functional>
#include <map>
#include <mutex>

namespace limpid {

/// What one training thread leaves for the window to fetch; the only thing both touch.
struct TrainFeed {
    std::mutex mutex;
    std::optional<StartedRun> started;
    std::optional<TrainStart> start;
    std::vector<StepRecord> steps;
    std::vector<GradientRecord> gradients;
    std::vector<EpochRecord> epochs;

    // For the training thread: steps of some microseconds are handed over a few at a time.
    void add(const StepRecord& step)
    {
        m_unshared.push_back(step);
        if (m_unshared.size() >= 256 || step.seconds - m_shared >= 0.02) {
            share();
            m_shared = step.seconds;
        }
    }
    /// Steps that were not handed over yet; also once the training is over, from any thread.
    void share()
    {
        const std::lock_guard lock(mutex);
        steps.insert(steps.end(), m_unshared.begin(), m_unshared.end());
        m_unshared.clear();
    }

private:
    std::vector<StepRecord> m_unshared;
    double m_shared = 0.0;
};

/// Session's inside; in a header because Session.cpp, SessionTraining.cpp and SessionCommands.cpp share it.
struct Session::Private {
    explicit Private(Session& session);

    void applyRequest(const TrainRequest& request);
    void applyReadOptions(const CsvOptions& options);
    /// Reads `path` with `wantedOptions`; `fresh`: another file, so target, undo and recent files start anew.
    void read(const QString& path, bool fresh);
    void readDone(std::shared_ptr<const DataSet> data, bool fresh);
    void readFailed(const QString& sentence, bool fresh);
    void startProfile();
    void schedulePlan();
    void startPlan();
    void planDone(std::shared_ptr<const TrainPlan> plan, const QString& problem);
    void setNetworkShown();
    using TrainWork = std::function<TrainOutcome(const TrainObserver&, const RunListener&, Task&, TrainControl*)>;
    /// Adds it to the live runs; the job is to be submitted.
    JobQueue::Job follow(const std::shared_ptr<LiveRun>& live, const TrainCost& cost, TrainWork work);
    /// That a run so set up trains, where it is known already.
    NetworkSpec networkOf(const TrainRequest& request) const;
    void submit(std::vector<std::shared_ptr<LiveRun>> lives, std::vector<JobQueue::Job> jobs);
    void startStudy(const TrainRequest& request);
    void fetchProgress();
    bool fetch(LiveRun& live, TrainFeed& feed);
    void trainingOver(const std::shared_ptr<LiveRun>& live);
    void scheduleSave();
    void save();
    void writeValues();
    SessionState state() const;
    /// `asked`: a file that is to be opened instead of the state's.
    void restore(const SessionState& state, const QString& asked);
    void takeWorkspace(std::shared_ptr<Workspace> workspace, const nlohmann::json& state);
    /// Lets a large thing be freed on a worker.
    template<class T>
    void retire(std::shared_ptr<T> old);

    Session& q;
    QTimer planTimer, saveTimer, progressTimer;
    // A token names the question that is asked now; an answer to an older one is dropped.
    std::uint64_t readToken = 0, profileToken = 0, planToken = 0, registryToken = 0, workspaceToken = 0;
    std::uint64_t readJob = 0, profileJob = 0;
    bool planning = false, planAgain = false, saving = false, saveAgain = false;
    bool ready = false;
    struct UnwrittenValue {
        std::shared_ptr<Workspace> workspace;
        std::string key;
        nlohmann::json value;
    };
    std::vector<UnwrittenValue> unwritten;   ///< in their order; of these `writing` are on their way
    std::size_t writing = 0;
    std::shared_ptr<std::mutex> writeOrder = std::make_shared<std::mutex>(); ///< what close() writes comes last
    QString path;              ///< of m_data, or of what is being opened
    CsvOptions wantedOptions;  ///< as the user set them
    CsvOptions loadedOptions;  ///< that m_data was read with
    std::optional<TrainRequest> restored; ///< to be taken by the file that is being opened at start
    nlohmann::json view = nlohmann::json::object();
    NetworkSpec shownNetwork;
    std::map<const LiveRun*, std::shared_ptr<TrainFeed>> feeds; ///< of the live runs
};

template<class T>
void Session::Private::retire(std::shared_ptr<T> old)
{
    if (!old)
        return;
    JobRunner::Options options;
    options.kind = "settings";
    q.m_jobs.run(
        options, &q,
        [old = std::move(old)](Task&) mutable {
            old.reset();
            return true;
        },
        [](bool) {}, [](std::exception_ptr) {});
}

} // namespace limpid
