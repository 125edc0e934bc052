// What can go wrong in training: found before anything is written, or kept as far as it went.
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <QScopeGuard>

#include <sys/mount.h>

#include <fstream>

using namespace limpid;
using namespace limpid::test;
namespace fs = std::filesystem;

namespace {

DataSet iris()
{
    Task task;
    return openData(project("resources/samples/iris.csv"), {}, task);
}

TrainRequest longRequest(const Table& table)
{
    TrainRequest request;
    request.pipeline.target = suggestTarget(table);
    request.train.epochs = 100'000;
    request.train.patience = 0;
    request.train.schedule = "constant";
    return request;
}

} // namespace

class TestTrainErrors : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<Workspace> m_workspace;

private slots:
    void init()
    {
        fs::remove_all(m_dir.path().toStdString() + "/w");
        m_workspace = std::make_unique<Workspace>(m_dir.path().toStdString() + "/w");
    }

    void nothingIsWrittenForABadRequest_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("error");
        QByteArray good = "x,y\n";
        for (int i = 0; i < 40; ++i)
            good += QByteArray::number(i % 7) + (i % 2 ? ",yes\n" : ",no\n");
        QByteArray oneClass = good;
        oneClass.replace("no\n", "yes\n");
        QTest::newRow("unknown target") << good << "z" << "" << "TargetUnknown";
        QTest::newRow("one class") << oneClass << "y" << "" << "TargetOneClass";
        QTest::newRow("no inputs") << good << "y" << "ignore" << "NoInputs";
        QTest::newRow("one row") << QByteArray("x,y\n1,a\n") << "y" << "" << "TooFewRows";
        QTest::newRow("name") << good << "y" << "name" << "NameInvalid";
        QTest::newRow("preset") << good << "y" << "preset" << "OptionInvalid";
        QTest::newRow("epochs") << good << "y" << "epochs" << "OptionInvalid";
        QTest::newRow("optimizer") << good << "y" << "optimizer" << "OptionInvalid";
        QTest::newRow("split") << good << "y" << "split" << "OptionInvalid";
        QTest::newRow("network without output") << good << "y" << "network" << "NetworkNoOutput";
    }

    void nothingIsWrittenForABadRequest()
    {
        QFETCH(QByteArray, csv);
        QFETCH(QString, target);
        QFETCH(QString, change);
        QFETCH(QString, error);
        Task task;
        const DataSet data = openData(write(m_dir, "data.csv", csv), {}, task);
        TrainRequest request;
        request.pipeline.target = target.toStdString();
        if (change == "ignore")
            request.pipeline.ignored = {"x"};
        else if (change == "name")
            request.name = "no/such name";
        else if (change == "preset")
            request.preset = "magic";
        else if (change == "epochs")
            request.train.epochs = -1;
        else if (change == "optimizer")
            request.train.optimizer = "Magic";
        else if (change == "split")
            request.split.validation = 1.5;
        else if (change == "network")
            request.network = NetworkSpec();
        bool told = false;
        QCOMPARE(errorNameOf([&] { trainModel(*m_workspace, data, request, {}, [&](const StartedRun&) { told = true; }, task); }),
                 error.toStdString());
        QVERIFY(!told);
        QVERIFY(m_workspace->runs().empty());
        QVERIFY(m_workspace->models().empty());
    }

    void planTellsAllProblemsAtOnce()
    {
        const DataSet data = iris();
        TrainRequest request = longRequest(data.table());
        request.train.epochs = 0;
        request.train.batchSize = -5;
        request.network = NetworkSpec();
        const TrainPlan plan = planTraining(data, request);
        QVERIFY(plan.issues.size() >= 3);
        QVERIFY(!plan.analysis.ok());
        QCOMPARE(plan.split.train.size() + plan.split.validation.size(), std::size_t(150));
    }

    void nameComesFromTheFile_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("name");
        QTest::newRow("usual") << "sales_2024.csv" << "sales_2024";
        QTest::newRow("two endings") << "sales.csv.tsv" << "sales";
        QTest::newRow("spaces and letters") << QString::fromUtf8("Ma\xc3\x9f & Zahl.csv") << "Ma-Zahl";
        QTest::newRow("nothing usable") << QString::fromUtf8("\xe8\xa1\xa8.csv") << "model";
    }

    void nameComesFromTheFile()
    {
        QFETCH(QString, file);
        QFETCH(QString, name);
        QByteArray csv = "x,y\n";
        for (int i = 0; i < 40; ++i)
            csv += QByteArray::number(i % 7) + (i % 2 ? ",yes\n" : ",no\n");
        Task task;
        const DataSet data = openData(write(m_dir, file, csv), {}, task);
        TrainRequest request;
        request.pipeline.target = "y";
        request.train.epochs = 1;
        QCOMPARE(QString::fromStdString(trainModel(*m_workspace, data, request, {}, {}, task).version.model), name);
    }

    void stopKeepsTheModel()
    {
        const DataSet data = iris();
        Task task;
        TrainObserver observer;
        observer.onEpoch = [&](const EpochRecord& record) {
            if (record.epoch == 5)
                task.finish();
        };
        const TrainOutcome outcome = trainModel(*m_workspace, data, longRequest(data.table()), observer, {}, task);
        QCOMPARE(outcome.result.end, TrainEnd::StoppedByUser);
        const RunRecord run = m_workspace->run(outcome.run.id);
        QCOMPARE(run.status, RunStatus::Stopped);
        QVERIFY(run.epochs >= 5 && run.epochs < 10);
        QVERIFY(m_workspace->loadBundle(m_workspace->resolve("iris@1")).weights == outcome.result.weights);
    }

    void cancelKeepsWhatWasReached()
    {
        const DataSet data = iris();
        Task task;
        TrainObserver observer;
        observer.onEpoch = [&](const EpochRecord& record) {
            if (record.epoch == 5)
                task.cancel();
        };
        std::int64_t id = 0;
        QVERIFY_EXCEPTION_THROWN(
            trainModel(*m_workspace, data, longRequest(data.table()), observer, [&](const StartedRun& run) { id = run.id; }, task), Cancelled);
        const RunRecord run = m_workspace->run(id);
        QCOMPARE(run.status, RunStatus::Stopped);
        QCOMPARE(run.epochs, 5);
        QVERIFY(run.bestEpoch >= 1);
        QVERIFY(run.metrics.at("validation").contains("accuracy"));
        QVERIFY(m_workspace->models().empty());
        QVERIFY(m_workspace->checkpoint(id).has_value());
        QCOMPARE(m_workspace->curve(id, "epoch/validation_loss").size(), std::size_t(5));
        m_workspace->deleteRun(id);
    }

    void failureIsNamed()
    {
        const DataSet data = iris();
        Task task;
        TrainObserver observer;
        observer.onEpoch = [&](const EpochRecord&) { throw Error(ErrorCode::OutOfMemory); };
        QCOMPARE(errorNameOf([&] { trainModel(*m_workspace, data, longRequest(data.table()), observer, {}, task); }),
                 std::string("OutOfMemory"));
        const RunRecord run = m_workspace->runs().front();
        QCOMPARE(run.status, RunStatus::Failed);
        QCOMPARE(run.failure, std::string("OutOfMemory"));
        QVERIFY(m_workspace->models().empty());
    }

    void diskThatFillsUpCostsNoModel_data()
    {
        QTest::addColumn<int>("steps");
        QTest::addColumn<bool>("roomForCurves");
        QTest::newRow("some steps") << 20'000 << true;
        QTest::newRow("so many that nothing is left for how it ended") << 250'000 << false;
        QTest::newRow("more than there is room for their curves") << 400'000 << false;
    }
    void diskThatFillsUpCostsNoModel()
    {
        QFETCH(int, steps);
        QFETCH(bool, roomForCurves);
        QTemporaryDir disk;
        const std::string path = disk.path().toStdString();
        if (::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=32m") != 0)
            QSKIP("mounting a small tmpfs needs more rights than this user has");
        const auto unmount = qScopeGuard([&] { ::umount2(path.c_str(), MNT_DETACH); });
        {
            Workspace workspace(path + "/w");
            const DataSet data = iris();
            Task task;
            std::ofstream ballast(path + "/ballast", std::ios::binary);
            const std::string block(4096, 'x');
            TrainObserver observer;
            observer.onStep = [&](const StepRecord& record) {
                while (ballast)
                    ballast.write(block.data(), 4096).flush(); // not a byte is left from the first step on
                if (record.step == steps)
                    task.finish();
            };
            const TrainOutcome outcome = trainModel(workspace, data, longRequest(data.table()), observer, {}, task);
            QVERIFY(workspace.loadBundle(outcome.version).weights == outcome.result.weights);
            QVERIFY(workspace.checkHealth().clean());
            if (roomForCurves) { // that was set aside for the end
                QCOMPARE(workspace.run(outcome.run.id).status, RunStatus::Stopped);
                QCOMPARE(workspace.curve(outcome.run.id, "train/loss").size(), static_cast<std::size_t>(steps));
            } else {
                QVERIFY(std::any_of(outcome.issues.begin(), outcome.issues.end(), [](const Issue& issue) { return issue.code == ErrorCode::DiskFull; }));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestTrainErrors)
#include "tst_train_errors.moc"
