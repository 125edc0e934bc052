#include "core/explain/WeightedGame.h"

#include <algorithm>

namespace limpid {

namespace {

void addTo(std::vector<double>& sums, const std::vector<double>& values, double weight)
{
    sums.resize(values.size(), 0.0);
    for (std::size_t i = 0; i < values.size(); ++i)
        sums[i] += weight * values[i];
}

} // namespace

WeightedGame::WeightedGame(std::vector<std::unique_ptr<Game>> games, std::vector<double> weights)
    : m_games(std::move(games)), m_weights(std::move(weights))
{
}

std::vector<double> WeightedGame::values(const Coalitions& coalitions, Task& task) const
{
    std::vector<double> sums;
    for (std::size_t i = 0; i < m_games.size(); ++i)
        addTo(sums, m_games[i]->values(coalitions, task), m_weights[i]);
    return sums;
}

std::vector<double> WeightedGame::valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const
{
    std::vector<double> sums;
    for (std::size_t i = 0; i < m_games.size(); ++i)
        addTo(sums, m_games[i]->valuesOfRow(row, coalitions, task), m_weights[i]);
    return sums;
}

bool WeightedGame::varies(std::size_t row, std::size_t player) const
{
    return std::any_of(m_games.begin(), m_games.end(), [&](const auto& game) { return game->varies(row, player); });
}

std::unique_ptr<Game> gameAgainst(const Predictor& predictor, const Features& rows, const WeightedRows& background, OutputSpace space)
{
    if (background.weights.empty())
        return std::make_unique<PredictorGame>(predictor, rows, background.rows, space);
    std::vector<std::unique_ptr<Game>> games;
    for (std::size_t row = 0; row < background.rows.rows; ++row)
        games.push_back(std::make_unique<PredictorGame>(predictor, rows, sliceRows(background.rows, row, row + 1), space));
    return std::make_unique<WeightedGame>(std::move(games), background.weights);
}

} // namespace limpid
