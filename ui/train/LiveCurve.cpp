#include "ui/train/LiveCurve.h"

namespace limpid {

LiveCurve::LiveCurve(std::shared_ptr<const LiveRun> live, int window)
    : m_live(std::move(live)), m_window(window), m_smoother(std::max(1, window))
{
    grow();
}

void LiveCurve::grow()
{
    const CurvePyramid& all = m_live->losses;
    if (m_seen == all.size())
        return;
    if (m_window > 0) {
        std::vector<CurvePoint> smooth;
        for (std::size_t block = static_cast<std::size_t>(m_seen) / CurvePyramid::blockPoints; block < all.blockCount(); ++block) {
            const CurvePyramid::Points& points = all.part(block)->points;
            smooth.clear();
            for (std::size_t i = static_cast<std::size_t>(m_seen) % CurvePyramid::blockPoints; i < points.size(); ++i, ++m_seen)
                smooth.push_back({points[i].step, points[i].seconds, m_smoother.next(points[i].value)});
            m_smooth.append(smooth);
        }
    }
    m_seen = all.size();
    if (changed)
        changed();
}

std::optional<CurvePoint> LiveCurve::nearest(CurveX x, double at)
{
    const auto near = shown().nearest(x, at);
    return near ? std::optional(near->point) : std::nullopt;
}

} // namespace limpid
