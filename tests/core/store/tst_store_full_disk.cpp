// A disk that is really full: a small tmpfs. Mounting it needs rights; without them the tests are skipped visibly.
#include "core/store/BlobStore.h"
#include "tests/core/store/StoreSupport.h"
#include "tests/support/TestSupport.h"

#include <sys/mount.h>

#include <fstream>

using namespace limpid;
using namespace limpid::test;
namespace fs = std::filesystem;

namespace {

/// A file system of `megabytes`, while it lives.
class SmallDisk
{
public:
    explicit SmallDisk(int megabytes)
    {
        const std::string options = "size=" + std::to_string(megabytes) + "m";
        m_mounted = ::mount("tmpfs", path().c_str(), "tmpfs", 0, options.c_str()) == 0;
    }
    ~SmallDisk()
    {
        if (m_mounted)
            ::umount2(path().c_str(), MNT_DETACH);
    }
    bool isMounted() const { return m_mounted; }
    fs::path path() const { return m_dir.path().toStdString(); }
    std::uintmax_t free() const { return fs::space(path()).available; }

    /// Leaves that many bytes free.
    void fillUp(std::uintmax_t leave) const
    {
        std::ofstream ballast(path() / "ballast", std::ios::binary | std::ios::app);
        const std::string block(4096, 'x');
        while (ballast && free() > leave)
            ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush();
    }
    void makeRoom() const { fs::remove(path() / "ballast"); }

private:
    QTemporaryDir m_dir;
    bool m_mounted = false;
};

#define NEED_SMALL_DISK(disk, megabytes)                                                                                \
    const SmallDisk disk(megabytes);                                                                                    \
    if (!disk.isMounted())                                                                                              \
    QSKIP("mounting a small tmpfs needs more rights than this user has")

} // namespace

class TestStoreFullDisk : public QObject
{
    Q_OBJECT

private slots:
    void openingOnAFullDisk()
    {
        NEED_SMALL_DISK(disk, 4);
        disk.fillUp(0);
        QCOMPARE(errorNameOf([&] { Workspace workspace(disk.path() / "w"); }), std::string("DiskFull"));
        disk.makeRoom();
        Workspace workspace(disk.path() / "w"); // what the failed attempt left is no obstacle
        QVERIFY(workspace.checkHealth().clean());
    }

    void noRoomForTheModelIsFoundBeforeTheRun()
    {
        NEED_SMALL_DISK(disk, 8);
        Workspace workspace(disk.path() / "w");
        QCOMPARE(errorNameOf([&] { workspace.beginRun(makeRun("a"), 100u << 20); }), std::string("DiskFull"));
        QVERIFY(workspace.runs().empty());
        QVERIFY(fs::is_empty(disk.path() / "w/runs"));
    }

    void everyWriteFailsCleanly()
    {
        NEED_SMALL_DISK(disk, 16);
        const fs::path folder = disk.path() / "w";
        Workspace workspace(folder);
        RunRecord run = makeRun("a");
        run.id = workspace.beginRun(run);
        workspace.appendCurve(run.id, "train/loss", makePoints(1, 1000));
        workspace.keepCheckpoint(run.id, 1, makeWeights(1));
        workspace.addVersion("a", run.id, makeBundle(1), {});
        disk.fillUp(0);

        const std::vector<CurvePoint> many = makePoints(1001, 50'000);
        QCOMPARE(errorNameOf([&] { workspace.appendCurve(run.id, "train/loss", many); }), std::string("DiskFull"));
        QCOMPARE(errorNameOf([&] { workspace.keepCheckpoint(run.id, 2, makeWeights(2, 100'000)); }), std::string("DiskFull"));
        QCOMPARE(errorNameOf([&] { workspace.addVersion("a", run.id, makeBundle(7), {}); }), std::string("DiskFull"));
        // What is there can still be read, and is whole.
        QCOMPARE(workspace.curve(run.id, "train/loss").size(), std::size_t(1000));
        QVERIFY(workspace.checkpoint(run.id) == makeWeights(1));
        QVERIFY(workspace.loadBundle(workspace.resolve("a@1")).weights == makeBundle(1).weights);
        QCOMPARE(workspace.runs().size(), std::size_t(1));
        QVERIFY(workspace.checkHealth().clean());

        disk.makeRoom();
        workspace.appendCurve(run.id, "train/loss", many);
        workspace.keepCheckpoint(run.id, 2, makeWeights(2));
        run.status = RunStatus::Finished;
        workspace.endRun(run);
        QCOMPARE(workspace.curve(run.id, "train/loss").size(), std::size_t(51'000));
        QVERIFY(workspace.checkHealth().clean());
    }

    void theModelsRoomWasSetAside()
    {
        NEED_SMALL_DISK(disk, 32);
        Workspace workspace(disk.path() / "w");
        RunRecord run = makeRun("a");
        run.id = workspace.beginRun(run, 8u << 20);
        disk.fillUp(0);
        const std::vector<CurvePoint> points = makePoints(1, 200'000);
        QCOMPARE(errorNameOf([&] { workspace.appendCurve(run.id, "train/loss", points); }), std::string("DiskFull"));
        Bundle bundle = makeBundle(1);
        bundle.weights = makeWeights(1, 500'000); // 2 MB
        workspace.addVersion("a", run.id, bundle, {});
        run.status = RunStatus::Finished;
        workspace.endRun(run);
        QVERIFY(workspace.loadBundle(workspace.resolve("a@1")).weights == bundle.weights);
        QCOMPARE(workspace.run(run.id).status, RunStatus::Finished);
        QVERIFY(workspace.checkHealth().clean());
    }

    void endThatCannotBeWrittenIsMadeUpFor()
    {
        NEED_SMALL_DISK(disk, 16);
        Workspace workspace(disk.path() / "w");
        RunRecord run = makeRun("a");
        run.id = workspace.beginRun(run);
        disk.fillUp(0);
        const std::vector<CurvePoint> many = makePoints(1, 50'000);
        QCOMPARE(errorNameOf([&] { workspace.appendCurve(run.id, "train/loss", many); }), std::string("DiskFull"));
        run.status = RunStatus::Failed;
        run.metrics = {{"large", std::string(3u << 20, 'x')}};
        QCOMPARE(errorNameOf([&] { workspace.endRun(run); }), std::string("DiskFull"));
        QCOMPARE(workspace.runs().size(), std::size_t(1)); // still to be listed
        disk.makeRoom();
        QCOMPARE(workspace.runs().front().status, RunStatus::Interrupted);
    }

    void readOnlyDisk()
    {
        NEED_SMALL_DISK(disk, 16);
        const fs::path folder = disk.path() / "w";
        {
            Workspace workspace(folder);
            workspace.setValue("a", 1);
        }
        if (::mount("tmpfs", disk.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0)
            QSKIP("cannot remount read-only here");
        QCOMPARE(errorNameOf([&] { Workspace workspace(folder); }), std::string("WorkspaceUnwritable"));
        QCOMPARE(errorNameOf([&] { Workspace workspace(disk.path() / "new"); }), std::string("WorkspaceUnwritable"));
    }
};

QTEST_GUILESS_MAIN(TestStoreFullDisk)
#include "tst_store_full_disk.moc"
