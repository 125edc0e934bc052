#include "core/explain/UnusualPairs.h"
#include "tests/core/explain/TestEffects.h"

#include <QTest>

#include <numeric>

// Which pairs of values rows practically never have together, by hand on rows that are counted easily.

using namespace limpid;
using test::categoryColumn;
using test::gap;
using test::numberColumn;

namespace {

std::vector<std::size_t> allRows(const std::vector<EffectColumn>& columns)
{
    std::vector<std::size_t> rows(columns.front().values.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

std::vector<ColumnScale> scalesOf(const std::vector<EffectColumn>& columns)
{
    std::vector<ColumnScale> scales;
    for (const EffectColumn& column : columns)
        scales.push_back(scaleOf(column, allRows(columns)));
    return scales;
}

struct Data {
    explicit Data(const std::vector<EffectColumn>& columns) : scales(scalesOf(columns)), pairs(columns, allRows(columns), scales) {}

    std::vector<ColumnScale> scales;
    UnusualPairs pairs;
};

/// 200 rows: `twin` is `colour` but for `slips` rows, `free` goes with neither, `size` counts up with the row and `rank` with it.
Data someData(int slips)
{
    std::vector<double> colour, twin, free, size, rank;
    for (int i = 0; i < 200; ++i) {
        colour.push_back(i % 2);
        twin.push_back(i / 2 < slips ? 1 - i % 2 : i % 2);
        free.push_back(i / 2 % 2);
        size.push_back(i);
        rank.push_back(i % 10 == 9 ? gap : 1000.0 + i);
    }
    return Data({categoryColumn("colour", colour, {"red", "blue"}), categoryColumn("twin", twin, {"red", "blue"}), categoryColumn("free", free, {"a", "b"}),
                 numberColumn("size", size), numberColumn("rank", rank)});
}

} // namespace

class tst_UnusualPairs : public QObject
{
    Q_OBJECT

private slots:
    void pairs_data()
    {
        QTest::addColumn<int>("slips");
        QTest::addColumn<int>("a");
        QTest::addColumn<double>("aValue");
        QTest::addColumn<int>("b");
        QTest::addColumn<double>("bValue");
        QTest::addColumn<int>("together"); // −1: no such pair
        QTest::newRow("never together") << 0 << 0 << 0.0 << 1 << 1.0 << 0;
        QTest::newRow("the other way round") << 0 << 1 << 1.0 << 0 << 0.0 << 0;
        QTest::newRow("always together") << 0 << 0 << 1.0 << 1 << 1.0 << -1;
        QTest::newRow("2 where 50 were to be expected") << 2 << 0 << 0.0 << 1 << 1.0 << 2;
        QTest::newRow("3 are too many") << 3 << 0 << 0.0 << 1 << 1.0 << -1;
        QTest::newRow("independent") << 0 << 0 << 0.0 << 2 << 1.0 << -1;
        QTest::newRow("the same column") << 0 << 0 << 0.0 << 0 << 1.0 << -1;
        QTest::newRow("the least of one with the most of another") << 0 << 3 << 3.0 << 4 << 1198.0 << 0;
        QTest::newRow("numbers of the same quarter") << 0 << 3 << 3.0 << 4 << 1003.0 << -1;
        QTest::newRow("missing with anything") << 0 << 3 << 3.0 << 4 << gap << -1;
        QTest::newRow("a level that no row has") << 0 << 0 << 7.0 << 1 << 1.0 << -1;
    }
    void pairs()
    {
        QFETCH(int, slips);
        QFETCH(int, a);
        QFETCH(double, aValue);
        QFETCH(int, b);
        QFETCH(double, bValue);
        QFETCH(int, together);
        const Data data = someData(slips);
        const auto first = static_cast<std::size_t>(a), second = static_cast<std::size_t>(b);
        const std::optional<UnusualPair> found = data.pairs.pair(first, aValue, second, bValue);
        QCOMPARE(found.has_value(), together >= 0);
        if (found)
            QCOMPARE(*found, (UnusualPair{std::min(first, second), std::max(first, second), static_cast<std::size_t>(together)}));
    }

    void eachPairOnce()
    {
        const Data data = someData(0);
        const std::vector<double> row{0, 1, 0, 3, 1198};
        QCOMPARE(data.pairs.of(row, {0, 1}), (std::vector<UnusualPair>{{0, 1, 0}}));
        QCOMPARE(data.pairs.of(row, {0, 1, 3, 4}), (std::vector<UnusualPair>{{0, 1, 0}, {3, 4, 0}}));
        QCOMPARE(data.pairs.of(row, {2}), std::vector<UnusualPair>());
    }

    void rareValuesAndManyColumnsAreNot()
    {
        // One row in fifty: two would be expected together.
        std::vector<double> rare, other;
        for (int i = 0; i < 100; ++i) {
            rare.push_back(i % 50 == 0);
            other.push_back(i % 2);
        }
        const Data few({categoryColumn("rare", rare, {"no", "yes"}), categoryColumn("other", other, {"a", "b"})});
        QVERIFY(!few.pairs.pair(0, 1.0, 1, 1.0));
        std::vector<EffectColumn> columns;
        for (int i = 0; i < 101; ++i)
            columns.push_back(categoryColumn("c" + std::to_string(i), other, {"a", "b"}));
        QVERIFY(!Data(columns).pairs.pair(0, 0.0, 1, 1.0));
        columns.pop_back();
        QVERIFY(Data(columns).pairs.pair(0, 0.0, 1, 1.0));
    }
};

QTEST_APPLESS_MAIN(tst_UnusualPairs)
#include "tst_unusualpairs.moc"
