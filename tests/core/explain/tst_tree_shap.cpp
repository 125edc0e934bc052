#include "core/base/File.h"
#include "core/explain/Interactions.h"
#include "core/explain/TreeShap.h"
#include "core/explain/TreeTables.h"
#include "core/model/XgboostFile.h"
#include "tests/core/explain/TestGames.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <limits>

// Against XGBoost 1.7 and shap, by the numbers in ../shared/fixtures/explain (tree.json), and against enumeration of the games
// themselves, as the definitions of TreeShap.h have them.

using namespace limpid;
using nlohmann::json;
using test::FunctionGame;

namespace {

constexpr float gap = std::numeric_limits<float>::quiet_NaN();

/// A missing value is null.
std::vector<double> flat(const json& value)
{
    if (value.is_null())
        return {std::numeric_limits<double>::quiet_NaN()};
    if (!value.is_array())
        return {value.get<double>()};
    std::vector<double> all;
    for (const json& part : value) {
        const std::vector<double> numbers = flat(part);
        all.insert(all.end(), numbers.begin(), numbers.end());
    }
    return all;
}

std::vector<float> floats(const json& value)
{
    const std::vector<double> all = flat(value);
    return {all.begin(), all.end()};
}

double worst(const std::vector<double>& a, const std::vector<double>& b)
{
    if (a.size() != b.size())
        return std::numeric_limits<double>::infinity();
    double gap = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        gap = !(std::abs(a[i] - b[i]) <= gap) ? std::abs(a[i] - b[i]) : gap;
    return gap;
}

#define NEAR(a, b, tolerance) \
    QVERIFY2(worst(a, b) <= (tolerance), qPrintable(QString::number(worst(a, b))))

/// The last of each `width`, and the others.
std::pair<std::vector<double>, std::vector<double>> lastApart(const std::vector<double>& values, std::size_t width)
{
    std::pair<std::vector<double>, std::vector<double>> parts;
    for (std::size_t i = 0; i < values.size(); ++i)
        (i % width + 1 == width ? parts.first : parts.second).push_back(values[i]);
    return parts;
}

struct Wanted {
    std::size_t trees = 3, depth = 4, features = 6, outputs = 1;
    double stops = 0.1;      ///< chance of an answer before the depth
    std::uint64_t seed = 1;
};

/// Trees with questions that come again on a path, gaps that go either way, and covers that add up.
TreeEnsemble randomTrees(const Wanted& wanted)
{
    Random random(wanted.seed, "trees");
    TreeEnsemble ensemble;
    ensemble.features = wanted.features;
    for (std::size_t output = 0; output < wanted.outputs; ++output)
        ensemble.base.push_back(random.normal());
    for (std::size_t i = 0; i < wanted.trees; ++i) {
        DecisionTree tree;
        tree.output = i % wanted.outputs;
        const auto grow = [&](const auto& self, std::size_t depth, double cover) -> std::int32_t {
            const std::size_t index = tree.nodes.size();
            tree.nodes.emplace_back();
            tree.nodes[index].cover = cover;
            if (depth == 0 || (depth < wanted.depth && random.uniform() < wanted.stops)) {
                tree.nodes[index].value = random.normal();
                return static_cast<std::int32_t>(index);
            }
            tree.nodes[index].feature = static_cast<std::uint32_t>(random.below(wanted.features));
            tree.nodes[index].threshold = static_cast<float>(0.7 * random.normal());
            tree.nodes[index].missingLeft = random.uniform() < 0.5;
            const double share = 0.1 + 0.8 * random.uniform();
            const std::int32_t left = self(self, depth - 1, cover * share);
            const std::int32_t right = self(self, depth - 1, cover * (1.0 - share));
            tree.nodes[index].left = left;
            tree.nodes[index].right = right;
            return static_cast<std::int32_t>(index);
        };
        grow(grow, wanted.depth, 100.0);
        ensemble.trees.push_back(std::move(tree));
    }
    return ensemble;
}

std::vector<float> randomRows(std::size_t rows, std::size_t features, std::uint64_t seed)
{
    Random random(seed, "rows");
    std::vector<float> values;
    for (std::size_t i = 0; i < rows * features; ++i)
        values.push_back(random.uniform() < 0.1 ? gap : static_cast<float>(random.normal()));
    return values;
}

std::uint32_t playerOf(const TreePlayers& players, std::size_t feature) { return players.empty() ? static_cast<std::uint32_t>(feature) : players[feature]; }
std::size_t playersOf(const TreeEnsemble& ensemble, const TreePlayers& players)
{
    return players.empty() ? ensemble.features : 1 + *std::max_element(players.begin(), players.end());
}

/// The path-dependent game by its definition: players that are left out go both ways, each with its share of the cover.
FunctionGame pathGame(const TreeEnsemble& ensemble, const std::vector<float>& rows, const TreePlayers& players)
{
    return FunctionGame(rows.size() / ensemble.features, playersOf(ensemble, players), ensemble.outputs(), [=](std::size_t row, std::span<const std::uint8_t> members) {
        std::vector<double> outputs = ensemble.base;
        for (const DecisionTree& tree : ensemble.trees) {
            const auto value = [&](const auto& self, std::size_t index) -> double {
                const DecisionNode& node = tree.nodes[index];
                if (node.left < 0)
                    return node.value;
                if (members[playerOf(players, node.feature)])
                    return self(self, nextNode(node, rows[row * ensemble.features + node.feature]));
                const auto left = static_cast<std::size_t>(node.left), right = static_cast<std::size_t>(node.right);
                return (tree.nodes[left].cover * self(self, left) + tree.nodes[right].cover * self(self, right)) / node.cover;
            };
            outputs[tree.output] += value(value, 0);
        }
        return outputs;
    });
}

/// The interventional game by its definition.
FunctionGame mixedGame(const TreeEnsemble& ensemble, const std::vector<float>& rows, const std::vector<float>& background, const TreePlayers& players)
{
    const std::size_t features = ensemble.features;
    return FunctionGame(rows.size() / features, playersOf(ensemble, players), ensemble.outputs(), [=](std::size_t row, std::span<const std::uint8_t> members) {
        std::vector<double> means(ensemble.outputs(), 0.0);
        std::vector<float> mixed = background;
        for (std::size_t i = 0; i < mixed.size(); ++i) {
            if (members[playerOf(players, i % features)])
                mixed[i] = rows[row * features + i % features];
        }
        const std::vector<double> margins = ensemble.margins(mixed);
        for (std::size_t i = 0; i < margins.size(); ++i)
            means[i % means.size()] += margins[i] / static_cast<double>(background.size() / features);
        return means;
    });
}

/// x0 < 0 ? (x1 < 1 ? 10 : 20) : (x0 < 2 ? 30 : 40), covers 8 = 2 + 6, 2 = 1 + 1, 6 = 4 + 2; without x0 to the left, then right.
TreeEnsemble smallTree()
{
    DecisionTree tree;
    tree.nodes = {{1, 2, 0, 0.0F, true, 8.0, 0.0}, {3, 4, 1, 1.0F, false, 2.0, 0.0}, {5, 6, 0, 2.0F, false, 6.0, 0.0},
                  {-1, -1, 0, 0.0F, false, 1.0, 10.0}, {-1, -1, 0, 0.0F, false, 1.0, 20.0}, {-1, -1, 0, 0.0F, false, 4.0, 30.0}, {-1, -1, 0, 0.0F, false, 2.0, 40.0}};
    return {2, {1.0}, {tree}};
}

} // namespace

