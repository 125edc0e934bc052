#pragma once

#include "core/base/Task.h"

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace limpid {

enum class JobState { Waiting, Running, Done, Failed, Cancelled };

/// What a strip shows of a job.
struct JobInfo {
    std::uint64_t id = 0;
    std::string kind;      ///< "read", "train", "explain", …: worded by whoever shows it
    std::string subject;   ///< what it is about: a file's or a model's name
    JobState state = JobState::Waiting;
    Task::Progress progress;
    double seconds = 0.0;  ///< running time so far
    double secondsLeft = -1.0; ///< from the rate so far (an estimate); negative: unknown
    bool canFinish = false;    ///< understands stop-and-keep
};

/// Runs jobs on worker threads, in order of priority, then arrival. Foreground jobs (reading a file, profiling) have a
/// worker of their own so that a long training never makes them wait.
class JobQueue
{
public:
    enum class Lane { Foreground, Background };
    struct Job {
        std::string kind, subject;
        Lane lane = Lane::Background;
        bool canFinish = false;
        std::function<void(Task&)> work;                       ///< on a worker
        /// On a worker, once, also when cancelled while waiting; the job is no longer among jobs() by then. The
        /// exception is set for Failed alone. Must not throw.
        std::function<void(JobState, std::exception_ptr)> done;
    };

    explicit JobQueue(int backgroundWorkers = 1);
    /// Cancels everything, waits for the workers.
    ~JobQueue();
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    std::uint64_t submit(Job job);
    void cancel(std::uint64_t id);
    void finish(std::uint64_t id);     ///< stop and keep; a job that can't is left alone, one that waits is cancelled
    void cancelAll();
    /// Waiting and running jobs, running first.
    std::vector<JobInfo> jobs() const;
    /// Called on a worker after each change of state, not for progress (poll jobs() on a timer for that). Once this
    /// returns the one before is not running any more; so it must not be called from a listener.
    void setListener(std::function<void()> listener);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
