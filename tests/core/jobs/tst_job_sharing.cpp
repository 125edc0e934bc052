#include "core/base/CpuMeter.h"
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/jobs/JobQueue.h"
#include "tests/core/jobs/FakeMachine.h"

#include <QTest>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

using namespace limpid;
using test::FakeMachine;
using Lane = JobQueue::Lane;
using Names = std::vector<std::string>;

namespace {

constexpr std::uint64_t GB = 1'000'000'000;

/// A queue on a machine that a test controls, and jobs that run until they are let go. Nothing here goes by the clock:
/// wait() ends as soon as what it waits for is so.
class Bench
{
public:
    explicit Bench(int cores, int mostBackground = 0) : machine(std::make_shared<FakeMachine>())
    {
        machine->set([&](auto& says) { says.cores = cores; });
        queue = std::make_unique<JobQueue>(JobQueue::Options{mostBackground, machine, 0.0});
    }

    JobQueue::Job job(const std::string& name)
    {
        JobQueue::Job job;
        job.kind = "test";
        job.subject = name;
        job.work = [this, name](Task& task) {
            std::unique_lock lock(mutex);
            started.push_back(name);
            tasks[name] = &task;
            changed.notify_all();
            // cancel() and finish() don't notify: they are looked for now and then
            while (!released.contains(name) && !task.isFinishing() && !task.isCancelled())
                changed.wait_for(lock, std::chrono::milliseconds(2));
            tasks.erase(name);
            task.checkpoint();
        };
        job.done = [this, name](JobState state, std::exception_ptr error, const ResourceUse& use) {
            const std::lock_guard lock(mutex);
            static constexpr const char* names[] = {"waiting", "running", "done", "failed", "cancelled"};
            ended[name] = names[static_cast<int>(state)];
            uses[name] = use;
            if (error)
                errors[name] = error;
            changed.notify_all();
        };
        return job;
    }
    std::uint64_t submit(JobQueue::Job job)
    {
        const std::string name = job.subject;
        return ids[name] = queue->submit(std::move(job));
    }
    std::uint64_t submit(const std::string& name, int priority = 0)
    {
        JobQueue::Job plain = job(name);
        plain.priority = priority;
        return submit(std::move(plain));
    }

    void release(const std::string& name)
    {
        const std::lock_guard lock(mutex);
        released.insert(name);
        changed.notify_all();
    }
    /// Lets it end, and sees to it that whatever that makes possible has begun.
    void end(const std::string& name)
    {
        release(name);
        QVERIFY2(wait([&] { return ended.contains(name); }), name.c_str());
        queue->look();
    }
    template<class Condition>
    bool wait(Condition condition)
    {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(20), condition);
    }
    bool waitFor(std::size_t count)
    {
        queue->look();
        return wait([&] { return started.size() >= count; });
    }

    Names names(JobState state) const
    {
        Names names;
        for (const JobInfo& info : queue->jobs())
            if (info.state == state)
                names.push_back(info.subject);
        return names;
    }
    Names running() const
    {
        queue->look();
        Names sorted = names(JobState::Running);
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    }
    Names waiting() const
    {
        queue->look();
        return names(JobState::Waiting);
    }
    JobInfo info(const std::string& name) const
    {
        queue->look();
        for (const JobInfo& info : queue->jobs())
            if (info.subject == name)
                return info;
        return {};
    }
    int cores(const std::string& name) const { return info(name).cores; }

    std::shared_ptr<FakeMachine> machine;
    std::mutex mutex;
    std::condition_variable changed;
    Names started;
    std::set<std::string> released;
    std::map<std::string, Task*> tasks;
    std::map<std::string, std::string> ended;
    std::map<std::string, ResourceUse> uses;
    std::map<std::string, std::exception_ptr> errors;
    std::map<std::string, std::uint64_t> ids;
    std::unique_ptr<JobQueue> queue; ///< first to go: it waits for its jobs
};

JobQueue::Job with(JobQueue::Job job, CoreWish cores)
{
    job.cores = cores;
    return job;
}

JobQueue::Job needing(JobQueue::Job job, std::uint64_t memory)
{
    job.memory = memory;
    return job;
}

} // namespace

