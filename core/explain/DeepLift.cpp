#include "core/explain/Attribution.h"

namespace limpid {

Attributions deepLift(const AttributionSetting& setting, Task& task)
{
    Attributions result = emptyAttributions(setting);
    DeepLiftContributions contributions = setting.predictor.deepLift(setting.rows, setting.background, setting.space, true, task);
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
