#include "ui/session/JobRunner.h"

#include "ui/text/Messages.h"

#include <QCoreApplication>
#include <QEvent>

#include <spdlog/spdlog.h>

#include <mutex>
#include <new>
#include <vector>

namespace limpid {

/// What workers and the GUI thread share. Workers may outlive the runner, so they hold this, never the runner itself.
struct JobRunner::Bridge {
    std::mutex mutex;
    JobRunner* runner = nullptr;                ///< null once it is gone
    std::vector<std::function<void()>> answers; ///< to be called on the GUI thread
    bool changed = false;                       ///< jobsChanged() is due
    bool posted = false;                        ///< an event is under way

    void post(std::function<void()> answer)
    {
        const std::lock_guard lock(mutex);
        if (!runner)
            return;
        if (answer)
            answers.push_back(std::move(answer));
        else
            changed = true;
        if (!posted) {
            posted = true;
            QCoreApplication::postEvent(runner, new QEvent(QEvent::User));
        }
    }
};

JobRunner::JobRunner(JobQueue& queue, QObject* parent)
    : QObject(parent), m_queue(queue), m_bridge(std::make_shared<Bridge>())
{
    m_bridge->runner = this;
    m_queue.setListener([bridge = m_bridge] { bridge->post({}); });
}

JobRunner::~JobRunner()
{
    m_queue.setListener({});
    const std::lock_guard lock(m_bridge->mutex);
    m_bridge->runner = nullptr;
    m_bridge->answers.clear();
}

void JobRunner::customEvent(QEvent*)
{
    std::vector<std::function<void()>> answers;
    bool changed = false;
    {
        const std::lock_guard lock(m_bridge->mutex);
        answers.swap(m_bridge->answers);
        changed = std::exchange(m_bridge->changed, false);
        m_bridge->posted = false;
    }
    const QPointer<JobRunner> alive(this);
    for (const std::function<void()>& answer : answers) {
        answer();
        if (!alive)
            return;
    }
    if (changed)
        emit jobsChanged();
}

JobQueue::Job JobRunner::bridged(Options options, QObject* receiver, std::function<void(Task&)> work,
                                 std::function<void(const ResourceUse&)> done, std::function<void(std::exception_ptr)> failed)
{
    JobQueue::Job job;
    job.kind = std::move(options.kind);
    job.subject = std::move(options.subject);
    job.lane = options.lane;
    job.canFinish = options.canFinish;
    job.priority = options.priority;
    job.cores = options.cores;
    job.memory = options.memory;
    job.estimatedSeconds = options.estimatedSeconds;
    job.limits = options.limits;
    job.work = std::move(work);
    job.done = [bridge = m_bridge, receiver = QPointer<QObject>(receiver), done = std::move(done),
                failed = std::move(failed),
                tellCancelled = options.tellCancelled](JobState state, std::exception_ptr failure, const ResourceUse& use) {
        if (state == JobState::Cancelled && !tellCancelled)
            return;
        if (state == JobState::Cancelled && !failure)
            failure = std::make_exception_ptr(Cancelled());
        bridge->post([receiver, done, failed, state, failure, use] {
            if (!receiver)
                return;
            if (state == JobState::Done)
                done(use);
            else if (failed)
                failed(failure);
        });
    };
    return job;
}

QString sentenceOf(const std::exception_ptr& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        spdlog::warn("{}", error.what());
        return message(error);
    } catch (const Cancelled&) {
        return {};
    } catch (const std::bad_alloc&) {
        spdlog::warn("out of memory");
        return message(ErrorCode::OutOfMemory, {});
    } catch (const std::exception& error) {
        spdlog::error("{}", error.what());
        return message(ErrorCode::Internal, {{"reason", error.what()}});
    }
}

} // namespace limpid