class tst_job_sharing : public QObject
{
    Q_OBJECT

private slots:
    void priorityThenArrival()
    {
        Bench bench(1);
        bench.submit("first");
        QVERIFY(bench.waitFor(1));
        bench.submit("normal1");
        bench.submit("low", JobPriority::low);
        bench.submit("high1", JobPriority::high);
        bench.submit("normal2");
        bench.submit("high2", JobPriority::high);
        bench.submit("7", 7);
        QCOMPARE(bench.waiting(), (Names{"7", "high1", "high2", "normal1", "normal2", "low"}));
        for (const char* name : {"first", "7", "high1", "high2", "normal1", "normal2", "low"})
            bench.end(name);
        QCOMPARE(bench.started, (Names{"first", "7", "high1", "high2", "normal1", "normal2", "low"}));
    }

    void longestFirstAmongEquals()
    {
        Bench bench(1);
        bench.submit("first");
        QVERIFY(bench.waitFor(1));
        const auto add = [&](const std::string& name, double seconds, int priority = 0) {
            JobQueue::Job job = bench.job(name);
            job.estimatedSeconds = seconds;
            job.priority = priority;
            bench.submit(std::move(job));
        };
        add("short", 10.0);
        add("long", 100.0);
        add("middle", 50.0);
        QCOMPARE(bench.waiting(), (Names{"long", "middle", "short"}));
        add("unknown", 0.0); // goes where it came, and is not passed
        add("longest", 500.0);
        QCOMPARE(bench.waiting(), (Names{"long", "middle", "short", "unknown", "longest"}));
        add("urgent", 1.0, JobPriority::high);
        QCOMPARE(bench.waiting().front(), std::string("urgent"));
        bench.queue->move(bench.ids["longest"], -4); // by hand: nothing passes it
        add("even longer", 900.0);
        QCOMPARE(bench.waiting(), (Names{"urgent", "longest", "long", "middle", "short", "unknown", "even longer"}));
    }

    void allTogetherStartWithTheLongest()
    {
        Bench bench(2);
        std::vector<JobQueue::Job> jobs;
        for (const auto& [name, seconds] : std::map<std::string, double>{{"a", 1.0}, {"b", 2.0}, {"c", 3.0}, {"d", 4.0}}) {
            jobs.push_back(bench.job(name));
            jobs.back().estimatedSeconds = seconds;
        }
        const std::vector<std::uint64_t> ids = bench.queue->submitAll(std::move(jobs));
        QCOMPARE(ids.size(), std::size_t(4));
        QCOMPARE(bench.running(), (Names{"c", "d"}));
        QCOMPARE(bench.info("a").id, ids[0]);
        QCOMPARE(bench.waiting(), (Names{"b", "a"}));
    }

    void reordering()
    {
        Bench bench(1);
        bench.submit("first");
        for (const char* name : {"a", "b", "c", "d"})
            bench.submit(name);
        bench.submit("e", JobPriority::low);
        QCOMPARE(bench.waiting(), (Names{"a", "b", "c", "d", "e"}));
        bench.queue->move(bench.ids["c"], -1);
        QCOMPARE(bench.waiting(), (Names{"a", "c", "b", "d", "e"}));
        bench.queue->move(bench.ids["a"], 2);
        QCOMPARE(bench.waiting(), (Names{"c", "b", "a", "d", "e"}));
        bench.queue->move(bench.ids["d"], -99); // as far as it goes
        QCOMPARE(bench.waiting(), (Names{"d", "c", "b", "a", "e"}));
        bench.queue->move(bench.ids["b"], 9); // past one of low priority: it is one of those now
        QCOMPARE(bench.waiting(), (Names{"d", "c", "a", "e", "b"}));
        QCOMPARE(bench.info("b").priority, JobPriority::low);
        bench.queue->setPriority(bench.ids["e"], JobPriority::high);
        QCOMPARE(bench.waiting(), (Names{"e", "d", "c", "a", "b"}));
        bench.queue->setPriority(bench.ids["d"], JobPriority::low);
        QCOMPARE(bench.waiting(), (Names{"e", "c", "a", "b", "d"}));
        bench.queue->move(bench.ids["first"], 1); // runs: it has no place
        bench.queue->move(4711, 1);
        bench.queue->setPriority(4711, 1);
        QCOMPARE(bench.running(), Names{"first"});
        bench.queue->setPriority(bench.ids["first"], JobPriority::high);
        QCOMPARE(bench.info("first").priority, JobPriority::high);
        for (const char* name : {"first", "e", "c", "a", "b", "d"})
            bench.end(name);
        QCOMPARE(bench.started, (Names{"first", "e", "c", "a", "b", "d"}));
    }

