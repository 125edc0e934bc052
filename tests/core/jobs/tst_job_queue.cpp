#include "core/base/Clock.h"
#include "core/base/Error.h"
#include "core/jobs/JobQueue.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

using namespace limpid;
using Lane = JobQueue::Lane;

namespace {

/// What jobs leave behind, in order, for a test to wait on.
class Diary
{
public:
    void write(const std::string& line)
    {
        const std::lock_guard lock(m_mutex);
        m_lines.push_back(line);
        m_changed.notify_all();
    }
    std::vector<std::string> waitFor(std::size_t lines)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, std::chrono::seconds(10), [&] { return m_lines.size() >= lines; });
        return m_lines;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::string> m_lines;
};

std::string stateName(JobState state)
{
    static constexpr const char* names[] = {"waiting", "running", "done", "failed", "cancelled"};
    return names[static_cast<int>(state)];
}

JobQueue::Job job(Diary& diary, const std::string& name, std::function<void(Task&)> work, Lane lane = Lane::Background)
{
    JobQueue::Job job;
    job.kind = "test";
    job.subject = name;
    job.lane = lane;
    job.work = std::move(work);
    job.done = [&diary, name](JobState state, std::exception_ptr, const ResourceUse&) { diary.write(name + " " + stateName(state)); };
    return job;
}

