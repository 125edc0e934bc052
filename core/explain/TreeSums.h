#pragma once

#include "core/explain/TreeShap.h"
#include "core/explain/TreeTables.h"

namespace limpid {

/// Features and players fit the ensemble, which is sound: what every method here asks first. Gives the players.
TreePlayers checkTreeGame(const TreeEnsemble& ensemble, std::span<const float> rows, const TreePlayers& players);
inline std::size_t playerCount(const TreePlayers& players) { return players.empty() ? 0 : 1 + *std::max_element(players.begin(), players.end()); }

/// TreeEnsemble::margins() on the task's cores.
std::vector<double> treeMargins(const TreeEnsemble& ensemble, std::span<const float> rows, const Task& task);

/// Sums over the trees of what each adds to the rows' targets: a target is a player or a pair of players.
struct TreeSumsSpec {
    const TreeEnsemble& ensemble;
    std::span<const float> rows;
    const TreePlayers& players;
    std::size_t targets = 0;          ///< of an output
    /// Whether this tree, for so many rows, is worth tables. TreeSweep takes those that are not.
    std::function<bool(const TreePaths& paths, std::size_t rows)> tabulates;
    /// Called for one tree at a time from any thread: what to fill its tables with.
    std::function<TreeTables::LeafTable(const TreePaths& paths)> leafTable;
};

/// [rows, outputs, targets]. Bounded memory beside it: rows a chunk at a time, and as many trees at once as fit the cache.
std::vector<double> treeSums(const TreeSumsSpec& spec, Task& task);

} // namespace limpid
