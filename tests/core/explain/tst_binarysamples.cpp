#include "core/base/Random.h"
#include "core/explain/BinarySamples.h"
#include "core/explain/LocalSurrogate.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace limpid;

namespace {

/// The same samples as bits and as numbers, and a weight for each number of ones.
struct Both {
    BinarySamples bits;
    LocalSamples numbers;
    std::vector<double> weights, outputs;
};

/// Player 0 is always as in the row where `constant`; the row itself is sample 0.
Both drawn(std::size_t count, std::size_t players, bool constant, std::uint64_t seed)
{
    Both both{BinarySamples(count, players), {count, players, std::vector<double>(count * players), {}, {}}, {}, {}};
    Random random(seed, "binary samples test");
    // In two pieces, as samples are drawn in pieces.
    const std::size_t half = count / 2;
    for (std::size_t player = 0; player < players; ++player) {
        std::vector<std::uint8_t> same(count);
        for (std::size_t i = 0; i < count; ++i) {
            same[i] = i == 0 || (constant && player == 0) || random.uniform() < 0.2 + 0.6 * static_cast<double>(player) / static_cast<double>(players) ? 1 : 0;
            both.numbers.values[i * players + player] = same[i];
        }
        both.bits.add(player, 0, {same.data(), half});
        both.bits.add(player, half, {same.data() + half, count - half});
    }
    for (std::size_t i = 0; i < count; ++i) {
        const double ones = std::accumulate(both.numbers.row(i), both.numbers.row(i) + players, 0.0);
        both.weights.push_back(std::exp(ones / static_cast<double>(players) - 1.0));
        both.outputs.push_back(3.0 * both.numbers.row(i)[players - 1] - both.numbers.row(i)[players / 2] + random.normal());
    }
    return both;
}

bool near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

} // namespace

class tst_BinarySamples : public QObject
{
    Q_OBJECT

private slots:
    void sums_data();
    void sums();
    void regressions_data();
    void regressions();
    void aConstantIsNothing();
    void cancelled();
};

void tst_BinarySamples::sums_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("players");
    QTest::newRow("one player") << 70 << 1;
    QTest::newRow("a pattern's worth") << 64 << 8;
    QTest::newRow("some") << 301 << 30;
    QTest::newRow("a word's worth") << 129 << 64;
    QTest::newRow("several words") << 200 << 150;
}

// Sums from their definition, one sample and one pair of players after the other.
void tst_BinarySamples::sums()
{
    QFETCH(int, count);
    QFETCH(int, players);
    const Both both = drawn(std::size_t(count), std::size_t(players), false, 1);
    const auto n = std::size_t(players);
    const SurrogateSamples::Moments moments = both.bits.moments(both.weights, Task());
    const double total = std::accumulate(both.weights.begin(), both.weights.end(), 0.0);
    QVERIFY(near(moments.total, total));
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::vector<double> coefficients(n), pulls;
    for (std::size_t a = 0; a < n; ++a)
        coefficients[a] = double(a) - 2.5;
    for (std::size_t i = 0; i < std::size_t(count); ++i)
        pulls.push_back(both.outputs[i] * both.outputs[i]);
    const std::vector<double> pulled = both.bits.pulled(both.outputs, moments);
    const std::vector<std::size_t> few(all.begin() + std::ptrdiff_t(n / 3), all.begin() + std::ptrdiff_t(n / 3 + std::min<std::size_t>(n - n / 3, 9)));
    const std::vector<double> squares = both.bits.squares(pulls, all, moments, Task()), fewer = both.bits.squares(pulls, few, moments, Task());
    std::vector<double> scores(std::size_t(count), 0.5);
    both.bits.addScores(all, coefficients, scores);
    for (std::size_t a = 0; a < n; ++a) {
        double mean = 0.0, pull = 0.0;
        for (std::size_t i = 0; i < std::size_t(count); ++i)
            mean += both.weights[i] * both.numbers.row(i)[a] / total;
        QVERIFY(near(moments.means[a], mean));
        QCOMPARE(both.bits.first(a), 1.0);
        for (std::size_t i = 0; i < std::size_t(count); ++i)
            pull += both.outputs[i] * (both.numbers.row(i)[a] - mean);
        QVERIFY(near(pulled[a], pull));
        for (std::size_t b = 0; b < n; ++b) {
            double product = 0.0, square = 0.0;
            for (std::size_t i = 0; i < std::size_t(count); ++i) {
                const double both2 = (both.numbers.row(i)[a] - moments.means[a]) * (both.numbers.row(i)[b] - moments.means[b]);
                product += both.weights[i] * both2;
                square += pulls[i] * both2;
            }
            QVERIFY(near(moments.products[a * n + b], product));
            QVERIFY(near(squares[a * n + b], square));
            if (a >= few.front() && a <= few.back() && b >= few.front() && b <= few.back())
                QVERIFY(near(fewer[(a - few.front()) * few.size() + b - few.front()], square));
        }
    }
    for (std::size_t i = 0; i < std::size_t(count); ++i) {
        double score = 0.5;
        for (std::size_t a = 0; a < n; ++a)
            score += coefficients[a] * both.numbers.row(i)[a];
        QVERIFY(near(scores[i], score));
        QCOMPARE(double(both.bits.ones(i)), std::accumulate(both.numbers.row(i), both.numbers.row(i) + n, 0.0));
    }
}

void tst_BinarySamples::regressions_data()
{
    QTest::addColumn<int>("features");
    QTest::addColumn<bool>("constant");
    QTest::newRow("forward") << 4 << false;
    QTest::newRow("highest weights") << 10 << false;
    QTest::newRow("all") << 0 << false;
    QTest::newRow("all, one of them constant") << 0 << true;
}

// The regression on numbers, which lime's own fits are the test of.
void tst_BinarySamples::regressions()
{
    QFETCH(int, features);
    QFETCH(bool, constant);
    const Both both = drawn(700, 21, constant, 2);
    const Task task;
    const LocalRegression ours(both.bits, both.weights, task), theirs(both.numbers, both.weights, task);
    const SurrogateSelection selection = features > 0 ? SurrogateSelection::Auto : SurrogateSelection::None;
    const std::vector<std::size_t> kept = ours.select(both.outputs, selection, std::size_t(features));
    QCOMPARE(kept, theirs.select(both.outputs, selection, std::size_t(features)));
    const LocalSurrogate found = ours.fit(both.outputs, kept), expected = theirs.fit(both.outputs, kept);
    for (std::size_t k = 0; k < kept.size(); ++k) {
        QVERIFY(near(found.coefficients[k], expected.coefficients[k]));
        QVERIFY(near(found.errors[k], expected.errors[k]));
    }
    QVERIFY(near(found.intercept, expected.intercept));
    QVERIFY(near(found.prediction, expected.prediction));
    QVERIFY(near(found.determination, expected.determination));
}

void tst_BinarySamples::aConstantIsNothing()
{
    const Both both = drawn(500, 20, true, 3);
    const LocalSurrogate found = LocalRegression(both.bits, both.weights, Task()).fit(both.outputs, {0, 5});
    QVERIFY(found.coefficients[0] == 0.0 && found.errors[0] == 0.0);
    QVERIFY(found.coefficients[1] != 0.0 && found.errors[1] > 0.0);
}

void tst_BinarySamples::cancelled()
{
    const Both both = drawn(6000, 300, false, 4);
    Task task;
    task.cancel();
    QVERIFY_EXCEPTION_THROWN(both.bits.moments(both.weights, task), Cancelled);
}

QTEST_GUILESS_MAIN(tst_BinarySamples)
#include "tst_binarysamples.moc"
