// Counterfactuals and what-if in the page, by mouse and keys.
#include "tests/ui/PageBench.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/ExplainPage.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QTimer>
#include <QToolButton>

using namespace limpid;

using Bench = test::PageBench<ExplainPage>;

namespace {

/// A model of the table's `target`, and the method chosen.
void prepare(Bench& bench, const QString& file, const char* target, int epochs)
{
    QVERIFY(test::trainModel(bench, file, target, epochs));
    auto* method = bench.find<QComboBox>("explain.method");
    QTRY_VERIFY(method->isVisible());
    method->setCurrentIndex(method->findData("counterfactual"));
    emit method->activated(method->currentIndex());
    QTRY_VERIFY_WITH_TIMEOUT(bench.find<QLabel>("explain.cost")->text().contains("estimated"), 20000);
}

void explain(Bench& bench)
{
    auto* start = bench.find<QPushButton>("explain.start");
    QTRY_VERIFY(start->isEnabled());
    QTest::mouseClick(start, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
    QVERIFY(bench.find<PlotView>("counterfactualPlot")->isVisible());
}

QString now(Bench& bench, int line)
{
    const QAbstractItemModel* outputs = bench.find<QTableView>("whatIf.outputs")->model();
    return outputs->index(line, 2).data().toString();
}

} // namespace

class TestCounterfactualView : public QObject
{
    Q_OBJECT
private slots:
    void classesAndWhatIf()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        prepare(bench, test::easyTable(dir), "kind", 30);
        // Row 5 has size 5: small. The first column decides.
        auto* row = bench.find<QSpinBox>("explain.row");
        QVERIFY(row->isVisible() && !bench.find<QLineEdit>("explain.number")->isVisible() && !bench.find<QComboBox>("explain.target")->isVisible());
        row->setFocus();
        row->selectAll();
        QTest::keyClicks(row, "5");
        QTest::keyClick(row, Qt::Key_Return);
        QCOMPARE(row->value(), 5);
        auto* wanted = bench.find<QComboBox>("explain.wanted");
        QCOMPARE(wanted->count(), 3); // any other, and the two
        wanted->setFocus();
        while (wanted->currentText() != "large")
            QTest::keyClick(wanted, Qt::Key_Down);
        explain(bench);
        auto* table = bench.find<QTableView>("alternatives");
        QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        QVERIFY(table->isVisible() && table->model()->rowCount() >= 1);
        QVERIFY(table->model()->index(0, 1).data().toString().startsWith("large"));
        QVERIFY(table->model()->index(0, 2).data().toString().contains("size"));
        QVERIFY(bench.find<QLabel>("counterfactualSentence")->text().contains("size"));
        QVERIFY(bench.find<QLabel>("counterfactualFacts")->text().contains("training rows"));

