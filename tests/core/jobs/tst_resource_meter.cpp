#include "core/jobs/ResourceMeter.h"
#include "tests/core/jobs/FakeMachine.h"

#include <QTest>

using namespace limpid;
using test::FakeMachine;

namespace {

constexpr std::uint64_t MB = 1'000'000;

Figure exactly(double value) { return {FigureKind::Measured, value, value, value}; }

bool equal(const Figure& a, FigureKind kind, double value, double low, double high)
{
    const auto near = [](double x, double y) { return std::abs(x - y) < 1e-9; };
    return a.kind == kind && near(a.value, value) && near(a.low, low) && near(a.high, high);
}

} // namespace

class tst_resource_meter : public QObject
{
    Q_OBJECT

private slots:
    void nothingIsZeroInSilence()
    {
        auto machine = std::make_shared<FakeMachine>(); // knows the time alone
        ResourceMeter meter(machine);
        const auto account = meter.open();
        machine->set([](auto& says) { says.seconds += 3.0; });
        const ResourceUse use = meter.close(account);
        QCOMPARE(use.seconds, 3.0);
        for (const Figure& figure : {use.cpuSeconds, use.peakBytes, use.joules})
            QCOMPARE(figure, Figure());
        QCOMPARE(figureKindName(use.joules.kind), std::string_view("unavailable"));
        QCOMPARE(Task().use(), ResourceUse());
    }

    void energyIsSharedByCpuTime()
    {
        auto machine = std::make_shared<FakeMachine>();
        machine->set([](auto& says) {
            says.joules = 50.0;
            says.hardwareCores = 4;
        });
        ResourceMeter meter(machine);
        const auto spend = [&](double seconds, double joules) {
            machine->set([&](auto& says) {
                says.seconds += seconds;
                says.joules = *says.joules + joules;
            });
        };
        const auto a = meter.open();
        ResourceMeter::cpuOf(a)->add(10.0);
        spend(10.0, 100.0); // a alone, one core of four
        const auto b = meter.open();
        ResourceMeter::cpuOf(a)->add(10.0);
        ResourceMeter::cpuOf(b)->add(30.0);
        spend(10.0, 200.0); // both: all four cores
        const ResourceUse useA = meter.close(a);
        ResourceMeter::cpuOf(b)->add(0.0);
        spend(2.0, 8.0); // b alone and idle: it was its doing all the same
        const ResourceUse useB = meter.close(b);
        QVERIFY(equal(useA.joules, FigureKind::Measured, 100.0 + 50.0, 25.0 + 50.0, 300.0));
        QVERIFY(equal(useB.joules, FigureKind::Measured, 150.0 + 8.0, 150.0 + 0.0, 208.0));
        QCOMPARE(useA.cpuSeconds, exactly(20.0));
        QCOMPARE(useB.cpuSeconds, exactly(30.0));
        QVERIFY(useA.shared && useB.shared);
        spend(5.0, 500.0);
        meter.sample();
        QCOMPARE(meter.use(a), useA); // closed is closed
        QCOMPARE(meter.close(a), useA);
    }

    void withoutACounterPowerTimesLoad()
    {
        auto machine = std::make_shared<FakeMachine>();
        machine->set([](auto& says) {
            says.designWatts = 60.0;
            says.hardwareCores = 4;
        });
        ResourceMeter meter(machine);
        const auto account = meter.open();
        QCOMPARE(meter.use(account).joules, Figure()); // no CPU time is known yet
        ResourceMeter::cpuOf(account)->add(20.0);
        machine->set([](auto& says) { says.seconds += 10.0; });
        // 20 of 40 core seconds at 60 W for 10 s
        QVERIFY(equal(meter.use(account).joules, FigureKind::Estimated, 300.0, 0.0, 600.0));
    }

    void aCounterThatFailsIsNoMeasurement()
    {
        auto machine = std::make_shared<FakeMachine>();
        machine->set([](auto& says) { says.joules = 1.0; });
        ResourceMeter meter(machine);
        const auto account = meter.open();
        machine->set([](auto& says) { says.joules.reset(); });
        meter.sample();
        machine->set([](auto& says) { says.joules = 100.0; });
        QCOMPARE(meter.close(account).joules, Figure());
    }

    void peakMemory()
    {
        auto machine = std::make_shared<FakeMachine>();
        const auto process = [&](std::uint64_t resident, std::uint64_t peak) {
            machine->set([&](auto& says) { says.process = ProcessMemory{resident * MB, peak * MB}; });
        };
        ResourceMeter meter(machine);
        process(100, 500);
        const auto below = meter.open(); // something earlier went up to 500
        process(300, 500);
        meter.sample();
        process(120, 500);
        QCOMPARE(meter.close(below).peakBytes, exactly(200.0 * MB)); // the most that was seen
        const auto above = meter.open();
        process(150, 900); // a peak between two readings: the kernel saw it
        const ResourceUse use = meter.close(above);
        QCOMPARE(use.peakBytes, exactly(780.0 * MB));
        QVERIFY(!use.shared);
        const auto none = meter.open();
        process(50, 900);
        QCOMPARE(meter.close(none).peakBytes, exactly(0.0)); // measured: it shrank
    }

    void meteredWorkAnswersThroughItsTask()
    {
        auto machine = std::make_shared<FakeMachine>();
        machine->set([](auto& says) { says.joules = 0.0; });
        ResourceMeter meter(machine);
        Task task;
        {
            MeteredWork work(meter, task);
            QCOMPARE(CpuMeter::current(), ResourceMeter::cpuOf(work.account()));
            machine->set([](auto& says) {
                says.seconds += 4.0;
                says.joules = 12.0;
            });
            QCOMPARE(task.use().seconds, 4.0);
            QCOMPARE(task.use().joules.value, 12.0); // read anew
            QCOMPARE(work.end().seconds, 4.0);
            QVERIFY(!CpuMeter::current());
        }
        QCOMPARE(task.use(), ResourceUse());
    }
};

QTEST_GUILESS_MAIN(tst_resource_meter)
#include "tst_resource_meter.moc"
