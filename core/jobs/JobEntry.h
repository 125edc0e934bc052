#pragma once

#include "core/jobs/JobQueue.h"
#include "core/jobs/ResourceMeter.h"

#include <deque>
#include <mutex>
#include <optional>

namespace limpid {

/// A job on its way through the queue. All but `id`, `task` and `job`'s functions belongs to the queue's mutex.
struct JobEntry {
    JobEntry(std::uint64_t number, JobQueue::Job what, std::mutex& mutex);

    const std::uint64_t id;
    JobQueue::Job job;
    Task task;
    JobState state = JobState::Waiting;
    std::exception_ptr error;
    WaitReason waits = WaitReason::Order;
    bool placed = false;        ///< by hand: no estimate goes before it
    Task::Progress progress;
    double started = 0.0;       ///< by the machine's clock
    std::optional<double> pausedSince; ///< by the machine's clock
    double pausedSeconds = 0.0; ///< in pauses that are over
    ResourceMeter::AccountPtr account; ///< once a worker has it

    bool foreground() const { return job.lane == JobQueue::Lane::Foreground; }
    CoreWish wish() const; ///< after its limit
    void setPaused(bool paused, double now);
    double running(double now) const; ///< seconds since it started, pauses left out
    JobInfo info(const ResourceMeter& meter, double now) const;
};

using JobEntryPtr = std::shared_ptr<JobEntry>;

/// The jobs that wait in one lane, in the order in which they start: by falling priority. See JobQueue for the rest.
class WaitingLine
{
public:
    bool empty() const { return m_entries.empty(); }
    std::size_t size() const { return m_entries.size(); }
    const JobEntryPtr& front() const { return m_entries.front(); }
    auto begin() const { return m_entries.begin(); }
    auto end() const { return m_entries.end(); }

    void add(JobEntryPtr entry);
    JobEntryPtr take(std::uint64_t id); ///< null: it is not here
    JobEntryPtr find(std::uint64_t id) const;
    void setPriority(std::uint64_t id, int priority);
    void move(std::uint64_t id, int places);

private:
    std::deque<JobEntryPtr> m_entries;
};

} // namespace limpid
