#include "core/base/File.h"
#include "core/explain/GroupedGame.h"
#include "core/explain/LinearShap.h"
#include "tests/core/explain/TestGames.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

// Linear models. Expected numbers: shap 0.52's LinearExplainer (../shared/fixtures/explain/linear.json; correlations by
// 20,000 permutations), and cases with a closed form.

using namespace limpid;
using nlohmann::json;

namespace {

using Matrix = std::vector<std::vector<double>>;

std::vector<double> flat(const json& matrix)
{
    std::vector<double> values;
    for (const auto& row : matrix.get<Matrix>())
        values.insert(values.end(), row.begin(), row.end());
    return values;
}

double worst(const std::vector<double>& a, const std::vector<double>& b)
{
    double gap = a.size() == b.size() ? 0.0 : 1e9;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        gap = std::max(gap, std::abs(a[i] - b[i]));
    return gap;
}

} // namespace

class tst_LinearShap : public QObject
{
    Q_OBJECT

private slots:
    void interventional();
    void outputs();
    void correlated_data();
    void correlated();
    void pair();
    void uncorrelated();
    void copies();
    void constantFeature();
    void groups();
    void invalid();
};

void tst_LinearShap::interventional()
{
    LIMPID_NEED_SHARED(path, "fixtures/explain/linear.json");
    const json fixture = json::parse(readFile(path));
    const LinearModel model{fixture["coef"].get<std::vector<double>>(), {fixture["intercept"].get<double>()}};
    const FeatureMoments moments = momentsOf(flat(fixture["background"]), fixture["background"].size(), 4);
    QVERIFY(worst(moments.mean, fixture["mean"].get<std::vector<double>>()) < 1e-12);
    QVERIFY(worst(moments.covariance, flat(fixture["cov"])) < 1e-12);
    const ShapleyValues result = linearShapley(model, moments.mean, flat(fixture["rows"]));
    const double tolerance = fixture["tol"]["interventional"];
    QVERIFY(worst(result.values, flat(fixture["interventional"])) <= tolerance);
    for (const double base : result.base)
        QVERIFY(std::abs(base - fixture["expected"].get<double>()) <= tolerance);
    QVERIFY(test::additivityGap(result, 4) <= 1e-12);
}

void tst_LinearShap::outputs()
{
    const LinearModel model{{1, 2, 3, 4, 5, 6}, {10, 20}};
    const ShapleyValues result = linearShapley(model, {1, 1, 1}, {2, 1, 0, 1, 1, 1});
    QCOMPARE(result.base, (std::vector<double>{16, 35, 16, 35}));
    QCOMPARE(result.full, (std::vector<double>{14, 33, 16, 35}));
    QCOMPARE(result.values, (std::vector<double>{1, 0, -3, 4, 0, -6, 0, 0, 0, 0, 0, 0}));
    QCOMPARE(result.errors, std::vector<double>(12, 0.0));
}

void tst_LinearShap::correlated_data()
{
    QTest::addColumn<QString>("method");
    for (const std::string& method : shapleyMethods())
        QTest::addRow("%s", method.c_str()) << QString::fromStdString(method);
}

void tst_LinearShap::correlated()
{
    QFETCH(QString, method);
    LIMPID_NEED_SHARED(path, "fixtures/explain/linear.json");
    const json fixture = json::parse(readFile(path));
    const CorrelatedLinearGame game({fixture["coef"].get<std::vector<double>>(), {fixture["intercept"].get<double>()}},
                                    {fixture["mean"].get<std::vector<double>>(), flat(fixture["cov"])}, flat(fixture["rows"]));
    Task task;
    const ShapleyValues result = shapley(game, {method.toStdString(), 0, 1}, task);
    // shap's own sampling error is in the tolerance; all 16 coalitions leave none here.
    const double gap = worst(result.values, flat(fixture["correlation_dependent_20000perm"]));
    QVERIFY2(gap <= fixture["tol"]["correlation_dependent"].get<double>(), qPrintable(QString::number(gap)));
    QVERIFY(test::additivityGap(result, 4) <= 1e-12);
    const std::size_t rows = game.rows();
    for (std::size_t row = 0; row < rows; ++row)
        QVERIFY(std::abs(game.valuesOfRow(row, {1, 4, {1, 1, 1, 1}}, task)[0] - result.full[row]) < 1e-12);
}

