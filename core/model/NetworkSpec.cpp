#include "core/model/NetworkSpec.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace limpid {

namespace {

constexpr int formatVersion = 1;

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

bool isId(std::string_view id)
{
    return !id.empty() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '_' || c == '-';
    });
}

NodeSpec nodeFromJson(const nlohmann::json& json, std::size_t index)
{
    const std::string where = "nodes[" + std::to_string(index) + "].";
    if (!json.is_object())
        badFormat("nodes[" + std::to_string(index) + "]");
    NodeSpec node;
    node.id = text(json, "id", where);
    if (!isId(node.id))
        badFormat(where + "id");
    node.type = text(json, "type", where);
    if (!findLayer(node.type)) {
        std::vector<std::string> names;
        for (const LayerType& type : layerCatalog())
            names.push_back(type.name);
        throw Error(ErrorCode::NetworkLayerUnknown,
                    {{"node", node.id}, {"type", node.type}, {"nearest", nearestName(node.type, names)}});
    }
    if (const auto params = json.find("params"); params != json.end()) {
        if (!params->is_object())
            badFormat(where + "params");
        node.params = *params;
    }
    if (const auto inputs = json.find("inputs"); inputs != json.end()) {
        if (!inputs->is_array())
            badFormat(where + "inputs");
        for (const nlohmann::json& input : *inputs) {
            if (!input.is_string())
                badFormat(where + "inputs");
            node.inputs.push_back(input.get<std::string>());
        }
    }
    if (const auto position = json.find("position"); position != json.end()) {
        if (!position->is_array() || position->size() != 2 || !(*position)[0].is_number() || !(*position)[1].is_number())
            badFormat(where + "position");
        node.x = (*position)[0].get<double>();
        node.y = (*position)[1].get<double>();
        if (!std::isfinite(node.x) || !std::isfinite(node.y))
            badFormat(where + "position");
    }
    return node;
}

} // namespace

const NodeSpec* NetworkSpec::find(std::string_view id) const
{
    const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const NodeSpec& node) { return node.id == id; });
    return found == nodes.end() ? nullptr : &*found;
}

NodeSpec* NetworkSpec::find(std::string_view id)
{
    return const_cast<NodeSpec*>(std::as_const(*this).find(id));
}

std::string NetworkSpec::freeId(std::string_view stem) const
{
    std::string id(stem);
    for (int number = 2; find(id); ++number)
        id = std::string(stem) + std::to_string(number);
    return id;
}

nlohmann::json NetworkSpec::toJson() const
{
    nlohmann::json list = nlohmann::json::array();
    for (const NodeSpec& node : nodes)
        list.push_back({{"id", node.id},
                        {"type", node.type},
                        {"params", node.params},
                        {"inputs", node.inputs},
                        {"position", {node.x, node.y}}});
    return {{"format", "limpid-network"}, {"version", formatVersion}, {"nodes", std::move(list)}, {"output", output}};
}

NetworkSpec NetworkSpec::fromJson(const nlohmann::json& json)
{
    if (!json.is_object() || json.value("format", nlohmann::json()) != "limpid-network")
        badFormat("format");
    const nlohmann::json version = json.value("version", nlohmann::json());
    if (!version.is_number_integer() || version != formatVersion)
        badFormat("version");
    const auto list = json.find("nodes");
    if (list == json.end() || !list->is_array())
        badFormat("nodes");
    NetworkSpec network;
    for (const nlohmann::json& node : *list)
        network.nodes.push_back(nodeFromJson(node, network.nodes.size()));
    network.output = text(json, "output", "");
    return network;
}

NetworkContext networkContext(const Pipeline& pipeline)
{
    NetworkContext context;
    context.numbers = static_cast<std::int64_t>(pipeline.numberWidth());
    context.cardinalities.assign(pipeline.cardinalities().begin(), pipeline.cardinalities().end());
    context.outputs = static_cast<std::int64_t>(pipeline.outputs());
    return context;
}

} // namespace limpid
