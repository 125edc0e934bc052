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
/// goes by a systematic random draw.
std::vector<Stratum> allocate(std::size_t players, std::size_t pairs, Random& random)
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
    const double offset = random.uniform();
    for (Stratum& stratum : strata) {
        const double floor = std::floor(stratum.share), before = fractions;
        fractions += stratum.share - floor;
        stratum.drawn = static_cast<std::size_t>(floor + std::floor(fractions + offset) - std::floor(before + offset));
        stratum.drawn = std::min(stratum.drawn, static_cast<std::size_t>(std::min(stratum.pairs, 1e15)));
    }
    return strata;
}

class Sampler
{
public:
    Sampler(std::size_t players, Random& random) : m_players(players), m_random(random), m_order(players)
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

LeverageDesign leverageDesign(std::size_t players, std::size_t pairs, Random& random)
{
    LeverageDesign design;
    design.coalitions.players = players;
    Sampler sampler(players, random);
    const auto k = static_cast<double>(players);
    for (const Stratum& stratum : allocate(players, pairs, random)) {
        if (stratum.drawn == 0)
            continue;
        // The Shapley kernel (k−1)/(C(k,s)·s·(k−s)) of each coalition, times what each drawn pair stands for.
        const auto s = static_cast<double>(stratum.size), drawn = static_cast<double>(stratum.drawn);
        const double weight = (k - 1.0) / (s * (k - s)) * (stratum.leverage / 2.0) / drawn;
        const double variance = 1.0 - drawn / stratum.pairs;
        for (const std::string& mask : sampler.draw(stratum)) {
            const std::size_t first = design.coalitions.count;
            for (const char member : mask)
                design.coalitions.members.push_back(static_cast<std::uint8_t>(member));
            for (const char member : mask)
                design.coalitions.members.push_back(static_cast<std::uint8_t>(member ^ 1));
            design.coalitions.count += 2;
            design.weights.insert(design.weights.end(), 2, weight);
            design.clusters.push_back({first, first + 1, variance});
        }
    }
    return design;
}

ShapleyValues leverageShap(const Game& game, std::size_t budget, std::uint64_t seed, Task& task)
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
    const LeverageDesign design = leverageDesign(k, (budget - 2) / 2, random);
    const Coalitions& coalitions = design.coalitions;
    std::vector<double> values(game.rows() * coalitions.count * outputs); // [rows, coalitions, outputs]
    forEachBlock(game, coalitions, chosen, 0.0, 1.0, task,
                 [&](std::size_t begin, std::size_t count, const std::vector<double>& block) {
                     for (std::size_t row = 0; row < game.rows(); ++row) {
                         const double* source = block.data() + row * count * outputs;
                         std::copy(source, source + count * outputs,
                                   values.data() + (row * coalitions.count + begin) * outputs);
                     }
                 });

    // One factorisation for all rows and outputs whose players vary alike. Leaving the others out of the regression is
    // the constraint φ = 0, under which the weights stay those of the whole game.
    for (const VaryingPattern& pattern : patterns) {
        if (pattern.players.size() < 2)
            continue;
        std::vector<std::size_t> places;
        for (const std::size_t player : pattern.players)
            places.push_back(static_cast<std::size_t>(std::lower_bound(chosen.begin(), chosen.end(), player) - chosen.begin()));
        const ShapleyRegression regression(narrowed(coalitions, places), design.weights);
        for (const std::size_t row : pattern.rows) {
            task.checkpoint();
            for (std::size_t output = 0; output < outputs; ++output) {
                const std::size_t cell = row * outputs + output;
                const double* y = values.data() + row * coalitions.count * outputs + output;
                const auto phi = regression.solve(y, outputs, result.base[cell], result.full[cell]);
                const auto errors = regression.errors(y, outputs, result.base[cell], phi, design.clusters);
                for (std::size_t j = 0; j < pattern.players.size(); ++j) {
                    result.values[cell * players + pattern.players[j]] = phi[j];
                    result.errors[cell * players + pattern.players[j]] = errors[j];
                }
            }
        }
    }
    closeGaps(result, patterns, outputs, players);
    result.evaluations = coalitions.count + 2;
    return result;
}

} // namespace limpid
