#include "core/explain/TreeLeaf.h"

#include <bit>

namespace limpid {

PathGame::PathGame(const std::vector<PathPlayer>& path)
    : m_path(path), m_rule(gaussLegendre(std::max<std::size_t>(1, (path.size() + 1) / 2))), m_factors(m_rule.nodes.size() * path.size()),
      m_products(m_rule.nodes.size())
{
    for (const PathPlayer& player : path)
        m_base *= player.share;
}

bool PathGame::setUp(std::uint64_t mask)
{
    for (std::size_t slot = 0; slot < m_path.size(); ++slot) {
        if (!goes(mask, slot) && m_path[slot].share == 0.0)
            return false;
    }
    for (std::size_t point = 0; point < m_products.size(); ++point) {
        const double t = m_rule.nodes[point];
        double product = m_rule.weights[point];
        for (std::size_t slot = 0; slot < m_path.size(); ++slot) {
            const double factor = (1.0 - t) * m_path[slot].share + (goes(mask, slot) ? t : 0.0);
            m_factors[point * m_path.size() + slot] = factor;
            product *= factor;
        }
        m_products[point] = product;
    }
    return true;
}

void PathGame::values(std::uint64_t mask, double* values)
{
    std::fill_n(values, players(), 0.0);
    if (!setUp(mask))
        return;
    for (std::size_t point = 0; point < m_products.size(); ++point) {
        for (std::size_t slot = 0; slot < players(); ++slot)
            values[slot] += m_products[point] / m_factors[point * players() + slot];
    }
    for (std::size_t slot = 0; slot < players(); ++slot)
        values[slot] *= (goes(mask, slot) ? 1.0 : 0.0) - m_path[slot].share;
}

void PathGame::pairs(std::uint64_t mask, double* values)
{
    const std::size_t d = players();
    std::fill_n(values, d * (d - 1) / 2, 0.0);
    if (d < 2 || !setUp(mask))
        return;
    for (std::size_t point = 0; point < m_products.size(); ++point) {
        const double* factors = m_factors.data() + point * d;
        for (std::size_t i = 0, pair = 0; i < d; ++i) {
            for (std::size_t j = i + 1; j < d; ++j)
                values[pair++] += m_products[point] / (factors[i] * factors[j]);
        }
    }
    const auto change = [&](std::size_t slot) { return (goes(mask, slot) ? 1.0 : 0.0) - m_path[slot].share; };
    for (std::size_t i = 0, pair = 0; i < d; ++i) {
        for (std::size_t j = i + 1; j < d; ++j)
            values[pair++] *= change(i) * change(j);
    }
}

const std::vector<double>& PairWeights::table()
{
    // (a − 1)!·b! / (a + b)! = B(a, b + 1): 1 / a for b = 0, and from b − 1 to b by b / (a + b).
    static const std::vector<double> weights = [] {
        std::vector<double> all((most + 1) * (most + 1), 0.0);
        for (std::size_t a = 1; a <= most; ++a) {
            all[a * (most + 1)] = 1.0 / static_cast<double>(a);
            for (std::size_t b = 1; b <= most; ++b)
                all[a * (most + 1) + b] = all[a * (most + 1) + b - 1] * static_cast<double>(b) / static_cast<double>(a + b);
        }
        return all;
    }();
    return weights;
}

std::vector<double> tableOfValues(PathGame& game)
{
    std::vector<double> table((std::size_t{1} << game.players()) * game.players());
    for (std::uint64_t mask = 0; mask >> game.players() == 0; ++mask)
        game.values(mask, table.data() + mask * game.players());
    return table;
}

std::vector<double> tableOfPairs(PathGame& game)
{
    const std::size_t pairs = game.players() * (game.players() - 1) / 2;
    std::vector<double> table((std::size_t{1} << game.players()) * pairs);
    for (std::uint64_t mask = 0; mask >> game.players() == 0; ++mask)
        game.pairs(mask, table.data() + mask * pairs);
    return table;
}

std::vector<double> tableAgainst(const std::vector<double>& background, std::size_t players)
{
    const std::uint64_t all = (std::uint64_t{1} << players) - 1;
    std::vector<double> table((all + 1) * players, 0.0);
    for (std::uint64_t row = 0; row <= all; ++row) {
        double* values = table.data() + row * players;
        const std::uint64_t others = all & ~row;
        const auto b = static_cast<std::size_t>(std::popcount(others));
        double losses = 0.0;
        // The masks of background rows that go this way wherever the row does not: 3^players of them over all rows.
        for (std::uint64_t both = row;; both = (both - 1) & row) {
            if (const double share = background[others | both]; share > 0.0) {
                const std::uint64_t only = row & ~both;
                const auto a = static_cast<std::size_t>(std::popcount(only));
                if (a > 0) {
                    const double gain = share * PairWeights::gain(a, b);
                    for (std::uint64_t rest = only; rest != 0; rest &= rest - 1)
                        values[std::countr_zero(rest)] += gain;
                }
                if (b > 0)
                    losses += share * PairWeights::loss(a, b);
            }
            if (both == 0)
                break;
        }
        for (std::uint64_t rest = others; rest != 0; rest &= rest - 1)
            values[std::countr_zero(rest)] -= losses;
    }
    return table;
}

} // namespace limpid
