// What NetworkScene asks for: each edit is made on a copy of the network and handed over.
#include "core/model/NetworkBlocks.h"
#include "ui/network/CommentItem.h"
#include "ui/network/EdgeItem.h"
#include "ui/network/NetworkClipboard.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NodeItem.h"
#include "ui/network/NodePorts.h"
#include "ui/network/WireTool.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

#include <algorithm>

namespace limpid {

namespace {

QString named(const std::string& id) { return QString::fromStdString(id); }

int mergeId(const char* what) { return static_cast<int>(qHash(QLatin1String(what)) & 0x7fffffff); }

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
        at = placeOf(*centre - QPointF(edits::nodeWidth, nodeHeight()) / 2.0);
    const std::string id = edits::addAt(network, type, opening, at);
    const bool block = type.starts_with(edits::blockPrefix);
    ask(network, tr("Add %1").arg(named(block ? type.substr(edits::blockPrefix.size()) : type)), -1, {id});
}

void NetworkScene::addLayerAt(const std::string& type, const QPointF& point)
{
    const LayerType* layer = findLayer(edits::typeOf(type));
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
    const auto comments = selectedComments();
    for (auto index = comments.rbegin(); index != comments.rend(); ++index)
        network.comments.erase(network.comments.begin() + static_cast<std::ptrdiff_t>(*index));
    QString text = tr("Delete %1 layers").arg(nodes.size());
    if (nodes.size() == 1)
        text = tr("Delete %1").arg(named(nodes.front()));
    else if (nodes.empty() && !comments.empty())
        text = tr("Delete a comment");
    else if (nodes.empty())
        text = tr("Unwire");
    clearSelection(); // comments go by their place in the list: another one must not inherit it
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
    const std::string text = edits::copied(m_network, selectedNodes(), selectedComments());
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
    const auto comments = selectedComments();
    if (nodes.empty() && comments.empty())
        return;
    copySelection();
    NetworkSpec network = m_network;
    edits::removeNodes(network, nodes);
    for (auto index = comments.rbegin(); index != comments.rend(); ++index)
        network.comments.erase(network.comments.begin() + static_cast<std::ptrdiff_t>(*index));
    clearSelection();
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
            at = placeOf(*centre - QPointF(edits::nodeWidth, nodeHeight()) / 2.0);
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
    for (const std::size_t index : selectedComments()) {
        network.comments[index].x += dx;
        network.comments[index].y += dy;
    }
    ask(network, tr("Move"), mergeId("nudge"));
}

// ---- comments and blocks

void NetworkScene::setCommentText(std::size_t index, const QString& text)
{
    NetworkSpec network = m_network;
    if (index >= network.comments.size())
        return;
    if (text.isEmpty()) {
        clearSelection();
        network.comments.erase(network.comments.begin() + static_cast<std::ptrdiff_t>(index));
        ask(network, tr("Delete a comment"));
        return;
    }
    network.comments[index].text = text.toStdString();
    ask(network, tr("Edit a comment"));
}

void NetworkScene::addComment(const QString& text, const QRectF& place)
{
    if (text.isEmpty())
        return;
    NetworkSpec network = m_network;
    const edits::Point corner = placeOf(place.topLeft());
    network.comments.push_back({text.toStdString(), corner.x, corner.y, place.width(), place.height()});
    ask(network, tr("Add a comment"));
    selectComment(m_comments.size() - 1);
}

void NetworkScene::resizeComments(double dx, double dy)
{
    NetworkSpec network = m_network;
    for (const std::size_t index : selectedComments()) {
        CommentSpec& one = network.comments[index];
        one.width = std::max(CommentItem::leastWidth, one.width + dx);
        one.height = std::max(CommentItem::leastHeight, one.height + dy);
    }
    ask(network, tr("Resize"), mergeId("resize"));
}

void NetworkScene::fold(const std::string& name)
{
    std::vector<std::string> ids = selectedNodes();
    std::erase_if(ids, [&](const std::string& id) {
        const LayerType* type = findLayer(m_network.find(id)->type);
        return type && type->maxInputs == 0;
    });
    NetworkSpec network = m_network;
    const std::string use = foldNodes(network, ids, name);
    if (use.empty()) {
        emit told(tr("These layers can't be one block: it needs layers that are wired, fed from outside, and of which one gives what the rest of the network takes."));
        return;
    }
    ask(network, tr("Fold into %1").arg(named(name)), -1, {use});
}

bool NetworkScene::canUnfold() const
{
    const auto nodes = selectedNodes();
    return nodes.size() == 1 && m_network.findBlock(edits::blockOf(*m_network.find(nodes.front())));
}

void NetworkScene::unfoldSelection()
{
    if (!canUnfold())
        return;
    NetworkSpec network = m_network;
    const std::vector<std::string> ids = unfoldBlock(network, selectedNodes().front());
    if (edits::needsLayout(network)) // parts that repeat come out on top of one another
        edits::autoLayout(network);
    ask(network, tr("Unfold"), -1, ids);
}

void NetworkScene::renameBlock(const std::string& from, const std::string& to)
{
    NetworkSpec network = m_network;
    if (from == to || network.findBlock(to))
        return;
    const auto renameUses = [&](GraphSpec& graph) {
        for (NodeSpec& node : graph.nodes)
            if (edits::blockOf(node) == from)
                node.params["block"] = to;
    };
    renameUses(network);
    for (BlockSpec& block : network.blocks) {
        renameUses(block.body);
        if (block.name == from)
            block.name = to;
    }
    ask(network, tr("Rename the block %1").arg(named(from)));
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
    const int port = m_wire->port();
    cancelWire();
    NetworkSpec network = m_network;
    edits::connectPort(network, fromId, toId, port);
    ask(network, tr("Wire %1 to %2").arg(named(fromId), named(toId)));
}

} // namespace limpid
