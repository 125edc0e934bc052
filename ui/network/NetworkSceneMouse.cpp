// NetworkScene under the mouse: wires, moves, and layers dragged from the palette.
#include "ui/network/CommentItem.h"
#include "ui/network/EdgeItem.h"
#include "ui/network/NetworkFiles.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NodeItem.h"
#include "ui/network/WireTool.h"

#include <QGraphicsSceneDragDropEvent>
#include <QGraphicsSceneMouseEvent>
#include <QMimeData>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {
constexpr double leastDrag = 16.0; // pixels: less is a click on a port

/// The network's file that is dragged, or "": other files are the window's.
QString networkFileOf(const QMimeData& data)
{
    const QList<QUrl> urls = data.urls();
    if (urls.size() != 1 || !urls.front().isLocalFile())
        return {};
    const QString path = urls.front().toLocalFile();
    return NetworkFiles::isNetworkFile(path) ? path : QString();
}

}

void NetworkScene::mousePressEvent(QGraphicsSceneMouseEvent* event)
{
    cancelWire();
    if (event->button() == Qt::LeftButton) {
        int index = 0;
        NodeItem* start = nodeAt(event->scenePos());
        const NodeItem::Port port = start ? start->portAt(event->scenePos(), &index) : NodeItem::Port::None;
        if (port != NodeItem::Port::None) {
            m_wireByMouse = true;
            m_pressed = event->scenePos();
            m_wire->begin(*start, port == NodeItem::Port::Out, index);
            event->accept();
            return;
        }
    }
    if (event->button() == Qt::RightButton) { // its menu is about what is under it
        if (NodeItem* over = nodeAt(event->scenePos()); over && !over->isSelected())
            selectNodes({over->id()});
        else if (EdgeItem* edge = over ? nullptr : edgeAt(event->scenePos()); edge && !edge->isSelected())
            selectEdge(edge);
        event->accept();
        return;
    }
    QGraphicsScene::mousePressEvent(event);
}

void NetworkScene::mouseMoveEvent(QGraphicsSceneMouseEvent* event)
{
    if (!m_wire->isActive() || !m_wireByMouse || !(event->buttons() & Qt::LeftButton)) {
        QGraphicsScene::mouseMoveEvent(event);
        return;
    }
    m_wire->moveTo(event->scenePos());
    event->accept();
}

void NetworkScene::mouseReleaseEvent(QGraphicsSceneMouseEvent* event)
{
    if (m_wire->isActive() && m_wireByMouse && event->button() == Qt::LeftButton) {
        event->accept();
        if (m_wire->target()) {
            connectWire();
            return;
        }
        const QPointF way = event->scenePos() - m_pressed;
        const std::string start = m_wire->start()->id();
        const edits::Opening opening = m_wire->opening();
        if (std::hypot(way.x(), way.y()) < leastDrag || nodeAt(event->scenePos())) {
            cancelWire();
            selectNodes({start});
            return;
        }
        emit layerWanted(opening, event->scenePos()); // the wire stays until the list is closed
        return;
    }
    QGraphicsScene::mouseReleaseEvent(event);
    NetworkSpec network = m_network;
    const auto moved = [this](const auto& spec, const QGraphicsItem& item) {
        const QPointF way = item.pos() - shownAt(spec.x, spec.y);
        return std::abs(way.x()) > 1.0 || std::abs(way.y()) > 1.0;
    };
    const auto take = [this](auto& spec, const QGraphicsItem& item) {
        const edits::Point place = placeOf(item.pos());
        spec.x = place.x;
        spec.y = place.y;
    };
    for (NodeSpec& spec : network.nodes)
        if (const NodeItem* item = node(spec.id); item && moved(spec, *item))
            take(spec, *item);
    for (std::size_t i = 0; i < network.comments.size(); ++i)
        if (const CommentItem* item = comment(i)) {
            CommentSpec& spec = network.comments[i];
            if (moved(spec, *item))
                take(spec, *item);
            if (spec.width != item->size().width() || std::abs(spec.height * rowStretch() - item->size().height()) > 1.0) {
                spec.width = item->size().width();
                spec.height = placeOf({0.0, item->size().height()}).y;
            }
        }
    ask(network, tr("Move"));
}

void NetworkScene::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        event->accept();
        if (const NodeItem* item = nodeAt(event->scenePos()))
            emit opened(item->id());
        else if (const CommentItem* note = commentAt(event->scenePos()))
            emit commentOpened(static_cast<std::size_t>(std::find(m_comments.begin(), m_comments.end(), note) - m_comments.begin()));
        else if (const EdgeItem* edge = edgeAt(event->scenePos()))
            emit layerWanted({edits::Opening::Kind::Edge, edge->from().id(), edge->to().id()}, event->scenePos());
        else
            emit layerWanted({}, event->scenePos());
        return;
    }
    QGraphicsScene::mouseDoubleClickEvent(event);
}

CommentItem* NetworkScene::commentAt(const QPointF& point) const
{
    for (QGraphicsItem* item : items(point))
        if (auto* found = qgraphicsitem_cast<CommentItem*>(item))
            return found;
    return nullptr;
}

// ---- drag from the palette

void NetworkScene::highlight(EdgeItem* edge)
{
    if (m_dropEdge == edge)
        return;
    if (m_dropEdge)
        m_dropEdge->setHighlighted(false);
    m_dropEdge = edge;
    if (edge)
        edge->setHighlighted(true);
}

void NetworkScene::dragEnterEvent(QGraphicsSceneDragDropEvent* event)
{
    event->setAccepted(event->mimeData()->hasFormat(layerMimeType) || !networkFileOf(*event->mimeData()).isEmpty());
}

void NetworkScene::dragMoveEvent(QGraphicsSceneDragDropEvent* event)
{
    const bool ours = event->mimeData()->hasFormat(layerMimeType);
    if (ours)
        highlight(edgeAt(event->scenePos()));
    event->setAccepted(ours || !networkFileOf(*event->mimeData()).isEmpty());
}

void NetworkScene::dragLeaveEvent(QGraphicsSceneDragDropEvent*)
{
    highlight(nullptr);
}

void NetworkScene::dropEvent(QGraphicsSceneDragDropEvent* event)
{
    if (const QString file = networkFileOf(*event->mimeData()); !file.isEmpty()) {
        event->acceptProposedAction();
        emit fileDropped(file);
        return;
    }
    if (!event->mimeData()->hasFormat(layerMimeType))
        return;
    highlight(nullptr);
    addLayerAt(event->mimeData()->data(layerMimeType).toStdString(), event->scenePos());
    event->acceptProposedAction();
}

} // namespace limpid
