#include "core/explain/Comparison.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace limpid {

namespace {

constexpr double z95 = 1.96;
constexpr double rounding = 1e-9;   // relative: sums of the same numbers in another order

bool isNumber(TaskKind task) { return task == TaskKind::Regression || task == TaskKind::MultiRegression; }

/// Log-odds of two classes and the scores of several are not one unit, nor are those and a target's own.
bool sameUnit(const Explanation& first, const Explanation& second)
{
    if (first.space != second.space)
        return false;
    if (isNumber(first.task) || isNumber(second.task))
        return isNumber(first.task) && isNumber(second.task);
    return first.space == "probability" || (first.task == TaskKind::MultiClass) == (second.task == TaskKind::MultiClass);
}

/// The players of both, without figures, in the first's order and then the second's; features[side][i] is the column of players[i].
struct Players {
    std::vector<ComparedPlayer> players;
    std::array<std::vector<std::size_t>, 2> features;
};

Players playersOf(const std::array<const Explanation*, 2>& sides)
{
    Players all;
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t side = 0; side < 2; ++side) {
        const std::vector<std::string>& columns = sides[side]->features;
        for (std::size_t feature = 0; feature < columns.size(); ++feature) {
            const auto [place, isNew] = places.try_emplace(columns[feature], all.players.size());
            if (isNew) {
                all.players.emplace_back().column = columns[feature];
                for (std::vector<std::size_t>& own : all.features)
                    own.push_back(0);
            }
            all.players[place->second].there[side] = true;
            all.features[side][place->second] = feature;
        }
    }
    return all;
}

void sortPlayers(std::vector<ComparedPlayer>& players)
{
    const auto most = [](const ComparedPlayer& player) {
        return std::max({std::abs(player.values[0]), std::abs(player.values[1]), std::abs(player.values[1] - player.values[0])});
    };
    std::stable_sort(players.begin(), players.end(), [&](const ComparedPlayer& a, const ComparedPlayer& b) { return most(a) > most(b); });
}

void requireComparable(const Explanation& first, const Explanation& second, const std::string& output)
{
    if (whyIncomparable(first, second, output))
        throw Error(ErrorCode::OptionInvalid, {{"name", "output"}, {"value", output}, {"expected", "two explanations with a scale in common"}});
}

/// The rows whose mean is taken, by their indices: those of the file that both explain, else all of each.
std::array<std::vector<std::size_t>, 2> meanRows(const std::array<const Explanation*, 2>& sides, bool& same)
{
    std::array<std::vector<std::size_t>, 2> taken;
    std::unordered_map<std::size_t, std::size_t> places;
    for (std::size_t i = 0; i < sides[0]->rows.size(); ++i)
        places.emplace(sides[0]->rows[i], i);
    for (std::size_t i = 0; i < sides[1]->rows.size(); ++i)
        if (const auto found = places.find(sides[1]->rows[i]); found != places.end()) {
            taken[0].push_back(found->second);
            taken[1].push_back(i);
        }
    same = !taken[0].empty();
    for (std::size_t side = 0; side < 2 && !same; ++side)
        for (std::size_t i = 0; i < sides[side]->rows.size(); ++i)
            taken[side].push_back(i);
    return taken;
}

} // namespace

std::optional<std::size_t> outputNamed(const Explanation& explanation, const std::string& output)
{
    const auto found = std::find(explanation.outputs.begin(), explanation.outputs.end(), output);
    return found == explanation.outputs.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - explanation.outputs.begin()));
}

std::optional<Incomparable> whyIncomparable(const Explanation& first, const Explanation& second, const std::string& output)
{
    if (!outputNamed(first, output) || !outputNamed(second, output))
        return Incomparable::Output;
    if (!sameUnit(first, second))
        return Incomparable::Unit;
    if (first.additive != second.additive || (!first.additive && first.method != second.method))
        return Incomparable::Meaning;
    const Players all = playersOf({&first, &second});
    if (std::none_of(all.players.begin(), all.players.end(), [](const ComparedPlayer& player) { return player.inBoth(); }))
        return Incomparable::Columns;
    return std::nullopt;
}

bool ComparedPlayer::differs() const
{
    return inBoth() && std::abs(difference()) > std::max(z95 * differenceError(), rounding * std::max(std::abs(values[0]), std::abs(values[1])));
}

std::optional<std::size_t> Comparison::widest() const
{
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < players.size(); ++i)
        if (players[i].inBoth() && std::abs(players[i].difference()) > (found ? std::abs(players[*found].difference()) : 0.0))
            found = i;
    return found;
}

