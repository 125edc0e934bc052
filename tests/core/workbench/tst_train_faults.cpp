// What becomes of a training whose workspace or memory fails it. The faults are made here: this program's own write(),
// fsync() and operator new take the place of the system's, and fail while a test says so.
#include "core/base/File.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <QScopeGuard>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <new>
#include <string>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FAULTS 0 // sanitizers have their own write() and operator new
#else
#define FAULTS 1
#endif

namespace {

std::atomic<bool> diskFails{false}, memoryFails{false};
std::atomic<int> diskFaults{0}, memoryFaults{0};

/// Standard output and the like stay as they are.
bool fails(int file)
{
    if (!diskFails || file <= STDERR_FILENO)
        return false;
    ++diskFaults;
    errno = EIO;
    return true;
}

} // namespace

#if FAULTS
#define IN_PLACE extern "C" __attribute__((visibility("default")))
IN_PLACE ssize_t write(int file, const void* bytes, size_t count) { return fails(file) ? -1 : ::syscall(SYS_write, file, bytes, count); }
IN_PLACE ssize_t pwrite(int file, const void* bytes, size_t count, off_t at) { return fails(file) ? -1 : ::syscall(SYS_pwrite64, file, bytes, count, at); }
IN_PLACE ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t at) { return fails(file) ? -1 : ::syscall(SYS_pwrite64, file, bytes, count, at); }
IN_PLACE int fsync(int file) { return fails(file) ? -1 : static_cast<int>(::syscall(SYS_fsync, file)); }
IN_PLACE int fdatasync(int file) { return fails(file) ? -1 : static_cast<int>(::syscall(SYS_fdatasync, file)); }

void* operator new(std::size_t bytes)
{
    if (memoryFails && bytes >= 1024) {
        ++memoryFaults;
        throw std::bad_alloc();
    }
    if (void* place = std::malloc(bytes > 0 ? bytes : 1))
        return place;
    throw std::bad_alloc();
}
// Not inlined: GCC 14 sees free() beside a new of which it does not know that it is malloc().
__attribute__((noinline)) void operator delete(void* place) noexcept { std::free(place); }
__attribute__((noinline)) void operator delete(void* place, std::size_t) noexcept { std::free(place); }
#endif

using namespace limpid;
using namespace limpid::test;
namespace fs = std::filesystem;

namespace {

DataSet penguins()
{
    Task task;
    return openData(project("resources/samples/penguins.csv"), {}, task);
}

TrainRequest request()
{
    TrainRequest request;
    request.pipeline.target = "species";
    request.train.epochs = 12;
    request.train.batchSize = 32;
    request.train.patience = 0;
    request.name = "birds";
    request.checkpointSeconds = 0.0;
    return request;
}

constexpr std::int64_t faultStep = 50, stepsAnEpoch = 9, steps = 12 * stepsAnEpoch;

/// Slow enough for the disk to keep pace with, so that there is a checkpoint before the fault.
void slowDown() { ::usleep(2000); }

std::string weightsOf(const Workspace& workspace, const TrainOutcome& outcome)
{
    return writeSafetensors(workspace.loadBundle(outcome.version).weights);
}

} // namespace

class TestTrainFaults : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::string m_expected;   ///< weights of a run that nothing happened to

    Error failureOf(const std::function<void()>& work)
    {
        try {
            work();
        } catch (const Error& error) {
            return error;
        }
        return Error(ErrorCode::Internal);
    }

