#include "core/explain/Interactions.h"

#include "core/explain/CoalitionBlocks.h"

#include <algorithm>

namespace limpid {

namespace {

/// What v(S) counts for in an entry of the matrix, by |S| and by how many of the entry's players are in S.
struct Weights {
    /// Of a player: v(S) with it in S, without it.
    std::vector<double> inside, outside;
    /// Of half a pair: with both, one and none of them in S.
    std::vector<double> both, one, neither;
};

Weights weightsOf(std::string_view index, std::size_t k)
{
    Weights weights;
    for (auto* list : {&weights.inside, &weights.outside, &weights.both, &weights.one, &weights.neither})
        list->assign(k + 1, 0.0);
    const bool taylor = index == "shapley-taylor";
    const auto n = static_cast<double>(k);
    for (std::size_t size = 0; size <= k; ++size) {
        if (taylor) {
            weights.inside[size] = size == 1 ? 1.0 : 0.0;
            weights.outside[size] = size == 0 ? -1.0 : 0.0;
        } else {
            weights.inside[size] = size > 0 ? 1.0 / (n * binomial(k - 1, size - 1)) : 0.0;
            weights.outside[size] = size < k ? -1.0 / (n * binomial(k - 1, size)) : 0.0;
        }
    }
    for (std::size_t others = 0; others + 2 <= k; ++others) {
        const double half = taylor ? 1.0 / (n * binomial(k - 1, others)) : 0.5 / ((n - 1.0) * binomial(k - 2, others));
        weights.neither[others] = half;
        weights.one[others + 1] = -half;
        weights.both[others + 2] = half;
    }
    return weights;
}

/// Adds v(S) to the lower triangle of one row and output's matrix of the k players.
void add(std::vector<double>& matrices, std::size_t cell, std::size_t k, const Weights& weights, std::uint64_t mask,
         std::size_t size, double value)
{
    double* matrix = matrices.data() + cell * k * k;
    for (std::size_t i = 0; i < k; ++i) {
        const bool in = mask >> i & 1;
        const double* pair[2] = {(in ? weights.one : weights.neither).data(), (in ? weights.both : weights.one).data()};
        for (std::size_t j = 0; j < i; ++j)
            matrix[i * k + j] += value * pair[mask >> j & 1][size];
        matrix[i * k + i] += value * (in ? weights.inside[size] : weights.outside[size]);
    }
}

} // namespace

const std::vector<std::string>& interactionIndices()
{
    static const std::vector<std::string> indices = {"shapley-taylor", "sii", "k-sii"};
    return indices;
}

ShapleyInteractions shapleyInteractions(const Game& game, std::string_view index, Task& task)
{
    const auto& known = interactionIndices();
    if (std::find(known.begin(), known.end(), index) == known.end()) {
        throw Error(ErrorCode::OptionInvalid,
                    {{"name", "index"}, {"value", std::string(index)}, {"expected", "shapley-taylor, sii, k-sii"}});
    }
    const std::vector<VaryingPattern> patterns = varyingPatterns(game);
    const std::vector<std::size_t> chosen = varyingPlayers(patterns);
    const std::size_t k = chosen.size(), players = game.players(), outputs = game.outputs();
    if (k > maxInteractionPlayers) {
        throw Error(ErrorCode::TooManyPlayers, {{"players", std::to_string(k)},
                                                {"limit", std::to_string(maxInteractionPlayers)},
                                                {"method", std::string(index)}});
    }
    ShapleyValues ends = startValues(game, task);
    ShapleyInteractions result{std::string(index), std::move(ends.base), std::move(ends.full), {}, coalitionCount(k)};
    const std::size_t cells = result.base.size();
    result.values.assign(cells * players * players, 0.0);
    if (k == 0) {
        result.evaluations = 2;
        return result;
    }

    const Weights weights = weightsOf(index, k);
    std::vector<double> matrices(cells * k * k, 0.0);
    const std::uint64_t last = coalitionCount(k) - 1;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        add(matrices, cell, k, weights, 0, 0, result.base[cell]);
        add(matrices, cell, k, weights, last, k, result.full[cell]);
    }
    Coalitions all{static_cast<std::size_t>(last - 1), k, {}};
    std::vector<std::size_t> sizes(all.count, 0);
    for (std::size_t i = 0; i < all.count; ++i) {
        for (std::size_t j = 0; j < k; ++j) {
            all.members.push_back(static_cast<std::uint8_t>((i + 1) >> j & 1));
            sizes[i] += all.members.back();
        }
    }
    forEachBlock(game, all, chosen, 0.0, 1.0, task, [&](std::size_t begin, std::size_t count, const std::vector<double>& values) {
        for (std::size_t cell = 0; cell < cells; ++cell) {
            for (std::size_t i = 0; i < count; ++i) {
                add(matrices, cell, k, weights, begin + i + 1, sizes[begin + i],
                    values[(cell / outputs * count + i) * outputs + cell % outputs]);
            }
        }
    });

    for (const VaryingPattern& pattern : patterns) {
        for (const std::size_t row : pattern.rows) {
            for (std::size_t output = 0; output < outputs; ++output) {
                const std::size_t cell = row * outputs + output;
                const double* from = matrices.data() + cell * k * k;
                double* to = result.values.data() + cell * players * players;
                const auto placeOf = [&](std::size_t player) {
                    return static_cast<std::size_t>(std::lower_bound(chosen.begin(), chosen.end(), player) - chosen.begin());
                };
                // Of the rounding, and of the float32 noise of players that do not vary, nothing shall show in the sums.
                double gap = result.full[cell] - result.base[cell];
                for (const std::size_t a : pattern.players) {
                    const std::size_t i = placeOf(a);
                    to[a * players + a] += from[i * k + i];
                    gap -= from[i * k + i];
                    for (const std::size_t b : pattern.players) {
                        if (b >= a)
                            break;
                        const double half = from[i * k + placeOf(b)];
                        to[a * players + b] = to[b * players + a] = half;
                        if (index == "k-sii") {
                            to[a * players + a] -= half;
                            to[b * players + b] -= half;
                        } else if (index == "shapley-taylor") {
                            gap -= 2.0 * half;
                        }
                    }
                }
                for (const std::size_t a : pattern.players)
                    to[a * players + a] += gap / static_cast<double>(pattern.players.size());
            }
        }
    }
    return result;
}

} // namespace limpid
