#include "core/base/File.h"
#include "core/explain/Interactions.h"
#include "tests/core/explain/FixtureGame.h"
#include "tests/support/TestSupport.h"

#include <QTest>

#include <bit>

// Interaction indices. Expected numbers: the definitions by subsets and by orders, written out below; the dividends of
// literal games; shap 0.52's exact explainer (../shared/fixtures/explain/shapley_small.json) where all columns vary.

using namespace limpid;
using nlohmann::json;

namespace {

/// v of every subset of one row and output, by its bits.
std::vector<double> subsetValues(const Game& game, std::size_t row, std::size_t output)
{
    const std::size_t n = game.players();
    Coalitions all{std::size_t{1} << n, n, {}};
    for (std::size_t mask = 0; mask < all.count; ++mask) {
        for (std::size_t player = 0; player < n; ++player)
            all.members.push_back(static_cast<std::uint8_t>(mask >> player & 1));
    }
    Task task;
    const auto values = game.valuesOfRow(row, all, task);
    std::vector<double> v;
    for (std::size_t mask = 0; mask < all.count; ++mask)
        v.push_back(values[mask * game.outputs() + output]);
    return v;
}

/// The matrix from Harsanyi's dividends a(S) = Σ_{T⊆S} (−1)^{|S|−|T|} v(T), a route that shares nothing with sums over
/// second differences: of a(S), s = |S|, a Shapley value gets 1/s, a pair's SII 1/(s − 1) (Grabisch 1997), a pair's
/// Shapley–Taylor index 1/C(s, 2) for s ≥ 2 (Sundararajan et al. 2020, proposition 4: what is of higher order is shared
/// evenly by its pairs).
std::vector<double> byDividends(const std::vector<double>& v, std::size_t n, const std::string& index)
{
    std::vector<double> dividends = v;
    for (std::size_t player = 0; player < n; ++player) {
        for (std::size_t mask = 0; mask < v.size(); ++mask) {
            if (mask >> player & 1)
                dividends[mask] -= dividends[mask ^ std::size_t{1} << player];
        }
    }
    std::vector<double> matrix(n * n, 0.0);
    for (std::size_t mask = 1; mask < v.size(); ++mask) {
        const auto s = static_cast<double>(std::popcount(mask));
        for (std::size_t i = 0; i < n; ++i) {
            if (!(mask >> i & 1))
                continue;
            if (index != "shapley-taylor" || s == 1.0)
                matrix[i * n + i] += dividends[mask] / s;
            for (std::size_t j = 0; j < n; ++j) {
                if (j == i || !(mask >> j & 1))
                    continue;
                const double half = 0.5 * dividends[mask] / (index == "shapley-taylor" ? s * (s - 1.0) / 2.0 : s - 1.0);
                matrix[i * n + j] += half;
                if (index == "k-sii")
                    matrix[i * n + i] -= half;
            }
        }
    }
    return matrix;
}

/// A pair's Shapley–Taylor index by its first definition: over all orders, the second difference at the players
/// before both, at the moment the first of the two arrives. Off the diagonal only, in halves.
std::vector<double> taylorByOrders(const std::vector<double>& v, std::size_t n)
{
    std::vector<double> matrix(n * n, 0.0);
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    double count = 0.0;
    do {
        std::size_t before = 0;
        for (std::size_t at = 0; at < n; ++at) {
            const std::size_t i = std::size_t{1} << order[at];
            for (std::size_t later = at + 1; later < n; ++later) {
                const std::size_t j = std::size_t{1} << order[later];
                const double difference = v[before | i | j] - v[before | i] - v[before | j] + v[before];
                matrix[order[at] * n + order[later]] += 0.5 * difference;
                matrix[order[later] * n + order[at]] += 0.5 * difference;
            }
            before |= i;
        }
        count += 1.0;
    } while (std::next_permutation(order.begin(), order.end()));
    for (double& entry : matrix)
        entry /= count;
    return matrix;
}

double sumOf(const std::vector<double>& values, std::size_t begin, std::size_t count)
{
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(begin);
    return std::accumulate(first, first + static_cast<std::ptrdiff_t>(count), 0.0);
}

void indexRows()
{
    QTest::addColumn<QString>("index");
    for (const std::string& index : interactionIndices())
        QTest::addRow("%s", index.c_str()) << QString::fromStdString(index);
}

} // namespace

class tst_Interactions : public QObject
{
    Q_OBJECT

private slots:
    void byDefinition_data() { indexRows(); }
    void byDefinition();
    void taylorOrders();
    void literal_data();
    void literal();
    void sums();
    void fixture();
    void playersThatDoNotVary_data() { indexRows(); }
    void playersThatDoNotVary();
    void fewPlayers_data() { indexRows(); }
    void fewPlayers();
    void invalid();
    void cancel();
};

