#include "core/engine/Network.h"

#include "core/engine/Initialise.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

namespace limpid::engine {

struct Network::Private {
    std::vector<Layer> layers;
    std::vector<Slot> slots;
    NetworkContext context;
    std::shared_ptr<std::vector<float>> values;
    std::vector<float> gradients;
    std::vector<at::Tensor> tensors;   ///< parallel to slots; leaves whose grad lies in `gradients`

    void makeTensors();
};

void Network::Private::makeTensors()
{
    gradients.assign(values->size(), 0.0f);
    tensors.clear();
    for (const Slot& slot : slots) {
        at::Tensor tensor = at::from_blob(values->data() + slot.offset, slot.shape, at::kFloat);
        if (slot.trained) {
            tensor.set_requires_grad(true);
            // Autograd adds into a gradient that is there already, so all stay in one stretch.
            tensor.mutable_grad() = at::from_blob(gradients.data() + slot.offset, slot.shape, at::kFloat);
        }
        tensors.push_back(std::move(tensor));
    }
}

namespace {

/// What has arithmetic of its own here.
const std::map<std::string, LayerKind, std::less<>> kinds{
    {"Linear", LayerKind::Linear},              {"Embedding", LayerKind::Embedding},
    {"Conv2d", LayerKind::Conv2d},              {"MaxPool2d", LayerKind::MaxPool2d},
    {"AvgPool2d", LayerKind::AvgPool2d},        {"ReLU", LayerKind::ReLU},
    {"LeakyReLU", LayerKind::LeakyReLU},        {"ELU", LayerKind::ELU},
    {"SELU", LayerKind::SELU},                  {"GELU", LayerKind::GELU},
    {"SiLU", LayerKind::SiLU},                  {"Tanh", LayerKind::Tanh},
    {"Sigmoid", LayerKind::Sigmoid},            {"Softplus", LayerKind::Softplus},
    {"BatchNorm1d", LayerKind::BatchNorm1d},    {"BatchNorm2d", LayerKind::BatchNorm2d},
    {"LayerNorm", LayerKind::LayerNorm},        {"Dropout", LayerKind::Dropout},
    {"Dropout2d", LayerKind::Dropout2d},        {"Flatten", LayerKind::Flatten},
    {"Reshape", LayerKind::Reshape},            {"Concat", LayerKind::Concat},
    {"Add", LayerKind::Add},                    {"Identity", LayerKind::Reshape}};

/// Turns one node of the specification into a Layer and appends its slots.
class LayerBuilder
{
public:
    LayerBuilder(const NodeSpec& node, const TensorShape& shape, std::vector<TensorShape> inputs, std::vector<Slot>& slots)
        : m_node(node), m_type(*findLayer(node.type)), m_inputs(std::move(inputs)), m_output(shape), m_slots(slots)
    {
        m_layer.id = node.id;
        m_layer.type = &m_type;
        m_layer.params = node.params;
        m_layer.dims = shape.dims;
        m_layer.width = valueCount(shape);
    }

    Layer build()
    {
        if (m_node.type == "Input") {
            const nlohmann::json features = param("features");
            m_layer.kind = features == "categories" ? LayerKind::InputCategories : features == "text" ? LayerKind::InputText : LayerKind::InputNumbers;
            return m_layer;
        }
        m_layer.kind = kind();
        if (m_node.shares.empty())
            addSlots();
        switch (m_layer.kind) {
        case LayerKind::Embedding:
            for (const std::int64_t cardinality : m_inputs[0].cardinalities)
                m_layer.widths.push_back(embeddingWidth(cardinality, m_node.params));
            break;
        case LayerKind::Conv2d: m_layer.groups = param("groups").get<std::int64_t>(); break;
        case LayerKind::AvgPool2d: m_layer.countsPadding = param("count_include_pad").get<bool>(); break;
        case LayerKind::BatchNorm1d:
        case LayerKind::BatchNorm2d:
            m_layer.a = real("eps");
            m_layer.b = real("momentum");
            break;
        case LayerKind::LayerNorm: m_layer.a = real("eps"); break;
        case LayerKind::LeakyReLU: m_layer.a = real("negative_slope"); break;
        case LayerKind::ELU: m_layer.a = real("alpha"); break;
        case LayerKind::GELU: m_layer.tanhApproximation = param("approximate") == "tanh"; break;
        case LayerKind::Softplus:
            m_layer.a = real("beta");
            m_layer.b = real("threshold");
            break;
        case LayerKind::Dropout:
        case LayerKind::Dropout2d: m_layer.a = real("p"); break;
        default: break;
        }
        return m_layer;
    }

private:
    nlohmann::json param(std::string_view name) const { return paramValue(m_type.params, m_node.params, name); }
    double real(std::string_view name) const { return param(name).get<double>(); }

