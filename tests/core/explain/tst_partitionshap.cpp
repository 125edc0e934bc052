#include "core/base/File.h"
#include "core/explain/PartitionShap.h"
#include "tests/core/explain/FixtureGame.h"
#include "tests/support/TestSupport.h"

#include <QTest>

// Owen values. Expected numbers: shap 0.52 (../shared/fixtures/explain/shapley_small.json), shap 0.49.1's
// PartitionExplainer(…, batch_size=1) on the same model and tree where the budget falls short, and the definition: the
// mean marginal contribution over every order that keeps each node's players together.

using namespace limpid;
using nlohmann::json;

namespace {

PlayerTree fixtureTree(const json& fixture)
{
    PlayerTree tree{fixture["clustering"].size() + 1, {}};
    for (const json& split : fixture["clustering"])
        tree.splits.push_back({split[0].get<std::size_t>(), split[1].get<std::size_t>(), split[2].get<double>()});
    return tree;
}

/// Every order of the players under a node that keeps the players under each of its nodes together.
std::vector<std::vector<std::size_t>> orders(const PlayerTree& tree, std::size_t node)
{
    if (tree.isPlayer(node))
        return {{node}};
    std::vector<std::vector<std::size_t>> all;
    for (const auto& left : orders(tree, tree.split(node).left)) {
        for (const auto& right : orders(tree, tree.split(node).right)) {
            all.push_back(left);
            all.back().insert(all.back().end(), right.begin(), right.end());
            all.push_back(right);
            all.back().insert(all.back().end(), left.begin(), left.end());
        }
    }
    return all;
}

/// [rows, outputs, players]
std::vector<double> owenByDefinition(const Game& game, const PlayerTree& tree)
{
    const std::size_t players = game.players(), outputs = game.outputs();
    std::vector<double> phi(game.rows() * outputs * players, 0.0);
    const auto all = orders(tree, tree.nodes() - 1);
    for (const auto& order : all) {
        Coalitions walk{players + 1, players, std::vector<std::uint8_t>((players + 1) * players, 0)};
        for (std::size_t step = 0; step < players; ++step) {
            for (std::size_t after = step + 1; after <= players; ++after)
                walk.members[after * players + order[step]] = 1;
        }
        Task task;
        const auto v = game.values(walk, task);
        for (std::size_t row = 0; row < game.rows(); ++row) {
            for (std::size_t step = 0; step < players; ++step) {
                for (std::size_t output = 0; output < outputs; ++output) {
                    const double* at = v.data() + (row * walk.count + step) * outputs + output;
                    phi[(row * outputs + output) * players + order[step]] +=
                        (at[outputs] - at[0]) / static_cast<double>(all.size());
                }
            }
        }
    }
    return phi;
}

double worst(const std::vector<double>& a, const std::vector<double>& b)
{
    double gap = a.size() == b.size() ? 0.0 : 1e9;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        gap = std::max(gap, std::abs(a[i] - b[i]));
    return gap;
}

/// A game's only output taken from one with more.
test::FunctionGame oneOutput(const Game& game, std::size_t output)
{
    return {game.rows(), game.players(), 1, [&game, output](std::size_t row, std::span<const std::uint8_t> in) {
                Task task;
                return std::vector{game.valuesOfRow(row, {1, in.size(), {in.begin(), in.end()}}, task)[output]};
            }};
}

} // namespace

class tst_PartitionShap : public QObject
{
    Q_OBJECT

private slots:
    void fixture_data();
    void fixture();
    void shortBudget_data();
    void shortBudget();
    void byDefinition_data();
    void byDefinition();
    void playersThatDoNotVary();
    void budgets();
    void additive();
    void largeGrid();
    void fewPlayers();
    void stopEarly();
    void cancel();
    void invalid();
};

void tst_PartitionShap::fixture_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("budget");
    for (const char* key : {"exact_partition", "partition_owen", "partition_hierarchical"}) {
        QTest::addRow("%s", key) << key << 0;
        QTest::addRow("%s, just enough", key) << key << -1;
    }
}

