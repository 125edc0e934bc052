#include "core/explain/TreeSweep.h"

namespace limpid {

TreeSweep::TreeSweep(const TreePaths& paths)
    : m_paths(paths), m_rule(gaussLegendre(std::max<std::size_t>(1, (paths.mostSlots + 1) / 2))), m_slots(paths.mostSlots), m_levels(paths.depth + 1)
{
    for (Level& level : m_levels) {
        level.products.resize(m_rule.nodes.size());
        level.sums.resize(m_rule.nodes.size());
    }
}

void TreeSweep::addTo(double* sums, const TreeRowBlock& block)
{
    m_block = &block;
    m_out = sums;
    for (m_first = 0; m_first < block.count(); m_first += lanes) {
        for (std::size_t point = 0; point < m_rule.nodes.size(); ++point)
            m_levels[0].products[point].fill(m_rule.weights[point]);
        visit(0, 0);
    }
}

/// Leaves Σ over the answers below of answer · product in the level's sums.
void TreeSweep::visit(std::size_t index, std::size_t level)
{
    Level& here = m_levels[level];
    if (!m_paths.asks(index)) {
        const double value = m_paths.tree.nodes[index].value;
        for (std::size_t point = 0; point < here.sums.size(); ++point) {
            for (std::size_t i = 0; i < lanes; ++i)
                here.sums[point][i] = value * here.products[point][i];
        }
        return;
    }
    for (Lane& sum : here.sums)
        sum.fill(0.0);
    descend(index, true, level);
    descend(index, false, level);
}

void TreeSweep::descend(std::size_t index, bool left, std::size_t level)
{
    const DecisionNode& node = m_paths.tree.nodes[index];
    const auto child = static_cast<std::size_t>(left ? node.left : node.right);
    Slot& slot = m_slots[m_paths.slotOf[index]];
    const Slot old = slot;
    const float* values = m_block->feature(node.feature) + m_first;
    for (std::size_t i = 0; i < lanes; ++i) {
        const bool goesLeft = node.missingLeft ? !(values[i] >= node.threshold) : values[i] < node.threshold;
        const double goes = goesLeft == left ? 1.0 : 0.0;
        slot.goes[i] = old.asked ? old.goes[i] * goes : goes;
    }
    slot.share *= node.cover > 0.0 ? m_paths.tree.nodes[child].cover / node.cover : 0.5;
    slot.asked = true;

    Level& here = m_levels[level];
    Level& below = m_levels[level + 1];
    for (std::size_t point = 0; point < here.products.size(); ++point) {
        const double t = m_rule.nodes[point], rest = factor(slot, point, 0.0);
        const Lane& from = here.products[point];
        Lane& to = below.products[point];
        for (std::size_t i = 0; i < lanes; ++i)
            to[i] = from[i] * (rest + t * slot.goes[i]);
        if (old.asked) {
            const double out = inverse(factor(old, point, 0.0)), in = inverse(factor(old, point, 1.0));
            for (std::size_t i = 0; i < lanes; ++i)
                to[i] *= out + (in - out) * old.goes[i];
        }
    }
    visit(child, level + 1);
    addSlot(slot, m_paths.players[index], below.sums, 1.0);
    if (old.asked) // what was added here stands for both questions
        addSlot(old, m_paths.players[index], below.sums, -1.0);
    for (std::size_t point = 0; point < here.sums.size(); ++point) {
        for (std::size_t i = 0; i < lanes; ++i)
            here.sums[point][i] += below.sums[point][i];
    }
    slot = old;
}

void TreeSweep::addSlot(const Slot& slot, std::uint32_t player, const std::vector<Lane>& sums, double sign)
{
    Lane total{};
    for (std::size_t point = 0; point < sums.size(); ++point) {
        const double out = inverse(factor(slot, point, 0.0)), in = inverse(factor(slot, point, 1.0));
        for (std::size_t i = 0; i < lanes; ++i)
            total[i] += sums[point][i] * (out + (in - out) * slot.goes[i]);
    }
    double* values = m_out + player * treeBlock + m_first;
    for (std::size_t i = 0; i < lanes; ++i)
        values[i] += sign * total[i] * (slot.goes[i] - slot.share);
}

} // namespace limpid
