#include "core/base/File.h"
#include "core/base/Random.h"
#include "core/explain/Quality.h"
#include "tests/core/explain/TestGames.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

// Measures of an explanation's quality. Expected numbers: worked by hand, and captum 0.8.0 and SciPy (tests/fixtures/make_quality.py).

using namespace limpid;
using nlohmann::json;

namespace {

const json& fixture()
{
    static const json read = json::parse(readFile(test::project("tests/fixtures/quality.json")));
    return read;
}

std::vector<double> numbers(const json& list) { return list.get<std::vector<double>>(); }

/// v = 10 + 4·a − 2·b + c, as Shapley values have it, and one of two outputs.
test::FunctionGame linearGame()
{
    return {1, 3, 2, [](std::size_t, std::span<const std::uint8_t> in) { return std::vector{99.0, 10.0 + 4.0 * in[0] - 2.0 * in[1] + in[2]}; }};
}

bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

} // namespace

class TestQuality : public QObject
{
    Q_OBJECT

private slots:
    void meanAndError()
    {
        const QualityFigure figure = meanFigure(std::vector{1.0, std::nan(""), 3.0, 5.0});
        QCOMPARE(figure.count, std::size_t{3});
        QVERIFY(near(figure.mean, 3.0) && near(figure.error, std::sqrt(4.0 / 3.0))); // variance 4, of 3
        QVERIFY(std::isnan(meanFigure(std::vector{2.0}).error));
        QVERIFY(std::isnan(meanFigure({}).mean));
    }

    void reveal_data()
    {
        QTest::addColumn<std::vector<double>>("values");
        QTest::addColumn<bool>("bySize");
        QTest::addColumn<std::vector<double>>("insertion");
        QTest::addColumn<std::vector<double>>("deletion");
        QTest::addColumn<double>("insertionArea");
        QTest::addColumn<double>("deletionArea");
        // a, c, b: 4, 5, 3; without a, c, b: −1, −2, 0. Areas by trapezoids of width 1/3.
        QTest::newRow("exact") << std::vector{4.0, -2.0, 1.0} << false << std::vector{0.0, 4.0, 5.0, 3.0} << std::vector{3.0, -1.0, -2.0, 0.0} << 3.5 << -0.5;
        // b, c, a: −2, −1, 3: the worst order there is.
        QTest::newRow("upside down") << std::vector{-4.0, 2.0, -1.0} << false << std::vector{0.0, -2.0, -1.0, 3.0} << std::vector{3.0, 5.0, 4.0, 0.0} << -0.5 << 3.5;
        // a, b, c: 4, 2, 3; without: −1, 1, 0.
        QTest::newRow("by size") << std::vector{4.0, -2.0, 1.0} << true << std::vector{0.0, 4.0, 2.0, 3.0} << std::vector{3.0, -1.0, 1.0, 0.0} << 2.5 << 0.5;
    }

    void reveal()
    {
        QFETCH(std::vector<double>, values);
        QFETCH(bool, bySize);
        QFETCH(std::vector<double>, insertion);
        QFETCH(std::vector<double>, deletion);
        QFETCH(double, insertionArea);
        QFETCH(double, deletionArea);
        Task task;
        const RevealCurves found = revealCurves(linearGame(), 0, 1, values, bySize ? RevealOrder::Size : RevealOrder::Value, 400, 1, task);
        QCOMPARE(found.insertion, insertion);
        QCOMPARE(found.deletion, deletion);
        QVERIFY(near(found.insertionArea, insertionArea) && near(found.deletionArea, deletionArea));
        QCOMPARE(found.shares.size(), std::size_t{4});
        // Of all six orders the mean is the straight line from 0 to 3, in a linear game.
        QVERIFY(found.randomError > 0.0 && found.randomError < 0.1);
        QVERIFY(std::abs(found.randomArea - 1.5) < 4.0 * found.randomError);
        QVERIFY(std::abs(found.random[1] - 1.0) < 0.5);
        QCOMPARE(revealCurves(linearGame(), 0, 1, values, RevealOrder::Value, 5, 1, task).random, revealCurves(linearGame(), 0, 1, values, RevealOrder::Value, 5, 1, task).random);
    }

    void aFallingOutputIsWalkedTowards()
    {
        const test::FunctionGame game(1, 2, 1, [](std::size_t, std::span<const std::uint8_t> in) { return std::vector{5.0 - 3.0 * in[0] - 1.0 * in[1]}; });
        Task task;
        const RevealCurves found = revealCurves(game, 0, 0, std::vector{0.9, 0.1}, RevealOrder::Size, 2, 1, task);
        QCOMPARE(found.insertion, (std::vector{0.0, 3.0, 4.0})); // 2.5 of at most 2.5
        QVERIFY(near(found.insertionArea, 2.5) && near(found.deletionArea, 1.5));
    }

    void manyPlayersInSteps()
    {
        const test::FunctionGame game(1, 200, 1, [](std::size_t, std::span<const std::uint8_t> in) { return std::vector{std::accumulate(in.begin(), in.end(), 0.0)}; });
        Task task;
        const RevealCurves found = revealCurves(game, 0, 0, std::vector(200, 1.0), RevealOrder::Value, 2, 1, task);
        QCOMPARE(found.shares.size(), std::size_t{65});
        QCOMPARE(found.shares.back(), 1.0);
        QCOMPARE(found.insertion.back(), 200.0);
        QVERIFY(std::abs(found.insertionArea - 100.0) < 1e-9 && std::abs(found.deletionArea - 100.0) < 1e-9);
    }