void tst_Interactions::byDefinition()
{
    QFETCH(QString, index);
    constexpr std::size_t n = 7;
    const auto game = test::networkGame(2, n, 2, 71);
    Task task;
    const ShapleyInteractions result = shapleyInteractions(game, index.toStdString(), task);
    QCOMPARE(result.evaluations, std::uint64_t{128});
    QCOMPARE(result.values.size(), 2 * 2 * n * n);
    for (std::size_t cell = 0; cell < 4; ++cell) {
        const auto expected = byDividends(subsetValues(game, cell / 2, cell % 2), n, index.toStdString());
        for (std::size_t i = 0; i < n * n; ++i)
            QVERIFY(std::abs(result.values[cell * n * n + i] - expected[i]) < 1e-12);
    }
}

void tst_Interactions::taylorOrders()
{
    constexpr std::size_t n = 6;
    const auto game = test::networkGame(1, n, 1, 73);
    Task task;
    const ShapleyInteractions result = shapleyInteractions(game, "shapley-taylor", task);
    const auto v = subsetValues(game, 0, 0);
    const auto expected = taylorByOrders(v, n);
    for (std::size_t i = 0; i < n; ++i) {
        QVERIFY(std::abs(result.values[i * n + i] - (v[std::size_t{1} << i] - v[0])) < 1e-12);
        for (std::size_t j = 0; j < n; ++j) {
            if (j != i)
                QVERIFY(std::abs(result.values[i * n + j] - expected[i * n + j]) < 1e-12);
        }
    }
}

void tst_Interactions::literal_data()
{
    QTest::addColumn<QString>("index");
    QTest::addColumn<double>("own");
    QTest::addColumn<double>("half");
    // v = 12 where all three of 0, 1, 2 are in. Shapley values 4; SII 12/2 a pair; Shapley–Taylor 12/3 a pair.
    QTest::newRow("shapley-taylor") << "shapley-taylor" << 0.0 << 2.0;
    QTest::newRow("sii") << "sii" << 4.0 << 3.0;
    QTest::newRow("k-sii") << "k-sii" << -2.0 << 3.0;
}

void tst_Interactions::literal()
{
    QFETCH(QString, index);
    QFETCH(double, own);
    QFETCH(double, half);
    const test::FunctionGame game(1, 4, 1, [](std::size_t, std::span<const std::uint8_t> in) {
        return std::vector{in[0] && in[1] && in[2] ? 12.0 : 0.0};
    });
    Task task;
    const ShapleyInteractions result = shapleyInteractions(game, index.toStdString(), task);
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 4; ++j) {
            const double expected = i == 3 || j == 3 ? 0.0 : i == j ? own : half;
            QVERIFY(std::abs(result.values[i * 4 + j] - expected) < 1e-12);
        }
    }
}

void tst_Interactions::sums()
{
    // What each index adds up to, as its documentation says.
    constexpr std::size_t n = 9;
    const auto game = test::networkGame(2, n, 2, 79);
    Task task;
    const ShapleyInteractions taylor = shapleyInteractions(game, "shapley-taylor", task);
    const ShapleyInteractions sii = shapleyInteractions(game, "sii", task);
    const ShapleyInteractions ksii = shapleyInteractions(game, "k-sii", task);
    const ShapleyValues exact = exactShapley(game, task);
    for (std::size_t cell = 0; cell < 4; ++cell) {
        const double effect = exact.full[cell] - exact.base[cell];
        QVERIFY(std::abs(sumOf(taylor.values, cell * n * n, n * n) - effect) < 1e-12);
        QVERIFY(std::abs(sumOf(ksii.values, cell * n * n, n * n) - effect) < 1e-12);
        for (std::size_t i = 0; i < n; ++i) {
            const double phi = exact.values[cell * n + i];
            QVERIFY(std::abs(sii.values[cell * n * n + i * n + i] - phi) < 1e-12);
            QVERIFY(std::abs(sumOf(ksii.values, cell * n * n + i * n, n) - phi) < 1e-12);
            for (std::size_t j = 0; j < n; ++j) {
                for (const ShapleyInteractions* result : {&taylor, &sii, &ksii}) {
                    const double* matrix = result->values.data() + cell * n * n;
                    QCOMPARE(matrix[i * n + j], matrix[j * n + i]);
                }
            }
        }
    }
}

