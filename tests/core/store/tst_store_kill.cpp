// SIGKILL at random moments of a run that writes curves, checkpoints and versions as fast as it can. The victim is this
// program itself, started again with an argument.
#include "tests/core/store/StoreSupport.h"
#include "tests/support/TestSupport.h"

#include <QCoreApplication>
#include <QProcess>
#include <QRandomGenerator>
#include <QThread>

#include <cstdio>

using namespace limpid;
using namespace limpid::test;

namespace {

/// Runs of 20 rounds, each with a version at its end, until somebody ends us.
[[noreturn]] void live(const std::filesystem::path& folder)
{
    Workspace workspace(folder);
    for (;;) {
        RunRecord run = makeRun("victim");
        run.id = workspace.beginRun(run, 1 << 20);
        std::printf("run %lld\n", static_cast<long long>(run.id));
        std::fflush(stdout);
        for (int round = 0; round < 20; ++round) {
            workspace.appendCurve(run.id, "train/loss", makePoints(1 + round * 200, 200));
            workspace.appendCurve(run.id, "epoch/train_loss", makePoints(1 + round, 1));
            workspace.keepCheckpoint(run.id, 1 + round, makeWeights(static_cast<float>(round), 50'000));
        }
        workspace.addVersion("victim", run.id, makeBundle(static_cast<float>(run.id)), {});
        run.status = RunStatus::Finished;
        run.epochs = 20;
        workspace.endRun(run);
    }
}

} // namespace

class TestStoreKill : public QObject
{
    Q_OBJECT

private slots:
    void storeSurvivesTenKills()
    {
        QTemporaryDir dir;
        const std::filesystem::path folder = workspaceIn(dir);
        {
            Workspace workspace(folder);
            RunRecord run = makeRun("earlier");
            run.id = workspace.beginRun(run);
            workspace.addVersion("earlier", run.id, makeBundle(-1), {{"validation", {{"accuracy", 0.9}}}});
            workspace.setAlias("earlier", "champion", 1);
            run.status = RunStatus::Finished;
            workspace.endRun(run);
        }
        std::size_t interrupted = 0;
        for (int kill = 0; kill < 10; ++kill) {
            QProcess victim;
            victim.start(QCoreApplication::applicationFilePath(), {"--victim", QString::fromStdString(folder.string())});
            QVERIFY(victim.waitForStarted());
            QVERIFY2(victim.waitForReadyRead(20'000), victim.readAllStandardError().constData());
            const Workspace watching(folder); // somebody else's eyes are open meanwhile
            QThread::msleep(static_cast<unsigned long>(QRandomGenerator::global()->bounded(120)));
            QCOMPARE(victim.state(), QProcess::Running);
            victim.kill();
            QVERIFY(victim.waitForFinished());

            Workspace workspace(folder);
            const StoreHealth health = workspace.checkHealth();
            QString found = QString::fromStdString(health.sqliteCheck);
            for (const Issue& issue : health.issues)
                found += " " + QString::fromStdString(issue.where + ":" + std::string(errorName(issue.code)));
            QVERIFY2(health.clean(), qPrintable(found));

            std::size_t dead = 0;
            for (const RunRecord& run : workspace.runs()) {
                QVERIFY(run.status != RunStatus::Running);
                dead += run.status == RunStatus::Interrupted ? 1 : 0;
                if (run.name != "victim")
                    continue;
                // A curve has no holes: all that was appended before the last point is there.
                const std::vector<CurvePoint> curve = workspace.curve(run.id, "train/loss");
                QCOMPARE(curve.size() % 200, std::size_t(0));
                for (std::size_t i = 0; i < curve.size(); ++i)
                    QCOMPARE(curve[i].step, static_cast<std::int64_t>(i + 1));
                QCOMPARE(workspace.curve(run.id, "epoch/train_loss").size(), static_cast<std::size_t>(run.epochs));
                const std::optional<Weights> weights = workspace.checkpoint(run.id);
                if (run.bestEpoch > 0)
                    QVERIFY(weights == makeWeights(static_cast<float>(run.bestEpoch - 1), 50'000));
                if (run.status == RunStatus::Finished)
                    QCOMPARE(curve.size(), std::size_t(4000));
            }
            QVERIFY(dead - interrupted <= 1); // none where it was killed between two runs
            interrupted = dead;
            for (const ModelSummary& model : workspace.models())
                for (const ModelVersion& version : model.versions)
                    workspace.loadBundle(version);
            QVERIFY(workspace.loadBundle(workspace.resolve("earlier@champion")).weights == makeBundle(-1).weights);
        }
        QVERIFY(interrupted >= 5);
    }
};

int main(int argc, char** argv)
{
    if (argc == 3 && std::string_view(argv[1]) == "--victim")
        live(argv[2]);
    QCoreApplication application(argc, argv);
    TestStoreKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_store_kill.moc"
