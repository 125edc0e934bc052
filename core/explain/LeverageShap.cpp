#include "core/explain/LeverageShap.h"

#include "core/explain/CoalitionBlocks.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <unordered_set>

namespace limpid {

namespace {

/// The pairs of complements whose smaller coalition has `size` members.
struct Stratum {
    std::size_t size = 0;
    double pairs = 0.0;      ///< how many there are
    double leverage = 0.0;   ///< their sum: 2, or 1 where the size is half of the players
    double share = 0.0;      ///< expected number drawn
    std::size_t drawn = 0;
};

/// Shares the pairs out in proportion to leverage, no stratum getting more than it has; what is left of rounding down
/// goes by a systematic draw from `offset`, uniform in [0, 1).
std::vector<Stratum> allocate(std::size_t players, std::size_t pairs, double offset)
{
    std::vector<Stratum> strata;
    for (std::size_t size = 1; 2 * size <= players; ++size) {
        const bool half = 2 * size == players;
        strata.push_back({size, binomial(players, size) / (half ? 2.0 : 1.0), half ? 1.0 : 2.0, 0.0, 0});
    }
    std::vector<bool> whole(strata.size(), false);
    for (bool changed = true; changed;) {
        changed = false;
        auto left = static_cast<double>(pairs);
        double leverage = 0.0;
        for (std::size_t i = 0; i < strata.size(); ++i) {
            left -= whole[i] ? strata[i].pairs : 0.0;
            leverage += whole[i] ? 0.0 : strata[i].leverage;
        }
        for (std::size_t i = 0; i < strata.size(); ++i) {
            if (whole[i])
                continue;
            strata[i].share = std::max(0.0, left) * strata[i].leverage / leverage;
            if (strata[i].share >= strata[i].pairs) {
                strata[i].share = strata[i].pairs;
                whole[i] = changed = true;
            }
        }
    }
    double fractions = 0.0;
    for (Stratum& stratum : strata) {
        const double floor = std::floor(stratum.share), before = fractions;
        fractions += stratum.share - floor;
        stratum.drawn = static_cast<std::size_t>(floor + std::floor(fractions + offset) - std::floor(before + offset));
        stratum.drawn = std::min(stratum.drawn, static_cast<std::size_t>(std::min(stratum.pairs, 1e15)));
    }
    return strata;
}

/// Draws pairs of one stratum after the other.
class StratumSampler
{
public:
    StratumSampler(std::size_t players, Random& random) : m_players(players), m_random(random), m_order(players)
    {
        std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    }

    /// `stratum.drawn` different pairs, each by its smaller coalition (of size k/2: the one with player 0).
    std::vector<std::string> draw(const Stratum& stratum)
    {
        // Few to choose from: list them and draw from the list; else draw afresh until it is a new one.
        return stratum.pairs <= 4.0 * static_cast<double>(stratum.drawn) ? fromList(stratum) : afresh(stratum);
    }

private:
    std::vector<std::string> fromList(const Stratum& stratum)
    {
        const bool half = 2 * stratum.size == m_players;
        std::vector<std::string> all;
        std::vector<std::size_t> subset(stratum.size);
        std::iota(subset.begin(), subset.end(), std::size_t{0});
        do {
            if (half && subset.front() != 0)
                break; // lexicographic: all further ones lack player 0
            std::string mask(m_players, '\0');
            for (const std::size_t player : subset)
                mask[player] = '\1';
            all.push_back(std::move(mask));
        } while (nextCombination(subset, m_players));
        for (std::size_t i = 0; i < stratum.drawn; ++i)
            std::swap(all[i], all[i + m_random.below(all.size() - i)]);
        all.resize(stratum.drawn);
        return all;
    }

    std::vector<std::string> afresh(const Stratum& stratum)
    {
        std::vector<std::string> drawn;
        std::unordered_set<std::string> seen;
        while (drawn.size() < stratum.drawn) {
            std::string mask(m_players, '\0');
            for (std::size_t i = 0; i < stratum.size; ++i) {
                std::swap(m_order[i], m_order[i + m_random.below(m_players - i)]);
                mask[m_order[i]] = '\1';
            }
            if (2 * stratum.size == m_players && mask[0] == '\0') {
                for (char& member : mask)
                    member ^= 1;
            }
            if (seen.insert(mask).second)
                drawn.push_back(std::move(mask));
        }
        return drawn;
    }

