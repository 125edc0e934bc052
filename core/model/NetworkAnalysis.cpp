#include "core/model/LayerParts.h"
#include "core/model/NetworkBlocks.h"

#include <algorithm>
#include <set>

namespace limpid {

namespace {

/// A network's wiring by index, without what can't be resolved.
struct Graph {
    std::vector<std::vector<std::size_t>> inputs;   ///< of each node, in order
    std::vector<std::vector<std::size_t>> outputs;
    std::vector<bool> wired;                        ///< every input was found
    std::map<std::string_view, std::size_t> byId;
};

Issue nodeIssue(const std::string& node, ErrorCode code, Facts facts, Severity severity = Severity::Error)
{
    facts.insert(facts.begin(), {"node", node});
    return {severity, node, code, std::move(facts)};
}

Graph resolve(const FlatNetwork& network, Issues& issues)
{
    const std::size_t count = network.nodes.size();
    Graph graph{std::vector<std::vector<std::size_t>>(count), std::vector<std::vector<std::size_t>>(count), std::vector<bool>(count, true), {}};
    for (std::size_t i = 0; i < count; ++i)
        if (!graph.byId.emplace(network.nodes[i].id, i).second)
            issues.push_back(nodeIssue(network.nodes[i].id, ErrorCode::NetworkNodeDuplicate, {}));
    for (std::size_t i = 0; i < count; ++i)
        for (const std::string& input : network.nodes[i].inputs) {
            const auto found = graph.byId.find(input);
            if (found == graph.byId.end()) {
                if (graph.wired[i]) // one says enough: there may be a million
                    issues.push_back(nodeIssue(network.nodes[i].id, ErrorCode::NetworkInputUnknown, {{"input", input}}));
                graph.wired[i] = false;
                continue;
            }
            graph.inputs[i].push_back(found->second);
            graph.outputs[found->second].push_back(i);
        }
    return graph;
}

/// Which nodes lie on a cycle: those whose strongly connected component has more than one node or an edge to itself
/// (Tarjan 1972), without recursion, since a chain may be as long as the network.
std::vector<bool> nodesOnCycles(const Graph& graph)
{
    const std::size_t count = graph.outputs.size(), unseen = count;
    std::vector<std::size_t> number(count, unseen), low(count, 0), stack;
    std::vector<bool> onStack(count, false), onCycle(count, false);
    std::vector<std::pair<std::size_t, std::size_t>> path; // node, which of its edges is next
    std::size_t next = 0;
    for (std::size_t start = 0; start < count; ++start) {
        if (number[start] != unseen)
            continue;
        path.push_back({start, 0});
        while (!path.empty()) {
            auto& [node, edge] = path.back();
            if (number[node] == unseen) {
                number[node] = low[node] = next++;
                stack.push_back(node);
                onStack[node] = true;
            }
            if (edge < graph.outputs[node].size()) {
                const std::size_t to = graph.outputs[node][edge++];
                if (to == node)
                    onCycle[node] = true;
                else if (number[to] == unseen)
                    path.push_back({to, 0});
                else if (onStack[to])
                    low[node] = std::min(low[node], number[to]);
                continue;
            }
            const std::size_t done = node;
            if (low[done] == number[done]) {
                const bool several = stack.back() != done;
                for (std::size_t member = unseen; member != done;) {
                    member = stack.back();
                    stack.pop_back();
                    onStack[member] = false;
                    onCycle[member] = onCycle[member] || several;
                }
            }
            path.pop_back();
            if (!path.empty())
                low[path.back().first] = std::min(low[path.back().first], low[done]);
        }
    }
    return onCycle;
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
    constexpr std::size_t most = 8; // of the settings of one layer; there may be thousands of layers
    Issues found = validateParams(type.params, node.params);
    found.resize(std::min(found.size(), most));
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
    const nlohmann::json features = paramValue(type.params, node.params, "features");
    if (features == "categories")
        return {TensorShape::Kind::Index, {static_cast<std::int64_t>(context.cardinalities.size())}, context.cardinalities};
    if (features == "text")
        return {TensorShape::Kind::Tokens, {context.words}, {context.vocabulary}};
    return {TensorShape::Kind::Float, {context.numbers}, {}};
}

Issue tooLarge(const std::string& node, std::int64_t found, std::int64_t limit, const char* unit)
{
    const auto text = [&](std::int64_t count) { return (count >= largestCount ? "> " : "") + std::to_string(count) + " " + unit; };
    return nodeIssue(node, ErrorCode::NetworkTooLarge, {{"found", text(found)}, {"limit", text(limit)}});
}

void analyseNode(const NodeSpec& node, std::vector<TensorShape> inputs, const NetworkContext& context, NodeAnalysis& result,
                 std::vector<TensorSpec>& tensors, Issues& issues)
{
    const LayerType& type = *findLayer(node.type);
    if (node.type == "Input") {
        inputs = {tableShape(node, type, context)};
        if (inputs[0].dims[0] == 0) {
            issues.push_back(nodeIssue(node.id, ErrorCode::NetworkNoFeatures,
                                       {{"features", paramValue(type.params, node.params, "features").get<std::string>()}}));
            return;
        }
    }
    Issues own;
    result.shape = type.infer(inputs, node.params, own);
    result.valid = std::none_of(own.begin(), own.end(), [](const Issue& issue) { return issue.severity == Severity::Error; });
    for (Issue& issue : own)
        issues.push_back(nodeIssue(node.id, issue.code, std::move(issue.facts), issue.severity));
    if (!result.valid)
        return;
    std::int64_t parameters = 0;
    if (type.tensors)
        tensors = type.tensors(inputs, result.shape, node.params);
    for (const TensorSpec& tensor : tensors)
        if (tensor.trained)
            parameters = std::min(largestCount, parameters + product(tensor.shape));
    // What would be computed for a row bounds every figure below, so that none of them overflows.
    const std::int64_t values = valueCount(result.shape), work[] = {values, std::max<std::int64_t>(1, parameters)};
    if (values > mostValues)
        issues.push_back(tooLarge(node.id, values, mostValues, "values"));
    else if (parameters > mostParameters)
        issues.push_back(tooLarge(node.id, parameters, mostParameters, "weights"));
    else if (product(work) >= largestCount)
        issues.push_back(tooLarge(node.id, largestCount, largestCount, "products"));
    else {
        result.cost = type.cost(inputs, result.shape, node.params);
        result.cost.parameters = parameters;
        // What a layer keeps may be more than what it gives: attention weighs each place of a sequence against each.
        if (result.cost.activations <= 2 * mostValues)
            return;
        issues.push_back(tooLarge(node.id, result.cost.activations, 2 * mostValues, "values"));
        result.cost = {};
    }
    result.valid = false;
}

/// What may stand between the layer that gives the prediction and the output without changing anything but its place.
bool passesOn(const std::string& type)
{
    return type == "Identity" || type == "Flatten" || type == "Reshape" || type == "Dropout";
}

/// Whether the layer alone keeps a network from being one linear map.
bool isNonLinear(const LayerType& type)
{
    static const std::set<std::string_view> kinds{"Multiply", "Bilinear", "MaxPool1d", "MaxPool2d", "MaxPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d",
                                                  "GlobalMaxPool", "LayerNorm", "GroupNorm", "InstanceNorm2d", "MultiheadAttention", "TransformerEncoderLayer"};
    return type.group == "activation" || type.group == "recurrent" || kinds.contains(type.name);
}

/// Of the layers that the outputs depend on: what is used nowhere, what is too much at the end, what is missing between.
class OutputChecks
{
public:
    OutputChecks(const NetworkContext& context, const Graph& graph, NetworkAnalysis& analysis)
        : m_context(context), m_graph(graph), m_analysis(analysis), m_nodes(analysis.flat.nodes)
    {
    }

