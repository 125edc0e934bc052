#pragma once

#include "core/explain/Shapley.h"

namespace limpid {

/// What the prediction loses when players are taken out of it. Not Shapley values: they do not add up to the prediction,
/// and what two players do only together is counted for both.
struct OcclusionValues {
    std::vector<double> base;          ///< [rows, outputs]: v(∅)
    std::vector<double> full;          ///< [rows, outputs]: v(all)
    std::vector<double> windowValues;  ///< [rows, outputs, windows]: v(all) − v(all without the window)
    /// [rows, outputs, players]: mean over the windows that a player is in (0 where it is in none), as captum's Occlusion.
    std::vector<double> values;
    std::uint64_t evaluations = 0;     ///< coalitions per row
};

/// v(all) − v(all without the player), each player by itself.
OcclusionValues occlusion(const Game& game, Task& task);

/// The same for windows, lists of players. Throws OptionInvalid (windows): one is empty or names no player of the game.
OcclusionValues occlusion(const Game& game, const std::vector<std::vector<std::size_t>>& windows, Task& task);

/// A grid's cells and what slides over it, in cells.
struct GridWindow {
    std::size_t height = 1, width = 1;
    std::size_t strideDown = 1, strideAcross = 1;
};
/// Windows over the players row · width + column of a grid, from the top left, rows first. Every cell is in a window: the
/// last ones of a row or column are cut off at the edge. Throws OptionInvalid: a size or stride of 0, a window larger than the
/// grid, a stride larger than the window.
std::vector<std::vector<std::size_t>> gridWindows(std::size_t height, std::size_t width, const GridWindow& window);

} // namespace limpid
