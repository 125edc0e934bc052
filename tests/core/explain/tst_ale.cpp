#include "core/base/File.h"
#include "core/base/Random.h"
#include "core/explain/Ale.h"
#include "core/explain/LevelOrder.h"
#include "tests/core/explain/TestEffects.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace limpid;
using nlohmann::json;
using test::FunctionRows;
using test::numberColumn;

class tst_Ale : public QObject
{
    Q_OBJECT

private slots:
    void fixture_data();
    void fixture();
    void correlatedColumnsStayTogether();
    void levelsByHand();
    void orderOfLevels();
    void gapsAreLeftOut();
    void oneValue();
    void fewRows_data();
    void fewRows();
    void errorsCover();
    void badOptions();
    void cancel();
};

void tst_Ale::fixture_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<int>("bins");
    QTest::newRow("x0, adaptive") << 0 << 0;
    QTest::newRow("x1, adaptive") << 1 << 0;
    QTest::newRow("x2, four values") << 2 << 0;
    QTest::newRow("x0, 40 bins") << 0 << 40;
}

void tst_Ale::fixture()
{
    // alibi's grid and curves for f = x0² + 2·x1·x0 + sin(3·x2) (pdp_ale.json).
    LIMPID_NEED_SHARED(path, "fixtures/explain/pdp_ale.json");
    QFETCH(int, column);
    QFETCH(int, bins);
    const json all = json::parse(readFile(path));
    std::vector<EffectColumn> columns;
    for (std::size_t i = 0; i < 3; ++i) {
        std::vector<double> values;
        for (const json& row : all["X"])
            values.push_back(row[i].get<double>());
        columns.push_back(numberColumn("x" + std::to_string(i), values));
    }
    const FunctionRows model(columns, 1, [](const std::vector<double>& x) {
        return std::vector{x[0] * x[0] + 2.0 * x[1] * x[0] + std::sin(3.0 * x[2])};
    });
    const json& expected = bins > 0 ? all["ale_40_quantile_bins"] : all["ale_alibi_adaptive"][std::to_string(column)];
    const double tolerance = all["tol"].get<double>();
    Task task;
    const AccumulatedEffects effects = accumulatedEffects(model, std::size_t(column), {std::size_t(bins), 4}, task);
    QCOMPARE(effects.grid.size(), expected["grid"].size());
    for (std::size_t point = 0; point < effects.grid.size(); ++point) {
        QVERIFY(std::abs(effects.grid[point] - expected["grid"][point].get<double>()) <= tolerance);
        QVERIFY2(std::abs(effects.at(point, 0) - expected["ale"][point].get<double>()) <= tolerance,
                 qPrintable(QString::number(effects.at(point, 0) - expected["ale"][point].get<double>())));
    }
    QVERIFY(std::abs(effects.offsets[0] - expected["ale0"][0].get<double>()) <= tolerance);
    QCOMPARE(std::accumulate(effects.counts.begin(), effects.counts.end(), std::size_t{0}), std::size_t{300});
    QCOMPARE(effects.modelRows, std::uint64_t{600});
}

void tst_Ale::correlatedColumnsStayTogether()
{
    // x1 = x0, and a model that is wild where they differ: partial dependence would go there, ALE must not. Inside a bin of
    // width 1/40 the two differ by less than 0.03.
    std::vector<double> x;
    for (int i = 0; i < 400; ++i)
        x.push_back(i / 399.0);
    const FunctionRows model({numberColumn("x0", x), numberColumn("x1", x)}, 1, [](const std::vector<double>& row) {
        return std::vector{row[0] + (std::abs(row[0] - row[1]) > 0.03 ? 1000.0 : 0.0)};
    });
    Task task;
    const AccumulatedEffects effects = accumulatedEffects(model, 0, {40, 4}, task);
    for (std::size_t point = 0; point < effects.grid.size(); ++point)
        QVERIFY(std::abs(effects.at(point, 0) - (effects.grid[point] - 0.5)) < 1e-9);
}

