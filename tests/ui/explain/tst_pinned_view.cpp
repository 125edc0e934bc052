// Rows and model versions side by side in the Explain page, by mouse and keys.
#include "tests/ui/PageBench.h"
#include "tests/ui/charts/ExplanationExample.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/ExplainPage.h"
#include "ui/explain/PinnedView.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>

using namespace limpid;

using Bench = test::PageBench<ExplainPage>;

namespace {

void explain(Bench& bench)
{
    auto* start = bench.find<QPushButton>("explain.start");
    QTRY_VERIFY(start->isEnabled());
    QTest::mouseClick(start, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
}

void choose(QComboBox* box, const QString& data)
{
    box->setCurrentIndex(box->findData(data));
    emit box->activated(box->currentIndex());
}

/// The number of the row that the table of rows has chosen.
QString chosenRow(Bench& bench)
{
    auto* rows = bench.find<QTableView>("explainRows");
    return rows->model()->index(rows->currentIndex().row(), 0).data().toString();
}

std::shared_ptr<Explanation> example() { return test::explanationExample(8); }

} // namespace

class TestPinnedView : public QObject
{
    Q_OBJECT

private slots:
    void rowsThenVersions()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, test::easyTable(dir), "kind", 3));
        bench.find<QSpinBox>("explain.rows")->setValue(40);
        explain(bench);
        auto* pin = bench.find<QPushButton>("explain.pin");
        auto* view = bench.find<PinnedView>("pinnedView");
        auto* plot = bench.find<PlotView>("pinnedPlot");
        auto* overview = bench.find<PlotView>("explainPlot");
        auto* hint = bench.find<QLabel>("pinnedHint");
        auto* sentence = bench.find<QLabel>("pinnedSentence");
        auto* unpin = bench.find<QPushButton>("explain.unpin");
        QVERIFY(!view->isVisible() && !unpin->isVisible() && overview->isVisible());
        const QString pinnedRow = chosenRow(bench);
        QTest::mouseClick(pin, Qt::LeftButton);
        QVERIFY(view->isVisible() && !overview->isVisible() && !bench.find<QComboBox>("explain.kind")->isVisible());
        QVERIFY2(hint->isVisible() && hint->text().contains("Row " + pinnedRow + " is pinned"), qPrintable(hint->text()));
        QVERIFY(!plot->isVisible());

        // Another row by key.
        auto* rows = bench.find<QTableView>("explainRows");
        rows->setFocus();
        QTest::keyClick(rows, Qt::Key_End, Qt::ControlModifier);
        const QString otherRow = chosenRow(bench);
        QVERIFY(otherRow != pinnedRow);
        QVERIFY(plot->isVisible() && plot->plot() && !hint->isVisible());
        QVERIFY2(sentence->text().contains("(row " + pinnedRow + ") and ") && sentence->text().contains("(row " + otherRow + ")"), qPrintable(sentence->text()));
        // The table has both rows' effects, and their differences are those of the figures.
        for (const QStringList& line : plot->plot()->table())
            QCOMPARE(line.size(), qsizetype(9));
        QVERIFY(!bench.find<QLabel>("chosenFacts")->isVisible()); // one explanation, one line of facts
        QVERIFY(bench.find<QLabel>("pinnedFacts")->text().contains("evaluations a row"));
        // Of one explanation there is one set of columns' sizes.
        auto* beside = bench.find<QComboBox>("explain.beside");
        choose(beside, QString::number(static_cast<int>(PinnedView::What::Means)));
        QVERIFY(hint->isVisible() && !plot->isVisible());
        choose(beside, QString::number(static_cast<int>(PinnedView::What::Rows)));
        QVERIFY(plot->isVisible());

        // Unpin and pin by key.
        QTest::keyClick(rows, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!view->isVisible() && overview->isVisible());
        QTRY_VERIFY(overview->plot()); // laid out by a worker
        QTest::keyClick(rows, Qt::Key_P, Qt::ControlModifier);
        QVERIFY(view->isVisible() && hint->text().contains("Row " + otherRow + " is pinned"));

        // Another version explains the same row.
        bench.session.startTraining();
        auto* versions = bench.find<QComboBox>("explain.version");
        QTRY_COMPARE_WITH_TIMEOUT(versions->count(), 2, 30000);
        QTRY_VERIFY(bench.session.liveRuns().empty());
        versions->setCurrentIndex(0);
        explain(bench);
        QVERIFY(view->isVisible() && plot->isVisible());
        QCOMPARE(chosenRow(bench), otherRow);
        const QString model = versions->currentData().toString().section('@', 0, 0);
        QVERIFY2(sentence->text().contains("(" + model + "@1) and ") && sentence->text().contains("(" + model + "@2)"), qPrintable(sentence->text()));
        QVERIFY(bench.find<QLabel>("chosenFacts")->isVisible() && bench.find<QLabel>("chosenFacts")->text().contains(model + "@2"));
        choose(beside, QString::number(static_cast<int>(PinnedView::What::Means)));
        QVERIFY2(sentence->text().startsWith("Means over the 40 rows that both explain."), qPrintable(sentence->text()));

        // What has no scale in common is told, and one unit again is drawn again.
        auto* space = bench.find<QComboBox>("explain.space");
        choose(space, "probability");
        explain(bench);
        QVERIFY2(hint->isVisible() && hint->text().contains("log-odds") && hint->text().contains("probability"), qPrintable(hint->text()));
        QVERIFY(!plot->isVisible() && !sentence->isVisible());
        choose(space, "raw");
        auto* method = bench.find<QComboBox>("explain.method");
        choose(method, "saliency");
        explain(bench);
        QVERIFY2(hint->isVisible() && hint->text().contains("do not measure the same thing"), qPrintable(hint->text()));
        choose(method, "permutation");
        explain(bench);
        QVERIFY(plot->isVisible());
        QVERIFY2(sentence->text().contains("over the 40 rows"), qPrintable(sentence->text()));
        // Narrow windows have it too.
        bench.page.resize(952, 600);
        QVERIFY(bench.page.minimumSizeHint().width() <= 952);
        QVERIFY(view->isVisible() && plot->width() > 400);
        QTest::mouseClick(unpin, Qt::LeftButton);
        QVERIFY(overview->isVisible() && !view->isVisible());
    }

    void contextMenuPins()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, test::easyTable(dir), "kind", 1));
        bench.find<QSpinBox>("explain.rows")->setValue(10);
        explain(bench);
        auto* waterfall = bench.find<PlotView>("waterfall");
        QContextMenuEvent asked(QContextMenuEvent::Mouse, QPoint(5, 5), waterfall->mapToGlobal(QPoint(5, 5)));
        QApplication::sendEvent(waterfall, &asked);
        auto* menu = waterfall->findChild<QMenu*>("plotMenu");
        QVERIFY(menu);
        QAction* found = nullptr;
        for (QAction* action : menu->actions())
            if (action->text() == "Pin this row")
                found = action;
        QVERIFY(found);
        found->trigger();
        menu->close();
        QVERIFY(bench.find<PinnedView>("pinnedView")->isVisible());
        const QList<QAction*> ofTable = bench.find<QTableView>("explainRows")->actions();
        QCOMPARE(bench.find<QTableView>("explainRows")->contextMenuPolicy(), Qt::ActionsContextMenu);
        QVERIFY(std::any_of(ofTable.begin(), ofTable.end(), [](const QAction* action) { return action->text() == "Unpin" && action->isEnabled(); }));
    }

    void growsWithItsAnswer()
    {
        // Pinned while rows still come: what is pinned grows with them, as its rows are the same.
        const Theme theme(nullptr);
        PinnedView view(theme);
        view.show();
        auto part = test::explanationExample(4), whole = example();
        view.pin({part, 1, "a@1", "facts", 7});
        view.setChosen({whole, 5, "a@1", "facts", 7}, 1);
        QCOMPARE(view.pinned()->explanation->rowCount(), std::size_t(8));
        QCOMPARE(view.pinned()->row, std::size_t(1));
        view.setChosen({part, 2, "a@1", "facts", 8}, 1); // another question
        QCOMPARE(view.pinned()->explanation->rowCount(), std::size_t(8));
    }

    void names_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("asked");
        QTest::addColumn<QString>("names");
        QTest::newRow("another row") << "a@1" << "leverage" << 5 << 1 << "(row 101) and";
        QTest::newRow("another version") << "a@2" << "leverage" << 1 << 2 << "(a@1) and";
        QTest::newRow("another method") << "a@1" << "exact" << 1 << 2 << "(Leverage SHAP) and";
        QTest::newRow("another background") << "a@1" << "leverage" << 1 << 2 << "(pinned) and";
        QTest::newRow("another version and row") << "a@2" << "leverage" << 3 << 2 << "(a@1 · row 101) and";
    }

    void names()
    {
        QFETCH(QString, model);
        QFETCH(QString, method);
        QFETCH(int, row);
        QFETCH(int, asked);
        QFETCH(QString, names);
        const Theme theme(nullptr);
        PinnedView view(theme);
        view.show();
        auto other = example();
        other->method = method.toStdString();
        view.pin({example(), 1, "a@1", "<facts> of the first", 1});
        view.setChosen({other, static_cast<std::size_t>(row), model, "facts of the second", static_cast<std::uint64_t>(asked)}, 1);
        auto* sentence = view.findChild<QLabel*>("pinnedSentence");
        QVERIFY2(sentence->text().contains(names), qPrintable(sentence->text()));
        QVERIFY(view.findChild<QLabel*>("pinnedFacts")->text().contains("&lt;facts&gt; of the first"));
        QCOMPARE(view.findChild<QLabel*>("chosenFacts")->isVisible(), asked == 2);
    }

    void columnsOfOneAreNamed()
    {
        const Theme theme(nullptr);
        PinnedView view(theme);
        view.show();
        auto other = example();
        other->features[2] = "weight";
        view.pin({example(), 1, "a@1", "", 1});
        view.setChosen({other, 1, "a@2", "", 2}, 1);
        auto* sentence = view.findChild<QLabel*>("pinnedSentence");
        QVERIFY2(sentence->text().endsWith("Only a@1 has “kind”. Only a@2 has “weight”."), qPrintable(sentence->text()));
        other = example();
        other->features = {"u", "v", "w", "x"};
        view.setChosen({other, 1, "a@2", "", 2}, 1);
        QVERIFY(view.findChild<QLabel*>("pinnedHint")->text().contains("no column in common"));
        other = example();
        other->outputs[1] = "perhaps";
        view.setChosen({other, 1, "a@2", "", 3}, 1);
        QVERIFY2(view.findChild<QLabel*>("pinnedHint")->text().contains("“other”, “yes”, not “perhaps”"), qPrintable(view.findChild<QLabel*>("pinnedHint")->text()));
        QVERIFY(!view.findChild<PlotView*>("pinnedPlot")->isVisible());
    }
};

QTEST_MAIN(TestPinnedView)
#include "tst_pinned_view.moc"
