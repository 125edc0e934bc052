#include "ui/network/NodePorts.h"

#include "core/model/NetworkBlocks.h"
#include "ui/network/NetworkEdits.h"

#include <algorithm>
#include <map>

namespace limpid::edits {

namespace {

constexpr int deepest = 16;

std::int64_t portOf(const NodeSpec& input)
{
    const auto port = input.params.find("port");
    return port != input.params.end() && port->is_number_integer() ? port->get<std::int64_t>() : 0;
}

} // namespace

std::string blockOf(const NodeSpec& node)
{
    const auto block = node.params.find("block");
    return node.type == "Block" && block != node.params.end() && block->is_string() ? block->get<std::string>() : std::string();
}

int repeatsOf(const NodeSpec& node)
{
    const auto repeat = node.params.find("repeat");
    return repeat != node.params.end() && repeat->is_number_integer() ? static_cast<int>(std::clamp<std::int64_t>(repeat->get<std::int64_t>(), 1, 100)) : 1;
}

std::string_view typeOf(std::string_view entry)
{
    return entry.starts_with(blockPrefix) ? std::string_view("Block") : entry;
}

std::vector<std::string> portNames(const NetworkSpec& network, const NodeSpec& node)
{
    if (node.type != "Block") {
        const LayerType* type = findLayer(node.type);
        return type ? type->ports : std::vector<std::string>();
    }
    const BlockSpec* block = network.findBlock(blockOf(node));
    const std::size_t count = block ? blockPorts(block->body) : 0;
    if (count < 2)
        return {};
    std::vector<std::string> names(count);
    for (const NodeSpec& inner : block->body.nodes)
        if (inner.type == "BlockInput" && portOf(inner) >= 0 && portOf(inner) < static_cast<std::int64_t>(count))
            names[static_cast<std::size_t>(portOf(inner))] = inner.id;
    return names;
}

bool connectPort(NetworkSpec& network, std::string_view from, std::string_view to, int port)
{
    NodeSpec* target = network.find(to);
    const std::size_t ports = target ? portNames(network, *target).size() : 0;
    if (ports == 0 || port < 0 || static_cast<std::size_t>(port) >= ports)
        return connect(network, from, to);
    const std::vector<std::string> before = target->inputs;
    target->inputs.clear(); // what feeds it already may feed another of its inputs, too
    const bool may = canConnect(network, from, to);
    target->inputs = before;
    if (!may)
        return false;
    while (target->inputs.size() <= static_cast<std::size_t>(port))
        target->inputs.emplace_back(from);
    target->inputs[static_cast<std::size_t>(port)] = from;
    if (target->inputs == before)
        return false;
    passPrediction(network, from, to);
    return true;
}

std::optional<TensorShape> blockOutcome(const NetworkSpec& network, std::string_view name, const std::vector<TensorShape>& inputs, int depth)
{
    const BlockSpec* block = network.findBlock(name);
    if (!block || depth > deepest || block->body.outputs.size() != 1)
        return std::nullopt;
    std::map<std::string_view, TensorShape> known;
    for (bool changed = true; changed;) { // a body is small: layer by layer, in whatever order it is written
        changed = false;
        for (const NodeSpec& node : block->body.nodes) {
            if (known.contains(node.id))
                continue;
            if (node.type == "BlockInput") {
                const auto port = static_cast<std::size_t>(std::max<std::int64_t>(0, portOf(node)));
                known.emplace(node.id, inputs[std::min(port, inputs.size() - 1)]);
                changed = true;
                continue;
            }
            std::vector<TensorShape> shapes;
            for (const std::string& input : node.inputs)
                if (const auto found = known.find(input); found != known.end())
                    shapes.push_back(found->second);
            const LayerType* type = findLayer(node.type);
            if (!type || shapes.empty() || shapes.size() != node.inputs.size())
                continue;
            std::optional<TensorShape> shape;
            if (node.type == "Block") {
                for (int part = 0; part < repeatsOf(node) && (part == 0 || shape); ++part) {
                    if (shape)
                        shapes.front() = *shape;
                    shape = blockOutcome(network, blockOf(node), shapes, depth + 1);
                }
            } else if (validateParams(type->params, node.params).empty() && static_cast<int>(shapes.size()) >= type->minInputs) {
                Issues issues;
                shape = type->infer(shapes, node.params, issues);
                if (std::any_of(issues.begin(), issues.end(), [](const Issue& issue) { return issue.severity == Severity::Error; }))
                    shape.reset();
            }
            if (!shape)
                return std::nullopt;
            known.emplace(node.id, std::move(*shape));
            changed = true;
        }
    }
    const auto output = known.find(block->body.outputs.front());
    return output == known.end() ? std::nullopt : std::optional(output->second);
}

} // namespace limpid::edits
