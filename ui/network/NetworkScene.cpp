#include "ui/network/NetworkScene.h"

#include "ui/network/EdgeItem.h"
#include "ui/network/NodeItem.h"
#include "ui/network/NodeTexts.h"
#include "ui/text/LayerTexts.h"
#include "ui/theme/Theme.h"

#include <QGraphicsSceneDragDropEvent>
#include <QGraphicsSceneMouseEvent>
#include <QGraphicsView>
#include <QMimeData>
#include <QPen>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace limpid {

/// A wire on its way from a port to wherever the mouse is.
struct NetworkScene::Wire {
    NodeItem* start = nullptr;
    bool fromOutput = true;
    NodeItem* target = nullptr;
    QGraphicsPathItem* line = nullptr;
};

NetworkScene::NetworkScene(const Theme& theme, QObject* parent) : QGraphicsScene(parent), m_theme(theme)
{
    // A few hundred items that move together: no index is quicker than a tree that is rebuilt.
    setItemIndexMethod(NoIndex);
    connect(&theme, &Theme::changed, this, [this] { update(); });
    connect(this, &QGraphicsScene::selectionChanged, this, [this] {
        if (!m_showing)
            emit picked();
    });
}

NetworkScene::~NetworkScene()
{
    blockSignals(true); // nobody wants to hear of a selection that ends with the scene
}

void NetworkScene::setNetwork(const NetworkSpec& network, const NetworkAnalysis& analysis)
{
    m_showing = true;
    endWire();
    highlight(nullptr);
    m_network = network;

    for (auto it = m_nodes.begin(); it != m_nodes.end();) {
        if (network.find(it->first)) {
            ++it;
            continue;
        }
        // Its edges are rebuilt below; until then none may point at it.
        std::erase_if(m_edges, [&](EdgeItem* edge) {
            if (&edge->from() != it->second && &edge->to() != it->second)
                return false;
            delete edge;
            return true;
        });
        delete it->second;
        it = m_nodes.erase(it);
    }
    for (const NodeSpec& spec : network.nodes) {
        NodeItem*& item = m_nodes[spec.id];
        if (!item) {
            item = new NodeItem(spec.id, *this, m_theme);
            addItem(item);
        }
        const LayerType* layer = findLayer(spec.type);
        const QString telling = layer ? tellingText(spec, network, analysis) : QString();
        const QString id = QString::fromStdString(spec.id);
        NodeItem::Face face;
        face.type = QString::fromStdString(spec.type);
        face.caption = telling.isEmpty() ? id : id + " · " + telling;
        face.shape = outputText(spec, analysis);
        face.tooltip = layer ? layerHelp(spec.type) : QString();
        face.hasInput = !layer || layer->maxInputs != 0;
        face.isInput = !face.hasInput;
        face.isOutput = network.isOutput(spec.id);
        for (const Issue& issue : analysis.issues)
            if (nodeOf(issue) == spec.id && issue.severity != Severity::Note)
                face.problem = std::max(face.problem.value_or(Severity::Note), issue.severity);
        item->setFace(face);
        item->setPos(spec.x, spec.y);
    }
    rebuildEdges();
    // Room to pan beyond the nodes.
    setSceneRect(contents().adjusted(-600.0, -600.0, 600.0, 600.0));
    m_showing = false;
    emit picked();
}

void NetworkScene::rebuildEdges()
{
    const auto selected = selectedEdges();
    qDeleteAll(m_edges);
    m_edges.clear();
    for (const NodeSpec& spec : m_network.nodes)
        for (const std::string& input : spec.inputs) {
            NodeItem* from = node(input);
            if (!from)
                continue;
            auto* edge = new EdgeItem(*from, *m_nodes.at(spec.id), m_theme);
            addItem(edge);
            m_edges.push_back(edge);
            if (std::find(selected.begin(), selected.end(), std::pair(input, spec.id)) != selected.end())
                edge->setSelected(true);
        }
}

std::vector<std::string> NetworkScene::selectedNodes() const
{
    std::vector<std::string> ids;
    for (const std::string& id : edits::readingOrder(m_network))
        if (const NodeItem* item = node(id); item && item->isSelected())
            ids.push_back(id);
    return ids;
}

std::vector<std::pair<std::string, std::string>> NetworkScene::selectedEdges() const
{
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const EdgeItem* edge : m_edges)
        if (edge->isSelected())
            pairs.emplace_back(edge->from().id(), edge->to().id());
    return pairs;
}

void NetworkScene::selectNodes(const std::vector<std::string>& ids)
{
    const bool showing = std::exchange(m_showing, true); // one change, not one for each node
    clearSelection();
    for (const std::string& id : ids)
        if (NodeItem* item = node(id))
            item->setSelected(true);
    m_showing = showing;
    if (!m_showing)
        emit picked();
}

