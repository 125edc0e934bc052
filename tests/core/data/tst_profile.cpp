#include "core/data/Profile.h"
#include "tests/core/data/CsvTesting.h"

#include <cmath>
#include <limits>

using namespace limpid;

namespace {

bool near(double a, double b)
{
    return std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(b));
}

} // namespace

class ProfileTest : public QObject
{
    Q_OBJECT

private slots:
    /// numpy 1.26: mean, std(ddof=1), quantile, histogram(bins=7).
    void numbers()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const ColumnProfile p
            = profileColumn(Column::numbers("n", {3.5, nan, -1.0, 2.25, 10.0, 2.25, 0.5, 7.75, 4.0, nan}));
        QCOMPARE(p.rows, std::size_t{10});
        QCOMPARE(p.missing, std::size_t{2});
        QCOMPARE(p.distinct, std::size_t{7});
        QCOMPARE(p.min, -1.0);
        QCOMPARE(p.max, 10.0);
        QVERIFY(near(p.mean, 3.65625));
        QVERIFY(near(p.deviation, 3.639901637211015));
        QVERIFY(near(p.quartile1, 1.8125));
        QVERIFY(near(p.median, 2.875));
        QVERIFY(near(p.quartile3, 4.9375));
        std::vector<std::size_t> counts;
        for (const HistogramBin& bin : p.histogram)
            counts.push_back(bin.count);
        QCOMPARE(counts, (std::vector<std::size_t>{2, 0, 3, 1, 0, 1, 1}));
        QVERIFY(near(p.histogram[1].from, 0.57142857142857140));
        QCOMPARE(p.histogram.back().to, 10.0);
        QVERIFY(p.top.empty());
    }

    /// numpy over datetime64[ms] as numbers.
    void dates()
    {
        const CsvResult csv = test::readBytes("d\n2001-01-01\n2001-01-03\n2001-01-03\n2001-02-01\n");
        const ColumnProfile p = profileColumn(csv.table.column(0));
        QCOMPARE(p.min, 978307200000.0);
        QCOMPARE(p.mean, 979063200000.0);
        QVERIFY(near(p.deviation, 1284186154.729913));
        QCOMPARE(p.quartile1, 978436800000.0);
        QCOMPARE(p.median, 978480000000.0);
        QCOMPARE(p.quartile3, 979106400000.0);
        QCOMPARE(p.distinct, std::size_t{3});
    }

    void categories()
    {
        const ColumnProfile p = profileColumn(
            Column::categories("c", {2, 0, 1, 1, 0, -1}, {"zero", "one", "two", "never used"}));
        QCOMPARE(p.missing, std::size_t{1});
        QCOMPARE(p.distinct, std::size_t{3});
        // Ties by first appearance in the rows.
        QVERIFY(p.top == (std::vector<ValueCount>{{"zero", 2}, {"one", 2}, {"two", 1}}));
    }

    void atMostTwentyOnTop()
    {
        std::vector<std::int32_t> codes;
        std::vector<std::string> dictionary;
        for (int i = 0; i < 50; ++i) {
            codes.push_back(i);
            dictionary.push_back(std::to_string(i));
        }
        const ColumnProfile p = profileColumn(Column::categories("c", codes, dictionary));
        QCOMPARE(p.top.size(), std::size_t{20});
        QCOMPARE(p.distinct, std::size_t{50});
    }

    void textsAndBooleans()
    {
        const CsvResult csv = test::readBytes("t,b\nann,yes\nbob,no\n,yes\ncy,yes\nann b,\n");
        const ColumnProfile text = profileColumn(csv.table.column(0));
        QVERIFY(text.type == ColumnType::Text);
        QCOMPARE(text.distinct, std::size_t{4});
        QCOMPARE(text.missing, std::size_t{1});
        const ColumnProfile boolean = profileColumn(csv.table.column(1));
        QVERIFY(boolean.top == (std::vector<ValueCount>{{"yes", 3}, {"no", 1}}));
    }

    void edges_data()
    {
        QTest::addColumn<QList<double>>("values");
        QTest::addColumn<int>("bins");
        const double nan = std::numeric_limits<double>::quiet_NaN();
        QTest::newRow("none") << QList<double>{nan, nan} << 0;
        QTest::newRow("one") << QList<double>{4.0} << 1;
        QTest::newRow("constant") << QList<double>{4.0, 4.0, 4.0} << 1;
        QTest::newRow("the widest") << QList<double>{-1.7e308, 0.0, 1.7e308} << 3;
    }
    void edges()
    {
        QFETCH(QList<double>, values);
        QFETCH(int, bins);
        const ColumnProfile p = profileColumn(Column::numbers("n", {values.begin(), values.end()}));
        QCOMPARE(p.histogram.size(), static_cast<std::size_t>(bins));
        std::size_t total = 0;
        for (const HistogramBin& bin : p.histogram) {
            QVERIFY(std::isfinite(bin.from) && std::isfinite(bin.to));
            total += bin.count;
        }
        QCOMPARE(total, p.rows - p.missing);
    }

    /// pandas 2.2.3: describe(), isna().sum(), value_counts().
    void penguins()
    {
        Task task;
        const CsvResult csv = readCsv(test::project("resources/samples/penguins.csv"), {}, task);
        const std::vector<ColumnProfile> all = profile(csv.table, task);
        QCOMPARE(all.size(), std::size_t{8});
        QCOMPARE(all[2].missing, std::size_t{2});
        QVERIFY(near(all[2].mean, 43.9219298245614));
        QVERIFY(near(all[2].deviation, 5.4595837139265315));
        QVERIFY(near(all[2].quartile1, 39.225));
        QVERIFY(near(all[2].median, 44.45));
        QVERIFY(near(all[2].quartile3, 48.5));
        QVERIFY(all[1].top == (std::vector<ValueCount>{{"Biscoe", 168}, {"Dream", 124}, {"Torgersen", 52}}));
        QCOMPARE(all[6].missing, std::size_t{11});
    }
};

QTEST_GUILESS_MAIN(ProfileTest)
#include "tst_profile.moc"
