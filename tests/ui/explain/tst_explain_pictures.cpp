// Explanations of a network of pictures, with their superpixels as players, in the window.
#include "tests/support/Patches.h"
#include "tests/ui/PageBench.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/ExplainPage.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>

#include <map>
#include <set>

using namespace limpid;

using Bench = test::PageBench<ExplainPage>;

class TestExplainPictures : public QObject
{
    Q_OBJECT
private slots:
    void superpixels()
    {
        QTemporaryDir dir;
        {
            Bench bench(dir.filePath("workspace"));
            QTRY_VERIFY(bench.session.isReady());
            bench.session.openFile(QString::fromStdString(test::write(dir, "patches.csv", test::patches(160)).string()));
            QTRY_VERIFY(bench.session.data());
            TrainRequest request = bench.session.request();
            request.pipeline.target = "where";
            request.preset = "lenet";
            request.train.epochs = 6;
            bench.session.setRequest(request, "test");
            QTRY_VERIFY(bench.session.plan() && bench.session.plan()->pipeline.spec().target == "where");
            bench.session.startTraining();
            QTRY_VERIFY_WITH_TIMEOUT(!bench.session.models().empty(), 60000);

            auto* players = bench.find<QComboBox>("explain.players");
            QTRY_VERIFY_WITH_TIMEOUT(players->isVisible(), 20000); // once the model is loaded
            QCOMPARE(players->count(), 2);
            QCOMPARE(players->itemText(0), QString("Pixels"));
            QCOMPARE(players->itemText(1), QString("Superpixels"));
            auto* method = bench.find<QComboBox>("explain.method");
            auto* segments = bench.find<QSpinBox>("explain.segments");
            QVERIFY(method->findData("deeplift") >= 0);
            QVERIFY(!segments->isVisible());
            players->setCurrentIndex(players->findData("superpixels"));
            emit players->activated(players->currentIndex());
            QCOMPARE(method->count(), 7);
            QVERIFY(method->findData("deeplift") < 0 && method->findData("lime") >= 0);
            QVERIFY(segments->isVisible());
            segments->setValue(10); // exact tries 1,024 combinations
            bench.find<QSpinBox>("explain.background")->setValue(20);
            bench.find<QSpinBox>("explain.rows")->setValue(6);
            QTRY_VERIFY_WITH_TIMEOUT(bench.find<QLabel>("explain.cost")->text().contains("estimated"), 20000);
            auto* start = bench.find<QPushButton>("explain.start");
            auto* plot = bench.find<PlotView>("waterfall");
            auto* facts = bench.find<QLabel>("explainFacts");
            for (const char* name : {"leverage", "permutation", "kernel", "exact", "partition", "occlusion", "lime"}) {
                method->setCurrentIndex(method->findData(name));
                emit method->activated(method->currentIndex());
                const bool lime = QLatin1String(name) == QLatin1String("lime");
                QCOMPARE(bench.find<QSpinBox>("explain.background")->isVisible(), !lime); // no other row's pixels stand in for it
                start->click();
                QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 60000);
                QCOMPARE(bench.find<QTableView>("explainRows")->model()->rowCount(), 6);
                QVERIFY2(facts->text().contains("superpixels"), qPrintable(facts->text()));
                QCOMPARE(facts->text().contains("mean colour"), lime);
                QVERIFY2(bench.find<QLabel>("rowSentence")->text().contains("Superpixels raise"), qPrintable(bench.find<QLabel>("rowSentence")->text()));
                // A superpixel is of one colour: its pixels have one value in the picture's table.
                const std::vector<QStringList> table = plot->plot()->table();
                QCOMPARE(table.size(), std::size_t(1 + test::patchesSide * test::patchesSide));
                std::map<QString, std::set<QString>> values;
                for (std::size_t i = 1; i < table.size(); ++i)
                    values[table[i][3]].insert(table[i][4]);
                QVERIFY(values.size() > 4 && values.size() <= 10);
                for (const auto& [superpixel, own] : values)
                    QCOMPARE(own.size(), std::size_t(1));
            }
            // Not its mean colour, but what it is compared with.
            auto* hide = bench.find<QComboBox>("explain.hide");
            QVERIFY(hide->isVisible());
            hide->setCurrentIndex(hide->findData("background"));
            emit hide->activated(hide->currentIndex());
            QVERIFY(bench.find<QSpinBox>("explain.background")->isVisible());
            start->click();
            QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 60000);
            QVERIFY2(!facts->text().contains("mean colour") && facts->text().contains("training rows"), qPrintable(facts->text()));
            // The widest that the form gets, on a narrow window.
            auto* compare = bench.find<QComboBox>("explain.compare");
            compare->setCurrentIndex(compare->findText("a cohort"));
            emit compare->activated(compare->currentIndex());
            for (const char* name : {"lime", "leverage"}) {
                method->setCurrentIndex(method->findData(name));
                emit method->activated(method->currentIndex());
                bench.page.resize(952, 600);
                QTest::qWait(50);
                QVERIFY2(bench.page.minimumSizeHint().width() <= 952, qPrintable(QString("%1: %2").arg(name).arg(bench.page.minimumSizeHint().width())));
            }
            compare->setCurrentIndex(compare->findText("a sample"));
            emit compare->activated(compare->currentIndex());
            // Pixels are there again, with their methods.
            players->setCurrentIndex(players->findData("columns"));
            emit players->activated(players->currentIndex());
            QVERIFY(method->findData("deeplift") >= 0 && !segments->isVisible());
            players->setCurrentIndex(players->findData("superpixels"));
            emit players->activated(players->currentIndex());
        }
        // What was chosen is chosen again when the workspace is opened the next time.
        Bench bench(dir.filePath("workspace"));
        QTRY_VERIFY(bench.session.isReady());
        bench.session.openFile(dir.filePath("patches.csv"));
        auto* segments = bench.find<QSpinBox>("explain.segments");
        QTRY_VERIFY_WITH_TIMEOUT(segments->isVisible(), 20000);
        QCOMPARE(segments->value(), 10);
        QCOMPARE(bench.find<QComboBox>("explain.players")->currentText(), QString("Superpixels"));
    }
};

QTEST_MAIN(TestExplainPictures)
#include "tst_explain_pictures.moc"
