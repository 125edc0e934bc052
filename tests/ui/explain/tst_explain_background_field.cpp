#include "core/workbench/Workbench.h"
#include "tests/ui/PageBench.h"
#include "ui/explain/BackgroundField.h"
#include "ui/explain/ExplainPage.h"
#include "ui/explain/RowsModel.h"

#include <nlohmann/json.hpp>

#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>

using namespace limpid;

using Bench = test::PageBench<ExplainPage>;
using Kind = BackgroundSpec::Kind;

namespace {

/// Ten rows with a number and a category.
std::shared_ptr<const DataSet> tenRows(const QTemporaryDir& dir)
{
    QByteArray text = "size,colour,y\n";
    for (int i = 0; i < 10; ++i)
        text += QByteArray::number(i) + (i % 2 ? ",red," : ",blue,") + QByteArray::number(i * 1.5) + '\n';
    Task task;
    return std::make_shared<const DataSet>(openData(test::write(dir, "ten.csv", text), {}, task));
}

void choose(QComboBox* kind, Kind wanted)
{
    kind->setCurrentIndex(kind->findData(static_cast<int>(wanted)));
    emit kind->activated(kind->currentIndex());
}

} // namespace

class TestExplainBackgroundField : public QObject
{
    Q_OBJECT
private slots:
    void fieldsMakeTheSpec()
    {
        QTemporaryDir dir;
        BackgroundField field;
        field.setData(tenRows(dir));
        field.show();
        QSignalSpy changed(&field, &BackgroundField::changed);
        auto* kind = field.findChild<QComboBox*>("explain.compare");
        auto* count = field.findChild<QSpinBox*>("explain.background");
        QCOMPARE(field.spec(), BackgroundSpec(100));
        count->setValue(30);
        QCOMPARE(field.spec(), BackgroundSpec(30));
        choose(kind, Kind::KMeans);
        QVERIFY(!count->isVisible() && field.findChild<QSpinBox*>("explain.centres")->isVisible());
        QCOMPARE(field.spec().count, std::size_t{20});
        choose(kind, Kind::Row);
        field.findChild<QSpinBox*>("explain.backgroundRow")->setValue(99);
        QCOMPARE(field.spec().row, std::size_t{9}); // the table's last
        choose(kind, Kind::All);
        QVERIFY(!count->isVisible());
        QVERIFY(changed.size() >= 5);
    }

    void conditionsAreCheckedWhereTheyAreWritten_data()
    {
        QTest::addColumn<QString>("conditions");
        QTest::addColumn<QString>("problem");
        QTest::newRow("nothing yet") << "" << "";
        QTest::newRow("good") << "size > 4, colour = red" << "";
        QTest::newRow("unknown column") << "siez > 4" << "siez";
        QTest::newRow("unfinished") << "size >" << "size >";
        QTest::newRow("unknown value") << "colour = green" << "green";
    }

    void conditionsAreCheckedWhereTheyAreWritten()
    {
        QFETCH(QString, conditions);
        QFETCH(QString, problem);
        QTemporaryDir dir;
        BackgroundField field;
        field.setData(tenRows(dir));
        field.show();
        auto* where = field.findChild<QLineEdit*>("explain.where");
        auto* label = field.findChild<QLabel*>("explain.backgroundProblem");
        choose(field.findChild<QComboBox*>("explain.compare"), Kind::Cohort);
        where->setText(conditions);
        QCOMPARE(label->isVisible(), !problem.isEmpty());
        QVERIFY2(label->text().contains(problem), qPrintable(label->text()));
        QCOMPARE(where->property("invalid").toBool(), !problem.isEmpty());
        QCOMPARE(field.spec().where, conditions.toStdString());
        choose(field.findChild<QComboBox*>("explain.compare"), Kind::Sample);
        QVERIFY(!label->isVisible());
    }