    void twoOnTwoCoresAThirdWaits()
    {
        Bench bench(2);
        for (const char* name : {"a", "b", "c", "d"})
            bench.submit(name);
        QCOMPARE(bench.running(), (Names{"a", "b"}));
        QCOMPARE(bench.info("a").waits, WaitReason::None);
        QCOMPARE(bench.info("c").waits, WaitReason::Cores);
        QCOMPARE(bench.info("d").waits, WaitReason::Order);
        bench.end("b");
        QCOMPARE(bench.running(), (Names{"a", "c"}));
    }

    void noMoreAtOnceThanAllowed()
    {
        Bench bench(8, 1);
        bench.submit("a");
        bench.submit("b");
        QCOMPARE(bench.running(), Names{"a"});
        QCOMPARE(bench.info("b").waits, WaitReason::Order); // there are cores, but one at a time was asked for
    }

    void coresAreSharedAnew()
    {
        Bench bench(4);
        bench.submit(with(bench.job("a"), {1, 0}));
        QVERIFY(bench.waitFor(1));
        QCOMPARE(bench.cores("a"), 4);
        bench.submit(with(bench.job("b"), {1, 0}));
        QCOMPARE(bench.cores("a"), 2);
        QCOMPARE(bench.cores("b"), 2);
        QVERIFY(bench.waitFor(2));
        {
            const std::lock_guard lock(bench.mutex);
            QCOMPARE(bench.tasks["a"]->cores(), 2); // what the work itself reads
        }
        bench.submit(with(bench.job("c"), {2, 2}));
        QCOMPARE(bench.cores("a"), 1);
        QCOMPARE(bench.cores("b"), 1);
        QCOMPARE(bench.cores("c"), 2);
        bench.submit(with(bench.job("d"), {1, 1}));
        QCOMPARE(bench.info("d").waits, WaitReason::Cores);
        QCOMPARE(bench.cores("d"), 0);
        bench.submit("e");
        QCOMPARE(bench.info("e").waits, WaitReason::Order);

        JobQueue::Job front = with(bench.job("front"), {1, 4});
        front.lane = Lane::Foreground;
        bench.submit(std::move(front)); // never waits, even where all cores are taken
        QCOMPARE(bench.running(), (Names{"a", "b", "c", "front"}));
        bench.queue->cancel(bench.ids["c"]);
        bench.queue->cancel(bench.ids["d"]);
        bench.queue->cancel(bench.ids["e"]);
        QVERIFY(bench.wait([&] { return bench.ended.size() == 3; }));
        QCOMPARE(bench.cores("front"), 2); // what is left after everyone's least
        QCOMPARE(bench.cores("a"), 1);
        bench.end("front");
        QCOMPARE(bench.cores("a"), 2);
        bench.end("b");
        QCOMPARE(bench.cores("a"), 4);
        bench.machine->set([](auto& says) { says.cores = 3; }); // the quota changed
        QCOMPARE(bench.cores("a"), 3);
        QCOMPARE(bench.queue->cores(), 3);
        bench.queue->setLimits(bench.ids["a"], {2, 0, 0.0});
        QCOMPARE(bench.cores("a"), 2);
    }

