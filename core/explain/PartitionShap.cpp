#include "core/explain/PartitionShap.h"

#include "core/base/OptionErrors.h"
#include "core/explain/CoalitionBlocks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

namespace {

/// A node in one of its contexts: who else is in, and what the game is worth without and with the node.
struct Part {
    std::size_t node = 0;
    double weight = 1.0;                 ///< 1 / number of contexts of the node
    double key = 0.0;                    ///< largest first
    std::uint64_t order = 0;             ///< then first come
    std::vector<std::uint8_t> context;   ///< [players]
    std::vector<double> without, with;   ///< [cells]
};

bool later(const Part& a, const Part& b)
{
    return a.key != b.key ? a.key < b.key : a.order > b.order;
}

/// Plays down one tree for some rows at once.
class Descent
{
public:
    /// Coalitions of the tree's players → [rows, coalitions, outputs].
    using Evaluate = std::function<std::vector<double>(const Coalitions&)>;

    Descent(const PlayerTree& tree, bool byEffect, std::size_t outputs, std::vector<double> base, std::vector<double> full,
            Evaluate evaluate)
        : m_tree(tree), m_byEffect(byEffect), m_outputs(outputs), m_cells(base.size()), m_evaluate(std::move(evaluate)),
          m_credits(tree.nodes() * base.size(), 0.0), m_sizes(m_credits.size(), 0.0)
    {
        collect(tree);
        if (tree.players > 0)
            add({tree.nodes() - 1, 1.0, 0.0, 0, std::vector<std::uint8_t>(tree.players, 0), std::move(base), std::move(full)});
    }

    bool done() const { return m_open.empty(); }

    /// Splits up to `count` open parts and says how many. By effect: the largest first; else the newest first, so that few
    /// are open.
    std::size_t split(std::size_t count)
    {
        std::vector<Part> parts;
        while (parts.size() < count && !m_open.empty()) {
            std::pop_heap(m_open.begin(), m_open.end(), later);
            parts.push_back(std::move(m_open.back()));
            m_open.pop_back();
        }
        Coalitions coalitions{2 * parts.size(), m_tree.players, {}};
        for (const Part& part : parts) {
            const PlayerTree::Split& split = m_tree.split(part.node);
            for (const std::size_t child : {split.left, split.right})
                append(coalitions, part.context, child);
        }
        const std::vector<double> values = m_evaluate(coalitions);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            Part& part = parts[i];
            const PlayerTree::Split& split = m_tree.split(part.node);
            const std::vector<double> left = cellsOf(values, coalitions.count, 2 * i);
            const std::vector<double> right = cellsOf(values, coalitions.count, 2 * i + 1);
            const auto withLeft = coalitions.row(2 * i), withRight = coalitions.row(2 * i + 1);
            const double half = part.weight / 2.0;
            add({split.left, half, 0.0, 0, part.context, part.without, left});
            add({split.right, half, 0.0, 0, {withLeft.begin(), withLeft.end()}, left, part.with});
            add({split.left, half, 0.0, 0, {withRight.begin(), withRight.end()}, right, part.with});
            add({split.right, half, 0.0, 0, std::move(part.context), std::move(part.without), right});
        }
        return parts.size();
    }

