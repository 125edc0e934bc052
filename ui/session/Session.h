#pragma once

#include "core/data/Profile.h"
#include "ui/session/JobRunner.h"
#include "ui/session/LiveRun.h"

#include <QObject>
#include <QUndoStack>

#include <memory>
#include <vector>

namespace limpid {

/// What is open and how it is set up: the one thing all pages share and observe. Lives on the GUI thread, never
/// computes: every long thing goes through jobs(). Its settings are saved to the workspace shortly after each change
/// and restored at the next start.
class Session : public QObject
{
    Q_OBJECT
public:
    /// `workspace` may be null until opened.
    Session(JobRunner& jobs, std::shared_ptr<Workspace> workspace, QObject* parent = nullptr);
    ~Session() override;

    JobRunner& jobs() { return m_jobs; }
    const std::shared_ptr<Workspace>& workspace() const { return m_workspace; }
    /// Opens another workspace on a worker: workspaceOpened(), or workspaceFailed() and all stays as it was.
    void openWorkspace(const QString& folder);
    /// The workspace is open and its settings are restored (a file may still be on its way).
    bool isReady() const;
    /// Cancels every job, writes the settings and waits for that, at most `timeoutMs`. What a run reached is kept.
    void close(int timeoutMs = 1500);
    QUndoStack& undoStack() { return m_undo; }

    // Data
    void openFile(const QString& path);                 ///< asynchronous; dataChanged() or failed()
    std::shared_ptr<const DataSet> data() const { return m_data; }
    bool isOpening() const { return m_opening; }
    QString filePath() const;                           ///< of what is open or being opened; "" where there is nothing
    /// Undoable: re-reads the file with that column's type.
    void setColumnType(const QString& column, ColumnType type);
    /// Undoable: re-reads the file with these spellings of "missing" in that column.
    void setMissingMarks(const QString& column, const QStringList& marks);
    QStringList missingMarks(const QString& column) const;
    void setTarget(const QString& column);              ///< undoable
    void setTargets(const QStringList& columns);        ///< undoable; at least one, in this order
    void setIgnored(const QString& column, bool ignored); ///< undoable
    /// Profiles come after the rows; empty until then.
    const std::vector<ColumnProfile>& profiles() const { return m_profiles; }

    // Set-up of the next run
    const TrainRequest& request() const { return m_request; }
    /// Undoable; `text` names the edit; edits of the same mergeId (>= 0) that follow at once are merged.
    void setRequest(const TrainRequest& request, const QString& text, int mergeId = -1);
    /// Plan of the request on the data, made anew after each change of either; null where there is no data.
    std::shared_ptr<const TrainPlan> plan() const { return m_plan; }
    QString planProblem() const { return m_planProblem; } ///< a sentence where planning failed
    /// The network of the request, or the preset's, as the canvas shows it.
    NetworkSpec network() const;
    void setNetwork(const NetworkSpec& network, const QString& text, int mergeId = -1); ///< undoable

    // Training. Any number of runs may be asked for: they wait for cores and memory in the queue, and train side by side.
    void startTraining();
    /// The same on the open data, for several at once; the first of them is watched. False, and failed() says why, where
    /// there is nothing to train on. What is wrong with one of the requests is told as that run fails.
    bool startTraining(const std::vector<TrainRequest>& requests);
    /// A run that ended, however it did, goes on with its own data and settings, to `epochs` in all (0: as set up).
    void resumeTraining(const RunRecord& run, int epochs = 0);
    /// Those that wait, train or are paused, in the order they were asked for.
    const std::vector<std::shared_ptr<LiveRun>>& liveRuns() const { return m_liveRuns; }
    /// The one that is watched, also after its end; null before the first.
    const std::shared_ptr<LiveRun>& liveRun() const { return m_liveRun; }
    void watch(const std::shared_ptr<LiveRun>& live);
    /// Whether that run of the workspace is among liveRuns().
    bool isLive(std::int64_t run) const;
    // Of the watched one.
    void stopAndKeep();                  ///< one that waits still is taken out of the queue
    void setPaused(bool paused);
    bool isPaused() const;
    void setLiveLearningRate(double rate); ///< from its next step on

    // Models and runs, re-read after each change
    const std::vector<ModelSummary>& models() const { return m_models; }
    const std::vector<RunRecord>& runs() const { return m_runs; }
    void refreshRegistry();

    // View settings of pages (splitters, chosen tabs, theme, …), by key; saved with the rest.
    nlohmann::json viewValue(const QString& key) const;
    void setViewValue(const QString& key, const nlohmann::json& value);
    /// For what is a page's own and may be large: a value of the workspace, written at once, each in the order given; what is not
    /// written yet close() writes.
    void keepValue(const QString& key, const nlohmann::json& value);
    QStringList recentFiles() const { return m_recentFiles; }

signals:
    void workspaceOpened();
    void workspaceFailed(const QString& folder, const QString& sentence);
    void openingChanged();
    void dataChanged();
    void profilesChanged();
    void requestChanged();
    void planChanged();
    void networkChanged();
    void trainingStarted();        ///< liveRuns() has grown
    void watchedRunChanged();      ///< liveRun() is another
    void trainingProgressed();     ///< there is news of a live run; at most every 100 ms
    void trainingEnded();          ///< of one run: liveRuns() has shrunk
    void registryChanged();
    void failed(const QString& sentence);   ///< shown in the window's notice bar, never in a box
    void noticed(const QString& sentence);  ///< something worth telling, no error
    void explainRequested(const QString& version);  ///< "NAME@VERSION": choose it on the Explain page
    void networkRequested(const QString& version);  ///< "NAME@VERSION": put its network on the canvas; the Network page is there
    void pageRequested(const QString& page); ///< "data", "network", "train", "explain", "models"

private:
    friend class SetRequestCommand;
    friend class SetReadOptionsCommand;
    struct Private;
    std::unique_ptr<Private> d;

    JobRunner& m_jobs;
    std::shared_ptr<Workspace> m_workspace;
    QUndoStack m_undo;              // before d: commands refer to it
    std::shared_ptr<const DataSet> m_data;
    bool m_opening = false;
    std::vector<ColumnProfile> m_profiles;
    TrainRequest m_request;
    std::shared_ptr<const TrainPlan> m_plan;
    QString m_planProblem;
    std::vector<std::shared_ptr<LiveRun>> m_liveRuns;
    std::shared_ptr<LiveRun> m_liveRun;
    std::vector<ModelSummary> m_models;
    std::vector<RunRecord> m_runs;
    QStringList m_recentFiles;
};

} // namespace limpid
