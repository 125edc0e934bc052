#pragma once

#include "core/explain/SurrogateTree.h"
#include "core/model/TreeEnsemble.h"

namespace limpid {

/// A surrogate tree for treeShap(): a decision tree for each output, whose features are the tree's questions, so that sets of levels
/// and gaps need no coding. A feature is 0 for a row that goes left there and 1 for one that goes right; covers are rows the tree was
/// grown on. Questions about one column are one player.
struct SurrogateEnsemble {
    TreeEnsemble ensemble;                    ///< [questions] features
    std::vector<std::size_t> questions;       ///< nodes of the surrogate, in their order
    std::vector<std::uint32_t> players;       ///< [questions]
    std::vector<std::size_t> columns;         ///< [players]: columns of the surrogate, those it asks about
};
SurrogateEnsemble surrogateEnsemble(const SurrogateTree& tree);

/// Sets each column's importance from the rows of `columns`, those of the tree's own columns. Exact.
void weighColumns(SurrogateTree& tree, const std::vector<EffectColumn>& columns, Task& task);

} // namespace limpid
