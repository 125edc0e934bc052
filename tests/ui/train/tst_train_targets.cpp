#include "tests/ui/PageBench.h"
#include "ui/train/TrainPage.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

using namespace limpid;

using Bench = test::PageBench<TrainPage>;

namespace {

QString tableOf(const QTemporaryDir& dir)
{
    QByteArray text = "x,up,far,size,mass\n";
    for (int i = 0; i < 120; ++i)
        text += QByteArray::number(i % 40) + ',' + (i % 40 > 12 ? "yes" : "no") + ',' + (i % 40 > 25 ? "yes" : "no") + ','
                + QByteArray::number(i % 40 * 2.5) + ',' + QByteArray::number(900 - i % 40 * 10.5) + '\n';
    return QString::fromStdString(test::write(dir, "kinds.csv", text).string());
}

bool shows(const Bench& bench, const QString& text)
{
    const QList<QLabel*> labels = bench.page.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) { return label->isVisible() && label->text() == text; });
}

} // namespace

/// Runs of several targets: their figures while they train, and again when the window opens anew.
class TestTrainTargets : public QObject
{
    Q_OBJECT
private slots:
    void figures_data()
    {
        QTest::addColumn<QStringList>("targets");
        QTest::addColumn<QStringList>("ignored");
        QTest::addColumn<QStringList>("figures");
        QTest::newRow("labels") << QStringList{"up", "far"} << QStringList{"size", "mass"}
                                << QStringList{"Macro ROC AUC", "Macro F1", "Subset accuracy", "Hamming loss", "Log loss"};
        QTest::newRow("numbers") << QStringList{"size", "mass"} << QStringList{"up", "far"} << QStringList{"R²", "RMSE", "MAE"};
    }
    void figures()
    {
        QFETCH(QStringList, targets);
        QFETCH(QStringList, ignored);
        QFETCH(QStringList, figures);
        const QTemporaryDir dir;
        for (const bool again : {false, true}) {
            Bench bench(dir.filePath("workspace"));
            QTRY_VERIFY(bench.session.isReady());
            if (!again) {
                bench.session.openFile(tableOf(dir));
                QTRY_VERIFY(bench.session.plan());
                for (const QString& column : ignored)
                    bench.session.setIgnored(column, true);
                bench.session.setTargets(targets);
                TrainRequest request = bench.session.request();
                request.train.epochs = 4;
                bench.session.setRequest(request, "epochs");
                auto* start = bench.find<QPushButton>("trainStart");
                QTRY_VERIFY(bench.session.plan() && bench.session.plan()->pipeline.targets().size() == 2 && start->isEnabled());
                QSignalSpy ended(&bench.session, &Session::trainingEnded);
                start->click();
                QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30000);
                QVERIFY2(bench.session.liveRun()->failure.isEmpty(), qPrintable(bench.session.liveRun()->failure));
            }
            for (const QString& figure : figures)
                QTRY_VERIFY2(shows(bench, figure), qPrintable(figure));
            QVERIFY(!shows(bench, "CONFUSION")); // there is none of several targets
        }
    }
};

QTEST_MAIN(TestTrainTargets)
#include "tst_train_targets.moc"
