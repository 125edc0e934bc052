#pragma once

#include "core/jobs/JobQueue.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <optional>

namespace limpid {

/// The window's way to core/jobs: work runs on a worker, its result comes back on the GUI thread, and only while
/// `receiver` lives.
class JobRunner : public QObject
{
    Q_OBJECT
public:
    explicit JobRunner(JobQueue& queue, QObject* parent = nullptr);

    struct Options {
        std::string kind, subject;
        JobQueue::Lane lane = JobQueue::Lane::Foreground;
        bool canFinish = false;
    };

    /// `work(Task&) -> Result` on a worker; then on the GUI thread `done(Result)`, or `failed(std::exception_ptr)`
    /// for an Error, or neither for a cancelled job unless `failed` wants Cancelled too.
    template<class Work, class Done, class Failed>
    std::uint64_t run(Options options, QObject* receiver, Work work, Done done, Failed failed)
    {
        using Result = decltype(work(std::declval<Task&>()));
        auto result = std::make_shared<std::optional<Result>>();
        return submit(std::move(options), receiver,
                      [work = std::move(work), result](Task& task) mutable { result->emplace(work(task)); },
                      [done = std::move(done), result]() mutable { done(std::move(**result)); },
                      std::move(failed));
    }

    JobQueue& queue() const { return m_queue; }

signals:
    void jobsChanged();      ///< a job came, started or ended

private:
    std::uint64_t submit(Options options, QObject* receiver, std::function<void(Task&)> work,
                         std::function<void()> done, std::function<void(std::exception_ptr)> failed);
    JobQueue& m_queue;
};

} // namespace limpid
