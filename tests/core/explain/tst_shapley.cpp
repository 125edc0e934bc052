#include "core/explain/CoalitionBlocks.h"
#include "tests/core/explain/TestGames.h"
#include "tests/support/TestSupport.h"

#include <QTest>

// Games whose Shapley values are known: literal ones, ones with a closed form, and small ones solved by Shapley's own
// formula in TestGames.h.

using namespace limpid;
using limpid::test::FunctionGame;
using limpid::test::networkGame;

namespace {

/// Every method that can play: (name, budget) as test rows.
void methodRows(std::size_t budget)
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("budget");
    for (const std::string& method : shapleyMethods()) {
        QTest::addRow("%s", method.c_str()) << QString::fromStdString(method) << 0;
        if (method != "exact")
            QTest::addRow("%s, sampled", method.c_str()) << QString::fromStdString(method) << static_cast<int>(budget);
    }
}

ShapleySpec specOf(const QString& method, int budget, std::uint64_t seed = 1)
{
    return {method.toStdString(), static_cast<std::size_t>(budget), seed};
}

bool close(double a, double b, double tolerance = 1e-10)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class tst_Shapley : public QObject
{
    Q_OBJECT

private slots:
    void literalGame_data();
    void literalGame();
    void byDefinition_data();
    void byDefinition();
    void pairwiseGames_data();
    void pairwiseGames();
    void manyPlayers_data();
    void manyPlayers();
    void fewPlayers_data();
    void fewPlayers();
    void playersThatDoNotVary_data();
    void playersThatDoNotVary();
    void noRows_data();
    void noRows();
    void badOptions_data();
    void badOptions();
    void budgets_data();
    void budgets();
    void cancel_data();
    void cancel();
    void progress();
    void binomials();
};

void tst_Shapley::literalGame_data()
{
    methodRows(14);
}

void tst_Shapley::literalGame()
{
    // The majority game [3; 2, 1, 1, 1]: a coalition with 3 votes or more wins. Shapley & Shubik (1954): 1/2, 1/6, 1/6, 1/6.
    QFETCH(QString, method);
    QFETCH(int, budget);
    const FunctionGame game(1, 4, 1, [](std::size_t, std::span<const std::uint8_t> in) {
        return std::vector{2 * in[0] + in[1] + in[2] + in[3] >= 3 ? 1.0 : 0.0};
    });
    Task task;
    // Of 16 coalitions, 14 are not all: leverage and permutation sample.
    const ShapleyValues result = shapley(game, specOf(method, budget), task);
    QCOMPARE(result.base, std::vector<double>{0.0});
    QCOMPARE(result.full, std::vector<double>{1.0});
    QVERIFY(test::additivityGap(result, 4) <= 1e-12);
    const std::vector<double> expected = {1.0 / 2, 1.0 / 6, 1.0 / 6, 1.0 / 6};
    const bool sampled = budget > 0 && method != "kernel";
    for (std::size_t i = 0; i < 4; ++i) {
        QVERIFY2(close(result.values[i], expected[i], sampled ? 0.35 : 1e-12), qPrintable(QString::number(result.values[i])));
        if (!sampled)
            QCOMPARE(result.errors[i], 0.0);
    }
    QCOMPARE(result.evaluations, std::uint64_t{sampled ? 14u : 16u});
}

void tst_Shapley::byDefinition_data()
{
    methodRows(0);
}

void tst_Shapley::byDefinition()
{
    QFETCH(QString, method);
    const FunctionGame game = networkGame(3, 7, 2, 11);
    Task task;
    const ShapleyValues result = shapley(game, specOf(method, 0), task);
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t output = 0; output < 2; ++output) {
            const auto expected = test::shapleyByDefinition(game, row, output);
            for (std::size_t i = 0; i < 7; ++i)
                QVERIFY(close(result.values[(row * 2 + output) * 7 + i], expected[i], 1e-12));
        }
    }
}