void tst_Ale::levelsByHand()
{
    // Two levels; f = level·a. Moving the a = 1, 2 rows of level 0 up and the a = 6 row of level 1 down: the step is
    // (1 + 2 + 6)/3 = 3. Centred by the levels' rows: 2/3·0 + 1/3·3 = 1 is taken off.
    const FunctionRows model({test::categoryColumn("c", {0, 1, 0}, {"no", "yes"}), numberColumn("a", {1, 6, 2})}, 1,
                             [](const std::vector<double>& row) { return std::vector{row[0] * row[1]}; });
    Task task;
    const AccumulatedEffects effects = accumulatedEffects(model, 0, {}, task);
    QCOMPARE(effects.levels, (std::vector<std::string>{"no", "yes"}));
    QCOMPARE(effects.counts, (std::vector<std::size_t>{2, 1}));
    QVERIFY(std::abs(effects.at(0, 0) + 1.0) < 1e-12);
    QVERIFY(std::abs(effects.at(1, 0) - 2.0) < 1e-12);
    // The step's variance is that of 1, 2, 6 over 3, 7/3; its share in the values is −1/3 and 2/3.
    QVERIFY(std::abs(effects.errors[0] - std::sqrt(7.0 / 3.0) / 3.0) < 1e-12);
    QVERIFY(std::abs(effects.errors[1] - std::sqrt(7.0 / 3.0) * 2.0 / 3.0) < 1e-12);
}

void tst_Ale::orderOfLevels()
{
    // Levels stand in the file as c, a, d, b.
    std::vector<double> level, spread, noise;
    const double place[] = {3, 1, 4, 2};
    for (int i = 0; i < 200; ++i) {
        level.push_back(i % 4);
        spread.push_back(place[i % 4] + 0.1 * (i / 4));
        noise.push_back(i / 4 % 7);
    }
    const FunctionRows model({test::categoryColumn("c", level, {"c", "a", "d", "b"}), numberColumn("spread", spread), numberColumn("noise", noise)}, 1,
                             [](const std::vector<double>& row) { return std::vector{row[0] == 2.0 ? 5.0 : 0.0}; });
    Task task;
    const AccumulatedEffects effects = accumulatedEffects(model, 0, {}, task);
    // Only the level d differs, by 5, and the mean over the rows is 0.
    for (std::size_t point = 0; point < 4; ++point)
        QVERIFY(std::abs(effects.at(point, 0) - (effects.levels[point] == "d" ? 3.75 : -1.25)) < 1e-12);

    // A number whose ranges overlap says how near the levels are, a < b < c < d; the order or its reverse is found.
    const std::vector<std::size_t> found = levelOrder(model, 0, task);
    const std::vector<std::size_t> upwards{1, 3, 0, 2}, downwards{2, 0, 3, 1};
    QVERIFY(found == upwards || found == downwards);
    QCOMPARE(levelOrder(model, 0, task), found);
}

void tst_Ale::gapsAreLeftOut()
{
    const FunctionRows model({numberColumn("x", {1, test::gap, 2, 3})}, 1,
                             [](const std::vector<double>& row) { return std::vector{std::isnan(row[0]) ? 1e9 : 2.0 * row[0]}; });
    Task task;
    const AccumulatedEffects effects = accumulatedEffects(model, 0, {}, task);
    QCOMPARE(effects.missing, std::size_t{1});
    // Bins (1, 2] with the rows 1 and 2, and (2, 3] with 3: offset (1 + 1 + 3)/3.
    const double offset = 5.0 / 3.0;
    QVERIFY(std::abs(effects.at(0, 0) + offset) < 1e-12);
    QVERIFY(std::abs(effects.at(2, 0) - (4.0 - offset)) < 1e-12);
    QVERIFY(std::isnan(effects.errors[0])); // one row says nothing of its step's error
    QCOMPARE(test::errorNameOf([&] {
        Task other;
        accumulatedEffects(FunctionRows({numberColumn("x", {test::gap})}, 1, [](const auto& row) { return row; }), 0, {}, other);
    }), std::string("ColumnAllMissing"));
}

