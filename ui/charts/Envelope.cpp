#include "ui/charts/Envelope.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace limpid {

std::vector<QPointF> envelope(std::span<const QPointF> points, double xMin, double xMax, int buckets)
{
    std::vector<QPointF> kept;
    if (points.empty() || !(xMax > xMin) || buckets < 1)
        return kept;
    const auto before = [](const QPointF& point, double x) { return point.x() < x; };
    const auto after = [](double x, const QPointF& point) { return x < point.x(); };
    auto begin = std::lower_bound(points.begin(), points.end(), xMin, before);
    const auto end = std::upper_bound(begin, points.end(), xMax, after);
    const auto finite = [](const QPointF& point) { return std::isfinite(point.y()); };
    for (auto left = begin; left != points.begin();) {
        if (finite(*--left)) {
            kept.push_back(*left);
            break;
        }
    }
    const auto bucketOf = [&](const QPointF& point) {
        return std::min(buckets - 1, static_cast<int>((point.x() - xMin) / (xMax - xMin) * buckets));
    };
    while (begin != end) {
        const int bucket = bucketOf(*begin);
        const QPointF *first = nullptr, *low = nullptr, *high = nullptr, *last = nullptr;
        for (; begin != end && bucketOf(*begin) == bucket; ++begin) {
            if (!finite(*begin))
                continue;
            const QPointF* point = &*begin;
            if (!first)
                first = low = high = point;
            if (point->y() < low->y())
                low = point;
            if (point->y() > high->y())
                high = point;
            last = point;
        }
        if (!first)
            continue;
        std::array<const QPointF*, 4> four{first, std::min(low, high), std::max(low, high), last};
        for (std::size_t i = 0; i < four.size(); ++i)
            if (i == 0 || four[i] != four[i - 1])
                kept.push_back(*four[i]);
    }
    for (auto right = end; right != points.end(); ++right) {
        if (finite(*right)) {
            kept.push_back(*right);
            break;
        }
    }
    return kept;
}

} // namespace limpid
