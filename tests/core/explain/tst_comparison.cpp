// Two explanations side by side. Expected figures are worked out by hand from the small tables below.
#include "core/explain/Comparison.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace limpid;

namespace {

/// Rows 4 and 7 of a file, one output, three columns.
Explanation first()
{
    Explanation e;
    e.method = "leverage";
    e.task = TaskKind::Binary;
    e.space = "raw";
    e.outputs = {"yes"};
    e.features = {"age", "job", "city"};
    e.rows = {4, 7};
    e.base = {0.5};
    e.values = {0.1, -0.4, 0.3, -0.2, 0.6, 0.0};
    e.predictions = {0.5, 0.9};
    e.errors = {0.01, 0.02, 0.03, 0.01, 0.02, 0.0};
    e.cellText = {"39", "clerk", "Rome", "20", "clerk", ""};
    return e;
}

/// Another version: of rows 7 and 9, without the city, with the weight, the job before the age.
Explanation second()
{
    Explanation e;
    e.method = "permutation";
    e.task = TaskKind::Binary;
    e.space = "raw";
    e.outputs = {"no", "yes"};
    e.features = {"job", "weight", "age"};
    e.rows = {7, 9};
    e.base = {0.0, 0.2};
    e.values = {0, 0, 0, 0.5, -0.7, 0.3, 0, 0, 0, 0.1, 0.2, 0.3};
    e.predictions = {0.0, 0.3, 0.0, 0.8};
    e.errors = {0, 0, 0, 0.02, 0.04, 0.01, 0, 0, 0, 0.04, 0.0, 0.03};
    e.cellText = {"clerk", "71", "20", "smith", "80", "41"};
    return e;
}

std::vector<std::string> columns(const std::vector<ComparedPlayer>& players)
{
    std::vector<std::string> names;
    for (const ComparedPlayer& player : players)
        names.push_back(player.column);
    return names;
}

using Names = std::vector<std::string>;

} // namespace

class TestComparison : public QObject
{
    Q_OBJECT

private slots:
    void rowsOfOneExplanation()
    {
        const Explanation e = first();
        const Comparison pair = compareRows(e, 0, e, 1, "yes");
        QVERIFY(pair.additive && !pair.sameCells);
        // The larger of both, or the difference: age 0.4, job 1.0, city 0.3.
        QCOMPARE(columns(pair.players), (Names{"job", "age", "city"}));
        QCOMPARE(pair.players[0].difference(), 1.0);
        QCOMPARE(pair.players[0].differenceError(), 0.04);
        QCOMPARE(pair.players[2].cells[0], std::string("Rome"));
        QCOMPARE(pair.players[2].cells[1], std::string());
        QCOMPARE(*pair.widest(), std::size_t(0));
        QCOMPARE(pair.base, (std::array{0.5, 0.5}));
        QCOMPARE(pair.predictions, (std::array{0.5, 0.9}));
        QVERIFY(pair.onlyIn(0).empty() && pair.onlyIn(1).empty());
    }

    void aRowByTwoModels()
    {
        const Comparison pair = compareRows(first(), 1, second(), 0, "yes");
        QVERIFY(pair.sameCells); // job and age, which both have
        QCOMPARE(columns(pair.players), (Names{"weight", "job", "age", "city"}));
        QCOMPARE(pair.onlyIn(0), Names{"city"});
        QCOMPARE(pair.onlyIn(1), Names{"weight"});
        QCOMPARE(pair.players[1].values, (std::array{0.6, 0.5}));
        QCOMPARE(pair.players[2].values, (std::array{-0.2, 0.3}));
        QCOMPARE(*pair.widest(), std::size_t(2)); // not the weight, which one alone has
        QVERIFY(!pair.players[0].differs() && !pair.players[3].differs());
        QCOMPARE(pair.base, (std::array{0.5, 0.2}));
        QCOMPARE(pair.predictions, (std::array{0.9, 0.3}));
    }

    void whatIsCertain_data()
    {
        QTest::addColumn<double>("a");
        QTest::addColumn<double>("b");
        QTest::addColumn<double>("errorA");
        QTest::addColumn<double>("errorB");
        QTest::addColumn<bool>("differs");
        QTest::newRow("exact") << 0.1 << 0.2 << 0.0 << 0.0 << true;
        QTest::newRow("alike") << 0.1 << 0.1 << 0.0 << 0.0 << false;
        QTest::newRow("rounding") << 0.3 << 0.1 + 0.2 << 0.0 << 0.0 << false;
        // 1.96 · (0.02 + 0.03) = 0.098
        QTest::newRow("within") << 0.1 << 0.197 << 0.02 << 0.03 << false;
        QTest::newRow("beyond") << 0.1 << 0.199 << 0.02 << 0.03 << true;
        QTest::newRow("beyond, downwards") << 0.1 << 0.001 << 0.02 << 0.03 << true;
    }

    void whatIsCertain()
    {
        QFETCH(double, a);
        QFETCH(double, b);
        QFETCH(double, errorA);
        QFETCH(double, errorB);
        ComparedPlayer player;
        player.there = {true, true};
        player.values = {a, b};
        player.errors = {errorA, errorB};
        QTEST(player.differs(), "differs");
    }

