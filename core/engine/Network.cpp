#include "core/engine/Network.h"

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
    {"Add", LayerKind::Add}};

/// Turns one node of the specification into a Layer and appends its slots.
class LayerBuilder
{
public:
    LayerBuilder(const NodeSpec& node, const TensorShape& shape, std::vector<Slot>& slots)
        : m_node(node), m_type(*findLayer(node.type)), m_slots(slots)
    {
        m_layer.id = node.id;
        m_layer.dims = shape.dims;
        m_layer.width = valueCount(shape);
    }

    Layer build(const TensorShape* input)
    {
        if (m_node.type == "Input") {
            m_layer.kind = param("features") == "categories" ? LayerKind::InputCategories : LayerKind::InputNumbers;
            return m_layer;
        }
        m_layer.kind = kinds.find(m_node.type)->second;
        switch (m_layer.kind) {
        case LayerKind::Linear:
            slot("weight", {m_layer.width, input->dims.at(0)}, true, true);
            if (param("bias").get<bool>())
                slot("bias", {m_layer.width}, true, false);
            break;
        case LayerKind::Embedding:
            for (std::size_t column = 0; column < input->cardinalities.size(); ++column) {
                m_layer.widths.push_back(embeddingWidth(input->cardinalities[column], m_node.params));
                slot(std::to_string(column) + ".weight", {input->cardinalities[column], m_layer.widths.back()}, true, true);
            }
            break;
        case LayerKind::Conv2d:
            m_layer.window = imageWindow(m_type, m_node.params);
            m_layer.groups = param("groups").get<std::int64_t>();
            slot("weight", {m_layer.dims[0], input->dims[0] / m_layer.groups, m_layer.window.kernel, m_layer.window.kernel}, true, true);
            if (param("bias").get<bool>())
                slot("bias", {m_layer.dims[0]}, true, false);
            break;
        case LayerKind::MaxPool2d: m_layer.window = imageWindow(m_type, m_node.params); break;
        case LayerKind::AvgPool2d:
            m_layer.window = imageWindow(m_type, m_node.params);
            m_layer.countsPadding = param("count_include_pad").get<bool>();
            break;
        case LayerKind::BatchNorm1d:
        case LayerKind::BatchNorm2d:
            normSlots("affine");
            slot("running_mean", {m_layer.dims[0]}, false, false);
            slot("running_var", {m_layer.dims[0]}, false, false);
            m_layer.a = real("eps");
            m_layer.b = real("momentum");
            break;
        case LayerKind::LayerNorm:
            normSlots("elementwise_affine");
            m_layer.a = real("eps");
            break;
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

    void normSlots(std::string_view affine)
    {
        if (!param(affine).get<bool>())
            return;
        slot("weight", {m_layer.dims[0]}, true, false);
        slot("bias", {m_layer.dims[0]}, true, false);
    }

    void slot(const std::string& name, std::vector<std::int64_t> shape, bool trained, bool decays)
    {
        Slot made;
        made.name = m_node.id + "." + name;
        made.count = 1;
        for (const std::int64_t dim : shape)
            made.count *= static_cast<std::size_t>(dim);
        made.shape = std::move(shape);
        made.trained = trained;
        made.decays = decays;
        m_layer.tensors.push_back(m_slots.size());
        m_slots.push_back(std::move(made));
    }

    const NodeSpec& m_node;
    const LayerType& m_type;
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

    std::map<std::string_view, std::size_t> specIndex;
    for (std::size_t i = 0; i < spec.nodes.size(); ++i)
        specIndex.emplace(spec.nodes[i].id, i);

    // Only what the output depends on is computed and kept.
    std::vector<bool> needed(spec.nodes.size(), false);
    needed[specIndex.at(spec.output)] = true;
    for (auto node = analysis.order.rbegin(); node != analysis.order.rend(); ++node)
        if (needed[*node])
            for (const std::string& input : spec.nodes[*node].inputs)
                needed[specIndex.at(input)] = true;

    // Slots in the order of the specification, layers in the order of computation.
    std::vector<Layer> built(spec.nodes.size());
    for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
        if (!needed[i])
            continue;
        const NodeSpec& node = spec.nodes[i];
        const TensorShape* input = node.inputs.empty() ? nullptr : &analysis.nodes[specIndex.at(node.inputs[0])].shape;
        built[i] = LayerBuilder(node, analysis.nodes[i].shape, d->slots).build(input);
    }
    std::vector<std::size_t> layerOf(spec.nodes.size(), 0);
    for (const std::size_t i : analysis.order) {
        if (!needed[i])
            continue;
        layerOf[i] = d->layers.size();
        for (const std::string& input : spec.nodes[i].inputs)
            built[i].inputs.push_back(layerOf[specIndex.at(input)]);
        d->layers.push_back(std::move(built[i]));
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
const std::vector<Slot>& Network::slots() const { return d->slots; }
std::int64_t Network::numberWidth() const { return d->context.numbers; }
std::int64_t Network::categoryWidth() const { return static_cast<std::int64_t>(d->context.cardinalities.size()); }
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
    for (const Layer& layer : d->layers)
        for (std::size_t k = 0; k < layer.tensors.size(); ++k) {
            const Slot& slot = d->slots[layer.tensors[k]];
            const std::span<float> values = this->values().subspan(slot.offset, slot.count);
            Random random(seed, "init " + slot.name);
            if (layer.kind == LayerKind::Linear || layer.kind == LayerKind::Conv2d) {
                const Slot& weight = d->slots[layer.tensors[0]];
                const double bound = 1.0 / std::sqrt(static_cast<double>(weight.count) / static_cast<double>(weight.shape[0]));
                for (float& value : values)
                    value = static_cast<float>((2.0 * random.uniform() - 1.0) * bound);
            } else if (layer.kind == LayerKind::Embedding) {
                for (float& value : values)
                    value = static_cast<float>(0.1 * random.normal());
            } else {
                const bool one = slot.name.ends_with(".weight") || slot.name.ends_with(".running_var");
                std::fill(values.begin(), values.end(), one ? 1.0f : 0.0f);
            }
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