    void rowsCanBeDropped()
    {
        QTemporaryDir dir;
        const auto data = tenRows(dir);
        BackgroundField field;
        field.setData(data);
        QSignalSpy dropped(&field, &BackgroundField::rowsDropped);
        const auto drop = [&](const QByteArray& rows) {
            QMimeData mime;
            mime.setData(BackgroundField::rowsMimeType, rows);
            QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
            QCoreApplication::sendEvent(&field, &enter);
            QVERIFY(enter.isAccepted());
            QDropEvent event(QPointF(5, 5), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
            QCoreApplication::sendEvent(&field, &event);
        };
        drop("2 5 7");
        QVERIFY(field.spec().kind == Kind::Rows);
        QCOMPARE(field.spec().rows, (std::vector<std::size_t>{2, 5, 7}));
        drop("8"); // one row is a kind of its own
        QVERIFY(field.spec().kind == Kind::Row);
        QCOMPARE(field.spec().row, std::size_t{8});
        drop("10 no");
        QCOMPARE(dropped.size(), 2);
        QCOMPARE(field.spec().row, std::size_t{8});
        drop("1 2");
        field.setData(tenRows(dir)); // another table: its rows are others
        QVERIFY(field.spec().kind != Kind::Rows);
    }

    void settingsAreKept()
    {
        QTemporaryDir dir;
        BackgroundField field, other;
        for (BackgroundField* each : {&field, &other})
            each->setData(tenRows(dir));
        choose(field.findChild<QComboBox*>("explain.compare"), Kind::Cohort);
        field.findChild<QLineEdit*>("explain.where")->setText("size > 4");
        field.findChild<QSpinBox*>("explain.background")->setValue(7);
        other.restore(field.toJson());
        QCOMPARE(other.spec(), field.spec());
        other.restore(nlohmann::json{{"kind", 3}, {"count", "many"}});
        other.restore(nlohmann::json(250)); // as it was kept before
        QCOMPARE(other.spec(), field.spec());
        field.setRows({1, 2});
        other.restore(field.toJson());
        QVERIFY(other.spec().kind == Kind::Sample); // selected rows are not for another day
    }

    void rowsAreDraggedByTheirNumbers()
    {
        auto e = std::make_shared<Explanation>();
        e->outputs = {"y"};
        e->features = {"a"};
        e->rows = {10, 11, 12};
        e->base = {0.0};
        e->predictions = {0.1, 0.8, 0.5};
        e->values = {0, 0, 0};
        e->errors = {0, 0, 0};
        e->cellText = {"1", "2", "3"};
        e->cellNumber = {1, 2, 3};
        RowsModel model;
        model.setExplanation(e, 0);
        QModelIndexList cells;
        for (const int line : {0, 2})
            for (int column = 0; column < model.columnCount(); ++column)
                cells << model.index(line, column);
        const std::unique_ptr<QMimeData> data(model.mimeData(cells));
        QCOMPARE(data->data(BackgroundField::rowsMimeType), QByteArray("11 10")); // highest prediction first
        QVERIFY(model.flags(model.index(0, 0)) & Qt::ItemIsDragEnabled);
        QVERIFY(!model.mimeData({}));
    }

    void theAnswerMovesWithTheBackground()
    {
        QTemporaryDir dir;
        Bench bench(dir.filePath("workspace"));
        QVERIFY(test::trainModel(bench, test::easyTable(dir), "kind", 3));
        auto* start = bench.find<QPushButton>("explain.start");
        auto* facts = bench.find<QLabel>("explainFacts");
        auto* kind = bench.find<QComboBox>("explain.compare");
        QTRY_VERIFY(start->isVisible() && start->isEnabled());
        bench.find<QSpinBox>("explain.rows")->setValue(50);
        const auto explain = [&] {
            start->click();
            QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
        };
        explain();
        QVERIFY2(facts->text().contains("training rows") && facts->text().contains("outside the data"), qPrintable(facts->text()));
        choose(kind, Kind::KMeans);
        bench.find<QSpinBox>("explain.centres")->setValue(5);
        explain();
        QVERIFY2(facts->text().contains("k-means, 5 of "), qPrintable(facts->text()));
        choose(kind, Kind::Cohort);
        bench.find<QLineEdit>("explain.where")->setText("size < 10");
        explain();
        QVERIFY2(facts->text().contains("size < 10: "), qPrintable(facts->text()));

        // A cohort that no row is in says so where the answer would stand, and the page goes on.
        bench.find<QLineEdit>("explain.where")->setText("size > 1000");
        QSignalSpy failed(&bench.session, &Session::failed);
        explain();
        auto* hint = bench.find<QLabel>("explainHint");
        QVERIFY2(hint->isVisible() && hint->text().contains("size > 1000"), qPrintable(hint->text()));
        QCOMPARE(failed.size(), 0); // and is not told twice

        // Rows selected in the list are compared with at once.
        choose(kind, Kind::Sample);
        explain();
        auto* rows = bench.find<QTableView>("explainRows");
        QItemSelection selection(rows->model()->index(2, 0), rows->model()->index(5, 0));
        rows->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        bench.find<QPushButton>("explain.compareSelected")->click();
        QCOMPARE(start->text(), QString("Stop"));
        QTRY_COMPARE_WITH_TIMEOUT(start->text(), QString("Explain"), 30000);
        QVERIFY2(facts->text().contains("4 selected rows"), qPrintable(facts->text()));
        bench.page.resize(952, 600);
        QCOMPARE(bench.page.width(), 952); // the line gives way
    }
};

QTEST_MAIN(TestExplainBackgroundField)
#include "tst_explain_background_field.moc"
