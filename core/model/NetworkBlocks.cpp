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

/// What would not fit is `largestCount`.
void addCost(LayerCost& total, const LayerCost& cost)
{
    total.parameters = std::min(largestCount, total.parameters + cost.parameters);
    total.flops = std::min(largestCount, total.flops + cost.flops);
    total.activations = std::min(largestCount, total.activations + cost.activations);
}

/// How blocks use each other.
class BlockGraph
{
public:
    explicit BlockGraph(const NetworkSpec& network)
    {
        for (const BlockSpec& block : network.blocks)
            if (m_index.emplace(block.name, m_blocks.size()).second)
                m_blocks.push_back({&block, outputNode(block), blockPorts(block.body), {}, false, 0});
        for (Entry& entry : m_blocks) {
            std::set<std::size_t> used;
            for (const NodeSpec& node : entry.block->body.nodes)
                if (node.type == blockType && readable(node))
                    if (const auto found = m_index.find(blockOf(node)); found != m_index.end())
                        used.insert(found->second);
            entry.uses.assign(used.begin(), used.end());
        }
        for (std::size_t i = 0; i < m_blocks.size(); ++i)
            m_blocks[i].recursive = reachesItself(i);
        for (std::size_t i = 0; i < m_blocks.size(); ++i)
            findLevels(i);
    }

    struct Entry {
        const BlockSpec* block;
        const NodeSpec* output;           ///< the layer of it that gives its output, or nullptr
        std::size_t ports;
        std::vector<std::size_t> uses;    ///< blocks within it
        bool recursive;
        std::size_t levels;               ///< of blocks within each other, with this one; what is recursive does not count
    };

    /// nullptr where there is none.
    const Entry* find(const std::string& name) const
    {
        const auto found = m_index.find(name);
        return found == m_index.end() ? nullptr : &m_blocks[found->second];
    }

private:
    static const NodeSpec* outputNode(const BlockSpec& block)
    {
        const NodeSpec* output = block.body.outputs.size() == 1 ? block.body.find(block.body.outputs.front()) : nullptr;
        return output && output->type != portType ? output : nullptr;
    }

    bool reachesItself(std::size_t start) const
    {
        std::vector<std::size_t> open = m_blocks[start].uses;
        std::vector<bool> seen(m_blocks.size(), false);
        while (!open.empty()) {
            const std::size_t next = open.back();
            open.pop_back();
            if (next == start)
                return true;
            if (seen[next])
                continue;
            seen[next] = true;
            open.insert(open.end(), m_blocks[next].uses.begin(), m_blocks[next].uses.end());
        }
        return false;
    }

    std::size_t findLevels(std::size_t index)
    {
        Entry& entry = m_blocks[index];
        if (entry.levels > 0 || entry.recursive)
            return entry.levels;
        std::size_t within = 0;
        for (const std::size_t inner : entry.uses)
            within = std::max(within, findLevels(inner));
        return entry.levels = within + 1;
    }

    std::vector<Entry> m_blocks;
    std::map<std::string, std::size_t, std::less<>> m_index;
};

class Flattener
{
public:
    Flattener(const NetworkSpec& network, Issues& issues) : m_network(network), m_blocks(network), m_issues(issues) {}

    FlatNetwork flatten()
    {
        emit(m_network, "", nullptr);
        std::map<std::string_view, const NodeSpec*> byId;
        for (const NodeSpec& node : m_network.nodes)
            byId.emplace(node.id, &node);
        for (const std::string& output : m_network.outputs) {
            const auto found = byId.find(output);
            const bool isUse = found != byId.end() && found->second->type == blockType && sound(*found->second, "");
            m_flat.outputs.push_back(isUse ? outputOf(*found->second, "") : output);
        }
        return std::move(m_flat);
    }

private:
    void report(const std::string& node, ErrorCode code, Facts facts)
    {
        facts.insert(facts.begin(), {"node", node});
        m_issues.push_back({Severity::Error, node, code, std::move(facts)});
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
        const BlockGraph::Entry* block = m_blocks.find(blockOf(use));
        const std::string name = blockOf(use);
        if (!block)
            report(id, ErrorCode::NetworkBlockUnknown, {{"block", name}});
        else if (block->recursive)
            report(id, ErrorCode::NetworkBlockRecursive, {{"block", name}});
        else if (block->levels > mostLevels)
            report(id, ErrorCode::NetworkTooLarge, {{"found", std::to_string(block->levels) + " levels"}, {"limit", std::to_string(mostLevels) + " levels"}});
        else if (!block->output)
            report(id, ErrorCode::NetworkBlockOutput, {{"block", name}});
        else if (use.inputs.size() != std::max<std::size_t>(1, block->ports))
            report(id, ErrorCode::NetworkInputCount,
                   {{"found", std::to_string(use.inputs.size())}, {"expected", std::to_string(std::max<std::size_t>(1, block->ports))}});
        else
            return true;
        return false;
    }

