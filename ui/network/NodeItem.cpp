#include "ui/network/NodeItem.h"

#include "ui/network/NetworkScene.h"
#include "ui/theme/Theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <cmath>

namespace limpid {

namespace {

constexpr double portRadius = 4.5, portReach = 11.0, snap = 2.0;
const QRectF body(0.0, 0.0, edits::nodeWidth, edits::nodeHeight);

} // namespace

NodeItem::NodeItem(std::string id, NetworkScene& scene, const Theme& theme)
    : m_id(std::move(id)), m_scene(scene), m_theme(theme)
{
    setFlags(ItemIsMovable | ItemIsSelectable | ItemSendsGeometryChanges);
    setZValue(1.0);
}

void NodeItem::setFace(const Face& face)
{
    if (face == m_face)
        return;
    m_face = face;
    setToolTip(face.tooltip);
    update();
}

void NodeItem::setHighlighted(bool highlighted)
{
    if (highlighted == m_highlighted)
        return;
    m_highlighted = highlighted;
    update();
}

QPointF NodeItem::inPort() const { return pos() + QPointF(body.center().x(), body.top()); }
QPointF NodeItem::outPort() const { return pos() + QPointF(body.center().x(), body.bottom()); }

NodeItem::Port NodeItem::portAt(const QPointF& scenePoint) const
{
    const auto near = [&](const QPointF& port) {
        return std::hypot(scenePoint.x() - port.x(), scenePoint.y() - port.y()) <= portReach;
    };
    if (near(outPort()))
        return Port::Out;
    return m_face.hasInput && near(inPort()) ? Port::In : Port::None;
}

QRectF NodeItem::boundingRect() const
{
    return body.adjusted(-3.0, -portReach, 3.0, portReach + 14.0);
}

QPainterPath NodeItem::shape() const
{
    QPainterPath path;
    path.setFillRule(Qt::WindingFill);
    path.addRoundedRect(body, Theme::radius, Theme::radius);
    path.addEllipse(QPointF(body.center().x(), body.bottom()), portReach, portReach);
    if (m_face.hasInput)
        path.addEllipse(QPointF(body.center().x(), body.top()), portReach, portReach);
    return path;
}

void NodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const ThemeColors& colors = m_theme.colors();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool lit = isSelected() || m_highlighted;
    painter->setPen(QPen(lit ? colors.accent : colors.line, lit ? 2.0 : 1.0));
    painter->setBrush(colors.card);
    const double inset = lit ? 0.0 : 0.5;
    painter->drawRoundedRect(body.adjusted(inset, inset, -inset, -inset), Theme::radius, Theme::radius);

    QColor bar = m_face.isInput ? colors.good : colors.accent;
    if (m_face.problem)
        bar = *m_face.problem == Severity::Error ? colors.bad : colors.warn;
    painter->setPen(Qt::NoPen);
    painter->setBrush(bar);
    painter->drawRoundedRect(QRectF(0.0, 8.0, 3.0, body.height() - 16.0), 1.5, 1.5);

    const QRectF inner = body.adjusted(14.0, 7.0, -10.0, -7.0);
    painter->setFont(m_theme.smallFont());
    const double shapeWidth = QFontMetricsF(painter->font()).horizontalAdvance(m_face.shape);
    painter->setPen(colors.faint);
    painter->drawText(QRectF(inner.left(), inner.top(), inner.width(), 19.0), Qt::AlignRight | Qt::AlignVCenter, m_face.shape);

    QFont title = m_theme.bodyFont();
    title.setWeight(QFont::DemiBold);
    painter->setFont(title);
    painter->setPen(colors.text);
    const double titleWidth = inner.width() - shapeWidth - 6.0;
    painter->drawText(QRectF(inner.left(), inner.top(), titleWidth, 19.0), Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetricsF(title).elidedText(m_face.type, Qt::ElideRight, titleWidth));

    painter->setFont(m_theme.smallFont());
    painter->setPen(colors.dim);
    const double captionWidth = inner.width() - (m_face.problem ? 16.0 : 0.0);
    painter->drawText(QRectF(inner.left(), inner.top() + 20.0, captionWidth, 18.0), Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetricsF(painter->font()).elidedText(m_face.caption, Qt::ElideRight, captionWidth));
    if (m_face.problem) { // a sign beside the colour
        const QRectF sign(inner.right() - 12.0, inner.top() + 23.0, 12.0, 12.0);
        painter->setPen(Qt::NoPen);
        painter->setBrush(bar);
        painter->drawEllipse(sign);
        QFont mark = m_theme.smallFont();
        mark.setPixelSize(9);
        mark.setWeight(QFont::Bold);
        painter->setFont(mark);
        painter->setPen(colors.card);
        painter->drawText(sign, Qt::AlignCenter, "!");
    }

    painter->setBrush(colors.card);
    painter->setPen(QPen(lit ? colors.accent : colors.faint, 1.5));
    if (m_face.hasInput)
        painter->drawEllipse(QPointF(body.center().x(), body.top()), portRadius, portRadius);
    if (m_face.isOutput)
        painter->setBrush(painter->pen().color());
    painter->drawEllipse(QPointF(body.center().x(), body.bottom()), portRadius, portRadius);
    if (m_face.isOutput) {
        painter->setFont(m_theme.smallFont());
        painter->setPen(colors.dim);
        painter->drawText(QRectF(body.left(), body.bottom() + 7.0, body.width(), 16.0), Qt::AlignCenter,
                          QCoreApplication::translate("NodeItem", "prediction"));
    }
}

QVariant NodeItem::itemChange(GraphicsItemChange change, const QVariant& value)
{
    if (change == ItemPositionChange) {
        const QPointF to = value.toPointF();
        return QPointF(std::round(to.x() / snap) * snap, std::round(to.y() / snap) * snap);
    }
    if (change == ItemPositionHasChanged)
        m_scene.nodeMoved(*this);
    return QGraphicsItem::itemChange(change, value);
}

} // namespace limpid
