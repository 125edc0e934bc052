#pragma once

#include "core/data/Pipeline.h"

#include <limits>

namespace limpid {

/// Encoded rows as points with distances between them, in which every column has about the same say. Squared distances are sums:
///   numbers and dates   ((a − b) / deviation)², encoded value by encoded value, the deviation that of the reference rows
///                       (1 where they have none)
///   other columns       1 where two cells differ, else 0
///   texts               the share of their positions that differ
class RowSpace
{
public:
    /// `groups`: Pipeline::groups(). Keeps no reference.
    RowSpace(const std::vector<FeatureGroup>& groups, const Features& reference);

    /// Rows whose numbers are in units of this space; the rest as it was.
    Features scaled(Features features) const;
    /// Between row i of `a` and row k of `b`, both scaled(). May stop at anything above `enough`.
    double squaredDistance(const Features& a, std::size_t i, const Features& b, std::size_t k,
                           double enough = std::numeric_limits<double>::infinity()) const;

private:
    std::vector<float> m_scales;             ///< [numberWidth]
    std::vector<double> m_categoryWeights;   ///< [categoryWidth]: what a difference counts
};

} // namespace limpid