void tst_PartitionShap::fixture()
{
    QFETCH(QString, key);
    QFETCH(int, budget);
    LIMPID_NEED_SHARED(path, "fixtures/explain/shapley_small.json");
    const json fixture = json::parse(readFile(path));
    const auto game =
        test::MlpGame(fixture, fixture["rows"].get<test::Matrix>(), fixture["background"].get<test::Matrix>()).game();
    const PlayerTree tree = fixtureTree(fixture);
    const std::uint64_t needed = partitionEvaluations(tree);
    Task task;
    const PartitionValues result = partitionShapley(game, tree, {budget < 0 ? static_cast<std::size_t>(needed) : 0}, task);
    const json& expected = fixture[key.toStdString()]; // hierarchical: inner nodes follow the players
    for (std::size_t cell = 0; cell < result.shapley.base.size(); ++cell) {
        for (std::size_t player = 0; player < 8; ++player) {
            const double gap = result.shapley.values[cell * 8 + player] - expected[cell / 2][player][cell % 2].get<double>();
            QVERIFY2(std::abs(gap) <= fixture["tol"]["partition"].get<double>(), qPrintable(QString::number(gap)));
        }
    }
    QCOMPARE(result.shapley.evaluations, needed);
    for (const double spread : result.spread)
        QCOMPARE(spread, 0.0);
    for (const bool whole : result.whole)
        QVERIFY(whole);
}

void tst_PartitionShap::shortBudget_data()
{
    QTest::addColumn<int>("budget");
    QTest::addColumn<int>("output");
    QTest::addColumn<std::vector<double>>("expected"); // [rows, players]
    QTest::newRow("30, output 0") << 30 << 0 << std::vector<double>{
        0.09404966464872785, 0.10908917958696016, 0.1048979338217626, 0.8720395629523812, 1.0329624184835975,
        0.1048979338217626, -0.12340313232166349, 0.06484445103105219,
        -0.17553883037882087, -0.17553883037882087, -0.09658017333081333, 0.3130653729260724, -0.37910435146972077,
        -0.09658017333081333, -0.5934953573141972, -0.011985770786123673,
        -0.1734249548164511, -0.09264742265589034, -0.003936637939598309, 1.0833574744442485, 0.11686934004457197,
        -0.003936637939598309, 0.9010061638902009, -0.3742037101721221,
        0.20680000399663767, 0.16040240425057747, 0.04728072466280624, -0.19394654116485727, -0.15356522661048927,
        0.04728072466280624, -0.43049769829514584, -0.19050565671208086};
    QTest::newRow("30, output 1") << 30 << 1 << std::vector<double>{
        -0.19010033712436264, -0.13217372261822324, -0.009204078145529798, -0.15561448017534757, -0.4664684714107174,
        -0.009204078145529798, 0.1153525718729494, 0.1788287869878694,
        -0.17758225818670492, -0.17758225818670492, -0.09115049654531568, -0.16137289789482173, -0.05564090384631227,
        -0.09115049654531568, 0.029656991272435027, 0.25122863712266996,
        -0.42212586384322315, -0.42212586384322315, -0.038444095289203374, -0.25911659176109963, 0.4413139622975954,
        -0.038444095289203374, -0.11709973092370507, 1.0369825802500325,
        0.41552440982812155, 0.41552440982812155, 0.12668223553882677, 0.04036858182163485, 0.1352608152919265,
        0.12668223553882677, 0.1352608152919265, 0.5633009335912493};
    QTest::newRow("40, output 0") << 40 << 0 << std::vector<double>{
        -0.03513974501391798, -0.010389645326290654, 0.10486322205469965, 1.1207772210624036, 1.0329624184835975,
        0.10486322205469965, -0.12340313232166349, 0.06484445103105219,
        -0.1913765695144254, -0.17952196740630474, -0.08666973524926919, 0.3130653729260724, -0.37910435146972077,
        -0.08666973524926919, -0.5934953573141972, -0.011985770786123673,
        -0.34207227062219864, -0.17334771816666655, 0.12357161171036793, 1.0833574744442485, 0.11686934004457197,
        0.1179027237269592, 0.9010061638902009, -0.3742037101721221,
        0.3354009508447064, 0.18088800901653146, 0.037182234520699686, -0.32283611249466687, -0.15356522661048927,
        0.037182234520699686, -0.43049769829514584, -0.19050565671208086};
    QTest::newRow("40, output 1") << 40 << 1 << std::vector<double>{
        -0.26355238589933966, -0.05872167384324625, -0.009204078145529798, -0.15561448017534757, -0.4664684714107174,
        -0.009204078145529798, 0.1153525718729494, 0.1788287869878694,
        -0.16273010550868888, -0.18440897772854786, -0.09516321311340223, -0.16137289789482173, -0.05564090384631227,
        -0.09516321311340223, 0.029656991272435027, 0.25122863712266996,
        -0.59503096309406, -0.48236415207276134, 0.07812759845098419, -0.25911659176109963, 0.4413139622975954,
        0.07812759845098419, -0.11709973092370507, 1.0369825802500325,
        0.4687996107253679, 0.3944168081520896, 0.11059843592821954, 0.04036858182163485, 0.2196443867311527,
        0.11059843592821954, 0.050877243852700274, 0.5633009335912493};
}

