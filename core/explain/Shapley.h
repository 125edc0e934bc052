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
};

struct ShapleySpec {
    std::string method = "leverage";      ///< exact | kernel | leverage | permutation
    std::size_t budget = 0;               ///< coalitions a row; 0: the method's own (kernel: 2·M + 2048)
    std::uint64_t seed = 1;
};

/// The names of the methods, and the largest number of players of "exact".
const std::vector<std::string>& shapleyMethods();
inline constexpr std::size_t maxExactPlayers = 16;

/// Throws OptionInvalid (method, budget), TooManyPlayers.
ShapleyValues shapley(const Game& game, const ShapleySpec& spec, Task& task);

/// The coalitions a row that a method would evaluate for that many varying players: for telling the cost beforehand.
std::uint64_t plannedEvaluations(const ShapleySpec& spec, std::size_t players);

ShapleyValues exactShapley(const Game& game, Task& task);
ShapleyValues kernelShap(const Game& game, std::size_t budget, std::uint64_t seed, Task& task);
ShapleyValues leverageShap(const Game& game, std::size_t budget, std::uint64_t seed, Task& task);
ShapleyValues permutationShap(const Game& game, std::size_t budget, std::uint64_t seed, Task& task);

} // namespace limpid