    void aPausedJobLeavesItsCoresAndItsTimeStands()
    {
        Bench bench(2);
        JobQueue::Job first = with(bench.job("a"), {1, 2});
        first.limits.seconds = 10.0;
        bench.submit(std::move(first));
        bench.submit("b");
        bench.submit("c");
        bench.submit("d");
        QCOMPARE(bench.running(), (Names{"a", "b"}));
        bench.queue->setPaused(bench.ids["a"], true);
        QCOMPARE(bench.running(), (Names{"a", "b", "c"}));
        QVERIFY(bench.info("a").paused);
        QCOMPARE(bench.cores("a"), 0);
        bench.queue->setPaused(bench.ids["b"], true);
        QVERIFY(bench.waitFor(4)); // two that pause must not keep the workers from the others
        bench.machine->set([](auto& says) { says.seconds += 1000.0; });
        QCOMPARE(bench.running(), (Names{"a", "b", "c", "d"})); // no limit is passed in a pause
        bench.queue->setPaused(bench.ids["a"], false);
        QCOMPARE(bench.cores("a"), 1); // at once, though all cores are taken
        QVERIFY(!bench.info("a").paused);
        bench.submit("e");
        QCOMPARE(bench.info("e").waits, WaitReason::Cores);
        bench.machine->set([](auto& says) { says.seconds += 9.0; });
        QCOMPARE(bench.info("a").seconds, 9.0);
        bench.end("b"); // a paused one can end too
        bench.end("c");
        QCOMPARE(bench.running(), (Names{"a", "d"}));
        bench.end("d");
        QCOMPARE(bench.running(), (Names{"a", "e"}));
    }

    void aWideJobIsNotOvertaken()
    {
        Bench bench(4);
        bench.submit(with(bench.job("a"), {2, 2}));
        QVERIFY(bench.waitFor(1));
        bench.submit(with(bench.job("wide"), {3, 4}));
        bench.submit("small");
        QCOMPARE(bench.running(), Names{"a"});
        QCOMPARE(bench.info("wide").waits, WaitReason::Cores);
        QCOMPARE(bench.info("small").waits, WaitReason::Order);
        bench.queue->move(bench.ids["small"], -1); // unless someone says so
        QCOMPARE(bench.running(), (Names{"a", "small"}));
        bench.end("a");
        QCOMPARE(bench.running(), (Names{"small", "wide"}));
        QCOMPARE(bench.cores("wide"), 3);
        bench.end("small");
        QCOMPARE(bench.cores("wide"), 4);
    }

    void waitsForMemory()
    {
        Bench bench(4);
        const auto machine = [&](std::uint64_t available, std::uint64_t resident) {
            bench.machine->set([&](auto& says) {
                says.memory = MachineMemory{10 * GB, available};
                says.process = ProcessMemory{resident, resident};
            });
        };
        machine(8 * GB, GB);
        bench.submit(needing(bench.job("a"), 5 * GB));
        QVERIFY(bench.waitFor(1));
        bench.submit(needing(bench.job("b"), 4 * GB)); // a has not taken its 5 yet, but will
        bench.submit(needing(bench.job("c"), GB));
        QCOMPARE(bench.running(), Names{"a"});
        QCOMPARE(bench.info("b").waits, WaitReason::Memory);
        QCOMPARE(bench.info("b").memory, 4 * GB);
        QCOMPARE(bench.info("c").waits, WaitReason::Order);
        machine(3 * GB, 6 * GB); // now it has
        QCOMPARE(bench.running(), Names{"a"});
        machine(5 * GB, 6 * GB); // another program ended
        QCOMPARE(bench.running(), (Names{"a", "b"}));
        machine(8 * GB, GB);
        bench.end("a");
        QTRY_COMPARE(bench.running(), (Names{"b", "c"})); // what it held counts until its end is told
    }

    void refusesWhatNeverFits()
    {
        Bench bench(2);
        bench.machine->set([](auto& says) {
            says.memory = MachineMemory{10 * GB, 3 * GB};
            says.process = ProcessMemory{GB, GB};
        });
        const auto refused = [&](const std::string& name) {
            if (!bench.wait([&] { return bench.ended.contains(name); }) || bench.ended[name] != "failed")
                return std::string("not refused");
            try {
                std::rethrow_exception(bench.errors.at(name));
            } catch (const Error& error) {
                return std::string(errorName(error.code())) + " " + fact(error.facts(), "neededBytes") + " "
                       + fact(error.facts(), "availableBytes");
            }
        };
        // 2 % of 10 GB are left to the machine.
        bench.submit(needing(bench.job("alone"), 4 * GB)); // and nobody will free any
        QCOMPARE(refused("alone"), std::string("OutOfMemory 4000000000 2800000000"));
        bench.submit("a");
        QVERIFY(bench.waitFor(1));
        bench.submit(needing(bench.job("beyond all"), 11 * GB));
        QCOMPARE(refused("beyond all"), std::string("OutOfMemory 11000000000 2800000000"));
        bench.submit(needing(bench.job("later"), 4 * GB)); // a may free some
        QCOMPARE(bench.info("later").waits, WaitReason::Memory);
        JobQueue::Job front = needing(bench.job("front"), 4 * GB);
        front.lane = Lane::Foreground;
        bench.submit(std::move(front)); // does not wait behind a
        QCOMPARE(refused("front"), std::string("OutOfMemory 4000000000 2800000000"));
        JobQueue::Job limited = needing(bench.job("limited"), 2 * GB);
        limited.limits.memory = GB;
        limited.priority = JobPriority::high;
        bench.submit(std::move(limited));
        QCOMPARE(refused("limited"), std::string("OutOfMemory 2000000000 1000000000"));
        bench.end("a");
        QCOMPARE(refused("later"), std::string("OutOfMemory 4000000000 2800000000")); // it did not
        QCOMPARE(bench.started, Names{"a"});
    }

