#include "core/explain/TreeShap.h"

#include "core/explain/TreePairs.h"
#include "core/explain/TreeSums.h"

#include <cmath>

namespace limpid {

namespace {

std::uint32_t pairTarget(std::size_t players, std::uint32_t a, std::uint32_t b)
{
    return static_cast<std::uint32_t>(std::min(a, b) * players + std::max(a, b));
}

/// Σ over the answers of value · Π shares, for each output: what the trees say of no player.
std::vector<double> expectation(const TreeEnsemble& ensemble)
{
    std::vector<double> base = ensemble.base;
    std::vector<std::pair<std::size_t, double>> waiting;
    for (const DecisionTree& tree : ensemble.trees) {
        waiting.assign(1, {0, 1.0});
        while (!waiting.empty()) {
            const auto [index, share] = waiting.back();
            waiting.pop_back();
            const DecisionNode& node = tree.nodes[index];
            if (node.left < 0) {
                base[tree.output] += share * node.value;
                continue;
            }
            for (const std::int32_t child : {node.left, node.right}) {
                const auto at = static_cast<std::size_t>(child);
                waiting.emplace_back(at, share * (node.cover > 0.0 ? tree.nodes[at].cover / node.cover : 0.5));
            }
        }
    }
    return base;
}

/// The same for every row.
std::vector<double> repeated(const std::vector<double>& values, std::size_t rows)
{
    std::vector<double> all;
    all.reserve(values.size() * rows);
    for (std::size_t row = 0; row < rows; ++row)
        all.insert(all.end(), values.begin(), values.end());
    return all;
}

/// Making a table takes so many steps an answer; a sweep takes as many steps a row as the tree has nodes and the rule has points.
bool worthTables(const TreePaths& paths, std::size_t rows)
{
    return paths.mostSlots <= TreeTables::mostSlots && rows * 2 >= (std::size_t{1} << paths.mostSlots);
}

/// How many rows of the background have each mask, at each answer of a tree, as shares: [2^players].
std::vector<std::vector<double>> maskShares(const TreePaths& paths, std::span<const float> background, std::size_t features)
{
    using Mask = std::uint16_t;
    std::vector<std::vector<double>> shares(paths.tree.nodes.size());
    const std::size_t rows = background.size() / features;
    for (std::size_t begin = 0; begin < rows; begin += treeBlock) {
        const TreeRowBlock block(background, features, begin, std::min(treeBlock, rows - begin));
        TreeDescent<Mask>(paths, block).run([](std::size_t) { return false; }, [&](std::size_t node, const TreeMasks<Mask>& masks) {
            std::vector<double>& counts = shares[node];
            counts.resize(std::size_t{1} << paths.above[node], 0.0);
            for (std::size_t i = 0; i < block.count(); ++i)
                counts[masks[i] & (counts.size() - 1)] += 1.0 / static_cast<double>(rows);
        });
    }
    return shares;
}

std::vector<std::uint32_t> playersOf(const std::vector<PathPlayer>& path)
{
    std::vector<std::uint32_t> players;
    for (const PathPlayer& player : path)
        players.push_back(player.player);
    return players;
}

} // namespace

TreeShapValues treeShap(const TreeEnsemble& ensemble, std::span<const float> rows, const TreePlayers& players, Task& task)
{
    const TreePlayers playerOf = checkTreeGame(ensemble, rows, players);
    TreeShapValues result;
    result.full = treeMargins(ensemble, rows, task);
    result.base = repeated(expectation(ensemble), rows.size() / ensemble.features);
    result.values = treeSums({ensemble, rows, playerOf, playerCount(playerOf), worthTables, [&task](const TreePaths&) -> TreeTables::LeafTable {
        return [&task](std::size_t, const std::vector<PathPlayer>& path) {
            task.checkpoint();
            PathGame game(path);
            return TreeTables::Leaf{playersOf(path), tableOfValues(game)};
        };
    }}, task);
    return result;
}

TreeShapValues treeShapInteractions(const TreeEnsemble& ensemble, std::span<const float> rows, const TreePlayers& players, Task& task)
{
    const TreePlayers playerOf = checkTreeGame(ensemble, rows, players);
    const std::size_t count = playerCount(playerOf);
    TreeShapValues result;
    result.full = treeMargins(ensemble, rows, task);
    result.base = repeated(expectation(ensemble), rows.size() / ensemble.features);
    const auto tabulates = [](const TreePaths& paths, std::size_t) {
        if (paths.mostSlots > TreeTables::mostSlots)
            throw Error(ErrorCode::TooManyPlayers, {{"players", std::to_string(paths.mostSlots)}, {"limit", std::to_string(TreeTables::mostSlots)},
                                                    {"method", "tree"}});
        return true;
    };
    // Values on the diagonal and the pairs' indices above it; then both become what is shown.
    result.values = treeSums({ensemble, rows, playerOf, count * count, tabulates, [count, &task](const TreePaths&) -> TreeTables::LeafTable {
        return [count, &task](std::size_t, const std::vector<PathPlayer>& path) {
            task.checkpoint();
            PathGame game(path);
            const std::vector<double> values = tableOfValues(game), pairs = tableOfPairs(game);
            const std::size_t d = path.size(), pairCount = d * (d - 1) / 2;
            TreeTables::Leaf leaf;
            for (const PathPlayer& player : path)
                leaf.targets.push_back(pairTarget(count, player.player, player.player));
            for (std::size_t i = 0; i < d; ++i) {
                for (std::size_t j = i + 1; j < d; ++j)
                    leaf.targets.push_back(pairTarget(count, path[i].player, path[j].player));
            }
            for (std::size_t mask = 0; mask < std::size_t{1} << d; ++mask) {
                leaf.values.insert(leaf.values.end(), values.begin() + static_cast<std::ptrdiff_t>(mask * d), values.begin() + static_cast<std::ptrdiff_t>((mask + 1) * d));
                leaf.values.insert(leaf.values.end(), pairs.begin() + static_cast<std::ptrdiff_t>(mask * pairCount),
                                   pairs.begin() + static_cast<std::ptrdiff_t>((mask + 1) * pairCount));
            }
            return leaf;
        };
    }}, task);
    for (double* table = result.values.data(); table != result.values.data() + result.values.size(); table += count * count) {
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t j = i + 1; j < count; ++j) {
                const double half = 0.5 * table[i * count + j];
                table[i * count + j] = table[j * count + i] = half;
                table[i * count + i] -= half;
                table[j * count + j] -= half;
            }
        }
    }
    return result;
}

