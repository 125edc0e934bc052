#pragma once

#include "core/explain/Explanation.h"
#include "core/explain/Game.h"

#include <optional>

namespace limpid {

/// What each Shapley method gives for a game, before names are put to it.
struct ShapleyValues {
    std::vector<double> base;      ///< [rows, outputs]: v(∅)
    std::vector<double> full;      ///< [rows, outputs]: v(all)
    std::vector<double> values;    ///< [rows, outputs, players]
    std::vector<double> errors;    ///< same: standard errors
    std::uint64_t evaluations = 0; ///< coalitions per row
    std::vector<bool> topResolved; ///< [rows, outputs]: see ShapleySpec::resolveTop; empty where that is 0
};

struct ShapleySpec {
    std::string method = "leverage";      ///< exact | kernel | leverage | permutation
    std::size_t budget = 0;               ///< coalitions a row; 0: the method's own (kernel: 2·M + 2048)
    std::uint64_t seed = 1;
    /// Not 0: leverage and permutation stop before the budget is spent once, for every row and output, the `resolveTop`
    /// largest |values| are told apart (see topResolved()). They look after a sixteenth of the budget, at least 3 pairs of
    /// coalitions a player or 8 pairs of walks, and then at each doubling. A run that stops has spent what it says in
    /// `evaluations`; one that does not has the very values of a run without this. Each look is a test at 95 % a pair of
    /// players, so over all looks a wrong order passes a little more often than that. The other methods run to their end.
    std::size_t resolveTop = 0;
};

/// [rows, outputs]: whether the `top` largest |values| are told apart from each other and from all the rest: for each
/// pair, | |a| − |b| | > 1.96 · √(e_a² + e_b²), or both exact.
std::vector<bool> topResolved(const ShapleyValues& values, std::size_t players, std::size_t top);

/// The names of the methods, and the largest number of players of "exact".
const std::vector<std::string>& shapleyMethods();
inline constexpr std::size_t maxExactPlayers = 16;

/// Throws OptionInvalid (method, budget), TooManyPlayers.
ShapleyValues shapley(const Game& game, const ShapleySpec& spec, Task& task);

/// The most coalitions a row that a method would evaluate for that many varying players: for telling the cost beforehand.
std::uint64_t plannedEvaluations(const ShapleySpec& spec, std::size_t players);

ShapleyValues exactShapley(const Game& game, Task& task);
ShapleyValues kernelShap(const Game& game, std::size_t budget, std::uint64_t seed, Task& task);
ShapleyValues leverageShap(const Game& game, std::size_t budget, std::uint64_t seed, Task& task, std::size_t resolveTop = 0);
ShapleyValues permutationShap(const Game& game, std::size_t budget, std::uint64_t seed, Task& task,
                              std::size_t resolveTop = 0);

} // namespace limpid
