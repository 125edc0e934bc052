// Cohorts under names: of rows selected and of conditions; compared, explained, compared with; kept by file, also through a restart.
#include "tests/ui/PageBench.h"
#include "ui/charts/PlotView.h"
#include "ui/explain/CohortBook.h"
#include "ui/explain/CohortDialog.h"
#include "ui/explain/CohortsDialog.h"
#include "ui/explain/ExplainPage.h"

#include <QComboBox>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>
#include <QTreeWidget>

#include <fstream>

using namespace limpid;

using Bench = test::PageBench<ExplainPage>;

namespace {

/// Sizes 0 … 39 three times over; a hundred and twenty rows.
struct Cohorts : Bench {
    explicit Cohorts(const QString& folder) : Bench(folder) {}

    CohortBook* book() { return page.findChild<CohortBook*>(); }
    CohortsDialog* list()
    {
        find<QPushButton>("explain.cohorts")->click();
        return page.window()->findChild<CohortsDialog*>("cohortsDialog");
    }
    void explain(int rows)
    {
        auto* start = find<QPushButton>("explain.start");
        QTRY_VERIFY(start->isVisible() && start->isEnabled());
        find<QSpinBox>("explain.rows")->setValue(rows);
        start->click();
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
    }
    void choose(const char* box, const QVariant& data)
    {
        auto* combo = find<QComboBox>(box);
        combo->setCurrentIndex(combo->findData(data));
        emit combo->activated(combo->currentIndex());
    }
    void makeOfConditions(const QString& name, const QString& conditions)
    {
        QPointer<CohortsDialog> dialog = list();
        dialog->findChild<QLineEdit*>("cohorts.name")->setText(name);
        dialog->findChild<QLineEdit*>("cohorts.where")->setText(conditions);
        dialog->findChild<QPushButton*>("cohorts.add")->click();
        QTRY_VERIFY(book()->usable(name));
        dialog->close();
        QTRY_VERIFY(!dialog);
    }
    /// Selects these lines of the list of rows and keeps them.
    void makeOfLines(const QString& name, int first, int last)
    {
        auto* rows = find<QTableView>("explainRows");
        rows->selectionModel()->select(QItemSelection(rows->model()->index(first, 0), rows->model()->index(last, 0)), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        QTRY_VERIFY(find<QPushButton>("explain.makeCohort")->isEnabled());
        find<QPushButton>("explain.makeCohort")->click();
        QPointer<CohortDialog> dialog = page.window()->findChild<CohortDialog*>("cohortDialog");
        QVERIFY(dialog && !dialog->findChild<QPushButton*>("cohort.make")->isEnabled());
        dialog->findChild<QLineEdit*>("cohort.name")->setText(name);
        dialog->findChild<QPushButton*>("cohort.make")->click();
        QTRY_VERIFY(book()->usable(name) && !dialog);
    }
    QStringList header() { return find<PlotView>("explainPlot")->plot()->table().front(); }
    void check(const QString& name, bool checked)
    {
        auto* list = page.findChild<QListWidget*>("comparedCohorts");
        const QList<QListWidgetItem*> items = list->findItems(name, Qt::MatchExactly);
        QCOMPARE(items.size(), 1);
        items.front()->setCheckState(checked ? Qt::Checked : Qt::Unchecked);
    }
};

} // namespace

class TestExplainCohorts : public QObject
{
    Q_OBJECT
private slots:
    void areMadeAndCompared()
    {
        QTemporaryDir dir;
        Cohorts bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, test::easyTable(dir), "kind", 3));
        bench.explain(120);
        bench.makeOfLines("first ones", 0, 9);
        QCOMPARE(bench.book()->usable("first ones")->rows.size(), std::size_t{10});
        bench.makeOfConditions("tiny", "size < 5");
        QCOMPARE(bench.book()->usable("tiny")->rows.size(), std::size_t{15}); // five sizes, three times

