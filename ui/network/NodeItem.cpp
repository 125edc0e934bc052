#include "ui/network/NodeItem.h"

#include "ui/network/EdgeItem.h"
#include "ui/network/NetworkScene.h"

#include <QGraphicsSceneHoverEvent>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr double snap = 2.0;

/// A small disc on the upper left corner with + or ~ in it: not by colour alone.
void paintMark(QPainter& painter, NodeMark mark, const CanvasStyle& style)
{
    const QRectF disc(-5.0, -5.0, 13.0, 13.0);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(style.colors.ground, 1.5));
    painter.setBrush(mark == NodeMark::Added ? style.colors.good : style.colors.accent);
    painter.drawEllipse(disc);
    QPainterPath sign;
    const QPointF centre = disc.center();
    if (mark == NodeMark::Added) {
        sign.moveTo(centre - QPointF(3.0, 0.0));
        sign.lineTo(centre + QPointF(3.0, 0.0));
        sign.moveTo(centre - QPointF(0.0, 3.0));
        sign.lineTo(centre + QPointF(0.0, 3.0));
    } else {
        sign.moveTo(centre - QPointF(3.5, -1.0));
        sign.cubicTo(centre + QPointF(-1.2, -3.6), centre + QPointF(1.2, 3.6), centre + QPointF(3.5, -1.0));
    }
    painter.setPen(QPen(style.colors.card, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(sign);
}

double distance(const QPointF& a, const QPointF& b) { return std::hypot(a.x() - b.x(), a.y() - b.y()); }

} // namespace

NodeItem::NodeItem(std::string id, NetworkScene& scene) : m_id(std::move(id)), m_scene(scene)
{
    setFlags(ItemIsMovable | ItemIsSelectable | ItemSendsGeometryChanges);
    setZValue(1.0);
}

void NodeItem::setFace(const Face& face)
{
    if (face == m_face)
        return;
    m_face = face;
    setToolTip(tip());
    setAcceptHoverEvents(!face.ports.isEmpty()); // each port has a name of its own
    restyle();
}

void NodeItem::setStrip(std::shared_ptr<const NodeStrip> strip, bool faded)
{
    if (strip == m_face.strip && faded == m_face.stripFaded)
        return;
    if (!strip != !m_face.strip)
        prepareGeometryChange();
    m_face.strip = std::move(strip);
    m_face.stripFaded = faded;
    setToolTip(tip());
    update();
}

QString NodeItem::tip() const
{
    if (!m_face.strip || m_face.strip->tooltip.isEmpty() || m_face.stripFaded)
        return m_face.tooltip;
    return m_face.tooltip.isEmpty() ? m_face.strip->tooltip : m_face.tooltip + QStringLiteral("\n\n") + m_face.strip->tooltip;
}

void NodeItem::restyle()
{
    m_fit = NodeTextFit(m_face, m_scene.style());
    update();
}

void NodeItem::setHighlighted(bool highlighted)
{
    if (highlighted == m_highlighted)
        return;
    m_highlighted = highlighted;
    update();
}

void NodeItem::setFaded(bool faded)
{
    if (faded == m_faded)
        return;
    m_faded = faded;
    update();
}

void NodeItem::setMark(NodeMark mark)
{
    if (mark == m_mark)
        return;
    m_mark = mark;
    update();
}

QPointF NodeItem::inPort(int port) const { return pos() + nodeGeometry::inPort(m_face, port); }
QPointF NodeItem::outPort() const { return pos() + nodeGeometry::outPort(m_face); }

int NodeItem::nearestInPort(const QPointF& scenePoint) const
{
    int nearest = 0;
    for (int port = 1; port < m_face.ports.size(); ++port)
        if (distance(scenePoint, inPort(port)) < distance(scenePoint, inPort(nearest)))
            nearest = port;
    return nearest;
}

NodeItem::Port NodeItem::portAt(const QPointF& scenePoint, int* index) const
{
    if (distance(scenePoint, outPort()) <= nodeGeometry::portReach)
        return Port::Out;
    if (!m_face.hasInput())
        return Port::None;
    const int port = nearestInPort(scenePoint);
    if (distance(scenePoint, inPort(port)) > nodeGeometry::portReach)
        return Port::None;
    if (index)
        *index = port;
    return Port::In;
}

int NodeItem::firstFreePort() const
{
    for (int port = 0; port < m_face.ports.size(); ++port)
        if (std::none_of(m_edges.begin(), m_edges.end(), [&](const EdgeItem* edge) { return &edge->to() == this && edge->port() == port; }))
            return port;
    return 0;
}

void NodeItem::attach(EdgeItem* edge) { m_edges.push_back(edge); }
void NodeItem::detach(EdgeItem* edge) { std::erase(m_edges, edge); }

QRectF NodeItem::boundingRect() const { return nodeGeometry::bounds(m_face).adjusted(-3.0, 0.0, 0.0, 0.0); } // the mark's room

QPainterPath NodeItem::shape() const
{
    using namespace nodeGeometry;
    QPainterPath path;
    path.setFillRule(Qt::WindingFill);
    path.addRoundedRect(body(m_face), Theme::radius, Theme::radius);
    path.addEllipse(nodeGeometry::outPort(m_face), portReach, portReach);
    for (int port = 0; m_face.hasInput() && port < std::max<int>(1, static_cast<int>(m_face.ports.size())); ++port)
        path.addEllipse(nodeGeometry::inPort(m_face, port), portReach, portReach);
    return path;
}

void NodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const double scale = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    const Emphasis emphasis = isSelected() || m_highlighted ? Emphasis::Selected : m_faded ? Emphasis::Faded : Emphasis::None;
    paintNode(*painter, m_face, m_fit, m_scene.style(), emphasis, scale);
    if (m_mark != NodeMark::None)
        paintMark(*painter, m_mark, m_scene.style());
}

QVariant NodeItem::itemChange(GraphicsItemChange change, const QVariant& value)
{
    if (change == ItemPositionChange) {
        const QPointF to = value.toPointF();
        return QPointF(std::round(to.x() / snap) * snap, std::round(to.y() / snap) * snap);
    }
    if (change == ItemPositionHasChanged)
        for (EdgeItem* edge : m_edges)
            edge->follow();
    return QGraphicsItem::itemChange(change, value);
}

void NodeItem::hoverMoveEvent(QGraphicsSceneHoverEvent* event)
{
    int port = 0;
    const bool over = portAt(event->scenePos(), &port) == Port::In;
    setToolTip(over ? m_face.ports.value(port) : tip());
    QGraphicsItem::hoverMoveEvent(event);
}

} // namespace limpid