void tst_Shapley::pairwiseGames_data()
{
    methodRows(120);
}

void tst_Shapley::pairwiseGames()
{
    // v(S) = Σ a_i + Σ b_ij over S: φ_i = a_i + ½ Σ_j b_ij. Pairs of complements see such games without error, so every
    // method must be exact even where it samples, and must say so.
    QFETCH(QString, method);
    QFETCH(int, budget);
    constexpr std::size_t n = 13;
    std::vector<double> a(n), b(n * n, 0.0);
    Random random(5, "test");
    for (std::size_t i = 0; i < n; ++i) {
        a[i] = random.normal();
        for (std::size_t j = 0; j < i; ++j)
            b[i * n + j] = b[j * n + i] = random.normal();
    }
    const FunctionGame game(1, n, 1, [&](std::size_t, std::span<const std::uint8_t> in) {
        double value = 3.0;
        for (std::size_t i = 0; i < n; ++i) {
            value += in[i] ? a[i] : 0.0;
            for (std::size_t j = 0; j < i; ++j)
                value += in[i] && in[j] ? b[i * n + j] : 0.0;
        }
        return std::vector{value};
    });
    Task task;
    const ShapleyValues result = shapley(game, specOf(method, budget), task);
    QVERIFY(test::additivityGap(result, n) <= 1e-12);
    // Kernel's last draw may lack its partner, so it is left out where it samples.
    if (method == "kernel" && budget > 0)
        return;
    for (std::size_t i = 0; i < n; ++i) {
        double expected = a[i];
        for (std::size_t j = 0; j < n; ++j)
            expected += 0.5 * b[i * n + j];
        QVERIFY2(close(result.values[i], expected), qPrintable(QString::number(result.values[i] - expected)));
        QVERIFY(result.errors[i] <= 1e-10);
    }
}

void tst_Shapley::manyPlayers_data()
{
    methodRows(700);
}

void tst_Shapley::manyPlayers()
{
    // 150 players, more than a machine word has bits; v = Σ a_i·i plus one product of three, worth 1/3 to each of them.
    QFETCH(QString, method);
    QFETCH(int, budget);
    constexpr std::size_t n = 150;
    const FunctionGame game(2, n, 1, [](std::size_t row, std::span<const std::uint8_t> in) {
        double value = 0.0;
        for (std::size_t i = 0; i < n; ++i)
            value += in[i] ? static_cast<double>(i % 7) : 0.0;
        return std::vector{value + (row == 1 && in[3] && in[70] && in[149] ? 3.0 : 0.0)};
    });
    Task task;
    if (method == "exact") {
        QCOMPARE(test::errorNameOf([&] { shapley(game, specOf(method, 0), task); }), std::string("TooManyPlayers"));
        return;
    }
    const ShapleyValues result = shapley(game, specOf(method, budget), task);
    QVERIFY(test::additivityGap(result, n) <= 1e-12);
    for (std::size_t i = 0; i < n; ++i) {
        const auto additive = static_cast<double>(i % 7);
        QVERIFY(close(result.values[i], additive, 1e-9));
        const double expected = additive + (i == 3 || i == 70 || i == 149 ? 1.0 : 0.0);
        QVERIFY(close(result.values[n + i], expected, 1.0));
        QVERIFY(std::isfinite(result.errors[n + i]));
    }
    QVERIFY(result.evaluations <= (budget > 0 ? 702u : 2 * n + 2048 + 2));
}

void tst_Shapley::fewPlayers_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("players");
    for (const std::string& method : shapleyMethods()) {
        for (const int players : {0, 1, 2, 3})
            QTest::addRow("%s, %d", method.c_str(), players) << QString::fromStdString(method) << players;
    }
}