    void timeLimitTellsToFinish()
    {
        Bench bench(2);
        JobQueue::Job able = bench.job("able");
        able.canFinish = true;
        able.limits.seconds = 10.0;
        bench.submit(std::move(able));
        JobQueue::Job unable = bench.job("unable");
        unable.limits.seconds = 20.0;
        bench.submit(std::move(unable));
        QVERIFY(bench.waitFor(2));
        bench.machine->set([](auto& says) { says.seconds += 9.9; });
        bench.queue->look();
        QVERIFY(!bench.info("able").finishing);
        bench.machine->set([](auto& says) { says.seconds += 0.2; });
        bench.queue->look();
        QVERIFY(bench.wait([&] { return bench.ended.contains("able"); }));
        QCOMPARE(bench.ended["able"], std::string("done")); // what it reached is kept
        QVERIFY(!bench.ended.contains("unable"));
        QVERIFY(std::abs(bench.uses["able"].seconds - 10.1) < 1e-9);
        bench.machine->set([](auto& says) { says.seconds += 10.0; });
        bench.queue->look();
        QVERIFY(bench.wait([&] { return bench.ended.contains("unable"); }));
        QCOMPARE(bench.ended["unable"], std::string("cancelled"));
    }

    void memoryLimitTellsToFinish()
    {
        Bench bench(2);
        const auto resident = [&](std::uint64_t bytes) {
            bench.machine->set([&](auto& says) { says.process = ProcessMemory{bytes, bytes}; });
        };
        resident(GB);
        JobQueue::Job job = bench.job("a");
        job.canFinish = true;
        job.limits.memory = 2 * GB;
        bench.submit(std::move(job));
        QVERIFY(bench.waitFor(1));
        resident(3 * GB);
        QVERIFY(!bench.info("a").finishing);
        resident(4 * GB);
        bench.queue->look();
        QVERIFY(bench.wait([&] { return bench.ended.contains("a"); }));
        QCOMPARE(bench.ended["a"], std::string("done"));
        QCOMPARE(bench.uses["a"].peakBytes.value, 3.0 * GB);
    }

    void useIsTold()
    {
        Bench bench(2);
        JobQueue::Job job = bench.job("a");
        job.work = [inner = job.work](Task& task) {
            CpuMeter::current()->add(7.0); // the worker's own time comes on top
            inner(task);
        };
        bench.submit(std::move(job));
        QVERIFY(bench.waitFor(1));
        bench.machine->set([](auto& says) { says.seconds += 5.0; });
        const JobInfo info = bench.info("a");
        QCOMPARE(info.seconds, 5.0);
        QCOMPARE(info.use.seconds, 5.0);
        QVERIFY(info.use.cpuSeconds.value >= 7.0 && info.use.cpuSeconds.value < 8.0);
        QCOMPARE(info.use.joules.kind, FigureKind::Unavailable);
        bench.end("a");
        QVERIFY(bench.uses["a"].cpuSeconds.value >= info.use.cpuSeconds.value);
        QVERIFY(!bench.uses["a"].shared);
    }