std::vector<std::string> Comparison::onlyIn(std::size_t side) const
{
    std::vector<std::string> columns;
    for (const ComparedPlayer& player : players)
        if (player.there[side] && !player.there[1 - side])
            columns.push_back(player.column);
    return columns;
}

std::vector<ComparedPlayer> Comparison::leading(std::size_t most) const
{
    if (players.size() <= most)
        return players;
    const std::size_t own = most > 0 ? most - 1 : 0;
    std::vector<ComparedPlayer> shown(players.begin(), players.begin() + static_cast<std::ptrdiff_t>(own));
    ComparedPlayer& rest = shown.emplace_back();
    rest.others = players.size() - own;
    for (std::size_t i = own; i < players.size(); ++i)
        for (std::size_t side = 0; side < 2; ++side) {
            rest.there[side] = rest.there[side] || players[i].there[side];
            rest.values[side] += players[i].values[side];
            rest.errors[side] = std::hypot(rest.errors[side], players[i].errors[side]); // as if independent: the covariances are not kept
        }
    return shown;
}

std::pair<double, double> Comparison::range(const std::vector<ComparedPlayer>& shown) const
{
    double least = additive ? std::min({base[0], base[1], predictions[0], predictions[1]}) : 0.0;
    double most = additive ? std::max({base[0], base[1], predictions[0], predictions[1]}) : 0.0;
    for (std::size_t side = 0; side < 2; ++side) {
        double at = additive ? base[side] : 0.0;
        for (const ComparedPlayer& player : shown) {
            const double end = at + player.values[side], half = z95 * player.errors[side];
            least = std::min(least, end - half);
            most = std::max(most, end + half);
            at = additive ? end : 0.0;
        }
    }
    if (!(most > least))
        return {least - 0.5, least + 0.5};
    return {least, most};
}

Comparison compareRows(const Explanation& first, std::size_t firstRow, const Explanation& second, std::size_t secondRow, const std::string& output)
{
    requireComparable(first, second, output);
    const std::array<const Explanation*, 2> sides{&first, &second};
    const std::array<std::size_t, 2> rows{firstRow, secondRow};
    Players all = playersOf(sides);
    Comparison comparison;
    comparison.additive = first.additive;
    comparison.sameCells = true;
    for (std::size_t side = 0; side < 2; ++side) {
        const Explanation& e = *sides[side];
        const std::size_t at = *outputNamed(e, output), row = rows[side];
        comparison.predictions[side] = e.predictions[row * e.outputs.size() + at];
        if (e.additive)
            comparison.base[side] = e.base[at];
        for (std::size_t i = 0; i < all.players.size(); ++i) {
            ComparedPlayer& player = all.players[i];
            if (!player.there[side])
                continue;
            const std::size_t feature = all.features[side][i], cell = row * e.features.size() + feature;
            player.values[side] = e.value(row, at, feature);
            player.errors[side] = e.error(row, at, feature);
            if (cell < e.cellText.size())
                player.cells[side] = e.cellText[cell];
        }
    }
    for (const ComparedPlayer& player : all.players)
        comparison.sameCells = comparison.sameCells && (!player.inBoth() || player.cells[0] == player.cells[1]);
    sortPlayers(all.players);
    comparison.players = std::move(all.players);
    return comparison;
}

Comparison compareMeans(const Explanation& first, const Explanation& second, const std::string& output)
{
    requireComparable(first, second, output);
    const std::array<const Explanation*, 2> sides{&first, &second};
    Players all = playersOf(sides);
    Comparison comparison;
    const std::array<std::vector<std::size_t>, 2> rows = meanRows(sides, comparison.sameRows);
    for (std::size_t side = 0; side < 2; ++side) {
        const Explanation& e = *sides[side];
        const std::size_t at = *outputNamed(e, output);
        comparison.rows[side] = rows[side].size();
        for (std::size_t i = 0; i < all.players.size(); ++i) {
            ComparedPlayer& player = all.players[i];
            if (!player.there[side] || rows[side].empty())
                continue;
            const std::size_t feature = all.features[side][i];
            for (const std::size_t row : rows[side]) {
                player.values[side] += std::abs(e.value(row, at, feature));
                player.errors[side] += e.error(row, at, feature); // rows share their draws: see meanAbsolute()
            }
            player.values[side] /= static_cast<double>(rows[side].size());
            player.errors[side] /= static_cast<double>(rows[side].size());
        }
    }
    sortPlayers(all.players);
    comparison.players = std::move(all.players);
    return comparison;
}

} // namespace limpid
