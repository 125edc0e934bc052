#pragma once

#include "core/jobs/JobQueue.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

namespace limpid {

/// The window's way to core/jobs: work runs on a worker, its result comes back on the GUI thread, and only while
/// `receiver` lives.
class JobRunner : public QObject
{
    Q_OBJECT
public:
    explicit JobRunner(JobQueue& queue, QObject* parent = nullptr);
    /// Answers that come later are dropped; the queue's jobs go on until it is destroyed.
    ~JobRunner() override;

    struct Options {
        std::string kind, subject;
        JobQueue::Lane lane = JobQueue::Lane::Foreground;
        bool canFinish = false;
        bool tellCancelled = false; ///< failed() is called with Cancelled too
        // As in JobQueue::Job.
        int priority = JobPriority::normal;
        CoreWish cores;
        std::uint64_t memory = 0;
        double estimatedSeconds = 0.0;
        JobLimits limits;
    };

    /// `work(Task&) -> Result` on a worker; then on the GUI thread `done(Result)` or `done(Result, const ResourceUse&)`,
    /// or `failed(std::exception_ptr)` for an Error, or neither for a cancelled job unless Options::tellCancelled.
    template<class Work, class Done, class Failed>
    std::uint64_t run(Options options, QObject* receiver, Work work, Done done, Failed failed)
    {
        return m_queue.submit(job(std::move(options), receiver, std::move(work), std::move(done), std::move(failed)));
    }

    /// The same, to be submitted to queue() with others at once.
    template<class Work, class Done, class Failed>
    JobQueue::Job job(Options options, QObject* receiver, Work work, Done done, Failed failed)
    {
        using Result = decltype(work(std::declval<Task&>()));
        auto result = std::make_shared<std::optional<Result>>();
        return bridged(std::move(options), receiver,
                      [work = std::move(work), result](Task& task) mutable { result->emplace(work(task)); },
                      [done = std::move(done), result](const ResourceUse& use) mutable {
                          if constexpr (std::is_invocable_v<Done&, Result, const ResourceUse&>)
                              done(std::move(**result), use);
                          else
                              done(std::move(**result));
                      },
                      std::move(failed));
    }

    JobQueue& queue() const { return m_queue; }

signals:
    void jobsChanged();      ///< a job came, started or ended

private:
    struct Bridge;
    void customEvent(QEvent* event) override;
    JobQueue::Job bridged(Options options, QObject* receiver, std::function<void(Task&)> work,
                          std::function<void(const ResourceUse&)> done, std::function<void(std::exception_ptr)> failed);
    JobQueue& m_queue;
    std::shared_ptr<Bridge> m_bridge;
};

/// The sentence for what a job failed with; its details go to the log.
QString sentenceOf(const std::exception_ptr& failure);

} // namespace limpid