    void run()
    {
        std::vector<std::size_t> outputs;
        for (const std::string& id : m_analysis.flat.outputs)
            if (const auto found = m_graph.byId.find(id); found != m_graph.byId.end())
                outputs.push_back(found->second);
        if (outputs.empty() || outputs.size() != m_analysis.flat.outputs.size()) {
            m_analysis.issues.push_back({Severity::Error, "", ErrorCode::NetworkNoOutput, {}});
            return;
        }
        checkSize(outputs);
        m_used.assign(m_nodes.size(), false);
        std::vector<std::size_t> open = outputs;
        while (!open.empty()) {
            const std::size_t node = open.back();
            open.pop_back();
            if (m_used[node])
                continue;
            m_used[node] = true;
            open.insert(open.end(), m_graph.inputs[node].begin(), m_graph.inputs[node].end());
        }
        for (std::size_t i = 0; i < m_nodes.size(); ++i)
            if (!m_used[i] && findLayer(m_nodes[i].type))
                m_analysis.issues.push_back(nodeIssue(m_nodes[i].id, ErrorCode::NetworkUnused, {}, Severity::Warning));
        if (m_analysis.ok())
            checkIdleShares();
        if (m_analysis.ok()) {
            for (const std::size_t output : outputs)
                checkEnd(output);
            checkLinear();
            countPeak(outputs);
        }
    }

private:
    /// What nothing reads is not computed and keeps no weights for others.
    void checkIdleShares()
    {
        for (std::size_t i = 0; i < m_nodes.size(); ++i)
            if (m_used[i] && !m_nodes[i].shares.empty() && !m_used[m_graph.byId.at(m_nodes[i].shares)])
                m_analysis.issues.push_back(nodeIssue(m_nodes[i].id, ErrorCode::NetworkShares, {{"other", m_nodes[i].shares}}));
    }

