#include "core/jobs/JobQueue.h"

#include "core/base/Error.h"
#include "core/jobs/JobEntry.h"
#include "core/jobs/MemoryGuard.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace limpid {

namespace {

/// Where cores alone say how many background jobs may run at once: beyond this they only get into each other's way.
constexpr int mostWorkers = 16;

/// The calling thread, and those that it starts, stand back behind whoever waits for a person: where all cores are busy, a
/// window would else wait for its turn like any of them.
void standBack()
{
#ifdef __linux__
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 5);
#endif
}

/// What the machine said, read without holding up anyone who asks the queue.
struct Reading {
    int cores;
    std::optional<MachineMemory> memory;
    std::optional<ProcessMemory> process;
    std::uint64_t ends; ///< jobs that had ended before
};

} // namespace

// The keeper's thread alone decides: it reads the machine, starts what can start and shares the cores out. Workers take
// what is ready. Nobody calls back or reads a file with the mutex held.
struct JobQueue::Private {
    explicit Private(Options options)
        : machine(options.machine ? std::move(options.machine) : std::make_shared<SystemMachine>()),
          lookSeconds(options.lookSeconds), meter(machine), cores(machine->cores()),
          mostBackground(options.mostBackground > 0 ? options.mostBackground : std::min(cores, mostWorkers))
    {
    }

    const std::shared_ptr<Machine> machine;
    const double lookSeconds;
    ResourceMeter meter;

    mutable std::mutex mutex;
    std::condition_variable wakeKeeper, wakeWorkers, looked;
    WaitingLine foreground, background;
    std::deque<JobEntryPtr> ready;   ///< running as far as anyone is told; the next free worker takes them
    std::deque<JobEntryPtr> over;    ///< ended without having run: any worker tells their `done`
    std::list<JobEntryPtr> running;
    std::list<JobEntryPtr> ending;   ///< their `done` is being told and what they hold being freed
    std::uint64_t lastId = 0, ends = 0;
    std::uint64_t looksAsked = 0, looksDone = 0;
    std::uint64_t residentBefore = 0; ///< of the process, as the first of the running jobs with an estimate began
    int cores;
    const int mostBackground;
    bool stirred = false;            ///< something changed: decide anew
    bool closing = false;

    std::mutex listenerMutex;        ///< held while the listener runs, so that it can be taken away safely
    std::function<void()> listener;

    std::thread keeper;
    std::vector<std::thread> workers;

    void tellListener()
    {
        const std::lock_guard lock(listenerMutex);
        if (listener)
            listener();
    }

    static void tellDone(JobEntry& entry, const ResourceUse& use)
    {
        try {
            if (entry.job.done)
                entry.job.done(entry.state, entry.error, use);
        } catch (...) {
            // What listens to one job must not take the worker, and every later job, with it.
        }
        entry.job.work = nullptr;
        entry.job.done = nullptr;
    }

    // All from here to keep() with the mutex held.

    void stir()
    {
        stirred = true;
        wakeKeeper.notify_one();
    }

    void endUnrun(const JobEntryPtr& entry, JobState state, std::exception_ptr error = nullptr)
    {
        entry->state = state;
        entry->error = std::move(error);
        entry->task.cancel();
        over.push_back(entry);
        wakeWorkers.notify_one();
    }

    bool withdraw(std::uint64_t id)
    {
        for (WaitingLine* line : {&foreground, &background})
            if (const JobEntryPtr entry = line->take(id)) {
                endUnrun(entry, JobState::Cancelled);
                return true;
            }
        return false;
    }

    JobEntryPtr find(std::uint64_t id) const
    {
        for (const JobEntryPtr& entry : running)
            if (entry->id == id)
                return entry;
        const JobEntryPtr entry = foreground.find(id);
        return entry ? entry : background.find(id);
    }