    /// Other, unless the arithmetic here covers these shapes and settings.
    LayerKind kind()
    {
        const auto found = kinds.find(m_node.type);
        if (found == kinds.end())
            return LayerKind::Other;
        const bool rows = m_output.dims.size() == 1;
        switch (found->second) {
        case LayerKind::Linear:
        case LayerKind::LayerNorm: return rows ? found->second : LayerKind::Other;
        case LayerKind::Embedding: return m_inputs[0].kind == TensorShape::Kind::Index ? found->second : LayerKind::Other;
        case LayerKind::Conv2d:
        case LayerKind::MaxPool2d:
        case LayerKind::AvgPool2d: {
            const Window window = *windowOf(m_type, m_node.params, 2);
            m_layer.window = {window.kernel[0], window.stride[0], window.padding[0], window.dilation[0], window.ceiling};
            return window.isSquare() ? found->second : LayerKind::Other;
        }
        case LayerKind::Concat: {
            const auto dim = param("dim").get<std::int64_t>();
            return dim == 1 || dim == -std::ssize(m_output.dims) ? found->second : LayerKind::Other;
        }
        case LayerKind::Add:
            return std::all_of(m_inputs.begin(), m_inputs.end(), [&](const TensorShape& input) { return input == m_output; }) ? found->second
                                                                                                                             : LayerKind::Other;
        default: return found->second;
        }
    }

    void addSlots()
    {
        if (!m_type.tensors)
            return;
        bool frozen = false;
        std::string rule = "default";
        for (const ParamSpec& spec : m_type.params) {
            if (spec.name == "freeze")
                frozen = param("freeze").get<bool>();
            if (spec.name == "weight_init")
                rule = param("weight_init").get<std::string>();
        }
        for (const TensorSpec& tensor : m_type.tensors(m_inputs, m_output, m_node.params)) {
            Slot made;
            made.name = m_node.id + "." + tensor.name;
            made.count = static_cast<std::size_t>(product(tensor.shape));
            made.shape = tensor.shape;
            made.trained = tensor.trained && !frozen;
            made.decays = tensor.decays;
            made.initial = tensor.initial;
            made.rule = tensor.decays ? rule : "default";
            m_layer.tensors.push_back(m_slots.size());
            m_slots.push_back(std::move(made));
        }
    }

    const NodeSpec& m_node;
    const LayerType& m_type;
    std::vector<TensorShape> m_inputs;
    const TensorShape& m_output;
    std::vector<Slot>& m_slots;
    Layer m_layer;
};

} // namespace

Network::Network() : d(std::make_unique<Private>()) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;

Network::Network(const NetworkSpec& spec, const NetworkContext& context) : Network()
{
    const NetworkAnalysis analysis = analyse(spec, context);
    throwFirstError(analysis.issues);
    d->context = context;
    const std::vector<NodeSpec>& nodes = analysis.flat.nodes;
    std::map<std::string_view, std::size_t> index;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        index.emplace(nodes[i].id, i);

    // Only what the outputs depend on is computed and kept.
    std::vector<bool> needed(nodes.size(), false);
    for (const std::string& output : analysis.flat.outputs)
        needed[index.at(output)] = true;
    for (auto node = analysis.order.rbegin(); node != analysis.order.rend(); ++node)
        if (needed[*node]) {
            for (const std::string& input : nodes[*node].inputs)
                needed[index.at(input)] = true;
        }

    // Slots in the order of the specification, layers in the order of computation.
    std::vector<Layer> built(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!needed[i])
            continue;
        std::vector<TensorShape> inputs;
        for (const std::string& input : nodes[i].inputs)
            inputs.push_back(analysis.flatNodes[index.at(input)].shape);
        built[i] = LayerBuilder(nodes[i], analysis.flatNodes[i].shape, std::move(inputs), d->slots).build();
    }
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (needed[i] && !nodes[i].shares.empty())
            built[i].tensors = built[index.at(nodes[i].shares)].tensors;
    std::vector<std::size_t> layerOf(nodes.size(), 0);
    for (const std::size_t i : analysis.order) {
        if (!needed[i])
            continue;
        layerOf[i] = d->layers.size();
        for (const std::string& input : nodes[i].inputs)
            built[i].inputs.push_back(layerOf[index.at(input)]);
        d->layers.push_back(std::move(built[i]));
    }
    std::vector<std::size_t> outputs;
    for (const std::string& output : analysis.flat.outputs)
        outputs.push_back(layerOf[index.at(output)]);
    // The output is the last layer: several are laid side by side, and so is one that others read as well.
    if (outputs.size() > 1 || outputs.front() + 1 != d->layers.size()) {
        Layer together;
        together.kind = LayerKind::Concat;
        together.type = findLayer("Concat");
        together.id = "outputs";
        together.inputs = std::move(outputs);
        together.width = context.outputs;
        together.dims = {context.outputs};
        d->layers.push_back(std::move(together));
    }

