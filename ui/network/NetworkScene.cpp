#include "ui/network/NetworkScene.h"

#include "ui/network/CommentItem.h"
#include "ui/network/EdgeItem.h"
#include "ui/network/NodeItem.h"
#include "ui/network/NodePorts.h"
#include "ui/network/NodeTexts.h"
#include "ui/network/ShapeTexts.h"
#include "ui/network/WireTool.h"
#include "ui/text/LayerTexts.h"
#include "ui/theme/Theme.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

namespace limpid {

namespace {

using Index = std::unordered_map<std::string_view, std::size_t>;

Index indexOf(const NetworkSpec& network)
{
    Index index;
    index.reserve(network.nodes.size());
    for (std::size_t i = 0; i < network.nodes.size(); ++i)
        index.emplace(network.nodes[i].id, i);
    return index;
}

/// The shape of a node's output where it is known.
const TensorShape* shapeOf(const NetworkAnalysis& analysis, const Index& index, std::string_view id)
{
    const auto found = index.find(id);
    if (found == index.end() || found->second >= analysis.nodes.size() || !analysis.nodes[found->second].valid)
        return nullptr;
    return &analysis.nodes[found->second].shape;
}

/// A node of one network and its analysis beside those of another: whether its face is still right.
bool sameFace(const NodeSpec& now, const NetworkAnalysis& analysis, const Index& index, const NodeSpec& before,
              const NetworkAnalysis& oldAnalysis, const Index& oldIndex)
{
    const auto same = [&](std::string_view id) {
        const TensorShape* shape = shapeOf(analysis, index, id);
        const TensorShape* old = shapeOf(oldAnalysis, oldIndex, id);
        return index.contains(id) == oldIndex.contains(id) && (shape && old ? *shape == *old : !shape && !old);
    };
    return now.type == before.type && now.params == before.params && now.inputs == before.inputs && now.shares == before.shares && same(now.id)
        && std::all_of(now.inputs.begin(), now.inputs.end(), same);
}

/// The node of the graph itself that an issue is about: of a block's inside the block.
std::string ownNodeOf(const Issue& issue)
{
    const std::string id = nodeOf(issue);
    return id.substr(0, id.find('.'));
}

/// Where windows slide over what a node gives, its two dimensions are [channels, length]; layers that keep the shape keep that.
bool slides(const NetworkSpec& network, const Index& index, std::string_view id)
{
    for (int step = 0; step < 64; ++step) {
        const auto found = index.find(id);
        if (found == index.end())
            return false;
        const NodeSpec& node = network.nodes[found->second];
        if (node.type.ends_with("1d") && !node.type.starts_with("BatchNorm"))
            return true;
        const LayerType* type = findLayer(node.type);
        const bool keeps = type && (type->group == "activation" || type->group == "normalise" || type->group == "regularise" || node.type == "Add");
        if (!keeps || node.inputs.empty())
            return false;
        id = node.inputs.front();
    }
    return false;
}

} // namespace

NetworkScene::NetworkScene(const Theme& theme, QObject* parent)
    : QGraphicsScene(parent), m_style(theme), m_wire(std::make_unique<WireTool>(*this))
{
    // A few hundred items that move together: no index is quicker than a tree that is rebuilt.
    setItemIndexMethod(NoIndex);
    connect(&theme, &Theme::changed, this, [this, &theme] {
        m_style = CanvasStyle(theme);
        for (const auto& [id, item] : m_nodes)
            item->restyle();
        update();
        emit restyled();
    });
    connect(this, &QGraphicsScene::selectionChanged, this, [this] {
        if (!m_showing)
            emit picked();
    });
}

NetworkScene::~NetworkScene()
{
    blockSignals(true); // nobody wants to hear of a selection that ends with the scene
    m_wire->end();
    qDeleteAll(m_edges); // before the nodes that they know
    m_edges.clear();
    for (const auto& [id, item] : m_nodes)
        delete item;
    m_nodes.clear();
}

void NetworkScene::setNetwork(const NetworkSpec& network, const NetworkAnalysis& analysis)
{
    m_showing = true;
    // Where only what is known of the network is new, as when its plan has come, nothing under the mouse is disturbed.
    const bool edited = network != m_network;
    if (edited) {
        cancelWire();
        highlight(nullptr);
    }
    removeStale(network);
    showFaces(network, analysis, edited);
    m_network = network;
    m_analysis = analysis;
    showEdges();
    showComments();
    setRoom();
    m_showing = false;
    emit picked();
}

void NetworkScene::setMarks(const std::map<std::string, NodeMark, std::less<>>& marks)
{
    for (const auto& [id, item] : m_nodes) {
        const auto found = marks.find(id);
        item->setMark(found == marks.end() ? NodeMark::None : found->second);
    }
}

void NetworkScene::setRoom()
{
    // To pan beyond the nodes.
    setSceneRect(contents().adjusted(-600.0, -600.0, 600.0, 600.0));
}

void NetworkScene::removeStale(const NetworkSpec& network)
{
    const Index index = indexOf(network);
    for (auto it = m_nodes.begin(); it != m_nodes.end();) {
        if (index.contains(it->first)) {
            ++it;
            continue;
        }
        std::erase_if(m_edges, [&](EdgeItem* edge) {
            if (&edge->from() != it->second && &edge->to() != it->second)
                return false;
            delete edge;
            return true;
        });
        delete it->second;
        it = m_nodes.erase(it);
    }
}

void NetworkScene::showFaces(const NetworkSpec& network, const NetworkAnalysis& analysis, bool edited)
{
    const Index index = indexOf(network), oldIndex = indexOf(m_network);
    std::vector<std::optional<Severity>> problems(network.nodes.size());
    for (const Issue& issue : analysis.issues)
        if (const auto found = index.find(ownNodeOf(issue)); found != index.end() && issue.severity != Severity::Note) {
            std::optional<Severity>& worst = problems[found->second];
            worst = std::max(worst.value_or(Severity::Note), issue.severity);
        }
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
        const NodeSpec& spec = network.nodes[i];
        NodeItem*& item = m_nodes[spec.id];
        const bool isNew = !item;
        if (isNew) {
            item = new NodeItem(spec.id, *this);
            if (m_strips)
                item->setStrip(std::make_shared<const NodeStrip>());
            addItem(item);
        }
        NodeFace face = item->face();
        const auto old = oldIndex.find(spec.id);
        if (isNew || old == oldIndex.end() || !sameFace(spec, analysis, index, m_network.nodes[old->second], m_analysis, oldIndex)) {
            const LayerType* layer = findLayer(spec.type);
            const QString telling = layer ? tellingText(spec, network, analysis) : QString();
            const QString id = QString::fromStdString(spec.id);
            face.type = QString::fromStdString(spec.type);
            face.caption = telling.isEmpty() ? id : id + " · " + telling;
            face.shape = outputText(spec, analysis);
            face.tooltip = layer ? layerTip(spec.type) : QString();
            face.inputs = layer ? layer->maxInputs : 1;
            if (face.inputs < 0)
                face.inputs = std::numeric_limits<int>::max();
            face.isInput = !face.hasInput();
            face.repeat = 0;
            if (const std::string block = edits::blockOf(spec); !block.empty()) {
                face.type = QString::fromStdString(block);
                face.repeat = edits::repeatsOf(spec);
                face.caption = id;
            }
        }
        face.ports.clear();
        for (const std::string& port : edits::portNames(network, spec)) // a block's may have changed in its inside
            face.ports << QString::fromStdString(port);
        face.isOutput = network.isOutput(spec.id);
        face.below = !face.isOutput ? QString() : m_inside ? tr("gives the block's output") : tr("prediction");
        face.problem = problems[i];
        item->setFace(face);
        if (edited)
            item->setPos(shownAt(spec.x, spec.y));
    }
}

