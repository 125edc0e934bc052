#include "core/jobs/JobEntry.h"

#include <algorithm>

namespace limpid {

namespace {

/// From the rate so far, once there is one: a first percent that took a millisecond says nothing.
double secondsLeft(double fraction, double seconds)
{
    if (fraction <= 0.01 || fraction > 1.0 || seconds < 0.3)
        return -1.0;
    return seconds * (1.0 - fraction) / fraction;
}

auto at(std::deque<JobEntryPtr>& entries, std::uint64_t id)
{
    return std::find_if(entries.begin(), entries.end(), [id](const JobEntryPtr& e) { return e->id == id; });
}

} // namespace

JobEntry::JobEntry(std::uint64_t number, JobQueue::Job what, std::mutex& mutex)
    : id(number), job(std::move(what)), task([this, &mutex](const Task::Progress& now) {
          const std::lock_guard lock(mutex);
          progress.fraction = now.fraction;
          if (!now.stage.empty())
              progress.stage = now.stage;
      })
{
    task.setCores(1); // until it has a share
}

CoreWish JobEntry::wish() const
{
    CoreWish wish = job.cores;
    if (job.limits.cores > 0) {
        wish.most = wish.most > 0 ? std::min(wish.most, job.limits.cores) : job.limits.cores;
        wish.least = std::min(wish.least, wish.most);
    }
    return wish;
}

void JobEntry::setPaused(bool paused, double now)
{
    if (paused == pausedSince.has_value())
        return;
    if (!paused)
        pausedSeconds += now - *pausedSince;
    pausedSince = paused ? std::optional(now) : std::nullopt;
}

double JobEntry::running(double now) const
{
    return pausedSince.value_or(now) - started - pausedSeconds;
}

JobInfo JobEntry::info(const ResourceMeter& meter, double now) const
{
    JobInfo info;
    info.id = id;
    info.kind = job.kind;
    info.subject = job.subject;
    info.state = state;
    info.progress = progress;
    info.canFinish = job.canFinish;
    info.finishing = task.isFinishing();
    info.foreground = foreground();
    info.priority = job.priority;
    info.wish = wish();
    info.memory = job.memory;
    info.estimatedSeconds = job.estimatedSeconds;
    info.limits = job.limits;
    if (state == JobState::Running) {
        info.paused = pausedSince.has_value();
        info.seconds = running(now);
        info.secondsLeft = secondsLeft(info.progress.fraction, info.seconds);
        info.cores = info.paused ? 0 : task.cores();
        if (account)
            info.use = meter.use(account);
    } else {
        info.waits = waits;
    }
    return info;
}

void WaitingLine::add(JobEntryPtr entry)
{
    auto place = m_entries.end();
    while (place != m_entries.begin() && (*std::prev(place))->job.priority < entry->job.priority)
        --place;
    if (entry->job.estimatedSeconds > 0.0 && !entry->placed)
        while (place != m_entries.begin()) {
            const JobEntry& before = **std::prev(place);
            if (before.placed || before.job.priority != entry->job.priority || before.job.estimatedSeconds <= 0.0
                || before.job.estimatedSeconds >= entry->job.estimatedSeconds)
                break;
            --place;
        }
    m_entries.insert(place, std::move(entry));
}

JobEntryPtr WaitingLine::take(std::uint64_t id)
{
    const auto found = at(m_entries, id);
    if (found == m_entries.end())
        return nullptr;
    JobEntryPtr entry = *found;
    m_entries.erase(found);
    return entry;
}

JobEntryPtr WaitingLine::find(std::uint64_t id) const
{
    const auto found = std::find_if(begin(), end(), [id](const JobEntryPtr& e) { return e->id == id; });
    return found == end() ? nullptr : *found;
}

void WaitingLine::setPriority(std::uint64_t id, int priority)
{
    const JobEntryPtr entry = find(id);
    if (!entry || entry->job.priority == priority)
        return;
    take(id);
    entry->job.priority = priority;
    entry->placed = true;
    add(entry);
}

void WaitingLine::move(std::uint64_t id, int places)
{
    const auto found = at(m_entries, id);
    if (found == m_entries.end() || places == 0)
        return;
    const auto from = found - m_entries.begin();
    const auto last = static_cast<std::ptrdiff_t>(m_entries.size()) - 1;
    const auto to = std::clamp<std::ptrdiff_t>(from + places, 0, last);
    if (from == to)
        return;
    const JobEntryPtr entry = *found;
    const int passed = m_entries[static_cast<std::size_t>(to)]->job.priority;
    m_entries.erase(found);
    m_entries.insert(m_entries.begin() + to, entry);
    entry->job.priority = passed;
    entry->placed = true;
}

} // namespace limpid
