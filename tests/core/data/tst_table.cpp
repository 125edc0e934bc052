#include "tests/core/data/CsvTesting.h"

#include <limits>

using namespace limpid;
using limpid::test::shown;

class TableTest : public QObject
{
    Q_OBJECT

private slots:
    void columns()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const Table table({Column::numbers("n", {1.5, nan, -2}),
                           Column::categories("c", {1, -1, 0}, {"x", "y"}),
                           Column::booleans("b", {0, 1, -1}, {"no", "yes"}),
                           Column::dateTimes("d", {0, 60000, 0}, {false, false, true}),
                           Column::texts("t", "oneäthree", {0, 3, 5, 10}, {})});
        QCOMPARE(shown(table), QString("n number: 1.5|~|-2\nc category: y|~|x\nb boolean: no|yes|~\n"
                                       "d date-time: 1970-01-01|1970-01-01 00:01|~\nt text: one|ä|three"));
        QCOMPARE(table.column(0).missingCount(), std::size_t{1});
        QCOMPARE(table.column(4).missingCount(), std::size_t{0});
        const std::vector<std::size_t> rows{2, 0, 2};
        QCOMPARE(shown(table.select(rows)),
                 QString("n number: -2|1.5|-2\nc category: x|y|x\nb boolean: ~|no|~\n"
                         "d date-time: ~|1970-01-01|~\nt text: three|one|three"));
    }

    void missingBitsAcrossWords()
    {
        std::vector<double> values(200, 1.0);
        for (const std::size_t row : {0, 63, 64, 127, 199})
            values[row] = std::numeric_limits<double>::quiet_NaN();
        const Column column = Column::numbers("n", values);
        QCOMPARE(column.missingCount(), std::size_t{5});
        for (std::size_t row = 0; row < 200; ++row)
            QCOMPARE(column.isMissing(row), row == 0 || row == 63 || row == 64 || row == 127 || row == 199);
    }

    void findsByName()
    {
        const Table table({Column::numbers("a", {1}), Column::numbers("b", {2})});
        QCOMPARE(table.find("b").value(), std::size_t{1});
        QVERIFY(!table.find("B"));
        QCOMPARE(table.names(), (std::vector<std::string>{"a", "b"}));
    }

    void lengthsMustAgree()
    {
        QCOMPARE(test::errorNameOf([] { Table({Column::numbers("a", {1}), Column::numbers("b", {})}); }),
                 std::string("Internal"));
    }

    void typeNames()
    {
        for (const ColumnType type : {ColumnType::Number, ColumnType::Category, ColumnType::Boolean,
                                      ColumnType::DateTime, ColumnType::Text})
            QVERIFY(columnTypeFromName(columnTypeName(type)) == type);
        QVERIFY(!columnTypeFromName("integer"));
    }
};

QTEST_GUILESS_MAIN(TableTest)
#include "tst_table.moc"
