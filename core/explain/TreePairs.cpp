#include "core/explain/TreePairs.h"

#include "core/explain/TaskParts.h"
#include "core/explain/TreeSums.h"

#include <bit>
#include <cmath>
#include <memory>

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

/// A tree and some background rows. A row goes down it together with those of them for which an answer can still be worth something: where
/// each player on the way goes this way in one of the two rows.
class PairDescent
{
public:
    PairDescent(const TreePaths& paths, const TreeRowBlock& background) : m_paths(paths), m_left(paths.tree.nodes.size()), m_levels(paths.depth + 1)
    {
        for (std::size_t node = 0; node < m_left.size(); ++node) {
            if (paths.asks(node))
                askRows(paths.tree.nodes[node], background, m_left[node]);
        }
        for (std::size_t k = 0; k < background.count(); ++k)
            m_levels[0].push_back({k, ~Mask(0)});
        m_players.resize(paths.mostSlots);
    }

    /// `row`: [features]; `sums`: [background rows, stride], a pair's values by player.
    void addTo(double* sums, std::size_t stride, const float* row)
    {
        m_sums = sums;
        m_stride = stride;
        m_row = row;
        visit(0, 0, ~Mask(0));
    }

private:
    struct Other { std::size_t row; Mask mask; };   ///< of the background, and the slots at whose questions it goes this way

    void visit(std::size_t index, std::size_t level, Mask own)
    {
        const DecisionNode& node = m_paths.tree.nodes[index];
        if (!m_paths.asks(index)) {
            for (const Other& other : m_levels[level])
                addAnswer(node.value, m_paths.above[index], own, other);
            return;
        }
        const std::size_t slot = m_paths.slotOf[index];
        const Mask bit = Mask(1) << slot;
        const std::size_t next = nextNode(node, m_row[node.feature]);
        const std::uint32_t asked = m_players[slot];
        m_players[slot] = m_paths.players[index];
        for (const std::int32_t child : {node.left, node.right}) {
            const bool left = child == node.left;
            const Mask ownBelow = static_cast<std::size_t>(child) == next ? own : own & ~bit;
            std::vector<Other>& below = m_levels[level + 1];
            below.clear();
            for (const Other& other : m_levels[level]) {
                const Mask mask = (m_left[index][other.row] != 0) == left ? other.mask : other.mask & ~bit;
                if (((ownBelow | mask) & bit) != 0)
                    below.push_back({other.row, mask});
            }
            if (!below.empty())
                visit(static_cast<std::size_t>(child), level + 1, ownBelow);
        }
        m_players[slot] = asked;
    }

    void addAnswer(double value, std::size_t slotCount, Mask own, const Other& other)
    {
        const Mask all = slotCount == 64 ? ~Mask(0) : (Mask(1) << slotCount) - 1;
        const Mask only = own & ~other.mask & all, others = other.mask & ~own & all;
        const auto a = static_cast<std::size_t>(std::popcount(only)), b = static_cast<std::size_t>(std::popcount(others));
        double* sums = m_sums + other.row * m_stride;
        if (a > 0) {
            const double gain = value * PairWeights::gain(a, b);
            for (Mask rest = only; rest != 0; rest &= rest - 1)
                sums[m_players[static_cast<std::size_t>(std::countr_zero(rest))]] += gain;
        }
        if (b > 0) {
            const double loss = value * PairWeights::loss(a, b);
            for (Mask rest = others; rest != 0; rest &= rest - 1)
                sums[m_players[static_cast<std::size_t>(std::countr_zero(rest))]] -= loss;
        }
    }

    const TreePaths& m_paths;
    std::vector<TreeMasks<std::uint8_t>> m_left;     ///< [nodes]: which of the background go left
    std::vector<std::vector<Other>> m_levels;
    std::vector<std::uint32_t> m_players;            ///< [slots] on the way
    double* m_sums = nullptr;
    std::size_t m_stride = 0;
    const float* m_row = nullptr;
};

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
    std::vector<std::unique_ptr<TreePaths>> trees;
    for (const DecisionTree& tree : ensemble.trees) {
        trees.push_back(std::make_unique<TreePaths>(tree, players));
        if (trees.back()->mostSlots > PairWeights::most)
            throw Error(ErrorCode::TooManyPlayers, {{"players", std::to_string(trees.back()->mostSlots)},
                                                    {"limit", std::to_string(PairWeights::most)}, {"method", "tree"}});
    }
    const std::size_t partRows = std::clamp<std::size_t>(sumNumbers / (treeBlock * width), 1, treeBlock);
    const std::size_t parts = (count + partRows - 1) / partRows;
    const auto work = [&](std::size_t part) {
        const std::size_t begin = part * partRows, end = std::min(begin + partRows, count);
        std::vector<double> sums;
        for (std::size_t from = 0; from < others; from += treeBlock) {
            const TreeRowBlock against(background.rows, features, from, std::min(treeBlock, others - from));
            sums.assign((end - begin) * against.count() * width, 0.0);
            for (std::size_t i = 0; i < trees.size(); ++i) {
                task.checkpoint();
                PairDescent descent(*trees[i], against);
                double* to = sums.data() + ensemble.trees[i].output * playerCount(players);
                for (std::size_t row = begin; row < end; ++row)
                    descent.addTo(to + (row - begin) * against.count() * width, width, rows.data() + row * features);
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
