#pragma once

#include "core/base/Random.h"
#include "core/explain/Shapley.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace limpid::test {

/// A game given by a function: v(row, coalition) → outputs.
class FunctionGame final : public Game
{
public:
    using Value = std::function<std::vector<double>(std::size_t row, std::span<const std::uint8_t> members)>;

    FunctionGame(std::size_t rows, std::size_t players, std::size_t outputs, Value value)
        : m_rows(rows), m_players(players), m_outputs(outputs), m_value(std::move(value)),
          m_varies(rows * players, true)
    {
    }

    void setVaries(std::size_t row, std::size_t player, bool varies) { m_varies[row * m_players + player] = varies; }

    std::size_t rows() const override { return m_rows; }
    std::size_t players() const override { return m_players; }
    std::size_t outputs() const override { return m_outputs; }
    bool varies(std::size_t row, std::size_t player) const override { return m_varies[row * m_players + player]; }

    std::vector<double> values(const Coalitions& coalitions, Task& task) const override
    {
        std::vector<double> all;
        for (std::size_t row = 0; row < m_rows; ++row) {
            const auto values = valuesOfRow(row, coalitions, task);
            all.insert(all.end(), values.begin(), values.end());
        }
        return all;
    }
    std::vector<double> valuesOfRow(std::size_t row, const Coalitions& coalitions, Task&) const override
    {
        std::vector<double> all;
        for (std::size_t i = 0; i < coalitions.count; ++i) {
            const auto value = m_value(row, coalitions.row(i));
            all.insert(all.end(), value.begin(), value.end());
        }
        return all;
    }

private:
    std::size_t m_rows, m_players, m_outputs;
    Value m_value;
    std::vector<bool> m_varies;
};

/// Shapley's own formula, coalition by coalition: the truth for small games. [players] of one row and output.
inline std::vector<double> shapleyByDefinition(const Game& game, std::size_t row, std::size_t output)
{
    const std::size_t n = game.players();
    Coalitions all{std::size_t{1} << n, n, {}};
    for (std::size_t mask = 0; mask < all.count; ++mask) {
        for (std::size_t player = 0; player < n; ++player)
            all.members.push_back(static_cast<std::uint8_t>(mask >> player & 1));
    }
    Task task;
    const auto v = game.valuesOfRow(row, all, task);
    const auto factorial = [](std::size_t k) { return std::tgamma(static_cast<double>(k) + 1.0); };
    std::vector<double> phi(n, 0.0);
    for (std::size_t mask = 0; mask < all.count; ++mask) {
        const auto size = static_cast<std::size_t>(std::accumulate(all.row(mask).begin(), all.row(mask).end(), 0));
        for (std::size_t player = 0; player < n; ++player) {
            if (mask >> player & 1)
                continue;
            const double weight = factorial(size) * factorial(n - size - 1) / factorial(n);
            phi[player] += weight * (v[(mask | std::size_t{1} << player) * game.outputs() + output] - v[mask * game.outputs() + output]);
        }
    }
    return phi;
}

/// A smooth game with interactions of all orders: a small random tanh network of the memberships, a row's own weights.
inline FunctionGame networkGame(std::size_t rows, std::size_t players, std::size_t outputs, std::uint64_t seed,
                                double sharpness = 1.5)
{
    Random random(seed, "test game");
    constexpr std::size_t hidden = 8;
    std::vector<double> in(rows * hidden * players), bias(hidden), out(outputs * hidden);
    for (double& w : in)
        w = sharpness * random.normal() / std::sqrt(static_cast<double>(players) / 4.0);
    for (double& w : bias)
        w = random.normal();
    for (double& w : out)
        w = random.normal();
    return {rows, players, outputs, [=](std::size_t row, std::span<const std::uint8_t> members) {
                std::vector<double> value(outputs, 0.0);
                for (std::size_t h = 0; h < hidden; ++h) {
                    double sum = bias[h];
                    for (std::size_t player = 0; player < players; ++player)
                        sum += members[player] ? in[(row * hidden + h) * players + player] : 0.0;
                    for (std::size_t output = 0; output < outputs; ++output)
                        value[output] += out[output * hidden + h] * std::tanh(sum);
                }
                return value;
            }};
}

/// The largest |base + Σ values − full| over |full| + |base|.
inline double additivityGap(const ShapleyValues& result, std::size_t players)
{
    double worst = 0.0;
    for (std::size_t cell = 0; cell < result.base.size(); ++cell) {
        double sum = result.base[cell];
        for (std::size_t player = 0; player < players; ++player)
            sum += result.values[cell * players + player];
        const double size = std::max(1.0, std::abs(result.full[cell]) + std::abs(result.base[cell]));
        worst = std::max(worst, std::abs(sum - result.full[cell]) / size);
    }
    return worst;
}

} // namespace limpid::test
