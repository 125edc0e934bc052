#include "ui/session/Session.h"

#include "core/workbench/RunSetup.h"
#include "ui/session/SessionPrivate.h"
#include "ui/text/Messages.h"

#include <QFileInfo>

#include <algorithm>
#include <iterator>

// Session's part about runs: starting one, following it, and the list of runs and models.

namespace limpid {

void Session::startTraining()
{
    if (m_data && m_workspace) {
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
    }
    if (m_data && m_workspace && m_request.study.kind != StudyKind::Once)
        return d->startStudy(m_request);
    startTraining(std::vector{m_request});
}

bool Session::startTraining(const std::vector<TrainRequest>& requests)
{
    if (!m_data || !m_workspace) {
        emit failed(tr("There is no data to train on. Open a file first."));
        return false;
    }
    std::vector<std::shared_ptr<LiveRun>> lives;
    std::vector<JobQueue::Job> jobs;
    for (const TrainRequest& request : requests) {
        auto live = std::make_shared<LiveRun>();
        live->request = request;
        live->network = d->networkOf(request);
        live->name = request.name.empty() ? QFileInfo(d->path).completeBaseName() : QString::fromStdString(request.name);
        const TrainCost cost = m_plan ? estimateTraining(*m_plan, request.train) : TrainCost();
        jobs.push_back(d->follow(live, cost, [workspace = m_workspace, data = m_data, request](
                                                 const TrainObserver& observer, const RunListener& onRun, Task& task, TrainControl* control) {
            return trainModel(*workspace, *data, request, observer, onRun, task, control);
        }));
        lives.push_back(std::move(live));
    }
    d->submit(std::move(lives), std::move(jobs));
    return true;
}

void Session::resumeTraining(const RunRecord& run, int epochs)
{
    if (!m_workspace)
        return;
    if (isLive(run.id)) {
        emit failed(tr("Run %1 is training already.").arg(run.id));
        return;
    }
    auto live = std::make_shared<LiveRun>();
    try {
        live->request.pipeline = pipelineSpecFromJson(run.pipeline);
        live->request.train = trainSpecFromJson(run.settings);
        live->network = NetworkSpec::fromJson(run.network);
    } catch (const Error& error) {
        emit failed(message(error));
        return;
    }
    if (epochs > 0)
        live->request.train.epochs = epochs;
    live->id = run.id;
    live->name = QString::fromStdString(run.name);
    JobQueue::Job job = d->follow(live, {}, [workspace = m_workspace, id = run.id, epochs](
                                                const TrainObserver& observer, const RunListener& onRun, Task& task, TrainControl* control) {
        TrainObserver withPast = observer;
        withPast.onStart = [&](const TrainStart& start) {
            observer.onStart(start);
            // What the run had told before it stopped, so that its curves are whole.
            if (start.step > 0)
                for (const CurvePoint& point : workspace->curve(id, "train/loss"))
                    observer.onStep({point.step, static_cast<int>((point.step - 1) / start.stepsPerEpoch) + 1, point.seconds, point.value, 0.0});
            for (EpochRecord& epoch : storedEpochs(*workspace, id)) {
                epoch.step = epoch.epoch * start.stepsPerEpoch;
                observer.onEpoch(epoch);
            }
        };
        return resumeRun(*workspace, {id, epochs, 2.0}, withPast, onRun, task, control);
    });
    d->submit({live}, {std::move(job)});
}

NetworkSpec Session::Private::networkOf(const TrainRequest& request) const
{
    if (request.network)
        return *request.network;
    // A preset's network follows from the data: that of the plan, where it is the same preset.
    return q.m_plan && !q.m_request.network && request.preset == q.m_request.preset ? q.m_plan->network : NetworkSpec();
}

JobQueue::Job Session::Private::follow(const std::shared_ptr<LiveRun>& live, const TrainCost& cost, TrainWork work)
{
    auto feed = std::make_shared<TrainFeed>();
    feeds[live.get()] = feed;
    TrainObserver observer;
    observer.onStart = [feed](const TrainStart& start) {
        const std::lock_guard lock(feed->mutex);
        feed->start = start;
    };
    observer.onStep = [feed](const StepRecord& step) { feed->add(step); };
    observer.onGradients = [feed](const GradientRecord& record) {
        const std::lock_guard lock(feed->mutex);
        feed->gradients.push_back(record);
    };
    observer.onEpoch = [feed](const EpochRecord& epoch) {
        feed->share();
        const std::lock_guard lock(feed->mutex);
        feed->epochs.push_back(epoch);
    };

    JobRunner::Options options;
    options.kind = "train";
    options.subject = live->name.toStdString();
    options.lane = JobQueue::Lane::Background;
    options.canFinish = true;
    options.tellCancelled = true;
    options.cores = {1, live->request.train.threads};
    options.memory = cost.bytes;
    options.estimatedSeconds = cost.seconds;
    return q.m_jobs.job(
        options, &q,
        [work = std::move(work), observer, feed, control = live->control](Task& task) {
            const auto onRun = [feed](const StartedRun& run) {
                const std::lock_guard lock(feed->mutex);
                feed->started = run;
            };
            return work(observer, onRun, task, control.get());
        },
        [this, live](TrainOutcome outcome) {
            const QString text = outcome.version.version == 0 // a part of a study gives none
                ? tr("%1 is done.").arg(live->name)
                : tr("%1 version %2 is ready.").arg(QString::fromStdString(outcome.version.model)).arg(outcome.version.version);
            live->outcome = std::move(outcome);
            trainingOver(live);
            emit q.noticed(text);
        },
        [this, live](const std::exception_ptr& failure) {
            live->failure = sentenceOf(failure); // "" where it was cancelled
            trainingOver(live);
            if (!live->failure.isEmpty())
                emit q.failed(live->failure);
        });
}

void Session::Private::submit(std::vector<std::shared_ptr<LiveRun>> lives, std::vector<JobQueue::Job> jobs)
{
    if (lives.empty())
        return;
    const std::vector<std::uint64_t> ids = q.m_jobs.queue().submitAll(std::move(jobs));
    for (std::size_t i = 0; i < lives.size(); ++i) {
        lives[i]->job = ids[i];
        lives[i]->running = true;
        q.m_liveRuns.push_back(lives[i]);
    }
    progressTimer.start();
    emit q.trainingStarted();
    q.watch(lives.front());
}

void Session::watch(const std::shared_ptr<LiveRun>& live)
{
    if (live == m_liveRun)
        return;
    m_liveRun = live;
    emit watchedRunChanged();
}

bool Session::isLive(std::int64_t run) const
{
    return std::any_of(m_liveRuns.begin(), m_liveRuns.end(), [run](const auto& live) { return live->id == run; });
}

void Session::setPaused(bool paused)
{
    if (!m_liveRun || !m_liveRun->running)
        return;
    if (paused)
        m_liveRun->control->pause();
    else
        m_liveRun->control->proceed();
    m_jobs.queue().setPaused(m_liveRun->job, paused);
    emit trainingProgressed();
}

bool Session::isPaused() const
{
    return m_liveRun && m_liveRun->isPaused();
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

bool Session::Private::fetch(LiveRun& live, TrainFeed& feed)
{
    std::vector<StepRecord> steps;
    std::vector<GradientRecord> gradients;
    std::vector<EpochRecord> epochs;
    bool begun = false;
    {
        const std::lock_guard lock(feed.mutex);
        steps.swap(feed.steps);
        gradients.swap(feed.gradients);
        epochs.swap(feed.epochs);
        begun = feed.started.has_value() || feed.start.has_value();
        if (feed.started) {
            live.started = std::exchange(feed.started, {});
            live.id = live.started->id;
        }
        if (feed.start) {
            live.start = *std::exchange(feed.start, {});
            live.gradients.resize(live.start.layers.size());
        }
    }
    if (!steps.empty()) {
        std::vector<CurvePoint> points;
        points.reserve(steps.size());
        for (const StepRecord& step : steps)
            points.push_back({step.step, step.seconds, step.loss});
        live.losses.append(points);
        live.lastStep = steps.back();
    }
    for (const GradientRecord& record : gradients)
        for (std::size_t layer = 0; layer < std::min(record.norms.size(), live.gradients.size()); ++layer)
            live.gradients[layer].append(std::vector{CurvePoint{record.step, record.seconds, record.norms[layer]}});
    if (!gradients.empty())
        live.lastGradients = std::move(gradients.back());
    for (EpochRecord& epoch : epochs)
        if (epoch.picture)
            live.picture = std::exchange(epoch.picture, nullptr);
    live.epochs.insert(live.epochs.end(), std::make_move_iterator(epochs.begin()), std::make_move_iterator(epochs.end()));
    return begun || !steps.empty() || !epochs.empty();
}

void Session::Private::fetchProgress()
{
    bool changed = false;
    for (const auto& live : q.m_liveRuns)
        changed = fetch(*live, *feeds.at(live.get())) || changed;
    if (changed)
        emit q.trainingProgressed();
}

void Session::Private::trainingOver(const std::shared_ptr<LiveRun>& live)
{
    if (const auto own = feeds.find(live.get()); own != feeds.end()) {
        own->second->share();
        fetch(*live, *own->second);
        feeds.erase(own);
    }
    live->running = false;
    if (live->outcome)
        live->picture = live->outcome->result.picture;
    std::erase(q.m_liveRuns, live);
    if (q.m_liveRuns.empty())
        progressTimer.stop();
    if (live == q.m_liveRun)
        emit q.trainingProgressed();
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
