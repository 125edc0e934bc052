#include "core/base/Random.h"
#include "core/explain/Lime.h"
#include "tests/core/explain/TestEffects.h"
#include "tests/support/TestSupport.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

using namespace limpid;
using namespace limpid::test;

namespace {

using Row = std::vector<double>;

std::vector<double> ramp(std::size_t count)
{
    std::vector<double> values(count);
    std::iota(values.begin(), values.end(), 0.0);
    return values;
}

/// Explains all rows of `rows`.
Attributions explained(const Lime& lime, const EffectRows& rows, const LimeSpec& spec)
{
    Task task;
    std::vector<std::size_t> numbers(rows.rows());
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return lime.explain(rows, numbers, std::vector<double>(rows.outputs(), 0.0), spec, task);
}

std::vector<double> first(const Row& row) { return {row[0]}; }

} // namespace

class tst_Lime : public QObject
{
    Q_OBJECT

private slots:
    void samplesAreLikeTheBackground();
    void valuesStayInTheirBins();
    void valuesAreCutNormal();
    void additiveModels();
    void intervalsCover();
    void sameSeedSameBytes();
    void rowsDoNotDependOnOthers();
    void gaps();
    void unknownLevel();
    void constants();
    void oneRowBackground();
    void severalOutputs();
    void keepsSoMany_data();
    void keepsSoMany();
    void texts();
    void badBudgets();
    void canBeCancelled();
};

// Shares of levels, gaps and bins by counting the background: χ² of five, three and five kinds, below its 99.9 % point (chi2.ppf).
void tst_Lime::samplesAreLikeTheBackground()
{
    std::vector<double> codes, numbers, flags;
    for (int i = 0; i < 200; ++i) {
        codes.push_back(i < 100 ? 0 : i < 160 ? 1 : i < 180 ? 2 : i < 190 ? 3 : gap);
        flags.push_back(i % 4 == 0 ? 1 : i % 4 == 1 ? gap : 0);
        numbers.push_back(i % 5 == 0 ? gap : i);   // 160 present: 40 in each quarter
    }
    std::vector<Row> seen;
    const FunctionRows rows({categoryColumn("c", codes, {"a", "b", "c", "d"}), {"f", ColumnType::Boolean, flags, {"false", "true"}},
                             numberColumn("x", numbers)}, 1, [&](const Row& row) {
        seen.push_back(row);
        return std::vector<double>{0.0};
    });
    constexpr std::size_t samples = 20'000;
    Task task;
    const FunctionRows one({categoryColumn("c", {0}, {"a"}), {"f", ColumnType::Boolean, {0}, {"false"}}, numberColumn("x", {1})}, 1, [&](const Row& row) {
        seen.push_back(row);
        return std::vector<double>{0.0};
    });
    explained(Lime(rows), one, {samples, 0, 5});
    QCOMPARE(seen.size(), samples);
    std::array<double, 5> levels{}, bins{};
    std::array<double, 3> bools{};
    for (std::size_t i = 1; i < seen.size(); ++i) {
        ++levels[std::isnan(seen[i][0]) ? 4 : std::size_t(seen[i][0])];
        ++bools[std::isnan(seen[i][1]) ? 2 : std::size_t(seen[i][1])];
        const double x = seen[i][2];
        // Quartiles of 1, 2, 3, 4, 6, … 199 by numpy.percentile: 50.5, 100, 149.5.
        ++bins[std::isnan(x) ? 4 : x <= 50.5 ? 0 : x <= 100 ? 1 : x <= 149.5 ? 2 : 3];
    }
    const auto chiSquare = [](const auto& counts, const std::vector<double>& shares) {
        double sum = 0.0;
        for (std::size_t k = 0; k < counts.size(); ++k) {
            const double expected = shares[k] * (samples - 1);
            sum += (counts[k] - expected) * (counts[k] - expected) / expected;
        }
        return sum;
    };
    QVERIFY(chiSquare(levels, {0.5, 0.3, 0.1, 0.05, 0.05}) < 18.5);
    QVERIFY(chiSquare(bools, {0.5, 0.25, 0.25}) < 13.8);
    QVERIFY(chiSquare(bins, {0.2, 0.2, 0.2, 0.2, 0.2}) < 18.5);
}

