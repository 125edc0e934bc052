#include "core/explain/Attribution.h"
#include "core/explain/LinearShap.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

/// The one gradient of all these points, [outputs, width].
std::vector<double> commonGradient(const AttributionSetting& setting, Task& task)
{
    constexpr std::size_t enoughBackground = 64;
    const std::size_t rows = setting.rows.rows, all = rows + std::min(enoughBackground, setting.background.rows), width = setting.rows.width;
    std::vector<double> common;
    forGradients(
        setting, all, BackwardRule::Gradient,
        [&](std::size_t index, double* point) {
            std::copy_n(index < rows ? setting.rows.row(index) : setting.background.row(index - rows), width, point);
        },
        [&](std::size_t, const double*, const double* gradients) {
            if (common.empty())
                common.assign(gradients, gradients + setting.outputs() * width);
            for (std::size_t k = 0; k < common.size(); ++k) {
                if (std::abs(gradients[k] - common[k]) > 1e-9 * std::max(1.0, std::abs(common[k])))
                    throw Error(ErrorCode::OptionInvalid, {{"name", "method"}, {"value", "linear"}, {"expected", "another method, as the model is not linear"}});
            }
        },
        task);
    return common;
}

} // namespace

Attributions linearAttributions(const AttributionSetting& setting, Task& task)
{
    const std::size_t outputs = setting.outputs(), width = setting.rows.width, count = setting.players();
    LinearModel model{commonGradient(setting, task), {}};
    std::vector<double> mean(width, 0.0);
    for (std::size_t row = 0; row < setting.background.rows; ++row) {
        for (std::size_t k = 0; k < width; ++k)
            mean[k] += setting.weight(row) * setting.background.row(row)[k];
    }
    Attributions result = emptyAttributions(setting);
    result.base = meanOutputs(setting, task);
    for (std::size_t output = 0; output < outputs; ++output) {
        double there = 0.0;
        for (std::size_t k = 0; k < width; ++k)
            there += model.coefficients[output * width + k] * mean[k];
        model.intercepts.push_back(result.base[output] - there);
    }
    result.predictions = setting.predictor.outputsAt(setting.rows, setting.space, task);
    const ShapleyValues found = linearShapley(model, mean, setting.rows.values);
    const std::vector<std::size_t>& players = setting.predictor.pointPlayers();
    for (std::size_t cell = 0; cell < setting.rows.rows * outputs; ++cell) {
        for (std::size_t k = 0; k < width; ++k)
            result.values[cell * count + players[k]] += found.values[cell * width + k];
    }
    result.evaluations = 1;
    return result;
}

} // namespace limpid