    std::size_t total = 0;
    for (Slot& slot : d->slots) {
        slot.offset = total;
        total += slot.count;
    }
    d->values = std::make_shared<std::vector<float>>(total, 0.0f);
    d->makeTensors();
}

Network Network::sibling() const
{
    Network other;
    other.d->layers = d->layers;
    other.d->slots = d->slots;
    other.d->context = d->context;
    other.d->values = d->values;
    other.d->makeTensors();
    return other;
}

const std::vector<Layer>& Network::layers() const { return d->layers; }
const std::vector<Slot>& Network::weightSlots() const { return d->slots; }
std::int64_t Network::numberWidth() const { return d->context.numbers; }
std::int64_t Network::categoryWidth() const { return static_cast<std::int64_t>(d->context.cardinalities.size()) + d->context.words; }
std::int64_t Network::textWidth() const { return d->context.words; }
std::int64_t Network::outputs() const { return d->context.outputs; }
std::span<float> Network::values() { return *d->values; }
std::span<const float> Network::values() const { return *d->values; }
std::span<float> Network::gradients() { return d->gradients; }
const at::Tensor& Network::tensor(std::size_t slot) const { return d->tensors[slot]; }

bool Network::has(LayerKind kind) const
{
    return std::any_of(d->layers.begin(), d->layers.end(), [&](const Layer& layer) { return layer.kind == kind; });
}

void Network::initialise(std::uint64_t seed)
{
    for (const Slot& slot : d->slots)
        initialiseSlot(slot, seed, values().subspan(slot.offset, slot.count));
    for (const Layer& layer : d->layers) // of words: the first stands for padding
        if (layer.kind == LayerKind::Other && (layer.type->name == "Embedding" || layer.type->name == "EmbeddingBag")) {
            const Slot& slot = d->slots[layer.tensors[0]];
            std::fill_n(values().begin() + static_cast<std::ptrdiff_t>(slot.offset), slot.shape[1], 0.0f);
        }
}

Weights Network::weights() const
{
    Weights weights;
    for (const Slot& slot : d->slots) {
        const std::span<const float> values = this->values().subspan(slot.offset, slot.count);
        weights.push_back({slot.name, slot.shape, {values.begin(), values.end()}});
    }
    return weights;
}

void Network::load(const Weights& weights, const std::string& path)
{
    std::map<std::string_view, const WeightTensor*> byName;
    for (const WeightTensor& tensor : weights)
        byName[tensor.name] = &tensor;
    for (const Slot& slot : d->slots) {
        const auto found = byName.find(slot.name);
        if (found == byName.end() || found->second->shape != slot.shape || found->second->values.size() != slot.count)
            throw Error(ErrorCode::BundleInvalid, {{"path", path}, {"reason", slot.name}});
        std::copy(found->second->values.begin(), found->second->values.end(),
                  d->values->begin() + static_cast<std::ptrdiff_t>(slot.offset));
        byName.erase(found);
    }
    if (!byName.empty())
        throw Error(ErrorCode::BundleInvalid, {{"path", path}, {"reason", std::string(byName.begin()->first)}});
}

} // namespace limpid::engine
