#include "core/explain/CoalitionBlocks.h"

#include <algorithm>
#include <limits>
#include <map>

namespace limpid {

std::vector<VaryingPattern> varyingPatterns(const Game& game)
{
    std::vector<VaryingPattern> patterns;
    std::map<std::vector<std::size_t>, std::size_t> known;
    for (std::size_t row = 0; row < game.rows(); ++row) {
        std::vector<std::size_t> players;
        for (std::size_t player = 0; player < game.players(); ++player) {
            if (game.varies(row, player))
                players.push_back(player);
        }
        const auto [place, isNew] = known.emplace(std::move(players), patterns.size());
        if (isNew)
            patterns.push_back({place->first, {}});
        patterns[place->second].rows.push_back(row);
    }
    return patterns;
}

std::vector<std::size_t> varyingPlayers(const std::vector<VaryingPattern>& patterns)
{
    std::vector<std::size_t> all;
    for (const VaryingPattern& pattern : patterns)
        all.insert(all.end(), pattern.players.begin(), pattern.players.end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

Coalitions widened(const Coalitions& coalitions, const std::vector<std::size_t>& chosen, std::size_t players,
                   std::size_t begin, std::size_t count)
{
    Coalitions wide{count, players, std::vector<std::uint8_t>(count * players, 0)};
    for (std::size_t i = 0; i < count; ++i) {
        const auto mask = coalitions.row(begin + i);
        for (std::size_t j = 0; j < chosen.size(); ++j)
            wide.members[i * players + chosen[j]] = mask[j];
    }
    return wide;
}

ShapleyValues startValues(const Game& game, Task& task)
{
    const std::size_t players = game.players(), cells = game.rows() * game.outputs();
    Coalitions ends{2, players, std::vector<std::uint8_t>(2 * players, 0)};
    std::fill(ends.members.begin() + static_cast<std::ptrdiff_t>(players), ends.members.end(), std::uint8_t{1});
    const std::vector<double> values = game.values(ends, task);

    ShapleyValues result;
    result.base.resize(cells);
    result.full.resize(cells);
    for (std::size_t row = 0; row < game.rows(); ++row) {
        for (std::size_t output = 0; output < game.outputs(); ++output) {
            const std::size_t cell = row * game.outputs() + output;
            result.base[cell] = values[(row * 2) * game.outputs() + output];
            result.full[cell] = values[(row * 2 + 1) * game.outputs() + output];
        }
    }
    result.values.assign(cells * players, 0.0);
    result.errors.assign(cells * players, 0.0);
    result.evaluations = 2;
    return result;
}

void forEachBlock(const Game& game, const Coalitions& coalitions, const std::vector<std::size_t>& chosen, double from,
                  double to, Task& task, const BlockSink& sink)
{
    for (std::size_t begin = 0; begin < coalitions.count; begin += coalitionBlock) {
        task.checkpoint();
        const std::size_t count = std::min(coalitionBlock, coalitions.count - begin);
        sink(begin, count, game.values(widened(coalitions, chosen, game.players(), begin, count), task));
        task.report(from + (to - from) * static_cast<double>(begin + count) / static_cast<double>(coalitions.count),
                    "explain");
    }
}

void clearOthers(ShapleyValues& result, const std::vector<VaryingPattern>& patterns, std::size_t outputs, std::size_t players)
{
    for (const VaryingPattern& pattern : patterns) {
        for (const std::size_t row : pattern.rows) {
            for (std::size_t output = 0; output < outputs; ++output) {
                std::size_t next = 0;
                for (std::size_t player = 0; player < players; ++player) {
                    if (next < pattern.players.size() && pattern.players[next] == player)
                        ++next;
                    else
                        result.values[(row * outputs + output) * players + player] = 0.0;
                }
            }
        }
    }
}

void closeGaps(ShapleyValues& result, const std::vector<VaryingPattern>& patterns, std::size_t outputs, std::size_t players)
{
    for (const VaryingPattern& pattern : patterns) {
        if (pattern.players.empty())
            continue;
        for (const std::size_t row : pattern.rows) {
            for (std::size_t output = 0; output < outputs; ++output) {
                const std::size_t cell = row * outputs + output;
                double gap = result.full[cell] - result.base[cell];
                for (const std::size_t player : pattern.players)
                    gap -= result.values[cell * players + player];
                for (const std::size_t player : pattern.players)
                    result.values[cell * players + player] += gap / static_cast<double>(pattern.players.size());
            }
        }
    }
}

double binomial(std::size_t n, std::size_t k)
{
    k = std::min(k, n - k);
    double value = 1.0;
    for (std::size_t i = 1; i <= k; ++i) {
        value = value * static_cast<double>(n - k + i) / static_cast<double>(i);
        if (value > 1e300)
            return 1e300;
    }
    // Each partial product is a binomial coefficient itself, so rounding to an integer undoes the division's error.
    return value < 9e15 ? static_cast<double>(static_cast<std::uint64_t>(value + 0.5)) : value;
}

std::uint64_t coalitionCount(std::size_t players)
{
    return players < 63 ? std::uint64_t{1} << players : std::numeric_limits<std::uint64_t>::max();
}

bool nextCombination(std::vector<std::size_t>& subset, std::size_t n)
{
    const std::size_t k = subset.size();
    for (std::size_t i = k; i-- > 0;) {
        if (subset[i] + (k - i) < n) {
            ++subset[i];
            for (std::size_t j = i + 1; j < k; ++j)
                subset[j] = subset[j - 1] + 1;
            return true;
        }
    }
    return false;
}

void throwBudgetTooSmall(std::size_t budget, std::size_t needed)
{
    throw Error(ErrorCode::OptionInvalid,
                {{"name", "budget"}, {"value", std::to_string(budget)}, {"expected", ">= " + std::to_string(needed)}});
}

} // namespace limpid
