#include "ui/network/EdgeItem.h"

#include "ui/network/NodeItem.h"
#include "ui/theme/Theme.h"

#include <QPainter>
#include <QPainterPathStroker>

#include <algorithm>
#include <cmath>

namespace limpid {

EdgeItem::EdgeItem(const NodeItem& from, const NodeItem& to, const Theme& theme)
    : m_from(from), m_to(to), m_theme(theme)
{
    setFlag(ItemIsSelectable);
    follow();
}

void EdgeItem::follow()
{
    setPath(curve(m_from.outPort(), m_to.inPort()));
}

void EdgeItem::setHighlighted(bool highlighted)
{
    if (highlighted == m_highlighted)
        return;
    m_highlighted = highlighted;
    update();
}

QPainterPath EdgeItem::curve(const QPointF& from, const QPointF& to)
{
    // Leaves and arrives upright; an edge that runs back up swings out further.
    const double rise = to.y() - from.y();
    const double bend = rise >= 0.0 ? std::max(rise / 2.0, std::min(24.0, std::abs(to.x() - from.x()))) : 40.0 - rise / 3.0;
    QPainterPath path(from);
    path.cubicTo(from + QPointF(0.0, bend), to - QPointF(0.0, bend), to);
    return path;
}

QRectF EdgeItem::boundingRect() const
{
    return QGraphicsPathItem::boundingRect().adjusted(-8.0, -8.0, 8.0, 8.0);
}

QPainterPath EdgeItem::shape() const
{
    QPainterPathStroker stroker;
    stroker.setWidth(14.0);
    return stroker.createStroke(path());
}

void EdgeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const bool lit = isSelected() || m_highlighted;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(lit ? m_theme.colors().accent : m_theme.colors().faint, lit ? 2.5 : 1.5));
    painter->drawPath(path());
}

} // namespace limpid
