#pragma once

#include "core/explain/Game.h"

#include <memory>

namespace limpid {

/// What rows are compared with, and how much each of them counts.
struct WeightedRows {
    Features rows;
    std::vector<double> weights;    ///< [rows], their sum 1; empty: all the same
};

/// Σ weight · game: exact whatever is played, as every Shapley value is linear in the game.
class WeightedGame final : public Game
{
public:
    /// Games of the same rows, players and outputs, at least one.
    WeightedGame(std::vector<std::unique_ptr<Game>> games, std::vector<double> weights);

    std::size_t rows() const override { return m_games.front()->rows(); }
    std::size_t players() const override { return m_games.front()->players(); }
    std::size_t outputs() const override { return m_games.front()->outputs(); }
    std::vector<double> values(const Coalitions& coalitions, Task& task) const override;
    std::vector<double> valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const override;
    bool varies(std::size_t row, std::size_t player) const override;

private:
    std::vector<std::unique_ptr<Game>> m_games;
    std::vector<double> m_weights;
};

/// A PredictorGame; against weighted rows the weighted sum of one game against each. Keeps a reference to the predictor.
std::unique_ptr<Game> gameAgainst(const Predictor& predictor, const Features& rows, const WeightedRows& background, OutputSpace space);

} // namespace limpid