class tst_TreeShap : public QObject
{
    Q_OBJECT

private slots:
    void xgboost();
    void xgboostClasses();
    void shapAgainstBackground();
    void byHand();
    void enumerated_data();
    void enumerated();
    void interactionsEnumerated();
    void againstEnumerated_data();
    void againstEnumerated();
    void worthsAddUp();
    void emptyCovers();
    void sameOnAnyCores();
    void cancels();
    void refused();
};

void tst_TreeShap::xgboost()
{
    LIMPID_NEED_SHARED(path, "fixtures/explain/tree.json");
    const json fixture = json::parse(readFile(path));
    const TreeEnsemble model = readXgboostText(readFile(path.parent_path() / fixture["model"].get<std::string>()), "");
    const double tolerance = fixture["tol"]["path_dependent"];
    const std::vector<float> rows = floats(fixture["X"]);
    Task task;
    NEAR(model.margins(rows), flat(fixture["margin"]), tolerance);
    const auto [base, values] = lastApart(flat(fixture["pred_contribs"]), model.features + 1);
    const TreeShapValues found = treeShap(model, rows, {}, task);
    NEAR(found.base, base, tolerance);
    NEAR(found.values, values, tolerance);
    NEAR(found.full, flat(fixture["margin"]), tolerance);

    // XGBoost's matrix has the base as a last row and column.
    const TreeShapValues pairs = treeShapInteractions(model, rows, {}, task);
    std::vector<double> matrices;
    for (const json& matrix : fixture["pred_interactions"]) {
        for (std::size_t i = 0; i < model.features; ++i) {
            for (std::size_t j = 0; j < model.features; ++j)
                matrices.push_back(matrix[i][j]);
        }
    }
    NEAR(pairs.values, matrices, tolerance);
}