void tst_Lime::valuesStayInTheirBins()
{
    // An indicator of the second quartile's bin is what the fit is about, so a value outside its bin would leave something over.
    std::vector<double> background = ramp(101);
    for (double& value : background)
        value = value * value; // quartiles 625, 2500, 5625
    const auto second = [](const Row& row) { return std::vector<double>{row[0] > 625 && row[0] <= 2500 ? 1.0 : 0.0}; };
    const FunctionRows rows({numberColumn("x", background)}, 1, second);
    const Attributions found = explained(Lime(rows), FunctionRows({numberColumn("x", {2500, 626})}, 1, second), {0, 0, 1});
    QCOMPARE(found.evaluations, std::uint64_t(limeSamples));
    for (std::size_t row = 0; row < 2; ++row)
        QVERIFY2(found.fit[row] > 0.99999 && found.values[row] > 0.99, qPrintable(QString::number(found.fit[row], 'g', 12)));
}

// The mean and deviation of a normal distribution that is cut off: scipy.stats.truncnorm(a, b, loc, scale).
void tst_Lime::valuesAreCutNormal()
{
    // One bin holds 0, 0, …, 0, 10 (the quartiles are all 0, so the other bin holds the tens): mean and deviation of the values above 0.
    std::vector<double> background(80, 0.0);
    for (const double value : {1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 10.0})
        background.push_back(value);
    double sum = 0.0, square = 0.0, count = 0.0, least = 1e9, most = -1e9;
    const auto watch = [&](const Row& row) {
        if (row[0] > 0.0) {
            sum += row[0];
            square += row[0] * row[0];
            ++count;
            least = std::min(least, row[0]);
            most = std::max(most, row[0]);
        }
        return std::vector<double>{0.0};
    };
    explained(Lime(FunctionRows({numberColumn("x", background)}, 1, watch)), FunctionRows({numberColumn("x", {0})}, 1, watch), {100'000, 0, 3});
    // truncnorm((0 − 2.3)/σ, (10 − 2.3)/σ, 2.3, σ), σ = sqrt(7.01): mean 3.17986, deviation 2.00529.
    const double mean = sum / count, deviation = std::sqrt(square / count - mean * mean);
    QVERIFY(std::abs(count - 100'000.0 / 9.0) < 4 * std::sqrt(100'000.0 * 8.0 / 81.0));
    QVERIFY2(std::abs(mean - 3.17986) < 0.08, qPrintable(QString::number(mean)));
    QVERIFY2(std::abs(deviation - 2.00529) < 0.06, qPrintable(QString::number(deviation)));
    QVERIFY(least > 0.0 && most <= 10.0);
}

// Where the answer is a sum of what single bins and levels give, the coefficients are known: what the row's own bin gives, less the mean over the
// others. Shrinkage by α = 1 among the some 2000 that the samples weigh is below 1 %.
void tst_Lime::additiveModels()
{
    std::vector<double> x, c, z;
    for (int i = 0; i < 400; ++i) {
        x.push_back(i);
        c.push_back(i % 4 < 2 ? 0 : i % 4 - 1);
        z.push_back((i * 7) % 400);
    }
    const auto bin = [](double value) { return value <= 99.75 ? 0 : value <= 199.5 ? 1 : value <= 299.25 ? 2 : 3; };
    const auto model = [&](const Row& row) {
        const double ofBin[]{8, 0, 2, 4}, ofLevel[]{5, 1, 3};
        return std::vector<double>{ofBin[bin(row[0])] + ofLevel[std::size_t(row[1])]};
    };
    const std::vector<std::string> levels{"a", "b", "c"};
    const Lime lime(FunctionRows({numberColumn("x", x), categoryColumn("c", c, levels), numberColumn("z", z)}, 1, model));
    const Attributions found = explained(lime, FunctionRows({numberColumn("x", {3, 250}), categoryColumn("c", {0, 1}, {"a", "c"}), numberColumn("z", {1, 2})}, 1, model),
                                         {20'000, 0, 1});
    // Row 0: 8 − (0 + 2 + 4)/3 = 6; level a (half): 5 − (1 + 3)/2 = 3; z nothing.
    const double expected[]{6.0, 3.0, 0.0};
    for (std::size_t column = 0; column < 3; ++column) {
        const double off = std::abs(found.values[column] - expected[column]);
        QVERIFY2(off < 4 * found.errors[column] + 0.01 * std::abs(expected[column]), qPrintable(QString::number(found.values[column])));
        QVERIFY(found.errors[column] > 0.0 && found.errors[column] < 0.05);
    }
    // Row 1: bin 2: 2 − (8 + 0 + 4)/3 = −2.
    QVERIFY(std::abs(found.values[3] + 2.0) < 4 * found.errors[3] + 0.02);
}

// The intervals are about what another seed would give: 200 of them, around the mean of all.
void tst_Lime::intervalsCover()
{
    Random random(3, "lime test");
    std::vector<EffectColumn> columns, at;
    for (int column = 0; column < 5; ++column) {
        std::vector<double> values(300);
        for (double& value : values)
            value = random.normal();
        columns.push_back(numberColumn("x" + std::to_string(column), values));
        at.push_back(numberColumn(columns.back().name, {values[7]}));
    }
    const auto model = [](const Row& row) { return std::vector<double>{std::tanh(row[0] + row[1] * row[2]) + 0.3 * row[3] + std::abs(row[4]) * row[0]}; };
    const Lime lime(FunctionRows(columns, 1, model));
    const FunctionRows rows(at, 1, model);
    constexpr std::size_t repeats = 200;
    std::vector<Attributions> all;
    for (std::size_t repeat = 0; repeat < repeats; ++repeat)
        all.push_back(explained(lime, rows, {500, 0, 1000 + repeat}));
    double inside = 0.0;
    for (std::size_t column = 0; column < 5; ++column) {
        double mean = 0.0;
        for (const Attributions& one : all)
            mean += one.values[column] / repeats;
        for (const Attributions& one : all)
            inside += std::abs(one.values[column] - mean) <= 1.96 * one.errors[column] ? 1.0 : 0.0;
    }
    const double share = inside / (5.0 * repeats);
    QVERIFY2(share > 0.92 && share < 0.98, qPrintable(QString::number(share)));
}

void tst_Lime::sameSeedSameBytes()
{
    const FunctionRows rows({numberColumn("x", ramp(50)), categoryColumn("c", std::vector<double>(50, 0.0), {"a"})}, 1, first);
    const Attributions one = explained(Lime(rows), rows, {300, 10, 8}), same = explained(Lime(rows), rows, {300, 10, 8}), other = explained(Lime(rows), rows, {300, 10, 9});
    QVERIFY(one.values == same.values && one.errors == same.errors && one.fit == same.fit);
    QVERIFY(one.values != other.values);
}

void tst_Lime::rowsDoNotDependOnOthers()
{
    const FunctionRows rows({numberColumn("x", {3, 17, 42}), numberColumn("z", {4, 2, 30})}, 1, first);
    const FunctionRows alone({numberColumn("x", {42}), numberColumn("z", {30})}, 1, first);
    const Lime lime(FunctionRows({numberColumn("x", ramp(50)), numberColumn("z", ramp(50))}, 1, first));
    Task task;
    const Attributions all = lime.explain(rows, std::vector<std::size_t>{5, 6, 7}, {0.0}, {400, 0, 1}, task);
    const Attributions one = lime.explain(alone, std::vector<std::size_t>{7}, {0.0}, {400, 0, 1}, task);
    for (std::size_t column = 0; column < 2; ++column) {
        QCOMPARE(one.values[column], all.values[4 + column]);
        QCOMPARE(one.errors[column], all.errors[4 + column]);
    }
    QCOMPARE(one.fit[0], all.fit[2]);
    QCOMPARE(one.predictions[0], 42.0);
}

void tst_Lime::gaps()
{
    std::vector<double> x = ramp(100);
    for (std::size_t i = 0; i < 100; i += 2)
        x[i] = gap;
    const auto isGap = [](const Row& row) { return std::vector<double>{std::isnan(row[0]) ? 1.0 : 0.0}; };
    const Lime lime(FunctionRows({numberColumn("x", x)}, 1, isGap));
    const Attributions found = explained(lime, FunctionRows({numberColumn("x", {gap})}, 1, isGap), {2000, 0, 1});
    QVERIFY(std::abs(found.values[0] - 1.0) < 0.01);
    QVERIFY(found.fit[0] > 0.999);
    // A column without a value in the background.
    const FunctionRows none({numberColumn("x", {gap, gap}), numberColumn("z", {1, 2})}, 1, isGap);
    const Attributions nothing = explained(Lime(none), none, {100, 0, 1});
    QCOMPARE(nothing.values[0], 0.0);
    QCOMPARE(nothing.fit[0], 1.0);
}

// A level that the background does not have is like no sample: the row alone speaks for it, and the error says so.
void tst_Lime::unknownLevel()
{
    const auto isNew = [](const Row& row) { return std::vector<double>{row[0]}; };
    const Lime lime(FunctionRows({categoryColumn("c", {0, 0, 1, 1}, {"a", "b"})}, 1, isNew));
    const Attributions found = explained(lime, FunctionRows({categoryColumn("c", {0}, {"new"})}, 1, isNew), {500, 0, 1});
    QVERIFY(std::isfinite(found.values[0]) && std::isfinite(found.errors[0]));
    // Levels are matched by name: "b" is number 0 here, and the answer of the samples that have it is 1.
    const Attributions named = explained(lime, FunctionRows({categoryColumn("c", {0}, {"b"})}, 1, isNew), {2000, 0, 1});
    QVERIFY(named.values[0] > 0.98);
}

void tst_Lime::constants()
{
    const FunctionRows rows({numberColumn("x", ramp(40)), numberColumn("k", std::vector<double>(40, 7.0))}, 1, first);
    const Attributions found = explained(Lime(rows), rows, {300, 0, 1});
    for (std::size_t row = 0; row < 40; ++row) {
        QCOMPARE(found.values[row * 2 + 1], 0.0);
        QCOMPARE(found.errors[row * 2 + 1], 0.0);
        QVERIFY(found.values[row * 2] != 0.0);
    }
    // A model that always says the same is met, however its number rounds.
    const FunctionRows same({numberColumn("x", ramp(40))}, 1, [](const Row&) { return std::vector<double>{0.1}; });
    for (const double fit : explained(Lime(same), same, {300, 0, 1}).fit)
        QCOMPARE(fit, 1.0);
}

void tst_Lime::oneRowBackground()
{
    const FunctionRows background({numberColumn("x", {2}), categoryColumn("c", {0}, {"a"})}, 1, first);
    const Attributions same = explained(Lime(background), background, {100, 10, 1});
    QCOMPARE(same.values, (std::vector<double>{0, 0}));
    const Attributions other = explained(Lime(background), FunctionRows({numberColumn("x", {9}), categoryColumn("c", {0}, {"b"})}, 1, first), {100, 10, 1});
    QVERIFY(std::isfinite(other.values[0]) && std::isfinite(other.errors[0]) && std::isfinite(other.fit[0]));
}

void tst_Lime::severalOutputs()
{
    const auto both = [](const Row& row) { return std::vector<double>{row[0], -3.0 * row[0]}; };
    const FunctionRows rows({numberColumn("x", ramp(50)), numberColumn("z", ramp(50))}, 2, both);
    const FunctionRows single({numberColumn("x", ramp(50)), numberColumn("z", ramp(50))}, 1, first);
    const Attributions two = explained(Lime(rows), rows, {300, 1, 1}), one = explained(Lime(single), single, {300, 1, 1});
    for (std::size_t row = 0; row < 50; ++row) {
        for (std::size_t column = 0; column < 2; ++column) {
            QCOMPARE(two.values[row * 4 + column], one.values[row * 2 + column]);
            QVERIFY(std::abs(two.values[row * 4 + 2 + column] + 3.0 * one.values[row * 2 + column]) < 1e-9);
        }
        QVERIFY(std::abs(two.fit[row * 2] - two.fit[row * 2 + 1]) < 1e-9);
    }
}

void tst_Lime::keepsSoMany_data()
{
    QTest::addColumn<int>("features");
    QTest::addColumn<int>("kept");
    QTest::newRow("one") << 1 << 1;
    QTest::newRow("forward") << 3 << 3;
    QTest::newRow("highest weights") << 7 << 7;
    QTest::newRow("more than there are") << 30 << 8;
    QTest::newRow("all") << 0 << 8;
}

void tst_Lime::keepsSoMany()
{
    QFETCH(int, features);
    QFETCH(int, kept);
    std::vector<EffectColumn> columns;
    for (int column = 0; column < 8; ++column)
        columns.push_back(numberColumn("x" + std::to_string(column), ramp(30)));
    // Column 5 counts most.
    const FunctionRows rows(columns, 1, [](const Row& row) { return std::vector<double>{row[5] * 4 + row[2] + row[0] * row[1]/ 60}; });
    const Attributions found = explained(Lime(rows), rows, {500, std::size_t(features), 1});
    QCOMPARE(std::count_if(found.values.begin(), found.values.begin() + 8, [](double value) { return value != 0.0; }), kept);
    QVERIFY(found.values[5] != 0.0);
}

// A text is as in the row in every second sample.
void tst_Lime::texts()
{
    std::size_t own = 0, others = 0;
    const auto watch = [&](const Row& row) {
        (row[0] == 100 ? own : others) += 1;
        return std::vector<double>{row[0] == 100 ? 2.0 : 0.0};
    };
    const Lime lime(FunctionRows({{"t", ColumnType::Text, ramp(10), {}}}, 1, watch));
    const Attributions found = explained(lime, FunctionRows({{"t", ColumnType::Text, {100}, {}}}, 1, watch), {4000, 0, 1});
    QVERIFY(std::abs(double(own) - 2000.0) < 4 * std::sqrt(1000.0));
    QCOMPARE(own + others, std::size_t(4000));
    QVERIFY(std::abs(found.values[0] - 2.0) < 0.01);
}

void tst_Lime::badBudgets()
{
    const FunctionRows rows({numberColumn("x", ramp(5))}, 1, first);
    QCOMPARE(errorNameOf([&] { explained(Lime(rows), rows, {3, 0, 1}); }), std::string("OptionInvalid"));
    QCOMPARE(errorNameOf([&] { checkLime({limeCells / 10 + 1, 0, 1}, 10); }), std::string("OptionInvalid"));
    checkLime({limeCells / 10, 0, 1}, 10);
    checkLime({}, 6000);
}

void tst_Lime::canBeCancelled()
{
    Task task;
    const auto cancel = [&](const Row& row) {
        task.cancel();
        return first(row);
    };
    const FunctionRows rows({numberColumn("x", ramp(5))}, 1, cancel);
    QVERIFY_EXCEPTION_THROWN(Lime(rows).explain(rows, std::vector<std::size_t>{0, 1, 2, 3, 4}, {0.0}, {1000, 0, 1}, task), Cancelled);
}

QTEST_GUILESS_MAIN(tst_Lime)
#include "tst_lime.moc"