void NetworkScene::showEdges()
{
    const Index index = indexOf(m_network);
    std::multimap<std::pair<const NodeItem*, const NodeItem*>, EdgeItem*> there; // one may feed several inputs of another
    for (EdgeItem* edge : m_edges)
        there.emplace(std::pair(&edge->from(), &edge->to()), edge);
    std::vector<EdgeItem*> edges;
    for (const NodeSpec& spec : m_network.nodes)
        for (std::size_t port = 0; port < spec.inputs.size(); ++port) {
            NodeItem* from = node(spec.inputs[port]);
            NodeItem* to = node(spec.id);
            if (!from)
                continue;
            EdgeItem* edge = nullptr;
            if (const auto known = there.find({from, to}); known != there.end()) {
                edge = known->second;
                there.erase(known);
                edge->setPort(static_cast<int>(port));
            } else {
                edge = new EdgeItem(*from, *to, static_cast<int>(port), *this);
                addItem(edge);
            }
            const TensorShape* shape = shapeOf(m_analysis, index, spec.inputs[port]);
            edge->setText(shape ? namedShapeText(*shape, shape->dims.size() == 2 && slides(m_network, index, spec.inputs[port])) : QString());
            edges.push_back(edge);
        }
    for (const auto& [ends, edge] : there)
        delete edge;
    m_edges = std::move(edges);
}

void NetworkScene::showComments()
{
    while (m_comments.size() > m_network.comments.size()) {
        delete m_comments.back();
        m_comments.pop_back();
    }
    while (m_comments.size() < m_network.comments.size()) {
        m_comments.push_back(new CommentItem(*this));
        addItem(m_comments.back());
    }
    for (std::size_t i = 0; i < m_comments.size(); ++i)
        m_comments[i]->setComment(m_network.comments[i], rowStretch());
}

// ---- room for what layers give

double NetworkScene::rowStretch() const { return m_strips ? (edits::rowPitch + NodeStrip::height) / edits::rowPitch : 1.0; }

