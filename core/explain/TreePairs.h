#pragma once

#include "core/explain/TreeShap.h"

namespace limpid {

/// Interventional values by pairs of an explained row and a background row: for worths that are no sum over the trees, and for trees too
/// deep for tables. Goes down each tree with a row and those background rows that still matter there (as shap does pair by pair). `players` as checkTreeGame() gives them; `margins` and
/// `backgroundMargins`: [rows, outputs]. Gives [rows, outputs, players].
std::vector<double> treePairs(const TreeEnsemble& ensemble, std::span<const float> rows, const TreeBackground& background, const TreePlayers& players,
                              const std::vector<double>& margins, const std::vector<double>& backgroundMargins, Task& task);

/// The worth of a margin. `label` is for LogLoss alone.
double treeWorth(TreeWorth worth, double margin, double label);

} // namespace limpid