TreeShapValues treeShapAgainst(const TreeEnsemble& ensemble, std::span<const float> rows, const TreeBackground& background,
                               const TreePlayers& players, Task& task)
{
    const TreePlayers playerOf = checkTreeGame(ensemble, rows, players);
    const std::size_t features = ensemble.features, outputs = ensemble.outputs(), count = rows.size() / features;
    const std::size_t others = background.rows.size() / features;
    if (others == 0 || background.rows.size() % features != 0)
        throw Error(ErrorCode::OptionInvalid, {{"name", "background"}, {"value", std::to_string(background.rows.size())}, {"expected", std::to_string(features)}});
    if (background.worth != TreeWorth::Margin && outputs != 1)
        throw Error(ErrorCode::OptionInvalid, {{"name", "outputs"}, {"value", std::to_string(outputs)}, {"expected", "1"}});
    if (background.worth == TreeWorth::LogLoss && background.labels.size() != count)
        throw Error(ErrorCode::OptionInvalid, {{"name", "labels"}, {"value", std::to_string(background.labels.size())}, {"expected", std::to_string(count)}});

    const std::vector<double> margins = treeMargins(ensemble, rows, task), backgroundMargins = treeMargins(ensemble, background.rows, task);
    // Means over the background; a loss is a straight line in the label.
    std::vector<double> worths(outputs, 0.0), slopes(outputs, 0.0);
    for (std::size_t i = 0; i < backgroundMargins.size(); ++i) {
        worths[i % outputs] += treeWorth(background.worth, backgroundMargins[i], 0.0) / static_cast<double>(others);
        slopes[i % outputs] += background.worth == TreeWorth::LogLoss ? backgroundMargins[i] / static_cast<double>(others) : 0.0;
    }
    TreeShapValues result;
    for (std::size_t row = 0; row < count; ++row) {
        const double label = background.worth == TreeWorth::LogLoss ? background.labels[row] : 0.0;
        for (std::size_t output = 0; output < outputs; ++output) {
            result.full.push_back(treeWorth(background.worth, margins[row * outputs + output], label));
            result.base.push_back(worths[output] - label * slopes[output]);
        }
    }

    // A table takes 3^players steps an answer, pairs as many as there are of these.
    bool tables = background.worth == TreeWorth::Margin;
    for (const DecisionTree& tree : ensemble.trees) {
        const std::size_t slots = TreePaths(tree, playerOf).mostSlots;
        tables = tables && slots <= TreeTables::mostSlots && std::pow(3.0, static_cast<double>(slots)) <= 8.0 * static_cast<double>(count) * static_cast<double>(others);
    }
    if (!tables) {
        result.values = treePairs(ensemble, rows, background, playerOf, margins, backgroundMargins, task);
        return result;
    }
    result.values = treeSums({ensemble, rows, playerOf, playerCount(playerOf), [](const TreePaths&, std::size_t) { return true; },
                              [&](const TreePaths& paths) -> TreeTables::LeafTable {
        return [shares = maskShares(paths, background.rows, features), &task](std::size_t node, const std::vector<PathPlayer>& path) {
            task.checkpoint();
            return TreeTables::Leaf{playersOf(path), tableAgainst(shares[node], path.size())};
        };
    }}, task);
    return result;
}

} // namespace limpid