    static std::string partPrefix(const NodeSpec& use, const std::string& prefix, std::size_t part)
    {
        return prefix + use.id + "." + (repeatsOf(use) > 1 ? std::to_string(part + 1) + "." : "");
    }

    /// The flat node that gives what a sound use gives.
    std::string outputOf(const NodeSpec& use, const std::string& prefix)
    {
        return partOutput(use, prefix, repeatsOf(use) - 1);
    }

    /// What gives a block's output may be a use of another block; one that is not sound is left, and tells why.
    std::string partOutput(const NodeSpec& use, const std::string& prefix, std::size_t part)
    {
        const NodeSpec& output = *m_blocks.find(blockOf(use))->output;
        const std::string inner = partPrefix(use, prefix, part);
        return output.type == blockType && sound(output, inner) ? outputOf(output, inner) : inner + output.id;
    }

    /// Counts what stands in the flat network, so that a few lines that repeat each other fill no memory. False: it is too much.
    bool takes(const std::string& id, const std::vector<std::string>& inputs, const ParamValues& params)
    {
        ++m_count;
        m_bytes += sizeof(NodeSpec) + id.size();
        if (params.is_object())
            for (const auto& [name, value] : params.items()) // some hundred bytes each, and what is in it
                m_bytes += 100 + (value.is_string() ? value.get_ref<const std::string&>().size() : value.size() * sizeof(nlohmann::json));
        for (const std::string& input : inputs)
            m_bytes += sizeof(std::string) + input.size();
        m_full = m_count > mostNodes || m_bytes > mostBytes;
        if (m_full)
            report(id, ErrorCode::NetworkTooLarge,
                   {{"found", m_count > mostNodes ? "> " + std::to_string(mostNodes) + " layers" : "> " + std::to_string(mostBytes >> 20) + " MiB"},
                    {"limit", m_count > mostNodes ? std::to_string(mostNodes) + " layers" : std::to_string(mostBytes >> 20) + " MiB"}});
        return !m_full;
    }

    /// `ports`: the flat nodes that feed the graph, if it is a block's.
    void emit(const GraphSpec& graph, const std::string& prefix, const std::vector<std::string>* ports)
    {
        std::map<std::string_view, const NodeSpec*> byId;
        for (const NodeSpec& node : graph.nodes)
            byId.emplace(node.id, &node);
        // A use that reads what is not there is left as it is, so that it is named for it.
        for (const NodeSpec& node : graph.nodes)
            if (node.type == blockType && std::any_of(node.inputs.begin(), node.inputs.end(), [&](const std::string& input) { return !byId.contains(input); }))
                m_sound.emplace(prefix + node.id, false);
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
            std::vector<std::string> inputs;
            for (const std::string& input : node.inputs)
                inputs.push_back(flatId(input));
            if (m_full || !takes(prefix + node.id, inputs, node.params))
                return;
            if (ports && node.type == portType && readable(node))
                continue;
            if (node.type == blockType && sound(node, prefix)) {
                const BlockSpec& block = *m_blocks.find(blockOf(node))->block;
                m_flat.uses[prefix + node.id] = {block.name, partPrefix(node, prefix, 0), outputOf(node, prefix), inputs};
                for (std::size_t part = 0; part < repeatsOf(node) && !m_full; ++part) {
                    if (part > 0)
                        inputs.front() = partOutput(node, prefix, part - 1);
                    emit(block.body, partPrefix(node, prefix, part), &inputs);
                }
                continue;
            }
            NodeSpec flat = node;
            flat.id = prefix + node.id;
            flat.inputs = std::move(inputs);
            if (!flat.shares.empty())
                flat.shares = prefix + flat.shares;
            m_flat.nodes.push_back(std::move(flat));
        }
    }

    static constexpr std::size_t mostBytes = std::size_t{32} << 20;

    const NetworkSpec& m_network;
    const BlockGraph m_blocks;
    Issues& m_issues;
    std::map<std::string, bool> m_sound;                 ///< of uses by flat id
    FlatNetwork m_flat;
    std::size_t m_count = 0, m_bytes = 0;
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
        addCost(cost, node.cost);
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
        addCost(inside.total, node.cost);
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
