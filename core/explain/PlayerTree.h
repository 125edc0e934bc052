#pragma once

#include <cstddef>
#include <vector>

namespace limpid {

/// A binary tree over the players of a game, as SciPy numbers it: nodes 0 … players − 1 are the players, node
/// players + i is the i-th split, children come before their parent and the last split is the root.
struct PlayerTree {
    struct Split {
        std::size_t left = 0;
        std::size_t right = 0;
        double height = 0.0;   ///< how far apart the two are, for a dendrogram; 0 where the tree has no distances
    };
    std::size_t players = 0;
    std::vector<Split> splits;   ///< players − 1 of them; none where there are fewer than 2 players

    std::size_t nodes() const { return players + splits.size(); }
    bool isPlayer(std::size_t node) const { return node < players; }
    const Split& split(std::size_t node) const { return splits[node - players]; }
    /// How many players are under each node.
    std::vector<std::size_t> sizes() const;
    /// Every node but the root is the child of one later split.
    bool isValid() const;
};

enum class Linkage {
    Average,    ///< UPGMA: mean distance between members
    Complete,   ///< largest distance between members
};

/// Agglomerative clustering of a symmetric [players, players] matrix of distances, by chains of nearest neighbours
/// (Murtagh 1983) in O(players²). Splits ascend in height; of equal distances the first found is merged first.
PlayerTree clusterTree(std::vector<double> distances, std::size_t players, Linkage linkage);

/// 1 − |Pearson's r| between the columns of `values` [rows, columns], as [players, players]. A player is a list of columns;
/// two players are as near as their nearest columns. A missing value (NaN) counts as its column's mean; a constant
/// column is at distance 1 from all others.
std::vector<double> correlationDistances(const std::vector<double>& values, std::size_t rows, std::size_t columns,
                                         const std::vector<std::vector<std::size_t>>& players);

/// Player row · width + column of a grid, halved along its longer side (the height where both are equal) down to single
/// cells, as shap's image masker does.
PlayerTree gridTree(std::size_t height, std::size_t width);

/// Players in a row, halved down to single ones.
PlayerTree sequenceTree(std::size_t players);

/// The tree with only these players ([chosen], ascending), renumbered from 0; splits with one side left fall away.
PlayerTree prunedTree(const PlayerTree& tree, const std::vector<std::size_t>& chosen);

} // namespace limpid