void tst_TreeShap::xgboostClasses()
{
    LIMPID_NEED_SHARED(path, "fixtures/explain/tree.json");
    const json fixture = json::parse(readFile(path));
    const TreeEnsemble model = readXgboostText(readFile(path.parent_path() / fixture["multi_model"].get<std::string>()), "");
    const double tolerance = fixture["tol"]["path_dependent"];
    const std::vector<float> rows = floats(fixture["X"]);
    QCOMPARE(model.outputs(), std::size_t(3));
    NEAR(model.margins(rows), flat(fixture["multi_margin"]), tolerance);
    const auto [base, values] = lastApart(flat(fixture["multi_contribs"]), model.features + 1);
    Task task;
    const TreeShapValues found = treeShap(model, rows, {}, task);
    NEAR(found.base, base, tolerance);
    NEAR(found.values, values, tolerance);
}

void tst_TreeShap::shapAgainstBackground()
{
    LIMPID_NEED_SHARED(path, "fixtures/explain/tree.json");
    const json fixture = json::parse(readFile(path));
    const TreeEnsemble model = readXgboostText(readFile(path.parent_path() / fixture["model"].get<std::string>()), "");
    const double tolerance = fixture["tol"]["interventional"];
    const std::vector<float> rows = floats(fixture["X"]), others = floats(fixture["background"]);
    const std::vector<double> labels = flat(fixture["y"]);
    Task task;
    const TreeShapValues raw = treeShapAgainst(model, rows, {others, TreeWorth::Margin, {}}, {}, task);
    NEAR(raw.values, flat(fixture["interventional_raw"]), tolerance);
    NEAR(raw.base, std::vector<double>(25, fixture["interventional_raw_base"].get<double>()), tolerance);
    const TreeShapValues probability = treeShapAgainst(model, rows, {others, TreeWorth::Probability, {}}, {}, task);
    NEAR(probability.values, flat(fixture["interventional_probability"]), tolerance);
    NEAR(probability.base, std::vector<double>(25, fixture["interventional_probability_base"].get<double>()), tolerance);
    const TreeShapValues loss = treeShapAgainst(model, rows, {others, TreeWorth::LogLoss, labels}, {}, task);
    NEAR(loss.values, flat(fixture["interventional_log_loss"]), tolerance);
    NEAR(loss.base, flat(fixture["interventional_log_loss_base"]), tolerance);
}

