#include "core/jobs/Machine.h"
#include "tests/support/TestSupport.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>

#include <sys/resource.h>
#include <thread>

using namespace limpid;

namespace {

/// A folder that looks like the parts of / that are read.
class FakeRoot
{
public:
    FakeRoot& file(const QString& name, const QByteArray& text)
    {
        const QString path = m_folder.filePath(name);
        QDir().mkpath(QFileInfo(path).absolutePath());
        test::write(m_folder, name, text);
        return *this;
    }
    void remove(const QString& name) { QFile::remove(m_folder.filePath(name)); }
    std::filesystem::path path(const QString& name = {}) const { return m_folder.filePath(name).toStdString(); }

private:
    QTemporaryDir m_folder;
};

const QByteArray memInfo = "MemTotal:       16000 kB\nMemFree:          100 kB\nMemAvailable:    8000 kB\n";

} // namespace

class tst_machine : public QObject
{
    Q_OBJECT

private slots:
    // Formats: proc(5), cgroups(7), the kernel's Documentation/admin-guide/cgroup-v2.rst.
    void memory_data()
    {
        QTest::addColumn<QByteArray>("group");
        QTest::addColumn<QByteArray>("most");
        QTest::addColumn<QByteArray>("now");
        QTest::addColumn<QByteArray>("stat");
        QTest::addColumn<quint64>("total");
        QTest::addColumn<quint64>("available");
        const quint64 kB = 1024;
        QTest::newRow("no group") << QByteArray("1:cpu:/x\n") << QByteArray() << QByteArray() << QByteArray() << 16000 * kB << 8000 * kB;
        QTest::newRow("no limit") << QByteArray("0::/a/b\n") << QByteArray("max\n") << QByteArray("4096\n") << QByteArray() << 16000 * kB << 8000 * kB;
        QTest::newRow("limit") << QByteArray("0::/a/b\n") << QByteArray("6144000\n") << QByteArray("2048000\n") << QByteArray() << 6000 * kB << 4000 * kB;
        QTest::newRow("its file pages are free") << QByteArray("0::/a/b\n") << QByteArray("6144000\n") << QByteArray("2048000\n")
                                                 << QByteArray("anon 1\ninactive_file 1024000\n") << 6000 * kB << 5000 * kB;
        QTest::newRow("limit passed") << QByteArray("0::/a/b\n") << QByteArray("1024000\n") << QByteArray("2048000\n") << QByteArray() << 1000 * kB << quint64(0);
        QTest::newRow("the machine has less") << QByteArray("0::/a/b\n") << QByteArray("15360000\n") << QByteArray("1024000\n") << QByteArray() << 15000 * kB << 8000 * kB;
    }
    void memory()
    {
        QFETCH(QByteArray, group);
        QFETCH(QByteArray, most);
        QFETCH(QByteArray, now);
        QFETCH(QByteArray, stat);
        FakeRoot root;
        root.file("proc/meminfo", memInfo).file("proc/self/cgroup", group);
        if (!most.isEmpty()) // on the group above: limits hold for all below
            root.file("sys/fs/cgroup/a/memory.max", most).file("sys/fs/cgroup/a/memory.current", now).file("sys/fs/cgroup/a/memory.stat", stat);
        const std::optional<MachineMemory> memory = SystemMachine(root.path()).memory();
        QVERIFY(memory);
        QTEST(quint64(memory->total), "total");
        QTEST(quint64(memory->available), "available");
    }

    void quotaOfCores()
    {
        FakeRoot root;
        const int all = SystemMachine(root.path()).cores();
        QVERIFY(all >= 1);
        QVERIFY(all <= SystemMachine().hardwareCores());
        root.file("proc/self/cgroup", "0::/a\n").file("sys/fs/cgroup/a/cpu.max", "max 100000\n");
        QCOMPARE(SystemMachine(root.path()).cores(), all);
        root.file("sys/fs/cgroup/a/cpu.max", "90000 100000\n");
        QCOMPARE(SystemMachine(root.path()).cores(), 1);
        root.file("sys/fs/cgroup/a/cpu.max", "150000 100000\n"); // one and a half: two threads can use it
        QCOMPARE(SystemMachine(root.path()).cores(), std::min(all, 2));
        root.file("sys/fs/cgroup/a/cpu.max", "max 100000\n").file("sys/fs/cgroup/cpu.max", "20000 50000\n");
        QCOMPARE(SystemMachine(root.path()).cores(), 1);
    }

