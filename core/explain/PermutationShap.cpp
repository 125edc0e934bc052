#include "core/base/Random.h"
#include "core/explain/CoalitionBlocks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

/// 97.5 % point of Student's t over that of the normal, so that ±1.96 reported errors is the t interval.
double studentFactor(std::size_t degrees)
{
    static constexpr std::array<double, 6> table = {12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818, 2.4469119};
    constexpr double z = 1.9599639845;
    if (degrees <= table.size())
        return table[degrees - 1] / z;
    // Fisher's expansion (Abramowitz & Stegun 26.7.5).
    const double z2 = z * z, n = 1.0 / static_cast<double>(degrees);
    return 1.0 + n * ((z2 + 1.0) / 4.0
                      + n * ((5.0 * z2 * z2 + 16.0 * z2 + 3.0) / 96.0
                             + n * (3.0 * z2 * z2 * z2 + 19.0 * z2 * z2 + 17.0 * z2 - 15.0) / 384.0));
}

/// The next permutation: neither of its ends was an end of the last. A player at an end has one and the same
/// contribution whatever the order of the others, so two such walks would claim an error of 0. Each permutation by itself
/// is still uniform, because the rule treats all players alike. Needs 4 players.
void shuffleAway(std::vector<std::size_t>& order, Random& random)
{
    const std::size_t first = order.front(), last = order.back();
    const auto wasEnd = [&](std::size_t player) { return player == first || player == last; };
    do
        random.shuffle(order);
    while (wasEnd(order.front()) || wasEnd(order.back()));
}

/// Coalitions of one permutation walked forward and backward: after each of the first k − 1 steps.
void appendWalks(Coalitions& coalitions, const std::vector<std::size_t>& order)
{
    for (const bool backward : {false, true}) {
        std::vector<std::uint8_t> mask(order.size(), 0);
        for (std::size_t step = 0; step + 1 < order.size(); ++step) {
            mask[order[backward ? order.size() - 1 - step : step]] = 1;
            coalitions.members.insert(coalitions.members.end(), mask.begin(), mask.end());
            ++coalitions.count;
        }
    }
}

/// Mean marginal contribution of each player over both walks; `y` [2(k−1)] with a stride.
void contributions(const std::vector<std::size_t>& order, const double* y, std::size_t stride, double base, double full,
                   std::vector<double>& phi)
{
    const std::size_t k = order.size();
    std::fill(phi.begin(), phi.end(), 0.0);
    for (const bool backward : {false, true}) {
        double before = base;
        for (std::size_t step = 0; step < k; ++step) {
            const double after = step + 1 < k ? y[((backward ? k - 1 : 0) + step) * stride] : full;
            phi[order[backward ? k - 1 - step : step]] += 0.5 * (after - before);
            before = after;
        }
    }
}

/// The variances of one row and output's contributions after `walks` pairs of walks. A player whose contributions are
/// mostly one and the same, as in votes, may have shown no other yet, and its own variance would claim an error of 0.
/// What the other players show says what may still come.
class Spread
{
public:
    /// Sums of second and fourth powers of the differences from the mean, of k players, of whom `playing` vary.
    Spread(const double* squares, const double* fourths, std::size_t k, std::size_t playing, double walks)
        : m_squares(squares), m_fourths(fourths), m_walks(walks)
    {
        const double second = std::accumulate(squares, squares + k, 0.0);
        m_mean = second / (walks - 1.0) / static_cast<double>(playing);
        m_event = second > 0.0 ? std::max(0.0, std::accumulate(fourths, fourths + k, 0.0) / second) : 0.0;
    }

    double variance(std::size_t j) const
    {
        const double square = m_squares[j], fourth = m_fourths[j], own = square / (m_walks - 1.0);
        // As if two of the walks were the players' mean: matters for a handful of walks.
        const double few = 2.0 / (m_walks + 2.0) * std::max(0.0, m_mean - own);
        // As if one walk showed an event of the size that others show, for a player whose variance comes from few walks:
        // of normal contributions all are seen (kurtosis 3), of h rare events some 3·h.
        const double seen = fourth > 0.0 ? std::min(1.0, 3.0 * square * square / (fourth * m_walks)) : 0.0;
        const double rare = (1.0 - seen) / (m_walks + 1.0) * std::max(0.0, m_event - own);
        return own + std::max(few, rare);
    }

private:
    const double* m_squares;
    const double* m_fourths;
    double m_walks;
    double m_mean = 0.0;    ///< variance, over players
    double m_event = 0.0;   ///< squared size of what makes up the variances
};

} // namespace