void tst_Ale::oneValue()
{
    const FunctionRows model({numberColumn("x", {5, 5, 5})}, 1, [](const std::vector<double>& row) { return row; });
    Task task;
    const AccumulatedEffects effects = accumulatedEffects(model, 0, {}, task);
    QCOMPARE(effects.grid, (std::vector<double>{5}));
    QCOMPARE(effects.values, (std::vector<double>{0}));
    QCOMPARE(effects.range(0), 0.0);
    QCOMPARE(model.calls, std::uint64_t{0});
}

void tst_Ale::fewRows_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("bins");
    for (const int rows : {1, 2, 3, 11, 12, 13, 25})
        for (const int bins : {0, 2, 40})
            QTest::addRow("%d rows, %d bins", rows, bins) << rows << bins;
}

void tst_Ale::fewRows()
{
    // A straight line stays one, whatever the bins.
    QFETCH(int, rows);
    QFETCH(int, bins);
    std::vector<double> x;
    for (int i = 0; i < rows; ++i)
        x.push_back(i * i);
    const FunctionRows model({numberColumn("x", x)}, 1, [](const std::vector<double>& row) { return std::vector{3.0 * row[0]}; });
    Task task;
    const AccumulatedEffects effects = accumulatedEffects(model, 0, {std::size_t(bins), 4}, task);
    QCOMPARE(effects.grid.front(), 0.0);
    QCOMPARE(effects.grid.back(), double((rows - 1) * (rows - 1)));
    // Bins of values between two quantiles may be empty and then add nothing; all the others have the slope.
    for (std::size_t point = 1; point < effects.grid.size(); ++point) {
        const double rise = effects.counts[point - 1] > 0 ? 3.0 * (effects.grid[point] - effects.grid[point - 1]) : 0.0;
        QVERIFY(std::abs(effects.at(point, 0) - effects.at(point - 1, 0) - rise) < 1e-9);
    }
}

void tst_Ale::errorsCover()
{
    // Rows drawn 200 times from x ~ uniform on ten values, a ~ normal, f = x·a: the truth is 0 at every point. The intervals of
    // 95 % must hold it about that often; ± 4 deviations of a binomial are 6 %.
    int inside = 0, all = 0;
    for (int repeat = 0; repeat < 200; ++repeat) {
        Random random(std::uint64_t(repeat), "rows");
        std::vector<double> x, a;
        for (int i = 0; i < 300; ++i) {
            x.push_back(double(random.below(10)));
            a.push_back(random.normal());
        }
        const FunctionRows model({numberColumn("x", x), numberColumn("a", a)}, 1,
                                 [](const std::vector<double>& row) { return std::vector{row[0] * row[1]}; });
        Task task;
        const AccumulatedEffects effects = accumulatedEffects(model, 0, {}, task);
        inside += std::abs(effects.at(9, 0)) < 1.96 * effects.errors[9] ? 1 : 0;
        ++all;
    }
    QVERIFY2(inside > 0.89 * all && inside < 0.995 * all, qPrintable(QString::number(inside)));
}

void tst_Ale::badOptions()
{
    const FunctionRows model({numberColumn("x", {1, 2, 3})}, 1, [](const std::vector<double>& row) { return row; });
    Task task;
    QCOMPARE(test::errorNameOf([&] { accumulatedEffects(model, 0, {1, 4}, task); }), std::string("OptionInvalid"));
    std::vector<double> codes;
    std::vector<std::string> levels;
    for (std::size_t i = 0; i <= maxOrderedLevels; ++i) {
        codes.push_back(double(i));
        levels.push_back(std::to_string(i));
    }
    const FunctionRows many({test::categoryColumn("c", codes, levels)}, 1, [](const std::vector<double>& row) { return row; });
    QCOMPARE(test::errorNameOf([&] { accumulatedEffects(many, 0, {}, task); }), std::string("OptionInvalid"));
}

void tst_Ale::cancel()
{
    const FunctionRows model({numberColumn("x", {1, 2, 3})}, 1, [](const std::vector<double>& row) { return row; });
    Task task;
    task.cancel();
    QVERIFY_EXCEPTION_THROWN(accumulatedEffects(model, 0, {}, task), Cancelled);
}

QTEST_GUILESS_MAIN(tst_Ale)
#include "tst_ale.moc"
