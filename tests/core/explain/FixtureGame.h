#pragma once

#include "tests/core/explain/TestGames.h"

#include <nlohmann/json.hpp>

namespace limpid::test {

using Matrix = std::vector<std::vector<double>>;

/// The fixture's tanh network under a background distribution, with the options shap's KernelExplainer has.
class MlpGame
{
public:
    MlpGame(const nlohmann::json& fixture, Matrix rows, Matrix background)
        : m_w1(fixture["model"]["W1"].get<Matrix>()), m_w2(fixture["model"]["W2"].get<Matrix>()),
          m_b1(fixture["model"]["b1"].get<std::vector<double>>()), m_b2(fixture["model"]["b2"].get<std::vector<double>>()),
          m_rows(std::move(rows)), m_background(std::move(background)),
          m_weights(m_background.size(), 1.0 / static_cast<double>(m_background.size()))
    {
        for (std::size_t column = 0; column < m_rows[0].size(); ++column)
            m_groups.push_back({column});
    }

    MlpGame& weights(std::vector<double> weights) { m_weights = std::move(weights); return *this; }
    MlpGame& groups(std::vector<std::vector<std::size_t>> groups) { m_groups = std::move(groups); return *this; }
    /// The outputs through a sigmoid, the logit taken of their background mean.
    MlpGame& logit() { m_logit = true; return *this; }

    FunctionGame game() const
    {
        const MlpGame self = *this;
        FunctionGame game(m_rows.size(), m_groups.size(), m_b2.size(),
                                [self](std::size_t row, std::span<const std::uint8_t> members) { return self.value(row, members); });
        for (std::size_t row = 0; row < m_rows.size(); ++row) {
            for (std::size_t player = 0; player < m_groups.size(); ++player) {
                bool varies = false;
                for (const auto& other : m_background) {
                    for (const std::size_t column : m_groups[player])
                        varies = varies || other[column] != m_rows[row][column];
                }
                game.setVaries(row, player, varies);
            }
        }
        return game;
    }

private:
    std::vector<double> value(std::size_t row, std::span<const std::uint8_t> members) const
    {
        std::vector<double> mean(m_b2.size(), 0.0);
        for (std::size_t b = 0; b < m_background.size(); ++b) {
            std::vector<double> x = m_background[b];
            for (std::size_t player = 0; player < m_groups.size(); ++player) {
                if (members[player]) {
                    for (const std::size_t column : m_groups[player])
                        x[column] = m_rows[row][column];
                }
            }
            const std::vector<double> out = forward(x);
            for (std::size_t o = 0; o < out.size(); ++o)
                mean[o] += m_weights[b] * (m_logit ? 1.0 / (1.0 + std::exp(-out[o])) : out[o]);
        }
        if (m_logit) {
            for (double& p : mean)
                p = std::log(p / (1.0 - p));
        }
        return mean;
    }

    std::vector<double> forward(const std::vector<double>& x) const
    {
        std::vector<double> hidden = m_b1, out = m_b2;
        for (std::size_t h = 0; h < hidden.size(); ++h)
            hidden[h] = std::tanh(std::inner_product(x.begin(), x.end(), m_w1[h].begin(), hidden[h]));
        for (std::size_t o = 0; o < out.size(); ++o)
            out[o] = std::inner_product(hidden.begin(), hidden.end(), m_w2[o].begin(), out[o]);
        return out;
    }

    Matrix m_w1, m_w2;
    std::vector<double> m_b1, m_b2;
    Matrix m_rows, m_background;
    std::vector<double> m_weights;
    std::vector<std::vector<std::size_t>> m_groups;
    bool m_logit = false;
};

} // namespace limpid::test
