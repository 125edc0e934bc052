#pragma once

#include "core/explain/Game.h"

#include <string>

namespace limpid {

/// Players of a game that move together, under the user's name for them.
struct PlayerGroup {
    std::string name;
    std::vector<std::size_t> players;
};

/// Every player in exactly one group: the given ones, and a group of its own, under its own name, for each player that
/// is in none. In order of first players. Throws OptionInvalid (groups): a group that is empty, holds a player twice or
/// one that does not exist or that another group has, or two groups of one name.
std::vector<PlayerGroup> completedGroups(std::vector<PlayerGroup> groups, const std::vector<std::string>& playerNames);

/// A game among groups of another game's players: a group joins or stays out as a whole. Its Shapley values are those of
/// the quotient game, not sums of its members' values; only in games without interactions are these the same.
class GroupedGame final : public Game
{
public:
    /// Keeps a reference to the game. Every player must be in exactly one group: see completedGroups(), which throws what
    /// this throws.
    GroupedGame(const Game& game, std::vector<PlayerGroup> groups);

    const std::vector<PlayerGroup>& groups() const { return m_groups; }

    std::size_t rows() const override { return m_game.rows(); }
    std::size_t players() const override { return m_groups.size(); }
    std::size_t outputs() const override { return m_game.outputs(); }
    std::vector<double> values(const Coalitions& coalitions, Task& task) const override;
    std::vector<double> valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const override;
    bool varies(std::size_t row, std::size_t player) const override;

private:
    Coalitions ungrouped(const Coalitions& coalitions) const;

    const Game& m_game;
    std::vector<PlayerGroup> m_groups;
};

} // namespace limpid
