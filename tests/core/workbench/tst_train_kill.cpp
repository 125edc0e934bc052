// SIGKILL at ten random moments of a real training run. The victim is this program itself, started again with an argument.
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <QCoreApplication>
#include <QProcess>
#include <QRandomGenerator>
#include <QThread>

#include <cstdio>

using namespace limpid;
using namespace limpid::test;

namespace {

TrainOutcome trainIris(Workspace& workspace, int epochs, const std::string& name)
{
    Task task;
    const DataSet data = openData(project("resources/samples/iris.csv"), {}, task);
    TrainRequest request;
    request.pipeline.target = suggestTarget(data.table());
    request.train.epochs = epochs;
    request.train.patience = 0;
    request.name = name;
    return trainModel(workspace, data, request, {}, [](const StartedRun& run) {
        std::printf("run %lld\n", static_cast<long long>(run.id));
        std::fflush(stdout);
    }, task);
}

} // namespace

class TestTrainKill : public QObject
{
    Q_OBJECT

private slots:
    void storeSurvivesTenKills()
    {
        QTemporaryDir dir;
        const std::filesystem::path folder = dir.path().toStdString();
        Weights earlier;
        {
            Workspace workspace(folder);
            earlier = trainIris(workspace, 3, "earlier").result.weights;
        }
        for (int kill = 1; kill <= 10; ++kill) {
            QProcess victim;
            victim.start(QCoreApplication::applicationFilePath(), {"--victim", QString::fromStdString(folder.string())});
            QVERIFY2(victim.waitForReadyRead(60'000), victim.readAllStandardError().constData());
            QThread::msleep(static_cast<unsigned long>(QRandomGenerator::global()->bounded(600)));
            QCOMPARE(victim.state(), QProcess::Running);
            victim.kill();
            QVERIFY(victim.waitForFinished());

            const Workspace workspace(folder);
            QVERIFY(workspace.checkHealth().clean());
            const std::vector<RunRecord> runs = workspace.runs();
            QCOMPARE(runs.size(), static_cast<std::size_t>(kill + 1));
            QCOMPARE(runs.front().status, RunStatus::Interrupted);
            QCOMPARE(runs.back().status, RunStatus::Finished);
            const RunRecord& run = runs.front();
            const std::vector<CurvePoint> curve = workspace.curve(run.id, "train/loss");
            for (std::size_t i = 0; i < curve.size(); ++i)
                QCOMPARE(curve[i].step, static_cast<std::int64_t>(i + 1));
            QVERIFY(run.epochs >= run.bestEpoch);
            QCOMPARE(workspace.checkpoint(run.id).has_value(), run.bestEpoch > 0);
            QVERIFY(workspace.loadBundle(workspace.resolve("earlier@1")).weights == earlier);
        }
    }
};

int main(int argc, char** argv)
{
    if (argc == 3 && std::string_view(argv[1]) == "--victim") {
        Workspace workspace(argv[2]);
        trainIris(workspace, 100'000, "victim");
        return 0;
    }
    QCoreApplication application(argc, argv);
    TestTrainKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_train_kill.moc"