    std::size_t m_players;
    Random& m_random;
    std::vector<std::size_t> m_order;
};

/// The design's coalitions for the players of one pattern only.
Coalitions narrowed(const Coalitions& coalitions, const std::vector<std::size_t>& places)
{
    Coalitions narrow{coalitions.count, places.size(), {}};
    narrow.members.reserve(coalitions.count * places.size());
    for (std::size_t i = 0; i < coalitions.count; ++i) {
        const auto mask = coalitions.row(i);
        for (const std::size_t place : places)
            narrow.members.push_back(mask[place]);
    }
    return narrow;
}

} // namespace

LeverageSampler::LeverageSampler(std::size_t players, std::size_t pairs, Random& random)
    : m_players(players), m_offset(random.uniform())
{
    StratumSampler sampler(players, random);
    for (const Stratum& stratum : allocate(players, pairs, m_offset))
        m_masks.push_back(stratum.drawn > 0 ? sampler.draw(stratum) : std::vector<std::string>());
}

std::size_t LeverageSampler::pairs() const
{
    std::size_t pairs = 0;
    for (const auto& masks : m_masks)
        pairs += masks.size();
    return pairs;
}

LeverageDesign LeverageSampler::design(std::size_t pairs) const
{
    LeverageDesign design;
    design.coalitions.players = m_players;
    const auto k = static_cast<double>(m_players);
    std::size_t place = 0;
    const std::vector<Stratum> strata = allocate(m_players, pairs, m_offset);
    for (std::size_t index = 0; index < strata.size(); ++index) {
        const Stratum& stratum = strata[index];
        const std::vector<std::string>& masks = m_masks[index];
        // Masks of a stratum come in random order, so the first few are a draw of their own.
        const std::size_t count = std::min(stratum.drawn, masks.size());
        // The Shapley kernel (k−1)/(C(k,s)·s·(k−s)) of each coalition, times what each drawn pair stands for.
        const auto s = static_cast<double>(stratum.size), drawn = static_cast<double>(count);
        const double weight = (k - 1.0) / (s * (k - s)) * (stratum.leverage / 2.0) / drawn;
        const double variance = 1.0 - drawn / stratum.pairs;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t first = design.coalitions.count;
            for (const char member : masks[i])
                design.coalitions.members.push_back(static_cast<std::uint8_t>(member));
            for (const char member : masks[i])
                design.coalitions.members.push_back(static_cast<std::uint8_t>(member ^ 1));
            design.coalitions.count += 2;
            design.weights.insert(design.weights.end(), 2, weight);
            design.clusters.push_back({first, first + 1, variance});
            design.places.push_back(place + i);
        }
        place += masks.size();
    }
    return design;
}

LeverageDesign leverageDesign(std::size_t players, std::size_t pairs, Random& random)
{
    return LeverageSampler(players, pairs, random).design(pairs);
}

namespace {

/// The values of a sampler's pairs, evaluated as they are asked for.
class PairValues
{
public:
    PairValues(const Game& game, const std::vector<std::size_t>& chosen, std::size_t pairs)
        : m_game(game), m_chosen(chosen), m_known(pairs, false), m_values(game.rows() * 2 * pairs * game.outputs())
    {
    }

    std::size_t evaluated() const { return m_evaluated; }

    /// Evaluates those of the design's coalitions that no earlier design had.
    void require(const LeverageDesign& design, Task& task)
    {
        Coalitions fresh{0, design.coalitions.players, {}};
        std::vector<std::size_t> places;   // of single coalitions
        for (std::size_t i = 0; i < design.coalitions.count; ++i) {
            const std::size_t pair = design.places[i / 2];
            if (m_known[pair])
                continue;
            const auto mask = design.coalitions.row(i);
            fresh.members.insert(fresh.members.end(), mask.begin(), mask.end());
            ++fresh.count;
            places.push_back(2 * pair + i % 2);
        }
        const std::size_t outputs = m_game.outputs(), all = 2 * m_known.size();
        const auto fraction = [&](std::size_t count) { return static_cast<double>(count) / static_cast<double>(all); };
        forEachBlock(m_game, fresh, m_chosen, fraction(m_evaluated), fraction(m_evaluated + fresh.count), task,
                     [&](std::size_t begin, std::size_t count, const std::vector<double>& block) {
                         for (std::size_t row = 0; row < m_game.rows(); ++row) {
                             for (std::size_t i = 0; i < count; ++i) {
                                 const double* source = block.data() + (row * count + i) * outputs;
                                 std::copy(source, source + outputs, m_values.data() + (row * all + places[begin + i]) * outputs);
                             }
                         }
                     });
        for (const std::size_t place : places)
            m_known[place / 2] = true;
        m_evaluated += fresh.count;
    }

