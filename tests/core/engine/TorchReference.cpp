#include "tests/core/engine/TorchReference.h"

#include "tests/core/engine/TorchModules.h"

#include <ATen/core/grad_mode.h>
#include <torch/types.h>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace limpid::test {

namespace {

/// A layer of the network without its blocks.
struct Flat {
    std::string id;
    const NodeSpec* node;
    std::vector<std::string> inputs;
    std::string shares;
};

nlohmann::json param(const NodeSpec& node, const char* name)
{
    return paramValue(findLayer(node.type)->params, node.params, name);
}

/// Blocks replaced by what is in them, from the rules in NetworkSpec.h.
class Expansion
{
public:
    explicit Expansion(const NetworkSpec& spec) : m_spec(spec)
    {
        expand(spec, "", {});
        for (const std::string& output : spec.outputs)
            outputs.push_back(idOf(spec, "", output, {}));
    }

    std::vector<Flat> layers;
    std::vector<std::string> outputs;

private:
    const GraphSpec& body(const NodeSpec& use) const { return m_spec.findBlock(param(use, "block").get<std::string>())->body; }

    static std::string prefixOf(const NodeSpec& use, const std::string& prefix, int part)
    {
        return prefix + use.id + (param(use, "repeat").get<int>() > 1 ? "." + std::to_string(part) + "." : ".");
    }

    std::string partOutput(const NodeSpec& use, const std::string& prefix, int part) const
    {
        return idOf(body(use), prefixOf(use, prefix, part), body(use).outputs.front(), {});
    }

    std::string idOf(const GraphSpec& graph, const std::string& prefix, const std::string& id, const std::vector<std::string>& ports) const
    {
        const NodeSpec& node = *graph.find(id);
        if (node.type == "BlockInput")
            return ports.at(param(node, "port").get<std::size_t>());
        return node.type == "Block" ? partOutput(node, prefix, param(node, "repeat").get<int>()) : prefix + id;
    }

    void expand(const GraphSpec& graph, const std::string& prefix, const std::vector<std::string>& ports)
    {
        for (const NodeSpec& node : graph.nodes) {
            if (node.type == "BlockInput")
                continue;
            std::vector<std::string> inputs;
            for (const std::string& input : node.inputs)
                inputs.push_back(idOf(graph, prefix, input, ports));
            if (node.type != "Block") {
                layers.push_back({prefix + node.id, &node, inputs, node.shares.empty() ? "" : prefix + node.shares});
                continue;
            }
            for (int part = 1; part <= param(node, "repeat").get<int>(); ++part) {
                expand(body(node), prefixOf(node, prefix, part), inputs);
                inputs.front() = partOutput(node, prefix, part);
            }
        }
    }

    const NetworkSpec& m_spec;
};

} // namespace

struct TorchReference::Private {
    NetworkSpec spec;
    NetworkContext context;
    torch::Dtype type = torch::kDouble;
    std::vector<Flat> layers;
    std::vector<std::string> outputIds;
    std::map<std::string, std::size_t> byId;
    std::map<std::string, TorchModule> modules;
    std::map<std::string, torch::Tensor> weights;   ///< by name
    std::vector<Node> nodes;
    std::int64_t peak = 0;
    torch::Tensor output;

    torch::Tensor input(const NodeSpec& node, const engine::Batch& batch) const
    {
        const nlohmann::json features = param(node, "features");
        const std::int64_t columns = std::ssize(context.cardinalities);
        if (features == "numbers")
            return torch::from_blob(const_cast<float*>(batch.numbers), {batch.rows, context.numbers}, torch::kFloat).to(type);
        const torch::Tensor all = torch::from_blob(const_cast<std::int32_t*>(batch.categories), {batch.rows, columns + context.words}, torch::kInt).to(torch::kLong);
        return features == "text" ? all.narrow(1, columns, context.words) : all.narrow(1, 0, columns);
    }

    /// Whether its input is the text and not category columns.
    bool readsWords(const Flat& layer) const
    {
        const NodeSpec& from = *layers[byId.at(layer.inputs.front())].node;
        return from.type == "Input" && param(from, "features") == "text";
    }

    TorchModule& module(const Flat& layer, const std::vector<torch::Tensor>& inputs)
    {
        const std::string owner = layer.shares.empty() ? layer.id : layer.shares;
        const auto found = modules.find(owner);
        if (found != modules.end())
            return found->second;
        // Of a layer that shares: made by whichever comes first, as both have the same weights.
        TorchModule& made = modules[owner] = makeTorchModule(layer.node->type, layer.node->params, inputs, readsWords(layer), context, type);
        for (const auto& [name, tensor] : made.parameters())
            weights[owner + "." + name] = tensor;
        for (const auto& [name, tensor] : made.buffers())
            weights[owner + "." + name] = tensor;
        return made;
    }

