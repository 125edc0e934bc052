#include "core/explain/TreePairs.h"

#include "core/explain/TaskParts.h"
#include "core/explain/TreeSums.h"

#include <bit>
#include <cmath>

namespace limpid {

namespace {

constexpr std::size_t sumNumbers = std::size_t{1} << 21; // 16 MiB a thread
using Mask = std::uint64_t;

double probability(double margin) { return 1.0 / (1.0 + std::exp(-margin)); }

/// (worth(a) − worth(b)) / (a − b), and where these are as good as one, the slope there.
double rescale(TreeWorth worth, double a, double b, double label)
{
    if (worth == TreeWorth::Margin)
        return 1.0;
    if (std::abs(a - b) > 1e-6)
        return (treeWorth(worth, a, label) - treeWorth(worth, b, label)) / (a - b);
    const double p = probability(0.5 * (a + b));
    return worth == TreeWorth::Probability ? p * (1.0 - p) : p - label;
}

/// The masks of a block's rows at each answer of a tree.
std::vector<TreeMasks<Mask>> leafMasks(const TreePaths& paths, const TreeRowBlock& block)
{
    std::vector<TreeMasks<Mask>> masks;
    TreeDescent<Mask>(paths, block).run([](std::size_t) { return false; }, [&](std::size_t, const TreeMasks<Mask>& arrived) { masks.push_back(arrived); });
    return masks;
}

/// Who asks at each slot of each answer, in the order of leafMasks().
struct Answer { std::vector<std::uint32_t> players; double value; };
std::vector<Answer> answersOf(const TreePaths& paths)
{
    std::vector<Answer> answers;
    const auto visit = [&](const auto& self, std::size_t node, const std::vector<PathPlayer>& path) -> void {
        if (!paths.asks(node)) {
            answers.push_back({{}, paths.tree.nodes[node].value});
            for (const PathPlayer& player : path)
                answers.back().players.push_back(player.player);
            return;
        }
        for (const std::int32_t child : {paths.tree.nodes[node].left, paths.tree.nodes[node].right})
            self(self, static_cast<std::size_t>(child), paths.pathTo(static_cast<std::size_t>(child), node, path));
    };
    visit(visit, 0, {});
    return answers;
}

/// Adds what one answer gives the players of a row against a background row.
void addAnswer(const Answer& answer, Mask row, Mask other, double* sums)
{
    const std::size_t count = answer.players.size();
    const Mask all = count == 64 ? ~Mask(0) : (Mask(1) << count) - 1;
    row &= all;
    other &= all;
    if ((row | other) != all || row == other)
        return;
    const Mask only = row & ~other, others = other & ~row;
    const auto a = static_cast<std::size_t>(std::popcount(only)), b = static_cast<std::size_t>(std::popcount(others));
    if (a > 0) {
        const double gain = answer.value * PairWeights::gain(a, b);
        for (Mask rest = only; rest != 0; rest &= rest - 1)
            sums[answer.players[static_cast<std::size_t>(std::countr_zero(rest))]] += gain;
    }
    if (b > 0) {
        const double loss = answer.value * PairWeights::loss(a, b);
        for (Mask rest = others; rest != 0; rest &= rest - 1)
            sums[answer.players[static_cast<std::size_t>(std::countr_zero(rest))]] -= loss;
    }
}

} // namespace

double treeWorth(TreeWorth worth, double margin, double label)
{
    switch (worth) {
    case TreeWorth::Margin:
        break;
    case TreeWorth::Probability:
        return probability(margin);
    case TreeWorth::LogLoss:
        return std::max(margin, 0.0) + std::log1p(std::exp(-std::abs(margin))) - label * margin;
    }
    return margin;
}

std::vector<double> treePairs(const TreeEnsemble& ensemble, std::span<const float> rows, const TreeBackground& background, const TreePlayers& players,
                              const std::vector<double>& margins, const std::vector<double>& backgroundMargins, Task& task)
{
    const std::size_t features = ensemble.features, outputs = ensemble.outputs(), width = outputs * playerCount(players);
    const std::size_t count = rows.size() / features, others = background.rows.size() / features;
    std::vector<double> result(count * width, 0.0);
    std::vector<std::unique_ptr<ReadyTree>> trees;
    std::vector<std::vector<Answer>> answers;
    for (const DecisionTree& tree : ensemble.trees) {
        trees.push_back(std::make_unique<ReadyTree>(tree, players));
        if (trees.back()->paths.mostSlots > PairWeights::most)
            throw Error(ErrorCode::TooManyPlayers, {{"players", std::to_string(trees.back()->paths.mostSlots)},
                                                    {"limit", std::to_string(PairWeights::most)}, {"method", "tree"}});
        answers.push_back(answersOf(trees.back()->paths));
    }
    const std::size_t partRows = std::clamp<std::size_t>(sumNumbers / (treeBlock * width), 1, treeBlock);
    const std::size_t parts = (count + partRows - 1) / partRows;
    const auto work = [&](std::size_t part) {
        const std::size_t begin = part * partRows, end = std::min(begin + partRows, count);
        const TreeRowBlock block(rows, features, begin, end - begin);
        std::vector<double> sums;
        for (std::size_t from = 0; from < others; from += treeBlock) {
            const TreeRowBlock against(background.rows, features, from, std::min(treeBlock, others - from));
            sums.assign((end - begin) * against.count() * width, 0.0);
            for (std::size_t i = 0; i < trees.size(); ++i) {
                task.checkpoint();
                const std::vector<TreeMasks<Mask>> own = leafMasks(trees[i]->paths, block), other = leafMasks(trees[i]->paths, against);
                double* to = sums.data() + ensemble.trees[i].output * playerCount(players);
                for (std::size_t leaf = 0; leaf < own.size(); ++leaf) {
                    for (std::size_t row = 0; row < end - begin; ++row) {
                        for (std::size_t k = 0; k < against.count(); ++k)
                            addAnswer(answers[i][leaf], own[leaf][row], other[leaf][k], to + (row * against.count() + k) * width);
                    }
                }
            }
            for (std::size_t row = begin; row < end; ++row) {
                const double label = background.worth == TreeWorth::LogLoss ? background.labels[row] : 0.0;
                for (std::size_t k = 0; k < against.count(); ++k) {
                    const double* pair = sums.data() + ((row - begin) * against.count() + k) * width;
                    const double scale = rescale(background.worth, margins[row * outputs], backgroundMargins[(from + k) * outputs], label)
                                         / static_cast<double>(others);
                    for (std::size_t i = 0; i < width; ++i)
                        result[row * width + i] += scale * pair[i];
                }
            }
        }
    };
    constexpr std::size_t between = 16; // reports
    for (std::size_t first = 0; first < parts; first += between) {
        forParts(std::min(between, parts - first), task, [&](std::size_t i) { work(first + i); });
        task.report(static_cast<double>(std::min(first + between, parts)) / static_cast<double>(parts), "explain");
    }
    return result;
}

} // namespace limpid