private slots:
    void initTestCase()
    {
        ::setenv("HOME", m_dir.path().toUtf8().constData(), 1); // where models are rescued to
        Workspace workspace(m_dir.filePath("whole").toStdString());
        Task task;
        m_expected = weightsOf(workspace, trainModel(workspace, penguins(), request(), {}, {}, task));
    }

    void theWorkspaceIsDeleted()
    {
        const fs::path folder = m_dir.filePath("deleted").toStdString();
        Workspace workspace(folder);
        Task task;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord& record) {
            if (record.step == faultStep)
                fs::remove_all(folder);
        };
        const Error error = failureOf([&] { trainModel(workspace, penguins(), request(), observer, {}, task); });
        QCOMPARE(QString::fromUtf8(errorName(error.code()).data()), QString("ModelRescued"));
        QCOMPARE(fact(error.facts(), "cause"), std::string("WorkspaceGone"));
        QVERIFY(!fs::exists(folder)); // no half of one is left in its place
        const Bundle rescued = readBundle(fact(error.facts(), "path"));
        QCOMPARE(writeSafetensors(rescued.weights) == m_expected, true);
        QCOMPARE(errorNameOf([&] { workspace.runs(); }), std::string("WorkspaceGone"));
    }

    /// For a while, and the run is none the worse.
    void theDiskFailsForAWhile()
    {
        if (!FAULTS)
            QSKIP("sanitizers have their own write()");
        Workspace workspace(m_dir.filePath("while").toStdString());
        Task task;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord& record) {
            slowDown();
            diskFails = record.step >= faultStep && record.step < faultStep + 20;
        };
        diskFaults = 0;
        const TrainOutcome outcome = trainModel(workspace, penguins(), request(), observer, {}, task);
        QVERIFY(diskFaults > 0);
        QCOMPARE(weightsOf(workspace, outcome) == m_expected, true);
        QCOMPARE(workspace.curve(outcome.run.id, "train/loss").size(), static_cast<std::size_t>(steps));
        QVERIFY(workspace.checkHealth().clean());
    }

    /// Until the end: the run fails, and goes on from its last checkpoint once the disk is back.
    void theDiskFails()
    {
        if (!FAULTS)
            QSKIP("sanitizers have their own write()");
        const std::string folder = m_dir.filePath("failing").toStdString();
        {
            Workspace workspace(folder);
            Task task;
            TrainObserver observer;
            observer.onStep = [&](const StepRecord& record) {
                slowDown();
                diskFails = record.step >= faultStep;
            };
            const auto healed = qScopeGuard([] { diskFails = false; });
            const Error error = failureOf([&] { trainModel(workspace, penguins(), request(), observer, {}, task); });
            QCOMPARE(QString::fromUtf8(errorName(error.code()).data()), QString("WorkspaceUnwritable"));
        }
        Workspace workspace(folder);
        const RunRecord run = workspace.runs().front();
        QCOMPARE(run.status, RunStatus::Interrupted);
        const std::optional<RunState> state = workspace.state(run.id);
        QVERIFY(state && state->step > 1 && state->step <= faultStep);
        QVERIFY(workspace.checkHealth().clean());
        Task task;
        const TrainOutcome outcome = resumeRun(workspace, {run.id, 0, 2.0}, {}, {}, task);
        QCOMPARE(weightsOf(workspace, outcome) == m_expected, true);
        QCOMPARE(workspace.curve(run.id, "train/loss").size(), static_cast<std::size_t>(steps));
    }

    void theMemoryRunsOut_data()
    {
        QTest::addColumn<bool>("lasting");
        QTest::newRow("for the training") << true;
        QTest::newRow("for a while, for the writer of checkpoints alone") << false;
    }
    void theMemoryRunsOut()
    {
        if (!FAULTS)
            QSKIP("sanitizers have their own operator new");
        QFETCH(bool, lasting);
        const std::string folder = m_dir.filePath(lasting ? "memory" : "memory-while").toStdString();
        Workspace workspace(folder);
        std::int64_t id = 0;
        Task task;
        TrainObserver observer;
        observer.onStep = [&](const StepRecord& record) {
            slowDown();
            if (record.step == faultStep && lasting)
                memoryFails = true;
        };
        // Between epochs, where the training itself holds still.
        observer.onEpoch = [&](const EpochRecord& record) {
            if (!lasting && record.epoch == 6) {
                memoryFails = true;
                ::usleep(100'000);
                memoryFails = false;
            }
        };
        memoryFaults = 0;
        const auto healed = qScopeGuard([] { memoryFails = false; });
        const RunListener onRun = [&](const StartedRun& run) { id = run.id; };
        if (lasting) {
            QCOMPARE(errorNameOf([&] {
                         try {
                             trainModel(workspace, penguins(), request(), observer, onRun, task);
                         } catch (...) {
                             memoryFails = false;
                             throw;
                         }
                     }),
                     std::string("OutOfMemory"));
            QVERIFY(memoryFaults > 0);
            QCOMPARE(workspace.run(id).status, RunStatus::Failed);
            QCOMPARE(workspace.run(id).failure, std::string("OutOfMemory"));
            const std::optional<RunState> state = workspace.state(id);
            QVERIFY(state && state->step > 1 && state->step <= faultStep);
        } else {
            trainModel(workspace, penguins(), request(), observer, onRun, task);
            QCOMPARE(workspace.run(id).status, RunStatus::Finished);
        }
        Task more;
        const TrainOutcome outcome = resumeRun(workspace, {id, lasting ? 0 : 13, 2.0}, {}, {}, more);
        QCOMPARE(workspace.curve(id, "train/loss").size(), static_cast<std::size_t>(lasting ? steps : steps + stepsAnEpoch));
        if (lasting)
            QCOMPARE(weightsOf(workspace, outcome) == m_expected, true);
        QVERIFY(workspace.checkHealth().clean());
    }
};

QTEST_GUILESS_MAIN(TestTrainFaults)
#include "tst_train_faults.moc"
