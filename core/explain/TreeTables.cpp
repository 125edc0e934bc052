#include "core/explain/TreeTables.h"

namespace limpid {

namespace {

constexpr std::size_t groupBits = 8; // 2 KB a player: a group's tables stay in the first cache

} // namespace

bool TreeTables::isGroup(std::size_t node) const
{
    return !m_paths.asks(node) || m_paths.above[node] + m_paths.questions[node] <= groupBits;
}

TreeTables::TreeTables(const TreePaths& paths) : m_paths(paths), m_groupOf(paths.tree.nodes.size(), 0)
{
    const auto visit = [&](const auto& self, std::size_t node) -> void {
        const DecisionNode& at = m_paths.tree.nodes[node];
        if (!isGroup(node)) {
            self(self, static_cast<std::size_t>(at.left));
            self(self, static_cast<std::size_t>(at.right));
            return;
        }
        m_groupOf[node] = static_cast<std::uint32_t>(m_groups.size());
        Group group{node, m_paths.above[node], {}, {}, {}};
        const auto gather = [&](const auto& again, std::size_t below) -> void {
            if (!m_paths.asks(below))
                return;
            group.questions.push_back(below);
            again(again, static_cast<std::size_t>(m_paths.tree.nodes[below].left));
            again(again, static_cast<std::size_t>(m_paths.tree.nodes[below].right));
        };
        gather(gather, node);
        const std::size_t bits = group.slotsAbove + group.questions.size();
        m_size += bits << bits;
        m_groups.push_back(std::move(group));
    };
    visit(visit, 0);
}

void TreeTables::fill(const LeafTable& leaf)
{
    const auto visit = [&](const auto& self, std::size_t node, const std::vector<PathPlayer>& path) -> void {
        if (isGroup(node)) {
            fill(m_groups[m_groupOf[node]], leaf, path);
            return;
        }
        for (const std::int32_t child : {m_paths.tree.nodes[node].left, m_paths.tree.nodes[node].right})
            self(self, static_cast<std::size_t>(child), m_paths.pathTo(static_cast<std::size_t>(child), node, path));
    };
    visit(visit, 0, {});
    m_size = 0;
    for (const Group& group : m_groups)
        m_size += group.values.size();
}

void TreeTables::fill(Group& group, const LeafTable& leaf, const std::vector<PathPlayer>& path)
{
    std::vector<Step> steps;
    fillBelow(group, group.node, steps, path, leaf);
}

void TreeTables::fillBelow(Group& group, std::size_t node, std::vector<Step>& steps, const std::vector<PathPlayer>& path, const LeafTable& leaf)
{
    const DecisionNode& at = m_paths.tree.nodes[node];
    if (!m_paths.asks(node)) {
        if (at.value != 0.0)
            add(group, node, steps, leaf(node, path));
        return;
    }
    const auto question = static_cast<std::size_t>(std::find(group.questions.begin(), group.questions.end(), node) - group.questions.begin());
    for (const bool left : {true, false}) {
        const auto child = static_cast<std::size_t>(left ? at.left : at.right);
        steps.push_back({question, left, m_paths.slotOf[node]});
        fillBelow(group, child, steps, m_paths.pathTo(child, node, path), leaf);
        steps.pop_back();
    }
}

void TreeTables::add(Group& group, std::size_t node, const std::vector<Step>& steps, const Leaf& leaf)
{
    const std::size_t entries = std::size_t{1} << (group.slotsAbove + group.questions.size());
    const std::uint64_t aboveMask = (std::uint64_t{1} << group.slotsAbove) - 1;
    const std::uint64_t all = (std::uint64_t{1} << m_paths.above[node]) - 1;
    const double value = m_paths.tree.nodes[node].value;
    std::vector<std::size_t> places;
    for (const std::uint32_t target : leaf.targets) {
        const auto found = std::find(group.targets.begin(), group.targets.end(), target);
        places.push_back(static_cast<std::size_t>(found - group.targets.begin()) * entries);
        if (found == group.targets.end()) {
            group.targets.push_back(target);
            group.values.resize(group.values.size() + entries, 0.0);
        }
    }
    for (std::uint64_t index = 0; index < entries; ++index) {
        std::uint64_t mask = all & ((index & aboveMask) | ~aboveMask);
        for (const Step& step : steps) {
            if (((index >> (group.slotsAbove + step.question) & 1) != 0) != step.left)
                mask &= ~(std::uint64_t{1} << step.slot);
        }
        const double* values = leaf.values.data() + mask * places.size();
        for (std::size_t i = 0; i < places.size(); ++i)
            group.values[places[i] + index] += value * values[i];
    }
}

void TreeTables::addTo(double* sums, const TreeRowBlock& block) const
{
    using Mask = std::uint16_t;
    TreeDescent<Mask> descent(m_paths, block);
    TreeMasks<Mask> index, left;
    descent.run([&](std::size_t node) { return isGroup(node); }, [&](std::size_t node, const TreeMasks<Mask>& masks) {
        const Group& group = m_groups[m_groupOf[node]];
        const auto aboveMask = static_cast<Mask>((1U << group.slotsAbove) - 1U);
        for (std::size_t i = 0; i < treeBlock; ++i)
            index[i] = masks[i] & aboveMask;
        for (std::size_t question = 0; question < group.questions.size(); ++question) {
            askRows(m_paths.tree.nodes[group.questions[question]], block, left);
            const auto bit = static_cast<Mask>(1U << (group.slotsAbove + question));
            for (std::size_t i = 0; i < treeBlock; ++i)
                index[i] |= left[i] & bit;
        }
        const std::size_t entries = std::size_t{1} << (group.slotsAbove + group.questions.size());
        for (std::size_t target = 0; target < group.targets.size(); ++target) {
            const double* values = group.values.data() + target * entries;
            double* sum = sums + group.targets[target] * treeBlock;
            for (std::size_t i = 0; i < treeBlock; ++i)
                sum[i] += values[index[i]];
        }
    });
}

} // namespace limpid