void tst_TreeShap::byHand()
{
    // For the row (1, 3): v(∅) = (10 + 20 + 4·30 + 2·40) / 8 = 28.75, v({x0}) = 30 (right, then left), v({x1}) = 2/8·20 + 4/8·30 + 2/8·40 = 30,
    // v(all) = 30, all with the base of 1: φ0 = ((30 − 28.75) + (30 − 30)) / 2 = 0.625 and φ1 the same.
    Task task;
    const TreeShapValues found = treeShap(smallTree(), std::vector<float>{1.0F, 3.0F}, {}, task);
    NEAR(found.base, std::vector<double>{29.75}, 1e-12);
    NEAR(found.full, std::vector<double>{31.0}, 1e-12);
    NEAR(found.values, (std::vector<double>{0.625, 0.625}), 1e-12);
    // Without x0 to the left, without x1 there to the right: v({x0}) = 15, v({x1}) = 30 and v(all) = 20.
    NEAR(treeShap(smallTree(), std::vector<float>{gap, gap}, {}, task).values, (std::vector<double>{-11.875, 3.125}), 1e-12);
    // Both features one player: all of v(all) − v(∅) is its.
    NEAR(treeShap(smallTree(), std::vector<float>{gap, gap}, {0, 0}, task).values, std::vector<double>{-8.75}, 1e-12);
    // (1, 3) against (-1, 0): v(∅) = 10, v({x0}) = 30, v({x1}) = 20, v(all) = 30.
    const std::vector<float> other{-1.0F, 0.0F};
    NEAR(treeShapAgainst(smallTree(), std::vector<float>{1.0F, 3.0F}, {other, TreeWorth::Margin, {}}, {}, task).values, (std::vector<double>{15.0, 5.0}), 1e-12);
    // A tree that is one answer.
    TreeEnsemble single = smallTree();
    single.trees[0].nodes = {single.trees[0].nodes[6]};
    NEAR(treeShap(single, other, {}, task).values, (std::vector<double>{0.0, 0.0}), 0.0);
    NEAR(treeShapInteractions(single, other, {}, task).values, (std::vector<double>(4, 0.0)), 0.0);
    NEAR(treeShap(single, other, {}, task).base, std::vector<double>{41.0}, 0.0);
    QVERIFY(treeShap(single, {}, {}, task).values.empty());
}

void tst_TreeShap::enumerated_data()
{
    QTest::addColumn<int>("depth");
    QTest::addColumn<int>("features");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("outputs");
    QTest::addColumn<bool>("grouped");
    // Few rows are swept, many looked up in tables; 14 features on paths of 20 questions have no tables at all.
    for (const bool grouped : {false, true}) {
        const char* players = grouped ? ", features joined" : "";
        QTest::addRow("stumps%s", players) << 1 << 3 << 300 << 1 << grouped;
        QTest::addRow("one table%s", players) << 3 << 5 << 300 << 2 << grouped;
        QTest::addRow("tables%s", players) << 6 << 8 << 300 << 1 << grouped;
        QTest::addRow("tables, questions again%s", players) << 9 << 3 << 300 << 3 << grouped;
        QTest::addRow("swept%s", players) << 6 << 8 << 2 << 2 << grouped;
        QTest::addRow("swept, questions again%s", players) << 9 << 4 << 1 << 1 << grouped;
        QTest::addRow("deep%s", players) << 20 << 14 << 2 << 1 << grouped;
    }
}

