#include "ui/session/Session.h"

#include "ui/session/SessionPrivate.h"
#include "ui/text/Messages.h"

#include <QFileInfo>

// Session's part about runs: starting one, following it, and the list of runs and models.

namespace limpid {

void Session::startTraining()
{
    if (m_liveRun && m_liveRun->running) {
        emit failed(tr("A run is training already. Stop it before you start another."));
        return;
    }
    if (!m_data || !m_workspace) {
        emit failed(tr("There is no data to train on. Open a file first."));
        return;
    }
    if (!m_planProblem.isEmpty()) {
        emit failed(m_planProblem);
        return;
    }
    if (m_plan)
        for (const Issue& issue : m_plan->issues)
            if (issue.severity == Severity::Error) {
                emit failed(message(issue));
                return;
            }

    auto live = std::make_shared<LiveRun>();
    live->request = m_request;
    live->name = m_request.name.empty() ? QFileInfo(d->path).completeBaseName() : QString::fromStdString(m_request.name);
    live->running = true;
    auto feed = std::make_shared<TrainFeed>();

    TrainObserver observer;
    observer.onStep = [feed](const StepRecord& step) {
        const std::lock_guard lock(feed->mutex);
        feed->steps.push_back(step);
    };
    observer.onEpoch = [feed](const EpochRecord& epoch) {
        const std::lock_guard lock(feed->mutex);
        feed->epochs.push_back(epoch);
    };

    JobRunner::Options options;
    options.kind = "train";
    options.subject = live->name.toStdString();
    options.lane = JobQueue::Lane::Background;
    options.canFinish = true;
    options.tellCancelled = true;
    m_liveRun = live;
    d->feed = feed;
    live->job = m_jobs.run(
        options, this,
        [workspace = m_workspace, data = m_data, request = m_request, observer, feed](Task& task) {
            const auto onRun = [feed](std::int64_t id) {
                const std::lock_guard lock(feed->mutex);
                feed->run = id;
            };
            return trainModel(*workspace, *data, request, observer, onRun, task);
        },
        [this, live](TrainOutcome outcome) {
            const QString text = tr("%1 version %2 is ready.")
                                     .arg(QString::fromStdString(outcome.version.model))
                                     .arg(outcome.version.version);
            live->id = outcome.run.id;
            live->outcome = std::move(outcome);
            d->trainingOver();
            emit noticed(text);
        },
        [this, live](const std::exception_ptr& failure) {
            live->failure = sentenceOf(failure); // "" where it was cancelled
            d->trainingOver();
            if (!live->failure.isEmpty())
                emit failed(live->failure);
        });
    d->progressTimer.start();
    emit trainingStarted();
}

void Session::stopAndKeep()
{
    if (m_liveRun && m_liveRun->running)
        m_jobs.queue().finish(m_liveRun->job);
}

void Session::Private::fetchProgress()
{
    if (!feed || !q.m_liveRun)
        return;
    std::vector<StepRecord> steps;
    std::vector<EpochRecord> epochs;
    LiveRun& live = *q.m_liveRun;
    bool changed = false;
    {
        const std::lock_guard lock(feed->mutex);
        steps.swap(feed->steps);
        epochs.swap(feed->epochs);
        changed = live.id != feed->run && feed->run != 0;
        if (changed)
            live.id = feed->run;
    }
    if (steps.empty() && epochs.empty() && !changed)
        return;
    live.steps.insert(live.steps.end(), steps.begin(), steps.end());
    live.epochs.insert(live.epochs.end(), epochs.begin(), epochs.end());
    emit q.trainingProgressed();
}

void Session::Private::trainingOver()
{
    progressTimer.stop();
    fetchProgress();
    feed.reset();
    q.m_liveRun->running = false;
    emit q.trainingEnded();
    q.refreshRegistry();
}

void Session::refreshRegistry()
{
    if (!m_workspace)
        return;
    struct Registry {
        std::vector<ModelSummary> models;
        std::vector<RunRecord> runs;
    };
    const std::uint64_t token = ++d->registryToken;
    JobRunner::Options options;
    options.kind = "registry";
    m_jobs.run(
        options, this,
        [workspace = m_workspace](Task&) {
            return Registry{workspace->models(), workspace->runs()};
        },
        [this, token](Registry registry) {
            if (token != d->registryToken)
                return;
            m_models = std::move(registry.models);
            m_runs = std::move(registry.runs);
            emit registryChanged();
        },
        [this, token](const std::exception_ptr& failure) {
            if (token == d->registryToken)
                emit failed(sentenceOf(failure));
        });
}

} // namespace limpid
