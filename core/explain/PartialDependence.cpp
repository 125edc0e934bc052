#include "core/explain/PartialDependence.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

double PartialDependence::range(std::size_t output) const
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t point = 0; point < grid.size(); ++point) {
        low = std::min(low, at(point, output));
        high = std::max(high, at(point, output));
    }
    return high - low;
}

PartialDependence partialDependence(const EffectRows& model, std::size_t column, const PartialDependenceSpec& spec, Task& task,
                                    const TaskShare& share)
{
    const EffectColumn& source = model.columns()[column];
    PartialDependence result;
    result.column = column;
    result.name = source.name;
    result.type = source.type;
    result.grid = effectGrid(source, spec.grid);
    if (!source.levels.empty()) {
        for (const double level : result.grid)
            result.levels.push_back(source.levels[static_cast<std::size_t>(level)]);
    }
    const std::size_t points = result.grid.size(), outputs = model.outputs(), rows = model.rows();
    result.rows = rows;
    result.outputs = outputs;
    result.mean.assign(points * outputs, 0.0);
    result.errors.assign(points * outputs, 0.0);
    if (spec.curves)
        result.curves.resize(rows * points * outputs);

    std::vector<double> starts; // [rows, outputs]: each row at the first point
    if (spec.centred)
        starts.resize(rows * outputs);
    // Welford: mean and sum of squares about it, without keeping the curves.
    const auto use = [&](std::size_t point, std::size_t row, std::span<const double> values) {
        for (std::size_t output = 0; output < outputs; ++output) {
            double value = values[output];
            if (spec.centred) {
                double& start = starts[row * outputs + output];
                if (point == 0)
                    start = value;
                value -= start;
            }
            if (spec.curves)
                result.curves[(row * points + point) * outputs + output] = value;
            double& mean = result.mean[point * outputs + output];
            const double gap = value - mean;
            mean += gap / static_cast<double>(row + 1);
            result.errors[point * outputs + output] += gap * (value - mean);
        }
    };
    const EffectValues grid = model.prepare(column, result.grid);
    forEachSetting(model, {&grid, 1}, points, use, share, task);
    const auto n = static_cast<double>(rows);
    for (double& error : result.errors)
        error = rows > 1 ? std::sqrt(error / (n - 1.0) / n) : std::numeric_limits<double>::quiet_NaN();
    result.modelRows = points * rows;
    return result;
}

} // namespace limpid
