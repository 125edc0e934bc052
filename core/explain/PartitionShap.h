#pragma once

#include "core/explain/PlayerTree.h"
#include "core/explain/Shapley.h"

namespace limpid {

struct PartitionSpec {
    std::size_t budget = 0;   ///< coalitions a row; 0: 2·players + 2048
    /// How many nodes are split at a time where the budget does not reach to the bottom. 1 is strictly the largest effect
    /// first; more make fewer, larger calls of the model.
    std::size_t batch = 32;
};

/// Owen values of a game whose players form coalitions as a tree says: every node's two children play a game of two, in
/// every context that the tree allows (Owen 1977; over the levels of a tree, Winter 1989).
struct PartitionValues {
    /// values, base, full and evaluations (the most of any row) as in every method; v(∅) + Σ values = v(all) always.
    /// errors are 0: nothing is drawn at random, and `spread` says what the budget did not reach.
    ShapleyValues shapley;
    /// [rows, outputs, players]: how much credit, in absolute terms, a player got by even division of what a node above
    /// it is worth, and not by its own effect. 0 everywhere: the values are the Owen values.
    std::vector<double> spread;
    /// [rows]: whether the row's values are the Owen values themselves.
    std::vector<bool> whole;
};

/// Where the budget allows, all rows are played to the bottom of the tree. Else each row by itself splits nodes in order
/// of their effect on it (the largest |effect| · weight of any output first), and what is left of a node at the end is
/// divided evenly over the players under it that vary. `task.finish()` ends a row's splitting early.
/// Throws OptionInvalid (tree: not one over the game's players; budget: less than 4; batch: 0).
PartitionValues partitionShapley(const Game& game, const PlayerTree& tree, const PartitionSpec& spec, Task& task);

/// The coalitions that Owen values need, v(∅) and v(all) included; the largest value where that does not fit. About
/// players² for a balanced tree, 2^players for a chain.
std::uint64_t partitionEvaluations(const PlayerTree& tree);

} // namespace limpid
