#include "core/explain/LeverageShap.h"
#include "tests/core/explain/TestGames.h"

#include <QTest>

#include <set>

// How the sampled methods sample, and whether their errors are what they say. The truth is the enumerated game.

using namespace limpid;

class tst_ShapleySampling : public QObject
{
    Q_OBJECT

private slots:
    void leverageDesign_data();
    void leverageDesign();
    void coverage_data();
    void coverage();
    void seeds_data();
    void seeds();
    void stopEarly();
    void fewDraws();
};

void tst_ShapleySampling::leverageDesign_data()
{
    QTest::addColumn<int>("players");
    QTest::addColumn<int>("pairs");
    QTest::newRow("all but one of 5") << 5 << 14;
    QTest::newRow("6, a few") << 6 << 9;
    QTest::newRow("12, a hundred") << 12 << 100;
    QTest::newRow("12, nearly all") << 12 << 2040;
    QTest::newRow("15") << 15 << 127;
    QTest::newRow("100") << 100 << 1123;
    QTest::newRow("101") << 101 << 102;
}

void tst_ShapleySampling::leverageDesign()
{
    QFETCH(int, players);
    QFETCH(int, pairs);
    const auto k = static_cast<std::size_t>(players);
    Random random(7, "test");
    const LeverageDesign design = limpid::leverageDesign(k, static_cast<std::size_t>(pairs), random);
    QCOMPARE(design.coalitions.count, static_cast<std::size_t>(2 * pairs));
    QCOMPARE(design.weights.size(), design.coalitions.count);
    QCOMPARE(design.clusters.size(), static_cast<std::size_t>(pairs));

    std::set<std::vector<std::uint8_t>> seen;
    std::vector<int> perSize(k, 0);
    double weight = 0.0;
    for (std::size_t i = 0; i < design.coalitions.count; ++i) {
        const auto mask = design.coalitions.row(i);
        QVERIFY(seen.insert({mask.begin(), mask.end()}).second);
        ++perSize[static_cast<std::size_t>(std::accumulate(mask.begin(), mask.end(), 0))];
        weight += design.weights[i];
        if (i % 2 == 1) {
            for (std::size_t j = 0; j < k; ++j)
                QCOMPARE(mask[j], static_cast<std::uint8_t>(1 - design.coalitions.row(i - 1)[j]));
        }
    }
    QCOMPARE(perSize[0], 0);
    // The kernel's weights stand for all coalitions whatever was drawn: Σ_s (k−1)/(s(k−s)).
    double expected = 0.0;
    int largest = 0, smallest = 2 * pairs;
    for (std::size_t s = 1; s < k; ++s) {
        expected += static_cast<double>(k - 1) / static_cast<double>(s * (k - s));
        QCOMPARE(perSize[s], perSize[k - s]);
        largest = std::max(largest, perSize[s]);
        smallest = std::min(smallest, perSize[s]);
    }
    QVERIFY(std::abs(weight / expected - 1.0) < 1e-12);
    if (players >= 100) // no size is exhausted: all sizes get the same, but for rounding
        QVERIFY(largest - smallest <= 2);
}

void tst_ShapleySampling::coverage_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("budget");
    // Measured over 300 seeds and several games: leverage .945 to .976, kernel .950 to .975, permutation .92 to .954
    // from three pairs of walks up.
    QTest::newRow("leverage") << "leverage" << 200;
    QTest::newRow("kernel") << "kernel" << 200;
    QTest::newRow("permutation") << "permutation" << 200;
}

void tst_ShapleySampling::coverage()
{
    QFETCH(QString, method);
    QFETCH(int, budget);
    constexpr std::size_t players = 10;
    const auto game = test::networkGame(3, players, 2, 5);
    Task task;
    const ShapleyValues truth = exactShapley(game, task);
    int covered = 0, all = 0;
    double squaredError = 0.0, reported = 0.0;
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
        const ShapleyValues result = shapley(game, {method.toStdString(), static_cast<std::size_t>(budget), seed}, task);
        for (std::size_t i = 0; i < truth.values.size(); ++i) {
            const double error = result.values[i] - truth.values[i];
            covered += std::abs(error) <= 1.96 * result.errors[i];
            ++all;
            squaredError += error * error;
            reported += result.errors[i] * result.errors[i];
        }
        QVERIFY(test::additivityGap(result, players) <= 1e-12);
    }
    const double share = covered / static_cast<double>(all);
    QVERIFY2(share >= 0.90 && share <= 0.98, qPrintable(QString::number(share)));
    const double ratio = std::sqrt(reported / squaredError);
    QVERIFY2(ratio > 0.9 && ratio < 1.35, qPrintable(QString::number(ratio)));
}

void tst_ShapleySampling::seeds_data()
{
    QTest::addColumn<QString>("method");
    QTest::newRow("leverage") << "leverage";
    QTest::newRow("kernel") << "kernel";
    QTest::newRow("permutation") << "permutation";
}

void tst_ShapleySampling::seeds()
{
    QFETCH(QString, method);
    const auto game = test::networkGame(2, 12, 2, 5);
    const auto run = [&](std::uint64_t seed) {
        Task task;
        return shapley(game, {method.toStdString(), 300, seed}, task);
    };
    const ShapleyValues a = run(1), b = run(1), c = run(2);
    QCOMPARE(a.values, b.values);
    QCOMPARE(a.errors, b.errors);
    QVERIFY(a.values != c.values);
    QCOMPARE(a.base, c.base);
}

void tst_ShapleySampling::stopEarly()
{
    // "Stop and keep": permutation returns the walks done so far, with their wider errors.
    const auto game = test::networkGame(1, 14, 1, 5);
    Task whole;
    const ShapleyValues all = permutationShap(game, 4000, 1, whole);
    Task stopped([&](const Task::Progress&) { stopped.finish(); });
    const ShapleyValues some = permutationShap(game, 4000, 1, stopped);
    QVERIFY(some.evaluations < all.evaluations / 4);
    QVERIFY(test::additivityGap(some, 14) <= 1e-12);
    QVERIFY(std::accumulate(some.errors.begin(), some.errors.end(), 0.0) > std::accumulate(all.errors.begin(), all.errors.end(), 0.0));
}

void tst_ShapleySampling::fewDraws()
{
    // The least budgets: nearly saturated regressions and two pairs of walks. Values must still add up and the
    // errors must own up to their size.
    const auto game = test::networkGame(2, 40, 1, 9);
    for (const auto& [method, budget] : {std::pair{"leverage", 122}, std::pair{"kernel", 120}, std::pair{"permutation", 158}}) {
        Task task;
        const ShapleyValues result = shapley(game, {method, static_cast<std::size_t>(budget), 4}, task);
        QVERIFY(test::additivityGap(result, 40) <= 1e-12);
        for (std::size_t i = 0; i < result.values.size(); ++i) {
            QVERIFY(std::isfinite(result.values[i]));
            QVERIFY(std::isfinite(result.errors[i]) && result.errors[i] > 0.0);
        }
    }
}

QTEST_GUILESS_MAIN(tst_ShapleySampling)
#include "tst_shapleysampling.moc"