    void meansOverCommonRows()
    {
        const Comparison pair = compareMeans(first(), second(), "yes");
        QVERIFY(pair.sameRows); // row 7 alone
        QCOMPARE(pair.rows, (std::array<std::size_t, 2>{1, 1}));
        QCOMPARE(columns(pair.players), (Names{"weight", "job", "age", "city"}));
        QCOMPARE(pair.players[1].values, (std::array{0.6, 0.5}));
        QCOMPARE(pair.players[2].values, (std::array{0.2, 0.3})); // sizes
        QCOMPARE(pair.players[2].errors, (std::array{0.01, 0.01}));
    }

    void meansWithoutCommonRows()
    {
        Explanation other = second();
        other.rows = {17, 19};
        const Comparison pair = compareMeans(first(), other, "yes");
        QVERIFY(!pair.sameRows);
        QCOMPARE(pair.rows, (std::array<std::size_t, 2>{2, 2}));
        const auto job = std::find_if(pair.players.begin(), pair.players.end(), [](const ComparedPlayer& player) { return player.column == "job"; });
        QCOMPARE(job->values[0], 0.5);  // (0.4 + 0.6) / 2
        QCOMPARE(job->values[1], 0.3);  // (0.5 + 0.1) / 2
        QCOMPARE(job->errors[1], 0.03); // (0.02 + 0.04) / 2
    }

    void theRestIsSummed()
    {
        const Comparison pair = compareRows(first(), 1, second(), 0, "yes");
        const std::vector<ComparedPlayer> shown = pair.leading(3);
        QCOMPARE(columns(shown), (Names{"weight", "job", ""}));
        QCOMPARE(shown.back().others, std::size_t(2));
        QCOMPARE(shown.back().values, (std::array{-0.2, 0.3}));
        QVERIFY(std::abs(shown.back().errors[0] - 0.01) < 1e-12); // √(0.01² + 0²)
        QCOMPARE(pair.leading(4).size(), std::size_t(4));
        QCOMPARE(pair.leading(1).back().others, std::size_t(4));
        QVERIFY(pair.leading(1).back().inBoth());
    }

    void oneScale()
    {
        // The first from 0.5: weight −, job to 1.1 (± 0.0392), age to 0.9, city. The second from 0.2: weight to −0.5 (± 0.0784), job to 0, age to 0.3.
        const Comparison pair = compareRows(first(), 1, second(), 0, "yes");
        const auto [least, most] = pair.range(pair.leading(9));
        QVERIFY(std::abs(least - (-0.5 - 1.96 * 0.04)) < 1e-12);
        QVERIFY(std::abs(most - (1.1 + 1.96 * 0.02)) < 1e-12);

        Explanation a = first(), b = first();
        a.additive = b.additive = false;
        a.method = b.method = "saliency";
        const Comparison bars = compareRows(a, 0, b, 1, "yes");
        const auto [low, high] = bars.range(bars.leading(9));
        QVERIFY(std::abs(low - (-0.4 - 1.96 * 0.02)) < 1e-12); // from zero
        QVERIFY(std::abs(high - (0.6 + 1.96 * 0.02)) < 1e-12);
        QVERIFY(Comparison().range({}).first < Comparison().range({}).second);
    }

    void whatCannotBeCompared_data()
    {
        QTest::addColumn<int>("change");
        QTest::addColumn<int>("reason");
        QTest::newRow("as they are") << 0 << -1;
        QTest::newRow("another output") << 1 << int(Incomparable::Output);
        QTest::newRow("probability against log-odds") << 2 << int(Incomparable::Unit);
        QTest::newRow("a number against log-odds") << 3 << int(Incomparable::Unit);
        QTest::newRow("scores of several classes against log-odds") << 4 << int(Incomparable::Unit);
        QTest::newRow("slopes against contributions") << 5 << int(Incomparable::Meaning);
        QTest::newRow("no column in common") << 6 << int(Incomparable::Columns);
        QTest::newRow("slopes against coefficients") << 7 << int(Incomparable::Meaning);
        QTest::newRow("slopes against slopes") << 8 << -1;
        QTest::newRow("probabilities of two and of several classes") << 9 << -1;
    }

    void whatCannotBeCompared()
    {
        QFETCH(int, change);
        QFETCH(int, reason);
        Explanation a = first(), b = second();
        switch (change) {
        case 1: b.outputs[1] = "perhaps"; break;
        case 2: b.space = "probability"; break;
        case 3: b.task = TaskKind::Regression; break;
        case 4: b.task = TaskKind::MultiClass; break;
        case 5: b.additive = false; break;
        case 6: b.features = {"x", "y", "z"}; break;
        case 7: a.additive = b.additive = false; break;
        case 8: a.additive = b.additive = false; a.method = b.method; break;
        case 9: a.space = b.space = "probability"; b.task = TaskKind::MultiClass; break;
        default: break;
        }
        const std::optional<Incomparable> why = whyIncomparable(a, b, "yes");
        QCOMPARE(why ? int(*why) : -1, reason);
        QCOMPARE(whyIncomparable(b, a, "yes"), why); // whichever is pinned
        if (why) {
            QVERIFY_THROWS_EXCEPTION(Error, compareRows(a, 0, b, 0, "yes"));
            QVERIFY_THROWS_EXCEPTION(Error, compareMeans(a, b, "yes"));
        }
    }
};

QTEST_GUILESS_MAIN(TestComparison)
#include "tst_comparison.moc"
