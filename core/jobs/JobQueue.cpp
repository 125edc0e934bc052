#include "core/jobs/JobQueue.h"

#include "core/base/Clock.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

namespace limpid {

namespace {

/// A job on its way through the queue. `state`, `progress` and `clock` belong to JobQueue::Private::mutex;
/// `task` is safe by itself.
struct Entry {
    Entry(std::uint64_t number, JobQueue::Job what, std::mutex& mutex)
        : id(number), job(std::move(what)), task([this, &mutex](const Task::Progress& now) {
              const std::lock_guard lock(mutex);
              progress.fraction = now.fraction;
              if (!now.stage.empty())
                  progress.stage = now.stage;
          })
    {
    }

    const std::uint64_t id;
    JobQueue::Job job;
    Task task;
    JobState state = JobState::Waiting;
    Task::Progress progress;
    Stopwatch clock;
};

using EntryPtr = std::shared_ptr<Entry>;

/// From the rate so far, once there is one: a first percent that took a millisecond says nothing.
double secondsLeft(double fraction, double seconds)
{
    if (fraction <= 0.01 || fraction > 1.0 || seconds < 0.3)
        return -1.0;
    return seconds * (1.0 - fraction) / fraction;
}

} // namespace

struct JobQueue::Private {
    mutable std::mutex mutex;
    std::condition_variable wake;
    std::deque<EntryPtr> foreground, background;   ///< waiting
    std::deque<EntryPtr> withdrawn;                ///< cancelled while waiting: any worker tells their `done`
    std::list<EntryPtr> running;
    std::uint64_t lastId = 0;
    bool closing = false;

    std::mutex listenerMutex;                      ///< held while the listener runs, so that it can be taken away safely
    std::function<void()> listener;

    std::vector<std::thread> workers;

    void tellListener()
    {
        const std::lock_guard lock(listenerMutex);
        if (listener)
            listener();
    }

    static void tellDone(Entry& entry, JobState state, std::exception_ptr error)
    {
        try {
            if (entry.job.done)
                entry.job.done(state, error);
        } catch (...) {
            // What listens to one job must not take the worker, and every later job, with it.
        }
        entry.job.work = nullptr;
        entry.job.done = nullptr;
    }

    /// Moves the waiting job to the withdrawn ones. With the mutex held.
    bool withdraw(std::deque<EntryPtr>& lane, std::uint64_t id)
    {
        const auto found = std::find_if(lane.begin(), lane.end(), [&](const EntryPtr& e) { return e->id == id; });
        if (found == lane.end())
            return false;
        (*found)->state = JobState::Cancelled;
        (*found)->task.cancel();
        withdrawn.push_back(*found);
        lane.erase(found);
        return true;
    }

    void cancel(std::uint64_t id)
    {
        {
            const std::lock_guard lock(mutex);
            for (const EntryPtr& entry : running)
                if (entry->id == id)
                    entry->task.cancel();
            if (!withdraw(foreground, id))
                withdraw(background, id);
        }
        wake.notify_all();
    }

    void cancelAll(bool close)
    {
        {
            const std::lock_guard lock(mutex);
            closing = closing || close;
            for (const EntryPtr& entry : running)
                entry->task.cancel();
            for (auto* lane : {&foreground, &background})
                while (!lane->empty())
                    withdraw(*lane, lane->front()->id);
        }
        wake.notify_all();
    }

    void run(const EntryPtr& entry)
    {
        tellListener();
        JobState state = JobState::Done;
        std::exception_ptr error;
        try {
            entry->task.checkpoint();
            if (entry->job.work)
                entry->job.work(entry->task);
        } catch (const Cancelled&) {
            state = JobState::Cancelled;
        } catch (...) {
            state = JobState::Failed;
            error = std::current_exception();
        }
        {
            const std::lock_guard lock(mutex);
            entry->state = state;
            running.remove(entry);
        }
        tellDone(*entry, state, error);
        tellListener();
    }

    void work(std::deque<EntryPtr>& lane)
    {
        for (;;) {
            EntryPtr entry;
            bool start = false;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [&] { return closing || !withdrawn.empty() || !lane.empty(); });
                std::deque<EntryPtr>& from = withdrawn.empty() ? lane : withdrawn;
                if (from.empty())
                    return; // closing, and nothing is left to tell
                start = &from == &lane;
                entry = from.front();
                from.pop_front();
                if (start) {
                    entry->state = JobState::Running;
                    entry->clock = Stopwatch();
                    running.push_back(entry);
                }
            }
            if (start) {
                run(entry);
            } else {
                tellDone(*entry, JobState::Cancelled, nullptr);
                tellListener();
            }
        }
    }
};

JobQueue::JobQueue(int backgroundWorkers) : d(std::make_unique<Private>())
{
    d->workers.emplace_back([this] { d->work(d->foreground); });
    for (int i = 0; i < std::max(1, backgroundWorkers); ++i)
        d->workers.emplace_back([this] { d->work(d->background); });
}

JobQueue::~JobQueue()
{
    d->cancelAll(true);
    for (std::thread& worker : d->workers)
        worker.join();
}

std::uint64_t JobQueue::submit(Job job)
{
    std::uint64_t id = 0;
    {
        const std::lock_guard lock(d->mutex);
        id = ++d->lastId;
        const bool foreground = job.lane == Lane::Foreground;
        auto entry = std::make_shared<Entry>(id, std::move(job), d->mutex);
        if (d->closing) {
            entry->task.cancel();
            d->withdrawn.push_back(std::move(entry)); // a worker that is still ending another job tells it
        } else {
            (foreground ? d->foreground : d->background).push_back(std::move(entry));
        }
    }
    d->wake.notify_all();
    return id;
}

void JobQueue::cancel(std::uint64_t id)
{
    d->cancel(id);
}

void JobQueue::finish(std::uint64_t id)
{
    {
        const std::lock_guard lock(d->mutex);
        for (const EntryPtr& entry : d->running)
            if (entry->id == id && entry->job.canFinish)
                entry->task.finish();
        // One that waits has nothing to keep yet.
        for (auto* lane : {&d->foreground, &d->background}) {
            const auto found = std::find_if(lane->begin(), lane->end(), [&](const EntryPtr& e) { return e->id == id; });
            if (found != lane->end() && (*found)->job.canFinish) {
                d->withdraw(*lane, id);
                break;
            }
        }
    }
    d->wake.notify_all();
}

void JobQueue::cancelAll()
{
    d->cancelAll(false);
}

std::vector<JobInfo> JobQueue::jobs() const
{
    const std::lock_guard lock(d->mutex);
    std::vector<JobInfo> infos;
    const auto add = [&](const EntryPtr& entry) {
        JobInfo info{entry->id, entry->job.kind, entry->job.subject, entry->state, entry->progress, 0.0, -1.0,
                     entry->job.canFinish};
        if (entry->state == JobState::Running) {
            info.seconds = entry->clock.seconds();
            info.secondsLeft = secondsLeft(info.progress.fraction, info.seconds);
        }
        infos.push_back(std::move(info));
    };
    std::for_each(d->running.begin(), d->running.end(), add);
    std::for_each(d->foreground.begin(), d->foreground.end(), add);
    std::for_each(d->background.begin(), d->background.end(), add);
    return infos;
}

void JobQueue::setListener(std::function<void()> listener)
{
    const std::lock_guard lock(d->listenerMutex);
    d->listener = std::move(listener);
}

} // namespace limpid