    std::uint64_t add(Job job)
    {
        auto entry = std::make_shared<JobEntry>(++lastId, std::move(job), mutex);
        const std::uint64_t id = entry->id;
        if (closing)
            endUnrun(entry, JobState::Cancelled); // a worker that is still ending another job tells it
        else
            (entry->foreground() ? foreground : background).add(std::move(entry));
        return id;
    }

    void cancelAll(bool close)
    {
        closing = closing || close;
        for (const JobEntryPtr& entry : running)
            entry->task.cancel();
        for (WaitingLine* line : {&foreground, &background})
            while (!line->empty())
                withdraw(line->front()->id);
        stir();
        if (close)
            wakeWorkers.notify_all();
    }

    /// Jobs that passed a limit are told.
    void enforceLimits(double now)
    {
        for (const JobEntryPtr& entry : running) {
            const JobLimits& limits = entry->job.limits;
            bool passed = limits.seconds > 0.0 && entry->running(now) >= limits.seconds;
            if (limits.memory > 0 && entry->account) {
                const ResourceUse use = meter.use(entry->account);
                passed = passed
                         || (!use.shared && use.peakBytes.kind != FigureKind::Unavailable
                             && use.peakBytes.value > static_cast<double>(limits.memory));
            }
            if (passed && entry->job.canFinish)
                entry->task.finish();
            else if (passed)
                entry->task.cancel();
        }
    }

    std::vector<CoreClaim> claims() const
    {
        std::vector<CoreClaim> claims;
        for (const JobEntryPtr& entry : running)
            if (!entry->pausedSince)
                claims.push_back({entry->wish(), entry->foreground()});
        return claims;
    }

    void addWorker()
    {
        workers.emplace_back([this] {
            standBack();
            work();
        });
    }

    void setPaused(std::uint64_t id, bool paused)
    {
        for (const JobEntryPtr& entry : running)
            if (entry->id == id)
                entry->setPaused(paused, machine->seconds());
        // A paused job keeps its worker, and those that take its place need one too.
        const auto halted = std::count_if(running.begin(), running.end(), [](const JobEntryPtr& entry) { return entry->pausedSince.has_value(); });
        if (!closing && workers.size() < static_cast<std::size_t>(mostBackground + 2 + halted))
            addWorker();
        stir();
    }

    MemoryGuard::Answer judge(const JobEntry& entry, const Reading& reading) const
    {
        const std::uint64_t needed = entry.job.memory;
        if (const std::uint64_t limit = entry.job.limits.memory; limit > 0 && needed > limit)
            return {MemoryGuard::Verdict::Refused, limit};
        std::uint64_t promised = 0;
        for (const std::list<JobEntryPtr>* entries : {&running, &ending})
            for (const JobEntryPtr& other : *entries)
                promised += other->job.memory;
        const std::uint64_t resident = promised > 0 && reading.process ? reading.process->resident : 0;
        const std::uint64_t grown = resident - std::min(resident, residentBefore);
        // A job that ended since the reading gave back what it does not show yet.
        const bool canWait = !entry.foreground() && (!running.empty() || !ending.empty() || ends != reading.ends);
        return MemoryGuard::judge(needed, reading.memory, promised, grown, canWait);
    }

    void start(WaitingLine& line, const Reading& reading)
    {
        const JobEntryPtr entry = line.take(line.front()->id);
        const auto guarded = [](const JobEntryPtr& other) { return other->job.memory > 0; };
        if (std::none_of(running.begin(), running.end(), guarded) && std::none_of(ending.begin(), ending.end(), guarded))
            residentBefore = reading.process ? reading.process->resident : 0;
        entry->state = JobState::Running;
        entry->started = machine->seconds();
        running.push_back(entry);
        ready.push_back(entry);
        wakeWorkers.notify_one();
    }

