#include "core/model/NetworkSpec.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace limpid {

namespace {

constexpr int formatVersion = 2;
constexpr std::size_t mostBlocks = 1000, mostComments = 1000, longestText = 10'000, longestId = 1000, longestName = 64, mostParams = 64;

[[noreturn]] void badFormat(std::string reason)
{
    throw Error(ErrorCode::NetworkFormat, {{"reason", std::move(reason)}});
}

std::string text(const nlohmann::json& object, const char* key, const std::string& where)
{
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string())
        badFormat(where + key);
    return found->get<std::string>();
}

/// Two finite numbers, or nothing where the key is absent.
bool pair(const nlohmann::json& object, const char* key, const std::string& where, double& first, double& second)
{
    const auto found = object.find(key);
    if (found == object.end())
        return false;
    if (!found->is_array() || found->size() != 2 || !(*found)[0].is_number() || !(*found)[1].is_number())
        badFormat(where + key);
    first = (*found)[0].get<double>();
    second = (*found)[1].get<double>();
    if (!std::isfinite(first) || !std::isfinite(second))
        badFormat(where + key);
    return true;
}

bool isId(std::string_view id)
{
    return !id.empty() && id.size() <= longestId && std::all_of(id.begin(), id.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '_' || c == '-';
    });
}

NodeSpec nodeFromJson(const nlohmann::json& json, const std::string& graph, std::size_t index)
{
    const std::string where = graph + "nodes[" + std::to_string(index) + "].";
    if (!json.is_object())
        badFormat(where);
    NodeSpec node;
    node.id = text(json, "id", where);
    if (!isId(node.id))
        badFormat(where + "id");
    node.type = text(json, "type", where);
    if (node.type.size() > longestName)
        badFormat(where + "type");
    if (!findLayer(node.type)) {
        std::vector<std::string> names;
        for (const LayerType& type : layerCatalog())
            names.push_back(type.name);
        throw Error(ErrorCode::NetworkLayerUnknown,
                    {{"node", node.id}, {"type", node.type}, {"nearest", nearestName(node.type, names)}});
    }
    if (const auto params = json.find("params"); params != json.end()) {
        if (!params->is_object() || params->size() > mostParams)
            badFormat(where + "params");
        // Settings are numbers, words and short lists; anything else is no setting, and may be nested deeper than the stack.
        for (const auto& [name, value] : params->items()) {
            if (name.size() > longestName || (value.is_string() && value.get_ref<const std::string&>().size() > longestId))
                badFormat(where + "params");
            const bool fits = value.is_array() ? value.size() <= 64 && std::none_of(value.begin(), value.end(), [](const nlohmann::json& each) { return each.is_structured(); })
                                               : !value.is_object();
            if (!fits)
                badFormat(where + "params");
        }
        node.params = *params;
    }
    if (const auto inputs = json.find("inputs"); inputs != json.end()) {
        if (!inputs->is_array())
            badFormat(where + "inputs");
        for (const nlohmann::json& input : *inputs) {
            if (!input.is_string() || input.get_ref<const std::string&>().size() > longestId)
                badFormat(where + "inputs");
            node.inputs.push_back(input.get<std::string>());
        }
    }
    pair(json, "position", where, node.x, node.y);
    if (json.contains("shares"))
        node.shares = text(json, "shares", where);
    if (node.shares.size() > longestId)
        badFormat(where + "shares");
    return node;
}

/// The list under a key, or an empty one; of `most` members at most.
const nlohmann::json& list(const nlohmann::json& object, const char* key, const std::string& where, std::size_t most)
{
    static const nlohmann::json none = nlohmann::json::array();
    const auto found = object.find(key);
    if (found == object.end())
        return none;
    if (!found->is_array())
        badFormat(where + key);
    if (found->size() > most)
        throw Error(ErrorCode::NetworkTooLarge, {{"node", ""}, {"found", std::to_string(found->size()) + " " + key}, {"limit", std::to_string(most) + " " + key}});
    return *found;
}

GraphSpec graphFromJson(const nlohmann::json& json, const std::string& where, std::size_t& nodes)
{
    if (!json.contains("nodes"))
        badFormat(where + "nodes");
    GraphSpec graph;
    for (const nlohmann::json& node : list(json, "nodes", where, mostNodes - nodes))
        graph.nodes.push_back(nodeFromJson(node, where, graph.nodes.size()));
    nodes += graph.nodes.size();
    for (const nlohmann::json& output : list(json, "outputs", where, mostNodes)) {
        if (!output.is_string())
            badFormat(where + "outputs");
        graph.outputs.push_back(output.get<std::string>());
    }
    for (const nlohmann::json& comment : list(json, "comments", where, mostComments)) {
        const std::string place = where + "comments[" + std::to_string(graph.comments.size()) + "].";
        if (!comment.is_object())
            badFormat(place);
        CommentSpec read;
        read.text = text(comment, "text", place);
        pair(comment, "position", place, read.x, read.y);
        if (pair(comment, "size", place, read.width, read.height) && (read.width <= 0.0 || read.height <= 0.0))
            badFormat(place + "size");
        if (read.text.size() > longestText)
            badFormat(place + "text");
        graph.comments.push_back(std::move(read));
    }
    return graph;
}

