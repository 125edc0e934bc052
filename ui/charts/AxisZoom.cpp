#include "ui/charts/AxisZoom.h"

#include <QKeyEvent>
#include <QWheelEvent>

namespace limpid {

namespace {
constexpr double deepest = 1e-8; ///< of everything is shown at least
constexpr double step = 0.8;     ///< of a turn of the wheel and of a key
} // namespace

bool AxisZoom::zoomBy(const AxisRange& whole, const AxisRange& now, double factor, double about)
{
    const AxisRange next{std::max(whole.min, about - (about - now.min) * factor), std::min(whole.max, about + (now.max - about) * factor)};
    if (next.span() >= whole.span() * 0.999) {
        const bool changes = m_shown.has_value();
        m_shown.reset();
        return changes;
    }
    if (next == now || !(next.span() > whole.span() * deepest))
        return false;
    m_shown = next;
    return true;
}

bool AxisZoom::panBy(const AxisRange& whole, double distance)
{
    if (!m_shown)
        return false;
    distance = std::clamp(distance, std::min(0.0, whole.min - m_shown->min), std::max(0.0, whole.max - m_shown->max));
    m_shown->min += distance;
    m_shown->max += distance;
    return distance != 0.0;
}

bool AxisZoom::panTo(const AxisRange& whole, double value)
{
    if (!m_shown || !std::isfinite(value) || m_shown->contains(value))
        return false;
    const double border = 0.05 * m_shown->span(); // so that it does not stand on the very edge
    return panBy(whole, value < m_shown->min ? value - border - m_shown->min : value + border - m_shown->max);
}

void AxisZoom::keepWithin(const AxisRange& whole)
{
    if (!m_shown)
        return;
    m_shown->min = std::max(m_shown->min, whole.min);
    m_shown->max = std::min(m_shown->max, whole.max);
    if (!(m_shown->span() > whole.span() * deepest) || m_shown->span() >= whole.span() * 0.999)
        m_shown.reset();
}

std::optional<bool> AxisZoom::pressed(const QKeyEvent& event, const AxisRange& whole, const AxisRange& now)
{
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoomBy(whole, now, step, now.min + now.span() / 2);
    case Qt::Key_Minus: return zoomBy(whole, now, 1.0 / step, now.min + now.span() / 2);
    case Qt::Key_Left: return panBy(whole, -0.1 * now.span());
    case Qt::Key_Right: return panBy(whole, 0.1 * now.span());
    case Qt::Key_0: {
        const bool changes = m_shown.has_value();
        m_shown.reset();
        return changes;
    }
    default: return std::nullopt;
    }
}

double AxisZoom::factor(const QWheelEvent& event) { return std::pow(step, event.angleDelta().y() / 120.0); }

} // namespace limpid
