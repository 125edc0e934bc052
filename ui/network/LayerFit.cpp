#include "ui/network/LayerFit.h"

#include "ui/network/NodePorts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace limpid::edits {

namespace {

using Names = std::vector<std::string_view>;

const TensorShape* shapeOf(const NetworkAnalysis& analysis, const NetworkSpec& network, std::string_view id)
{
    for (std::size_t i = 0; i < network.nodes.size() && i < analysis.nodes.size(); ++i)
        if (network.nodes[i].id == id)
            return analysis.nodes[i].valid ? &analysis.nodes[i].shape : nullptr;
    return nullptr;
}

/// What the layer makes of these inputs; none where it refuses them. A layer that takes several gets the last one again.
std::optional<TensorShape> outcome(const LayerType& type, std::vector<TensorShape> inputs, const ParamValues& params)
{
    if (type.maxInputs == 0 || inputs.empty())
        return std::nullopt;
    while (static_cast<int>(inputs.size()) < type.minInputs)
        inputs.push_back(inputs.back());
    Issues issues;
    TensorShape shape = type.infer(inputs, params, issues);
    const bool refused = std::any_of(issues.begin(), issues.end(), [](const Issue& issue) { return issue.severity == Severity::Error; });
    return refused ? std::nullopt : std::optional(std::move(shape));
}

/// Whether `node` would take `shape` as its input `port`, beside the others that it has.
bool takes(const NetworkSpec& network, const NetworkAnalysis& analysis, const NodeSpec& node, std::size_t port, const TensorShape& shape)
{
    const LayerType* type = findLayer(node.type);
    if (!type || node.type == "Block")
        return true;
    std::vector<TensorShape> inputs;
    for (std::size_t i = 0; i < std::max(node.inputs.size(), port + 1); ++i) {
        if (i == port) {
            inputs.push_back(shape);
            continue;
        }
        if (i >= node.inputs.size())
            break;
        const TensorShape* other = shapeOf(analysis, network, node.inputs[i]);
        if (!other)
            return true; // nobody can say yet
        inputs.push_back(*other);
    }
    return outcome(*type, std::move(inputs), node.params).has_value();
}

/// What usually follows a layer of a group whose output has that many dimensions. A matter of taste: it orders, no more.
Names usual(const TensorShape& shape, std::string_view group, std::string_view type)
{
    if (shape.kind != TensorShape::Kind::Float)
        return {"Embedding", "EmbeddingBag"};
    const bool activation = group == "activation", normalise = group == "normalise", regularise = group == "regularise";
    switch (shape.dims.size()) {
    case 1:
        if (activation || regularise)
            return {"Linear", "Dropout", "BatchNorm1d", "LayerNorm", "Concat", "Add"};
        if (normalise)
            return {"Linear", "ReLU", "GELU", "SiLU", "Dropout"};
        if (type == "Linear" || type == "Bilinear")
            return {"ReLU", "BatchNorm1d", "LayerNorm", "Dropout", "GELU", "SiLU", "Tanh", "Linear", "Add"};
        if (group == "input")
            return {"Linear", "BatchNorm1d", "LayerNorm", "Reshape", "Dropout", "Concat"};
        return {"Linear", "ReLU", "Concat", "Dropout", "BatchNorm1d"};
    case 2:
        if (activation)
            return {"Conv1d", "MaxPool1d", "Dropout", "LayerNorm", "Flatten"};
        if (type == "Embedding")
            return {"LSTM", "GRU", "PositionalEncoding", "TransformerEncoderLayer", "Conv1d", "Dropout"};
        if (type == "Conv1d")
            return {"ReLU", "BatchNorm1d", "MaxPool1d", "GELU", "Conv1d"};
        return {"LSTM", "GRU", "TransformerEncoderLayer", "MultiheadAttention", "Conv1d", "LayerNorm", "Dropout", "Flatten", "Linear"};
    case 3:
        if (type.starts_with("Conv"))
            return {"ReLU", "BatchNorm2d", "MaxPool2d", "GELU", "SiLU", "Dropout2d", "Conv2d", "Add", "Flatten"};
        if (normalise)
            return {"ReLU", "GELU", "SiLU", "Conv2d", "MaxPool2d", "Add"};
        if (activation)
            return {"MaxPool2d", "Conv2d", "AvgPool2d", "BatchNorm2d", "Dropout2d", "Flatten"};
        return {"Conv2d", "Flatten", "ReLU", "BatchNorm2d", "MaxPool2d", "Dropout2d", "AvgPool2d"};
    default:
        return {"Conv3d", "ReLU", "Flatten"};
    }
}

/// `fits` in the order of `first`, then the rest as the catalogue has them, those that want more inputs last.
std::vector<std::string> sortedBy(const std::vector<const LayerType*>& fits, const Names& first)
{
    std::vector<std::pair<int, const LayerType*>> ranked;
    for (const LayerType* type : fits) {
        const auto place = std::find(first.begin(), first.end(), type->name);
        const bool listed = place != first.end();
        ranked.emplace_back(listed ? static_cast<int>(place - first.begin()) : type->minInputs > 1 ? 2000 : 1000, type);
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> names;
    for (const auto& [rank, type] : ranked)
        names.push_back(type->name);
    return names;
}

/// Shapes to try where nothing is known of what will come in.
const std::vector<TensorShape>& probes()
{
    using Kind = TensorShape::Kind;
    static const std::vector<TensorShape> shapes{{Kind::Float, {64}, {}},        {Kind::Float, {16, 64}, {}}, {Kind::Float, {8, 16, 16}, {}},
                                                 {Kind::Float, {4, 8, 8, 8}, {}}, {Kind::Index, {3}, {5, 6, 7}}};
    return shapes;
}

/// The node that feeds an opening, or "".
std::string feederOf(const NetworkSpec& network, const Opening& opening)
{
    if (opening.kind != Opening::Kind::Above)
        return opening.kind == Opening::Kind::Free ? std::string() : opening.node;
    const NodeSpec* node = network.find(opening.node);
    const LayerType* type = node ? findLayer(node->type) : nullptr;
    // A layer that takes any number gets one more input; another's input is taken over.
    const bool open = type && type->maxInputs < 0 && portNames(network, *node).empty();
    if (!type || open || static_cast<std::size_t>(opening.port) >= node->inputs.size())
        return {};
    return node->inputs[static_cast<std::size_t>(opening.port)];
}

/// The node that an opening feeds and its input.
std::pair<const NodeSpec*, std::size_t> consumerOf(const NetworkSpec& network, const Opening& opening)
{
    if (opening.kind == Opening::Kind::Above) {
        const NodeSpec* node = network.find(opening.node);
        const LayerType* type = node ? findLayer(node->type) : nullptr;
        const bool open = type && type->maxInputs < 0 && portNames(network, *node).empty();
        return {node, open ? node->inputs.size() : static_cast<std::size_t>(opening.port)};
    }
    if (opening.kind == Opening::Kind::Edge)
        if (const NodeSpec* node = network.find(opening.to)) {
            const auto place = std::find(node->inputs.begin(), node->inputs.end(), opening.node);
            return {node, static_cast<std::size_t>(place - node->inputs.begin())};
        }
    return {nullptr, 0};
}

/// A place near `at` that covers nobody.
Point free(const NetworkSpec& network, Point at)
{
    const auto taken = [&] {
        return std::any_of(network.nodes.begin(), network.nodes.end(), [&](const NodeSpec& node) {
            return std::abs(node.x - at.x) < nodeWidth && std::abs(node.y - at.y) < nodeHeight;
        });
    };
    while (taken())
        at = {at.x + 24.0, at.y + 24.0};
    return at;
}

} // namespace

std::vector<std::string> fittingLayers(const NetworkSpec& network, const NetworkAnalysis& analysis, const Opening& opening)
{
    const std::string feeder = feederOf(network, opening);
    const TensorShape* shape = feeder.empty() ? nullptr : shapeOf(analysis, network, feeder);
    const auto [consumer, port] = consumerOf(network, opening);
    const auto accepted = [&](const TensorShape& result) { return !consumer || takes(network, analysis, *consumer, port, result); };

    // Only a block has inputs of its own.
    const bool inside = std::any_of(network.nodes.begin(), network.nodes.end(), [](const NodeSpec& one) { return one.type == "BlockInput"; });
    std::vector<const LayerType*> fits;
    for (const LayerType& type : layerCatalog()) {
        if (type.name == "Block" || (type.name == "BlockInput" && !inside)) // blocks come by their names
            continue;
        if (opening.kind == Opening::Kind::Free) {
            fits.push_back(&type);
        } else if (type.maxInputs == 0) {
            // A source fits above, as far as one can say before it has a width.
            if (opening.kind == Opening::Kind::Above)
                fits.push_back(&type);
        } else if (shape) {
            // With a Reshape below it the table gives its constant columns, too, and so perhaps the image that it lacked.
            const bool table = shape->kind == TensorShape::Kind::Float && network.find(feeder)->type == "Input";
            const auto result = outcome(type, {*shape}, ParamValues::object());
            if (result ? accepted(*result) : table && type.name == "Reshape")
                fits.push_back(&type);
        } else if (!consumer) {
            fits.push_back(&type);
        } else if (std::any_of(probes().begin(), probes().end(), [&](const TensorShape& probe) {
                       const auto result = outcome(type, {probe}, ParamValues::object());
                       return result && accepted(*result);
                   })) {
            fits.push_back(&type);
        }
    }
    Names first;
    if (const NodeSpec* source = network.find(feeder); source && shape) {
        const LayerType* type = findLayer(source->type);
        first = usual(*shape, type ? type->group : std::string(), source->type);
    } else if (opening.kind != Opening::Kind::Free) {
        first = {"Linear", "ReLU", "Conv2d", "Input"};
    }
    std::vector<std::string> names = sortedBy(fits, first);
    for (const BlockSpec& block : network.blocks)
        if (opening.kind == Opening::Kind::Free || !shape || [&] {
                const auto result = blockOutcome(network, block.name, {*shape});
                return result && accepted(*result);
            }())
            names.push_back(std::string(blockPrefix) + block.name);
    return names;
}

std::string addAt(NetworkSpec& network, std::string_view entry, const Opening& opening, std::optional<Point> at)
{
    if (entry.starts_with(blockPrefix)) {
        const std::string block(entry.substr(blockPrefix.size()));
        const std::string use = addAt(network, "Block", opening, at);
        network.find(use)->params["block"] = block;
        const std::string named = network.freeId(block);
        return rename(network, use, named) ? named : use;
    }
    const std::string_view type = entry;
    const LayerType* layer = findLayer(type);
    const bool source = layer && layer->maxInputs == 0;
    const NodeSpec* node = network.find(opening.node);
    std::string id;
    if (!node || opening.kind == Opening::Kind::Free) {
        Point place;
        for (const NodeSpec& one : network.nodes) {
            if (source) // beside all the others, as high as the highest
                place = {std::max(place.x, one.x + columnPitch), std::min(place.y, one.y)};
            else if (one.y + rowPitch > place.y)
                place = {one.x, one.y + rowPitch};
        }
        return addNode(network, type, at.value_or(place));
    }
    if (opening.kind == Opening::Kind::Edge)
        id = insertOnEdge(network, type, opening.node, opening.to);
    else if (opening.kind == Opening::Kind::Below)
        id = appendAfter(network, type, opening.node);
    else if (opening.kind == Opening::Kind::Branch) {
        const std::string from = node->id;
        const bool end = std::none_of(network.nodes.begin(), network.nodes.end(), [&](const NodeSpec& one) {
            return std::find(one.inputs.begin(), one.inputs.end(), from) != one.inputs.end();
        });
        if (end) { // nothing to branch from: the chain grows
            id = appendAfter(network, type, from);
        } else {
            id = addNode(network, type, at.value_or(Point{node->x + columnPitch, node->y + rowPitch}));
            if (!source)
                network.find(id)->inputs = {from};
        }
    } else {
        const std::string feeder = feederOf(network, opening), fed = node->id;
        const auto [consumer, port] = consumerOf(network, opening);
        const Point above{node->x, node->y - rowPitch};
        const std::size_t place = port;
        id = addNode(network, type, at.value_or(above));
        NodeSpec& to = *network.find(fed);
        if (place < to.inputs.size())
            to.inputs[place] = id;
        else
            to.inputs.push_back(id);
        if (!source && !feeder.empty())
            network.find(id)->inputs = {feeder};
    }
    if (at) {
        NodeSpec& added = *network.find(id);
        added.x = added.y = 1e12; // out of its own way
        const Point place = free(network, *at);
        added.x = place.x;
        added.y = place.y;
    }
    return id;
}

std::vector<std::string> connectable(const NetworkSpec& network, std::string_view id, bool down)
{
    std::map<std::string_view, std::size_t> index;
    for (std::size_t i = 0; i < network.nodes.size(); ++i)
        index.emplace(network.nodes[i].id, i);
    const auto self = index.find(id);
    if (self == index.end())
        return {};
    std::vector<std::vector<std::size_t>> onward(network.nodes.size()); // against the way of the new edge
    for (std::size_t i = 0; i < network.nodes.size(); ++i)
        for (const std::string& input : network.nodes[i].inputs)
            if (const auto found = index.find(input); found != index.end()) {
                if (down)
                    onward[i].push_back(found->second);
                else
                    onward[found->second].push_back(i);
            }
    std::vector<bool> loops(network.nodes.size(), false);
    std::vector<std::size_t> open{self->second};
    loops[self->second] = true;
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (const std::size_t next : onward[at])
            if (!loops[next]) {
                loops[next] = true;
                open.push_back(next);
            }
    }
    const auto takesInput = [](const NodeSpec& node) {
        const LayerType* type = findLayer(node.type);
        return !type || type->maxInputs != 0;
    };
    if (!down && !takesInput(network.nodes[self->second]))
        return {};
    std::vector<std::string> ids;
    for (const std::string& one : readingOrder(network)) {
        const std::size_t i = index.at(one);
        const NodeSpec& target = network.nodes[down ? i : self->second];
        const std::string_view from = down ? id : std::string_view(one);
        const bool wired = std::find(target.inputs.begin(), target.inputs.end(), from) != target.inputs.end();
        if (!loops[i] && takesInput(target) && (!wired || !portNames(network, target).empty()))
            ids.push_back(one);
    }
    return ids;
}

} // namespace limpid::edits