    /// Divides what nodes hold among their players. [cells, players]: the values, and of them what was divided evenly.
    void close(std::vector<double>& values, std::vector<double>& spread)
    {
        for (const Part& part : m_open) {
            for (std::size_t cell = 0; cell < m_cells; ++cell) {
                const double effect = part.weight * (part.with[cell] - part.without[cell]);
                m_credits[part.node * m_cells + cell] += effect;
                m_sizes[part.node * m_cells + cell] += std::abs(effect);
            }
        }
        const std::vector<std::size_t> sizes = m_tree.sizes();
        for (std::size_t node = m_tree.nodes(); node-- > m_tree.players;) {
            const PlayerTree::Split& split = m_tree.split(node);
            for (const std::size_t child : {split.left, split.right}) {
                const double share = static_cast<double>(sizes[child]) / static_cast<double>(sizes[node]);
                for (std::size_t cell = 0; cell < m_cells; ++cell) {
                    m_credits[child * m_cells + cell] += share * m_credits[node * m_cells + cell];
                    m_sizes[child * m_cells + cell] += share * m_sizes[node * m_cells + cell];
                }
            }
        }
        values.resize(m_cells * m_tree.players);
        spread.resize(values.size());
        for (std::size_t cell = 0; cell < m_cells; ++cell) {
            for (std::size_t player = 0; player < m_tree.players; ++player) {
                values[cell * m_tree.players + player] = m_credits[player * m_cells + cell];
                spread[cell * m_tree.players + player] = m_sizes[player * m_cells + cell];
            }
        }
    }

private:
    /// A player's effect is its own; a node's waits for being split.
    void add(Part part)
    {
        if (m_tree.isPlayer(part.node)) {
            for (std::size_t cell = 0; cell < m_cells; ++cell)
                m_credits[part.node * m_cells + cell] += part.weight * (part.with[cell] - part.without[cell]);
            return;
        }
        part.order = m_order++;
        part.key = static_cast<double>(part.order);
        if (m_byEffect) {
            double effect = 0.0;
            for (std::size_t cell = 0; cell < m_cells; ++cell)
                effect = std::max(effect, std::abs(part.with[cell] - part.without[cell]));
            part.key = part.weight * effect;
        }
        m_open.push_back(std::move(part));
        std::push_heap(m_open.begin(), m_open.end(), later);
    }

    void append(Coalitions& coalitions, const std::vector<std::uint8_t>& context, std::size_t node) const
    {
        const std::size_t begin = coalitions.members.size();
        coalitions.members.insert(coalitions.members.end(), context.begin(), context.end());
        for (std::size_t i = m_begins[node]; i < m_ends[node]; ++i)
            coalitions.members[begin + m_leaves[i]] = 1;
    }

    std::vector<double> cellsOf(const std::vector<double>& values, std::size_t count, std::size_t coalition) const
    {
        std::vector<double> cells(m_cells);
        for (std::size_t cell = 0; cell < m_cells; ++cell)
            cells[cell] = values[(cell / m_outputs * count + coalition) * m_outputs + cell % m_outputs];
        return cells;
    }

    /// The players under each node as a range of one list: each node's left ones, then its right ones.
    void collect(const PlayerTree& tree)
    {
        const std::vector<std::size_t> sizes = tree.sizes();
        m_begins.assign(tree.nodes(), 0);
        m_ends = sizes;
        for (std::size_t node = tree.nodes(); node-- > tree.players;) {
            const PlayerTree::Split& split = tree.split(node);
            m_begins[split.left] = m_begins[node];
            m_begins[split.right] = m_begins[node] + sizes[split.left];
            for (const std::size_t child : {split.left, split.right})
                m_ends[child] = m_begins[child] + sizes[child];
        }
        m_leaves.resize(tree.players);
        for (std::size_t player = 0; player < tree.players; ++player)
            m_leaves[m_begins[player]] = player;
    }

    const PlayerTree& m_tree;
    bool m_byEffect;
    std::size_t m_outputs, m_cells;
    Evaluate m_evaluate;
    std::vector<double> m_credits, m_sizes;   ///< [nodes, cells]
    std::vector<std::size_t> m_begins, m_ends, m_leaves;
    std::vector<Part> m_open;                 ///< a heap
    std::uint64_t m_order = 0;
};

/// One row's or all rows' values of the chosen players, into their places of the result.
void put(PartitionValues& result, Descent& descent, const std::vector<std::size_t>& chosen, std::size_t players,
         std::size_t firstCell)
{
    std::vector<double> values, spread;
    descent.close(values, spread);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t to = (firstCell + i / chosen.size()) * players + chosen[i % chosen.size()];
        result.shapley.values[to] = values[i];
        result.spread[to] = spread[i];
    }
}

} // namespace