ShapleyValues permutationShap(const Game& game, std::size_t budget, std::uint64_t seed, Task& task, std::size_t resolveTop)
{
    const std::vector<VaryingPattern> patterns = varyingPatterns(game);
    const std::vector<std::size_t> chosen = varyingPlayers(patterns);
    const std::size_t k = chosen.size(), players = game.players(), outputs = game.outputs();
    if (budget == 0)
        budget = std::max(2 * k + 2048, 4 * k);
    if (k < 2 || coalitionCount(k) <= budget)
        return enumeratedShapley(game, patterns, task);
    const std::size_t walk = 2 * (k - 1);
    if (budget < 2 + 2 * walk) // an error needs two pairs of walks
        throwBudgetTooSmall(budget, 2 + 2 * walk);
    const std::size_t pairs = (budget - 2) / walk;

    ShapleyValues result = startValues(game, task);
    // Mean and sums of the second to fourth powers of differences from it (Pébay 2008, equations 2.1 and 2.2).
    std::vector<double> means(result.base.size() * k, 0.0), squares(means.size(), 0.0), cubes = squares, fourths = squares;
    Random random(seed, "explain/permutation");
    std::vector<std::size_t> order(k);
    std::iota(order.begin(), order.end(), std::size_t{0});
    random.shuffle(order);
    std::vector<double> phi(k);
    std::size_t done = 0;
    const auto summarise = [&] {
        const auto n = static_cast<double>(done);
        const double factor = studentFactor(done - 1);
        for (const VaryingPattern& pattern : patterns) {
            for (const std::size_t row : pattern.rows) {
                for (std::size_t output = 0; output < outputs; ++output) {
                    const std::size_t cell = row * outputs + output;
                    const Spread spread(squares.data() + cell * k, fourths.data() + cell * k, k, pattern.players.size(), n);
                    for (const std::size_t player : pattern.players) {
                        const auto j = static_cast<std::size_t>(std::lower_bound(chosen.begin(), chosen.end(), player) - chosen.begin());
                        result.values[cell * players + player] = means[cell * k + j];
                        result.errors[cell * players + player] = factor * std::sqrt(spread.variance(j) / n);
                    }
                }
            }
        }
        closeGaps(result, patterns, outputs, players);
    };
    std::size_t nextLook = resolveTop > 0 ? std::max<std::size_t>(8, pairs / 16) : pairs;
    while (done < pairs && !(task.isFinishing() && done >= 2)) {
        task.checkpoint();
        // Whole walks, about a block of coalitions at a time.
        const std::size_t count = std::min(pairs - done, std::max<std::size_t>(2, coalitionBlock / walk));
        Coalitions block{0, k, {}};
        std::vector<std::vector<std::size_t>> orders;
        for (std::size_t i = 0; i < count; ++i) {
            shuffleAway(order, random);
            orders.push_back(order);
            appendWalks(block, order);
        }
        const std::vector<double> values = game.values(widened(block, chosen, players, 0, block.count), task);
        task.checkpoint();
        for (std::size_t cell = 0; cell < result.base.size(); ++cell) {
            const std::size_t row = cell / outputs, output = cell % outputs;
            for (std::size_t i = 0; i < count; ++i) {
                const double* y = values.data() + (row * block.count + i * walk) * outputs + output;
                contributions(orders[i], y, outputs, result.base[cell], result.full[cell], phi);
                for (std::size_t j = 0; j < k; ++j) {
                    const std::size_t at = cell * k + j;
                    const auto n = static_cast<double>(done + i + 1);
                    const double difference = phi[j] - means[at], step = difference / n;
                    const double square = difference * step * (n - 1.0);
                    fourths[at] += square * step * step * (n * n - 3.0 * n + 3.0) + 6.0 * step * step * squares[at] - 4.0 * step * cubes[at];
                    cubes[at] += square * step * (n - 2.0) - 3.0 * step * squares[at];
                    squares[at] += square;
                    means[at] += step;
                }
            }
        }
        done += count;
        if (done >= nextLook && done < pairs) {
            summarise();
            nextLook = 2 * done;
            const std::vector<bool> resolved = topResolved(result, players, resolveTop);
            if (std::find(resolved.begin(), resolved.end(), false) == resolved.end())
                break;
        }
        task.report(static_cast<double>(done) / static_cast<double>(pairs), "explain");
    }

    summarise();
    result.evaluations = 2 + done * walk;
    return result;
}

} // namespace limpid