    void nothingIsKnownOfAnEmptyFolder()
    {
        const FakeRoot root;
        SystemMachine machine(root.path());
        QVERIFY(!machine.memory());
        QVERIFY(!machine.process());
        QVERIFY(!machine.joules());
        QVERIFY(!machine.designWatts());
    }

    void knowsThisMachine()
    {
#ifndef __linux__
        QSKIP("/proc is Linux's");
#endif
        const SystemMachine machine;
        const std::optional<MachineMemory> memory = machine.memory();
        QVERIFY(memory && memory->available > 0 && memory->available <= memory->total);
        const std::optional<ProcessMemory> process = machine.process();
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage); // another way to ask the kernel; its counters are read a moment apart
        QVERIFY(process && process->resident > 0 && process->resident <= process->peak);
        QVERIFY(std::abs(double(process->peak) / 1024.0 - double(usage.ru_maxrss)) < 2048.0);
        const double before = machine.seconds();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        QVERIFY(machine.seconds() - before >= 0.002);
    }

    // Documentation/power/powercap/powercap.rst.
    void energyGoesRound()
    {
        FakeRoot root;
        const QString cap = "sys/class/powercap/";
        root.file(cap + "intel-rapl:0/name", "package-0\n").file(cap + "intel-rapl:0/max_energy_range_uj", "65532610987\n")
            .file(cap + "intel-rapl:0/energy_uj", "65532000000\n")
            .file(cap + "intel-rapl:0/intel-rapl:0:0/name", "core\n").file(cap + "intel-rapl:0/intel-rapl:0:0/energy_uj", "5\n")
            .file(cap + "intel-rapl:0/intel-rapl:0:1/name", "dram\n").file(cap + "intel-rapl:0/intel-rapl:0:1/max_energy_range_uj", "1000000000\n")
            .file(cap + "intel-rapl:0/intel-rapl:0:1/energy_uj", "1000000\n")
            .file(cap + "intel-rapl:1/name", "psys\n").file(cap + "intel-rapl:1/energy_uj", "7\n");
        SystemMachine machine(root.path());
        QCOMPARE(machine.joules(), std::optional(0.0));
        root.file(cap + "intel-rapl:0/energy_uj", "389013\n") // 610,987 to the end of its range, and on
            .file(cap + "intel-rapl:0/intel-rapl:0:1/energy_uj", "3500000\n")
            .file(cap + "intel-rapl:0/intel-rapl:0:0/energy_uj", "99999999\n").file(cap + "intel-rapl:1/energy_uj", "99999999\n");
        QVERIFY(std::abs(*machine.joules() - (1.0 + 2.5)) < 1e-9);
        root.file(cap + "intel-rapl:0/energy_uj", "4389013\n");
        QVERIFY(std::abs(*machine.joules() - 7.5) < 1e-9);
        QVERIFY(!machine.designWatts());
        root.remove(cap + "intel-rapl:0/energy_uj"); // as where only root may read it
        QVERIFY(!machine.joules());
    }

    void designPower()
    {
        FakeRoot root;
        const QString zone = "sys/class/powercap/intel-rapl:0/";
        root.file(zone + "name", "package-0\n").file(zone + "constraint_0_name", "long_term\n")
            .file(zone + "constraint_0_power_limit_uw", "55000000\n").file(zone + "constraint_0_max_power_uw", "65000000\n")
            .file(zone + "constraint_1_name", "short_term\n").file(zone + "constraint_1_max_power_uw", "120000000\n");
        QCOMPARE(SystemMachine(root.path()).designWatts(), std::optional(65.0));
        root.file(zone + "constraint_0_max_power_uw", "0\n");
        QCOMPARE(SystemMachine(root.path()).designWatts(), std::optional(55.0));
        QVERIFY(!SystemMachine(root.path()).joules());
    }
};

QTEST_GUILESS_MAIN(tst_machine)
#include "tst_machine.moc"
