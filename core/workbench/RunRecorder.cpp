#include "core/workbench/RunRecorder.h"

#include "core/workbench/PictureJson.h"

#include <algorithm>

namespace limpid {

namespace {

constexpr double handOverSeconds = 0.25;
constexpr double checkpointShare = 10.0; // of the time between two, at most a tenth is spent writing

Issue warning(const Error& error)
{
    return {Severity::Warning, {}, error.code(), error.facts()};
}

} // namespace

bool RunRecorder::Load::empty() const
{
    return !best && !state && !picture && std::all_of(curves.begin(), curves.end(), [](const auto& curve) { return curve.second.empty(); });
}

void RunRecorder::Load::add(Load later)
{
    for (auto& [series, points] : later.curves) {
        std::vector<CurvePoint>& all = curves[series];
        all.insert(all.end(), points.begin(), points.end());
    }
    if (later.best)
        best = std::move(later.best);
    if (later.state)
        state = std::move(later.state);
    if (later.picture)
        picture = std::move(later.picture);
}

RunRecorder::RunRecorder(Workspace& workspace, std::int64_t run, double checkpointSeconds)
    : m_workspace(workspace), m_run(run), m_checkpointSeconds(checkpointSeconds), m_loss(&m_front.curves["train/loss"]),
      m_writer([this] { serve(); })
{
}

RunRecorder::~RunRecorder()
{
    {
        const std::lock_guard lock(m_mutex);
        m_over = true;
    }
    m_wake.notify_all();
    m_writer.join();
}

void RunRecorder::start(const TrainStart& start)
{
    m_start = start;
}

void RunRecorder::step(const StepRecord& record)
{
    m_now = record.seconds;
    m_loss->push_back({record.step, record.seconds, record.loss});
    if (record.step % gradientInterval(m_start.stepsPerEpoch) == 0)
        m_front.curves["train/learning_rate"].push_back({record.step, record.seconds, record.learningRate});
    if ((record.step & 15) == 0 && m_sinceHandOver.seconds() >= handOverSeconds)
        handOver(false);
}

void RunRecorder::gradients(const GradientRecord& record)
{
    for (std::size_t i = 0; i < record.norms.size(); ++i)
        m_front.curves["gradient/" + m_start.layers[i]].push_back({record.step, record.seconds, record.norms[i]});
}

void RunRecorder::epoch(const EpochRecord& record)
{
    m_epochs = record.epoch;
    if (record.best) {
        m_bestEpoch = record.epoch;
        m_bestValidation = record.validation;
        if (record.picture)
            m_picture = record.picture;
    }
    const auto add = [&](const std::string& name, double value) {
        m_front.curves["epoch/" + name].push_back({record.epoch, record.seconds, value});
    };
    add("train_loss", record.trainLoss);
    add("validation_loss", record.validationLoss);
    add("learning_rate", record.learningRate);
    for (const auto& [name, value] : record.train.values)
        add("train_" + name, value);
    for (const auto& [name, value] : record.validation.values)
        add(name, value);
    if (m_sinceHandOver.seconds() >= handOverSeconds)
        handOver(false);
}

void RunRecorder::best(const EpochRecord& record, const Weights& weights)
{
    m_front.best.emplace(record.epoch, weights);
}

bool RunRecorder::wantsCheckpoint() const
{
    return m_checkpointSeconds <= 0.0
        || m_now - m_checkpointed >= std::max(m_checkpointSeconds, checkpointShare * m_writeSeconds);
}

void RunRecorder::checkpoint(std::int64_t step, std::string bytes)
{
    m_front.state = RunState{step, std::move(bytes)};
    if (m_picture)
        m_front.picture = std::exchange(m_picture, nullptr);
    m_checkpointed = m_now;
    handOver(false);
}

void RunRecorder::handOver(bool wait)
{
    std::unique_lock lock(m_mutex);
    if (wait)
        m_done.wait(lock, [&] { return !m_writing; });
    else if (m_writing)
        return; // it goes along the next time
    m_back.add(std::exchange(m_front, {}));
    m_loss = &m_front.curves["train/loss"];
    m_sinceHandOver = Stopwatch();
    m_writing = true;
    m_wake.notify_all();
    if (wait)
        m_done.wait(lock, [&] { return !m_writing; });
}

void RunRecorder::settle()
{
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [&] { return !m_writing; });
}

void RunRecorder::finish()
{
    if (m_picture)
        m_front.picture = std::exchange(m_picture, nullptr);
    handOver(true);
}

void RunRecorder::serve()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [&] { return m_over || m_writing; });
        if (m_over)
            return;
        Load load = std::exchange(m_back, {});
        lock.unlock();
        bool noMemory = false;
        try {
            write(load);
        } catch (const std::bad_alloc&) { // it is tried again
            noMemory = true;
        }
        lock.lock();
        try {
            load.add(std::exchange(m_back, {}));
        } catch (const std::bad_alloc&) {
            noMemory = true;
        }
        if (noMemory)
            m_curveIssue = warning(Error(ErrorCode::OutOfMemory));
        m_back = std::move(load);
        m_writing = false;
        m_done.notify_all();
    }
}

void RunRecorder::write(Load& load)
{
    std::optional<Issue> curveIssue, checkpointIssue;
    try {
        m_workspace.appendCurves(m_run, load.curves);
        load.curves.clear();
    } catch (const Error& error) {
        curveIssue = warning(error);
    }
    try {
        const Stopwatch clock;
        const bool any = load.best || load.state;
        if (load.best) {
            m_workspace.keepCheckpoint(m_run, load.best->first, load.best->second);
            load.best.reset();
        }
        // Where the curves up to it are missing, a state would leave a hole behind.
        if (load.state && !curveIssue) {
            m_workspace.keepState(m_run, load.state->step, load.state->bytes);
            load.state.reset();
        }
        if (load.picture) {
            m_workspace.setValue(pictureKey(m_run), toJson(*load.picture));
            load.picture.reset();
        }
        if (any)
            m_writeSeconds = clock.seconds();
    } catch (const Error& error) {
        checkpointIssue = warning(error);
    }
    const std::lock_guard lock(m_mutex);
    m_curveIssue = curveIssue;
    m_checkpointIssue = checkpointIssue;
}

Issues RunRecorder::issues() const
{
    const std::lock_guard lock(m_mutex);
    Issues issues;
    for (const std::optional<Issue>& issue : {m_curveIssue, m_checkpointIssue})
        if (issue && std::find(issues.begin(), issues.end(), *issue) == issues.end())
            issues.push_back(*issue);
    return issues;
}

} // namespace limpid