    /// Starts or refuses the first of the line; else says why it waits.
    WaitReason admitFirst(WaitingLine& line, const Reading& reading)
    {
        const JobEntryPtr& entry = line.front();
        const bool inFront = entry->foreground();
        const MemoryGuard::Answer answer = judge(*entry, reading);
        if (answer.verdict == MemoryGuard::Verdict::Refused) {
            const Error error(ErrorCode::OutOfMemory, {{"neededBytes", std::to_string(entry->job.memory)},
                                                       {"availableBytes", std::to_string(answer.available)}});
            endUnrun(line.take(entry->id), JobState::Failed, std::make_exception_ptr(error));
            return WaitReason::None;
        }
        if (!inFront && !hasCoresFor(entry->wish(), cores, claims()))
            return WaitReason::Cores;
        const auto beside = std::count_if(running.begin(), running.end(), [&](const JobEntryPtr& other) {
            return other->foreground() == inFront && !other->pausedSince;
        });
        if (beside >= (inFront ? 1 : mostBackground))
            return WaitReason::Order;
        if (answer.verdict == MemoryGuard::Verdict::Waits)
            return WaitReason::Memory;
        start(line, reading);
        return WaitReason::None;
    }

    void decide(const Reading& reading)
    {
        cores = reading.cores;
        enforceLimits(machine->seconds());
        for (WaitingLine* line : {&foreground, &background}) {
            WaitReason reason = WaitReason::None;
            while (!line->empty() && reason == WaitReason::None)
                reason = admitFirst(*line, reading);
            for (const JobEntryPtr& entry : *line) {
                entry->waits = reason;
                reason = WaitReason::Order;
            }
        }
        running.sort([](const JobEntryPtr& a, const JobEntryPtr& b) { return a->job.priority > b->job.priority; });
        const std::vector<int> shares = shareCores(cores, claims());
        std::size_t i = 0;
        for (const JobEntryPtr& entry : running)
            entry->task.setCores(entry->pausedSince ? 1 : shares[i++]);
    }

    void keep()
    {
        std::unique_lock lock(mutex);
        for (;;) {
            const auto due = [this] { return closing || stirred || looksAsked != looksDone; };
            const bool busy = !running.empty() || !foreground.empty() || !background.empty();
            if (busy && lookSeconds > 0.0)
                wakeKeeper.wait_for(lock, std::chrono::duration<double>(lookSeconds), due);
            else
                wakeKeeper.wait(lock, due);
            if (closing)
                return;
            const bool asked = !stirred || looksAsked != looksDone;
            const std::uint64_t look = looksAsked;
            stirred = false;
            Reading reading{};
            reading.ends = ends;
            lock.unlock();
            if (asked)
                meter.sample(); // else whoever began or ended has just done so
            reading.cores = machine->cores();
            reading.memory = machine->memory();
            reading.process = machine->process();
            lock.lock();
            decide(reading);
            looksDone = look;
            looked.notify_all();
        }
    }

    // Workers, without the mutex.

    void run(const JobEntryPtr& entry)
    {
        MeteredWork metered(meter, entry->task);
        {
            const std::lock_guard lock(mutex);
            entry->account = metered.account();
        }
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
        const ResourceUse use = metered.end();
        {
            const std::lock_guard lock(mutex);
            entry->state = state;
            entry->error = std::move(error);
            running.remove(entry);
            ending.push_back(entry);
            stir();
        }
        tellDone(*entry, use);
        {
            const std::lock_guard lock(mutex);
            ending.remove(entry);
            ++ends;
            stir();
        }
        tellListener();
    }

    void work()
    {
        for (;;) {
            JobEntryPtr entry;
            bool runs = false;
            {
                std::unique_lock lock(mutex);
                wakeWorkers.wait(lock, [this] { return closing || !over.empty() || !ready.empty(); });
                std::deque<JobEntryPtr>& from = over.empty() ? ready : over;
                if (from.empty())
                    return; // closing, and nothing is left to tell
                runs = &from == &ready;
                entry = from.front();
                from.pop_front();
            }
            if (runs) {
                run(entry);
            } else {
                tellDone(*entry, ResourceUse());
                tellListener();
            }
        }
    }
};