        // What if: the row as it is, then one step of a slider by key, then an alternative, then back.
        auto* status = bench.find<QLabel>("whatIf.status");
        QVERIFY2(status->text().contains("small"), qPrintable(status->text()));
        auto* size = bench.find<QLineEdit>("whatIf.size");
        auto* slider = bench.find<QSlider>("whatIf.slider.size");
        QCOMPARE(size->text(), QString("5"));
        const QString before = now(bench, 0);
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Right);
        QCOMPARE(size->text(), QString("6"));
        QTest::keyClick(slider, Qt::Key_End);
        QCOMPARE(size->text(), QString("39"));
        QTRY_VERIFY(now(bench, 0) != before);
        QTRY_VERIFY2(status->text().contains("large"), qPrintable(status->text()));
        size->setFocus();
        size->selectAll();
        QTest::keyClicks(size, "3");
        QTRY_VERIFY(!status->text().contains("large"));
        QCOMPARE(slider->value(), 3);
        QTest::keyClicks(size, "x");
        QVERIFY2(status->text().contains("not a number"), qPrintable(status->text()));
        QCOMPARE(now(bench, 0), QString("–"));
        QTest::mouseClick(bench.find<QPushButton>("whatIf.reset"), Qt::LeftButton);
        QCOMPARE(size->text(), QString("5"));
        QTRY_COMPARE(now(bench, 0), before);
        table->setFocus();
        table->setCurrentIndex(table->model()->index(0, 0));
        QTest::mouseClick(bench.find<QPushButton>("whatIf.use"), Qt::LeftButton);
        QVERIFY(size->text() != "5");
        QTRY_VERIFY(status->text().contains("large"));
        // The same prediction as the alternative was found with.
        QVERIFY2(status->text().endsWith(table->model()->index(0, 1).data().toString()), qPrintable(status->text()));
    }

    void newestWins()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        prepare(bench, test::easyTable(dir), "kind", 30);
        explain(bench);
        auto* slider = bench.find<QSlider>("whatIf.slider.size");
        auto* status = bench.find<QLabel>("whatIf.status");
        // A drag of a hundred steps that ends where it began but for one: only the last is told in the end.
        for (int i = 0; i < 100; ++i)
            slider->setValue(i % 40);
        slider->setValue(39);
        QTRY_VERIFY(status->text().contains("large"));
        QTest::qWait(100);
        QVERIFY(status->text().contains("large"));
        // Another question while one is asked, and the page gone while another is.
        slider->setValue(1);
        explain(bench);
        QVERIFY(bench.find<QLabel>("whatIf.status")->text().contains("Change a value"));
        bench.find<QSlider>("whatIf.slider.size")->setValue(2);
    }

    void locksColumns()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        prepare(bench, test::easyTable(dir), "kind", 30);
        auto* lock = bench.find<QToolButton>("explain.locked");
        QVERIFY(lock->isVisible() && lock->isEnabled());
        QCOMPARE(lock->text(), QString("None"));
        auto* list = bench.page.findChild<QListWidget*>("lockedColumns");
        QCOMPARE(list->count(), 2);
        // By keyboard: the list opens on Space, Space checks, Escape closes.
        QTimer::singleShot(0, list, [list] {
            list->setFocus();
            list->setCurrentRow(0);
            QTest::keyClick(list, Qt::Key_Space);
            QTest::keyClick(list, Qt::Key_Down);
            QTest::keyClick(list, Qt::Key_Space);
            QTest::keyClick(list->window(), Qt::Key_Escape);
        });
        lock->setFocus();
        QTest::keyClick(lock, Qt::Key_Space);
        QTRY_COMPARE(lock->text(), QString("2 columns"));
        explain(bench);
        QVERIFY(!bench.find<QTableView>("alternatives")->isVisible());
        QVERIFY(bench.find<QLabel>("counterfactualSentence")->text().contains("No column may change"));
        QVERIFY(bench.find<QLineEdit>("whatIf.size")->isVisible()); // by hand it can be tried all the same
    }

    void numbers()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QByteArray text = "length,colour,price\n";
        for (int i = 0; i < 150; ++i)
            text += QByteArray::number(i % 50) + (i % 3 == 0 ? ",red," : ",blue,") + QByteArray::number(10.5 + 2.0 * (i % 50) + (i % 3 == 0 ? 20 : 0)) + '\n';
        prepare(bench, QString::fromStdString(test::write(dir, "prices.csv", text).string()), "price", 40);
        auto* wanted = bench.find<QComboBox>("explain.wanted");
        QCOMPARE(wanted->count(), 2);
        auto* number = bench.find<QLineEdit>("explain.number");
        QVERIFY(number->isVisible() && !number->text().isEmpty());
        number->setFocus();
        number->selectAll();
        QTest::keyClicks(number, "90");
        explain(bench); // row 0: length 0, red
        auto* table = bench.find<QTableView>("alternatives");
        QVERIFY(table->model()->rowCount() >= 1);
        QVERIFY(QLocale().toDouble(table->model()->index(0, 1).data().toString()) >= 89.9);
        auto* colour = bench.find<QComboBox>("whatIf.colour");
        QCOMPARE(colour->currentText(), QString("red"));
        const QString before = now(bench, 0);
        colour->setFocus();
        QTest::keyClick(colour, colour->currentIndex() == 0 ? Qt::Key_Down : Qt::Key_Up);
        QTRY_VERIFY(now(bench, 0) != before);
        QVERIFY(QLocale().toDouble(now(bench, 0)) < QLocale().toDouble(before)); // blue is cheaper
    }
};

QTEST_MAIN(TestCounterfactualView)
#include "tst_counterfactual_view.moc"