void tst_TreeShap::enumerated()
{
    QFETCH(int, depth);
    QFETCH(int, features);
    QFETCH(int, rows);
    QFETCH(int, outputs);
    QFETCH(bool, grouped);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const TreeEnsemble model = randomTrees({std::size_t(outputs) + 1, std::size_t(depth), std::size_t(features), std::size_t(outputs), depth > 9 ? 0.35 : 0.1, seed});
        if (depth > 9) {
            std::size_t longest = 0;
            for (const DecisionTree& tree : model.trees) {
                TreePlayers own;
                for (std::uint32_t i = 0; i < std::uint32_t(features); ++i)
                    own.push_back(i);
                longest = std::max(longest, TreePaths(tree, own).mostSlots);
            }
            if (longest <= TreeTables::mostSlots)
                continue;
        }
        TreePlayers players;
        if (grouped) {
            for (int i = 0; i < features; ++i)
                players.push_back(std::uint32_t(i * (features + 1) / 2 / features));
        }
        const std::vector<float> values = randomRows(std::size_t(rows), model.features, seed);
        Task task;
        const TreeShapValues found = treeShap(model, values, players, task);
        // Enumerating is slow: some of the rows.
        for (std::size_t row = 0; row < std::size_t(rows); row += 59) {
            const std::vector<float> one(values.begin() + std::ptrdiff_t(row * model.features), values.begin() + std::ptrdiff_t((row + 1) * model.features));
            const ShapleyValues expected = exactShapley(pathGame(model, one, players), task);
            const auto part = [&](const std::vector<double>& all, std::size_t width) {
                return std::vector<double>(all.begin() + std::ptrdiff_t(row * width), all.begin() + std::ptrdiff_t((row + 1) * width));
            };
            NEAR(part(found.values, expected.values.size()), expected.values, 1e-10);
            NEAR(part(found.base, expected.base.size()), expected.base, 1e-10);
            NEAR(part(found.full, expected.full.size()), expected.full, 1e-10);
        }
    }
}

void tst_TreeShap::interactionsEnumerated()
{
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const TreeEnsemble model = randomTrees({3, 5, 6, 2, 0.1, seed});
        const std::vector<float> rows = randomRows(3, 6, seed);
        for (const TreePlayers& players : {TreePlayers(), TreePlayers{0, 1, 1, 2, 3, 0}}) {
            Task task;
            const ShapleyInteractions expected = shapleyInteractions(pathGame(model, rows, players), "k-sii", task);
            NEAR(treeShapInteractions(model, rows, players, task).values, expected.values, 1e-10);
        }
    }
}

void tst_TreeShap::againstEnumerated_data()
{
    QTest::addColumn<int>("depth");
    QTest::addColumn<int>("features");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("background");
    QTest::addColumn<int>("outputs");
    // Many pairs are looked up in tables, few are gone through.
    QTest::newRow("tables") << 4 << 6 << 40 << 60 << 2;
    QTest::newRow("tables of more than a block") << 3 << 4 << 300 << 280 << 1;
    QTest::newRow("pairs") << 7 << 9 << 2 << 3 << 3;
    QTest::newRow("pairs, questions again") << 10 << 3 << 1 << 2 << 1;
    QTest::newRow("deep") << 16 << 13 << 1 << 2 << 1;
}

void tst_TreeShap::againstEnumerated()
{
    QFETCH(int, depth);
    QFETCH(int, features);
    QFETCH(int, rows);
    QFETCH(int, background);
    QFETCH(int, outputs);
    for (const bool grouped : {false, true}) {
        const TreeEnsemble model = randomTrees({std::size_t(outputs) + 1, std::size_t(depth), std::size_t(features), std::size_t(outputs), 0.25, 7});
        TreePlayers players;
        if (grouped) {
            for (int i = 0; i < features; ++i)
                players.push_back(std::uint32_t(i % ((features + 1) / 2)));
        }
        const std::vector<float> values = randomRows(std::size_t(rows), model.features, 3), others = randomRows(std::size_t(background), model.features, 4);
        Task task;
        const TreeShapValues found = treeShapAgainst(model, values, {others, TreeWorth::Margin, {}}, players, task);
        for (std::size_t row = 0; row < std::size_t(rows); row += 37) {
            const std::vector<float> one(values.begin() + std::ptrdiff_t(row * model.features), values.begin() + std::ptrdiff_t((row + 1) * model.features));
            const ShapleyValues expected = exactShapley(mixedGame(model, one, others, players), task);
            const std::size_t width = expected.values.size();
            NEAR(std::vector<double>(found.values.begin() + std::ptrdiff_t(row * width), found.values.begin() + std::ptrdiff_t((row + 1) * width)), expected.values, 1e-10);
            NEAR(std::vector<double>(found.base.begin(), found.base.begin() + outputs), expected.base, 1e-10);
        }
    }
}

