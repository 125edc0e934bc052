#include "core/model/NetworkBlocks.h"

#include <algorithm>
#include <map>
#include <set>

namespace limpid {

namespace {

constexpr const char* blockType = "Block";
constexpr const char* portType = "BlockInput";

std::string blockOf(const NodeSpec& use)
{
    return paramValue(findLayer(blockType)->params, use.params, "block").get<std::string>();
}

std::size_t repeatsOf(const NodeSpec& use)
{
    return paramValue(findLayer(blockType)->params, use.params, "repeat").get<std::size_t>();
}

std::size_t portOf(const NodeSpec& input)
{
    return paramValue(findLayer(portType)->params, input.params, "port").get<std::size_t>();
}

/// Whether the parameters can be read at all; what is wrong with them is told by the analysis.
bool readable(const NodeSpec& node)
{
    return validateParams(findLayer(node.type)->params, node.params).empty();
}

class Flattener
{
public:
    Flattener(const NetworkSpec& network, Issues& issues) : m_network(network), m_issues(issues)
    {
        for (const BlockSpec& block : network.blocks)
            m_blocks.emplace(block.name, &block);
    }

    FlatNetwork flatten()
    {
        emit(m_network, "", nullptr);
        for (const std::string& output : m_network.outputs) {
            const NodeSpec* node = m_network.find(output);
            m_flat.outputs.push_back(node && node->type == blockType && sound(*node, "") ? outputOf(*node, "") : output);
        }
        return std::move(m_flat);
    }

private:
    void report(const std::string& node, ErrorCode code, Facts facts)
    {
        facts.insert(facts.begin(), {"node", node});
        m_issues.push_back({Severity::Error, node, code, std::move(facts)});
    }

    const BlockSpec* find(const NodeSpec& use) const
    {
        const auto found = m_blocks.find(blockOf(use));
        return found == m_blocks.end() ? nullptr : found->second;
    }

    /// The layer of a block that gives its output, or nullptr.
    static const NodeSpec* outputNode(const BlockSpec& block)
    {
        const NodeSpec* output = block.body.outputs.size() == 1 ? block.body.find(block.body.outputs.front()) : nullptr;
        return output && output->type != portType ? output : nullptr;
    }

    /// Whether a use can be replaced by what it stands for. Found out once for each use, with an issue where it can't.
    bool sound(const NodeSpec& use, const std::string& prefix)
    {
        const std::string id = prefix + use.id;
        const auto [known, isNew] = m_sound.emplace(id, false);
        if (isNew)
            known->second = readable(use) && check(use, id);
        return known->second;
    }

    bool check(const NodeSpec& use, const std::string& id)
    {
        const BlockSpec* block = find(use);
        if (!block) {
            report(id, ErrorCode::NetworkBlockUnknown, {{"block", blockOf(use)}});
            return false;
        }
        const auto [recursive, isNew] = m_recursive.emplace(block, false);
        if (isNew)
            recursive->second = reaches(*block, block->name);
        if (recursive->second) {
            report(id, ErrorCode::NetworkBlockRecursive, {{"block", block->name}});
            return false;
        }
        const NodeSpec* output = outputNode(*block);
        // What gives a block's output may be a use of another block, which must then be sound itself.
        for (std::size_t depth = 0; output && output->type == blockType; ++depth) {
            const BlockSpec* inner = readable(*output) && depth < m_blocks.size() ? find(*output) : nullptr;
            output = inner ? outputNode(*inner) : nullptr;
        }
        if (!output) {
            report(id, ErrorCode::NetworkBlockOutput, {{"block", block->name}});
            return false;
        }
        const std::size_t ports = blockPorts(block->body);
        if (use.inputs.size() == std::max<std::size_t>(1, ports))
            return true;
        report(id, ErrorCode::NetworkInputCount, {{"found", std::to_string(use.inputs.size())}, {"expected", std::to_string(std::max<std::size_t>(1, ports))}});
        return false;
    }

    /// Whether `name` is used anywhere within the block.
    bool reaches(const BlockSpec& block, std::string_view name) const
    {
        std::vector<const BlockSpec*> open{&block};
        std::set<const BlockSpec*> seen;
        while (!open.empty()) {
            const BlockSpec* next = open.back();
            open.pop_back();
            if (!seen.insert(next).second)
                continue;
            for (const NodeSpec& node : next->body.nodes) {
                if (node.type != blockType || !readable(node))
                    continue;
                if (blockOf(node) == name)
                    return true;
                if (const BlockSpec* inner = find(node))
                    open.push_back(inner);
            }
        }
        return false;
    }

    static std::string partPrefix(const NodeSpec& use, const std::string& prefix, std::size_t part)
    {
        return prefix + use.id + "." + (repeatsOf(use) > 1 ? std::to_string(part + 1) + "." : "");
    }

