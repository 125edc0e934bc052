#include "ui/network/CommentItem.h"

#include "ui/network/CanvasPainter.h"
#include "ui/network/NetworkScene.h"

#include <QCursor>
#include <QGraphicsSceneHoverEvent>
#include <QGraphicsSceneMouseEvent>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr double gripSize = 16.0, snap = 2.0;

double snapped(double value) { return std::round(value / snap) * snap; }

} // namespace

CommentItem::CommentItem(NetworkScene& scene) : m_scene(scene)
{
    setFlags(ItemIsMovable | ItemIsSelectable | ItemSendsGeometryChanges);
    setAcceptHoverEvents(true);
    setZValue(-1.0);
}

void CommentItem::setComment(const CommentSpec& comment, double stretch)
{
    prepareGeometryChange();
    m_text = QString::fromStdString(comment.text);
    m_size = {comment.width, comment.height * stretch};
    setPos(comment.x, comment.y * stretch);
    update();
}

QRectF CommentItem::grip() const { return {m_size.width() - gripSize, m_size.height() - gripSize, gripSize, gripSize}; }

QRectF CommentItem::boundingRect() const { return QRectF(QPointF(), m_size).adjusted(-1.5, -1.5, 1.5, 1.5); }

void CommentItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const double scale = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    paintComment(*painter, m_text, m_size, m_scene.style(), isSelected() ? Emphasis::Selected : Emphasis::None, scale);
}

QVariant CommentItem::itemChange(GraphicsItemChange change, const QVariant& value)
{
    if (change == ItemPositionChange)
        return QPointF(snapped(value.toPointF().x()), snapped(value.toPointF().y()));
    return QGraphicsItem::itemChange(change, value);
}

void CommentItem::hoverMoveEvent(QGraphicsSceneHoverEvent* event)
{
    setCursor(grip().contains(event->pos()) ? Qt::SizeFDiagCursor : Qt::ArrowCursor);
}

void CommentItem::mousePressEvent(QGraphicsSceneMouseEvent* event)
{
    m_resizing = event->button() == Qt::LeftButton && grip().contains(event->pos());
    QGraphicsItem::mousePressEvent(event);
}

void CommentItem::mouseMoveEvent(QGraphicsSceneMouseEvent* event)
{
    if (!m_resizing) {
        QGraphicsItem::mouseMoveEvent(event);
        return;
    }
    prepareGeometryChange();
    m_size = {std::max(leastWidth, snapped(event->pos().x())), std::max(leastHeight, snapped(event->pos().y()))};
    update();
}

void CommentItem::mouseReleaseEvent(QGraphicsSceneMouseEvent* event)
{
    m_resizing = false;
    QGraphicsItem::mouseReleaseEvent(event);
}

} // namespace limpid
