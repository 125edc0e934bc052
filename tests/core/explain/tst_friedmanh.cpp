#include "core/base/Random.h"
#include "core/explain/FriedmanH.h"
#include "tests/core/explain/TestEffects.h"
#include "tests/support/TestSupport.h"

#include <QTest>

using namespace limpid;
using test::FunctionRows;
using test::numberColumn;

namespace {

using Row = std::vector<double>;

/// Every combination of −1 and 1 in so many columns: independent and centred.
std::vector<EffectColumn> corners(std::size_t columns)
{
    std::vector<EffectColumn> all;
    for (std::size_t column = 0; column < columns; ++column) {
        std::vector<double> values;
        for (std::size_t row = 0; row < (std::size_t{1} << columns); ++row)
            values.push_back((row >> column) & 1 ? 1.0 : -1.0);
        all.push_back(numberColumn("x" + std::to_string(column), values));
    }
    return all;
}

/// Friedman and Popescu's definition, word for word: partial dependences of `set` at each row's own values, centred.
std::vector<double> dependenceAt(const std::vector<Row>& rows, const std::function<double(const Row&)>& f, const std::vector<std::size_t>& set)
{
    std::vector<double> means;
    double all = 0.0;
    for (const Row& at : rows) {
        double sum = 0.0;
        for (Row row : rows) {
            for (const std::size_t column : set)
                row[column] = at[column];
            sum += f(row);
        }
        means.push_back(sum / double(rows.size()));
        all += means.back() / double(rows.size());
    }
    for (double& mean : means)
        mean -= all;
    return means;
}

double rootOfRatio(const std::vector<double>& whole, const std::vector<double>& a, const std::vector<double>& b)
{
    double joint = 0.0, all = 0.0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        joint += (whole[i] - a[i] - b[i]) * (whole[i] - a[i] - b[i]);
        all += whole[i] * whole[i];
    }
    return std::sqrt(joint / all);
}

} // namespace

class tst_FriedmanH : public QObject
{
    Q_OBJECT

private slots:
    void byHand_data();
    void byHand();
    void bruteForce();
    void severalOutputs();
    void strongest();
    void unusedColumn();
    void errors();
    void cancel();
};

void tst_FriedmanH::byHand_data()
{
    // Of columns of ±1: a term of one column is its own partial dependence, a product of two has none of its own.
    QTest::addColumn<int>("kind");
    QTest::addColumn<double>("first");      // x0 with all others
    QTest::addColumn<double>("second");     // x1
    QTest::addColumn<double>("pair");       // x0 with x1
    QTest::addColumn<double>("strength");   // of the pair
    QTest::newRow("x0 + x1") << 0 << 0.0 << 0.0 << 0.0 << 0.0;
    QTest::newRow("x0 · x1") << 1 << 1.0 << 1.0 << 1.0 << 1.0;
    QTest::newRow("x0 + 2 · x1 · x2") << 2 << 0.0 << std::sqrt(4.0 / 5.0) << 0.0 << 0.0;
    QTest::newRow("x0 + x1 + x0 · x1 + 7") << 3 << std::sqrt(1.0 / 3.0) << std::sqrt(1.0 / 3.0) << std::sqrt(1.0 / 3.0) << 1.0;
    QTest::newRow("5") << 4 << 0.0 << 0.0 << 0.0 << 0.0;
}

void tst_FriedmanH::byHand()
{
    QFETCH(int, kind);
    QFETCH(double, first);
    QFETCH(double, second);
    QFETCH(double, pair);
    QFETCH(double, strength);
    const FunctionRows model(corners(3), 1, [kind](const Row& x) {
        const double values[] = {x[0] + x[1], x[0] * x[1], x[0] + 2.0 * x[1] * x[2], x[0] + x[1] + x[0] * x[1] + 7.0, 5.0};
        return Row{values[kind]};
    });
    Task task;
    const Interactions found = friedmanH(model, {}, task);
    QVERIFY(std::abs(found.columns[0].h[0] - first) < 1e-12);
    QVERIFY(std::abs(found.columns[1].h[0] - second) < 1e-12);
    QCOMPARE(found.pairs.size(), std::size_t{3});
    QCOMPARE(found.pairs[0].first, std::size_t{0});
    QCOMPARE(found.pairs[0].second, std::size_t{1});
    QVERIFY(std::abs(found.pairs[0].h[0] - pair) < 1e-12);
    QVERIFY(std::abs(found.pairs[0].strength[0] - strength) < 1e-12);
    QCOMPARE(found.modelRows, model.calls);
}

