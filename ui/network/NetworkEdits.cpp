#include "ui/network/NetworkEdits.h"

#include "core/model/NetworkBlocks.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

namespace limpid::edits {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view item)
{
    return std::find(list.begin(), list.end(), item) != list.end();
}

bool takesMany(const NodeSpec& node)
{
    const LayerType* layer = findLayer(node.type);
    return layer && layer->maxInputs < 0;
}

int maxInputs(std::string_view type)
{
    const LayerType* layer = findLayer(type);
    return layer ? layer->maxInputs : 1;
}

/// Which nodes `from` feeds, directly or not, itself among them. In time that grows with nodes and edges.
std::vector<bool> fedBy(const NetworkSpec& network, std::string_view from)
{
    std::map<std::string_view, std::vector<std::size_t>> consumers;
    std::vector<bool> fed(network.nodes.size(), false);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
        for (const std::string& input : network.nodes[i].inputs)
            consumers[input].push_back(i);
        if (network.nodes[i].id == from) {
            fed[i] = true;
            open.push_back(i);
        }
    }
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (const std::size_t next : consumers[network.nodes[at].id])
            if (!fed[next]) {
                fed[next] = true;
                open.push_back(next);
            }
    }
    return fed;
}

/// Whether `to` can be reached from `from` along edges.
bool reaches(const NetworkSpec& network, std::string_view from, std::string_view to)
{
    const NodeSpec* target = network.find(to);
    return target && fedBy(network, from)[static_cast<std::size_t>(target - network.nodes.data())];
}

/// `type` in lower case, as ids begin with.
std::string stemOf(std::string_view type)
{
    std::string stem;
    for (const char letter : type)
        stem += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return stem;
}

void replaceInput(NodeSpec& node, std::string_view old, const std::vector<std::string>& now)
{
    // Inputs with names may have the same source.
    const LayerType* type = findLayer(node.type);
    const bool named = node.type == "Block" || (type && !type->ports.empty());
    std::vector<std::string> inputs;
    for (const std::string& input : node.inputs) {
        if (input != old) {
            if (named || !contains(inputs, input))
                inputs.push_back(input);
            continue;
        }
        for (const std::string& other : now)
            if (named || !contains(inputs, other))
                inputs.push_back(other);
    }
    node.inputs = std::move(inputs);
}

bool overlaps(const NodeSpec& node, Point at)
{
    return std::abs(node.x - at.x) < nodeWidth && std::abs(node.y - at.y) < nodeHeight;
}

/// A free place at or below `at`.
Point freePlace(const NetworkSpec& network, Point at)
{
    const auto taken = [&] {
        return std::any_of(network.nodes.begin(), network.nodes.end(), [&](const NodeSpec& node) { return overlaps(node, at); });
    };
    while (taken()) {
        at.x += 24.0;
        at.y += 24.0;
    }
    return at;
}

/// Moves everything that `id` feeds, directly or not, down by one row where the gap below `top` is too small.
void makeRoomBelow(NetworkSpec& network, std::string_view id, double top)
{
    double nearest = top + 2.0 * rowPitch;
    std::vector<NodeSpec*> below;
    const std::vector<bool> fed = fedBy(network, id);
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
        NodeSpec& node = network.nodes[i];
        if (node.id == id || !fed[i])
            continue;
        below.push_back(&node);
        nearest = std::min(nearest, node.y);
    }
    const double shift = top + 2.0 * rowPitch - nearest;
    for (NodeSpec* node : below)
        node->y += std::max(0.0, shift);
}

} // namespace

std::string addNode(NetworkSpec& network, std::string_view type, Point at)
{
    NodeSpec node;
    node.id = network.freeId(stemOf(type));
    node.type = std::string(type);
    if (const std::size_t ports = blockPorts(network); type == "BlockInput" && ports > 0)
        node.params["port"] = ports;
    const Point place = freePlace(network, at);
    node.x = place.x;
    node.y = place.y;
    network.nodes.push_back(node);
    return node.id;
}

std::string appendAfter(NetworkSpec& network, std::string_view type, std::string_view after)
{
    const NodeSpec* source = network.find(after);
    if (!source)
        return addNode(network, type, {});
    const std::string from = source->id;
    const Point at{source->x, source->y};
    if (maxInputs(type) == 0)
        return addNode(network, type, {at.x + columnPitch, at.y});

    makeRoomBelow(network, from, at.y);
    NodeSpec node;
    node.id = network.freeId(stemOf(type));
    node.type = std::string(type);
    const bool end = std::none_of(network.nodes.begin(), network.nodes.end(), [&](const NodeSpec& other) { return contains(other.inputs, from); });
    for (NodeSpec& other : network.nodes)
        replaceInput(other, from, {node.id});
    node.inputs = {from};
    std::replace(network.outputs.begin(), network.outputs.end(), std::string(from), node.id);
    if (network.outputs.empty() && end)
        network.outputs = {node.id};
    const Point place = freePlace(network, {at.x, at.y + rowPitch});
    node.x = place.x;
    node.y = place.y;
    network.nodes.push_back(node);
    return node.id;
}

