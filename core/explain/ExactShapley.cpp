#include "core/explain/CoalitionBlocks.h"

#include <algorithm>

namespace limpid {

ShapleyValues enumeratedShapley(const Game& game, const std::vector<VaryingPattern>& patterns, Task& task)
{
    ShapleyValues result = startValues(game, task);
    const std::vector<std::size_t> chosen = varyingPlayers(patterns);
    const std::size_t k = chosen.size(), players = game.players(), outputs = game.outputs();
    if (k == 0)
        return result;

    // φ_i = Σ_S v(S)·(i ∈ S ? 1/(k·C(k−1, |S|−1)) : −1/(k·C(k−1, |S|))): Shapley (1953), gathered by coalition, so that
    // values stream past and nothing of size 2^k is kept.
    std::vector<double> inside(k + 1, 0.0), outside(k + 1, 0.0);
    for (std::size_t size = 0; size <= k; ++size) {
        if (size > 0)
            inside[size] = 1.0 / (static_cast<double>(k) * binomial(k - 1, size - 1));
        if (size < k)
            outside[size] = 1.0 / (static_cast<double>(k) * binomial(k - 1, size));
    }
    const auto add = [&](std::size_t cell, std::uint64_t mask, std::size_t size, double value) {
        double* values = result.values.data() + cell * players;
        for (std::size_t j = 0; j < k; ++j)
            values[chosen[j]] += (mask >> j & 1) ? inside[size] * value : -outside[size] * value;
    };

    const std::uint64_t last = coalitionCount(k) - 1;
    for (std::size_t cell = 0; cell < result.base.size(); ++cell) {
        add(cell, 0, 0, result.base[cell]);
        add(cell, last, k, result.full[cell]);
    }
    for (std::uint64_t begin = 1; begin < last; begin += coalitionBlock) {
        task.checkpoint();
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(coalitionBlock, last - begin));
        Coalitions block{count, players, std::vector<std::uint8_t>(count * players, 0)};
        std::vector<std::size_t> sizes(count, 0);
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t j = 0; j < k; ++j) {
                const auto in = static_cast<std::uint8_t>((begin + i) >> j & 1);
                block.members[i * players + chosen[j]] = in;
                sizes[i] += in;
            }
        }
        const std::vector<double> values = game.values(block, task);
        for (std::size_t row = 0; row < game.rows(); ++row) {
            for (std::size_t i = 0; i < count; ++i) {
                for (std::size_t output = 0; output < outputs; ++output)
                    add(row * outputs + output, begin + i, sizes[i], values[(row * count + i) * outputs + output]);
            }
        }
        task.report(static_cast<double>(begin + count) / static_cast<double>(last), "explain");
    }
    clearOthers(result, patterns, outputs, players);
    closeGaps(result, patterns, outputs, players);
    result.evaluations = last + 1;
    return result;
}

ShapleyValues exactShapley(const Game& game, Task& task)
{
    const std::vector<VaryingPattern> patterns = varyingPatterns(game);
    const std::size_t playing = varyingPlayers(patterns).size();
    if (playing > maxExactPlayers) {
        throw Error(ErrorCode::TooManyPlayers, {{"players", std::to_string(playing)},
                                                {"limit", std::to_string(maxExactPlayers)},
                                                {"method", "exact"}});
    }
    return enumeratedShapley(game, patterns, task);
}

} // namespace limpid
