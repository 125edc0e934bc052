#pragma once

#include "core/base/Task.h"
#include "core/jobs/CoreShare.h"
#include "core/jobs/Machine.h"

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace limpid {

enum class JobState { Waiting, Running, Done, Failed, Cancelled };

/// Why a job does not run yet.
enum class WaitReason {
    None,   ///< it runs, or is about to
    Order,  ///< others come first
    Cores,  ///< what runs needs the cores
    Memory, ///< what runs holds the memory
};

/// Any number will do; these are the ones with names.
namespace JobPriority {
inline constexpr int low = -1, normal = 0, high = 1;
}

/// What one job may take at most. A job that passes one while it runs is told to finish, which keeps what it reached; one
/// that can't is cancelled.
struct JobLimits {
    int cores = 0;            ///< 0: none
    /// Bytes; 0: none. An estimate beyond it is refused. While the job runs it is held against what the process has grown
    /// by, so it only counts where nothing ran beside the job.
    std::uint64_t memory = 0;
    double seconds = 0.0;     ///< of running; 0: none

    bool operator==(const JobLimits&) const = default;
};

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
    bool finishing = false;    ///< was told to
    bool paused = false;       ///< runs, but does nothing for now: see setPaused()
    bool foreground = false;
    int priority = JobPriority::normal;
    WaitReason waits = WaitReason::None;
    CoreWish wish;             ///< after its limit
    int cores = 0;             ///< its present share; 0 while it waits
    std::uint64_t memory = 0;  ///< estimated bytes; 0: unknown
    double estimatedSeconds = 0.0; ///< given with it; 0: unknown
    JobLimits limits;
    ResourceUse use;           ///< so far
};

/// Runs jobs on worker threads and shares the machine among them.
///
/// Order: by priority, then as they came, except that a job with a known estimate goes before shorter ones (longest
/// first ends earliest on several cores; Graham, SIAM J. Appl. Math. 17 (1969) 416). Whoever moves a job by hand has the
/// last word. Nobody overtakes: a job that waits for cores or memory holds up those behind it, so that it can't starve.
///
/// Cores: shared out anew whenever a job comes or goes (CoreShare.h); work reads its share from Task::cores().
/// Foreground jobs (reading a file, profiling) have a worker of their own: they run one after another and never wait
/// behind a training.
///
/// Memory (MemoryGuard.h): a job whose estimate does not fit waits for others to end, or fails with Error OutOfMemory. A
/// foreground job does not wait: it fails.
class JobQueue
{
public:
    enum class Lane { Foreground, Background };
    struct Job {
        std::string kind, subject;
        Lane lane = Lane::Background;
        bool canFinish = false;
        int priority = JobPriority::normal;
        CoreWish cores;
        std::uint64_t memory = 0;      ///< bytes that it will take, about; 0: unknown, it is not held up
        double estimatedSeconds = 0.0; ///< on one core; 0: unknown
        JobLimits limits;
        std::function<void(Task&)> work;                       ///< on a worker, with a Metered scope open
        /// On a worker, once, also when cancelled while waiting; the job is no longer among jobs() by then. The
        /// exception is set for Failed alone. Must not throw.
        std::function<void(JobState, std::exception_ptr, const ResourceUse&)> done;
    };

    struct Options {
        int mostBackground = 0;             ///< background jobs at the same time; 0: as many as have cores
        std::shared_ptr<Machine> machine;   ///< null: this one
        double lookSeconds = 0.25;          ///< how often the machine is read while jobs run or wait; 0: see look()
    };

    explicit JobQueue(Options options);
    explicit JobQueue(int mostBackground = 1);
    /// Cancels everything, waits for the workers.
    ~JobQueue();
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    std::uint64_t submit(Job job);
    /// All before the first of them starts, so that the longest of them can.
    std::vector<std::uint64_t> submitAll(std::vector<Job> jobs);

    void cancel(std::uint64_t id);
    void finish(std::uint64_t id);     ///< stop and keep; a job that can't is left alone, one that waits is cancelled
    void cancelAll();

    // Of a job that waits or runs; one that is not there any more is left alone.
    void setPriority(std::uint64_t id, int priority); ///< a waiting job becomes the last of its new equals
    void setLimits(std::uint64_t id, const JobLimits& limits);
    /// A running job that its owner halts counts for no core and no time until it goes on, so that others use what it leaves.
    /// The queue can't halt work by itself: whoever calls this also tells the work. Once it goes on it has its least at once,
    /// even where others have taken its place meanwhile.
    void setPaused(std::uint64_t id, bool paused);
    /// Moves a waiting job by so many places (negative: forward) among those of its lane, as far as there are any. Where
    /// it passes a job of another priority it takes that one on.
    void move(std::uint64_t id, int places);

    /// Running jobs, then waiting ones in the order in which they will start.
    std::vector<JobInfo> jobs() const;
    int cores() const; ///< that are shared out

    /// Reads the machine and decides anew; once it returns, what can start runs and limits have had their effect. The
    /// queue does so by itself every Options::lookSeconds and whenever a job comes or goes. Not from a job's callbacks.
    void look();

    /// Called on a worker after each change of state, not for progress (poll jobs() on a timer for that). Once this
    /// returns the one before is not running any more; so it must not be called from a listener.
    void setListener(std::function<void()> listener);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
