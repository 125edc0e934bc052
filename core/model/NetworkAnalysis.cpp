#include "core/model/NetworkSpec.h"

#include <algorithm>
#include <map>

namespace limpid {

namespace {

/// A network's wiring by index, without what can't be resolved.
struct Graph {
    std::vector<std::vector<std::size_t>> inputs;   ///< of each node, in order
    std::vector<std::vector<std::size_t>> outputs;
    std::vector<bool> wired;                        ///< every input was found
};

Issue nodeIssue(const std::string& node, ErrorCode code, Facts facts, Severity severity = Severity::Error)
{
    facts.insert(facts.begin(), {"node", node});
    return {severity, node, code, std::move(facts)};
}

Graph resolve(const NetworkSpec& network, Issues& issues)
{
    const std::size_t count = network.nodes.size();
    std::map<std::string_view, std::size_t> byId;
    for (std::size_t i = 0; i < count; ++i)
        if (!byId.emplace(network.nodes[i].id, i).second)
            issues.push_back(nodeIssue(network.nodes[i].id, ErrorCode::NetworkNodeDuplicate, {}));
    Graph graph{std::vector<std::vector<std::size_t>>(count), std::vector<std::vector<std::size_t>>(count),
                std::vector<bool>(count, true)};
    for (std::size_t i = 0; i < count; ++i)
        for (const std::string& input : network.nodes[i].inputs) {
            const auto found = byId.find(input);
            if (found == byId.end()) {
                issues.push_back(nodeIssue(network.nodes[i].id, ErrorCode::NetworkInputUnknown, {{"input", input}}));
                graph.wired[i] = false;
                continue;
            }
            graph.inputs[i].push_back(found->second);
            graph.outputs[found->second].push_back(i);
        }
    return graph;
}

/// What can be reached from `start` along `edges`, `start` itself only over an edge.
std::vector<bool> reachable(const std::vector<std::vector<std::size_t>>& edges, std::size_t start)
{
    std::vector<bool> seen(edges.size(), false);
    std::vector<std::size_t> open{start};
    while (!open.empty()) {
        const std::size_t node = open.back();
        open.pop_back();
        for (const std::size_t next : edges[node])
            if (!seen[next]) {
                seen[next] = true;
                open.push_back(next);
            }
    }
    return seen;
}

/// Kahn's algorithm over the nodes that are on no cycle, ties in the order of the list.
std::vector<std::size_t> sorted(const Graph& graph, const std::vector<bool>& onCycle)
{
    const std::size_t count = graph.inputs.size();
    std::vector<std::size_t> waiting(count, 0);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < count; ++i) {
        for (const std::size_t input : graph.inputs[i])
            waiting[i] += onCycle[input] ? 0 : 1;
        if (waiting[i] == 0 && !onCycle[i])
            order.push_back(i);
    }
    for (std::size_t done = 0; done < order.size(); ++done)
        for (const std::size_t next : graph.outputs[order[done]])
            if (--waiting[next] == 0 && !onCycle[next])
                order.push_back(next);
    return order;
}

bool checkParams(const NodeSpec& node, const LayerType& type, Issues& issues)
{
    const Issues found = validateParams(type.params, node.params);
    for (const Issue& issue : found) {
        std::string expected = fact(issue.facts, "expected");
        if (issue.code == ErrorCode::OptionUnknown)
            for (const ParamSpec& known : type.params)
                expected += (expected.empty() ? "" : ", ") + known.name;
        issues.push_back(nodeIssue(
            node.id, ErrorCode::NetworkParam,
            {{"name", issue.where}, {"value", fact(issue.facts, "value")}, {"expected", expected}}));
    }
    return found.empty();
}

bool checkInputCount(const NodeSpec& node, const LayerType& type, Issues& issues)
{
    const auto found = static_cast<int>(node.inputs.size());
    if (found >= type.minInputs && (type.maxInputs < 0 || found <= type.maxInputs))
        return true;
    std::string expected = type.maxInputs < 0 ? "≥ " : "";
    expected += std::to_string(type.minInputs);
    if (type.maxInputs > type.minInputs)
        expected += " … " + std::to_string(type.maxInputs);
    issues.push_back(nodeIssue(node.id, ErrorCode::NetworkInputCount,
                               {{"found", std::to_string(found)}, {"expected", expected}}));
    return false;
}

/// The table's shape for an Input node; dims of {0} where the table has no such features.
TensorShape tableShape(const NodeSpec& node, const LayerType& type, const NetworkContext& context)
{
    if (paramValue(type.params, node.params, "features") == "categories")
        return {TensorShape::Kind::Index, {static_cast<std::int64_t>(context.cardinalities.size())},
                context.cardinalities};
    return {TensorShape::Kind::Float, {context.numbers}, {}};
}

void analyseNode(const NodeSpec& node, std::vector<TensorShape> inputs, const NetworkContext& context,
                 NodeAnalysis& result, Issues& issues)
{
    const LayerType& type = *findLayer(node.type);
    if (node.type == "Input") {
        inputs = {tableShape(node, type, context)};
        if (inputs[0].dims[0] == 0) {
            issues.push_back(nodeIssue(
                node.id, ErrorCode::NetworkNoFeatures,
                {{"features", paramValue(type.params, node.params, "features").get<std::string>()}}));
            return;
        }
    }
    Issues own;
    result.shape = type.infer(inputs, node.params, own);
    result.valid = own.empty();
    for (Issue& issue : own)
        issues.push_back(nodeIssue(node.id, issue.code, std::move(issue.facts), issue.severity));
    if (result.valid)
        result.cost = type.cost(inputs, result.shape, node.params);
}

void checkOutput(const NetworkSpec& network, const NetworkContext& context, const Graph& graph,
                 NetworkAnalysis& analysis)
{
    const auto found = std::find_if(network.nodes.begin(), network.nodes.end(),
                                    [&](const NodeSpec& node) { return node.id == network.output; });
    if (found == network.nodes.end()) {
        analysis.issues.push_back({Severity::Error, "", ErrorCode::NetworkNoOutput, {}});
        return;
    }
    const auto output = static_cast<std::size_t>(found - network.nodes.begin());
    const NodeAnalysis& result = analysis.nodes[output];
    const TensorShape wanted{TensorShape::Kind::Float, {context.outputs}, {}};
    if (result.valid && result.shape != wanted)
        analysis.issues.push_back(
            nodeIssue(found->id, ErrorCode::NetworkOutputSize,
                      {{"found", shapeText(result.shape)}, {"expected", shapeText(wanted)}}));
    const std::vector<bool> used = reachable(graph.inputs, output);
    for (std::size_t i = 0; i < network.nodes.size(); ++i)
        if (!used[i] && i != output)
            analysis.issues.push_back(
                nodeIssue(network.nodes[i].id, ErrorCode::NetworkUnused, {}, Severity::Warning));
}

} // namespace