double NetworkScene::nodeHeight() const { return edits::nodeHeight + (m_strips ? NodeStrip::height : 0.0); }

QPointF NetworkScene::shownAt(double x, double y) const { return {x, y * rowStretch()}; }

edits::Point NetworkScene::placeOf(const QPointF& shown) const
{
    return {shown.x(), m_strips ? std::round(shown.y() / rowStretch() / 2.0) * 2.0 : shown.y()};
}

void NetworkScene::setStripsShown(bool shown)
{
    if (shown == m_strips)
        return;
    emit stripsToggling();
    m_strips = shown;
    const auto empty = shown ? std::make_shared<const NodeStrip>() : nullptr;
    for (const NodeSpec& spec : m_network.nodes) {
        NodeItem* item = node(spec.id);
        item->setStrip(empty);
        item->setPos(shownAt(spec.x, spec.y));
    }
    for (EdgeItem* edge : m_edges)
        edge->follow();
    showComments();
    setRoom();
    emit stripsToggled(shown);
}

std::vector<std::size_t> NetworkScene::selectedComments() const
{
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < m_comments.size(); ++i)
        if (m_comments[i]->isSelected())
            indices.push_back(i);
    return indices;
}

void NetworkScene::selectComment(std::size_t index)
{
    const bool showing = std::exchange(m_showing, true);
    clearSelection();
    if (CommentItem* item = comment(index))
        item->setSelected(true);
    m_showing = showing;
    emit picked();
}

void NetworkScene::selectNextComment()
{
    const auto selected = selectedComments();
    if (!m_comments.empty())
        selectComment(selected.empty() ? 0 : (selected.back() + 1) % m_comments.size());
}

std::vector<std::string> NetworkScene::selectedNodes() const
{
    std::vector<const NodeSpec*> nodes;
    for (const NodeSpec& spec : m_network.nodes)
        if (const NodeItem* item = node(spec.id); item && item->isSelected())
            nodes.push_back(&spec);
    std::stable_sort(nodes.begin(), nodes.end(), [](const NodeSpec* a, const NodeSpec* b) {
        return std::pair(a->y, a->x) < std::pair(b->y, b->x);
    });
    std::vector<std::string> ids;
    for (const NodeSpec* one : nodes)
        ids.push_back(one->id);
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

void NetworkScene::selectEdge(EdgeItem* edge)
{
    const bool showing = std::exchange(m_showing, true);
    clearSelection();
    edge->setSelected(true);
    m_showing = showing;
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
    for (const CommentItem* item : m_comments)
        area |= item->sceneBoundingRect();
    return area;
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

// ---- selecting by keyboard

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

void NetworkScene::selectTowards(const QPointF& direction, bool add)
{
    const std::vector<std::string> selected = selectedNodes();
    if (selected.empty()) {
        const auto chosen = std::find_if(m_edges.begin(), m_edges.end(), [](const EdgeItem* edge) { return edge->isSelected(); });
        if (chosen == m_edges.end())
            selectNext(true);
        else if (direction.y() != 0.0)
            selectNodes({direction.y() < 0.0 ? (*chosen)->from().id() : (*chosen)->to().id()});
        else // all edges, one after another
            selectEdge(m_edges[(static_cast<std::size_t>(chosen - m_edges.begin()) + (direction.x() > 0.0 ? 1 : m_edges.size() - 1)) % m_edges.size()]);
        return;
    }
    const QPointF start = node(direction.x() + direction.y() > 0.0 ? selected.back() : selected.front())->pos();
    const NodeItem* nearest = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [id, item] : m_nodes) {
        const QPointF way = item->pos() - start;
        const double along = QPointF::dotProduct(way, direction);
        if (along <= 1.0 || (add && item->isSelected()))
            continue;
        const double across = std::abs(way.x() * direction.y() - way.y() * direction.x());
        if (along + 2.0 * across < least) {
            least = along + 2.0 * across;
            nearest = item;
        }
    }
    if (!nearest)
        return;
    std::vector<std::string> ids = add ? selected : std::vector<std::string>();
    ids.push_back(nearest->id());
    selectNodes(ids);
}

void NetworkScene::selectNextEdge()
{
    const std::vector<std::string> nodes = selectedNodes();
    if (nodes.size() == 1) {
        m_edgesOf = nodes.front();
        m_nextEdge = 0;
    } else if (!nodes.empty() || selectedEdges().empty()) {
        m_edgesOf.clear();
        m_nextEdge = 0;
    }
    std::vector<EdgeItem*> own;
    for (const bool down : {true, false})
        for (EdgeItem* one : m_edges)
            if (m_edgesOf.empty() ? down : (down ? one->from() : one->to()).id() == m_edgesOf)
                own.push_back(one);
    if (own.empty())
        return;
    selectEdge(own[m_nextEdge % own.size()]);
    ++m_nextEdge;
}

} // namespace limpid