void tst_Interactions::fixture()
{
    // shap's "interactions" are Shapley–Taylor's, in halves. All eight columns of all rows vary here.
    LIMPID_NEED_SHARED(path, "fixtures/explain/shapley_small.json");
    const json fixture = json::parse(readFile(path));
    const auto game =
        test::MlpGame(fixture, fixture["rows"].get<test::Matrix>(), fixture["background"].get<test::Matrix>()).game();
    Task task;
    const ShapleyInteractions result = shapleyInteractions(game, "shapley-taylor", task);
    for (std::size_t row = 0; row < game.rows(); ++row) {
        for (std::size_t player = 0; player < 8; ++player)
            QVERIFY(game.varies(row, player));
    }
    double worst = 0.0;
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        const std::size_t cell = i / 64, a = i / 8 % 8, b = i % 8;
        const double expected = fixture["exact_interactions_shap"][cell / 2][a][b][cell % 2];
        worst = std::max(worst, std::abs(result.values[i] - expected));
    }
    QVERIFY2(worst <= fixture["tol"]["exact"].get<double>(), qPrintable(QString::number(worst)));
}

void tst_Interactions::playersThatDoNotVary()
{
    QFETCH(QString, index);
    constexpr std::size_t n = 6;
    const auto base = test::networkGame(3, n, 1, 83);
    const std::vector<std::vector<std::size_t>> out = {{0, 5}, {2, 5}, {0, 1, 2, 3, 4, 5}};
    test::FunctionGame game(3, n, 1, [&](std::size_t row, std::span<const std::uint8_t> in) {
        Coalitions one{1, n, {in.begin(), in.end()}};
        for (const std::size_t player : out[row])
            one.members[player] = 0;
        Task task;
        return base.valuesOfRow(row, one, task);
    });
    for (std::size_t row = 0; row < 3; ++row) {
        for (const std::size_t player : out[row])
            game.setVaries(row, player, false);
    }
    Task task;
    const ShapleyInteractions result = shapleyInteractions(game, index.toStdString(), task);
    QCOMPARE(result.evaluations, std::uint64_t{32}); // player 5 varies nowhere
    for (std::size_t row = 0; row < 3; ++row) {
        const auto expected = byDividends(subsetValues(game, row, 0), n, index.toStdString());
        for (std::size_t i = 0; i < n * n; ++i) {
            const double value = result.values[row * n * n + i];
            QVERIFY(std::abs(value - expected[i]) < 1e-12);
            if (!game.varies(row, i / n) || !game.varies(row, i % n))
                QCOMPARE(value, 0.0);
        }
    }
}

void tst_Interactions::fewPlayers()
{
    QFETCH(QString, index);
    for (const std::size_t n : {0, 1, 2}) {
        const test::FunctionGame game(1, n, 1, [](std::size_t, std::span<const std::uint8_t> in) {
            return std::vector{3.0 + std::accumulate(in.begin(), in.end(), 0.0)};
        });
        Task task;
        const ShapleyInteractions result = shapleyInteractions(game, index.toStdString(), task);
        QCOMPARE(result.values.size(), n * n);
        for (std::size_t i = 0; i < n * n; ++i)
            QVERIFY(std::abs(result.values[i] - (i / std::max<std::size_t>(n, 1) == i % std::max<std::size_t>(n, 1) ? 1.0 : 0.0)) < 1e-12);
    }
    Task task;
    QVERIFY(shapleyInteractions(test::networkGame(0, 3, 1, 1), index.toStdString(), task).values.empty());
}

void tst_Interactions::invalid()
{
    Task task;
    QCOMPARE(test::errorNameOf([&] { shapleyInteractions(test::networkGame(1, 3, 1, 1), "magic", task); }), std::string("OptionInvalid"));
    QCOMPARE(test::errorNameOf([&] { shapleyInteractions(test::networkGame(1, 13, 1, 1), "sii", task); }), std::string("TooManyPlayers"));
    // Players that do not vary do not count.
    auto game = test::networkGame(1, 13, 1, 1);
    game.setVaries(0, 4, false);
    QCOMPARE(shapleyInteractions(game, "sii", task).evaluations, std::uint64_t{4096});
}

void tst_Interactions::cancel()
{
    Task task;
    int calls = 0;
    const test::FunctionGame game(1, 11, 1, [&](std::size_t, std::span<const std::uint8_t>) {
        if (++calls == 100)
            task.cancel();
        return std::vector{0.0};
    });
    QVERIFY_EXCEPTION_THROWN(shapleyInteractions(game, "k-sii", task), Cancelled);
}

QTEST_GUILESS_MAIN(tst_Interactions)
#include "tst_interactions.moc"