void tst_TreeShap::worthsAddUp()
{
    const TreeEnsemble model = randomTrees({8, 5, 6, 1, 0.1, 2});
    std::vector<float> rows = randomRows(300, 6, 5);
    const std::vector<float> others = randomRows(270, 6, 6); // of more than a block
    std::copy_n(others.begin(), 6, rows.begin());            // as in the background: where the margins do not differ
    std::vector<double> labels;
    for (int i = 0; i < 300; ++i)
        labels.push_back(i % 2);
    for (const TreeWorth worth : {TreeWorth::Margin, TreeWorth::Probability, TreeWorth::LogLoss}) {
        Task task;
        const TreeShapValues found = treeShapAgainst(model, rows, {others, worth, labels}, {}, task);
        std::vector<double> sums = found.base;
        for (std::size_t i = 0; i < found.values.size(); ++i)
            sums[i / 6] += found.values[i];
        NEAR(sums, found.full, 1e-9);
    }
}

void tst_TreeShap::emptyCovers()
{
    // No training row's weight came to one side, or to the question at all.
    TreeEnsemble model = smallTree();
    model.trees[0].nodes[1].cover = model.trees[0].nodes[3].cover = model.trees[0].nodes[4].cover = 0.0;
    model.trees[0].nodes[2].cover = 8.0;
    const std::vector<float> values{-1.0F, 3.0F, 1.0F, 3.0F};
    std::vector<float> many;
    for (int i = 0; i < 100; ++i)
        many.insert(many.end(), values.begin(), values.end());
    for (const std::vector<float>& rows : {values, many}) { // swept, tables
        Task task;
        const TreeShapValues found = treeShap(model, rows, {}, task);
        // v(∅) = 4/6·30 + 2/6·40 in parts of 8 that no longer add up: 4/8·30 + 2/8·40 = 25; v({x0}) = 15, v({x1}) = 25, v(all) = 20.
        NEAR(std::vector<double>(found.values.begin(), found.values.begin() + 2), (std::vector<double>{-7.5, 2.5}), 1e-12);
        NEAR(std::vector<double>{found.base[0]}, std::vector<double>{26.0}, 1e-12);
    }
}

void tst_TreeShap::sameOnAnyCores()
{
    const TreeEnsemble model = randomTrees({40, 6, 8, 2, 0.1, 9});
    const std::vector<float> rows = randomRows(2000, 8, 9), others = randomRows(50, 8, 10);
    Task one, three;
    one.setCores(1);
    three.setCores(3);
    QVERIFY(treeShap(model, rows, {}, one).values == treeShap(model, rows, {}, three).values);
    QVERIFY(treeShapInteractions(model, rows, {}, one).values == treeShapInteractions(model, rows, {}, three).values);
    QVERIFY(treeShapAgainst(model, rows, {others, TreeWorth::Margin, {}}, {}, one).values == treeShapAgainst(model, rows, {others, TreeWorth::Margin, {}}, {}, three).values);
}