void tst_PartitionShap::shortBudget()
{
    QFETCH(int, budget);
    QFETCH(int, output);
    QFETCH(std::vector<double>, expected);
    LIMPID_NEED_SHARED(path, "fixtures/explain/shapley_small.json");
    const json fixture = json::parse(readFile(path));
    const auto both =
        test::MlpGame(fixture, fixture["rows"].get<test::Matrix>(), fixture["background"].get<test::Matrix>()).game();
    const auto game = oneOutput(both, static_cast<std::size_t>(output));
    Task task;
    const PartitionValues result = partitionShapley(game, fixtureTree(fixture), {static_cast<std::size_t>(budget), 1}, task);
    QCOMPARE(result.shapley.evaluations, static_cast<std::uint64_t>(budget));
    const double gap = worst(result.shapley.values, expected);
    QVERIFY2(gap < 1e-9, qPrintable(QString::number(gap)));
    for (std::size_t row = 0; row < game.rows(); ++row) {
        QVERIFY(!result.whole[row]);
        const auto first = result.spread.begin() + static_cast<std::ptrdiff_t>(row * 8);
        QVERIFY(std::any_of(first, first + 8, [](double spread) { return spread > 0.0; }));
    }
    QVERIFY(test::additivityGap(result.shapley, 8) <= 1e-12);
}

void tst_PartitionShap::byDefinition_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("grid") << 0;
    QTest::newRow("sequence") << 1;
    QTest::newRow("chain") << 2;
}

void tst_PartitionShap::byDefinition()
{
    QFETCH(int, kind);
    const auto game = test::networkGame(3, 6, 2, 41);
    PlayerTree tree = kind == 0 ? gridTree(3, 2) : sequenceTree(6);
    if (kind == 2)
        tree.splits = {{4, 2, 0}, {6, 0, 0}, {1, 7, 0}, {8, 5, 0}, {3, 9, 0}};
    QVERIFY(tree.isValid());
    const auto expected = owenByDefinition(game, tree);
    Task task;
    const PartitionValues result = partitionShapley(game, tree, {}, task);
    QVERIFY(worst(result.shapley.values, expected) < 1e-12);
    if (kind == 2)
        QCOMPARE(result.shapley.evaluations, std::uint64_t{64}); // a chain goes through all coalitions
}

void tst_PartitionShap::playersThatDoNotVary()
{
    const auto base = test::networkGame(2, 6, 1, 43);
    test::FunctionGame game(2, 6, 1, [&](std::size_t row, std::span<const std::uint8_t> in) {
        Coalitions one{1, 6, {in.begin(), in.end()}};
        one.members[row == 0 ? 2 : 3] = one.members[5] = 0;
        Task task;
        return base.valuesOfRow(row, one, task);
    });
    game.setVaries(0, 2, false);
    game.setVaries(1, 3, false);
    game.setVaries(0, 5, false);
    game.setVaries(1, 5, false);
    const PlayerTree tree = gridTree(2, 3);
    const auto expected = owenByDefinition(game, tree);
    Task task;
    const PartitionValues result = partitionShapley(game, tree, {}, task);
    QVERIFY(worst(result.shapley.values, expected) < 1e-12);
    QVERIFY(result.shapley.evaluations < partitionEvaluations(tree)); // player 5 is asked nowhere
    // Short of budget only players that vary share what is left.
    const PartitionValues part = partitionShapley(game, tree, {6, 1}, task);
    QCOMPARE(part.shapley.values[2], 0.0);
    QCOMPARE(part.shapley.values[5], 0.0);
    QCOMPARE(part.shapley.values[6 + 3], 0.0);
    QVERIFY(test::additivityGap(part.shapley, 6) <= 1e-12);
}

void tst_PartitionShap::budgets()
{
    // Never more evaluations than were given; the same from one call to the next; less spread in the end.
    const auto game = test::networkGame(2, 32, 2, 47);
    const PlayerTree tree = sequenceTree(32);
    std::vector<double> spreads;
    for (const std::size_t budget : {4, 5, 60, 200, 600, 1000}) {
        Task task;
        const PartitionValues result = partitionShapley(game, tree, {budget}, task);
        QVERIFY(result.shapley.evaluations <= budget);
        QVERIFY(test::additivityGap(result.shapley, 32) <= 1e-12);
        spreads.push_back(std::accumulate(result.spread.begin(), result.spread.end(), 0.0));
        Task again;
        QCOMPARE(partitionShapley(game, tree, {budget}, again).shapley.values, result.shapley.values);
    }
    QVERIFY(spreads[4] < 0.5 * spreads[0]);
    QCOMPARE(spreads[5], 0.0);
    QCOMPARE(partitionEvaluations(tree), std::uint64_t{2 + 2 * (1 + 4 + 16 + 64 + 256)});
    Task task;
    const PartitionValues whole = partitionShapley(game, tree, {684}, task);
    QVERIFY(whole.whole[0] && whole.whole[1]);
    QVERIFY(!partitionShapley(game, tree, {683}, task).whole[0]);
}

