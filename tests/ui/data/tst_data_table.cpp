#include "tests/support/TestSupport.h"
#include "ui/data/ColumnSketch.h"
#include "ui/data/DataTableModel.h"
#include "ui/theme/Theme.h"

#include <QAbstractItemModelTester>
#include <QRegularExpression>
#include <QSignalSpy>

#include <cmath>

using namespace limpid;

namespace {

std::shared_ptr<const DataSet> dataSet(std::vector<Column> columns)
{
    auto data = std::make_shared<DataSet>();
    data->csv.table = Table(std::move(columns));
    return data;
}

} // namespace

class tst_data_table : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void behavesAsAModel()
    {
        DataTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        model.setData(dataSet({Column::numbers("age", {39, std::nan(""), 0.1}),
                               Column::categories("work", {0, -1, 1}, {"State", "Private"})}));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.columnCount(), 2);
        model.setData(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void showsCells_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("text");
        QTest::newRow("number") << 0 << 0 << "39";
        QTest::newRow("missing number") << 1 << 0 << "–";
        QTest::newRow("shortest exact number") << 2 << 0 << "0.1";
        QTest::newRow("category") << 2 << 1 << "Private";
        QTest::newRow("missing category") << 1 << 1 << "–";
        QTest::newRow("line breaks stay in one line") << 0 << 2 << "a b";
        QTest::newRow("long text is cut") << 1 << 2 << QString(200, 'x') + "…";
    }

    void showsCells()
    {
        QFETCH(int, row);
        QFETCH(int, column);
        const std::string texts = "a\nb" + std::string(300, 'x');
        DataTableModel model;
        model.setData(dataSet({Column::numbers("age", {39, std::nan(""), 0.1}),
                               Column::categories("work", {0, -1, 1}, {"State", "Private"}),
                               Column::texts("note", texts, {0, 3, 303, 303}, {false, false, true})}));
        QTEST(model.data(model.index(row, column), Qt::DisplayRole).toString(), "text");
    }

    void holdsAMillionRowsWithoutCopying()
    {
        std::vector<double> values(1'000'000, 1.5);
        values.back() = 7;
        const auto data = dataSet({Column::numbers("x", std::move(values))});
        DataTableModel model;
        model.setData(data);
        QCOMPARE(model.dataSet().get(), data.get());
        QCOMPARE(model.rowCount(), 1'000'000);
        QCOMPARE(model.data(model.index(999'999, 0), Qt::DisplayRole).toString(), QString("7"));
    }

    void sketchSaysWhatItShows()
    {
        const Theme theme(nullptr);
        ColumnSketch sketch(theme);
        ColumnProfile profile = profileColumn(Column::categories("work", {0, 0, 1}, {"State", "Private"}));
        sketch.setProfile(profile);
        QVERIFY2(sketch.accessibleName().contains("State"), qPrintable(sketch.accessibleName()));
        profile = profileColumn(Column::dateTimes("day", {0, 86'400'000}, {false, false}));
        QCOMPARE(profileValueText(profile, profile.min), QString("1970-01-01"));
        sketch.resize(300, 150);
        sketch.setProfile(profile);
        QVERIFY(!sketch.grab().isNull());
    }
};

QTEST_MAIN(tst_data_table)
#include "tst_data_table.moc"