void untilCancelled(Task& task)
{
    for (;;) {
        task.checkpoint();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

bool contains(const std::vector<std::string>& lines, const std::string& line)
{
    return std::find(lines.begin(), lines.end(), line) != lines.end();
}

using Lines = std::vector<std::string>;

} // namespace

class TestJobQueue : public QObject
{
    Q_OBJECT

private slots:
    void runsInOrderOfArrival()
    {
        Diary diary;
        JobQueue queue;
        for (const char* name : {"a", "b", "c", "d"})
            queue.submit(job(diary, name, [&diary, name](Task&) { diary.write(name); }));
        Lines lines = diary.waitFor(8);
        // Each is told of by the worker that ran it, while the next one may run already.
        std::erase_if(lines, [](const std::string& line) { return line.ends_with(" done"); });
        QCOMPARE(lines, (Lines{"a", "b", "c", "d"}));
        QVERIFY(queue.jobs().empty());
    }

    void foregroundNeverWaitsForBackground()
    {
        Diary diary;
        JobQueue queue;
        const auto training = queue.submit(job(diary, "training", untilCancelled));
        queue.submit(job(diary, "another", [](Task&) {}));
        queue.submit(job(diary, "reading", [](Task&) {}, Lane::Foreground));
        QCOMPARE(diary.waitFor(1), Lines{"reading done"});
        queue.cancel(training);
        Lines lines = diary.waitFor(3);
        std::sort(lines.begin(), lines.end()); // the end of one is told while the next one may have ended already
        QCOMPARE(lines, (Lines{"another done", "reading done", "training cancelled"}));
    }

    void backgroundWorkersShareTheLane()
    {
        Diary diary;
        JobQueue queue(2);
        std::atomic<int> meeting{0};
        const auto meet = [&](Task& task) {
            ++meeting;
            while (meeting < 2) {
                task.checkpoint();
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        };
        queue.submit(job(diary, "a", meet));
        queue.submit(job(diary, "b", meet));
        QCOMPARE(diary.waitFor(2).size(), std::size_t(2));
    }

    void cancelledWhileWaitingIsToldAtOnce()
    {
        Diary diary;
        JobQueue queue;
        std::atomic<bool> ran{false};
        const auto first = queue.submit(job(diary, "first", untilCancelled));
        const auto second = queue.submit(job(diary, "second", [&](Task&) { ran = true; }));
        queue.cancel(second);
        QCOMPARE(diary.waitFor(1), Lines{"second cancelled"}); // told by the other lane's worker: the first still runs
        QVERIFY(!ran);
        queue.cancel(first);
        QCOMPARE(diary.waitFor(2).back(), std::string("first cancelled"));
        queue.cancel(second); // long gone: nothing happens
        queue.cancel(4711);
    }

    void finishKeepsWhatIsReached()
    {
        Diary diary;
        JobQueue queue;
        std::atomic<int> reached{0};
        auto able = job(diary, "able", [&](Task& task) {
            while (!task.isFinishing()) {
                ++reached;
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        });
        able.canFinish = true;
        const auto ableId = queue.submit(std::move(able));
        const auto unable = queue.submit(job(diary, "unable", untilCancelled, Lane::Foreground));
        auto waiting = job(diary, "waiting", [](Task&) {});
        waiting.canFinish = true;
        const auto waitingId = queue.submit(std::move(waiting));
        QTRY_VERIFY(reached > 0);

        queue.finish(waitingId);
        QTRY_VERIFY(queue.jobs().size() == 2); // the waiting one is withdrawn, its `done` comes when a worker is free
        queue.finish(unable);
        queue.finish(ableId);
        QVERIFY(contains(diary.waitFor(2), "able done"));
        QVERIFY(contains(diary.waitFor(2), "waiting cancelled"));
        QCOMPARE(queue.jobs().size(), std::size_t(1)); // the unable one was left alone
        queue.cancel(unable);
        diary.waitFor(3);
    }

    void exceptionsAreDelivered()
    {
        Diary diary;
        JobQueue queue;
        std::string name;
        JobQueue::Job failing;
        failing.work = [](Task&) { throw Error(ErrorCode::FileNotFound, {{"path", "a.csv"}}); };
        failing.done = [&](JobState state, std::exception_ptr error, const ResourceUse&) {
            try {
                if (error)
                    std::rethrow_exception(error);
            } catch (const Error& e) {
                name = std::string(errorName(e.code())) + " " + fact(e.facts(), "path");
            }
            diary.write(stateName(state));
        };
        queue.submit(std::move(failing));
        QCOMPARE(diary.waitFor(1), Lines{"failed"});
        QCOMPARE(name, std::string("FileNotFound a.csv"));

        JobQueue::Job rude; // a listener that throws doesn't take the worker with it
        rude.done = [&](JobState, std::exception_ptr, const ResourceUse&) {
            diary.write("rude");
            throw std::runtime_error("no");
        };
        queue.submit(std::move(rude));
        queue.submit(job(diary, "next", [](Task&) {}));
        const Lines told = diary.waitFor(3); // jobs are told of by the workers that ran them, in no order
        QVERIFY(contains(told, "rude") && contains(told, "next done"));
    }

    void tellsProgressAndTimeLeft()
    {
        Diary diary;
        JobQueue queue;
        const auto id = queue.submit(job(diary, "a", [](Task& task) {
            task.report(0.5, "epoch 1/2");
            task.report(0.5); // no stage: the last one stands
            untilCancelled(task);
        }));
        const auto second = queue.submit(job(diary, "b", [](Task&) {}));
        QTRY_VERIFY(!queue.jobs().empty() && queue.jobs().front().secondsLeft >= 0.0);
        const std::vector<JobInfo> jobs = queue.jobs();
        QCOMPARE(jobs.size(), std::size_t(2));
        QCOMPARE(jobs[0].id, id);
        QCOMPARE(jobs[0].state, JobState::Running);
        QCOMPARE(jobs[0].subject, std::string("a"));
        QCOMPARE(jobs[0].progress.fraction, 0.5);
        QCOMPARE(jobs[0].progress.stage, std::string("epoch 1/2"));
        QVERIFY(std::abs(jobs[0].secondsLeft - jobs[0].seconds) < 0.01); // half done: as long again
        QCOMPARE(jobs[1].id, second);
        QCOMPARE(jobs[1].state, JobState::Waiting);
        QVERIFY(jobs[1].secondsLeft < 0.0);
        queue.cancelAll();
        QVERIFY(contains(diary.waitFor(2), "a cancelled"));
        QVERIFY(contains(diary.waitFor(2), "b cancelled"));
    }

    void listenerHearsOfChanges()
    {
        Diary diary;
        JobQueue queue;
        std::atomic<int> changes{0};
        queue.setListener([&] {
            queue.jobs(); // may be asked from a listener
            ++changes;
        });
        queue.submit(job(diary, "a", [](Task&) {}));
        diary.waitFor(1);
        QTRY_COMPARE(changes.load(), 2); // started, ended
        queue.setListener({});
        queue.submit(job(diary, "b", [](Task&) {}));
        diary.waitFor(2);
        QCOMPARE(changes.load(), 2);
    }

    void destructorEndsEverything()
    {
        Diary diary;
        const Stopwatch clock;
        {
            JobQueue queue;
            queue.submit(job(diary, "running", untilCancelled));
            queue.submit(job(diary, "reading", untilCancelled, Lane::Foreground));
            for (int i = 0; i < 20; ++i)
                queue.submit(job(diary, "waiting", untilCancelled, i % 2 ? Lane::Foreground : Lane::Background));
        }
        QVERIFY(clock.seconds() < 1.0);
        const Lines lines = diary.waitFor(22); // each was told, once
        QCOMPARE(lines.size(), std::size_t(22));
        for (const std::string& line : lines)
            QVERIFY2(line.ends_with(" cancelled"), line.c_str());
    }

    void manyThreadsAtOnce()
    {
        std::atomic<int> told{0};
        constexpr int each = 200;
        {
            JobQueue queue(3);
            queue.setListener([&] { queue.jobs(); });
            std::vector<std::thread> threads;
            for (int t = 0; t < 4; ++t)
                threads.emplace_back([&, t] {
                    for (int i = 0; i < each; ++i) {
                        JobQueue::Job small;
                        small.lane = i % 3 ? Lane::Background : Lane::Foreground;
                        small.work = [](Task& task) { task.report(1.0, "x"); };
                        small.done = [&](JobState, std::exception_ptr, const ResourceUse&) { ++told; };
                        const auto id = queue.submit(std::move(small));
                        if ((i + t) % 5 == 0)
                            queue.cancel(id);
                    }
                });
            for (std::thread& thread : threads)
                thread.join();
            QTRY_COMPARE(told.load(), 4 * each);
        }
        QCOMPARE(told.load(), 4 * each);
    }
};

QTEST_GUILESS_MAIN(TestJobQueue)
#include "tst_job_queue.moc"