NodeItem* NetworkScene::node(std::string_view id) const
{
    const auto found = m_nodes.find(id);
    return found == m_nodes.end() ? nullptr : found->second;
}

EdgeItem* NetworkScene::edge(std::string_view from, std::string_view to) const
{
    for (EdgeItem* edge : m_edges)
        if (edge->from().id() == from && edge->to().id() == to)
            return edge;
    return nullptr;
}

QRectF NetworkScene::contents() const
{
    QRectF area;
    for (const auto& [id, item] : m_nodes)
        area |= item->sceneBoundingRect();
    return area;
}

void NetworkScene::ask(const NetworkSpec& network, const QString& text, int mergeId, std::vector<std::string> select)
{
    if (network == m_network)
        return;
    emit edited(network, text, mergeId);
    if (!select.empty())
        selectNodes(select);
}

void NetworkScene::addLayer(const std::string& type)
{
    NetworkSpec network = m_network;
    const auto nodes = selectedNodes();
    const auto edges = selectedEdges();
    std::string id;
    if (nodes.size() == 1)
        id = edits::appendAfter(network, type, nodes.front());
    else if (nodes.empty() && edges.size() == 1)
        id = edits::insertOnEdge(network, type, edges.front().first, edges.front().second);
    else {
        double bottom = 0.0, left = 0.0;
        for (const NodeSpec& one : m_network.nodes)
            if (one.y + edits::rowPitch > bottom) {
                bottom = one.y + edits::rowPitch;
                left = one.x;
            }
        id = edits::addNode(network, type, {left, bottom});
    }
    ask(network, tr("Add %1").arg(QString::fromStdString(type)), -1, {id});
}

void NetworkScene::addLayerAt(const std::string& type, const QPointF& point)
{
    NetworkSpec network = m_network;
    std::string id;
    const LayerType* layer = findLayer(type);
    if (EdgeItem* edge = edgeAt(point); edge && layer && layer->maxInputs != 0)
        id = edits::insertOnEdge(network, type, edge->from().id(), edge->to().id());
    else
        id = edits::addNode(network, type, {point.x() - edits::nodeWidth / 2.0, point.y() - edits::nodeHeight / 2.0});
    ask(network, tr("Add %1").arg(QString::fromStdString(type)), -1, {id});
}

void NetworkScene::deleteSelection()
{
    NetworkSpec network = m_network;
    const auto nodes = selectedNodes();
    const auto edges = selectedEdges();
    for (const auto& [from, to] : edges)
        edits::disconnect(network, from, to);
    edits::removeNodes(network, nodes);
    QString text = tr("Delete %1 layers").arg(nodes.size());
    if (nodes.size() == 1)
        text = tr("Delete %1").arg(QString::fromStdString(nodes.front()));
    else if (nodes.empty())
        text = tr("Unwire");
    ask(network, text);
}

void NetworkScene::duplicateSelection()
{
    NetworkSpec network = m_network;
    const std::vector<std::string> copies = edits::duplicate(network, selectedNodes());
    ask(network, tr("Duplicate"), -1, copies);
}

void NetworkScene::tidy()
{
    NetworkSpec network = m_network;
    edits::autoLayout(network);
    ask(network, tr("Tidy"));
}

void NetworkScene::nudge(double dx, double dy)
{
    NetworkSpec network = m_network;
    for (const std::string& id : selectedNodes()) {
        const NodeSpec* one = network.find(id);
        edits::move(network, id, {one->x + dx, one->y + dy});
    }
    ask(network, tr("Move"), static_cast<int>(qHash(QStringLiteral("nudge")) & 0x7fffffff));
}

bool NetworkScene::selectNext(bool forward)
{
    const std::vector<std::string> order = edits::readingOrder(m_network);
    const std::vector<std::string> selected = selectedNodes();
    if (order.empty())
        return false;
    if (selected.empty()) {
        selectNodes({forward ? order.front() : order.back()});
        return true;
    }
    const std::string& at = forward ? selected.back() : selected.front();
    const auto place = std::find(order.begin(), order.end(), at);
    if (forward ? place + 1 == order.end() : place == order.begin())
        return false;
    selectNodes({forward ? *(place + 1) : *(place - 1)});
    return true;
}

void NetworkScene::selectTowards(const QPointF& direction)
{
    const std::vector<std::string> selected = selectedNodes();
    if (selected.empty()) {
        selectNext(true);
        return;
    }
    const QPointF start = node(selected.front())->pos();
    const NodeItem* nearest = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [id, item] : m_nodes) {
        const QPointF way = item->pos() - start;
        const double along = QPointF::dotProduct(way, direction);
        if (along <= 1.0)
            continue;
        const double across = std::abs(way.x() * direction.y() - way.y() * direction.x());
        if (along + 2.0 * across < least) {
            least = along + 2.0 * across;
            nearest = item;
        }
    }
    if (nearest)
        selectNodes({nearest->id()});
}

