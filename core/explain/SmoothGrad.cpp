#include "core/base/Random.h"
#include "core/explain/Attribution.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

/// Deviations of the noise, value by value.
std::vector<double> deviations(const Points& background, double noise)
{
    std::vector<double> made(background.width);
    for (std::size_t k = 0; k < background.width; ++k) {
        double low = background.row(0)[k], high = low;
        for (std::size_t row = 1; row < background.rows; ++row) {
            low = std::min(low, background.row(row)[k]);
            high = std::max(high, background.row(row)[k]);
        }
        made[k] = noise * (high - low);
    }
    return made;
}

} // namespace

Attributions smoothGrad(const AttributionSetting& setting, std::size_t draws, double noise, std::uint64_t seed, Task& task)
{
    Attributions result = emptyAttributions(setting);
    const std::vector<std::size_t>& players = setting.predictor.pointPlayers();
    const std::size_t outputs = setting.outputs(), width = players.size(), count = setting.players();
    const std::vector<double> deviation = deviations(setting.background, noise);
    Random random(seed, "explain/smoothgrad");
    Points draw{draws, width, {}};
    for (std::size_t i = 0; i < draws; ++i) {
        for (std::size_t k = 0; k < width; ++k)
            draw.values.push_back(deviation[k] * random.normal());
    }
    std::vector<double> sums(count);
    forGradients(
        setting, setting.rows.rows * draws, BackwardRule::Gradient,
        [&](std::size_t index, double* point) {
            std::transform(draw.row(index % draws), draw.row(index % draws) + width, setting.rows.row(index / draws), point, std::plus<>());
        },
        [&](std::size_t index, const double*, const double* gradients) {
            const auto done = static_cast<double>(index % draws + 1);
            for (std::size_t output = 0; output < outputs; ++output) {
                std::fill(sums.begin(), sums.end(), 0.0);
                for (std::size_t k = 0; k < width; ++k)
                    sums[players[k]] += gradients[output * width + k];
                const std::size_t begin = (index / draws * outputs + output) * count;
                for (std::size_t player = 0; player < count; ++player) { // Welford's
                    double& mean = result.values[begin + player];
                    const double difference = sums[player] - mean;
                    mean += difference / done;
                    result.errors[begin + player] += difference * (sums[player] - mean);
                }
            }
        },
        task);
    const auto n = static_cast<double>(draws);
    for (double& error : result.errors)
        error = draws > 1 ? std::sqrt(error / (n - 1.0) / n) : 0.0;
    result.base = meanOutputs(setting, task);
    result.predictions = setting.predictor.outputsAt(setting.rows, setting.space, task);
    result.evaluations = draws;
    return result;
}

} // namespace limpid
