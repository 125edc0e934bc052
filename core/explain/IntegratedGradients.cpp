#include "core/base/Quadrature.h"
#include "core/explain/Attribution.h"

namespace limpid {

Attributions integratedGradients(const AttributionSetting& setting, const Points& baseline, const Quadrature& rule, Task& task)
{
    Attributions result = emptyAttributions(setting);
    const std::vector<std::size_t>& players = setting.predictor.pointPlayers();
    const std::size_t outputs = setting.outputs(), width = players.size(), count = setting.players(), steps = rule.nodes.size();
    const double* from = baseline.row(0);
    forGradients(
        setting, setting.rows.rows * steps, BackwardRule::Gradient,
        [&](std::size_t index, double* point) {
            const double* row = setting.rows.row(index / steps);
            for (std::size_t k = 0; k < width; ++k)
                point[k] = from[k] + rule.nodes[index % steps] * (row[k] - from[k]);
        },
        [&](std::size_t index, const double*, const double* gradients) {
            const double* row = setting.rows.row(index / steps);
            for (std::size_t output = 0; output < outputs; ++output) {
                double* values = result.values.data() + (index / steps * outputs + output) * count;
                for (std::size_t k = 0; k < width; ++k)
                    values[players[k]] += rule.weights[index % steps] * (row[k] - from[k]) * gradients[output * width + k];
            }
        },
        task);
    result.base = setting.predictor.outputsAt(baseline, setting.space, task);
    result.predictions = setting.predictor.outputsAt(setting.rows, setting.space, task);
    result.evaluations = steps;
    return result;
}

} // namespace limpid
