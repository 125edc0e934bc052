// Four jobs queued on two cores against the best order that one could make by hand, side by side in one run.
//
// A job keeps a core busy for its length. By hand: two threads, and the division of the jobs among them that ends earliest
// (all divisions are tried). The queue: what submitAll() makes of them. usage: bench_queue [ROUNDS] [clock|work]
//   clock: a job's length goes by the clock, so that what else the machine does changes little; that never more than two
//          cores' worth of jobs run at once is checked instead.
//   work:  a job is a fixed number of rounds of arithmetic. Only on an idle machine.

#include "core/base/Clock.h"
#include "core/jobs/JobQueue.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <thread>

using namespace limpid;

namespace {

using Lengths = std::array<double, 4>; ///< seconds

double roundsPerSecond = 0.0;      ///< on one core, measured; 0: by the clock
std::atomic<int> busy{0}, mostBusy{0}; ///< cores

double rounds(std::int64_t count, std::uint64_t state)
{
    for (std::int64_t i = 0; i < count; ++i) // xorshift64 (Marsaglia 2003): nothing to be optimised away
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return static_cast<double>(state & 1u);
}

std::atomic<double> sink{0.0};

void spin(double seconds)
{
    const int now = ++busy;
    for (int most = mostBusy; most < now && !mostBusy.compare_exchange_weak(most, now);) { }
    const Stopwatch watch;
    if (roundsPerSecond > 0.0)
        sink = rounds(static_cast<std::int64_t>(seconds * roundsPerSecond), 88172645463325252u);
    else
        while (watch.seconds() < seconds)
            sink = rounds(1000, 88172645463325252u);
    --busy;
}

/// A part of a job at a time is taken by as many threads as it has cores at that moment, as a training does. By the clock
/// one thread stands for both.
void spinShared(double seconds, const Task& task)
{
    if (roundsPerSecond == 0.0) {
        const Stopwatch watch;
        for (double done = 0.0, last = 0.0; done < seconds;) {
            sink = rounds(1000, 88172645463325252u);
            const double now = watch.seconds();
            done += (now - last) * std::min(2, task.cores());
            last = now;
        }
        return;
    }
    constexpr int steps = 40;
    for (int step = 0; step < steps; ++step) {
        const double part = seconds / steps / 2.0;
        if (task.cores() > 1) {
            std::thread other([part] { spin(part); });
            spin(part);
            other.join();
        } else {
            spin(2.0 * part);
        }
    }
}

double byHand(const Lengths& lengths)
{
    unsigned best = 0;
    double shortest = 1e9;
    for (unsigned division = 0; division < 16; ++division) {
        double ends[2] = {0.0, 0.0};
        for (unsigned job = 0; job < 4; ++job)
            ends[division >> job & 1u] += lengths[job];
        if (std::max(ends[0], ends[1]) < shortest) {
            shortest = std::max(ends[0], ends[1]);
            best = division;
        }
    }
    const Stopwatch watch;
    const auto side = [&](unsigned which) {
        for (unsigned job = 0; job < 4; ++job)
            if ((best >> job & 1u) == which)
                spin(lengths[job]);
    };
    std::thread other(side, 1u);
    side(0u);
    other.join();
    return watch.seconds();
}

enum class Way { Together, OneByOne, Wide };

double byQueue(const Lengths& lengths, Way way)
{
    std::mutex mutex;
    std::condition_variable changed;
    int ended = 0;
    JobQueue queue{JobQueue::Options{}};
    const Stopwatch watch;
    std::vector<JobQueue::Job> jobs;
    for (const double length : lengths) {
        JobQueue::Job job;
        if (way != Way::OneByOne)
            job.estimatedSeconds = length;
        if (way == Way::Wide)
            job.cores = {1, 2};
        job.work = [length, way](Task& task) { way == Way::Wide ? spinShared(length, task) : spin(length); };
        job.done = [&](JobState, std::exception_ptr, const ResourceUse&) {
            const std::lock_guard lock(mutex);
            ++ended;
            changed.notify_all();
        };
        jobs.push_back(std::move(job));
    }
    if (way == Way::OneByOne)
        for (JobQueue::Job& job : jobs)
            queue.submit(std::move(job));
    else
        queue.submitAll(std::move(jobs));
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ended == 4; });
    return watch.seconds();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
}

} // namespace

int main(int argc, char** argv)
{
    const int count = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
    const int cores = SystemMachine().cores();
    if (cores != 2)
        std::printf("This machine has %d cores for us, not 2: run it under `taskset -c 0,1`.\n", cores);

    if (argc > 2 && std::string_view(argv[2]) == "work") {
        std::vector<double> speeds;
        for (std::uint64_t i = 1; i <= 5; ++i) {
            const Stopwatch watch;
            sink = rounds(40'000'000, i);
            speeds.push_back(40e6 / watch.seconds());
        }
        roundsPerSecond = median(speeds);
    }

    const std::pair<const char*, Lengths> cases[] = {{"4 equal", {0.4, 0.4, 0.4, 0.4}},
                                                     {"rising", {0.1, 0.2, 0.3, 0.4}},
                                                     {"the long one last", {0.2, 0.2, 0.2, 0.6}},
                                                     {"two and two", {0.15, 0.6, 0.15, 0.6}},
                                                     {"uneven", {0.35, 0.1, 0.5, 0.25}}};
    std::printf("%-18s %9s %22s %22s %22s\n", "four jobs", "by hand", "queued together", "one core or two", "no estimates");
    double worst = 0.0;
    for (const auto& [name, lengths] : cases) {
        std::vector<double> hand, together, wide, alone;
        for (int round = 0; round < count; ++round) {
            hand.push_back(byHand(lengths));
            together.push_back(byQueue(lengths, Way::Together));
            wide.push_back(byQueue(lengths, Way::Wide));
            alone.push_back(byQueue(lengths, Way::OneByOne));
        }
        const double best = median(hand);
        std::printf("%-18s %7.3f s", name, best);
        for (const std::vector<double>& times : {together, wide, alone})
            std::printf("   %7.3f s, ratio %.3f", median(times), median(times) / best);
        std::printf("\n");
        worst = std::max(worst, median(together) / best);
    }
    std::printf("worst ratio of those queued together: %.3f (at most 1.1); never more than %d cores busy\n", worst, mostBusy.load());
    return worst <= 1.1 && mostBusy <= 2 ? 0 : 1;
}