    /// The flat node that gives what a sound use gives.
    std::string outputOf(const NodeSpec& use, const std::string& prefix) const
    {
        return partOutput(use, prefix, repeatsOf(use) - 1);
    }

    std::string partOutput(const NodeSpec& use, const std::string& prefix, std::size_t part) const
    {
        const NodeSpec* output = outputNode(*find(use));
        const std::string inner = partPrefix(use, prefix, part);
        return output->type == blockType ? outputOf(*output, inner) : inner + output->id;
    }

    /// `ports`: the flat nodes that feed the graph, if it is a block's.
    void emit(const GraphSpec& graph, const std::string& prefix, const std::vector<std::string>* ports)
    {
        std::map<std::string_view, const NodeSpec*> byId;
        for (const NodeSpec& node : graph.nodes)
            byId.emplace(node.id, &node);
        const auto flatId = [&](const std::string& id) {
            const auto found = byId.find(id);
            if (found == byId.end())
                return prefix + id;
            const NodeSpec& node = *found->second;
            if (ports && node.type == portType && readable(node) && portOf(node) < ports->size())
                return (*ports)[portOf(node)];
            return node.type == blockType && sound(node, prefix) ? outputOf(node, prefix) : prefix + id;
        };
        for (const NodeSpec& node : graph.nodes) {
            if (m_full)
                return;
            if (ports && node.type == portType && readable(node))
                continue;
            std::vector<std::string> inputs;
            for (const std::string& input : node.inputs)
                inputs.push_back(flatId(input));
            if (node.type == blockType && sound(node, prefix)) {
                const BlockSpec& block = *find(node);
                m_flat.uses[prefix + node.id] = {block.name, partPrefix(node, prefix, 0), outputOf(node, prefix), inputs};
                for (std::size_t part = 0; part < repeatsOf(node) && !m_full; ++part) {
                    if (part > 0)
                        inputs.front() = partOutput(node, prefix, part - 1);
                    emit(block.body, partPrefix(node, prefix, part), &inputs);
                }
                continue;
            }
            if (m_flat.nodes.size() == mostNodes) {
                m_full = true;
                report(prefix + node.id, ErrorCode::NetworkTooLarge,
                       {{"found", "> " + std::to_string(mostNodes) + " layers"}, {"limit", std::to_string(mostNodes) + " layers"}});
                return;
            }
            NodeSpec flat = node;
            flat.id = prefix + node.id;
            flat.inputs = std::move(inputs);
            if (!flat.shares.empty())
                flat.shares = prefix + flat.shares;
            m_flat.nodes.push_back(std::move(flat));
        }
    }

    const NetworkSpec& m_network;
    Issues& m_issues;
    std::map<std::string, const BlockSpec*> m_blocks;
    std::map<std::string, bool> m_sound;                 ///< of uses by flat id
    std::map<const BlockSpec*, bool> m_recursive;
    FlatNetwork m_flat;
    bool m_full = false;
};

} // namespace

std::size_t blockPorts(const GraphSpec& body)
{
    std::size_t ports = 0;
    for (const NodeSpec& node : body.nodes)
        if (node.type == portType && readable(node))
            ports = std::max(ports, portOf(node) + 1);
    return ports;
}

std::vector<NodeAnalysis> foldAnalysis(const GraphSpec& graph, const std::string& prefix, const NetworkAnalysis& analysis)
{
    std::vector<NodeAnalysis> folded(graph.nodes.size());
    std::map<std::string_view, NodeAnalysis*> byId;
    std::map<std::string_view, const NodeAnalysis*> flat;
    for (const NodeAnalysis& node : analysis.flatNodes)
        flat.emplace(node.id, &node);
    const auto takeShape = [&](NodeAnalysis& node, const std::string& from) {
        if (const auto found = flat.find(from); found != flat.end()) {
            node.shape = found->second->shape;
            node.valid = found->second->valid;
        }
    };
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        folded[i].id = graph.nodes[i].id;
        byId.emplace(folded[i].id, &folded[i]);
        if (const auto found = analysis.flat.uses.find(prefix + folded[i].id); found != analysis.flat.uses.end())
            takeShape(folded[i], found->second.output);
        else
            takeShape(folded[i], prefix + folded[i].id);
    }
    for (const NodeAnalysis& node : analysis.flatNodes) {
        const std::string_view id = node.id;
        if (!id.starts_with(prefix))
            continue;
        const std::string_view rest = id.substr(prefix.size());
        const auto found = byId.find(rest.substr(0, rest.find('.')));
        if (found == byId.end())
            continue;
        LayerCost& cost = found->second->cost;
        cost.parameters += node.cost.parameters;
        cost.flops += node.cost.flops;
        cost.activations += node.cost.activations;
    }
    return folded;
}

