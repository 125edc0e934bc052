#include "core/base/File.h"
#include "core/explain/Ale.h"
#include "core/explain/PartialDependence.h"
#include "tests/core/explain/TestEffects.h"
#include "tests/core/explain/TestPredictor.h"

#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace limpid;
using nlohmann::json;
using test::FunctionRows;
using test::numberColumn;

class tst_PartialDependence : public QObject
{
    Q_OBJECT

private slots:
    void fixture();
    void grids_data();
    void grids();
    void categories();
    void centred();
    void errorOfTheMean();
    void ownUnits();
    void textsAreRefused();
    void badOptions_data();
    void badOptions();
    void chunks();
    void cancel();
};

void tst_PartialDependence::fixture()
{
    // f = x0² + 2·x1·x0 + sin(3·x2), curves by numpy in double (pdp_ale.json).
    LIMPID_NEED_SHARED(path, "fixtures/explain/pdp_ale.json");
    const json expected = json::parse(readFile(path));
    std::vector<EffectColumn> columns;
    for (std::size_t column = 0; column < 3; ++column) {
        std::vector<double> values;
        for (const json& row : expected["X"])
            values.push_back(row[column].get<double>());
        columns.push_back(numberColumn("x" + std::to_string(column), values));
    }
    const FunctionRows model(columns, 1, [](const std::vector<double>& x) {
        return std::vector{x[0] * x[0] + 2.0 * x[1] * x[0] + std::sin(3.0 * x[2])};
    });
    const double tolerance = expected["tol"].get<double>();
    PartialDependenceSpec spec;
    spec.curves = true;
    Task task;
    const PartialDependence result = partialDependence(model, 0, spec, task);
    const auto grid = expected["pdp0_grid"].get<std::vector<double>>(), mean = expected["pdp0"].get<std::vector<double>>();
    QCOMPARE(result.grid.size(), grid.size());
    for (std::size_t point = 0; point < grid.size(); ++point) {
        QVERIFY2(std::abs(result.grid[point] - grid[point]) <= tolerance, qPrintable(QString::number(result.grid[point] - grid[point])));
        QVERIFY(std::abs(result.at(point, 0) - mean[point]) <= tolerance);
        for (std::size_t row = 0; row < 10; ++row)
            QVERIFY(std::abs(result.curves[row * grid.size() + point] - expected["ice0_first10"][row][point].get<double>()) <= tolerance);
    }
    QCOMPARE(result.modelRows, std::uint64_t(20 * 300));
    QCOMPARE(model.calls, std::uint64_t(20 * 300));
}

void tst_PartialDependence::grids_data()
{
    QTest::addColumn<std::vector<double>>("values");
    QTest::addColumn<bool>("quantiles");
    QTest::addColumn<int>("points");
    QTest::addColumn<double>("from");
    QTest::addColumn<std::vector<double>>("grid");
    const std::vector<double> skewed{0, 1, 2, 3, 4, 5, 6, 7, 8, 100};
    // 0, 2.25, 4.5, 6.75, 100: numpy.quantile of the shares 0, ¼, ½, ¾, 1.
    QTest::newRow("quantiles") << skewed << true << 5 << 0.0 << std::vector<double>{0, 2.25, 4.5, 6.75, 100};
    QTest::newRow("equal distances") << skewed << false << 5 << 0.0 << std::vector<double>{0, 25, 50, 75, 100};
    // From the 10 % quantile, 0.9, to the 90 % one, 8 + 0.1 · 92.
    QTest::newRow("without the ends") << skewed << false << 3 << 0.1 << std::vector<double>{0.9, 9.05, 17.2};
    QTest::newRow("few values as they are") << std::vector<double>{3, 1, 1, test::gap, 2, 3} << true << 5 << 0.05 << std::vector<double>{1, 2, 3};
    QTest::newRow("one value") << std::vector<double>{4, 4, 4} << true << 5 << 0.0 << std::vector<double>{4};
    QTest::newRow("equal quantiles once") << std::vector<double>{0, 0, 0, 0, 0, 0, 0, 1, 2, 3} << true << 3 << 0.0 << std::vector<double>{0, 3};
}

void tst_PartialDependence::grids()
{
    QFETCH(std::vector<double>, values);
    QFETCH(std::vector<double>, grid);
    QFETCH(int, points);
    QFETCH(double, from);
    QFETCH(bool, quantiles);
    const std::vector<double> found = effectGrid(numberColumn("x", values), {std::size_t(points), quantiles, from, 1.0 - from});
    QCOMPARE(found.size(), grid.size());
    for (std::size_t i = 0; i < grid.size(); ++i)
        QVERIFY2(std::abs(found[i] - grid[i]) < 1e-12, qPrintable(QString::number(found[i])));
}

