#include "tests/ui/PageBench.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/ExplainPage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace limpid;

using Bench = test::PageBench<ExplainPage>;

// How far an explanation can be trusted, as the Explain page asks it.
class TestQualityDialog : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QTest::failOnWarning(QRegularExpression("^(?!This plugin does not support propagateSizeHints)")); }

    void measures()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, test::easyTable(dir), "kind", 3));
        auto* explain = bench.find<QPushButton>("explain.start");
        QTRY_VERIFY(explain->isVisible() && explain->isEnabled());
        bench.find<QSpinBox>("explain.rows")->setValue(30);
        explain->click();
        auto* quality = bench.find<QPushButton>("explain.quality");
        QVERIFY(!quality->isEnabled()); // not before the explanation is whole
        QTRY_COMPARE_WITH_TIMEOUT(explain->text(), QString("Explain"), 30000);
        QVERIFY(quality->isVisible() && quality->isEnabled());

        quality->click();
        QPointer<QDialog> dialog = bench.find<QDialog>("qualityDialog");
        QVERIFY(dialog && dialog->isVisible());
        auto* start = dialog->findChild<QPushButton*>("quality.start");
        auto* status = dialog->findChild<QLabel*>("quality.status");
        auto* plot = dialog->findChild<PlotView*>("quality.plot");
        const auto figures = [&] { return dialog->findChildren<QLabel*>("quality.figure").size(); };
        QVERIFY(start->isEnabled() && !plot->isVisible());
        QCOMPARE(figures(), qsizetype(0));
        QTRY_VERIFY2_WITH_TIMEOUT(status->text().contains(QRegularExpression("(under )?[0-9.,]+ s, estimated")), qPrintable(status->text()), 20000);

        // Only what is ticked, and nothing cannot be measured.
        for (QCheckBox* box : dialog->findChildren<QCheckBox*>())
            box->setChecked(false);
        QVERIFY(!start->isEnabled());
        QTRY_COMPARE(status->text(), QString("Choose what to measure."));
        dialog->findChild<QCheckBox*>("quality.infidelity")->setChecked(true);
        start->click();
        QCOMPARE(start->text(), QString("Stop"));
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Measure"), 30000);
        QVERIFY2(status->text().startsWith("Measured on 20 rows"), qPrintable(status->text()));
        QCOMPARE(figures(), qsizetype(2));
        QVERIFY(!plot->isVisible());

        for (QCheckBox* box : dialog->findChildren<QCheckBox*>())
            box->setChecked(true);
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Measure"), 60000);
        QVERIFY(plot->isVisible() && plot->plot());
        QVERIFY(figures() > 10);

        // Closing while it measures, and stopping, leave nothing behind.
        start->click();
        QVERIFY(start->text() == "Stop");
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Measure"), 30000);
        start->click();
        dialog->close();
        QTRY_VERIFY(!dialog);
        QVERIFY(quality->isEnabled());
    }

    void measuresWords()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QTRY_VERIFY(bench.session.isReady());
        // Each text is of its own; "splendid" or "dreadful" tells the kind.
        QByteArray text = "review,kind\n";
        for (int i = 0; i < 120; ++i)
            text += "the film number" + QByteArray::number(i) + " was in short " + (i % 2 ? "splendid,pos\n" : "dreadful,neg\n");
        bench.session.openFile(QString::fromStdString(test::write(dir, "reviews.csv", text).string()));
        QTRY_VERIFY(bench.session.data());
        TrainRequest request = bench.session.request();
        request.pipeline.target = "kind";
        request.preset = "text-bag";
        request.train.epochs = 6;
        bench.session.setRequest(request, "test");
        QTRY_VERIFY(bench.session.plan() && bench.session.plan()->pipeline.spec().target == "kind" && bench.session.plan()->pipeline.vocabularySize() > 0);
        bench.session.startTraining();
        QTRY_VERIFY_WITH_TIMEOUT(!bench.session.models().empty(), 30000);
        auto* players = bench.find<QComboBox>("explain.players");
        QTRY_VERIFY_WITH_TIMEOUT(players->isVisible(), 20000); // once the model is loaded
        players->setCurrentIndex(players->findData("words"));
        emit players->activated(players->currentIndex());
        bench.find<QSpinBox>("explain.rows")->setValue(10);
        auto* explain = bench.find<QPushButton>("explain.start");
        explain->click();
        QTRY_COMPARE_WITH_TIMEOUT(explain->text(), QString("Explain"), 30000);
        auto* quality = bench.find<QPushButton>("explain.textQuality");
        QVERIFY(quality->isVisible() && quality->isEnabled());
        quality->click();
        auto* dialog = bench.find<QDialog>("qualityDialog");
        QCOMPARE(dialog->findChildren<QCheckBox*>().size(), qsizetype(3)); // not those that ask for columns
        auto* status = dialog->findChild<QLabel*>("quality.status");
        QTRY_VERIFY2_WITH_TIMEOUT(status->text().contains("estimated."), qPrintable(status->text()), 20000);
        auto* start = dialog->findChild<QPushButton*>("quality.start");
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Measure"), 30000);
        QVERIFY2(status->text().startsWith("Measured on 10 rows"), qPrintable(status->text()));
        QVERIFY(dialog->findChild<PlotView*>("quality.plot")->isVisible());
        QCOMPARE(dialog->findChildren<QLabel*>("quality.figure").size(), qsizetype(8)); // three of each curve, two of infidelity
        dialog->close();

        // Words are kept as well, and come back as they were.
        const QString facts = bench.find<QLabel>("textFacts")->text();
        QTRY_COMPARE(bench.session.workspace()->explanations().size(), std::size_t(1));
        players->setCurrentIndex(players->findData("columns"));
        emit players->activated(players->currentIndex());
        explain->click();
        QTRY_VERIFY_WITH_TIMEOUT(explain->text() == "Explain" && bench.session.workspace()->explanations().size() == 2, 30000);
        QVERIFY(!quality->isVisible());
        bench.find<QPushButton>("explain.kept")->click();
        auto* kept = bench.find<QDialog>("keptDialog");
        auto* table = kept->findChild<QTableView*>("kept.table");
        QTRY_COMPARE(table->model()->rowCount(), 2);
        table->setCurrentIndex(table->model()->index(1, 0)); // the older
        kept->findChild<QPushButton*>("kept.show")->click();
        QTRY_VERIFY(bench.find<QWidget>("keptNote")->isVisible());
        auto* note = bench.find<QLabel>("explain.keptText");
        QVERIFY2(note->text().contains("words of “review”"), qPrintable(note->text()));
        QCOMPARE(bench.find<QLabel>("textFacts")->text(), facts);
        QVERIFY(quality->isVisible() && quality->isEnabled());
        bench.find<QPushButton>("explain.again")->click();
        QTRY_VERIFY_WITH_TIMEOUT(note->text().endsWith("the same to the last byte."), 30000);
    }
};

QTEST_MAIN(TestQualityDialog)
#include "tst_quality_dialog.moc"
