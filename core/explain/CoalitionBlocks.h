#pragma once

#include "core/explain/Shapley.h"

#include <functional>

namespace limpid {

// What the Shapley methods share: who plays, how coalitions are evaluated in blocks, how the books are closed.

/// Players that vary for the same rows. A player that varies for no background row has value 0 by definition.
struct VaryingPattern {
    std::vector<std::size_t> players;   ///< ascending
    std::vector<std::size_t> rows;      ///< ascending
};
/// The distinct patterns of a game, in order of their first row.
std::vector<VaryingPattern> varyingPatterns(const Game& game);
/// Players that vary for at least one row, ascending.
std::vector<std::size_t> varyingPlayers(const std::vector<VaryingPattern>& patterns);

/// Coalitions over some of the game's players ([count, chosen.size()]) as coalitions of all its players; the others stay out.
Coalitions widened(const Coalitions& coalitions, const std::vector<std::size_t>& chosen, std::size_t players,
                   std::size_t begin, std::size_t count);

/// Base and full values of every row, with values and errors 0: what every method starts from.
ShapleyValues startValues(const Game& game, Task& task);

/// Evaluates coalitions over `chosen` players in blocks of coalitionBlock, for all rows, reporting progress within
/// [from, to]. `sink` gets the first coalition of the block, how many, and [rows, count, outputs].
using BlockSink = std::function<void(std::size_t begin, std::size_t count, const std::vector<double>& values)>;
void forEachBlock(const Game& game, const Coalitions& coalitions, const std::vector<std::size_t>& chosen, double from,
                  double to, Task& task, const BlockSink& sink);
inline constexpr std::size_t coalitionBlock = 256;

/// A player that does not vary for a row is worth 0 there, exactly: what float32 noise it gathered is given up.
void clearOthers(ShapleyValues& result, const std::vector<VaryingPattern>& patterns, std::size_t outputs, std::size_t players);

/// Spreads what is left of v(all) − v(∅) − Σ values evenly over the players that vary, so that rounding never shows.
void closeGaps(ShapleyValues& result, const std::vector<VaryingPattern>& patterns, std::size_t outputs, std::size_t players);

/// n choose k; 1e300 where it would be more.
double binomial(std::size_t n, std::size_t k);
/// 2^players, or the largest value where that does not fit.
std::uint64_t coalitionCount(std::size_t players);
/// The next k-subset of {0 … n−1} in lexicographic order, in place; false after the last.
bool nextCombination(std::vector<std::size_t>& subset, std::size_t n);

/// Shapley values by all 2^k coalitions of the players that vary: ends with errors 0.
ShapleyValues enumeratedShapley(const Game& game, const std::vector<VaryingPattern>& patterns, Task& task);

/// Throws OptionInvalid: the budget is less than what the method needs.
[[noreturn]] void throwBudgetTooSmall(std::size_t budget, std::size_t needed);

} // namespace limpid
