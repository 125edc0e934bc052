#include "core/jobs/MemoryGuard.h"

#include <QTest>

using namespace limpid;

using Verdict = MemoryGuard::Verdict;
Q_DECLARE_METATYPE(MemoryGuard::Verdict)

class tst_memory_guard : public QObject
{
    Q_OBJECT

private slots:
    // In units of 1 GB of a machine with 100: 2 % would be 2, but no more than 256 MiB are kept back.
    void judges_data()
    {
        QTest::addColumn<double>("available");
        QTest::addColumn<double>("promised");
        QTest::addColumn<double>("grown");
        QTest::addColumn<bool>("canWait");
        QTest::addColumn<double>("needed");
        QTest::addColumn<Verdict>("expected");
        QTest::newRow("fits") << 10.0 << 0.0 << 0.0 << false << 9.7 << Verdict::Fits;
        QTest::newRow("into the reserve") << 10.0 << 0.0 << 0.0 << false << 9.8 << Verdict::Refused;
        QTest::newRow("nothing said") << 0.0 << 50.0 << 0.0 << true << 0.0 << Verdict::Fits;
        QTest::newRow("promised to another") << 10.0 << 6.0 << 0.0 << true << 5.0 << Verdict::Waits;
        QTest::newRow("the other has it by now") << 10.0 << 6.0 << 6.0 << true << 5.0 << Verdict::Fits;
        QTest::newRow("the other has half of it") << 10.0 << 6.0 << 3.0 << true << 6.9 << Verdict::Waits;
        QTest::newRow("half of it, fits") << 10.0 << 6.0 << 3.0 << true << 6.7 << Verdict::Fits;
        QTest::newRow("the other took more than it said") << 10.0 << 6.0 << 9.0 << true << 9.7 << Verdict::Fits;
        QTest::newRow("promised more than there is") << 3.0 << 6.0 << 0.0 << true << 0.1 << Verdict::Waits;
        QTest::newRow("nobody will free any") << 10.0 << 0.0 << 0.0 << false << 50.0 << Verdict::Refused;
        QTest::newRow("someone may free it") << 10.0 << 0.0 << 0.0 << true << 50.0 << Verdict::Waits;
        QTest::newRow("never") << 99.0 << 0.0 << 0.0 << true << 99.9 << Verdict::Refused;
    }
    void judges()
    {
        QFETCH(double, available);
        QFETCH(double, promised);
        QFETCH(double, grown);
        QFETCH(bool, canWait);
        QFETCH(double, needed);
        QFETCH(Verdict, expected);
        const auto bytes = [](double gigabytes) { return static_cast<std::uint64_t>(gigabytes * 1e9); };
        const MachineMemory machine{bytes(100.0), bytes(available)};
        QCOMPARE(MemoryGuard::judge(bytes(needed), machine, bytes(promised), bytes(grown), canWait).verdict, expected);
    }

    void unknownMemoryHoldsNobodyUp()
    {
        QCOMPARE(MemoryGuard::judge(1ull << 60, std::nullopt, 0, 0, true).verdict, Verdict::Fits);
    }

    void keepsALittleBack()
    {
        QCOMPARE(MemoryGuard::reserve({1'000'000'000, 0}), std::uint64_t(20'000'000));
        QCOMPARE(MemoryGuard::reserve({100'000'000'000, 0}), std::uint64_t(256) << 20);
    }
};

QTEST_GUILESS_MAIN(tst_memory_guard)
#include "tst_memory_guard.moc"
