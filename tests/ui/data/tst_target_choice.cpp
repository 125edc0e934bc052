#include "tests/ui/PageBench.h"
#include "ui/data/DataPage.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>

using namespace limpid;

using Bench = test::PageBench<DataPage>;

namespace {

std::vector<std::string> targetsOf(const Bench& bench)
{
    return bench.session.request().pipeline.targets();
}

using Names = std::vector<std::string>;

} // namespace

class TestTargetChoice : public QObject
{
    Q_OBJECT

private:
    static void open(Bench& bench, const QTemporaryDir& dir)
    {
        QTRY_VERIFY(bench.session.isReady());
        bench.session.openFile(test::easyTable(dir));
        QTRY_VERIFY(bench.session.plan());
        bench.session.setTarget("size");
    }
    static void clickHeading(Bench& bench, int column, Qt::KeyboardModifiers modifiers)
    {
        auto* view = bench.find<QTableView>("dataTable");
        const QPoint place(view->columnViewportPosition(column) + 20, view->horizontalHeader()->height() / 2);
        QTest::mouseClick(view->horizontalHeader()->viewport(), Qt::LeftButton, modifiers, place);
    }

private slots:
    void byButtons()
    {
        const QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        open(bench, dir);
        auto* also = bench.find<QPushButton>("columnAlsoTarget");
        auto* only = bench.find<QPushButton>("columnTarget");
        auto* says = bench.find<QLabel>("columnIsTarget");
        bench.page.showColumn("size");
        QVERIFY(says->isVisible() && !also->isVisible() && !only->isVisible()); // the only one can't go
        bench.page.showColumn("weight");
        QVERIFY(only->isVisible() && also->isVisible() && !says->isVisible());
        also->click();
        QCOMPARE(targetsOf(bench), (Names{"size", "weight"}));
        QVERIFY(says->isVisible() && says->text().contains('2'));
        QTRY_VERIFY(bench.session.plan() && bench.session.plan()->pipeline.task() == TaskKind::MultiRegression);
        QCOMPARE(bench.session.plan()->context.outputs, std::int64_t(2));

        bench.page.showColumn("size");
        also->click(); // the first goes, the other stays
        QCOMPARE(targetsOf(bench), Names{"weight"});
        QVERIFY(only->isVisible());
        bench.session.undoStack().undo();
        QCOMPARE(targetsOf(bench), (Names{"size", "weight"}));
        bench.page.showColumn("kind");
        only->click(); // alone again
        QCOMPARE(targetsOf(bench), Names{"kind"});
        bench.session.undoStack().undo();
        QCOMPARE(targetsOf(bench), (Names{"size", "weight"}));
    }

    void numberedClasses()
    {
        const QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QByteArray csv = "width,digit,amount\n";
        for (int i = 0; i < 90; ++i)
            csv += QByteArray::number(i * 0.5) + ',' + QByteArray::number(i % 10) + ',' + QByteArray::number(i) + '\n';
        QTRY_VERIFY(bench.session.isReady());
        bench.session.openFile(QString::fromStdString(test::write(dir, "digits.csv", csv).string()));
        QTRY_VERIFY(bench.session.plan());
        auto* says = bench.find<QLabel>("columnIsTarget");
        bench.session.setTarget("digit");
        bench.page.showColumn("digit");
        QTRY_VERIFY(says->text().contains("10 different values"));
        bench.session.setColumnType("digit", ColumnType::Category);
        QTRY_VERIFY(says->isVisible() && !says->text().contains("different values"));
        bench.session.setTarget("amount"); // 90 of them
        bench.page.showColumn("amount");
        QTRY_VERIFY(!bench.session.profiles().empty());
        QVERIFY(!says->text().contains("different values"));
    }

    void byCtrlClick()
    {
        const QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        open(bench, dir);
        bench.session.setIgnored("weight", true);
        clickHeading(bench, 1, Qt::NoModifier);
        QCOMPARE(targetsOf(bench), Names{"size"});
        clickHeading(bench, 1, Qt::ControlModifier);
        QCOMPARE(targetsOf(bench), (Names{"size", "weight"}));
        QVERIFY(bench.session.request().pipeline.ignored.empty());
        clickHeading(bench, 1, Qt::ControlModifier);
        QCOMPARE(targetsOf(bench), Names{"size"});
        clickHeading(bench, 0, Qt::ControlModifier); // the last one stays
        QCOMPARE(targetsOf(bench), Names{"size"});
    }

    /// What does not go together is said under the table.
    void mixedKindsAreExplained()
    {
        const QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        open(bench, dir);
        bench.session.setTargets({"size", "kind"});
        QTRY_VERIFY(bench.session.planProblem().contains("“size”") && bench.session.planProblem().contains("“kind”"));
    }

    void survivesTheWindow()
    {
        const QTemporaryDir dir;
        {
            Bench bench(dir.filePath("workspace"));
            open(bench, dir);
            bench.session.setTargets({"weight", "size"});
            QTRY_VERIFY(bench.session.plan() && bench.session.plan()->pipeline.targets().size() == 2);
        }
        Bench bench(dir.filePath("workspace"));
        QTRY_VERIFY(bench.session.plan());
        QCOMPARE(targetsOf(bench), (Names{"weight", "size"}));
    }
};

QTEST_MAIN(TestTargetChoice)
#include "tst_target_choice.moc"