    void checkSize(const std::vector<std::size_t>& outputs)
    {
        TensorShape found{TensorShape::Kind::Float, {0}, {}};
        for (const std::size_t output : outputs) {
            const NodeAnalysis& node = m_analysis.flatNodes[output];
            if (!node.valid)
                return;
            if (node.shape.kind != TensorShape::Kind::Float || node.shape.dims.size() != 1) {
                wrongSize(output, node.shape);
                return;
            }
            found.dims[0] += node.shape.dims[0];
        }
        if (found.dims[0] != m_context.outputs)
            wrongSize(outputs.back(), found);
    }

    void wrongSize(std::size_t output, const TensorShape& found)
    {
        m_analysis.issues.push_back(nodeIssue(m_nodes[output].id, ErrorCode::NetworkOutputSize,
                                              {{"found", shapeText(found)}, {"expected", shapeText({TensorShape::Kind::Float, {m_context.outputs}, {}})}}));
    }

    void checkEnd(std::size_t output)
    {
        while (passesOn(m_nodes[output].type))
            output = m_graph.inputs[output].front();
        const std::string& type = m_nodes[output].type;
        if (m_context.classifies && (type == "Softmax" || type == "LogSoftmax" || type == "Sigmoid"))
            m_analysis.issues.push_back(nodeIssue(m_nodes[output].id, ErrorCode::NetworkSoftmax, {{"type", type}}, Severity::Warning));
    }

    void checkLinear()
    {
        int weighted = 0;
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            if (!m_used[i])
                continue;
            const LayerType& type = *findLayer(m_nodes[i].type);
            if (isNonLinear(type))
                return;
            weighted += type.name == "Linear" || type.group == "convolution" ? 1 : 0;
        }
        // One layer beside another, as of a wide and a deep part, is no chain; only one after another is in vain.
        if (weighted > 1 && longestChain() > 1)
            m_analysis.issues.push_back({Severity::Warning, "", ErrorCode::NetworkLinear, {}});
    }

    int longestChain() const
    {
        std::vector<int> chain(m_nodes.size(), 0);
        int longest = 0;
        for (const std::size_t node : m_analysis.order) {
            const LayerType& type = *findLayer(m_nodes[node].type);
            for (const std::size_t input : m_graph.inputs[node])
                chain[node] = std::max(chain[node], chain[input]);
            chain[node] += type.name == "Linear" || type.group == "convolution" ? 1 : 0;
            longest = m_used[node] ? std::max(longest, chain[node]) : longest;
        }
        return longest;
    }

    void countPeak(const std::vector<std::size_t>& outputs)
    {
        std::vector<std::size_t> waiting(m_nodes.size(), 0);
        for (std::size_t i = 0; i < m_nodes.size(); ++i)
            for (const std::size_t input : m_graph.inputs[i])
                waiting[input] += m_used[i] ? 1 : 0;
        for (const std::size_t output : outputs)
            ++waiting[output];
        std::int64_t alive = 0;
        for (const std::size_t node : m_analysis.order) {
            if (!m_used[node])
                continue;
            alive += valueCount(m_analysis.flatNodes[node].shape);
            m_analysis.peakActivations = std::max(m_analysis.peakActivations, alive);
            for (const std::size_t input : m_graph.inputs[node])
                if (--waiting[input] == 0)
                    alive -= valueCount(m_analysis.flatNodes[input].shape);
        }
    }

