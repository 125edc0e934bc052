#include "core/explain/Occlusion.h"

#include "core/explain/CoalitionBlocks.h"

#include <algorithm>
#include <numeric>

namespace limpid {

namespace {

void require(bool holds, const char* name, std::size_t value, const std::string& expected)
{
    if (!holds)
        throw Error(ErrorCode::OptionInvalid, {{"name", name}, {"value", std::to_string(value)}, {"expected", expected}});
}

/// Where windows of that size begin on a side of that length.
std::vector<std::size_t> beginnings(std::size_t length, std::size_t size, std::size_t stride)
{
    std::vector<std::size_t> begins = {0};
    while (begins.back() + size < length)
        begins.push_back(begins.back() + stride);
    return begins;
}

} // namespace

OcclusionValues occlusion(const Game& game, Task& task)
{
    std::vector<std::vector<std::size_t>> windows(game.players());
    for (std::size_t player = 0; player < windows.size(); ++player)
        windows[player] = {player};
    return occlusion(game, windows, task);
}

OcclusionValues occlusion(const Game& game, const std::vector<std::vector<std::size_t>>& windows, Task& task)
{
    const std::size_t players = game.players(), outputs = game.outputs();
    Coalitions coalitions{windows.size(), players, std::vector<std::uint8_t>(windows.size() * players, 1)};
    std::vector<double> covered(players, 0.0);
    for (std::size_t i = 0; i < windows.size(); ++i) {
        require(!windows[i].empty(), "windows", 0, ">= 1");
        for (const std::size_t player : windows[i]) {
            require(player < players, "windows", player, "< " + std::to_string(players));
            coalitions.members[i * players + player] = 0;
        }
        // By the coalition and not by the list, in which a player may stand twice.
        for (std::size_t player = 0; player < players; ++player)
            covered[player] += coalitions.members[i * players + player] ? 0.0 : 1.0;
    }

    ShapleyValues ends = startValues(game, task);
    OcclusionValues result;
    result.base = std::move(ends.base);
    result.full = std::move(ends.full);
    result.windowValues.resize(result.full.size() * windows.size());
    result.values.assign(result.full.size() * players, 0.0);
    result.evaluations = 2 + windows.size();
    std::vector<std::size_t> everyone(players);
    std::iota(everyone.begin(), everyone.end(), std::size_t{0});
    forEachBlock(game, coalitions, everyone, 0.0, 1.0, task,
                 [&](std::size_t begin, std::size_t count, const std::vector<double>& block) {
                     for (std::size_t cell = 0; cell < result.full.size(); ++cell) {
                         for (std::size_t i = 0; i < count; ++i) {
                             result.windowValues[cell * windows.size() + begin + i] =
                                 result.full[cell] - block[(cell / outputs * count + i) * outputs + cell % outputs];
                         }
                     }
                 });

    // A row to whom nothing in a window makes a difference owes it nothing, whatever float32 says.
    for (std::size_t row = 0; row < game.rows(); ++row) {
        std::vector<bool> varies(players);
        for (std::size_t player = 0; player < players; ++player)
            varies[player] = game.varies(row, player);
        for (std::size_t i = 0; i < windows.size(); ++i) {
            const bool matters = std::any_of(windows[i].begin(), windows[i].end(), [&](std::size_t player) { return varies[player]; });
            const auto mask = coalitions.row(i);
            for (std::size_t output = 0; output < outputs; ++output) {
                const std::size_t cell = row * outputs + output;
                double& value = result.windowValues[cell * windows.size() + i];
                if (!matters)
                    value = 0.0;
                for (std::size_t player = 0; player < players; ++player)
                    result.values[cell * players + player] += mask[player] ? 0.0 : value / covered[player];
            }
        }
    }
    return result;
}

std::vector<std::vector<std::size_t>> gridWindows(std::size_t height, std::size_t width, const GridWindow& window)
{
    require(window.height >= 1 && window.height <= height, "window height", window.height, "1 … " + std::to_string(height));
    require(window.width >= 1 && window.width <= width, "window width", window.width, "1 … " + std::to_string(width));
    require(window.strideDown >= 1 && window.strideDown <= window.height, "stride", window.strideDown,
            "1 … " + std::to_string(window.height));
    require(window.strideAcross >= 1 && window.strideAcross <= window.width, "stride", window.strideAcross,
            "1 … " + std::to_string(window.width));
    std::vector<std::vector<std::size_t>> windows;
    for (const std::size_t top : beginnings(height, window.height, window.strideDown)) {
        for (const std::size_t left : beginnings(width, window.width, window.strideAcross)) {
            std::vector<std::size_t> players;
            for (std::size_t row = top; row < std::min(top + window.height, height); ++row) {
                for (std::size_t column = left; column < std::min(left + window.width, width); ++column)
                    players.push_back(row * width + column);
            }
            windows.push_back(std::move(players));
        }
    }
    return windows;
}

} // namespace limpid