void NetworkScene::nodeMoved(const NodeItem& moved)
{
    for (EdgeItem* edge : m_edges)
        if (&edge->from() == &moved || &edge->to() == &moved)
            edge->follow();
}

NodeItem* NetworkScene::nodeAt(const QPointF& point) const
{
    for (QGraphicsItem* item : items(point))
        if (auto* found = qgraphicsitem_cast<NodeItem*>(item))
            return found;
    return nullptr;
}

EdgeItem* NetworkScene::edgeAt(const QPointF& point) const
{
    for (QGraphicsItem* item : items(QRectF(point - QPointF(8.0, 8.0), QSizeF(16.0, 16.0))))
        if (auto* found = qgraphicsitem_cast<EdgeItem*>(item))
            return found;
    return nullptr;
}

// ---- mouse

void NetworkScene::mousePressEvent(QGraphicsSceneMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        NodeItem* start = nodeAt(event->scenePos());
        const NodeItem::Port port = start ? start->portAt(event->scenePos()) : NodeItem::Port::None;
        if (port != NodeItem::Port::None) {
            m_wire = std::make_unique<Wire>();
            m_wire->start = start;
            m_wire->fromOutput = port == NodeItem::Port::Out;
            m_wire->line = addPath({}, QPen(m_theme.colors().accent, 2.0, Qt::DashLine));
            m_wire->line->setZValue(2.0);
            event->accept();
            return;
        }
    }
    QGraphicsScene::mousePressEvent(event);
}

void NetworkScene::mouseMoveEvent(QGraphicsSceneMouseEvent* event)
{
    if (!m_wire) {
        QGraphicsScene::mouseMoveEvent(event);
        return;
    }
    NodeItem* over = nodeAt(event->scenePos());
    if (over) {
        const auto& from = m_wire->fromOutput ? m_wire->start->id() : over->id();
        const auto& to = m_wire->fromOutput ? over->id() : m_wire->start->id();
        if (!edits::canConnect(m_network, from, to))
            over = nullptr;
    }
    if (m_wire->target != over) {
        if (m_wire->target)
            m_wire->target->setHighlighted(false);
        m_wire->target = over;
        if (over)
            over->setHighlighted(true);
    }
    const QPointF free = event->scenePos();
    if (m_wire->fromOutput)
        m_wire->line->setPath(EdgeItem::curve(m_wire->start->outPort(), over ? over->inPort() : free));
    else
        m_wire->line->setPath(EdgeItem::curve(over ? over->outPort() : free, m_wire->start->inPort()));
    event->accept();
}

void NetworkScene::mouseReleaseEvent(QGraphicsSceneMouseEvent* event)
{
    if (m_wire) {
        NodeItem* target = m_wire->target;
        NodeItem* start = m_wire->start;
        const bool fromOutput = m_wire->fromOutput;
        endWire();
        event->accept();
        if (!target) {
            selectNodes({start->id()});
            return;
        }
        const std::string from = (fromOutput ? start : target)->id(), to = (fromOutput ? target : start)->id();
        NetworkSpec network = m_network;
        edits::connect(network, from, to);
        ask(network, tr("Wire %1 to %2").arg(QString::fromStdString(from), QString::fromStdString(to)));
        return;
    }
    QGraphicsScene::mouseReleaseEvent(event);
    NetworkSpec network = m_network;
    for (const auto& [id, item] : m_nodes)
        if (const NodeSpec* spec = network.find(id); spec && QPointF(spec->x, spec->y) != item->pos()
            && (std::abs(spec->x - item->x()) > 1.0 || std::abs(spec->y - item->y()) > 1.0))
            edits::move(network, id, {item->x(), item->y()});
    ask(network, tr("Move"));
}

void NetworkScene::endWire()
{
    if (!m_wire)
        return;
    if (m_wire->target)
        m_wire->target->setHighlighted(false);
    delete m_wire->line;
    m_wire.reset();
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
    event->setAccepted(event->mimeData()->hasFormat(layerMimeType));
}

void NetworkScene::dragMoveEvent(QGraphicsSceneDragDropEvent* event)
{
    const bool ours = event->mimeData()->hasFormat(layerMimeType);
    if (ours)
        highlight(edgeAt(event->scenePos()));
    event->setAccepted(ours);
}

void NetworkScene::dragLeaveEvent(QGraphicsSceneDragDropEvent*)
{
    highlight(nullptr);
}

void NetworkScene::dropEvent(QGraphicsSceneDragDropEvent* event)
{
    if (!event->mimeData()->hasFormat(layerMimeType))
        return;
    highlight(nullptr);
    addLayerAt(event->mimeData()->data(layerMimeType).toStdString(), event->scenePos());
    event->acceptProposedAction();
}

} // namespace limpid
