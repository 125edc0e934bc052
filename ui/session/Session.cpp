#include "ui/session/Session.h"

#include "core/base/File.h"
#include "ui/session/SessionCommands.h"
#include "ui/session/SessionPrivate.h"
#include "ui/text/Messages.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <condition_variable>

namespace limpid {

namespace {

constexpr const char* stateKey = "session";
constexpr int recentFilesKept = 10;

JobRunner::Options foreground(const char* kind, const QString& subject = {})
{
    JobRunner::Options options;
    options.kind = kind;
    options.subject = subject.toStdString();
    return options;
}

std::filesystem::path toPath(const QString& path)
{
    return std::filesystem::path(path.toStdU16String());
}

} // namespace

// --- opening and closing ------------------------------------------------------------------------------------------

Session::Private::Private(Session& session) : q(session)
{
    planTimer.setSingleShot(true);
    planTimer.setInterval(0); // edits of one event make one plan
    QObject::connect(&planTimer, &QTimer::timeout, &q, [this] { startPlan(); });
    saveTimer.setSingleShot(true);
    saveTimer.setInterval(400);
    QObject::connect(&saveTimer, &QTimer::timeout, &q, [this] { save(); });
    progressTimer.setInterval(100);
    QObject::connect(&progressTimer, &QTimer::timeout, &q, [this] { fetchProgress(); });
}

Session::Session(JobRunner& jobs, std::shared_ptr<Workspace> workspace, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(*this)), m_jobs(jobs)
{
    if (!workspace)
        return;
    m_workspace = workspace;
    const std::uint64_t token = ++d->workspaceToken;
    m_jobs.run(
        foreground("settings"), this, [workspace](Task&) { return workspace->value(stateKey); },
        [this, workspace, token](const nlohmann::json& state) {
            if (token == d->workspaceToken)
                d->takeWorkspace(workspace, state);
        },
        [this, workspace, token](const std::exception_ptr& failure) {
            if (token != d->workspaceToken)
                return;
            emit failed(sentenceOf(failure));
            d->takeWorkspace(workspace, nullptr);
        });
}

Session::~Session()
{
    // Jobs hold what they need themselves; all that is left is to stop those that only we would want.
    for (const auto& live : m_liveRuns)
        m_jobs.queue().cancel(live->job);
    m_undo.clear();
}

void Session::openWorkspace(const QString& folder)
{
    if (!m_liveRuns.empty()) {
        emit failed(tr("A run is training in this workspace. Stop it first, then open the other one."));
        return;
    }
    if (d->saveTimer.isActive()) {
        d->saveTimer.stop();
        d->save();
    }
    struct Opened {
        std::shared_ptr<Workspace> workspace;
        nlohmann::json state;
    };
    const std::uint64_t token = ++d->workspaceToken;
    m_jobs.run(
        foreground("workspace", folder), this,
        [path = toPath(folder)](Task&) {
            Opened opened;
            opened.workspace = std::make_shared<Workspace>(path);
            opened.state = opened.workspace->value(stateKey);
            return opened;
        },
        [this, token](Opened opened) {
            if (token == d->workspaceToken)
                d->takeWorkspace(std::move(opened.workspace), opened.state);
        },
        [this, token, folder](const std::exception_ptr& failure) {
            if (token == d->workspaceToken)
                emit workspaceFailed(folder, sentenceOf(failure));
        });
}

bool Session::isReady() const { return d->ready; }

QString Session::filePath() const { return d->path; }

void Session::Private::takeWorkspace(std::shared_ptr<Workspace> workspace, const nlohmann::json& json)
{
    if (q.m_workspace && q.m_workspace != workspace)
        retire(std::move(q.m_workspace));
    q.m_workspace = std::move(workspace);
    // A file asked for while the workspace was still opening (command line, drop) comes before the last one.
    const QString asked = std::exchange(ready, true) ? QString() : path;
    ++readToken;
    ++profileToken;
    ++planToken;
    q.m_opening = false;
    q.watch(nullptr);
    q.m_models.clear();
    q.m_runs.clear();
    restore(SessionState::fromJson(json), asked);
    emit q.workspaceOpened();
    q.refreshRegistry();
}

void Session::Private::restore(const SessionState& state, const QString& asked)
{
    q.m_undo.clear();
    retire(std::move(q.m_data));
    q.m_data.reset();
    q.m_plan.reset();
    q.m_planProblem.clear();
    q.m_profiles.clear();
    path.clear();
    view = state.view;
    q.m_recentFiles = state.recentFiles;
    q.m_request = state.request;
    wantedOptions = loadedOptions = {};
    shownNetwork = {};
    emit q.dataChanged();
    emit q.profilesChanged();
    emit q.requestChanged();
    emit q.planChanged();
    setNetworkShown();
    if (!asked.isEmpty())
        view["page"] = "data"; // where a file that was asked for is shown
    if (!asked.isEmpty() && asked != state.file) {
        q.openFile(asked);
    } else if (!state.file.isEmpty()) {
        wantedOptions = state.options;
        restored = state.request;
        read(state.file, true);
    }
}

void Session::close(int timeoutMs)
{
    d->saveTimer.stop();
    m_jobs.queue().cancelAll();
    if (!m_workspace || !d->ready)
        return;
    // The one place that waits: the window is gone by now, and what was set must not be lost.
    struct Written {
        std::mutex mutex;
        std::condition_variable done;
        bool over = false;
    };
    auto written = std::make_shared<Written>();
    JobQueue::Job job;
    job.kind = "settings";
    job.lane = JobQueue::Lane::Foreground;
    job.work = [workspace = m_workspace, json = d->state().toJson(), values = d->unwritten, order = d->writeOrder](Task&) {
        const std::lock_guard lock(*order);
        for (const Private::UnwrittenValue& value : values)
            value.workspace->setValue(value.key, value.value);
        workspace->setValue(stateKey, json);
    };
    job.done = [written](JobState, std::exception_ptr, const ResourceUse&) {
        const std::lock_guard lock(written->mutex);
        written->over = true;
        written->done.notify_all();
    };
    m_jobs.queue().submit(std::move(job));
    std::unique_lock lock(written->mutex);
    written->done.wait_for(lock, std::chrono::milliseconds(timeoutMs), [&] { return written->over; });
}

SessionState Session::Private::state() const
{
    return {path, wantedOptions, q.m_data || !restored ? q.m_request : *restored, q.m_recentFiles, view};
}

void Session::Private::scheduleSave()
{
    if (ready && !saveTimer.isActive())
        saveTimer.start();
}

void Session::Private::save()
{
    if (!q.m_workspace || !ready)
        return;
    if (saving) {
        saveAgain = true;
        return;
    }
    saving = true;
    const auto over = [this] {
        saving = false;
        if (std::exchange(saveAgain, false))
            scheduleSave();
    };
    JobRunner::Options options = foreground("settings");
    options.tellCancelled = true;
    q.m_jobs.run(
        options, &q,
        [workspace = q.m_workspace, json = state().toJson()](Task&) {
            workspace->setValue(stateKey, json);
            return true;
        },
        [over](bool) { over(); },
        [this, over](const std::exception_ptr& failure) {
            over();
            if (const QString sentence = sentenceOf(failure); !sentence.isEmpty())
                emit q.failed(sentence);
        });
}

nlohmann::json Session::viewValue(const QString& key) const
{
    const auto found = d->view.find(key.toStdString());
    return found == d->view.end() ? nlohmann::json() : *found;
}

void Session::setViewValue(const QString& key, const nlohmann::json& value)
{
    nlohmann::json& slot = d->view[key.toStdString()];
    if (slot == value)
        return;
    slot = value;
    d->scheduleSave();
}

// --- data ---------------------------------------------------------------------------------------------------------

void Session::openFile(const QString& path)
{
    if (path.isEmpty())
        return;
    d->wantedOptions = {};
    d->restored.reset();
    d->read(QDir::cleanPath(QFileInfo(path).absoluteFilePath()), true);
}

void Session::Private::read(const QString& file, bool fresh)
{
    const std::uint64_t token = ++readToken;
    ++profileToken;
    q.m_jobs.queue().cancel(readJob);
    q.m_jobs.queue().cancel(profileJob);
    if (fresh)
        path = file;
    q.m_opening = true;
    readJob = q.m_jobs.run(
        foreground("read", QFileInfo(file).fileName()), &q,
        [file = toPath(file), options = wantedOptions](Task& task) -> std::shared_ptr<const DataSet> {
            return std::make_shared<const DataSet>(openData(file, options, task));
        },
        [this, token, fresh](std::shared_ptr<const DataSet> data) {
            if (token == readToken)
                readDone(std::move(data), fresh);
        },
        [this, token, fresh](const std::exception_ptr& failure) {
            if (token == readToken)
                readFailed(sentenceOf(failure), fresh);
        });
    emit q.openingChanged();
}

void Session::Private::readDone(std::shared_ptr<const DataSet> data, bool fresh)
{
    q.m_opening = false;
    retire(std::exchange(q.m_data, std::move(data)));
    loadedOptions = wantedOptions;
    q.m_profiles.clear();
    if (fresh) {
        q.m_undo.clear();
        const Table& table = q.m_data->table();
        const auto isThere = [&](const std::string& column) { return table.find(column).has_value(); };
        const std::vector<std::string> targets = restored ? restored->pipeline.targets() : std::vector<std::string>();
        if (restored && std::all_of(targets.begin(), targets.end(), isThere)) {
            q.m_request = *restored;
        } else {
            // Settings of training stay as they were set; what is about the columns starts anew.
            q.m_request.pipeline.setTargets({suggestTarget(table)});
            // A column without values can't be learnt from; the Data page shows why it is left out.
            q.m_request.pipeline.ignored.clear();
            for (std::size_t i = 0; i < q.m_data->csv.guesses.size(); ++i)
                if (q.m_data->csv.guesses[i].reason == "all-missing")
                    q.m_request.pipeline.ignored.push_back(table.column(i).name());
            q.m_request.network.reset();
            q.m_request.name.clear();
        }
        restored.reset();
        q.m_recentFiles.removeAll(path);
        q.m_recentFiles.prepend(path);
        while (q.m_recentFiles.size() > recentFilesKept)
            q.m_recentFiles.removeLast();
    }
    q.m_plan.reset();
    q.m_planProblem.clear();
    emit q.openingChanged();
    emit q.dataChanged();
    emit q.profilesChanged();
    emit q.requestChanged();
    emit q.planChanged();
    schedulePlan();
    startProfile();
    scheduleSave();
}

void Session::Private::readFailed(const QString& sentence, bool fresh)
{
    q.m_opening = false;
    if (fresh) {
        // What was open stays open.
        path = q.m_data ? QString::fromStdString(utf8(q.m_data->path)) : QString();
        restored.reset();
    }
    const bool edited = !fresh && wantedOptions != loadedOptions;
    wantedOptions = loadedOptions;
    if (edited && q.m_undo.canUndo()) {
        // The edit could not be made, so it must not stay to be undone.
        const auto* last = q.m_undo.command(q.m_undo.index() - 1);
        if (dynamic_cast<const SetReadOptionsCommand*>(last)) {
            const_cast<QUndoCommand*>(last)->setObsolete(true);
            q.m_undo.undo();
        }
    }
    emit q.openingChanged();
    emit q.dataChanged();
    emit q.failed(sentence);
    scheduleSave();
}

void Session::Private::applyReadOptions(const CsvOptions& options)
{
    wantedOptions = options;
    if (!q.m_data)
        return;
    if (wantedOptions == loadedOptions) {
        if (std::exchange(q.m_opening, false)) {
            ++readToken; // a reading under way is no longer wanted
            q.m_jobs.queue().cancel(readJob);
            emit q.openingChanged();
        }
        return;
    }
    read(path, false);
}

void Session::setColumnType(const QString& column, ColumnType type)
{
    if (!m_data)
        return;
    const auto index = m_data->table().find(column.toStdString());
    if (!index || (m_data->table().column(*index).type() == type && !m_opening))
        return;
    CsvOptions options = d->wantedOptions;
    options.types[column.toStdString()] = type;
    m_undo.push(new SetReadOptionsCommand(*this, options, tr("type of “%1”").arg(column)));
}

void Session::setMissingMarks(const QString& column, const QStringList& marks)
{
    if (!m_data || missingMarks(column) == marks)
        return;
    CsvOptions options = d->wantedOptions;
    std::vector<std::string>& list = options.missingMarks[column.toStdString()];
    list.clear();
    for (const QString& mark : marks)
        list.push_back(mark.toStdString());
    if (list.empty())
        options.missingMarks.erase(column.toStdString());
    m_undo.push(new SetReadOptionsCommand(*this, options, tr("what is missing in “%1”").arg(column)));
}

QStringList Session::missingMarks(const QString& column) const
{
    QStringList marks;
    if (const auto found = d->wantedOptions.missingMarks.find(column.toStdString()); found != d->wantedOptions.missingMarks.end())
        for (const std::string& mark : found->second)
            marks += QString::fromStdString(mark);
    return marks;
}

void Session::Private::startProfile()
{
    const std::uint64_t token = ++profileToken;
    profileJob = q.m_jobs.run(
        foreground("profile", QFileInfo(path).fileName()), &q,
        [data = q.m_data](Task& task) { return profile(data->table(), task); },
        [this, token](std::vector<ColumnProfile> profiles) {
            if (token != profileToken)
                return;
            q.m_profiles = std::move(profiles);
            emit q.profilesChanged();
        },
        [this, token](const std::exception_ptr& failure) {
            if (token == profileToken)
                emit q.failed(sentenceOf(failure));
        });
}

// --- the next run's set-up ----------------------------------------------------------------------------------------

void Session::setTarget(const QString& column)
{
    setTargets({column});
}

void Session::setTargets(const QStringList& columns)
{
    TrainRequest request = m_request;
    std::vector<std::string> names;
    for (const QString& column : columns) {
        names.push_back(column.toStdString());
        std::erase(request.pipeline.ignored, names.back());
    }
    if (names.empty() || (names == m_request.pipeline.targets() && !m_request.pipeline.reconstruct))
        return;
    request.pipeline.setTargets(names);
    request.pipeline.reconstruct = false;
    if (reconstructs(request.preset))
        request.preset = TrainRequest().preset;
    m_undo.push(new SetRequestCommand(*this, request, tr("predict “%1”").arg(columns.join(tr("”, “"))), -1));
}

void Session::setIgnored(const QString& column, bool ignored)
{
    TrainRequest request = m_request;
    std::vector<std::string>& list = request.pipeline.ignored;
    const std::string name = column.toStdString();
    const bool is = std::find(list.begin(), list.end(), name) != list.end();
    if (is == ignored)
        return;
    if (ignored)
        list.push_back(name);
    else
        std::erase(list, name);
    m_undo.push(new SetRequestCommand(
        *this, request, ignored ? tr("leave out “%1”").arg(column) : tr("use “%1”").arg(column), -1));
}

namespace {

/// Requests (kind 0) and networks (kind 1) count their merge ids apart. Ids may be hashes, so it is unsigned and wraps.
int mergeKey(int mergeId, unsigned kind)
{
    return mergeId < 0 ? -1 : static_cast<int>((2U * static_cast<unsigned>(mergeId) + kind) & 0x7fffffffU);
}

} // namespace

void Session::setRequest(const TrainRequest& request, const QString& text, int mergeId)
{
    m_undo.push(new SetRequestCommand(*this, request, text, mergeKey(mergeId, 0)));
}

NetworkSpec Session::network() const
{
    return m_request.network ? *m_request.network : m_plan ? m_plan->network : NetworkSpec();
}

void Session::setNetwork(const NetworkSpec& network, const QString& text, int mergeId)
{
    TrainRequest request = m_request;
    request.network = network;
    m_undo.push(new SetRequestCommand(*this, request, text, mergeKey(mergeId, 1)));
}

void Session::Private::applyRequest(const TrainRequest& request)
{
    q.m_request = request;
    emit q.requestChanged();
    setNetworkShown();
    schedulePlan();
    scheduleSave();
}

void Session::Private::setNetworkShown()
{
    // A preset's network is known when the plan is: until then the one before stays on the canvas.
    NetworkSpec now = q.network();
    if (!q.m_request.network && !q.m_plan && q.m_data)
        return;
    if (now == shownNetwork)
        return;
    shownNetwork = std::move(now);
    emit q.networkChanged();
}

void Session::Private::schedulePlan()
{
    ++planToken;
    if (q.m_data)
        planTimer.start();
}

void Session::Private::startPlan()
{
    if (!q.m_data)
        return;
    if (planning) {
        planAgain = true; // one at a time: the answer to the last question is the one that counts
        return;
    }
    planning = true;
    const std::uint64_t token = planToken;
    const auto over = [this] {
        planning = false;
        if (std::exchange(planAgain, false))
            startPlan();
    };
    JobRunner::Options options = foreground("plan");
    options.tellCancelled = true;
    q.m_jobs.run(
        options, &q,
        [data = q.m_data, request = q.m_request](Task&) -> std::shared_ptr<const TrainPlan> {
            return std::make_shared<const TrainPlan>(planTraining(*data, request));
        },
        [this, token, over](std::shared_ptr<const TrainPlan> plan) {
            if (token == planToken)
                planDone(std::move(plan), {});
            over();
        },
        [this, token, over](const std::exception_ptr& failure) {
            if (token == planToken)
                planDone(nullptr, sentenceOf(failure));
            over();
        });
}

void Session::Private::planDone(std::shared_ptr<const TrainPlan> plan, const QString& problem)
{
    retire(std::exchange(q.m_plan, std::move(plan)));
    q.m_planProblem = problem;
    setNetworkShown();
    emit q.planChanged();
}

} // namespace limpid