JobQueue::JobQueue(Options options) : d(std::make_unique<Private>(std::move(options)))
{
    // One for the foreground, one so that a job which ended without having run is told of while all others work.
    for (int i = 0; i < d->mostBackground + 2; ++i)
        d->addWorker();
    d->keeper = std::thread([this] { d->keep(); });
}

JobQueue::JobQueue(int mostBackground) : JobQueue(Options{std::max(1, mostBackground), nullptr, 0.25}) {}

JobQueue::~JobQueue()
{
    {
        const std::lock_guard lock(d->mutex);
        d->cancelAll(true);
    }
    d->keeper.join();
    for (std::thread& worker : d->workers)
        worker.join();
}

std::uint64_t JobQueue::submit(Job job)
{
    const std::lock_guard lock(d->mutex);
    const std::uint64_t id = d->add(std::move(job));
    d->stir();
    return id;
}

std::vector<std::uint64_t> JobQueue::submitAll(std::vector<Job> jobs)
{
    const std::lock_guard lock(d->mutex);
    std::vector<std::uint64_t> ids;
    for (Job& job : jobs)
        ids.push_back(d->add(std::move(job)));
    d->stir();
    return ids;
}

void JobQueue::cancel(std::uint64_t id)
{
    const std::lock_guard lock(d->mutex);
    for (const JobEntryPtr& entry : d->running)
        if (entry->id == id)
            entry->task.cancel();
    d->withdraw(id);
    d->stir();
}

void JobQueue::finish(std::uint64_t id)
{
    const std::lock_guard lock(d->mutex);
    const JobEntryPtr entry = d->find(id);
    if (!entry || !entry->job.canFinish)
        return;
    if (entry->state == JobState::Running)
        entry->task.finish();
    else
        d->withdraw(id); // it has nothing to keep yet
    d->stir();
}

void JobQueue::cancelAll()
{
    const std::lock_guard lock(d->mutex);
    d->cancelAll(false);
}

void JobQueue::setPriority(std::uint64_t id, int priority)
{
    const std::lock_guard lock(d->mutex);
    for (const JobEntryPtr& entry : d->running)
        if (entry->id == id)
            entry->job.priority = priority;
    d->foreground.setPriority(id, priority);
    d->background.setPriority(id, priority);
    d->stir();
}

void JobQueue::setPaused(std::uint64_t id, bool paused)
{
    const std::lock_guard lock(d->mutex);
    d->setPaused(id, paused);
}

void JobQueue::setLimits(std::uint64_t id, const JobLimits& limits)
{
    const std::lock_guard lock(d->mutex);
    if (const JobEntryPtr entry = d->find(id))
        entry->job.limits = limits;
    d->stir();
}

void JobQueue::move(std::uint64_t id, int places)
{
    const std::lock_guard lock(d->mutex);
    d->foreground.move(id, places);
    d->background.move(id, places);
    d->stir();
}

std::vector<JobInfo> JobQueue::jobs() const
{
    const std::lock_guard lock(d->mutex);
    const double now = d->machine->seconds();
    std::vector<JobInfo> infos;
    const auto add = [&](const JobEntryPtr& entry) { infos.push_back(entry->info(d->meter, now)); };
    std::for_each(d->running.begin(), d->running.end(), add);
    std::for_each(d->foreground.begin(), d->foreground.end(), add);
    std::for_each(d->background.begin(), d->background.end(), add);
    return infos;
}

int JobQueue::cores() const
{
    const std::lock_guard lock(d->mutex);
    return d->cores;
}

void JobQueue::look()
{
    std::unique_lock lock(d->mutex);
    const std::uint64_t mine = ++d->looksAsked;
    d->wakeKeeper.notify_one();
    d->looked.wait(lock, [&] { return d->closing || d->looksDone >= mine; });
}

void JobQueue::setListener(std::function<void()> listener)
{
    const std::lock_guard lock(d->listenerMutex);
    d->listener = std::move(listener);
}

} // namespace limpid
