#include "core/base/File.h"
#include "core/explain/KernelShap.h"
#include "tests/core/explain/FixtureGame.h"
#include "tests/support/TestSupport.h"

#include <QTest>

// Against shap 0.52, by the numbers in ../shared/fixtures/explain (shapley_small.json, kernel_sampled.json).

using namespace limpid;
using nlohmann::json;

namespace {

using test::Matrix;
using test::MlpGame;

json load(const std::filesystem::path& path)
{
    return json::parse(readFile(path));
}

/// Largest difference from expected[row][player][output] (or [row][player]: the first output).
double worst(const ShapleyValues& result, const json& expected, std::size_t outputs)
{
    double gap = 0.0;
    const std::size_t players = expected[0].size();
    for (std::size_t row = 0; row < expected.size(); ++row) {
        for (std::size_t player = 0; player < players; ++player) {
            for (std::size_t output = 0; output < outputs; ++output) {
                const json& cell = expected[row][player];
                const double value = result.values[(row * outputs + output) * players + player];
                if (cell.is_array())
                    gap = std::max(gap, std::abs(value - cell[output].get<double>()));
                else if (output == 0)
                    gap = std::max(gap, std::abs(value - cell.get<double>()));
            }
        }
    }
    return gap;
}

} // namespace

class tst_ShapleyFixtures : public QObject
{
    Q_OBJECT

private slots:
    void small_data();
    void small();
    void permutation();
    void plans();
    void solves();
};

void tst_ShapleyFixtures::small_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("baseKey");
    QTest::addColumn<QString>("method");
    QTest::newRow("exact") << "exact" << "exact_base" << "exact";
    QTest::newRow("kernel") << "kernel_full" << "kernel_expected" << "kernel";
    QTest::newRow("kernel, logit") << "kernel_logit_full" << "kernel_logit_expected" << "kernel";
    QTest::newRow("exact, logit") << "exact_sigmoid0_logit_nonlinear" << "" << "exact";
    QTest::newRow("kernel, weighted background") << "kernel_weighted" << "kernel_weighted_expected" << "kernel";
    QTest::newRow("kernel, groups") << "kernel_groups" << "" << "kernel";
    QTest::newRow("kernel, a constant column") << "kernel_const5" << "" << "kernel";
    // Enumerated, every method is the exact one.
    QTest::newRow("leverage, groups") << "kernel_groups" << "" << "leverage";
    QTest::newRow("leverage, a constant column") << "kernel_const5" << "" << "leverage";
    QTest::newRow("permutation, weighted background") << "kernel_weighted" << "kernel_weighted_expected" << "permutation";
}

void tst_ShapleyFixtures::small()
{
    QFETCH(QString, key);
    QFETCH(QString, baseKey);
    QFETCH(QString, method);
    LIMPID_NEED_SHARED(path, "fixtures/explain/shapley_small.json");
    const json fixture = load(path);
    const bool constant = key.contains("const5");
    MlpGame mlp(fixture, fixture[constant ? "rows_const5" : "rows"].get<Matrix>(),
                fixture[constant ? "background_const5" : "background"].get<Matrix>());
    if (key.contains("logit"))
        mlp.logit();
    if (key.contains("weighted"))
        mlp.weights(fixture["background_weights"].get<std::vector<double>>());
    if (key.contains("groups"))
        mlp.groups(fixture["groups"].get<std::vector<std::vector<std::size_t>>>());
    const auto game = mlp.game();

    Task task;
    const ShapleyValues result = shapley(game, {method.toStdString(), 0, 1}, task);
    const double tolerance = fixture["tol"][method == "kernel" ? "kernel" : "exact"];
    const double gap = worst(result, fixture[key.toStdString()], 2);
    QVERIFY2(gap <= tolerance, qPrintable(QString::number(gap)));
    QVERIFY(test::additivityGap(result, game.players()) <= 1e-12);
    for (const double error : result.errors)
        QCOMPARE(error, 0.0);
    if (!baseKey.isEmpty()) {
        const json& expected = fixture[baseKey.toStdString()];
        for (std::size_t cell = 0; cell < result.base.size(); ++cell) {
            const double base = expected[0].is_array() ? expected[cell / 2][cell % 2] : expected[cell % 2];
            QVERIFY(std::abs(result.base[cell] - base) <= tolerance);
        }
    }
}

