#include "core/base/Clock.h"
#include "core/base/CpuMeter.h"

#include <QTest>

#include <condition_variable>
#include <ctime>
#include <thread>

using namespace limpid;

namespace {

/// Works for so many seconds of this thread's own time, by clock(3)'s sibling for threads.
void work(double seconds)
{
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
    };
    const double end = now() + seconds;
    while (now() < end) { }
}

/// Within what the scopes themselves and the loop's last round may cost, also under a sanitizer.
bool isAbout(double value, double expected) { return value >= expected - 1e-6 && value < expected + 0.02; }

} // namespace

class tst_cpu_meter : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
#ifndef __linux__
        QSKIP("only Linux tells other threads' CPU time");
#endif
    }

    void nothingIsKnownBeforeAnybodyWorks()
    {
        const CpuMeter meter;
        QVERIFY(!meter.seconds());
        QVERIFY(!CpuMeter::current());
    }

    void countsTheScopesOfAllThreads()
    {
        CpuMeter meter;
        {
            const Metered metered(&meter);
            QCOMPARE(CpuMeter::current(), &meter);
            work(0.05);
            std::thread helper([taken = CpuMeter::current()] {
                work(0.05); // before it opens its scope: not counted
                const Metered inner(taken);
                work(0.03);
            });
            helper.join();
            std::this_thread::sleep_for(std::chrono::milliseconds(30)); // sleeping is not working
        }
        work(0.05); // after the scope
        QVERIFY2(isAbout(*meter.seconds(), 0.08), qPrintable(QString::number(*meter.seconds())));
    }

    void nestedScopesCountOnce()
    {
        CpuMeter outer, inner;
        {
            const Metered a(&outer);
            const Metered b(&inner);
            const Metered c(&outer);
            work(0.03);
            QCOMPARE(CpuMeter::current(), &outer);
        }
        QVERIFY(!CpuMeter::current());
        QVERIFY(isAbout(*outer.seconds(), 0.03));
        QVERIFY(isAbout(*inner.seconds(), 0.03));
    }

    void tellsWhileThreadsWork()
    {
        CpuMeter meter;
        std::mutex mutex;
        std::condition_variable changed;
        bool worked = false, over = false;
        std::thread helper([&] {
            const Metered metered(&meter);
            work(0.04);
            std::unique_lock lock(mutex);
            worked = true;
            changed.notify_all();
            changed.wait(lock, [&] { return over; });
        });
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return worked; });
        }
        QVERIFY(isAbout(*meter.seconds(), 0.04)); // its scope is still open
        {
            const std::lock_guard lock(mutex);
            over = true;
            changed.notify_all();
        }
        helper.join();
        QVERIFY(isAbout(*meter.seconds(), 0.04));
        meter.add(2.5); // a child process
        QVERIFY(isAbout(*meter.seconds(), 2.54));
    }

    void withoutAMeterNothingIsDone()
    {
        const Metered metered(nullptr);
        QVERIFY(!CpuMeter::current());
    }
};

QTEST_GUILESS_MAIN(tst_cpu_meter)
#include "tst_cpu_meter.moc"