std::string foldNodes(NetworkSpec& network, const std::vector<std::string>& ids, const std::string& name)
{
    const std::set<std::string> chosen(ids.begin(), ids.end());
    std::map<std::string, std::vector<std::string>> consumers;
    for (const NodeSpec& node : network.nodes)
        for (const std::string& input : node.inputs)
            consumers[input].push_back(node.id);
    GraphSpec body;
    std::vector<std::string> feeders;
    std::set<std::string> leaving;
    const NodeSpec* last = nullptr;
    for (const NodeSpec& node : network.nodes) {
        if (!node.shares.empty() && chosen.contains(node.shares) != chosen.contains(node.id))
            return {};
        if (!chosen.contains(node.id))
            continue;
        body.nodes.push_back(node);
        bool within = false;
        for (const std::string& consumer : consumers[node.id]) {
            within |= chosen.contains(consumer);
            if (!chosen.contains(consumer))
                leaving.insert(node.id);
        }
        if (network.isOutput(node.id))
            leaving.insert(node.id);
        if (!within)
            last = &node;
        for (const std::string& input : node.inputs)
            if (!chosen.contains(input) && std::find(feeders.begin(), feeders.end(), input) == feeders.end())
                feeders.push_back(input);
    }
    if (leaving.empty() && last)
        leaving.insert(last->id);
    if (body.nodes.empty() || leaving.size() != 1 || feeders.empty() || feeders.size() > 16)
        return {};
    // A path that leads out and back in would lead from the use to itself.
    std::vector<std::string> open{*leaving.begin()};
    std::set<std::string> seen;
    while (!open.empty()) {
        const std::string node = open.back();
        open.pop_back();
        for (const std::string& next : consumers[node]) {
            if (chosen.contains(next) && node != *leaving.begin())
                return {};
            if (!chosen.contains(next) && seen.insert(next).second)
                open.push_back(next);
        }
    }

    const NodeSpec* given = network.find(*leaving.begin());
    NodeSpec use;
    use.id = network.freeId(name);
    use.type = blockType;
    use.inputs = feeders;
    use.x = given->x;
    use.y = given->y;
    BlockSpec block;
    block.name = name;
    for (int number = 2; network.findBlock(block.name); ++number)
        block.name = name + std::to_string(number);
    use.params["block"] = block.name;
    double left = body.nodes.front().x, top = body.nodes.front().y;
    for (const NodeSpec& node : body.nodes) {
        left = std::min(left, node.x);
        top = std::min(top, node.y);
    }
    std::map<std::string, std::string> ports;
    std::vector<NodeSpec> inputs;
    for (std::size_t port = 0; port < feeders.size(); ++port) {
        NodeSpec input;
        input.id = body.freeId(port == 0 ? "input" : "input" + std::to_string(port + 1));
        input.type = portType;
        if (port > 0)
            input.params["port"] = port;
        input.x = left + static_cast<double>(port) * 208.0;
        input.y = top - 92.0;
        ports[feeders[port]] = input.id;
        inputs.push_back(std::move(input));
    }
    for (NodeSpec& node : body.nodes)
        for (std::string& input : node.inputs)
            if (const auto port = ports.find(input); port != ports.end())
                input = port->second;
    body.nodes.insert(body.nodes.begin(), inputs.begin(), inputs.end());
    body.outputs = {*leaving.begin()};
    block.body = std::move(body);

    const std::string output = *leaving.begin();
    std::vector<NodeSpec> rest;
    for (NodeSpec& node : network.nodes) {
        if (node.id == output)
            rest.push_back(use); // in its place, so that the list keeps the order of computation
        if (chosen.contains(node.id))
            continue;
        std::replace(node.inputs.begin(), node.inputs.end(), output, use.id);
        rest.push_back(std::move(node));
    }
    network.nodes = std::move(rest);
    std::replace(network.outputs.begin(), network.outputs.end(), output, use.id);
    network.blocks.push_back(std::move(block));
    return use.id;
}

