#pragma once

#include "core/base/Quadrature.h"
#include "core/explain/TreePaths.h"

#include <cstdint>

namespace limpid {

/// The game of one answer: its players are those on its way, and it is worth the share of the rows that come to it when the
/// players of a coalition go as the explained row does. Everything here is for an answer of 1.

/// Path-dependent (Lundberg et al. 2020, algorithm 1): the others go either way with their share. A player in the coalition counts o = 1
/// where the row goes this way and 0 elsewhere, one outside its share z: v(S) = Π_S o · Π_others z, and with t for the place in a
/// random order φ_i = ∫ (o_i − z_i) Π_{j≠i} (t·o_j + (1 − t)·z_j) dt over [0, 1], a polynomial of degree players − 1: exact by
/// Gauss–Legendre with half as many points.
class PathGame
{
public:
    /// Keeps a reference to the path.
    explicit PathGame(const std::vector<PathPlayer>& path);

    std::size_t players() const { return m_path.size(); }
    /// Π z: the worth of no player.
    double base() const { return m_base; }
    /// [players] of a row that goes this way at the slots in the mask. Not from two threads.
    void values(std::uint64_t mask, double* values);
    /// [players · (players − 1) / 2]: Shapley interaction index of the pairs (0, 1), (0, 2), …, (1, 2), … (Grabisch and Roubens 1999):
    /// φ_ij = ∫ (o_i − z_i)(o_j − z_j) Π_{k≠i,j} (t·o_k + (1 − t)·z_k) dt.
    void pairs(std::uint64_t mask, double* values);

private:
    /// Factors t·o + (1 − t)·z of all players at each point, and the products of them; false where one is 0 everywhere.
    bool setUp(std::uint64_t mask);
    bool goes(std::uint64_t mask, std::size_t slot) const { return (mask >> slot & 1) != 0; }

    const std::vector<PathPlayer>& m_path;
    Quadrature m_rule;
    std::vector<double> m_factors, m_products;   ///< [points, players], [points]: with the points' weights
    double m_base = 1.0;
};

/// Interventional (algorithm 3 there): the others go as a background row does. With a players whose questions only the explained
/// row answers this way and b players whose only the background row, φ is (a − 1)!·b! / (a + b)! for each of the first and
/// −a!·(b − 1)! / (a + b)! for each of the second, and all is 0 where somebody goes this way in neither.
class PairWeights
{
public:
    /// Up to so many players on a path.
    static constexpr std::size_t most = 64;
    static double gain(std::size_t only, std::size_t others) { return table()[only * (most + 1) + others]; } ///< only > 0
    static double loss(std::size_t only, std::size_t others) { return table()[others * (most + 1) + only]; } ///< others > 0; its size

private:
    static const std::vector<double>& table();
};

/// [2^players, players] of an answer for every mask of an explained row: path-dependent, …
std::vector<double> tableOfValues(PathGame& game);
/// … [2^players, pairs], …
std::vector<double> tableOfPairs(PathGame& game);
/// … and against a background: `background` [2^players] is the share of it with each mask.
std::vector<double> tableAgainst(const std::vector<double>& background, std::size_t players);

} // namespace limpid
