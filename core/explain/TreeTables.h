#pragma once

#include "core/explain/TreeLeaf.h"

#include <functional>

namespace limpid {

/// What a tree adds to sums over players, or over pairs of them, for any row, as tables (after Nadel and Wettenstein 2025, WOODELF,
/// arXiv 2511.09376): what one answer adds depends only on which players on its way go this way. The answers below one node share a
/// table whose index has a bit for each player above the node and one for each question from it down.
class TreeTables
{
public:
    /// What an answer of 1 adds, by mask of a row: targets are places among the sums.
    struct Leaf {
        std::vector<std::uint32_t> targets;
        std::vector<double> values;   ///< [2^players, targets]
    };
    using LeafTable = std::function<Leaf(std::size_t node, const std::vector<PathPlayer>& path)>;

    /// Paths to an answer have so many slots, at most.
    static constexpr std::size_t mostSlots = 11;

    /// Keeps a reference to the paths. Decides which answers share a table; fill() makes them.
    explicit TreeTables(const TreePaths& paths);
    void fill(const LeafTable& leaf);

    /// About so many numbers, before and after fill().
    std::size_t size() const { return m_size; }
    /// `sums`: [targets, treeBlock].
    void addTo(double* sums, const TreeRowBlock& block) const;

private:
    struct Group {
        std::size_t node = 0;
        std::size_t slotsAbove = 0;             ///< of the players above the node
        std::vector<std::size_t> questions;     ///< nodes, from it down
        std::vector<std::uint32_t> targets;
        std::vector<double> values;             ///< [targets, 2^(slotsAbove + questions)]
    };
    /// An answer of a group: which bits of the index keep it from a row, slot by slot.
    struct Step { std::size_t question; bool left; std::uint32_t slot; };

    bool isGroup(std::size_t node) const;
    void fill(Group& group, const LeafTable& leaf, const std::vector<PathPlayer>& path);
    void fillBelow(Group& group, std::size_t node, std::vector<Step>& steps, const std::vector<PathPlayer>& path, const LeafTable& leaf);
    void add(Group& group, std::size_t node, const std::vector<Step>& steps, const Leaf& leaf);

    const TreePaths& m_paths;
    std::vector<Group> m_groups;
    std::vector<std::uint32_t> m_groupOf;   ///< [nodes]
    std::size_t m_size = 0;
};

} // namespace limpid