std::vector<std::string> unfoldBlock(NetworkSpec& network, const std::string& id)
{
    const NodeSpec* found = network.find(id);
    if (!found || found->type != blockType || !readable(*found))
        return {};
    const NodeSpec use = *found;
    const BlockSpec* known = network.findBlock(blockOf(use));
    if (!known || known->body.outputs.size() != 1 || blockPorts(known->body) > use.inputs.size())
        return {};
    const BlockSpec block = *known;
    std::vector<NodeSpec> rest;
    for (NodeSpec& node : network.nodes)
        if (node.id != id)
            rest.push_back(std::move(node));
    const auto place = static_cast<std::ptrdiff_t>(
        std::find_if(network.nodes.begin(), network.nodes.end(), [&](const NodeSpec& node) { return node.id == id; }) - network.nodes.begin());
    network.nodes = std::move(rest);

    std::vector<std::string> made, inputs = use.inputs;
    std::string output;
    for (std::size_t part = 0; part < repeatsOf(use); ++part) {
        std::map<std::string, std::string> names;
        GraphSpec taken;
        taken.nodes = network.nodes;
        for (const NodeSpec& node : block.body.nodes) {
            if (node.type == portType) {
                names[node.id] = inputs[portOf(node)];
                continue;
            }
            NodeSpec named = node;
            named.id = names[node.id] = taken.freeId(node.id);
            taken.nodes.push_back(std::move(named));
        }
        std::vector<NodeSpec> copies;
        for (const NodeSpec& node : block.body.nodes) {
            if (node.type == portType)
                continue;
            NodeSpec copy = node;
            copy.id = names[node.id];
            for (std::string& input : copy.inputs)
                input = names[input];
            if (!copy.shares.empty())
                copy.shares = names[copy.shares];
            made.push_back(copy.id);
            copies.push_back(std::move(copy));
        }
        network.nodes.insert(network.nodes.begin() + std::min<std::ptrdiff_t>(place + static_cast<std::ptrdiff_t>(made.size() - copies.size()), std::ssize(network.nodes)),
                             copies.begin(), copies.end());
        output = names[block.body.outputs.front()];
        inputs.front() = output;
    }
    for (NodeSpec& node : network.nodes)
        std::replace(node.inputs.begin(), node.inputs.end(), id, output);
    std::replace(network.outputs.begin(), network.outputs.end(), id, output);
    const auto isUsed = [&](const GraphSpec& graph) {
        return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                           [&](const NodeSpec& node) { return node.type == blockType && readable(node) && blockOf(node) == block.name; });
    };
    if (!isUsed(network) && std::none_of(network.blocks.begin(), network.blocks.end(), [&](const BlockSpec& other) { return isUsed(other.body); }))
        std::erase_if(network.blocks, [&](const BlockSpec& other) { return other.name == block.name; });
    return made;
}

NetworkSpec blockAsNetwork(const NetworkSpec& network, const std::string& block)
{
    NetworkSpec inside;
    if (const BlockSpec* found = network.findBlock(block))
        static_cast<GraphSpec&>(inside) = found->body;
    inside.blocks = network.blocks;
    return inside;
}

NetworkSpec withBlock(NetworkSpec network, const std::string& block, const NetworkSpec& inside)
{
    network.blocks = inside.blocks;
    for (BlockSpec& known : network.blocks)
        if (known.name == block)
            known.body = inside;
    return network;
}

NetworkAnalysis insideAnalysis(const NetworkSpec& network, const NetworkAnalysis& analysis, const std::string& block)
{
    NetworkAnalysis inside;
    const BlockSpec* known = network.findBlock(block);
    const auto use = std::find_if(analysis.flat.uses.begin(), analysis.flat.uses.end(), [&](const auto& each) { return each.second.block == block; });
    if (!known)
        return inside;
    if (use == analysis.flat.uses.end()) { // used nowhere: nothing is known of what flows in it
        for (const NodeSpec& node : known->body.nodes)
            inside.nodes.push_back({node.id, {}, false, {}});
        return inside;
    }
    const std::string& prefix = use->second.prefix;
    inside.nodes = foldAnalysis(known->body, prefix, analysis);
    for (std::size_t i = 0; i < known->body.nodes.size(); ++i) {
        const NodeSpec& node = known->body.nodes[i];
        if (node.type != portType || !readable(node) || portOf(node) >= use->second.inputs.size())
            continue;
        for (const NodeAnalysis& flat : analysis.flatNodes)
            if (flat.id == use->second.inputs[portOf(node)]) {
                inside.nodes[i].shape = flat.shape;
                inside.nodes[i].valid = flat.valid;
            }
    }
    for (const NodeAnalysis& node : inside.nodes) {
        inside.total.parameters += node.cost.parameters;
        inside.total.flops += node.cost.flops;
        inside.total.activations += node.cost.activations;
    }
    for (Issue issue : analysis.issues) {
        if (!issue.where.starts_with(prefix))
            continue;
        issue.where = issue.where.substr(prefix.size());
        for (auto& [name, value] : issue.facts)
            if (name == "node" && value.starts_with(prefix))
                value = value.substr(prefix.size());
        inside.issues.push_back(std::move(issue));
    }
    return inside;
}

FlatNetwork flatten(const NetworkSpec& network, Issues& issues)
{
    return Flattener(network, issues).flatten();
}

} // namespace limpid
