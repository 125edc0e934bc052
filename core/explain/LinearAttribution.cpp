#include "core/explain/Attribution.h"
#include "core/explain/GroupedGame.h"
#include "core/explain/LinearShap.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

/// The one gradient of all these points, [outputs, width].
std::vector<double> commonGradient(const AttributionSetting& setting, const std::string& method, Task& task)
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
                    throw Error(ErrorCode::OptionInvalid, {{"name", "method"}, {"value", method}, {"expected", "another method, as the model is not linear"}});
            }
        },
        task);
    return common;
}

/// The network as a linear model of its points that gives `base` at their mean.
LinearModel linearModel(const AttributionSetting& setting, const std::string& method, const std::vector<double>& mean, const std::vector<double>& base, Task& task)
{
    LinearModel model{commonGradient(setting, method, task), base};
    for (std::size_t output = 0; output < base.size(); ++output) {
        for (std::size_t k = 0; k < mean.size(); ++k)
            model.intercepts[output] -= model.coefficients[output * mean.size() + k] * mean[k];
    }
    return model;
}

} // namespace

Attributions linearAttributions(const AttributionSetting& setting, Task& task)
{
    const std::size_t outputs = setting.outputs(), width = setting.rows.width, count = setting.players();
    const std::vector<double> mean = meanOf(setting.background.values, setting.background.rows, width, setting.weights);
    Attributions result = emptyAttributions(setting);
    result.base = meanOutputs(setting, task);
    result.predictions = setting.predictor.outputsAt(setting.rows, setting.space, task);
    const ShapleyValues found = linearShapley(linearModel(setting, "linear", mean, result.base, task), mean, setting.rows.values);
    const std::vector<std::size_t>& players = setting.predictor.pointPlayers();
    for (std::size_t cell = 0; cell < setting.rows.rows * outputs; ++cell) {
        for (std::size_t k = 0; k < width; ++k)
            result.values[cell * count + players[k]] += found.values[cell * width + k];
    }
    result.evaluations = 1;
    return result;
}

Attributions correlatedLinearAttributions(const AttributionSetting& setting, std::size_t budget, std::uint64_t seed, Task& task)
{
    const FeatureMoments moments = momentsOf(setting.background.values, setting.background.rows, setting.rows.width, setting.weights);
    Attributions result = emptyAttributions(setting);
    result.base = meanOutputs(setting, task);
    result.predictions = setting.predictor.outputsAt(setting.rows, setting.space, task);
    const LinearModel model = linearModel(setting, "linear-correlated", moments.mean, result.base, task);
    const CorrelatedLinearGame values(model, moments, setting.rows.values);
    // A column is one player, whatever it was encoded as.
    const std::vector<FeatureGroup>& columns = setting.predictor.pipeline().groups();
    std::vector<PlayerGroup> groups;
    for (const FeatureGroup& column : columns)
        groups.push_back({column.column, {}});
    const std::vector<std::size_t>& players = setting.predictor.pointPlayers();
    for (std::size_t k = 0; k < players.size(); ++k)
        groups[players[k]].players.push_back(k);
    ShapleySpec spec{"exact"};
    if (columns.size() > enumeratedColumns)
        spec = {"leverage", budget, seed};
    ShapleyValues found = shapley(GroupedGame(values, std::move(groups)), spec, task);
    result.values = std::move(found.values);
    result.errors = std::move(found.errors);
    result.evaluations = found.evaluations;
    return result;
}

} // namespace limpid