    void infidelityAgainstCaptum()
    {
        const json& known = fixture()["infidelity"];
        Coalitions taken{known["taken"].size(), 5, {}};
        for (const json& set : known["taken"])
            for (const json& member : set)
                taken.members.push_back(member.get<std::uint8_t>());
        const Infidelity found = infidelityOf(numbers(known["values"]), taken, numbers(known["falls"]));
        QVERIFY(std::abs(found.infidelity - known["plain"].get<double>()) < fixture()["tol"].get<double>());
        QVERIFY(std::abs(found.scaled - known["scaled"].get<double>()) < fixture()["tol"].get<double>());
    }

    void infidelityOfALinearGame()
    {
        Task task;
        const auto of = [&](std::vector<double> values) { return infidelity(linearGame(), 0, 1, values, 300, 3, task); };
        QVERIFY(of({4.0, -2.0, 1.0}).infidelity < 1e-24);
        QVERIFY(of({4.0, -2.0, 1.0}).unexplained < 1e-24);
        const Infidelity third = of({12.0, -6.0, 3.0}); // another unit
        QVERIFY(third.infidelity > 1.0 && third.unexplained < 1e-24 && near(third.scale, 1.0 / 3.0));
        QVERIFY(of({-2.0, 4.0, 1.0}).unexplained > 0.1); // shuffled
        const Infidelity wrong = of({-4.0, 2.0, -1.0});
        QVERIFY(wrong.scale == 0.0 && near(wrong.unexplained, 1.0)); // every sign wrong is not explained by a negative multiple
        QVERIFY(near(of({0.0, 0.0, 0.0}).unexplained, 1.0));
        const test::FunctionGame still(1, 3, 1, [](std::size_t, std::span<const std::uint8_t>) { return std::vector{1.0}; });
        QVERIFY(std::isnan(infidelity(still, 0, 0, std::vector{1.0, 0.0, 0.0}, 10, 1, task).unexplained));
    }

    void sensitivityAgainstCaptum()
    {
        const json& known = fixture()["sensitivity"];
        double largest = 0.0;
        for (const json& after : known["after"])
            largest = std::max(largest, relativeChange(numbers(known["before"]), numbers(after)));
        QVERIFY(std::abs(largest - known["largest"].get<double>()) < fixture()["tol"].get<double>());
        QVERIFY(std::isnan(relativeChange(std::vector{0.0}, std::vector{1.0})));
    }

    void correlationAgainstSciPy()
    {
        for (const json& pair : fixture()["correlation"])
            QVERIFY(std::abs(sizeRankCorrelation(numbers(pair["a"]), numbers(pair["b"])) - pair["spearman"].get<double>()) < fixture()["tol"].get<double>());
        QVERIFY(near(sizeRankCorrelation(std::vector{1.0, -2.0, 3.0}, std::vector{-10.0, 20.0, 30.0}), 1.0)); // sizes alone count
        QVERIFY(std::isnan(sizeRankCorrelation(std::vector{1.0, -1.0}, std::vector{1.0, 2.0})));
    }

    void overlap()
    {
        const std::vector a{5.0, -4.0, 3.0, 0.0}, b{0.0, 4.0, -3.0, 2.0};
        QCOMPARE(topOverlap(a, a, 3), 1.0);
        QCOMPARE(topOverlap(a, b, 1), 0.0);
        QCOMPARE(topOverlap(a, b, 2), 0.5);
        QCOMPARE(topOverlap(a, b, 9), 1.0); // all there are
    }

    void aWrongExplanationIsWorse()
    {
        // Exact Shapley values of games with all interactions, and the same values given to other players.
        Task task;
        std::size_t worseArea = 0, worseDeletion = 0, worseFidelity = 0;
        constexpr std::size_t games = 20, players = 8;
        for (std::size_t i = 0; i < games; ++i) {
            const test::FunctionGame game = test::networkGame(1, players, 1, i + 1);
            const std::vector<double> right = test::shapleyByDefinition(game, 0, 0);
            std::vector<double> wrong = right;
            std::rotate(wrong.begin(), wrong.begin() + 3, wrong.end());
            const RevealCurves good = revealCurves(game, 0, 0, right, RevealOrder::Value, 20, 1, task);
            const RevealCurves bad = revealCurves(game, 0, 0, wrong, RevealOrder::Value, 20, 1, task);
            worseArea += bad.insertionArea < good.insertionArea;
            worseDeletion += bad.deletionArea > good.deletionArea;
            worseFidelity += infidelity(game, 0, 0, wrong, 100, 1, task).unexplained > infidelity(game, 0, 0, right, 100, 1, task).unexplained;
        }
        QVERIFY2(worseArea >= games - 1 && worseDeletion >= games - 1 && worseFidelity >= games - 1,
                 qPrintable(QString("%1 %2 %3").arg(worseArea).arg(worseDeletion).arg(worseFidelity)));
    }

    void cancelled()
    {
        Task task;
        task.cancel();
        QVERIFY_EXCEPTION_THROWN(revealCurves(linearGame(), 0, 1, std::vector{1.0, 2.0, 3.0}, RevealOrder::Value, 2, 1, task), Cancelled);
        QVERIFY_EXCEPTION_THROWN(infidelity(linearGame(), 0, 1, std::vector{1.0, 2.0, 3.0}, 2, 1, task), Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestQuality)
#include "tst_quality.moc"
