#pragma once

#include <QPointF>

#include <span>
#include <vector>

namespace limpid {

/// What of a line can be seen: for each of `buckets` equal parts of [xMin, xMax] its first, lowest, highest and last
/// point, in their order, and one point beyond each end so that the line runs out of the picture. Points must be in ascending x.
/// Points whose y is not finite are left out. At most 4 · buckets + 2 points; every kept point is one of the given.
std::vector<QPointF> envelope(std::span<const QPointF> points, double xMin, double xMax, int buckets);

} // namespace limpid
