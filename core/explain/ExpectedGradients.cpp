#include "core/base/Quadrature.h"
#include "core/explain/Attribution.h"

#include <algorithm>
#include <cmath>

namespace limpid {

Attributions expectedGradients(const AttributionSetting& setting, Task& task)
{
    Attributions result = emptyAttributions(setting);
    const std::vector<std::size_t>& players = setting.predictor.pointPlayers();
    const std::size_t outputs = setting.outputs(), width = players.size(), count = setting.players();
    const NestedQuadrature& nested = gaussKronrod15();
    const std::size_t nodes = nested.rule.nodes.size(), references = setting.background.rows, perRow = nodes * references;
    std::vector<double> gap(outputs * count, 0.0); // of one line: 15 nodes less 7
    forGradients(
        setting, setting.rows.rows * perRow, BackwardRule::Gradient,
        [&](std::size_t index, double* point) {
            const double* row = setting.rows.row(index / perRow);
            const double* from = setting.background.row(index % perRow / nodes);
            for (std::size_t k = 0; k < width; ++k)
                point[k] = from[k] + nested.rule.nodes[index % nodes] * (row[k] - from[k]);
        },
        [&](std::size_t index, const double*, const double* gradients) {
            const std::size_t node = index % nodes, cell = index / perRow * outputs;
            const double* row = setting.rows.row(index / perRow);
            const double* from = setting.background.row(index % perRow / nodes);
            const double weight = setting.weight(index % perRow / nodes);
            const double fine = weight * nested.rule.weights[node], difference = fine - weight * nested.coarse[node];
            for (std::size_t output = 0; output < outputs; ++output) {
                double* values = result.values.data() + (cell + output) * count;
                for (std::size_t k = 0; k < width; ++k) {
                    const double part = (row[k] - from[k]) * gradients[output * width + k];
                    values[players[k]] += fine * part;
                    gap[output * count + players[k]] += difference * part;
                }
            }
            if (node + 1 < nodes)
                return;
            for (std::size_t i = 0; i < gap.size(); ++i)
                result.errors[cell * count + i] += gap[i] * gap[i];
            std::fill(gap.begin(), gap.end(), 0.0);
        },
        task);
    // Lines miss independently of each other, so their mean misses by this much.
    for (double& error : result.errors)
        error = std::sqrt(error);
    result.base = meanOutputs(setting, task);
    result.predictions = setting.predictor.outputsAt(setting.rows, setting.space, task);
    result.evaluations = perRow;
    return result;
}

} // namespace limpid
