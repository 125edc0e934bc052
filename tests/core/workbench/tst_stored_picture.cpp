#include "core/workbench/PictureJson.h"
#include "core/workbench/Workbench.h"
#include "tests/support/TestSupport.h"

#include <QTemporaryDir>
#include <QTest>

using namespace limpid;

namespace {

std::filesystem::path folder(const QTemporaryDir& dir) { return std::filesystem::path(dir.path().toStdU16String()); }

/// The first column decides the class and goes into the number.
DataSet table(const QTemporaryDir& dir)
{
    QByteArray text = "size,weight,kind,price\n";
    for (int i = 0; i < 160; ++i)
        text += QByteArray::number(i % 40) + ',' + QByteArray::number((i * 7) % 11 + 0.5) + ',' + (i % 40 < 20 ? "small" : "large") + ','
            + QByteArray::number(3 * (i % 40) + (i * 5) % 7) + '\n';
    Task task;
    return openData(test::write(dir, "things.csv", text), {}, task);
}

TrainRequest request(const std::string& target)
{
    TrainRequest made;
    made.pipeline.target = target;
    made.train.epochs = 6;
    made.train.patience = 0;
    return made;
}

} // namespace

class TstStoredPicture : public QObject
{
    Q_OBJECT
private slots:
    void isKeptWithTheRun_data()
    {
        QTest::addColumn<QString>("target");
        QTest::newRow("classes") << "kind";
        QTest::newRow("numbers") << "price";
    }
    void isKeptWithTheRun()
    {
        QFETCH(QString, target);
        QTemporaryDir dir;
        Workspace workspace(folder(dir) / "workspace");
        Task task;
        const TrainOutcome outcome = trainModel(workspace, table(dir), request(target.toStdString()), {}, {}, task);
        QVERIFY(outcome.result.picture);
        const auto stored = storedPicture(workspace, outcome.run.id);
        QVERIFY(stored);
        QCOMPARE(stored->epoch, outcome.result.bestEpoch);
        // Storing rounds to a hundred-thousandth; what was read is stored as it is.
        const nlohmann::json once = toJson(*outcome.result.picture);
        QVERIFY(toJson(*stored) == once);
        QVERIFY(toJson(validationPictureFromJson(once)) == once);
        QVERIFY(!workspace.run(outcome.run.id).metrics.contains("picture")); // lists of runs stay small

        // Of no run, and of one from before there were pictures.
        QVERIFY(!storedPicture(workspace, 77));
    }

    /// A run that fails keeps what was seen so far; one that is deleted leaves nothing behind.
    void goesWithTheRun()
    {
        QTemporaryDir dir;
        Workspace workspace(folder(dir) / "workspace");
        TrainRequest broken = request("price");
        broken.train.optimizer = "SGD";
        broken.train.schedule = "constant";
        broken.train.epochs = 500;
        TrainObserver observer;
        Task task;
        std::int64_t run = 0;
        observer.onEpoch = [&task](const EpochRecord& record) {
            if (record.epoch == 3)
                task.cancel();
        };
        QVERIFY_THROWS_EXCEPTION(Cancelled, trainModel(workspace, table(dir), broken, observer, [&run](const StartedRun& started) { run = started.id; }, task));
        QVERIFY(storedPicture(workspace, run));
        workspace.deleteRun(run);
        QVERIFY(!storedPicture(workspace, run));
    }

    void damagedIsSaid()
    {
        QTemporaryDir dir;
        Workspace workspace(folder(dir) / "workspace");
        workspace.setValue(pictureKey(1), {{"epoch", "three"}});
        QCOMPARE(test::errorNameOf([&] { storedPicture(workspace, 1); }), std::string("WorkspaceCorrupt"));
    }
};

QTEST_GUILESS_MAIN(TstStoredPicture)
#include "tst_stored_picture.moc"