void tst_TreeShap::cancels()
{
    const TreeEnsemble model = randomTrees({});
    const std::vector<float> rows = randomRows(5, 6, 1);
    Task task;
    task.cancel();
    QVERIFY_EXCEPTION_THROWN(treeShap(model, rows, {}, task), Cancelled);
    QVERIFY_EXCEPTION_THROWN(treeShapInteractions(model, rows, {}, task), Cancelled);
    QVERIFY_EXCEPTION_THROWN(treeShapAgainst(model, rows, {rows, TreeWorth::Margin, {}}, {}, task), Cancelled);
    QVERIFY_EXCEPTION_THROWN(treeShapAgainst(model, rows, {rows, TreeWorth::Probability, {}}, {}, task), Cancelled);
}

void tst_TreeShap::refused()
{
    const TreeEnsemble model = randomTrees({3, 4, 6, 2, 0.1, 1});
    const std::vector<float> rows = randomRows(4, 6, 1), odd(7, 0.0F);
    const std::vector<double> labels(4, 1.0);
    Task task;
    const auto code = [](const std::function<void()>& call) { return QString::fromStdString(test::errorNameOf(call)); };
    QCOMPARE(code([&] { treeShap(model, odd, {}, task); }), QStringLiteral("OptionInvalid"));
    QCOMPARE(code([&] { treeShap(model, rows, {0, 1}, task); }), QStringLiteral("OptionInvalid"));
    QCOMPARE(code([&] { treeShap(model, rows, {0, 1, 2, 3, 4, 9}, task); }), QStringLiteral("OptionInvalid"));
    QCOMPARE(code([&] { treeShap(model, rows, {0, 1, 1, 3, 3, 3}, task); }), QStringLiteral("OptionInvalid")); // nobody is player 2
    QCOMPARE(code([&] { treeShapAgainst(model, rows, {{}, TreeWorth::Margin, {}}, {}, task); }), QStringLiteral("OptionInvalid"));
    QCOMPARE(code([&] { treeShapAgainst(model, rows, {odd, TreeWorth::Margin, {}}, {}, task); }), QStringLiteral("OptionInvalid"));
    QCOMPARE(code([&] { treeShapAgainst(model, rows, {rows, TreeWorth::Probability, {}}, {}, task); }), QStringLiteral("OptionInvalid"));
    const TreeEnsemble single = randomTrees({});
    QCOMPARE(code([&] { treeShapAgainst(single, rows, {rows, TreeWorth::LogLoss, {}}, {}, task); }), QStringLiteral("OptionInvalid"));
    TreeEnsemble loop = single;
    loop.trees[0].nodes[0].right = 0;
    QCOMPARE(code([&] { treeShap(loop, rows, {}, task); }), QStringLiteral("BundleInvalid"));

    // A chain that asks another feature at each step.
    TreeEnsemble chain{70, {0.0}, {DecisionTree()}};
    std::vector<DecisionNode>& nodes = chain.trees[0].nodes;
    for (std::int32_t i = 0; i < 70; ++i) {
        nodes.push_back({2 * i + 1, 2 * i + 2, std::uint32_t(i), 0.0F, false, 100.0 - i, 0.0});
        nodes.push_back({-1, -1, 0, 0.0F, false, 1.0, 1.0 + i});
    }
    nodes.push_back({-1, -1, 0, 0.0F, false, 30.0, -1.0});
    const std::vector<float> ones(70, 1.0F), others(70, -1.0F);
    QCOMPARE(code([&] { treeShapInteractions(chain, ones, {}, task); }), QStringLiteral("TooManyPlayers"));
    QCOMPARE(code([&] { treeShapAgainst(chain, ones, {others, TreeWorth::Margin, {}}, {}, task); }), QStringLiteral("TooManyPlayers"));
    // Path-dependent values have no such limit.
    const TreeShapValues found = treeShap(chain, ones, {}, task);
    double sum = found.base[0];
    for (const double value : found.values)
        sum += value;
    QVERIFY(std::abs(sum - found.full[0]) < 1e-9);
    QCOMPARE(found.full[0], -1.0);
}

QTEST_GUILESS_MAIN(tst_TreeShap)
#include "tst_tree_shap.moc"