void tst_LinearShap::pair()
{
    // f = a·x, y only correlated with it, means 0, variances 1, correlation r: v({x}) = v(all) = a·x and v({y}) = a·r·y, so
    // φ_x = a·x − a·r·y/2 and φ_y = a·r·y/2.
    const double a = 3.0, r = 0.6, x = 1.5, y = -0.5;
    const CorrelatedLinearGame game({{a, 0.0}, {1.0}}, {{0, 0}, {1, r, r, 1}}, {x, y});
    Task task;
    const ShapleyValues result = exactShapley(game, task);
    QVERIFY(std::abs(result.values[0] - (a * x - a * r * y / 2)) < 1e-12);
    QVERIFY(std::abs(result.values[1] - a * r * y / 2) < 1e-12);
}

void tst_LinearShap::uncorrelated()
{
    // Without correlations both kinds are one. 18 features: sampled.
    constexpr std::size_t n = 18;
    Random random(3, "test");
    LinearModel model{{}, {0.5, -1.0}};
    FeatureMoments moments{{}, std::vector<double>(n * n, 0.0)};
    std::vector<double> rows;
    for (std::size_t i = 0; i < n; ++i) {
        moments.mean.push_back(random.normal());
        moments.covariance[i * n + i] = 0.1 + random.uniform();
        rows.push_back(random.normal());
    }
    for (std::size_t i = 0; i < 2 * n; ++i)
        model.coefficients.push_back(random.normal());
    const ShapleyValues expected = linearShapley(model, moments.mean, rows);
    for (const char* method : {"leverage", "permutation"}) {
        Task task;
        const ShapleyValues result = shapley(CorrelatedLinearGame(model, moments, rows), {method, 300, 1}, task);
        QVERIFY(worst(result.values, expected.values) < 1e-9);
        QVERIFY(worst(result.base, expected.base) < 1e-12);
    }
}

void tst_LinearShap::copies()
{
    // Two copies of one feature know the same, so they share it evenly whichever of them the model uses.
    const CorrelatedLinearGame game({{2.0, 0.0, 1.0}, {0.0}}, {{1, 1, 0}, {4, 4, 0, 4, 4, 0, 0, 0, 1}}, {3, 3, -1});
    Task task;
    const ShapleyValues result = exactShapley(game, task);
    QVERIFY(worst(result.values, {2.0, 2.0, -1.0}) < 1e-12);
}

void tst_LinearShap::constantFeature()
{
    // A background that never varies in a feature says nothing of others by it, but the row's own value counts.
    const CorrelatedLinearGame game({{2.0, 5.0}, {0.0}}, {{0, 1}, {1, 0, 0, 0}}, {3, 1, 3, 2});
    QVERIFY(!game.varies(0, 1));
    QVERIFY(game.varies(1, 1));
    Task task;
    QVERIFY(worst(exactShapley(game, task).values, {6, 0, 6, 5}) < 1e-12);
}

void tst_LinearShap::groups()
{
    // x and its copy as one player, beside an independent one.
    const CorrelatedLinearGame game({{2.0, 0.0, 1.0}, {0.0}}, {{1, 1, 0}, {4, 4, 0, 4, 4, 0, 0, 0, 1}}, {3, 3, -1});
    Task task;
    const ShapleyValues result = exactShapley(GroupedGame(game, {{"x", {0, 1}}, {"z", {2}}}), task);
    QVERIFY(worst(result.values, {4.0, -1.0}) < 1e-12);
}

void tst_LinearShap::invalid()
{
    const auto nameOf = [](const LinearModel& model, const FeatureMoments& moments, const std::vector<double>& rows) {
        return test::errorNameOf([&] { CorrelatedLinearGame(model, moments, rows); });
    };
    QCOMPARE(nameOf({{1, 2, 3}, {0}}, {{0, 0}, {1, 0, 0, 1}}, {1, 1}), std::string("OptionInvalid"));
    QCOMPARE(nameOf({{1, 2}, {0}}, {{0, 0}, {1, 0, 1}}, {1, 1}), std::string("OptionInvalid"));
    QCOMPARE(nameOf({{1, 2}, {0}}, {{0, 0}, {1, 0, 0, 1}}, {1, 1, 1}), std::string("OptionInvalid"));
    QCOMPARE(test::errorNameOf([] { linearShapley({{}, {0}}, {}, {}); }), std::string("OptionInvalid"));
}

QTEST_GUILESS_MAIN(tst_LinearShap)
#include "tst_linearshap.moc"