    void cancelledWhereverItIs()
    {
        Bench bench(1);
        for (const char* name : {"running", "waiting", "last"})
            bench.submit(name);
        QVERIFY(bench.waitFor(1));
        bench.queue->cancel(bench.ids["waiting"]);
        QVERIFY(bench.wait([&] { return bench.ended["waiting"] == "cancelled"; }));
        bench.queue->cancel(bench.ids["running"]);
        QVERIFY(bench.wait([&] { return bench.ended["running"] == "cancelled"; }));
        QVERIFY(bench.waitFor(2));
        bench.queue->cancelAll();
        QVERIFY(bench.wait([&] { return bench.ended["last"] == "cancelled"; }));
        QCOMPARE(bench.started, (Names{"running", "last"}));
        bench.submit("after"); // cancelAll ends nothing for good
        QVERIFY(bench.waitFor(3));
    }

    /// Everything at once, from several threads: each job is told exactly once and the queue comes to an end.
    void noDeadlockUnderStress()
    {
        for (const std::uint64_t seed : {1u, 2u, 3u}) {
            std::atomic<int> told{0}, wrong{0}, started{0};
            std::atomic<int> coresInUse{0};
            constexpr int each = 150, threads = 4;
            auto machine = std::make_shared<FakeMachine>();
            machine->set([](auto& says) {
                says.cores = 3;
                says.memory = MachineMemory{10 * GB, 5 * GB};
                says.process = ProcessMemory{GB, GB};
            });
            {
                JobQueue queue(JobQueue::Options{0, machine, 0.001});
                queue.setListener([&] {
                    for (const JobInfo& info : queue.jobs())
                        if (info.state == JobState::Running && info.cores < 1)
                            ++wrong;
                });
                std::vector<std::thread> users;
                for (int t = 0; t < threads; ++t)
                    users.emplace_back([&, t] {
                        Random random(seed, "user " + std::to_string(t));
                        std::vector<std::uint64_t> mine;
                        for (int i = 0; i < each; ++i) {
                            JobQueue::Job job;
                            job.lane = random.below(4) == 0 ? Lane::Foreground : Lane::Background;
                            job.priority = int(random.below(3)) - 1;
                            job.cores = {1 + int(random.below(3)), int(random.below(4))};
                            job.memory = random.below(3) == 0 ? GB * (1 + random.below(7)) : 0;
                            job.estimatedSeconds = double(random.below(3));
                            job.canFinish = random.below(2) == 0;
                            job.limits.seconds = random.below(4) == 0 ? 0.5 : 0.0;
                            const bool background = job.lane == Lane::Background;
                            job.work = [&, background, least = std::min(3, job.cores.least), until = random.below(400)](Task& task) {
                                ++started;
                                if (background && (coresInUse += least) > 3)
                                    ++wrong; // more than there are
                                struct Leave {
                                    std::atomic<int>& cores;
                                    int count;
                                    ~Leave() { cores -= count; }
                                } leave{coresInUse, background ? least : 0};
                                for (std::uint64_t n = 0; n < until && !task.isFinishing(); ++n) {
                                    task.checkpoint();
                                    task.report(double(n) / 400.0, "step");
                                }
                            };
                            job.done = [&](JobState, std::exception_ptr, const ResourceUse&) { ++told; };
                            mine.push_back(queue.submit(std::move(job)));
                            const std::uint64_t any = mine[random.below(mine.size())];
                            switch (random.below(8)) {
                            case 0: queue.cancel(any); break;
                            case 1: queue.finish(any); break;
                            case 2: queue.move(any, int(random.below(5)) - 2); break;
                            case 3: queue.setPriority(any, int(random.below(3)) - 1); break;
                            case 4: queue.setLimits(any, {0, 0, 0.2}); break;
                            case 5: queue.jobs(); break;
                            case 6: queue.look(); break;
                            default:
                                machine->set([&](auto& says) {
                                    says.seconds += 0.1;
                                    says.memory->available = GB * (2 + random.below(8));
                                });
                            }
                        }
                    });
                for (std::thread& user : users)
                    user.join();
                if (seed == 3)
                    queue.cancelAll();
                else
                    QTRY_COMPARE_WITH_TIMEOUT(told.load(), threads * each, 60000);
            }
            QCOMPARE(told.load(), threads * each);
            QCOMPARE(wrong.load(), 0);
            QVERIFY(started > 0 || seed == 3); // all may be cancelled before one begins
        }
    }
};

QTEST_GUILESS_MAIN(tst_job_sharing)
#include "tst_job_sharing.moc"