void tst_FriedmanH::bruteForce()
{
    // Columns that go together, more rows than fit in one chunk of cells.
    Random random(3, "rows");
    std::vector<Row> rows;
    std::vector<EffectColumn> columns{numberColumn("a", {}), numberColumn("b", {}), numberColumn("c", {})};
    for (int i = 0; i < 97; ++i) {
        const double a = random.normal(), b = 0.6 * a + random.normal(), c = double(random.below(4));
        rows.push_back({a, b, c});
        for (std::size_t column = 0; column < 3; ++column)
            columns[column].values.push_back(rows.back()[column]);
    }
    const auto f = [](const Row& x) { return x[0] * x[0] + std::sin(x[1] * x[2]) + 0.5 * x[0] * x[1] + (x[2] > 1.0 ? x[0] : 0.0); };
    const FunctionRows model(columns, 1, [&](const Row& x) { return Row{f(x)}; });
    Task task;
    const Interactions found = friedmanH(model, {{0, 1, 2}, 0}, task);
    const std::vector<double> whole = dependenceAt(rows, f, {0, 1, 2});
    const std::vector<std::size_t> others[] = {{1, 2}, {0, 2}, {0, 1}};
    for (std::size_t column = 0; column < 3; ++column) {
        const double expected = rootOfRatio(whole, dependenceAt(rows, f, {column}), dependenceAt(rows, f, others[column]));
        QVERIFY(expected > 0.1);
        QVERIFY(std::abs(found.columns[column].h[0] - expected) < 1e-10);
    }
    QCOMPARE(found.pairs.size(), std::size_t{3});
    for (const Interactions::Pair& pair : found.pairs) {
        const double expected = rootOfRatio(dependenceAt(rows, f, {pair.first, pair.second}), dependenceAt(rows, f, {pair.first}), dependenceAt(rows, f, {pair.second}));
        QVERIFY(expected > 0.1);
        QVERIFY(std::abs(pair.h[0] - expected) < 1e-10);
    }
}

void tst_FriedmanH::severalOutputs()
{
    const FunctionRows model(corners(2), 2, [](const Row& x) { return Row{x[0] + x[1], x[0] * x[1]}; });
    Task task;
    const Interactions found = friedmanH(model, {}, task);
    QVERIFY(std::abs(found.columns[1].h[0]) < 1e-12 && std::abs(found.columns[1].h[1] - 1.0) < 1e-12);
    QVERIFY(std::abs(found.pairs[0].h[0]) < 1e-12 && std::abs(found.pairs[0].h[1] - 1.0) < 1e-12);
}

void tst_FriedmanH::strongest()
{
    // Only x1 and x3 interact: with the strongest two, theirs is the one pair.
    const FunctionRows model(corners(4), 1, [](const Row& x) { return Row{x[0] + x[2] + x[1] * x[3]}; });
    Task task;
    const Interactions found = friedmanH(model, {{}, 2}, task);
    QCOMPARE(found.columns.size(), std::size_t{4});
    QCOMPARE(found.pairs.size(), std::size_t{1});
    QCOMPARE(found.pairs[0].first, std::size_t{1});
    QCOMPARE(found.pairs[0].second, std::size_t{3});
    // Named in another order: columns as named, a pair by their places.
    const Interactions named = friedmanH(model, {{3, 1}, 0}, task);
    QCOMPARE(named.columns[0].column, std::size_t{3});
    QCOMPARE(named.pairs[0].first, std::size_t{1});
}

void tst_FriedmanH::unusedColumn()
{
    // Rounding noise of float32 is no interaction, however large its share of nothing.
    const FunctionRows model(corners(3), 1, [](const Row& x) { return Row{x[0] + 1e-8 * x[1] * x[2]}; });
    Task task;
    const Interactions found = friedmanH(model, {}, task);
    for (const Interactions::Pair& pair : found.pairs) {
        if (pair.first == 1)
            QCOMPARE(pair.h[0], 0.0);
        QVERIFY(pair.strength[0] < 1e-7);
    }
}

void tst_FriedmanH::errors()
{
    const FunctionRows one({numberColumn("x", {1})}, 1, [](const Row& x) { return x; });
    Task task;
    QCOMPARE(test::errorNameOf([&] { friedmanH(one, {}, task); }), std::string("TooFewRows"));
}

void tst_FriedmanH::cancel()
{
    Task task;
    const FunctionRows model(corners(3), 1, [&task](const Row& x) {
        task.cancel();
        return Row{x[0]};
    });
    QVERIFY_EXCEPTION_THROWN(friedmanH(model, {}, task), Cancelled);
    QVERIFY(model.calls < 3);
}

QTEST_GUILESS_MAIN(tst_FriedmanH)
#include "tst_friedmanh.moc"
