#include "core/explain/EffectGrid.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

void keepDistinct(std::vector<double>& sorted)
{
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
}

} // namespace

std::vector<double> presentValues(const EffectColumn& column)
{
    std::vector<double> values;
    std::copy_if(column.values.begin(), column.values.end(), std::back_inserter(values), [](double value) { return !std::isnan(value); });
    std::sort(values.begin(), values.end());
    return values;
}

std::vector<double> distinctValues(const EffectColumn& column)
{
    std::vector<double> values = presentValues(column);
    keepDistinct(values);
    return values;
}

double quantileOf(const std::vector<double>& sorted, double share)
{
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(place), sorted.size() - 1);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

std::vector<double> evenQuantiles(const std::vector<double>& sorted, std::size_t count)
{
    const std::size_t steps = count - 1;
    std::vector<double> quantiles;
    for (std::size_t k = 0; k <= steps; ++k) {
        const std::size_t rank = k * (sorted.size() - 1), below = rank / steps;
        const double share = static_cast<double>(rank % steps) / static_cast<double>(steps);
        quantiles.push_back(share > 0.0 ? sorted[below] + (sorted[below + 1] - sorted[below]) * share : sorted[below]);
    }
    keepDistinct(quantiles);
    return quantiles;
}

std::vector<double> effectGrid(const EffectColumn& column, const GridSpec& spec)
{
    const auto refuse = [](const char* name, const std::string& value, const char* expected) {
        throw Error(ErrorCode::OptionInvalid, {{"name", name}, {"value", value}, {"expected", expected}});
    };
    if (spec.points < 2)
        refuse("points", std::to_string(spec.points), ">= 2");
    if (!(spec.from >= 0.0 && spec.from < spec.to))
        refuse("from", std::to_string(spec.from), ">= 0, < to");
    if (!(spec.to <= 1.0))
        refuse("to", std::to_string(spec.to), "<= 1");
    checkEffectColumn(column);
    if (column.type == ColumnType::Category || column.type == ColumnType::Boolean)
        return distinctValues(column);

    const std::vector<double> sorted = presentValues(column);
    std::vector<double> grid = sorted;
    keepDistinct(grid);
    if (grid.size() <= spec.points)
        return grid;
    grid.clear();
    const double low = quantileOf(sorted, spec.from), high = quantileOf(sorted, spec.to);
    for (std::size_t k = 0; k < spec.points; ++k) {
        const double share = static_cast<double>(k) / static_cast<double>(spec.points - 1);
        grid.push_back(spec.quantiles ? quantileOf(sorted, spec.from + (spec.to - spec.from) * share) : low + (high - low) * share);
    }
    keepDistinct(grid);
    return grid;
}

} // namespace limpid