void tst_PartitionShap::additive()
{
    // Without interactions Owen values are the players' own effects, whatever the tree.
    const test::FunctionGame game(1, 9, 1, [](std::size_t, std::span<const std::uint8_t> in) {
        double value = 2.0;
        for (std::size_t player = 0; player < in.size(); ++player)
            value += in[player] ? static_cast<double>(player) - 3.5 : 0.0;
        return std::vector{value};
    });
    Task task;
    const PartitionValues result = partitionShapley(game, gridTree(3, 3), {}, task);
    for (std::size_t player = 0; player < 9; ++player)
        QVERIFY(std::abs(result.shapley.values[player] - (static_cast<double>(player) - 3.5)) < 1e-12);
}

void tst_PartitionShap::largeGrid()
{
    // 784 players, one of which matters and one pair: the search must find them within the default budget.
    const test::FunctionGame game(1, 784, 1, [](std::size_t, std::span<const std::uint8_t> in) {
        return std::vector{5.0 * in[300] + (in[10] && in[770] ? 2.0 : 0.0)};
    });
    Task task;
    const PartitionValues result = partitionShapley(game, gridTree(28, 28), {}, task);
    QVERIFY(std::abs(result.shapley.values[300] - 5.0) < 1e-12);
    QVERIFY(std::abs(result.shapley.values[10] - 1.0) < 1e-12);
    QVERIFY(std::abs(result.shapley.values[770] - 1.0) < 1e-12);
    QVERIFY(result.shapley.evaluations <= 2 * 784 + 2048);
}

void tst_PartitionShap::fewPlayers()
{
    for (const std::size_t players : {0, 1, 2}) {
        const test::FunctionGame game(2, players, 1, [](std::size_t row, std::span<const std::uint8_t> in) {
            return std::vector{static_cast<double>(row + 1) * std::accumulate(in.begin(), in.end(), 0.0)};
        });
        Task task;
        const PartitionValues result = partitionShapley(game, sequenceTree(players), {}, task);
        QCOMPARE(result.shapley.values.size(), 2 * players);
        for (std::size_t i = 0; i < result.shapley.values.size(); ++i)
            QCOMPARE(result.shapley.values[i], i < players ? 1.0 : 2.0);
    }
    Task task;
    QVERIFY(partitionShapley(test::networkGame(0, 4, 1, 1), sequenceTree(4), {}, task).shapley.values.empty());
}

void tst_PartitionShap::stopEarly()
{
    const auto game = test::networkGame(1, 64, 1, 3);
    Task stopped([&](const Task::Progress&) { stopped.finish(); });
    const PartitionValues result = partitionShapley(game, sequenceTree(64), {2000}, stopped);
    QVERIFY(result.shapley.evaluations < 1000);
    QVERIFY(!result.whole[0]);
    QVERIFY(test::additivityGap(result.shapley, 64) <= 1e-12);
}

void tst_PartitionShap::cancel()
{
    for (const std::size_t budget : {0, 100}) {
        Task task;
        int calls = 0;
        const test::FunctionGame game(1, 30, 1, [&](std::size_t, std::span<const std::uint8_t>) {
            if (++calls == 40)
                task.cancel();
            return std::vector{0.0};
        });
        QVERIFY_EXCEPTION_THROWN(partitionShapley(game, sequenceTree(30), {budget}, task), Cancelled);
    }
}

void tst_PartitionShap::invalid()
{
    const auto game = test::networkGame(1, 4, 1, 1);
    Task task;
    const auto nameOf = [&](const PlayerTree& tree, PartitionSpec spec) {
        return test::errorNameOf([&] { partitionShapley(game, tree, spec, task); });
    };
    QCOMPARE(nameOf(sequenceTree(5), {}), std::string("OptionInvalid"));
    QCOMPARE(nameOf({4, {{0, 1, 0}, {0, 2, 0}, {3, 4, 0}}}, {}), std::string("OptionInvalid"));
    QCOMPARE(nameOf(sequenceTree(4), {3}), std::string("OptionInvalid"));
    QCOMPARE(nameOf(sequenceTree(4), {0, 0}), std::string("OptionInvalid"));
}

QTEST_GUILESS_MAIN(tst_PartitionShap)
#include "tst_partitionshap.moc"