std::string insertOnEdge(NetworkSpec& network, std::string_view type, std::string_view from, std::string_view to)
{
    const NodeSpec* source = network.find(from);
    const NodeSpec* target = network.find(to);
    if (!source || !target || maxInputs(type) == 0 || !contains(target->inputs, from))
        return addNode(network, type, {});
    const std::string fromId = source->id, toId = target->id;
    const double x = (source->x + target->x) / 2.0, y = source->y;
    makeRoomBelow(network, fromId, y);

    NodeSpec node;
    node.id = network.freeId(stemOf(type));
    node.type = std::string(type);
    node.inputs = {fromId};
    const Point place = freePlace(network, {x, y + rowPitch});
    node.x = place.x;
    node.y = place.y;
    replaceInput(*network.find(toId), fromId, {node.id});
    network.nodes.push_back(node);
    return node.id;
}

void removeNodes(NetworkSpec& network, const std::vector<std::string>& ids)
{
    for (const std::string& id : ids) {
        const NodeSpec* gone = network.find(id);
        if (!gone)
            continue;
        const std::vector<std::string> inputs = gone->inputs;
        std::vector<std::size_t> consumers;
        for (std::size_t i = 0; i < network.nodes.size(); ++i)
            if (contains(network.nodes[i].inputs, id))
                consumers.push_back(i);
        const bool passesOn = inputs.size() == 1
            || (consumers.size() == 1 && takesMany(network.nodes[consumers.front()]));
        for (const std::size_t consumer : consumers)
            replaceInput(network.nodes[consumer], id, passesOn ? inputs : std::vector<std::string>{});
        if (inputs.size() == 1 && !network.isOutput(inputs.front()))
            std::replace(network.outputs.begin(), network.outputs.end(), id, inputs.front());
        std::erase(network.outputs, id);
        for (NodeSpec& node : network.nodes)
            if (node.shares == id)
                node.shares.clear();
        std::erase_if(network.nodes, [&](const NodeSpec& node) { return node.id == id; });
    }
}

bool canConnect(const NetworkSpec& network, std::string_view from, std::string_view to)
{
    const NodeSpec* target = network.find(to);
    if (from == to || !target || !network.find(from))
        return false;
    return maxInputs(target->type) != 0 && !contains(target->inputs, from) && !reaches(network, to, from);
}

bool connect(NetworkSpec& network, std::string_view from, std::string_view to)
{
    if (!canConnect(network, from, to))
        return false;
    NodeSpec& target = *network.find(to);
    const int limit = maxInputs(target.type);
    while (limit > 0 && static_cast<int>(target.inputs.size()) >= limit)
        target.inputs.pop_back();
    target.inputs.emplace_back(from);
    passPrediction(network, from, to);
    return true;
}

void passPrediction(NetworkSpec& network, std::string_view from, std::string_view to)
{
    const auto fedBy = [&](std::string_view id) {
        std::vector<std::string> fed;
        for (const NodeSpec& node : network.nodes)
            if (contains(node.inputs, id))
                fed.push_back(node.id);
        return fed;
    };
    if (!network.isOutput(from) || fedBy(from).size() != 1)
        return;
    std::string end(to);
    std::size_t steps = 0;
    for (std::vector<std::string> fed = fedBy(end); !fed.empty(); fed = fedBy(end)) {
        if (fed.size() > 1 || ++steps > network.nodes.size())
            return; // which of them is meant is not plain, or it goes round
        end = fed.front();
    }
    if (network.isOutput(end))
        std::erase(network.outputs, from);
    else
        std::replace(network.outputs.begin(), network.outputs.end(), std::string(from), end);
}

bool disconnect(NetworkSpec& network, std::string_view from, std::string_view to)
{
    NodeSpec* target = network.find(to);
    return target && std::erase_if(target->inputs, [&](const std::string& input) { return input == from; }) > 0;
}

bool isId(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char letter) {
        return letter < 128 && (std::isalnum(letter) || letter == '_' || letter == '-');
    });
}

bool rename(NetworkSpec& network, std::string_view from, std::string_view to)
{
    NodeSpec* node = network.find(from);
    if (!node || !isId(to) || network.find(to))
        return false;
    const std::string old = node->id, now(to);
    node->id = now;
    for (NodeSpec& other : network.nodes) {
        std::replace(other.inputs.begin(), other.inputs.end(), old, now);
        if (other.shares == old)
            other.shares = now;
    }
    std::replace(network.outputs.begin(), network.outputs.end(), old, now);
    return true;
}

std::vector<std::string> duplicate(NetworkSpec& network, const std::vector<std::string>& ids)
{
    std::vector<std::string> copies;
    std::vector<std::pair<std::string, std::string>> names; // of the original, of the copy
    for (const std::string& id : ids) {
        const NodeSpec* node = network.find(id);
        if (!node)
            continue;
        NodeSpec copy = *node;
        // "hidden1" becomes "hidden2", not "hidden12".
        std::string stem = id;
        while (stem.size() > 1 && std::isdigit(static_cast<unsigned char>(stem.back())))
            stem.pop_back();
        copy.id = network.freeId(stem);
        copy.x += nodeWidth + 24.0;
        const Point place = freePlace(network, {copy.x, copy.y});
        copy.x = place.x;
        copy.y = place.y;
        names.emplace_back(id, copy.id);
        copies.push_back(copy.id);
        network.nodes.push_back(std::move(copy));
    }
    for (const std::string& id : copies)
        for (std::string& input : network.find(id)->inputs)
            for (const auto& [original, copy] : names)
                if (input == original) {
                    input = copy;
                    break;
                }
    return copies;
}

