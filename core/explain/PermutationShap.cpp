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
    std::vector<double> means(result.base.size() * k, 0.0), squares(means.size(), 0.0); // Welford's
    Random random(seed, "explain/permutation");
    std::vector<std::size_t> order(k);
    std::iota(order.begin(), order.end(), std::size_t{0});
    random.shuffle(order);
    std::vector<double> phi(k);
    std::size_t done = 0;
    const auto summarise = [&] {
        const auto n = static_cast<double>(done);
        const double factor = studentFactor(done - 1);
        // Where a player's contributions are mostly one and the same, as in votes, a few walks may see no other and claim
        // an error of 0. So a variance below the players' mean is taken part of the way to it, as if two walks were theirs.
        const double borrowed = 2.0 / (n + 2.0);
        for (const VaryingPattern& pattern : patterns) {
            const auto played = static_cast<double>(pattern.players.size());
            for (const std::size_t row : pattern.rows) {
                for (std::size_t output = 0; output < outputs; ++output) {
                    const std::size_t cell = row * outputs + output;
                    const double* square = squares.data() + cell * k;
                    const double pooled = std::accumulate(square, square + k, 0.0) / (n - 1.0) / played;
                    for (const std::size_t player : pattern.players) {
                        const auto j = static_cast<std::size_t>(std::lower_bound(chosen.begin(), chosen.end(), player) - chosen.begin());
                        const double own = square[j] / (n - 1.0);
                        result.values[cell * players + player] = means[cell * k + j];
                        result.errors[cell * players + player] = factor * std::sqrt((own + borrowed * std::max(0.0, pooled - own)) / n);
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
                    double& mean = means[cell * k + j];
                    const double difference = phi[j] - mean;
                    mean += difference / static_cast<double>(done + i + 1);
                    squares[cell * k + j] += difference * (phi[j] - mean);
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
