#pragma once

#include "core/base/Task.h"
#include "core/model/TreeEnsemble.h"

namespace limpid {

/// Shapley values of trees, from the trees themselves: exact, and without a prediction.
struct TreeShapValues {
    std::vector<double> base;     ///< [rows, outputs]: the worth of no player
    std::vector<double> full;     ///< [rows, outputs]: of all, the model's own output
    std::vector<double> values;   ///< [rows, outputs, players], or of interactions [rows, outputs, players, players]
};

/// The player of each feature, so that several are one: [features], numbers from 0 without a gap. Empty: each its own.
using TreePlayers = std::vector<std::uint32_t>;

/// Path-dependent values (Lundberg et al. 2020, "From local explanations to global understanding with explainable AI for trees",
/// algorithm 1): players that are left out go either way at each question, by the covers. XGBoost's pred_contribs, whose last
/// column is `base`. `rows`: [rows, features], NaN: missing. Rows are worked on in blocks, side by side; the same result on any
/// number of cores. Throws OptionInvalid (features, players), BundleInvalid as checkTreeEnsemble(), Cancelled.
TreeShapValues treeShap(const TreeEnsemble& ensemble, std::span<const float> rows, const TreePlayers& players, Task& task);

/// Shapley interaction values of that game, as SHAP and XGBoost's pred_interactions show them: symmetric, off the diagonal half of
/// the pair's Shapley interaction index, on it what is left of the player's value. Throws TooManyPlayers past
/// TreeTables::mostSlots players on a path, and as above.
TreeShapValues treeShapInteractions(const TreeEnsemble& ensemble, std::span<const float> rows, const TreePlayers& players, Task& task);

/// What the players play for.
enum class TreeWorth {
    Margin,        ///< the outputs as TreeEnsemble::margins() gives them
    Probability,   ///< 1 / (1 + exp(−margin))
    LogLoss,       ///< log(1 + exp(margin)) − label · margin: positive values make it worse
};

struct TreeBackground {
    std::span<const float> rows;      ///< [background rows, features], at least one
    TreeWorth worth = TreeWorth::Margin;
    std::span<const double> labels;   ///< LogLoss: [rows], of the explained rows; 0 to 1
};

/// Interventional values (algorithm 3 there): players that are left out are as in a row of the background, the mean over it. Those of
/// the margin are exact. Of a probability or a loss they are shap's: for each background row the margin's values times the change of
/// the worth over the change of the margin, as DeepLIFT's rescale rule has it. So they add up, but are not the Shapley values of the
/// probability, which no tree method gives. Throws OptionInvalid (background, output: where Probability or LogLoss meets several
/// outputs; labels), TooManyPlayers past PairWeights::most players on a path, and as above.
TreeShapValues treeShapAgainst(const TreeEnsemble& ensemble, std::span<const float> rows, const TreeBackground& background,
                               const TreePlayers& players, Task& task);

} // namespace limpid