void tst_Shapley::fewPlayers()
{
    QFETCH(QString, method);
    QFETCH(int, players);
    const auto n = static_cast<std::size_t>(players);
    const FunctionGame game(2, n, 1, [](std::size_t row, std::span<const std::uint8_t> in) {
        return std::vector{1.0 + 6.0 * static_cast<double>(row + 1) * (std::accumulate(in.begin(), in.end(), 0) > 0)};
    });
    Task task;
    const ShapleyValues result = shapley(game, specOf(method, 0), task);
    QCOMPARE(result.values.size(), 2 * n);
    for (std::size_t i = 0; i < n; ++i) {
        QVERIFY(close(result.values[i], 6.0 / static_cast<double>(n)));
        QVERIFY(close(result.values[n + i], 12.0 / static_cast<double>(n)));
        QCOMPARE(result.errors[i], 0.0);
    }
}

void tst_Shapley::playersThatDoNotVary_data()
{
    methodRows(60);
}

void tst_Shapley::playersThatDoNotVary()
{
    // Row 0 plays with all but 0 and 5, row 1 with all but 5, row 2 with player 4 alone, row 3 with nobody.
    QFETCH(QString, method);
    QFETCH(int, budget);
    constexpr std::size_t n = 9;
    const FunctionGame base = networkGame(4, n, 2, 23);
    const std::vector<std::vector<std::size_t>> out = {{0, 5}, {5}, {0, 1, 2, 3, 5, 6, 7, 8}, {0, 1, 2, 3, 4, 5, 6, 7, 8}};
    FunctionGame game(4, n, 2, [&](std::size_t row, std::span<const std::uint8_t> in) {
        Coalitions one{1, n, {in.begin(), in.end()}};
        for (const std::size_t player : out[row])
            one.members[player] = 0;
        Task task;
        return base.valuesOfRow(row, one, task);
    });
    for (std::size_t row = 0; row < 4; ++row) {
        for (const std::size_t player : out[row])
            game.setVaries(row, player, false);
    }
    Task task;
    const ShapleyValues result = shapley(game, specOf(method, budget), task);
    QVERIFY(test::additivityGap(result, n) <= 1e-12);
    for (std::size_t row = 0; row < 4; ++row) {
        for (std::size_t output = 0; output < 2; ++output) {
            const auto expected = test::shapleyByDefinition(game, row, output);
            for (std::size_t player = 0; player < n; ++player) {
                const std::size_t i = (row * 2 + output) * n + player;
                if (!game.varies(row, player)) {
                    QCOMPARE(result.values[i], 0.0);
                    QCOMPARE(result.errors[i], 0.0);
                } else if (budget == 0 || row == 2) {
                    QVERIFY(close(result.values[i], expected[player], 1e-10));
                } else {
                    QVERIFY(std::abs(result.values[i] - expected[player]) <= 4.0 * result.errors[i] + 0.2);
                }
            }
        }
    }
}

void tst_Shapley::noRows_data()
{
    methodRows(60);
}

void tst_Shapley::noRows()
{
    QFETCH(QString, method);
    QFETCH(int, budget);
    Task task;
    const ShapleyValues result = shapley(networkGame(0, 8, 1, 1), specOf(method, budget), task);
    QVERIFY(result.values.empty());
    QVERIFY(result.base.empty());
}

void tst_Shapley::badOptions_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("budget");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("name");
    QTest::newRow("no such method") << "magic" << 0 << "OptionInvalid" << "method";
    QTest::newRow("leverage, too little") << "leverage" << 61 << "OptionInvalid" << "budget";
    QTest::newRow("kernel, too little") << "kernel" << 59 << "OptionInvalid" << "budget";
    QTest::newRow("permutation, too little") << "permutation" << 77 << "OptionInvalid" << "budget";
    QTest::newRow("exact") << "exact" << 0 << "TooManyPlayers" << "";
    QTest::newRow("leverage, enough") << "leverage" << 62 << "(none)" << "";
    QTest::newRow("kernel, enough") << "kernel" << 60 << "(none)" << "";
    QTest::newRow("permutation, enough") << "permutation" << 78 << "(none)" << "";
}