void tst_PartialDependence::categories()
{
    // f = 10·level + x: each level's mean is 10·level + mean(x), whatever rows have it.
    const FunctionRows model({test::categoryColumn("c", {2, 0, 1, test::gap}, {"red", "green", "blue"}), numberColumn("x", {1, 2, 3, 6})}, 2,
                             [](const std::vector<double>& row) { return std::vector{10.0 * row[0] + row[1], -row[1]}; });
    Task task;
    const PartialDependence result = partialDependence(model, 0, {}, task);
    QCOMPARE(result.levels, (std::vector<std::string>{"red", "green", "blue"}));
    QCOMPARE(result.grid, (std::vector<double>{0, 1, 2}));
    QCOMPARE(result.mean, (std::vector<double>{3, -3, 13, -3, 23, -3}));
    QCOMPARE(result.range(0), 20.0);
    QCOMPARE(result.range(1), 0.0);
    QVERIFY(result.curves.empty());
}

void tst_PartialDependence::centred()
{
    // f = a·x with a of each row: centred curves are a·(x − first x), and begin at 0.
    const FunctionRows model({numberColumn("x", {1, 2, 4}), numberColumn("a", {1, -1, 3})}, 1,
                             [](const std::vector<double>& row) { return std::vector{row[0] * row[1]}; });
    PartialDependenceSpec spec;
    spec.curves = spec.centred = true;
    Task task;
    const PartialDependence result = partialDependence(model, 0, spec, task);
    QCOMPARE(result.curves, (std::vector<double>{0, 1, 3, 0, -1, -3, 0, 3, 9}));
    QCOMPARE(result.mean, (std::vector<double>{0, 1, 3}));
    QCOMPARE(result.errors[0], 0.0);
}

void tst_PartialDependence::errorOfTheMean()
{
    // f = x + a, a = 1, 2, 3, 6: at each point the sample variance is 14/3, so the standard error is √(14/3/4).
    const FunctionRows model({numberColumn("x", {0, 1, 0, 1}), numberColumn("a", {1, 2, 3, 6})}, 1,
                             [](const std::vector<double>& row) { return std::vector{row[0] + row[1]}; });
    Task task;
    const PartialDependence result = partialDependence(model, 0, {}, task);
    for (const double error : result.errors)
        QVERIFY(std::abs(error - std::sqrt(14.0 / 12.0)) < 1e-12);
    const FunctionRows one({numberColumn("x", {5})}, 1, [](const std::vector<double>& row) { return row; });
    QVERIFY(std::isnan(partialDependence(one, 0, {}, task).errors[0]));
}

void tst_PartialDependence::ownUnits()
{
    // A real pipeline, standardised, with a gap in x and a category as one column: the grid is in metres, not in deviations,
    // and each level of the category moves all its encoded features.
    std::vector<double> x, y;
    std::vector<std::int32_t> colour;
    for (int i = 0; i < 41; ++i) {
        x.push_back(i == 7 ? test::gap : 1000.0 + i % 5);
        colour.push_back(i % 3);
        y.push_back(i);
    }
    const Table table({Column::numbers("x", x), Column::categories("colour", colour, {"red", "green", "blue"}), Column::numbers("y", y)});
    Split split = splitRows(table, "y", {});
    PipelineSpec spec;
    spec.target = "y";
    spec.categories = "one-hot";
    Issues issues;
    const Pipeline pipeline = Pipeline::fit(table, split, spec, issues);
    const FeatureGroup numbers = pipeline.groups()[0], levels = pipeline.groups()[1];
    QCOMPARE(numbers.numberEnd - numbers.numberBegin, std::size_t{2}); // with its gap's place
    const test::FunctionPredictor model(pipeline, 1, [&](const Features& features, std::size_t row) {
        const float* values = features.numbers.data() + row * features.numberWidth;
        float level = 0.0f, ones = 0.0f;
        for (std::size_t i = levels.numberBegin; i < levels.numberEnd; ++i) {
            level += float(i - levels.numberBegin) * values[i];
            ones += values[i];
        }
        return std::vector{values[numbers.numberBegin] + 100.0f * values[numbers.numberBegin + 1] + 10.0f * level + (ones == 1.0f ? 0.0f : 1e6f)};
    });
    std::vector<std::size_t> rows(table.rows());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    const PredictorRows effects(model, table, rows, OutputSpace::Raw);
    QVERIFY(std::isnan(effects.columns()[0].values[7]));
    Task task;
    const PartialDependence along = partialDependence(effects, 0, {}, task);
    QCOMPARE(along.grid, (std::vector<double>{1000, 1001, 1002, 1003, 1004}));
    // Equal steps, and with a value put in its place the gap is no gap any more.
    double scale = along.at(1, 0) - along.at(0, 0);
    QVERIFY(scale > 0.5 && scale < 1.0); // 1 / 1.41
    QVERIFY(std::abs(along.range(0) - 4.0 * scale) < 1e-4);
    QVERIFY(std::abs(along.at(2, 0)) < 30.0);
    const PartialDependence steps = partialDependence(effects, 1, {}, task);
    QCOMPARE(steps.levels, (std::vector<std::string>{"red", "green", "blue"}));
    QVERIFY(std::abs(steps.at(1, 0) - steps.at(0, 0) - 10.0) < 1e-4);
    QVERIFY(std::abs(steps.at(2, 0) - steps.at(0, 0) - 20.0) < 1e-4);

    // Rows as they are, and a gap put back.
    const EffectValues own = effects.prepare(0, effects.columns()[0].values);
    std::vector<std::uint32_t> index(rows.begin(), rows.end());
    const Replacement same{&own, index};
    QCOMPARE(effects.predict(rows, {&same, 1}, task), effects.predict(rows, {}, task));
}

