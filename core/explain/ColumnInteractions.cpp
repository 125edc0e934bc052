#include "core/explain/ColumnInteractions.h"

#include "core/explain/GroupedGame.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

/// Rows are taken together as long as they cost no more than so many model rows: about a second.
constexpr std::uint64_t modelRowsAtOnce = 1 << 20;
constexpr std::size_t quickRows = 10;

std::vector<std::size_t> upTo(std::size_t count)
{
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

std::size_t playersOf(std::size_t looked, std::size_t columns) { return looked + (looked < columns ? 1 : 0); }

/// What each column does as the first and as the last to join, on average: one that only interacts shows in the second.
std::vector<std::size_t> mostTelling(const Game& game, std::size_t count, Task& task)
{
    const std::size_t players = game.players(), outputs = game.outputs();
    Coalitions coalitions{2 * players + 2, players, std::vector<std::uint8_t>((2 * players + 2) * players, 0)};
    for (std::size_t i = 0; i <= players; ++i) {
        for (std::size_t j = 0; j < players; ++j) {
            coalitions.members[i * players + j] = i == j;
            coalitions.members[(players + 1 + i) * players + j] = i != j;
        }
    }
    const std::vector<double> values = game.values(coalitions, task);
    std::vector<double> sizes(players, 0.0);
    for (std::size_t row = 0; row < game.rows(); ++row) {
        const auto at = [&](std::size_t coalition, std::size_t output) {
            return values[(row * coalitions.count + coalition) * outputs + output];
        };
        for (std::size_t player = 0; player < players; ++player) {
            for (std::size_t output = 0; output < outputs; ++output)
                sizes[player] += std::abs(at(player, output) - at(players, output))
                                 + std::abs(at(2 * players + 1, output) - at(players + 1 + player, output));
        }
    }
    std::vector<std::size_t> order = upTo(players);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
    order.resize(count);
    std::sort(order.begin(), order.end());
    return order;
}

struct Players {
    std::vector<PlayerGroup> groups;
    ColumnInteractions result;
};

Players playersFor(const Predictor& predictor, const Features& rows, const Features& background, const ColumnInteractionSpec& spec,
                   OutputSpace space, Task& task)
{
    const auto& columns = predictor.pipeline().groups();
    std::vector<std::size_t> looked = spec.columns.empty() ? upTo(columns.size()) : spec.columns;
    Players players;
    interactionPlayers(spec, columns.size());
    if (spec.choose && playersOf(looked.size(), columns.size()) > maxInteractionPlayers) {
        const PredictorGame few(predictor, sliceRows(rows, 0, std::min(quickRows, rows.rows)), background, space);
        looked = mostTelling(few, maxInteractionPlayers - 1, task);
        players.result.chosen = true;
    }
    std::sort(looked.begin(), looked.end());
    PlayerGroup others;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (std::binary_search(looked.begin(), looked.end(), i)) {
            players.groups.push_back({columns[i].column, {i}});
        } else {
            others.players.push_back(i);
            players.result.others.push_back(columns[i].column);
        }
    }
    if (!others.players.empty())
        players.groups.push_back(std::move(others));
    for (const PlayerGroup& group : players.groups)
        players.result.players.push_back(group.name);
    players.result.index = spec.index;
    players.result.background = background.rows;
    return players;
}

/// Adds a few rows' matrices to the sums, with both halves of each pair together.
void addRows(ColumnInteractions& sums, const ShapleyInteractions& found, std::size_t rows)
{
    const std::size_t n = sums.players.size(), outputs = sums.outputs();
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t output = 0; output < outputs; ++output) {
            sums.base[output] += found.base[row * outputs + output];
            sums.full[output] += found.full[row * outputs + output];
            const double* matrix = found.values.data() + (row * outputs + output) * n * n;
            for (std::size_t i = 0; i < n; ++i) {
                for (std::size_t j = 0; j < n; ++j) {
                    const double value = i == j ? matrix[i * n + j] : matrix[i * n + j] + matrix[j * n + i];
                    sums.mean[sums.cell(output, i, j)] += value;
                    sums.meanAbsolute[sums.cell(output, i, j)] += std::abs(value);
                }
            }
        }
    }
    sums.rows += rows;
    sums.coalitions = std::max(sums.coalitions, found.evaluations);
    sums.modelRows += found.evaluations * sums.background * rows;
}

} // namespace

std::size_t interactionPlayers(const ColumnInteractionSpec& spec, std::size_t columns)
{
    const std::size_t looked = spec.columns.empty() ? columns : spec.columns.size(), players = playersOf(looked, columns);
    if (players > maxInteractionPlayers && !spec.choose)
        throw Error(ErrorCode::OptionInvalid, {{"name", "columns"}, {"value", std::to_string(looked)},
                                               {"expected", "at most " + std::to_string(maxInteractionPlayers - 1)}});
    return std::min(players, maxInteractionPlayers);
}

std::size_t ColumnInteractions::strongestOutput() const
{
    std::vector<double> sizes(outputs(), 0.0);
    for (std::size_t output = 0; output < outputs(); ++output)
        for (std::size_t i = 0; i < players.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                sizes[output] += meanAbsolute[cell(output, i, j)];
    return sizes.empty() ? 0 : static_cast<std::size_t>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
}

ColumnInteractions columnInteractions(const Predictor& predictor, const Features& rows, const Features& background,
                                      const ColumnInteractionSpec& spec, OutputSpace space, Task& task)
{
    if (rows.rows == 0 || background.rows == 0)
        throw Error(ErrorCode::TooFewRows, {{"rows", "0"}, {"needed", "1"}}, "interactions need rows and a background");
    Players players = playersFor(predictor, rows, background, spec, space, task);
    ColumnInteractions& result = players.result;
    const std::size_t n = result.players.size();
    result.base.assign(predictor.outputCount(space), 0.0);
    result.full = result.base;
    result.mean.assign(result.outputs() * n * n, 0.0);
    result.meanAbsolute = result.mean;
    const std::uint64_t each = (std::uint64_t{1} << n) * background.rows;
    const auto atOnce = static_cast<std::size_t>(std::max<std::uint64_t>(1, modelRowsAtOnce / each));
    for (std::size_t begin = 0; begin < rows.rows && (begin == 0 || !task.isFinishing()); begin += atOnce) {
        const std::size_t count = std::min(atOnce, rows.rows - begin);
        const auto all = static_cast<double>(rows.rows), from = static_cast<double>(begin), share = static_cast<double>(count);
        Task part(task, [&](const Task::Progress& progress) { task.report((from + share * progress.fraction) / all, "explain"); });
        const PredictorGame columns(predictor, sliceRows(rows, begin, begin + count), background, space);
        const GroupedGame game(columns, players.groups);
        addRows(result, shapleyInteractions(game, spec.index, part), count);
    }
    for (auto* sums : {&result.base, &result.full, &result.mean, &result.meanAbsolute})
        for (double& sum : *sums)
            sum /= static_cast<double>(result.rows);
    return std::move(players.result);
}

} // namespace limpid
