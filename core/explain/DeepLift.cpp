#include "core/explain/Attribution.h"

#include <algorithm>

namespace limpid {

namespace {

void addWeighted(std::vector<double>& sums, const std::vector<double>& values, double weight)
{
    sums.resize(values.size(), 0.0);
    for (std::size_t i = 0; i < values.size(); ++i)
        sums[i] += weight * values[i];
}

/// The network means over references that count the same; others are taken one by one.
DeepLiftContributions meanContributions(const AttributionSetting& setting, Task& task)
{
    if (setting.weights.empty())
        return setting.predictor.deepLift(setting.rows, setting.background, setting.space, true, task);
    DeepLiftContributions sum;
    for (std::size_t i = 0; i < setting.background.rows; ++i) {
        const double* point = setting.background.row(i);
        const Points reference{1, setting.background.width, std::vector<double>(point, point + setting.background.width)};
        DeepLiftContributions own = setting.predictor.deepLift(setting.rows, reference, setting.space, true, task);
        addWeighted(sum.values, own.values, setting.weight(i));
        addWeighted(sum.base, own.base, setting.weight(i));
        sum.outputs = std::move(own.outputs);
        if (sum.ledger.empty())
            sum.ledger = own.ledger;
        for (std::size_t layer = 0; layer < own.ledger.size(); ++layer) {
            sum.ledger[layer].leak = std::max(sum.ledger[layer].leak, own.ledger[layer].leak);
            sum.ledger[layer].spread = std::max(sum.ledger[layer].spread, own.ledger[layer].spread);
        }
    }
    return sum;
}

} // namespace

Attributions deepLift(const AttributionSetting& setting, Task& task)
{
    Attributions result = emptyAttributions(setting);
    DeepLiftContributions contributions = meanContributions(setting, task);
    const std::vector<std::size_t>& players = setting.predictor.pointPlayers();
    const std::size_t width = players.size(), count = setting.players();
    for (std::size_t cell = 0; cell < result.predictions.size(); ++cell) {
        for (std::size_t k = 0; k < width; ++k)
            result.values[cell * count + players[k]] += contributions.values[cell * width + k];
    }
    result.base = std::move(contributions.base);
    result.predictions = std::move(contributions.outputs);
    result.ledger = std::move(contributions.ledger);
    result.evaluations = setting.background.rows;
    return result;
}

} // namespace limpid