void setParam(NetworkSpec& network, std::string_view id, const std::string& name, const nlohmann::json& value)
{
    if (NodeSpec* node = network.find(id))
        node->params[name] = value;
}

void move(NetworkSpec& network, std::string_view id, Point to)
{
    if (NodeSpec* node = network.find(id)) {
        node->x = to.x;
        node->y = to.y;
    }
}

bool needsLayout(const NetworkSpec& network)
{
    std::set<std::pair<double, double>> places;
    return std::any_of(network.nodes.begin(), network.nodes.end(), [&](const NodeSpec& node) { return !places.emplace(node.x, node.y).second; });
}

std::vector<std::string> readingOrder(const NetworkSpec& network)
{
    std::vector<const NodeSpec*> nodes;
    for (const NodeSpec& node : network.nodes)
        nodes.push_back(&node);
    std::stable_sort(nodes.begin(), nodes.end(), [](const NodeSpec* a, const NodeSpec* b) {
        return std::pair(a->y, a->x) < std::pair(b->y, b->x);
    });
    std::vector<std::string> order;
    for (const NodeSpec* node : nodes)
        order.push_back(node->id);
    return order;
}

std::optional<Mend> mendOf(const Issue& issue, const NetworkSpec& network, const NetworkContext& context)
{
    const std::string node = issue.where.empty() ? fact(issue.facts, "node") : issue.where;
    const NodeSpec* spec = network.find(node);
    switch (issue.code) {
    case ErrorCode::NetworkOutputSize:
        if (!spec)
            return std::nullopt;
        if (spec->type == "Linear")
            return Mend{Mend::Kind::SetWidth, node, {}, context.outputs};
        return Mend{Mend::Kind::AddOutputLayer, node, {}, context.outputs};
    case ErrorCode::NetworkUnused:
    case ErrorCode::NetworkNoFeatures:
        if (!spec)
            return std::nullopt;
        return Mend{Mend::Kind::Remove, node, {}, 0};
    case ErrorCode::NetworkParam:
        if (!spec)
            return std::nullopt;
        return Mend{Mend::Kind::ResetParam, node, fact(issue.facts, "name"), 0};
    case ErrorCode::NetworkShares:
        if (!spec)
            return std::nullopt;
        return Mend{Mend::Kind::OwnWeights, node, {}, 0};
    case ErrorCode::NetworkNoOutput: {
        // Obvious only where just one wired node feeds nobody.
        std::vector<std::string> ends;
        for (const NodeSpec& one : network.nodes)
            if (!one.inputs.empty()
                && std::none_of(network.nodes.begin(), network.nodes.end(),
                                [&](const NodeSpec& other) { return contains(other.inputs, one.id); }))
                ends.push_back(one.id);
        if (ends.size() != 1)
            return std::nullopt;
        return Mend{Mend::Kind::MakeOutput, ends.front(), {}, 0};
    }
    case ErrorCode::NetworkLayerUnknown:
        if (!spec)
            return std::nullopt;
        return Mend{Mend::Kind::Remove, node, {}, 0};
    case ErrorCode::NetworkShape: {
        // An image where a row is wanted.
        const std::string found = fact(issue.facts, "found");
        if (!spec || spec->inputs.size() != 1 || fact(issue.facts, "expected") != "N×features" || found.find("×") == found.rfind("×"))
            return std::nullopt;
        return Mend{Mend::Kind::FlattenInput, node, {}, 0};
    }
    default:
        return std::nullopt;
    }
}

void apply(NetworkSpec& network, const Mend& mend)
{
    switch (mend.kind) {
    case Mend::Kind::SetWidth:
        setParam(network, mend.node, "out_features", mend.width);
        break;
    case Mend::Kind::Remove:
        removeNodes(network, {mend.node});
        break;
    case Mend::Kind::MakeOutput:
        network.outputs = {mend.node};
        break;
    case Mend::Kind::ResetParam:
        if (NodeSpec* node = network.find(mend.node))
            node->params.erase(mend.param);
        break;
    case Mend::Kind::OwnWeights:
        if (NodeSpec* node = network.find(mend.node))
            node->shares.clear();
        break;
    case Mend::Kind::FlattenInput:
        if (const NodeSpec* node = network.find(mend.node); node && !node->inputs.empty()) {
            const std::string from = node->inputs.front();
            insertOnEdge(network, "Flatten", from, mend.node);
        }
        break;
    case Mend::Kind::AddOutputLayer: {
        const std::string id = appendAfter(network, "Linear", mend.node);
        setParam(network, id, "out_features", mend.width);
        network.outputs = {id};
        break;
    }
    }
}

} // namespace limpid::edits
