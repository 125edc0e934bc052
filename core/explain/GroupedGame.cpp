#include "core/explain/GroupedGame.h"

#include "core/base/Error.h"

#include <algorithm>
#include <set>

namespace limpid {

namespace {

/// `expected` in symbols; "" where none would say it.
[[noreturn]] void throwInvalid(const std::string& value, const std::string& expected = {})
{
    Facts facts = {{"name", "groups"}, {"value", value}};
    if (!expected.empty())
        facts.emplace_back("expected", expected);
    throw Error(ErrorCode::OptionInvalid, std::move(facts));
}

/// Which players are in a group. Throws OptionInvalid.
std::vector<bool> membersOf(const std::vector<PlayerGroup>& groups, std::size_t players)
{
    std::vector<bool> taken(players, false);
    std::set<std::string> names;
    for (const PlayerGroup& group : groups) {
        if (group.players.empty())
            throwInvalid(group.name, ">= 1");
        if (!names.insert(group.name).second)
            throwInvalid(group.name);
        for (const std::size_t player : group.players) {
            if (player >= players)
                throwInvalid(std::to_string(player), "< " + std::to_string(players));
            if (taken[player])
                throwInvalid(group.name);
            taken[player] = true;
        }
    }
    return taken;
}

} // namespace

std::vector<PlayerGroup> completedGroups(std::vector<PlayerGroup> groups, const std::vector<std::string>& playerNames)
{
    const std::vector<bool> taken = membersOf(groups, playerNames.size());
    for (std::size_t player = 0; player < playerNames.size(); ++player) {
        if (!taken[player])
            groups.push_back({playerNames[player], {player}});
    }
    membersOf(groups, playerNames.size()); // a group may have the name of a player outside it
    const auto first = [](const PlayerGroup& group) { return *std::min_element(group.players.begin(), group.players.end()); };
    std::sort(groups.begin(), groups.end(),
              [&](const PlayerGroup& a, const PlayerGroup& b) { return first(a) < first(b); });
    return groups;
}

GroupedGame::GroupedGame(const Game& game, std::vector<PlayerGroup> groups) : m_game(game), m_groups(std::move(groups))
{
    const std::vector<bool> taken = membersOf(m_groups, game.players());
    const auto missing = std::find(taken.begin(), taken.end(), false);
    if (missing != taken.end())
        throwInvalid(std::to_string(missing - taken.begin()));
}

Coalitions GroupedGame::ungrouped(const Coalitions& coalitions) const
{
    const std::size_t players = m_game.players();
    Coalitions wide{coalitions.count, players, std::vector<std::uint8_t>(coalitions.count * players, 0)};
    for (std::size_t i = 0; i < coalitions.count; ++i) {
        const auto mask = coalitions.row(i);
        for (std::size_t group = 0; group < m_groups.size(); ++group) {
            for (const std::size_t player : m_groups[group].players)
                wide.members[i * players + player] = mask[group];
        }
    }
    return wide;
}

std::vector<double> GroupedGame::values(const Coalitions& coalitions, Task& task) const
{
    return m_game.values(ungrouped(coalitions), task);
}

std::vector<double> GroupedGame::valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const
{
    return m_game.valuesOfRow(row, ungrouped(coalitions), task);
}

bool GroupedGame::varies(std::size_t row, std::size_t player) const
{
    const std::vector<std::size_t>& members = m_groups[player].players;
    return std::any_of(members.begin(), members.end(), [&](std::size_t member) { return m_game.varies(row, member); });
}

} // namespace limpid
