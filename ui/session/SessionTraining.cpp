#include "ui/session/Session.h"

#include "core/workbench/RunSetup.h"
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
    d->train(live, [workspace = m_workspace, data = m_data, request = m_request](const TrainObserver& observer, const std::function<void(std::int64_t)>& onRun,
                                                                                Task& task, TrainControl* control) {
        return trainModel(*workspace, *data, request, observer, onRun, task, control);
    });
}

void Session::resumeTraining(const RunRecord& run, int epochs)
{
    if (m_liveRun && m_liveRun->running) {
        emit failed(tr("A run is training already. Stop it before you go on with another."));
        return;
    }
    if (!m_workspace)
        return;
    auto live = std::make_shared<LiveRun>();
    try {
        live->request.pipeline = pipelineSpecFromJson(run.pipeline);
        live->request.train = trainSpecFromJson(run.settings);
    } catch (const Error& error) {
        emit failed(message(error));
        return;
    }
    if (epochs > 0)
        live->request.train.epochs = epochs;
    live->id = run.id;
    live->name = QString::fromStdString(run.name);
    d->train(live, [workspace = m_workspace, id = run.id, epochs](const TrainObserver& observer, const std::function<void(std::int64_t)>& onRun,
                                                                 Task& task, TrainControl* control) {
        TrainObserver withPast = observer;
        withPast.onStart = [&](const TrainStart& start) {
            onRun(id);
            // What the run had told before it stopped, so that its curves are whole.
            if (start.step > 0)
                for (const CurvePoint& point : workspace->curve(id, "train/loss"))
                    observer.onStep({point.step, static_cast<int>((point.step - 1) / start.stepsPerEpoch) + 1, point.seconds, point.value, 0.0});
            for (EpochRecord& epoch : storedEpochs(*workspace, id)) {
                epoch.step = epoch.epoch * start.stepsPerEpoch;
                observer.onEpoch(epoch);
            }
        };
        return resumeRun(*workspace, {id, epochs, 2.0}, withPast, task, control);
    });
}

void Session::Private::train(const std::shared_ptr<LiveRun>& live, TrainWork work)
{
    live->running = true;
    live->control = std::make_shared<TrainControl>();
    auto fed = std::make_shared<TrainFeed>();
    TrainObserver observer;
    observer.onStep = [fed](const StepRecord& step) { fed->add(step); };
    observer.onEpoch = [fed](const EpochRecord& epoch) {
        fed->share();
        const std::lock_guard lock(fed->mutex);
        fed->epochs.push_back(epoch);
    };

    JobRunner::Options options;
    options.kind = "train";
    options.subject = live->name.toStdString();
    options.lane = JobQueue::Lane::Background;
    options.canFinish = true;
    options.tellCancelled = true;
    options.cores = {1, live->request.train.threads};
    q.m_liveRun = live;
    feed = fed;
    live->job = q.m_jobs.run(
        options, &q,
        [work = std::move(work), observer, fed, control = live->control](Task& task) {
            const auto onRun = [fed](std::int64_t id) {
                const std::lock_guard lock(fed->mutex);
                fed->run = id;
            };
            return work(observer, onRun, task, control.get());
        },
        [this, live](TrainOutcome outcome) {
            const QString text = tr("%1 version %2 is ready.")
                                     .arg(QString::fromStdString(outcome.version.model))
                                     .arg(outcome.version.version);
            live->id = outcome.run.id;
            live->outcome = std::move(outcome);
            trainingOver();
            emit q.noticed(text);
        },
        [this, live](const std::exception_ptr& failure) {
            live->failure = sentenceOf(failure); // "" where it was cancelled
            trainingOver();
            if (!live->failure.isEmpty())
                emit q.failed(live->failure);
        });
    progressTimer.start();
    emit q.trainingStarted();
}

void Session::setPaused(bool paused)
{
    if (!m_liveRun || !m_liveRun->running)
        return;
    if (paused)
        m_liveRun->control->pause();
    else
        m_liveRun->control->proceed();
    emit trainingProgressed();
}

bool Session::isPaused() const
{
    return m_liveRun && m_liveRun->running && m_liveRun->control->isPaused();
}

void Session::setLiveLearningRate(double rate)
{
    if (!m_liveRun || !m_liveRun->running || !(rate > 0.0))
        return;
    m_liveRun->control->setLearningRate(rate);
    emit noticed(tr("The learning rate is %1 from the next step on.").arg(numberText(rate)));
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
    if (feed)
        feed->share();
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