bool NetworkAnalysis::ok() const
{
    return std::none_of(issues.begin(), issues.end(),
                        [](const Issue& issue) { return issue.severity == Severity::Error; });
}

NetworkAnalysis analyse(const NetworkSpec& network, const NetworkContext& context)
{
    NetworkAnalysis analysis;
    const Graph graph = resolve(network, analysis.issues);
    const std::size_t count = network.nodes.size();
    analysis.nodes.resize(count);

    std::vector<bool> onCycle(count, false);
    std::vector<bool> sound(count, true);
    for (std::size_t i = 0; i < count; ++i) {
        const NodeSpec& node = network.nodes[i];
        analysis.nodes[i].id = node.id;
        onCycle[i] = reachable(graph.outputs, i)[i];
        if (onCycle[i])
            analysis.issues.push_back(nodeIssue(node.id, ErrorCode::NetworkCycle, {}));
        const LayerType* type = findLayer(node.type);
        if (!type) {
            std::vector<std::string> names;
            for (const LayerType& known : layerCatalog())
                names.push_back(known.name);
            analysis.issues.push_back(nodeIssue(node.id, ErrorCode::NetworkLayerUnknown,
                                                {{"type", node.type}, {"nearest", nearestName(node.type, names)}}));
            sound[i] = false;
            continue;
        }
        const bool params = checkParams(node, *type, analysis.issues);
        const bool inputs = checkInputCount(node, *type, analysis.issues);
        sound[i] = params && inputs && graph.wired[i];
    }

    analysis.order = sorted(graph, onCycle);
    for (const std::size_t i : analysis.order) {
        std::vector<TensorShape> inputs;
        for (const std::size_t input : graph.inputs[i])
            if (analysis.nodes[input].valid)
                inputs.push_back(analysis.nodes[input].shape);
        // A node below a faulty one has no shape, and no issue of its own: the fault above is the one to mend.
        if (!sound[i] || inputs.size() != graph.inputs[i].size())
            continue;
        analyseNode(network.nodes[i], std::move(inputs), context, analysis.nodes[i], analysis.issues);
        const LayerCost& cost = analysis.nodes[i].cost;
        analysis.total.parameters += cost.parameters;
        analysis.total.flops += cost.flops;
        analysis.total.activations += cost.activations;
    }
    checkOutput(network, context, graph, analysis);
    return analysis;
}

} // namespace limpid
