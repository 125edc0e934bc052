#pragma once

#include "core/explain/Game.h"

#include <string>
#include <string_view>

namespace limpid {

/// What pairs of players do together. Every matrix is symmetric, and a pair's index is split in halves: I(i, j) / 2 stands
/// at [i, j] and at [j, i], so that whatever adds up does so over the whole matrix, as in shap.
///
/// With Δ(T) = v(T∪ij) − v(T∪i) − v(T∪j) + v(T) for coalitions T of the n − 2 others, t = |T|:
/// - "shapley-taylor" (order 2; Sundararajan, Dhamdhere & Agarwal 2020): I(i, j) = 2/n · Σ_T Δ(T) / C(n − 1, t); the diagonal
///   is v({i}) − v(∅). The whole matrix adds up to v(all) − v(∅); its rows do not add up to Shapley values.
/// - "sii", the Shapley interaction index (Grabisch & Roubens 1999): I(i, j) = Σ_T Δ(T) / ((n − 1) · C(n − 2, t)); the diagonal
///   is the Shapley value, which adds up to v(all) − v(∅) by itself. The matrix as a whole adds up to nothing.
/// - "k-sii" (order 2; Bordt & von Luxburg 2023): the same I(i, j); the diagonal is the Shapley value less the row's
///   other entries. Rows add up to Shapley values, the whole matrix to v(all) − v(∅): what TreeSHAP calls interactions.
struct ShapleyInteractions {
    std::string index;
    std::vector<double> base;        ///< [rows, outputs]: v(∅)
    std::vector<double> full;        ///< [rows, outputs]: v(all)
    std::vector<double> values;      ///< [rows, outputs, players, players]
    std::uint64_t evaluations = 0;   ///< coalitions per row
};

const std::vector<std::string>& interactionIndices();
inline constexpr std::size_t maxInteractionPlayers = 12;

/// By all coalitions of the players that vary, for all rows at once; the others' entries are 0, and leaving them out
/// changes no other entry (all three have the dummy axiom). Throws OptionInvalid (index), TooManyPlayers.
ShapleyInteractions shapleyInteractions(const Game& game, std::string_view index, Task& task);

} // namespace limpid
