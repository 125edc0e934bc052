#include "core/explain/ColumnScale.h"

#include "core/data/Cells.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr std::size_t fewValues = 12;
constexpr std::size_t quantileSteps = 32;
constexpr int mostDecimals = 9;
constexpr double mostOf = 0.9;        // of the rows: a few ages in months do not make years imprecise
constexpr double enoughSteps = 20.0;  // in the range, where some values lie between
constexpr double msOfDay = 86'400'000.0, msOfSecond = 1000.0;

double median(std::vector<double>& values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double deviationOf(const std::vector<double>& values)
{
    std::vector<double> copy = values;
    const double centre = median(copy);
    double sum = 0.0;
    for (double& value : copy) {
        value = std::abs(value - centre);
        sum += value;
    }
    const double middle = median(copy);
    if (middle > 0.0)
        return middle;
    return sum > 0.0 ? sum / static_cast<double>(copy.size()) : 1.0;
}

bool areMultiples(const std::vector<double>& values, double of)
{
    return std::all_of(values.begin(), values.end(), [of](double value) {
        const double times = value / of;
        return std::abs(times - std::round(times)) <= 1e-9 * std::max(1.0, std::abs(times));
    });
}

/// Sets step and decimals of numbers.
void findPrecision(const std::vector<double>& values, ColumnScale& scale)
{
    const double range = scale.most - scale.least;
    const double finest = range / 1e6; // finer is no one's precision
    for (int decimals = 0; decimals <= mostDecimals; ++decimals) {
        const double step = std::pow(10.0, -decimals);
        if (step < finest)
            break;
        // A power of ten is exact, its inverse is not: multiples are looked for by multiplying.
        const double times = std::pow(10.0, decimals);
        const auto fit = std::count_if(values.begin(), values.end(), [times](double value) {
            return std::abs(value * times - std::round(value * times)) <= 1e-9 * std::max(1.0, std::abs(value * times));
        });
        const bool most = static_cast<double>(fit) >= mostOf * static_cast<double>(values.size()) && range >= enoughSteps * step;
        if (most || fit == static_cast<std::ptrdiff_t>(values.size())) {
            scale.step = step;
            scale.decimals = decimals;
            return;
        }
    }
    scale.decimals = range > 0.0 ? std::clamp(static_cast<int>(std::ceil(std::log10(5000.0 / range))), 0, 15) : 0;
    scale.step = std::pow(10.0, -scale.decimals);
}

} // namespace

std::int64_t ColumnScale::position(double value) const
{
    if (!few.empty()) {
        const auto above = std::lower_bound(few.begin(), few.end(), value);
        if (above == few.begin())
            return 0;
        if (above == few.end() || value - *(above - 1) < *above - value)
            return above - few.begin() - 1;
        return above - few.begin();
    }
    return std::llround(type == ColumnType::Number ? value * std::pow(10.0, decimals) : value / step);
}

double ColumnScale::valueAt(std::int64_t position) const
{
    if (!few.empty())
        return few[static_cast<std::size_t>(std::clamp<std::int64_t>(position, 0, static_cast<std::int64_t>(few.size()) - 1))];
    const auto times = static_cast<double>(position);
    return type == ColumnType::Number ? times / std::pow(10.0, decimals) : times * step;
}

double ColumnScale::distance(double a, double b) const
{
    if (std::isnan(a) || std::isnan(b))
        return std::isnan(a) == std::isnan(b) ? 0.0 : 1.0;
    if (isOrdered())
        return std::abs(a - b) / deviation;
    return a == b ? 0.0 : 1.0;
}

ColumnScale scaleOf(const EffectColumn& column, std::span<const std::size_t> rows)
{
    ColumnScale scale;
    scale.type = column.type;
    std::vector<double> values;
    for (const std::size_t row : rows) {
        if (std::isnan(column.values[row]))
            scale.missing = true;
        else
            values.push_back(column.values[row]);
    }
    scale.any = !values.empty();
    if (values.empty() || column.type == ColumnType::Text)
        return scale;
    std::sort(values.begin(), values.end());
    if (scale.isOrdered()) {
        scale.least = values.front();
        scale.most = values.back();
        scale.deviation = deviationOf(values);
        if (column.type == ColumnType::Number)
            findPrecision(values, scale);
        else
            scale.step = areMultiples(values, msOfDay) ? msOfDay : areMultiples(values, msOfSecond) ? msOfSecond : 1.0;
        for (std::size_t i = 0; i <= quantileSteps; ++i)
            scale.quantiles.push_back(values[i * (values.size() - 1) / quantileSteps]);
        scale.quantiles.erase(std::unique(scale.quantiles.begin(), scale.quantiles.end()), scale.quantiles.end());
    }
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (!scale.isOrdered() || values.size() <= fewValues)
        scale.few = std::move(values);
    return scale;
}

std::string cellText(const EffectColumn& column, double value)
{
    if (std::isnan(value))
        return {};
    switch (column.type) {
    case ColumnType::Number:
        return formatNumber(value);
    case ColumnType::DateTime:
        return formatDateTime(std::llround(value));
    case ColumnType::Category:
    case ColumnType::Boolean:
        return column.levels[static_cast<std::size_t>(value)];
    case ColumnType::Text:
        break;
    }
    return {};
}

} // namespace limpid