nlohmann::json graphJson(const GraphSpec& graph)
{
    nlohmann::json list = nlohmann::json::array();
    for (const NodeSpec& node : graph.nodes) {
        list.push_back({{"id", node.id}, {"type", node.type}, {"params", node.params}, {"inputs", node.inputs}, {"position", {node.x, node.y}}});
        if (!node.shares.empty())
            list.back()["shares"] = node.shares;
    }
    nlohmann::json json{{"nodes", std::move(list)}, {"outputs", graph.outputs}};
    for (const CommentSpec& comment : graph.comments)
        json["comments"].push_back({{"text", comment.text}, {"position", {comment.x, comment.y}}, {"size", {comment.width, comment.height}}});
    return json;
}

/// Version 1 had one "output", and Reshape took its three sizes apart.
void readVersion1(const nlohmann::json& json, NetworkSpec& network)
{
    network.outputs = {text(json, "output", "")};
    if (network.outputs.front().empty())
        network.outputs.clear();
    for (NodeSpec& node : network.nodes) {
        if (node.type != "Reshape")
            continue;
        nlohmann::json shape = nlohmann::json::array();
        const std::pair<const char*, int> sizes[] = {{"channels", 1}, {"height", -1}, {"width", -1}};
        for (const auto& [name, usual] : sizes) {
            shape.push_back(node.params.value(name, nlohmann::json(usual)));
            node.params.erase(name);
        }
        node.params["shape"] = std::move(shape);
    }
}

} // namespace

const NodeSpec* GraphSpec::find(std::string_view id) const
{
    const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const NodeSpec& node) { return node.id == id; });
    return found == nodes.end() ? nullptr : &*found;
}

NodeSpec* GraphSpec::find(std::string_view id)
{
    return const_cast<NodeSpec*>(std::as_const(*this).find(id));
}

std::string GraphSpec::freeId(std::string_view stem) const
{
    std::string id(stem);
    for (int number = 2; find(id); ++number)
        id = std::string(stem) + std::to_string(number);
    return id;
}

bool GraphSpec::isOutput(std::string_view id) const
{
    return std::find(outputs.begin(), outputs.end(), id) != outputs.end();
}

const BlockSpec* NetworkSpec::findBlock(std::string_view name) const
{
    const auto found = std::find_if(blocks.begin(), blocks.end(), [&](const BlockSpec& block) { return block.name == name; });
    return found == blocks.end() ? nullptr : &*found;
}

nlohmann::json NetworkSpec::toJson() const
{
    nlohmann::json json = graphJson(*this);
    json["format"] = "limpid-network";
    json["version"] = formatVersion;
    for (const BlockSpec& block : blocks) {
        nlohmann::json body = graphJson(block.body);
        body["name"] = block.name;
        json["blocks"].push_back(std::move(body));
    }
    return json;
}

NetworkSpec NetworkSpec::fromJson(const nlohmann::json& json)
{
    // Never copied before they are known to be plain: they may be nested deeper than the stack.
    const auto format = json.find("format");
    if (!json.is_object() || format == json.end() || !format->is_string() || *format != "limpid-network")
        badFormat("format");
    const auto found = json.find("version");
    if (found == json.end() || !found->is_number_integer() || *found < 1 || *found > formatVersion)
        badFormat("version");
    const int version = found->get<int>();
    NetworkSpec network;
    std::size_t nodes = 0;
    static_cast<GraphSpec&>(network) = graphFromJson(json, "", nodes);
    if (version == 1)
        readVersion1(json, network);
    for (const nlohmann::json& block : list(json, "blocks", "", mostBlocks)) {
        const std::string where = "blocks[" + std::to_string(network.blocks.size()) + "].";
        if (!block.is_object())
            badFormat(where);
        BlockSpec read{text(block, "name", where), graphFromJson(block, where, nodes)};
        if (read.name.empty() || read.name.size() > 64 || network.findBlock(read.name))
            badFormat(where + "name");
        network.blocks.push_back(std::move(read));
    }
    return network;
}

NetworkContext networkContext(const Pipeline& pipeline)
{
    NetworkContext context;
    context.numbers = static_cast<std::int64_t>(pipeline.numberWidth());
    context.cardinalities.assign(pipeline.cardinalities().begin(), pipeline.cardinalities().end());
    context.outputs = static_cast<std::int64_t>(pipeline.outputs());
    context.words = static_cast<std::int64_t>(pipeline.textWidth());
    context.vocabulary = static_cast<std::int64_t>(pipeline.vocabularySize());
    context.classifies = pipeline.task() != TaskKind::Regression && pipeline.task() != TaskKind::MultiRegression;
    return context;
}

} // namespace limpid
