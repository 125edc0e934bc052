#include "core/explain/Attribution.h"

#include <cmath>

namespace limpid {

namespace {

/// Sums term(gradient, value of the row) over the values of each column.
template<class Term>
Attributions atTheRows(const AttributionSetting& setting, BackwardRule rule, const Term& term, Task& task)
{
    Attributions result = emptyAttributions(setting);
    const std::vector<std::size_t>& players = setting.predictor.pointPlayers();
    const std::size_t outputs = setting.outputs(), width = players.size(), count = setting.players();
    forGradients(
        setting, setting.rows.rows, rule,
        [&](std::size_t index, double* point) { std::copy_n(setting.rows.row(index), width, point); },
        [&](std::size_t index, const double* predicted, const double* gradients) {
            const double* row = setting.rows.row(index);
            for (std::size_t output = 0; output < outputs; ++output) {
                const std::size_t cell = index * outputs + output;
                result.predictions[cell] = predicted[output];
                for (std::size_t k = 0; k < width; ++k)
                    result.values[cell * count + players[k]] += term(gradients[output * width + k], row[k]);
            }
        },
        task);
    result.base = meanOutputs(setting, task);
    result.evaluations = 1;
    return result;
}

} // namespace

Attributions saliency(const AttributionSetting& setting, bool isSigned, Task& task)
{
    return atTheRows(setting, BackwardRule::Gradient,
                     [isSigned](double gradient, double) { return isSigned ? gradient : std::abs(gradient); }, task);
}

Attributions inputTimesGradient(const AttributionSetting& setting, Task& task)
{
    return atTheRows(setting, BackwardRule::Gradient, [](double gradient, double value) { return gradient * value; }, task);
}

Attributions backpropagation(const AttributionSetting& setting, BackwardRule rule, Task& task)
{
    return atTheRows(setting, rule, [](double gradient, double) { return gradient; }, task);
}

} // namespace limpid
