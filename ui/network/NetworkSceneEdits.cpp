// What NetworkScene asks for: each edit is made on a copy of the network and handed over.
#include "ui/network/EdgeItem.h"
#include "ui/network/NetworkClipboard.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NodeItem.h"
#include "ui/network/WireTool.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

#include <algorithm>

namespace limpid {

namespace {

QString named(const std::string& id) { return QString::fromStdString(id); }

} // namespace

void NetworkScene::ask(const NetworkSpec& network, const QString& text, int mergeId, std::vector<std::string> select)
{
    if (network == m_network)
        return;
    emit edited(network, text, mergeId);
    if (!select.empty())
        selectNodes(select);
}

edits::Opening NetworkScene::openingAtSelection() const
{
    using Kind = edits::Opening::Kind;
    const auto nodes = selectedNodes();
    const auto edges = selectedEdges();
    if (nodes.size() == 1)
        return {Kind::Below, nodes.front()};
    if (nodes.empty() && edges.size() == 1)
        return {Kind::Edge, edges.front().first, edges.front().second};
    return {};
}

void NetworkScene::addLayer(const std::string& type)
{
    addInto(type, openingAtSelection());
}

void NetworkScene::addInto(const std::string& type, const edits::Opening& opening, std::optional<QPointF> centre)
{
    cancelWire();
    NetworkSpec network = m_network;
    std::optional<edits::Point> at;
    if (centre)
        at = edits::Point{centre->x() - edits::nodeWidth / 2.0, centre->y() - edits::nodeHeight / 2.0};
    const std::string id = edits::addAt(network, type, opening, at);
    ask(network, tr("Add %1").arg(named(type)), -1, {id});
}

void NetworkScene::addLayerAt(const std::string& type, const QPointF& point)
{
    const LayerType* layer = findLayer(type);
    if (const EdgeItem* edge = edgeAt(point); edge && layer && layer->maxInputs != 0)
        addInto(type, {edits::Opening::Kind::Edge, edge->from().id(), edge->to().id()});
    else
        addInto(type, {}, point);
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
        text = tr("Delete %1").arg(named(nodes.front()));
    else if (nodes.empty())
        text = tr("Unwire");
    ask(network, text);
}

void NetworkScene::unwireSelection()
{
    NetworkSpec network = m_network;
    for (const auto& [from, to] : selectedEdges())
        edits::disconnect(network, from, to);
    for (const std::string& id : selectedNodes())
        network.find(id)->inputs.clear();
    ask(network, tr("Unwire"));
}

void NetworkScene::duplicateSelection()
{
    NetworkSpec network = m_network;
    const std::vector<std::string> copies = edits::duplicate(network, selectedNodes());
    ask(network, tr("Duplicate"), -1, copies);
}

void NetworkScene::copySelection() const
{
    const std::string text = edits::copied(m_network, selectedNodes());
    if (text.empty())
        return;
    auto* data = new QMimeData;
    data->setData(networkMimeType, QByteArray::fromStdString(text));
    data->setText(QString::fromStdString(text));
    QGuiApplication::clipboard()->setMimeData(data);
}

void NetworkScene::cutSelection()
{
    const auto nodes = selectedNodes();
    if (nodes.empty())
        return;
    copySelection();
    NetworkSpec network = m_network;
    edits::removeNodes(network, nodes);
    ask(network, nodes.size() == 1 ? tr("Cut %1").arg(named(nodes.front())) : tr("Cut %1 layers").arg(nodes.size()));
}

bool NetworkScene::canPaste()
{
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    return data && (data->hasFormat(networkMimeType) || (data->hasText() && edits::looksCopied(data->text().toStdString())));
}

void NetworkScene::paste(std::optional<QPointF> centre)
{
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    if (!canPaste())
        return;
    const std::string text = data->hasFormat(networkMimeType) ? data->data(networkMimeType).toStdString() : data->text().toStdString();
    NetworkSpec network = m_network;
    try {
        std::optional<edits::Point> at;
        if (centre)
            at = edits::Point{centre->x() - edits::nodeWidth / 2.0, centre->y() - edits::nodeHeight / 2.0};
        const std::vector<std::string> ids = edits::paste(network, text, at);
        ask(network, ids.size() == 1 ? tr("Paste %1").arg(named(ids.front())) : tr("Paste %1 layers").arg(ids.size()), -1, ids);
    } catch (const Error& error) {
        emit refused(error);
    }
}

void NetworkScene::rename(const std::string& from, const std::string& to)
{
    NetworkSpec network = m_network;
    if (from != to && edits::rename(network, from, to))
        ask(network, tr("Rename %1").arg(named(from)), -1, {to});
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
        NodeSpec& one = *network.find(id);
        one.x += dx;
        one.y += dy;
    }
    ask(network, tr("Move"), static_cast<int>(qHash(QStringLiteral("nudge")) & 0x7fffffff));
}

// ---- wires

bool NetworkScene::beginWire()
{
    const auto nodes = selectedNodes();
    if (nodes.size() != 1)
        return false;
    m_wireByMouse = false;
    m_wire->begin(*node(nodes.front()), true, 0);
    // The nearest one below is what is meant most often.
    if (!m_wire->step({0.0, 1.0}) && !m_wire->step({1.0, 0.0}) && !m_wire->step({-1.0, 0.0}))
        m_wire->step({0.0, -1.0});
    return true;
}

bool NetworkScene::isWiring() const { return m_wire->isActive(); }

void NetworkScene::stepWire(const QPointF& direction) { m_wire->step(direction); }

const NodeItem* NetworkScene::wireTarget() const { return m_wire->target(); }

void NetworkScene::finishWire()
{
    if (m_wire->isActive() && m_wire->target())
        connectWire();
    else
        cancelWire();
}

void NetworkScene::cancelWire() { m_wire->end(); }

void NetworkScene::connectWire()
{
    const NodeItem& from = m_wire->fromOutput() ? *m_wire->start() : *m_wire->target();
    const NodeItem& to = m_wire->fromOutput() ? *m_wire->target() : *m_wire->start();
    const std::string fromId = from.id(), toId = to.id();
    cancelWire();
    NetworkSpec network = m_network;
    edits::connect(network, fromId, toId);
    ask(network, tr("Wire %1 to %2").arg(named(fromId), named(toId)));
}

} // namespace limpid