std::uint64_t partitionEvaluations(const PlayerTree& tree)
{
    // Every split is played in as many contexts as there are ways to have its ancestors' other sides in or out.
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    std::vector<std::size_t> depth(tree.nodes(), 0);
    std::uint64_t evaluations = 2;
    for (std::size_t node = tree.nodes(); node-- > tree.players;) {
        const PlayerTree::Split& split = tree.split(node);
        depth[split.left] = depth[split.right] = depth[node] + 1;
        if (depth[node] >= 62 || evaluations > most - (std::uint64_t{2} << depth[node]))
            return most;
        evaluations += std::uint64_t{2} << depth[node];
    }
    return evaluations;
}

PartitionValues partitionShapley(const Game& game, const PlayerTree& tree, const PartitionSpec& spec, Task& task)
{
    const std::size_t players = game.players(), outputs = game.outputs();
    if (tree.players != players || !tree.isValid())
        throwOptionInvalid("tree", std::to_string(tree.players), std::to_string(players));
    if (spec.budget != 0 && spec.budget < 4)
        throwBudgetTooSmall(spec.budget, 4);
    if (spec.batch == 0)
        throwOptionInvalid("batch", "0", ">= 1");
    const std::uint64_t budget = spec.budget != 0 ? spec.budget : 2 * players + 2048;

    const std::vector<VaryingPattern> patterns = varyingPatterns(game);
    const std::vector<std::size_t> chosen = varyingPlayers(patterns);
    PartitionValues result{startValues(game, task), std::vector<double>(game.rows() * outputs * players, 0.0),
                           std::vector<bool>(game.rows(), true)};
    ShapleyValues& values = result.shapley;

    const PlayerTree common = prunedTree(tree, chosen);
    const std::uint64_t needed = partitionEvaluations(common);
    if (needed <= budget && !chosen.empty()) {
        Descent descent(common, false, outputs, values.base, values.full, [&](const Coalitions& coalitions) {
            return game.values(widened(coalitions, chosen, players, 0, coalitions.count), task);
        });
        while (!descent.done()) {
            task.checkpoint();
            values.evaluations += 2 * descent.split(coalitionBlock / 2);
            task.report(static_cast<double>(values.evaluations) / static_cast<double>(needed), "explain");
        }
        put(result, descent, chosen, players, 0);
        clearOthers(values, patterns, outputs, players);
    } else {
        std::size_t doneRows = 0;
        for (const VaryingPattern& pattern : patterns) {
            const PlayerTree own = prunedTree(tree, pattern.players);
            const std::uint64_t ownNeed = partitionEvaluations(own);
            for (const std::size_t row : pattern.rows) {
                const auto cells = [&](const std::vector<double>& all) {
                    const auto first = all.begin() + static_cast<std::ptrdiff_t>(row * outputs);
                    return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(outputs));
                };
                Descent descent(own, true, outputs, cells(values.base), cells(values.full), [&](const Coalitions& coalitions) {
                    return game.valuesOfRow(row, widened(coalitions, pattern.players, players, 0, coalitions.count), task);
                });
                std::uint64_t splits = 0;
                const std::uint64_t affordable = (std::min(budget, ownNeed) - 2) / 2;
                while (!descent.done() && splits < affordable && !task.isFinishing()) {
                    task.checkpoint();
                    splits += descent.split(static_cast<std::size_t>(std::min<std::uint64_t>(spec.batch, affordable - splits)));
                    task.report((static_cast<double>(doneRows) + static_cast<double>(splits) / static_cast<double>(affordable))
                                    / static_cast<double>(game.rows()), "explain");
                }
                result.whole[row] = descent.done();
                put(result, descent, pattern.players, players, row * outputs);
                values.evaluations = std::max(values.evaluations, 2 + 2 * splits);
                ++doneRows;
            }
        }
    }
    closeGaps(values, patterns, outputs, players);
    return result;
}

} // namespace limpid
