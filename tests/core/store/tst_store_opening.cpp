#include "core/base/File.h"
#include "core/base/Hash.h"
#include "core/store/BlobStore.h"
#include "core/store/Migrations.h"
#include "core/store/RunLock.h"
#include "tests/core/store/StoreSupport.h"
#include "tests/support/TestSupport.h"

#include <SQLiteCpp/Database.h>

#include <cmath>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace limpid;
using namespace limpid::test;
namespace fs = std::filesystem;

namespace {

void execute(const fs::path& folder, const std::string& sql)
{
    SQLite::Database(utf8(folder / "limpid.db"), SQLite::OPEN_READWRITE).exec(sql);
}

void damage(const fs::path& file, std::size_t at)
{
    std::string bytes = readFile(file);
    bytes[std::min(at, bytes.size() - 1)] ^= 1;
    writeFileAtomically(file, bytes);
}

fs::path blobFile(const fs::path& folder, const std::string& hash)
{
    return store::BlobStore(folder / "blobs").path(hash);
}

/// A pid that nobody has.
pid_t deadProcess()
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(0);
    ::waitpid(child, nullptr, 0);
    return child;
}

} // namespace

class TestStoreOpening : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    fs::path m_folder;

    std::string opening() const
    {
        return errorNameOf([this] { Workspace workspace(m_folder); });
    }

    /// A store with a finished run, its checkpoint and a version of it.
    void fill() const
    {
        Workspace workspace(m_folder);
        RunRecord run = makeRun("iris");
        run.id = workspace.beginRun(run);
        workspace.appendCurve(run.id, "train/loss", makePoints(1, 100));
        workspace.keepCheckpoint(run.id, 1, makeWeights(1));
        workspace.addVersion("iris", run.id, makeBundle(2), {});
        run.status = RunStatus::Finished;
        workspace.endRun(run);
    }

