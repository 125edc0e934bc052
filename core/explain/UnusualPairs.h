#pragma once

#include "core/explain/ColumnScale.h"

#include <map>
#include <optional>

namespace limpid {

/// Two values of a row, each common by itself, that observed rows practically never have together.
struct UnusualPair {
    std::size_t first = 0, second = 0;   ///< columns, ascending
    std::size_t together = 0;            ///< observed rows that have both

    bool operator==(const UnusualPair&) const = default;
};

/// Tells such pairs: fewer than a twentieth of the rows that would have both were the columns independent, which must be 5 at least (with fewer,
/// none at all would be chance: e⁻⁵ = 0.7 %). Numbers and date-times count by quarters of the rows, so that a pair is of ranges. Texts are left
/// out, and so is everything where there are more than 100 columns: a picture's pixels are no such pairs.
class UnusualPairs
{
public:
    /// `scales`: [columns], of `rows`; keeps a reference to them.
    UnusualPairs(const std::vector<EffectColumn>& columns, const std::vector<std::size_t>& rows, const std::vector<ColumnScale>& scales);

    /// Whether one column's value and another's are such a pair, in either order. Counts on first use.
    std::optional<UnusualPair> pair(std::size_t a, double aValue, std::size_t b, double bValue) const;
    /// All pairs of a row that have one of the `changed` columns in them.
    std::vector<UnusualPair> of(const std::vector<double>& row, const std::vector<std::size_t>& changed) const;

private:
    std::size_t binOf(std::size_t column, double value) const;   ///< 0: missing
    const std::vector<std::size_t>& countsOf(std::size_t first, std::size_t second) const;

    const std::vector<ColumnScale>& m_scales;
    std::size_t m_rows = 0;
    std::vector<std::vector<std::size_t>> m_bins;     ///< [columns][rows]; empty where left out
    std::vector<std::vector<std::size_t>> m_alone;    ///< [columns][bins]: rows
    mutable std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> m_together; ///< [bins of the first, bins of the second]
};

} // namespace limpid