        bench.choose("explain.kind", "cohorts");
        QVERIFY(bench.find<QWidget>("explain.cohortsShown")->isVisible());
        QTRY_VERIFY2(bench.header().contains("first ones") && bench.header().contains("others") && !bench.header().contains("tiny"), qPrintable(bench.header().join(' ')));
        bench.check("tiny", true);
        bench.check("other rows", false);
        bench.check("selected rows", false);
        QTRY_COMPARE(bench.header(), (QStringList{"column", "first ones", "± of first ones", "tiny", "± of tiny"}));
        bench.check("tiny", false);
        bench.check("first ones", false);
        QTRY_COMPARE(bench.header(), (QStringList{"column", "all rows", "± of all rows"}));
        bench.check("tiny", true);
        QTRY_COMPARE(bench.header()[1], QString("tiny"));
        QTRY_VERIFY(bench.find<QLabel>("explainSentence")->text().contains("nothing to compare"));
        // A cohort of every row has the bars that the plot of all rows has.
        bench.makeOfConditions("everybody", "size >= 0");
        bench.check("tiny", false);
        QTRY_COMPARE(bench.header()[1], QString("all rows"));
        const auto bars = [&] {
            QStringList all;
            for (const QStringList& line : bench.find<PlotView>("explainPlot")->plot()->table())
                all << line[0] + line[1];
            all.removeFirst();
            return all;
        };
        const QStringList all = bars();
        bench.check("everybody", true);
        QTRY_COMPARE(bench.header()[1], QString("everybody"));
        QTRY_COMPARE(bars(), all);
        bench.check("everybody", false);
        bench.check("tiny", true);
        QTRY_VERIFY(bars() != all);
        // What is compared is chosen for each file.
        const auto compared = [&] { return bench.find<QToolButton>("explain.cohortsShown")->text(); };
        QCOMPARE(compared(), QString("tiny"));
        const QString file = bench.session.filePath();
        bench.session.openFile(QString::fromStdString(test::write(dir, "else.csv", "a,b\n1,2\n3,4\n").string()));
        QTRY_COMPARE(compared(), QString("2 cohorts")); // the selected rows and the others
        bench.session.openFile(file);
        QTRY_COMPARE(compared(), QString("tiny"));
        bench.choose("explain.kind", "beeswarm");
        QVERIFY(!bench.find<QWidget>("explain.cohortsShown")->isVisible());
        bench.page.resize(952, 600);
        QCOMPARE(bench.page.width(), 952);
    }

    void areExplainedAndComparedWith()
    {
        QTemporaryDir dir;
        Cohorts bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, test::easyTable(dir), "kind", 3));
        QTRY_VERIFY_WITH_TIMEOUT(bench.find<QLabel>("explain.cost")->text().contains("estimated"), 20000); // the model is loaded
        QVERIFY(!bench.find<QComboBox>("explain.which")->isVisible()); // there is none to choose
        bench.makeOfConditions("tiny", "size < 5");
        bench.makeOfConditions("huge", "size > 35");
        QVERIFY(bench.find<QComboBox>("explain.which")->isVisible());
        {
            QPointer<CohortsDialog> dialog = bench.list();
            auto* tree = dialog->findChild<QTreeWidget*>("cohorts.list");
            tree->setCurrentItem(tree->findItems("tiny", Qt::MatchExactly).front());
            dialog->findChild<QPushButton*>("cohorts.explain")->click();
            tree->setCurrentItem(tree->findItems("huge", Qt::MatchExactly).front());
            dialog->findChild<QPushButton*>("cohorts.compare")->click();
            dialog->close();
        }
        QVERIFY(!bench.find<QSpinBox>("explain.first")->isVisible());
        bench.explain(100); // more than it has
        auto* rows = bench.find<QTableView>("explainRows");
        QCOMPARE(rows->model()->rowCount(), 15);
        for (int line = 0; line < 15; ++line)
            QVERIFY(rows->model()->index(line, 0).data().toInt() % 40 < 5);
        const auto said = [&](const QString& text) {
            for (const QLabel* label : bench.page.findChildren<QLabel*>())
                if (label->isVisible() && label->text().contains(text))
                    return true;
            return false;
        };
        QVERIFY(said("15 rows of “tiny”"));
        QVERIFY2(bench.find<QLabel>("explainFacts")->text().contains("“huge”: 12 rows"), qPrintable(bench.find<QLabel>("explainFacts")->text()));
        bench.explain(4);
        QCOMPARE(rows->model()->rowCount(), 4);
        bench.choose("explain.which", QString());
        QVERIFY(bench.find<QSpinBox>("explain.first")->isVisible());
        bench.explain(20);
        QCOMPARE(rows->model()->rowCount(), 20);
        QVERIFY(!said("of “tiny”"));
        // Long names and conditions give way rather than widen the page.
        const QString longName(60, QLatin1Char('w'));
        bench.makeOfConditions(longName, "size >= 5, size < 35, weight > 1");
        for (const QString& compared : {QStringLiteral("“%1”").arg(longName), QStringLiteral("a cohort")}) {
            auto* compare = bench.find<QComboBox>("explain.compare");
            compare->setCurrentIndex(compare->findText(compared));
            emit compare->activated(compare->currentIndex());
            bench.choose("explain.which", longName);
            bench.page.resize(952, 600);
            QCOMPARE(bench.page.width(), 952);
        }
        bench.choose("explain.which", QString());
        auto* compare = bench.find<QComboBox>("explain.compare");
        compare->setCurrentIndex(compare->findText("“huge”"));
        emit compare->activated(compare->currentIndex());
        // What is gone is no background any more.
        bench.book()->remove("huge");
        QTRY_VERIFY(!bench.book()->usable("huge"));
        QCOMPARE(bench.find<QComboBox>("explain.compare")->currentText(), QString("a sample"));
        bench.explain(20);
        QVERIFY(bench.find<QLabel>("explainFacts")->text().contains("training rows"));
    }

    void conditionsAreCheckedWhereTheyAreWritten_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("problem");
        QTest::newRow("good") << "a" << "size < 5" << "";
        QTest::newRow("no name") << "" << "size < 5" << "-";
        QTest::newRow("no conditions") << "a" << "" << "-";
        QTest::newRow("name taken") << "tiny" << "size < 5" << "already";
        QTest::newRow("reserved") << "other rows" << "size < 5" << "already";
        QTest::newRow("unknown column") << "a" << "siez < 5" << "siez";
        QTest::newRow("unknown value") << "a" << "kind = smal" << "small";
    }

    void conditionsAreCheckedWhereTheyAreWritten()
    {
        QFETCH(QString, name);
        QFETCH(QString, where);
        QFETCH(QString, problem);
        QTemporaryDir dir;
        Cohorts bench(dir.filePath("workspace"));
        QTRY_VERIFY(bench.session.isReady());
        bench.session.openFile(test::easyTable(dir));
        QTRY_VERIFY(bench.book()->isReady());
        CohortsDialog dialog(bench.session, *bench.book());
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        bench.book()->addConditions("tiny", "size < 5");
        QTRY_VERIFY(bench.book()->usable("tiny"));
        dialog.findChild<QLineEdit*>("cohorts.name")->setText(name);
        dialog.findChild<QLineEdit*>("cohorts.where")->setText(where);
        QCOMPARE(dialog.findChild<QPushButton*>("cohorts.add")->isEnabled(), problem.isEmpty());
        const QString told = dialog.findChild<QLabel*>("cohorts.problem")->text();
        QVERIFY2(problem.size() > 1 ? told.contains(problem) : told.isEmpty(), qPrintable(told));
    }

    void areRenamedDeletedAndBackAgain()
    {
        QTemporaryDir dir;
        Cohorts bench(dir.filePath("workspace"));
        QTRY_VERIFY(bench.session.isReady());
        bench.session.openFile(test::easyTable(dir));
        QTRY_VERIFY(bench.book()->isReady());
        bench.book()->addConditions("tiny", "size < 5");
        bench.book()->addRows("some", {9, 3, 3, 4});
        QTRY_VERIFY(bench.book()->usable("some"));
        QCOMPARE(bench.book()->usable("some")->rows, (std::vector<std::size_t>{3, 4, 9}));
        CohortsDialog dialog(bench.session, *bench.book());
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        auto* tree = dialog.findChild<QTreeWidget*>("cohorts.list");
        tree->findItems("tiny", Qt::MatchExactly).front()->setText(0, "small ones");
        QTRY_VERIFY(bench.book()->usable("small ones") && !bench.book()->usable("tiny"));
        tree->findItems("small ones", Qt::MatchExactly).front()->setText(0, "some");
        QTRY_VERIFY(dialog.findChild<QLabel*>("cohorts.problem")->text().contains("already"));
        QVERIFY(bench.book()->usable("small ones"));
        tree->setCurrentItem(tree->findItems("some", Qt::MatchExactly).front());
        dialog.findChild<QPushButton*>("cohorts.delete")->click();
        QTRY_VERIFY(!bench.book()->usable("some"));
        QCOMPARE(tree->topLevelItemCount(), 1);
        bench.session.undoStack().undo();
        QTRY_VERIFY(bench.book()->usable("some"));
        bench.session.undoStack().undo();
        QTRY_VERIFY(bench.book()->usable("tiny"));
    }

    void areThereAfterARestart()
    {
        QTemporaryDir dir;
        const QString file = test::easyTable(dir);
        {
            Cohorts bench(dir.filePath("workspace"));
            QTRY_VERIFY(bench.session.isReady());
            bench.session.openFile(file);
            QTRY_VERIFY(bench.book()->isReady());
            bench.book()->addRows("some", {5, 6, 7});
            bench.book()->addConditions("tiny", "size < 5");
            QTRY_VERIFY(bench.book()->usable("tiny"));
            // Kept as soon as they are made: another process sees them while this one runs, and would if it were killed.
            const Workspace other(std::filesystem::path(dir.filePath("workspace").toStdString()));
            QTRY_COMPARE(other.value("cohorts/" + file.toStdString()).size(), std::size_t{2});
            // The last edit is not lost, however soon the window is closed.
            bench.book()->addConditions("late", "size > 30");
        }
        {
            Cohorts bench(dir.filePath("workspace"));
            QTRY_VERIFY(bench.book()->usable("tiny"));
            QCOMPARE(bench.book()->usable("some")->rows, (std::vector<std::size_t>{5, 6, 7}));
            QVERIFY(bench.book()->usable("late"));
        }
        // The file grows: chosen rows are of what it was, conditions hold for what it is.
        std::ofstream(file.toStdString(), std::ios::app) << "1,3.5,small\n";
        {
            Cohorts bench(dir.filePath("workspace"));
            QTRY_VERIFY(bench.book()->usable("tiny"));
            QCOMPARE(bench.book()->usable("tiny")->rows.size(), std::size_t{16});
            QVERIFY(!bench.book()->usable("some"));
            QCOMPARE(bench.book()->entries().size(), std::size_t{3});
            QVERIFY(bench.book()->entries()[0].problem.contains("file"));
            // Conditions may go as well: nothing is lost that comes back with the columns.
            bench.session.openFile(QString::fromStdString(test::write(dir, "else.csv", "a,b\n1,2\n3,4\n").string()));
            QTRY_VERIFY(bench.book()->isReady() && bench.book()->entries().empty());
        }
    }
};

QTEST_MAIN(TestExplainCohorts)
#include "tst_explain_cohorts.moc"
