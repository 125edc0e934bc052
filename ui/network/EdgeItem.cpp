#include "ui/network/EdgeItem.h"

#include "ui/network/NetworkScene.h"
#include "ui/network/NodeItem.h"
#include "ui/text/Messages.h"

#include <QCoreApplication>
#include <QPainterPathStroker>

#include <cmath>

namespace limpid {

EdgeItem::EdgeItem(NodeItem& from, NodeItem& to, int port, const NetworkScene& scene)
    : m_from(from), m_to(to), m_port(port), m_scene(scene)
{
    setFlag(ItemIsSelectable);
    setAcceptHoverEvents(true);
    m_from.attach(this);
    m_to.attach(this);
    follow();
}

EdgeItem::~EdgeItem()
{
    m_from.detach(this);
    m_to.detach(this);
}

void EdgeItem::setPort(int port)
{
    m_port = port;
    follow();
}

void EdgeItem::setText(const QString& text)
{
    if (text == m_text)
        return;
    prepareGeometryChange();
    m_text = text;
    m_bounds = {};
}

bool EdgeItem::tells() const
{
    return !m_text.isEmpty() && (m_hovered || isSelected());
}

QPointF EdgeItem::middle() const
{
    return path().pointAtPercent(0.5);
}

void EdgeItem::follow()
{
    const QPointF from = m_from.outPort(), to = m_to.inPort(m_port);
    const QPainterPath& now = path();
    if (now.elementCount() > 0 && QPointF(now.elementAt(0)) == from && now.currentPosition() == to)
        return;
    setPath(edgeRoute(from, to));
    m_bounds = {};
}

void EdgeItem::setHighlighted(bool highlighted)
{
    if (highlighted == m_highlighted)
        return;
    m_highlighted = highlighted;
    update();
}

void EdgeItem::setFlow(const std::optional<EdgeFlow>& flow)
{
    if (flow == m_flow)
        return;
    m_flow = flow;
    setToolTip(!flow                       ? QString()
               : !std::isfinite(flow->norm) ? QCoreApplication::translate("EdgeItem", "Gradient norm: not finite")
               : flow->norm == 0.0         ? QCoreApplication::translate("EdgeItem", "No gradient flows back here")
                                           : QCoreApplication::translate("EdgeItem", "Gradient norm %1").arg(numberText(flow->norm)));
    update();
}

QRectF EdgeItem::boundingRect() const
{
    if (m_bounds.isNull()) {
        // With the text, seen or not: what comes and goes needs no new geometry.
        m_bounds = path().controlPointRect().adjusted(-8.0, -8.0, 8.0, 8.0);
        if (!m_text.isEmpty())
            m_bounds |= edgeLabelRect(m_text, middle(), m_scene.style());
    }
    return m_bounds;
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
    paintEdge(*painter, path(), m_scene.style(), lit ? Emphasis::Selected : Emphasis::None, m_flow);
    if (tells())
        paintEdgeLabel(*painter, m_text, middle(), m_scene.style());
}

QVariant EdgeItem::itemChange(GraphicsItemChange change, const QVariant& value)
{
    if (change == ItemSelectedHasChanged)
        raise();
    return QGraphicsPathItem::itemChange(change, value);
}

void EdgeItem::hoverEnterEvent(QGraphicsSceneHoverEvent*)
{
    m_hovered = true;
    raise();
}

void EdgeItem::hoverLeaveEvent(QGraphicsSceneHoverEvent*)
{
    m_hovered = false;
    raise();
}

void EdgeItem::raise()
{
    setZValue(tells() ? 1.5 : 0.0); // its text above the nodes
    update();
}

} // namespace limpid
