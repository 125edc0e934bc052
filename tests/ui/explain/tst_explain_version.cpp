// Which model version the Explain page offers first: the newest that suits the open file.
#include "tests/ui/PageBench.h"
#include "ui/explain/ExplainPage.h"
#include "ui/explain/ExplainWork.h"

#include <QComboBox>
#include <QPushButton>

using namespace limpid;

using Bench = test::PageBench<ExplainPage>;

namespace {

QString otherTable(const QTemporaryDir& dir)
{
    QByteArray text = "length,depth,sort\n";
    for (int i = 0; i < 80; ++i)
        text += QByteArray::number(i % 20) + ',' + QByteArray::number((i * 3) % 7) + ',' + (i % 20 < 10 ? "a" : "b") + '\n';
    return QString::fromStdString(test::write(dir, "others.csv", text).string());
}

/// Trains one more version and waits for it.
bool trainOneMore(Bench& bench)
{
    const auto versions = [&] {
        std::size_t count = 0;
        for (const ModelSummary& model : bench.session.models())
            count += model.versions.size();
        return count;
    };
    const std::size_t before = versions();
    if (!QTest::qWaitFor([&] { return bench.session.plan() != nullptr; }, 5000))
        return false;
    TrainRequest request = bench.session.request();
    request.train.epochs = 1;
    bench.session.setRequest(request, "test");
    bench.session.startTraining();
    return QTest::qWaitFor([&] { return versions() > before; }, 30000);
}

bool openFile(Bench& bench, const QString& file)
{
    bench.session.openFile(file);
    return QTest::qWaitFor([&] { return bench.session.data() && !bench.session.isOpening() && QString::fromStdString(bench.session.data()->path.string()) == file; }, 5000);
}

} // namespace

class TestExplainVersion : public QObject
{
    Q_OBJECT
private slots:
    void theNewestThatSuits()
    {
        QTemporaryDir dir;
        const QString things = test::easyTable(dir), others = otherTable(dir);
        {
            Bench bench(dir.filePath("workspace"));
            QVERIFY(test::trainModel(bench, things, "kind", 1));
            auto* version = bench.find<QComboBox>("explain.version");
            QTRY_COMPARE(version->currentData().toString(), QString("things@1"));
            QVERIFY(trainOneMore(bench));
            QTRY_COMPARE(version->currentData().toString(), QString("things@2"));
            QVERIFY(openFile(bench, others));
            QVERIFY(trainOneMore(bench));
            QTRY_COMPARE(version->currentData().toString(), QString("others@1"));

            // The newest of all does not suit the first file.
            QVERIFY(openFile(bench, things));
            QTRY_COMPARE(version->currentData().toString(), QString("things@2"));
            // A choice by hand stays with the file it suits …
            version->setCurrentIndex(version->findData("things@1"));
            emit version->activated(version->currentIndex());
            bench.session.refreshRegistry();
            QTest::qWait(200);
            QCOMPARE(version->currentData().toString(), QString("things@1"));
            QVERIFY(openFile(bench, others));
            QTRY_COMPARE(version->currentData().toString(), QString("others@1"));
            // … and with none that suits, nothing changes.
            QVERIFY(openFile(bench, QString::fromStdString(test::write(dir, "none.csv", "p,q\n1,2\n3,4\n5,6\n").string())));
            QTest::qWait(200);
            QCOMPARE(version->currentData().toString(), QString("others@1"));
            QVERIFY(openFile(bench, things));
            QTRY_COMPARE(version->currentData().toString(), QString("things@2"));
        }
        Bench again(dir.filePath("workspace"));
        QTRY_VERIFY(again.session.data());
        QTRY_COMPARE(again.find<QComboBox>("explain.version")->currentData().toString(), QString("things@2"));
        QTRY_VERIFY(again.find<QPushButton>("explain.start")->isEnabled());
    }

    void suitsByNamesAndValues_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<bool>("fits");
        QTest::newRow("itself") << QByteArray("size,weight,kind\n1,2,small\n3,4,large\n") << true;
        QTest::newRow("without the target, in another order") << QByteArray("more,weight,size\nx,2,1\ny,4,3\n") << true;
        QTest::newRow("a column less") << QByteArray("size,kind\n1,small\n3,large\n") << false;
        QTest::newRow("words for numbers") << QByteArray("size,weight,kind\nbig,2,small\nhuge,4,large\n") << false;
    }

    void suitsByNamesAndValues()
    {
        QFETCH(QByteArray, file);
        QFETCH(bool, fits);
        QTemporaryDir dir;
        Workspace workspace(std::filesystem::path(dir.filePath("workspace").toStdString()));
        Task task;
        TrainRequest request;
        request.pipeline.target = "kind";
        request.train.epochs = 1;
        const DataSet data = openData(std::filesystem::path(test::easyTable(dir).toStdString()), {}, task);
        const ModelVersion version = limpid::trainModel(workspace, data, request, {}, {}, task).version;
        const DataSet other = openData(test::write(dir, "other.csv", file), {}, task);
        QCOMPARE(suits(workspace, version, other.table()), fits);
    }
};

QTEST_MAIN(TestExplainVersion)
#include "tst_explain_version.moc"