    /// Of one row and output, in the design's order.
    std::vector<double> of(const LeverageDesign& design, std::size_t row, std::size_t output) const
    {
        std::vector<double> y(design.coalitions.count);
        for (std::size_t i = 0; i < y.size(); ++i) {
            const std::size_t place = 2 * design.places[i / 2] + i % 2;
            y[i] = m_values[(row * 2 * m_known.size() + place) * m_game.outputs() + output];
        }
        return y;
    }

private:
    const Game& m_game;
    const std::vector<std::size_t>& m_chosen;
    std::vector<bool> m_known;      ///< [pairs]
    std::vector<double> m_values;   ///< [rows, 2·pairs, outputs]
    std::size_t m_evaluated = 0;
};

/// One factorisation for all rows and outputs whose players vary alike. Leaving the others out of the regression is the
/// constraint φ = 0, under which the weights stay those of the whole game.
void solve(const LeverageDesign& design, const PairValues& values, const std::vector<VaryingPattern>& patterns,
           const std::vector<std::size_t>& chosen, std::size_t outputs, std::size_t players, Task& task, ShapleyValues& result)
{
    for (const VaryingPattern& pattern : patterns) {
        if (pattern.players.size() < 2)
            continue;
        std::vector<std::size_t> places;
        for (const std::size_t player : pattern.players)
            places.push_back(static_cast<std::size_t>(std::lower_bound(chosen.begin(), chosen.end(), player) - chosen.begin()));
        const ShapleyRegression regression(narrowed(design.coalitions, places), design.weights, task);
        for (const std::size_t row : pattern.rows) {
            for (std::size_t output = 0; output < outputs; ++output) {
                task.checkpoint();
                const std::size_t cell = row * outputs + output;
                const std::vector<double> y = values.of(design, row, output);
                const auto phi = regression.solve(y.data(), 1, result.base[cell], result.full[cell]);
                const auto errors = regression.errors(y.data(), 1, result.base[cell], phi, design.clusters);
                for (std::size_t j = 0; j < pattern.players.size(); ++j) {
                    result.values[cell * players + pattern.players[j]] = phi[j];
                    result.errors[cell * players + pattern.players[j]] = errors[j];
                }
            }
        }
    }
    closeGaps(result, patterns, outputs, players);
}

} // namespace

ShapleyValues leverageShap(const Game& game, std::size_t budget, std::uint64_t seed, Task& task, std::size_t resolveTop)
{
    const std::vector<VaryingPattern> patterns = varyingPatterns(game);
    const std::vector<std::size_t> chosen = varyingPlayers(patterns);
    const std::size_t k = chosen.size(), players = game.players(), outputs = game.outputs();
    if (budget == 0)
        budget = 2 * k + 2048;
    if (k < 2 || coalitionCount(k) <= budget)
        return enumeratedShapley(game, patterns, task);
    if (budget < 3 * k + 2) // half as many pairs again as unknowns: below, the regression fits noise
        throwBudgetTooSmall(budget, 3 * k + 2);

    ShapleyValues result = startValues(game, task);
    Random random(seed, "explain/leverage");
    const LeverageSampler sampler(k, (budget - 2) / 2, random);
    PairValues values(game, chosen, sampler.pairs());
    std::size_t pairs = (budget - 2) / 2;
    if (resolveTop > 0)
        pairs = std::min(pairs, std::max(3 * k, pairs / 16));
    for (;;) {
        const LeverageDesign design = sampler.design(pairs);
        values.require(design, task);
        solve(design, values, patterns, chosen, outputs, players, task, result);
        if (pairs == (budget - 2) / 2 || task.isFinishing())
            break;
        const std::vector<bool> resolved = topResolved(result, players, resolveTop);
        if (std::find(resolved.begin(), resolved.end(), false) == resolved.end())
            break;
        pairs = std::min(2 * pairs, (budget - 2) / 2);
    }
    result.evaluations = values.evaluated() + 2;
    return result;
}

} // namespace limpid