void tst_ShapleyFixtures::permutation()
{
    LIMPID_NEED_SHARED(path, "fixtures/explain/shapley_small.json");
    const json fixture = load(path);
    const auto game = MlpGame(fixture, fixture["rows"].get<Matrix>(), fixture["background"].get<Matrix>()).game();
    Task task;
    // 8 players would be enumerated from 256 coalitions on.
    const ShapleyValues result = shapley(game, {"permutation", 254, 1}, task);
    // 18 pairs of walks to shap's 300 permutations: judged by the reported errors, not by the fixture's tolerance.
    for (std::size_t cell = 0; cell < result.base.size(); ++cell) {
        for (std::size_t player = 0; player < 8; ++player) {
            const double truth = fixture["exact"][cell / 2][player][cell % 2];
            const double error = result.errors[cell * 8 + player];
            QVERIFY(error > 0.0 && error < 0.1);
            QVERIFY(std::abs(result.values[cell * 8 + player] - truth) < 5.0 * error);
        }
    }
}

void tst_ShapleyFixtures::plans()
{
    LIMPID_NEED_SHARED(path, "fixtures/explain/kernel_sampled.json");
    const json fixture = load(path);
    for (const json& expected : fixture["plans"]) {
        const auto players = expected["M"].get<std::size_t>(), samples = expected["nsamples"].get<std::size_t>();
        const KernelPlan plan = planKernel(players, samples);
        QCOMPARE(plan.fullSizes, expected["full_sizes"].get<std::size_t>());
        QCOMPARE(plan.fixedSamples, expected["fixed_samples"].get<std::size_t>());
        const auto close = [](const std::vector<double>& values, const json& wanted) {
            if (values.size() != wanted.size())
                return false;
            for (std::size_t i = 0; i < values.size(); ++i) {
                if (std::abs(values[i] - wanted[i].get<double>()) > 1e-14)
                    return false;
            }
            return true;
        };
        QVERIFY(close(plan.sizeWeights, expected["size_weights"]));
        QVERIFY(close(plan.weightPerCoalition, expected["weight_per_coalition"]));
        QVERIFY(std::abs(plan.weightLeft - expected["weight_left"].get<double>()) <= 1e-14);

        // The design keeps to its plan: as many coalitions as asked for, none empty or full, weights that sum to 1.
        Random random(3, "test");
        const KernelDesign design = kernelDesign(players, samples, random);
        QVERIFY(design.coalitions.count <= samples);
        // Few coalitions to find: shap too gives up after 4 draws a sample.
        QVERIFY(design.coalitions.count >= samples * 9 / 10);
        QVERIFY(std::abs(std::accumulate(design.weights.begin(), design.weights.end(), 0.0) - 1.0) < 1e-12);
        for (std::size_t i = 0; i < design.coalitions.count; ++i) {
            const auto mask = design.coalitions.row(i);
            const auto size = static_cast<std::size_t>(std::accumulate(mask.begin(), mask.end(), 0));
            QVERIFY(size > 0 && size < players);
        }
    }
}

void tst_ShapleyFixtures::solves()
{
    Task task;
    LIMPID_NEED_SHARED(path, "fixtures/explain/kernel_sampled.json");
    const json fixture = load(path);
    for (const json& given : fixture["cases"]) {
        Coalitions coalitions;
        for (const std::string mask : given["masks"]) {
            coalitions.players = mask.size();
            ++coalitions.count;
            for (const char member : mask)
                coalitions.members.push_back(member == '1');
        }
        const ShapleyRegression regression(coalitions, given["weights"].get<std::vector<double>>(), task);
        const auto ey = given["ey"].get<std::vector<double>>();
        const auto phi = regression.solve(ey.data(), 1, given["fnull"], given["fx"]);
        const auto expected = given["phi"]["False"].get<std::vector<double>>();
        for (std::size_t i = 0; i < phi.size(); ++i)
            QVERIFY2(std::abs(phi[i] - expected[i]) <= fixture["tol"].get<double>(), qPrintable(QString::number(phi[i] - expected[i])));
    }
}

QTEST_GUILESS_MAIN(tst_ShapleyFixtures)
#include "tst_shapleyfixtures.moc"