private slots:
    void init()
    {
        m_folder = workspaceIn(m_dir);
        fs::remove_all(m_folder);
    }

    void freshStoreIsOfTheNewestSchema()
    {
        Workspace workspace(m_folder);
        const StoreHealth health = workspace.checkHealth();
        QVERIFY(health.clean());
        QCOMPARE(health.schemaVersion, store::newestSchema());
        QCOMPARE(health.sqliteCheck, std::string("ok"));
        QVERIFY(!fs::exists(m_folder / "limpid.db.v0.bak"));
    }

    void newerStoreIsLeftAlone()
    {
        fill();
        execute(m_folder, "PRAGMA user_version = 99");
        const auto before = bytesOfAll(m_folder);
        try {
            Workspace workspace(m_folder);
            QFAIL("a newer store was opened");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::WorkspaceNewer);
            QCOMPARE(fact(error.facts(), "version"), std::string("99"));
            QCOMPARE(fact(error.facts(), "known"), std::to_string(store::newestSchema()));
            QCOMPARE(fact(error.facts(), "path"), utf8(m_folder / "limpid.db"));
        }
        QVERIFY(bytesOfAll(m_folder) == before);
    }

    void newerStoreWhoseVersionIsStillInTheLog()
    {
        fill();
        SQLite::Database other(utf8(m_folder / "limpid.db"), SQLite::OPEN_READWRITE);
        other.exec("PRAGMA user_version = 99");
        QCOMPARE(store::schemaOnDisk(m_folder / "limpid.db"), store::newestSchema()); // not yet in the file itself
        QCOMPARE(opening(), std::string("WorkspaceNewer"));
        QCOMPARE(other.execAndGet("PRAGMA user_version").getInt(), 99);
    }

    /// Each fixture is a store as the release of that schema wrote it: with the next schema add one, written by the old
    /// code, and change none. Shows the upgrade, its backup, and that what was stored is still there.
    void olderStoreIsUpgraded_data()
    {
        QTest::addColumn<int>("schema");
        for (int schema = 1; schema <= store::newestSchema(); ++schema)
            QTest::addRow("v%d", schema) << schema;
    }

    void olderStoreIsUpgraded()
    {
        QFETCH(int, schema);
        const std::string name = "v" + std::to_string(schema);
        fs::copy(project("tests/fixtures/store/" + name), m_folder, fs::copy_options::recursive);
        Workspace workspace(m_folder);
        const std::vector<RunRecord> runs = workspace.runs();
        QCOMPARE(runs.size(), std::size_t(2));
        QCOMPARE(runs.front().status, RunStatus::Stopped);
        QCOMPARE(runs.back().name, std::string("iris"));
        QCOMPARE(runs.back().status, RunStatus::Finished);
        QCOMPARE(runs.back().epochs, 3);
        QCOMPARE(workspace.curve(runs.back().id, "train/loss").size(), std::size_t(100));
        QVERIFY(workspace.checkpoint(runs.back().id) == makeWeights(1));
        QCOMPARE(workspace.resolve("iris@champion").run, runs.back().id);
        QVERIFY(workspace.loadBundle(workspace.resolve("iris@1")).weights == makeBundle(2).weights);
        QCOMPARE(workspace.value("view").at("theme").get<std::string>(), std::string("dark"));
        const StoreHealth health = workspace.checkHealth();
        QVERIFY(health.clean());
        QCOMPARE(health.schemaVersion, store::newestSchema());
        QCOMPARE(fs::exists(m_folder / ("limpid.db." + name + ".bak")), schema < store::newestSchema());
        if (schema >= 6) {
            const std::vector<ExplanationRecord> explanations = workspace.explanations();
            QCOMPARE(explanations.size(), std::size_t(1));
            QCOMPARE(workspace.explanationDocument(explanations.front()), std::string("kept by schema 6"));
            QCOMPARE(explanations.front().modelHash, workspace.modelHash(workspace.resolve("iris@1")));
            QVERIFY(!explanations.front().automatic);
            QCOMPARE(explanations.front().name, std::string(schema >= 7 ? "named by schema 7" : ""));
        }
    }

    /// Schema 1 had a row for each point of a curve: every one of them is in the blocks that came after.
    void rowsOfCurvesArePacked()
    {
        fs::copy(project("tests/fixtures/store/v1"), m_folder, fs::copy_options::recursive);
        execute(m_folder, "INSERT INTO series(id, run, name) SELECT 900, max(id), 'a' FROM runs;"
                          "INSERT INTO series(id, run, name) SELECT 901, max(id), 'epoch/b' FROM runs;"
                          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                          " INSERT INTO curves SELECT 900, i * 3, i / 8.0, CASE i % 100 WHEN 5 THEN NULL ELSE 1.0 / i END FROM n;"
                          "INSERT INTO curves VALUES(901, 1, 2.5, 9e999), (901, 2, 5.0, -1e-300)");
        Workspace workspace(m_folder);
        const std::int64_t run = workspace.runs().front().id;
        const std::vector<CurvePoint> points = workspace.curve(run, "a");
        QCOMPARE(points.size(), std::size_t(3000));
        for (std::size_t at = 0; at < points.size(); ++at) {
            const std::int64_t i = static_cast<std::int64_t>(at) + 1;
            QCOMPARE(points[at].step, i * 3);
            QCOMPARE(points[at].seconds, static_cast<double>(i) / 8.0);
            if (i % 100 == 5)
                QVERIFY(std::isnan(points[at].value));
            else
                QCOMPARE(points[at].value, 1.0 / static_cast<double>(i));
        }
        const std::vector<CurvePoint> epochs = workspace.curve(run, "epoch/b");
        QCOMPARE(epochs.size(), std::size_t(2));
        QVERIFY(std::isinf(epochs[0].value));
        QCOMPARE(epochs[1].value, -1e-300);
        QVERIFY(workspace.checkHealth().clean());
    }

    void damagedBlockOfACurveIsTold()
    {
        fill();
        execute(m_folder, "UPDATE curve_points SET points = substr(points, 1, 50)");
        Workspace workspace(m_folder);
        QCOMPARE(errorNameOf([&] { workspace.curve(workspace.runs().front().id, "train/loss"); }), std::string("WorkspaceCorrupt"));
    }

    void foreignFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("text") << QByteArray(200, 'x');
        QTest::newRow("short") << QByteArray("SQLite format 3");
        QTest::newRow("header only") << QByteArray("SQLite format 3").append('\0').append(QByteArray(84, '\xff'));
    }

    void foreignFiles()
    {
        QFETCH(QByteArray, bytes);
        fs::create_directories(m_folder);
        writeFileAtomically(m_folder / "limpid.db", bytes.toStdString());
        QCOMPARE(opening(), std::string("WorkspaceCorrupt"));
        QCOMPARE(readFile(m_folder / "limpid.db"), bytes.toStdString());
    }

    void anotherProgramsDatabaseIsLeftAlone()
    {
        fs::create_directories(m_folder);
        {
            SQLite::Database other(utf8(m_folder / "limpid.db"), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            other.exec("CREATE TABLE metrics(a); INSERT INTO metrics VALUES(1)");
        }
        QCOMPARE(opening(), std::string("WorkspaceCorrupt"));
        execute(m_folder, "PRAGMA user_version = 1");
        QCOMPARE(opening(), std::string("WorkspaceCorrupt"));
        SQLite::Database other(utf8(m_folder / "limpid.db"));
        QCOMPARE(other.execAndGet("SELECT count(*) FROM sqlite_schema").getInt(), 1);
    }

    void truncatedDatabase_data()
    {
        QTest::addColumn<double>("share");
        QTest::newRow("to nothing") << 0.0;
        QTest::newRow("to a page") << 0.03;
        QTest::newRow("to half") << 0.5;
        QTest::newRow("by a page") << 0.99;
    }

    void truncatedDatabase()
    {
        QFETCH(double, share);
        fill();
        const auto size = static_cast<double>(fs::file_size(m_folder / "limpid.db"));
        fs::resize_file(m_folder / "limpid.db", static_cast<std::uintmax_t>(size * share));
        try {
            Workspace workspace(m_folder);
            QFAIL("a truncated store was opened");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::WorkspaceCorrupt);
            QCOMPARE(fact(error.facts(), "path"), utf8(m_folder / "limpid.db"));
        }
    }

    void lostDatabaseIsNotReplaced()
    {
        fill();
        fs::remove(m_folder / "limpid.db");
        QCOMPARE(opening(), std::string("WorkspaceCorrupt"));
        QVERIFY(!fs::exists(m_folder / "limpid.db"));
    }

    void folderThatIsAFile()
    {
        writeFileAtomically(m_folder, "x");
        QCOMPARE(opening(), std::string("WorkspaceUnwritable"));
    }

    void folderThatMayNotBeWritten_data()
    {
        QTest::addColumn<bool>("filled");
        QTest::newRow("empty") << false;
        QTest::newRow("with a store") << true;
    }

    void folderThatMayNotBeWritten()
    {
        QFETCH(bool, filled);
        if (filled)
            fill();
        else
            fs::create_directories(m_folder);
        // Rights don't bind root, so it becomes somebody else for a while.
        constexpr uid_t nobody = 65534;
        const bool isRoot = ::geteuid() == 0;
        fs::permissions(m_dir.path().toStdString(), fs::perms(0755));
        fs::permissions(m_folder, fs::perms(0555));
        if (isRoot && ::seteuid(nobody) != 0)
            QSKIP("cannot give up root's rights here");
        const std::string found = opening();
        if (isRoot)
            QCOMPARE(::seteuid(0), 0);
        fs::permissions(m_folder, fs::perms(0755));
        QCOMPARE(found, std::string("WorkspaceUnwritable"));
        QCOMPARE(fs::exists(m_folder / "limpid.db"), filled);
    }

    void damagedBlobsAreFound()
    {
        fill();
        Workspace workspace(m_folder);
        const ModelVersion version = workspace.resolve("iris");
        const std::string hash = sha256(bundleFiles(workspace.loadBundle(version)).at("model.safetensors"));
        damage(blobFile(m_folder, hash), 100);
        QCOMPARE(errorNameOf([&] { workspace.loadBundle(version); }), std::string("BlobDamaged"));
        const StoreHealth damaged = workspace.checkHealth();
        QVERIFY(!damaged.clean());
        QCOMPARE(damaged.issues.size(), std::size_t(1));
        QCOMPARE(damaged.issues.front().code, ErrorCode::BlobDamaged);
        QCOMPARE(damaged.issues.front().where, std::string("iris@1/model.safetensors"));
        QCOMPARE(fact(damaged.issues.front().facts, "hash"), hash);

        fs::remove(blobFile(m_folder, hash));
        QCOMPARE(errorNameOf([&] { workspace.loadBundle(version); }), std::string("BlobMissing"));
        QCOMPARE(workspace.checkHealth().issues.front().code, ErrorCode::BlobMissing);

        // The same bytes, stored again, mend it.
        workspace.addVersion("iris", 0, makeBundle(2), {});
        QVERIFY(workspace.checkHealth().clean());
        QCOMPARE(workspace.loadBundle(version).weights.size(), std::size_t(1));
    }

    void damagedDatabaseIsFound()
    {
        fill();
        {
            Workspace workspace(m_folder);
            RunRecord run = makeRun("long");
            run.id = workspace.beginRun(run);
            workspace.appendCurve(run.id, "train/loss", makePoints(1, 20'000));
            run.status = RunStatus::Finished;
            workspace.endRun(run);
        }
        std::string bytes = readFile(m_folder / "limpid.db");
        const std::size_t page = 4096 * (bytes.size() / 4096 * 3 / 4);
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(page), 4096, '\x5a');
        writeFileAtomically(m_folder / "limpid.db", bytes);
        Workspace workspace(m_folder);
        const StoreHealth health = workspace.checkHealth();
        QVERIFY(!health.clean());
        QCOMPARE(health.issues.front().code, ErrorCode::WorkspaceCorrupt);
    }

    void unreferencedBlobsAreCountedNotRemoved()
    {
        fill();
        store::BlobStore(m_folder / "blobs").put("nobody's");
        Workspace workspace(m_folder);
        const StoreHealth health = workspace.checkHealth();
        QVERIFY(health.clean());
        QCOMPARE(health.unreferencedBlobs, std::size_t(1));
        QVERIFY(fs::exists(blobFile(m_folder, sha256("nobody's"))));
    }

    void strayFilesOfDeadProcessesGo()
    {
        fill();
        const std::string dead = ".limpid-" + std::to_string(deadProcess()) + "-AbCdEf";
        const std::string alive = ".limpid-" + std::to_string(::getpid()) + "-AbCdEf";
        const std::string old = ".limpid-" + std::to_string(::getpid()) + "-OlDoLd";
        fs::create_directories(m_folder / "blobs/ab");
        for (const std::string& name : {dead, alive, old})
            writeFileAtomically(m_folder / "blobs/ab" / name, "half");
        fs::last_write_time(m_folder / "blobs/ab" / old, fs::file_time_type::clock::now() - std::chrono::hours(25));
        Workspace workspace(m_folder);
        QVERIFY(!fs::exists(m_folder / "blobs/ab" / dead));
        QVERIFY(!fs::exists(m_folder / "blobs/ab" / old));
        QVERIFY(fs::exists(m_folder / "blobs/ab" / alive));
    }

    void twoWorkspacesOnOneFolder()
    {
        Workspace one(m_folder);
        const std::int64_t run = one.beginRun(makeRun("a"), 1 << 20);
        Workspace two(m_folder);
        QCOMPARE(two.run(run).status, RunStatus::Running); // alive, though not here
        QCOMPARE(errorNameOf([&] { two.deleteRun(run); }), std::string("RunActive"));
        std::thread writer([&] {
            for (int i = 0; i < 50; ++i)
                one.appendCurve(run, "train/loss", makePoints(1 + i * 20, 20));
        });
        for (int i = 0; i < 10; ++i)
            two.addVersion("m", 0, makeBundle(static_cast<float>(i)), {});
        writer.join();
        QCOMPARE(two.curve(run, "train/loss").size(), std::size_t(1000));
        QCOMPARE(one.models().front().versions.size(), std::size_t(10));
        QVERIFY(one.checkHealth().clean());
    }

    void runIsInterruptedWhenItsProcessIsGone()
    {
        std::int64_t run = 0;
        {
            Workspace dying(m_folder);
            run = dying.beginRun(makeRun("a"), 1 << 20);
            QCOMPARE(fs::file_size(m_folder / "runs" / (std::to_string(run) + ".lock")), std::uintmax_t(1 << 20));
            dying.appendCurve(run, "epoch/train_loss", makePoints(1, 7));
            dying.keepCheckpoint(run, 5, makeWeights(5));
            Workspace watching(m_folder);
            QCOMPARE(watching.run(run).status, RunStatus::Running);
        }
        Workspace workspace(m_folder);
        const RunRecord record = workspace.run(run);
        QCOMPARE(record.status, RunStatus::Interrupted);
        QCOMPARE(record.epochs, 7);
        QCOMPARE(record.bestEpoch, 5);
        QCOMPARE(record.seconds, 0.07);
        QVERIFY(record.endedMs >= record.startedMs);
        QVERIFY(workspace.checkpoint(run) == makeWeights(5));
        QVERIFY(fs::is_empty(m_folder / "runs"));
        workspace.deleteRun(run);
    }

    void openWorkspaceNoticesADeadRun()
    {
        Workspace watching(m_folder);
        auto dying = std::make_unique<Workspace>(m_folder);
        const std::int64_t run = dying->beginRun(makeRun("a"));
        QCOMPARE(watching.runs().front().status, RunStatus::Running);
        dying = nullptr;
        QCOMPARE(watching.runs().front().status, RunStatus::Interrupted);
        QCOMPARE(watching.run(run).status, RunStatus::Interrupted);
    }

    void lockIsBusyFromElsewhere()
    {
        const fs::path file = m_dir.path().toStdString() + "/a.lock";
        QVERIFY(!store::RunLock::isHeld(file));
        {
            store::RunLock lock = store::RunLock::take(file);
            QVERIFY(store::RunLock::isHeld(file));
            QCOMPARE(errorNameOf([&] { store::RunLock::take(file); }), std::string("WorkspaceBusy"));
            store::RunLock moved = std::move(lock);
            QVERIFY(store::RunLock::isHeld(file));
        }
        QVERIFY(!store::RunLock::isHeld(file));
        QVERIFY(!fs::exists(file));
    }

    void manyOpenAFreshFolderAtOnce()
    {
        for (int round = 0; round < 20; ++round) {
            fs::remove_all(m_folder);
            std::vector<std::thread> threads;
            std::vector<std::string> found(4);
            for (std::string& outcome : found)
                threads.emplace_back([&] { outcome = opening(); });
            for (std::thread& thread : threads)
                thread.join();
            for (const std::string& outcome : found)
                QCOMPARE(QString::fromStdString(outcome), QString("(no error)"));
        }
    }

    void halfWrittenBlobsNeverShow()
    {
        const store::BlobStore blobs(m_folder / "blobs");
        const std::string bytes(1 << 20, 'a');
        const std::string hash = blobs.put(bytes);
        QCOMPARE(blobs.get(hash), bytes);
        QCOMPARE(blobs.put(bytes), hash);
        fs::resize_file(blobs.path(hash), 1000);
        QCOMPARE(errorNameOf([&] { blobs.get(hash); }), std::string("BlobDamaged"));
        QCOMPARE(blobs.put(bytes), hash); // replaced
        QCOMPARE(blobs.get(hash), bytes);
        std::size_t files = 0;
        for (const auto& entry : fs::recursive_directory_iterator(m_folder / "blobs"))
            files += entry.is_regular_file() ? 1 : 0;
        QCOMPARE(files, std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestStoreOpening)
#include "tst_store_opening.moc"
