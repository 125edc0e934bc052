#include "core/explain/UnusualPairs.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {
constexpr std::size_t mostColumns = 100;
constexpr double leastExpected = 5.0, share = 0.05;
}

UnusualPairs::UnusualPairs(const std::vector<EffectColumn>& columns, const std::vector<std::size_t>& rows, const std::vector<ColumnScale>& scales)
    : m_scales(scales), m_rows(rows.size()), m_bins(columns.size()), m_alone(columns.size())
{
    if (columns.size() > mostColumns)
        return;
    for (std::size_t column = 0; column < columns.size(); ++column) {
        if (scales[column].type == ColumnType::Text)
            continue;
        for (const std::size_t row : rows) {
            const std::size_t bin = binOf(column, columns[column].values[row]);
            m_bins[column].push_back(bin);
            m_alone[column].resize(std::max(m_alone[column].size(), bin + 1));
            ++m_alone[column][bin];
        }
    }
}

std::size_t UnusualPairs::binOf(std::size_t column, double value) const
{
    if (std::isnan(value))
        return 0;
    const ColumnScale& scale = m_scales[column];
    if (!scale.few.empty()) {
        const auto at = std::lower_bound(scale.few.begin(), scale.few.end(), value);
        return static_cast<std::size_t>(at - scale.few.begin()) + 1;
    }
    if (!scale.isOrdered())
        return static_cast<std::size_t>(value) + 1;
    const auto at = std::upper_bound(scale.quantiles.begin(), scale.quantiles.end(), value);
    const auto below = static_cast<std::size_t>(at - scale.quantiles.begin());
    return std::min<std::size_t>(4 * below / (scale.quantiles.size() + 1), 3) + 1;
}

const std::vector<std::size_t>& UnusualPairs::countsOf(std::size_t first, std::size_t second) const
{
    std::vector<std::size_t>& counts = m_together[{first, second}];
    if (counts.empty()) {
        counts.resize(m_alone[first].size() * m_alone[second].size());
        for (std::size_t row = 0; row < m_rows; ++row)
            ++counts[m_bins[first][row] * m_alone[second].size() + m_bins[second][row]];
    }
    return counts;
}

std::optional<UnusualPair> UnusualPairs::pair(std::size_t a, double aValue, std::size_t b, double bValue) const
{
    if (a > b)
        return pair(b, bValue, a, aValue);
    if (a == b || m_bins[a].empty() || m_bins[b].empty())
        return {};
    const std::size_t aBin = binOf(a, aValue), bBin = binOf(b, bValue);
    if (aBin >= m_alone[a].size() || bBin >= m_alone[b].size())
        return {};
    const double expected = static_cast<double>(m_alone[a][aBin]) * static_cast<double>(m_alone[b][bBin]) / static_cast<double>(m_rows);
    if (expected < leastExpected)
        return {};
    const std::size_t together = countsOf(a, b)[aBin * m_alone[b].size() + bBin];
    if (static_cast<double>(together) >= share * expected)
        return {};
    return UnusualPair{a, b, together};
}

std::vector<UnusualPair> UnusualPairs::of(const std::vector<double>& row, const std::vector<std::size_t>& changed) const
{
    std::vector<UnusualPair> found;
    for (const std::size_t column : changed) {
        for (std::size_t other = 0; other < row.size(); ++other) {
            if (other < column && std::binary_search(changed.begin(), changed.end(), other))
                continue; // had from the other side
            if (const std::optional<UnusualPair> unusual = pair(column, row[column], other, row[other]))
                found.push_back(*unusual);
        }
    }
    return found;
}

} // namespace limpid