    void describe(const Flat& layer, const torch::Tensor& result)
    {
        Node node;
        node.id = layer.id;
        node.shape = result.sizes().slice(1).vec();
        if (const auto found = modules.find(layer.id); layer.shares.empty() && found != modules.end()) {
            for (const auto& [name, tensor] : found->second.parameters()) {
                node.parameters.emplace_back(name, tensor.sizes().vec());
                node.parameterCount += tensor.numel();
            }
            for (const auto& [name, tensor] : found->second.buffers())
                node.buffers.emplace_back(name, tensor.sizes().vec());
        }
        nodes.push_back(std::move(node));
    }
};

TorchReference::TorchReference(const NetworkSpec& spec, const NetworkContext& context, bool isDouble) : d(std::make_unique<Private>())
{
    d->spec = spec;
    d->context = context;
    d->type = isDouble ? torch::kDouble : torch::kFloat;
    Expansion expansion(d->spec);
    d->layers = std::move(expansion.layers);
    d->outputIds = std::move(expansion.outputs);
    for (std::size_t i = 0; i < d->layers.size(); ++i)
        d->byId[d->layers[i].id] = i;
}

TorchReference::~TorchReference() = default;

bool TorchReference::forward(const engine::Batch& batch, const std::vector<std::string>& order, bool training)
{
    if (order.size() != d->layers.size())
        return false;
    // What the outputs need, and by how many layers and outputs each result is read.
    std::map<std::string, int> readers;
    std::vector<std::string> open = d->outputIds;
    for (const std::string& output : open)
        ++readers[output];
    for (std::size_t next = 0; next < open.size(); ++next)
        for (const std::string& from : d->layers[d->byId.at(open[next])].inputs)
            if (++readers[from] == 1)
                open.push_back(from);

    d->nodes.clear();
    d->peak = 0;
    std::map<std::string, torch::Tensor> results;
    std::int64_t held = 0;
    for (const std::string& id : order) {
        const auto found = d->byId.find(id);
        if (found == d->byId.end())
            return false;
        const Flat& layer = d->layers[found->second];
        std::vector<torch::Tensor> inputs;
        for (const std::string& from : layer.inputs) {
            if (!results.contains(from))
                return false;
            inputs.push_back(results[from]);
        }
        torch::Tensor result;
        if (layer.node->type == "Input") {
            result = d->input(*layer.node, batch);
        } else {
            TorchModule& module = d->module(layer, inputs);
            module.train(training && readers[id] > 0); // what is not computed learns no statistics
            result = module.call(inputs);
        }
        d->describe(layer, result);
        results[id] = result;
        if (readers[id] == 0)
            continue; // nothing reads it: the network does not compute it
        held += result.numel() / batch.rows;
        d->peak = std::max(d->peak, held);
        for (std::size_t k = 0; k < layer.inputs.size(); ++k)
            if (--readers[layer.inputs[k]] == 0)
                held -= inputs[k].numel() / batch.rows;
    }
    std::vector<torch::Tensor> outputs;
    for (const std::string& id : d->outputIds)
        outputs.push_back(results.at(id));
    d->output = torch::cat(outputs, 1);
    return true;
}

const std::vector<TorchReference::Node>& TorchReference::nodes() const { return d->nodes; }
std::int64_t TorchReference::peak() const { return d->peak; }

void TorchReference::load(const Weights& weights)
{
    const at::NoGradGuard noGrad;
    for (const WeightTensor& weight : weights) {
        torch::Tensor& to = d->weights.at(weight.name);
        if (to.sizes().vec() != weight.shape)
            throw std::runtime_error("the shape of " + weight.name);
        to.copy_(torch::from_blob(const_cast<float*>(weight.values.data()), weight.shape, torch::kFloat));
    }
}

namespace {

std::vector<double> numbers(const torch::Tensor& tensor)
{
    const torch::Tensor flat = tensor.detach().to(torch::kDouble).contiguous();
    return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

} // namespace

std::vector<double> TorchReference::outputs() const { return numbers(d->output); }

void TorchReference::backward(const std::vector<float>& outputGradient)
{
    for (auto& [name, weight] : d->weights)
        weight.mutable_grad() = torch::Tensor();
    if (d->output.requires_grad())
        d->output.backward(torch::from_blob(const_cast<float*>(outputGradient.data()), d->output.sizes(), torch::kFloat).to(d->type));
}

std::vector<double> TorchReference::gradient(const std::string& name) const
{
    const torch::Tensor& weight = d->weights.at(name);
    return numbers(weight.grad().defined() ? weight.grad() : torch::zeros_like(weight));
}

std::vector<double> TorchReference::value(const std::string& name) const { return numbers(d->weights.at(name)); }

} // namespace limpid::test
