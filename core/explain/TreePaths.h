#pragma once

#include "core/model/TreeEnsemble.h"

#include <algorithm>
#include <array>

namespace limpid {

/// So many rows go down a tree side by side.
inline constexpr std::size_t treeBlock = 256;

/// A player on the way to a node, all its questions there together.
struct PathPlayer {
    std::uint32_t player = 0;
    double share = 1.0;   ///< of the rows' weight that goes this way at its questions: the product of its children's covers over theirs
};

/// A tree whose questions are asked by players, several features of one player among them. The players on the way to a node are
/// numbered in the order in which they are first asked about: their slots.
struct TreePaths {
    /// Keeps a reference to the tree, which checkTreeEnsemble() has passed. `playerOf`: [features].
    TreePaths(const DecisionTree& tree, const std::vector<std::uint32_t>& playerOf);

    const DecisionTree& tree;
    std::vector<std::uint32_t> players;     ///< [nodes]: who asks here; 0 for an answer
    std::vector<std::uint32_t> slotOf;      ///< [nodes]: its slot
    std::vector<std::uint32_t> above;       ///< [nodes]: how many slots the way to the node has
    std::vector<std::uint32_t> questions;   ///< [nodes]: from here down
    std::size_t mostSlots = 0;              ///< of a path to an answer
    std::size_t depth = 0;                  ///< questions on the longest path

    bool asks(std::size_t node) const { return tree.nodes[node].left >= 0; }
    /// The players on the way to a child, given those on the way to its parent.
    std::vector<PathPlayer> pathTo(std::size_t child, std::size_t parent, std::vector<PathPlayer> path) const;
};

/// Some rows, feature by feature: [features, treeBlock].
class TreeRowBlock
{
public:
    /// Rows [begin, begin + count) of `rows` [rows, features]; those that lack to a block are missing everywhere.
    TreeRowBlock(std::span<const float> rows, std::size_t features, std::size_t begin, std::size_t count);
    const float* feature(std::size_t index) const { return m_values.data() + index * treeBlock; }
    std::size_t begin() const { return m_begin; }
    std::size_t count() const { return m_count; }

private:
    std::vector<float> m_values;
    std::size_t m_begin, m_count;
};

template<class Mask>
using TreeMasks = std::array<Mask, treeBlock>;

/// All bits where the row goes left, none where it goes right.
template<class Mask>
void askRows(const DecisionNode& node, const TreeRowBlock& block, TreeMasks<Mask>& left)
{
    const float* values = block.feature(node.feature);
    const float threshold = node.threshold;
    if (node.missingLeft) {
        for (std::size_t i = 0; i < treeBlock; ++i)
            left[i] = values[i] >= threshold ? Mask(0) : static_cast<Mask>(~Mask(0));
    } else {
        for (std::size_t i = 0; i < treeBlock; ++i)
            left[i] = values[i] < threshold ? static_cast<Mask>(~Mask(0)) : Mask(0);
    }
}

/// Sends rows down a tree. At each node where `stops(node)`, and at each answer, it calls `arrive(node, masks)`: bit s of a row's
/// mask tells whether it goes this way at all questions of slot s; the bits of slots not on the way are set.
template<class Mask>
class TreeDescent
{
public:
    TreeDescent(const TreePaths& paths, const TreeRowBlock& block) : m_paths(paths), m_block(block), m_levels(paths.depth + 1) {}

    template<class Stops, class Arrive>
    void run(const Stops& stops, const Arrive& arrive)
    {
        m_levels[0].masks.fill(static_cast<Mask>(~Mask(0)));
        visit(0, 0, stops, arrive);
    }

private:
    struct Level { TreeMasks<Mask> masks, left; };

    template<class Stops, class Arrive>
    void visit(std::size_t index, std::size_t level, const Stops& stops, const Arrive& arrive)
    {
        Level& here = m_levels[level];
        if (!m_paths.asks(index) || stops(index)) {
            arrive(index, here.masks);
            return;
        }
        const DecisionNode& node = m_paths.tree.nodes[index];
        askRows(node, m_block, here.left);
        Level& below = m_levels[level + 1];
        const auto others = static_cast<Mask>(~(Mask(1) << m_paths.slotOf[index]));
        for (std::size_t i = 0; i < treeBlock; ++i)
            below.masks[i] = here.masks[i] & (here.left[i] | others);
        visit(static_cast<std::size_t>(node.left), level + 1, stops, arrive);
        for (std::size_t i = 0; i < treeBlock; ++i)
            below.masks[i] = here.masks[i] & (static_cast<Mask>(~here.left[i]) | others);
        visit(static_cast<std::size_t>(node.right), level + 1, stops, arrive);
    }

    const TreePaths& m_paths;
    const TreeRowBlock& m_block;
    std::vector<Level> m_levels;
};

} // namespace limpid