void tst_PartialDependence::textsAreRefused()
{
    std::vector<std::string> texts;
    std::vector<double> x, y;
    for (int i = 0; i < 12; ++i) {
        texts.push_back(i % 2 ? "good words" : "bad words");
        x.push_back(i % 4);
        y.push_back(i);
    }
    const Table table({test::textColumn("review", texts), Column::numbers("x", x), Column::numbers("y", y)});
    const test::FunctionPredictor model(test::fitted(table, "y"), 1, [](const Features& features, std::size_t row) {
        return std::vector{float(features.categories[row * features.categoryWidth + features.categoryWidth - 2])};
    });
    const PredictorRows effects(model, table, {0, 1, 2, 3}, OutputSpace::Raw);
    Task task;
    QCOMPARE(test::errorNameOf([&] { partialDependence(effects, 0, {}, task); }), std::string("OptionInvalid"));
    QCOMPARE(test::errorNameOf([&] { accumulatedEffects(effects, 0, {}, task); }), std::string("OptionInvalid"));
    QCOMPARE(partialDependence(effects, 1, {}, task).range(0), 0.0);
    // A whole text goes from row to row.
    const EffectValues own = effects.prepare(0, effects.columns()[0].values);
    const std::vector<std::size_t> row{0};
    const std::vector<std::uint32_t> other{1};
    const Replacement text{&own, other};
    QCOMPARE(effects.predict(row, {&text, 1}, task), effects.predict(std::vector<std::size_t>{1}, {}, task));
    QVERIFY(effects.predict(row, {}, task) != effects.predict(row, {&text, 1}, task));
    QCOMPARE(test::errorNameOf([&] { PredictorRows(model, table, {}, OutputSpace::Raw); }), std::string("TooFewRows"));
}

void tst_PartialDependence::badOptions_data()
{
    QTest::addColumn<int>("points");
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::newRow("one point") << 1 << 0.0 << 1.0;
    QTest::newRow("turned about") << 5 << 0.9 << 0.1;
    QTest::newRow("empty") << 5 << 0.5 << 0.5;
    QTest::newRow("beyond") << 5 << 0.0 << 1.5;
    QTest::newRow("no number") << 5 << test::gap << 1.0;
}

void tst_PartialDependence::badOptions()
{
    QFETCH(int, points);
    QFETCH(double, from);
    QFETCH(double, to);
    const EffectColumn column = numberColumn("x", {1, 2, 3});
    QCOMPARE(test::errorNameOf([&] { effectGrid(column, {std::size_t(points), true, from, to}); }), std::string("OptionInvalid"));
    QCOMPARE(test::errorNameOf([&] { effectGrid(numberColumn("x", {test::gap}), {}); }), std::string("ColumnAllMissing"));
}

void tst_PartialDependence::chunks()
{
    // More cells than are asked for at a time: every row and point is met once.
    std::vector<double> x, a;
    double sum = 0.0;
    for (int i = 0; i < 3001; ++i) {
        x.push_back(i % 7);
        a.push_back(i);
        sum += i;
    }
    const FunctionRows model({numberColumn("x", x), numberColumn("a", a)}, 1, [](const std::vector<double>& row) { return std::vector{row[0] + row[1]}; });
    Task task;
    const PartialDependence result = partialDependence(model, 0, {}, task);
    QCOMPARE(model.calls, std::uint64_t(7 * 3001));
    for (std::size_t point = 0; point < 7; ++point)
        QVERIFY(std::abs(result.at(point, 0) - (sum / 3001.0 + double(point))) < 1e-9);
}

void tst_PartialDependence::cancel()
{
    const FunctionRows model({numberColumn("x", {1, 2, 3})}, 1, [](const std::vector<double>& row) { return row; });
    Task task;
    task.cancel();
    QVERIFY_EXCEPTION_THROWN(partialDependence(model, 0, {}, task), Cancelled);
}

QTEST_GUILESS_MAIN(tst_PartialDependence)
#include "tst_partialdependence.moc"