void tst_Shapley::badOptions()
{
    QFETCH(QString, method);
    QFETCH(int, budget);
    QFETCH(QString, code);
    QFETCH(QString, name);
    const FunctionGame game = networkGame(1, 20, 1, 2);
    Task task;
    try {
        const ShapleyValues result = shapley(game, specOf(method, budget), task);
        QCOMPARE(code, QString("(none)"));
        QVERIFY(result.evaluations <= static_cast<std::uint64_t>(budget) + 2);
        for (const double error : result.errors)
            QVERIFY(std::isfinite(error));
    } catch (const Error& error) {
        QCOMPARE(QString::fromStdString(std::string(errorName(error.code()))), code);
        QCOMPARE(QString::fromStdString(fact(error.facts(), "name")), name);
        if (error.code() == ErrorCode::TooManyPlayers) {
            QCOMPARE(fact(error.facts(), "players"), std::string("20"));
            QCOMPARE(fact(error.facts(), "limit"), std::string("16"));
        }
    }
}

void tst_Shapley::budgets_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("budget");
    QTest::addColumn<int>("players");
    for (const std::string& method : shapleyMethods()) {
        for (const int players : {1, 2, 5, 11, 12, 18}) {
            for (const int budget : {0, 100, 101}) {
                if (method != "exact" || players <= 11)
                    QTest::addRow("%s, %d of %d", method.c_str(), budget, players) << QString::fromStdString(method) << budget << players;
            }
        }
    }
}

void tst_Shapley::budgets()
{
    QFETCH(QString, method);
    QFETCH(int, budget);
    QFETCH(int, players);
    const auto n = static_cast<std::size_t>(players);
    Task task;
    const ShapleySpec spec = specOf(method, budget);
    const ShapleyValues result = shapley(networkGame(1, n, 1, 3), spec, task);
    QCOMPARE(result.evaluations, plannedEvaluations(spec, n));
}

void tst_Shapley::cancel_data()
{
    methodRows(200);
}

void tst_Shapley::cancel()
{
    QFETCH(QString, method);
    QFETCH(int, budget);
    Task task;
    int calls = 0;
    const FunctionGame game(1, 14, 1, [&](std::size_t, std::span<const std::uint8_t>) {
        if (++calls == 100)
            task.cancel();
        return std::vector{0.0};
    });
    QVERIFY_EXCEPTION_THROWN(shapley(game, specOf(method, budget), task), Cancelled);
}

void tst_Shapley::progress()
{
    for (const std::string& method : shapleyMethods()) {
        std::vector<double> fractions;
        Task task([&](const Task::Progress& progress) { fractions.push_back(progress.fraction); });
        FunctionGame game = networkGame(2, 13, 1, 3);
        game.setVaries(1, 4, false);
        shapley(game, {method, 0, 1}, task);
        QVERIFY2(fractions.size() >= 2, method.c_str());
        QVERIFY(std::is_sorted(fractions.begin(), fractions.end()));
        QVERIFY(fractions.front() > 0.0);
        QVERIFY(close(fractions.back(), 1.0, 1e-9));
    }
}

void tst_Shapley::binomials()
{
    QCOMPARE(binomial(5, 0), 1.0);
    QCOMPARE(binomial(5, 2), 10.0);
    QCOMPARE(binomial(50, 25), 126410606437752.0);
    QCOMPARE(binomial(3000, 1500), 1e300);
    std::vector<std::size_t> subset = {0, 1, 2};
    int count = 1;
    while (nextCombination(subset, 7))
        ++count;
    QCOMPARE(count, 35);
    QCOMPARE(subset, (std::vector<std::size_t>{4, 5, 6}));
}

QTEST_GUILESS_MAIN(tst_Shapley)
#include "tst_shapley.moc"