    const NetworkContext& m_context;
    const Graph& m_graph;
    NetworkAnalysis& m_analysis;
    const std::vector<NodeSpec>& m_nodes;
    std::vector<bool> m_used;
};

/// A layer that uses another's weights has none of its own to be counted.
void checkShared(const Graph& graph, const std::vector<std::vector<TensorSpec>>& tensors, NetworkAnalysis& analysis)
{
    const auto sameShapes = [](const std::vector<TensorSpec>& a, const std::vector<TensorSpec>& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](const TensorSpec& x, const TensorSpec& y) { return x.name == y.name && x.shape == y.shape; });
    };
    for (std::size_t i = 0; i < analysis.flat.nodes.size(); ++i) {
        const NodeSpec& node = analysis.flat.nodes[i];
        if (node.shares.empty() || !analysis.flatNodes[i].valid)
            continue;
        const auto found = graph.byId.find(node.shares);
        const bool known = found != graph.byId.end() && found->second != i;
        if (known && !analysis.flatNodes[found->second].valid)
            continue;
        const NodeSpec* other = known ? &analysis.flat.nodes[found->second] : nullptr;
        if (!other || other->type != node.type || !other->shares.empty() || tensors[i].empty() || !sameShapes(tensors[i], tensors[found->second]))
            analysis.issues.push_back(nodeIssue(node.id, ErrorCode::NetworkShares, {{"other", node.shares}}));
        else
            analysis.flatNodes[i].cost.parameters = 0;
    }
}

void checkNode(const NodeSpec& node, std::size_t index, std::vector<bool>& sound, Issues& issues)
{
    const LayerType* type = findLayer(node.type);
    if (!type) {
        std::vector<std::string> names;
        for (const LayerType& known : layerCatalog())
            names.push_back(known.name);
        issues.push_back(nodeIssue(node.id, ErrorCode::NetworkLayerUnknown, {{"type", node.type}, {"nearest", nearestName(node.type, names)}}));
        sound[index] = false;
        return;
    }
    const bool params = checkParams(node, *type, issues);
    const bool inputs = type->group == "block" || checkInputCount(node, *type, issues);
    if (node.type == "BlockInput")
        issues.push_back(nodeIssue(node.id, ErrorCode::NetworkBlockInput, {}));
    sound[index] = sound[index] && params && inputs && type->group != "block"; // a block that is left could not be resolved, and says why
}

} // namespace

bool NetworkAnalysis::ok() const
{
    return std::none_of(issues.begin(), issues.end(), [](const Issue& issue) { return issue.severity == Severity::Error; });
}

NetworkAnalysis analyse(const NetworkSpec& network, const NetworkContext& context)
{
    NetworkAnalysis analysis;
    analysis.flat = flatten(network, analysis.issues);
    const std::vector<NodeSpec>& nodes = analysis.flat.nodes;
    const Graph graph = resolve(analysis.flat, analysis.issues);
    const std::vector<bool> onCycle = nodesOnCycles(graph);
    std::vector<bool> sound = graph.wired;
    analysis.flatNodes.resize(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        analysis.flatNodes[i].id = nodes[i].id;
        if (onCycle[i])
            analysis.issues.push_back(nodeIssue(nodes[i].id, ErrorCode::NetworkCycle, {}));
        checkNode(nodes[i], i, sound, analysis.issues);
    }

    analysis.order = sorted(graph, onCycle);
    std::vector<std::vector<TensorSpec>> tensors(nodes.size());
    for (const std::size_t i : analysis.order) {
        std::vector<TensorShape> inputs;
        for (const std::size_t input : graph.inputs[i])
            if (analysis.flatNodes[input].valid)
                inputs.push_back(analysis.flatNodes[input].shape);
        // A node below a faulty one has no shape, and no issue of its own: the fault above is the one to mend.
        if (sound[i] && inputs.size() == graph.inputs[i].size())
            analyseNode(nodes[i], std::move(inputs), context, analysis.flatNodes[i], tensors[i], analysis.issues);
    }
    checkShared(graph, tensors, analysis);
    for (const NodeAnalysis& node : analysis.flatNodes) {
        analysis.total.parameters += node.cost.parameters;
        analysis.total.flops = std::min(largestCount, analysis.total.flops + node.cost.flops);
        analysis.total.activations = std::min(largestCount, analysis.total.activations + node.cost.activations);
    }
    if (analysis.total.parameters > mostParameters)
        analysis.issues.push_back(tooLarge("", analysis.total.parameters, mostParameters, "weights"));
    OutputChecks(context, graph, analysis).run();
    analysis.nodes = foldAnalysis(network, "", analysis);
    return analysis;
}

} // namespace limpid
