#include "core/data/Profile.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_set>

namespace limpid {

namespace {

constexpr std::size_t maxBins = 30;
constexpr std::size_t maxTop = 20;

/// numpy.quantile's default: linear between the two nearest order statistics.
double quantile(const std::vector<double>& sorted, double q)
{
    const double position = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<HistogramBin> histogram(const std::vector<double>& sorted, std::size_t distinct)
{
    const double min = sorted.front();
    const double max = sorted.back();
    const std::size_t count = min == max ? 1 : std::min(maxBins, distinct);
    // Interpolated, so that [-1e308, 1e308] does not overflow.
    const auto edge = [&](std::size_t i) {
        return std::lerp(min, max, static_cast<double>(i) / static_cast<double>(count));
    };
    std::vector<HistogramBin> bins(count);
    for (std::size_t i = 0; i < count; ++i) {
        bins[i].from = edge(i);
        bins[i].to = edge(i + 1);
    }
    auto first = sorted.begin();
    for (std::size_t i = 0; i < count; ++i) {
        const auto last = i + 1 == count ? sorted.end() : std::lower_bound(first, sorted.end(), bins[i].to);
        bins[i].count = static_cast<std::size_t>(last - first);
        first = last;
    }
    return bins;
}

void describe(ColumnProfile& profile, std::vector<double> values)
{
    if (values.empty())
        return;
    std::sort(values.begin(), values.end());
    profile.distinct = 1;
    for (std::size_t i = 1; i < values.size(); ++i)
        profile.distinct += values[i] != values[i - 1] ? 1 : 0;
    profile.min = values.front();
    profile.max = values.back();
    const auto n = static_cast<double>(values.size());
    double mean = 0.0;
    for (const double value : values)
        mean += value / n;
    double squares = 0.0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    profile.mean = mean;
    profile.deviation = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0.0;
    profile.quartile1 = quantile(values, 0.25);
    profile.median = quantile(values, 0.5);
    profile.quartile3 = quantile(values, 0.75);
    profile.histogram = histogram(values, profile.distinct);
}

void countValues(ColumnProfile& profile, const Column& column)
{
    std::vector<std::size_t> counts(column.dictionary().size());
    std::vector<std::size_t> firstRow(counts.size(), column.rows());
    for (std::size_t row = 0; row < column.rows(); ++row) {
        const std::int32_t code = column.codes()[row];
        if (code < 0)
            continue;
        if (counts[static_cast<std::size_t>(code)]++ == 0)
            firstRow[static_cast<std::size_t>(code)] = row;
    }
    std::vector<std::size_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return counts[a] != counts[b] ? counts[a] > counts[b] : firstRow[a] < firstRow[b];
    });
    for (const std::size_t code : order) {
        if (counts[code] == 0)
            break;
        ++profile.distinct;
        if (profile.top.size() < maxTop)
            profile.top.push_back({column.dictionary()[code], counts[code]});
    }
}

} // namespace

ColumnProfile profileColumn(const Column& column)
{
    ColumnProfile profile;
    profile.name = column.name();
    profile.type = column.type();
    profile.rows = column.rows();
    profile.missing = column.missingCount();
    std::vector<double> values;
    switch (column.type()) {
    case ColumnType::Number:
    case ColumnType::DateTime:
        values.reserve(column.rows() - column.missingCount());
        for (std::size_t row = 0; row < column.rows(); ++row)
            if (!column.isMissing(row))
                values.push_back(column.type() == ColumnType::Number
                                     ? column.numbers()[row]
                                     : static_cast<double>(column.dateTimes()[row]));
        describe(profile, std::move(values));
        break;
    case ColumnType::Category:
    case ColumnType::Boolean:
        countValues(profile, column);
        break;
    case ColumnType::Text: {
        std::unordered_set<std::string_view> distinct;
        for (std::size_t row = 0; row < column.rows(); ++row)
            if (!column.isMissing(row))
                distinct.insert(column.text(row));
        profile.distinct = distinct.size();
        break;
    }
    }
    return profile;
}

std::vector<ColumnProfile> profile(const Table& table, Task& task)
{
    std::vector<ColumnProfile> profiles;
    profiles.reserve(table.columnCount());
    for (std::size_t i = 0; i < table.columnCount(); ++i) {
        task.checkpoint();
        profiles.push_back(profileColumn(table.column(i)));
        task.report(static_cast<double>(i + 1) / static_cast<double>(table.columnCount()), "profile");
    }
    return profiles;
}

} // namespace limpid
