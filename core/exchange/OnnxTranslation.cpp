#include "core/exchange/OnnxTranslation.h"

#include <algorithm>
#include <cctype>

namespace limpid {

namespace {

constexpr std::int64_t mostInteger = 1'000'000'000;
/// Of constants that operators make of constants, in all.
constexpr std::size_t mostKept = 4'000'000;

/// In symbols: "padding = 2 (≤ kernel_size / 2 = 1)", "N×3×8 (N×features)".
std::string issueText(const Issue& issue)
{
    std::string text = issue.code == ErrorCode::NetworkParam || issue.code == ErrorCode::OptionInvalid
                           ? fact(issue.facts, "name") + " = " + fact(issue.facts, "value")
                           : fact(issue.facts, "found");
    const std::string expected = fact(issue.facts, "expected");
    return expected.empty() ? text : text + " (" + expected + ")";
}

/// Whether the dimensions that hold more than one value stand in that order already.
bool inOrder(const std::vector<std::size_t>& order, const std::vector<std::int64_t>& dims)
{
    std::size_t last = 0;
    for (const std::size_t dim : order) {
        if (dims[dim] == 1)
            continue;
        if (dim < last)
            return false;
        last = dim;
    }
    return true;
}

std::string asId(std::string_view name)
{
    std::string id;
    for (const char c : name) {
        if (id.size() == 48)
            break;
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-')
            id += c;
        else if (!id.empty() && id.back() != '_')
            id += '_';
    }
    while (!id.empty() && id.back() == '_')
        id.pop_back();
    return id;
}

} // namespace

std::size_t onnxAxis(const OnnxTranslation& translation, const OnnxNode& node, std::int64_t axis, std::size_t rank)
{
    const auto size = static_cast<std::int64_t>(rank);
    if (axis < -size || axis >= size)
        translation.refuse(node, "axis = " + std::to_string(axis));
    return static_cast<std::size_t>(axis < 0 ? axis + size : axis);
}

OnnxConstant OnnxConstant::ofIntegers(std::vector<std::int64_t> list)
{
    OnnxConstant made;
    made.dims = {std::ssize(list)};
    made.known = true;
    made.integers = std::move(list);
    return made;
}

std::size_t OnnxConstant::size() const
{
    return static_cast<std::size_t>(product(dims));
}

OnnxTranslation::OnnxTranslation(const OnnxGraph& graph, std::string path) : m_graph(graph), m_path(std::move(path)) {}

ImportedNetwork OnnxTranslation::run()
{
    countUses();
    readWeights();
    readInputs();
    for (std::size_t i = 0; i < m_graph.nodes.size(); ++i)
        if (m_needed[i])
            translate(m_graph.nodes[i]);
    finish();
    return {std::move(m_network), std::move(m_context)};
}

/// From the outputs back: a file's nodes stand in the order in which they are computed.
void OnnxTranslation::countUses()
{
    if (m_graph.outputs.empty())
        throw Error(ErrorCode::NetworkImport, {{"path", m_path}, {"reason", "no output"}});
    for (const OnnxPort& output : m_graph.outputs)
        ++m_uses[output.name];
    m_needed.assign(m_graph.nodes.size(), false);
    for (std::size_t i = m_graph.nodes.size(); i-- > 0;) {
        const OnnxNode& node = m_graph.nodes[i];
        m_needed[i] = std::any_of(node.outputs.begin(), node.outputs.end(), [&](const std::string& name) { return !name.empty() && m_uses.contains(name); });
        if (m_needed[i])
            for (const std::string& input : node.inputs)
                ++m_uses[input];
    }
}

void OnnxTranslation::define(const std::string& name, OnnxValue value)
{
    if (!m_values.emplace(name, std::move(value)).second)
        throw Error(ErrorCode::NetworkImport, {{"path", m_path}, {"reason", "two values named " + readableName(name)}});
}

void OnnxTranslation::readWeights()
{
    for (const OnnxTensor& weight : m_graph.weights) {
        OnnxConstant constant{weight.name, weight.dims, weight.known, !weight.numbers.empty(), weight.integers, weight.numbers, {},
                              weight.name.find("::") == std::string::npos};
        if (!weight.numbers.empty() && std::all_of(weight.numbers.begin(), weight.numbers.end(), [&](double x) { return x == weight.numbers[0]; }))
            constant.all = weight.numbers[0];
        define(weight.name, {std::make_shared<const OnnxConstant>(std::move(constant)), {}, 0});
    }
}

void OnnxTranslation::readInputs()
{
    for (const OnnxPort& port : m_graph.inputs) {
        if (m_values.contains(port.name)) // old files list their weights as inputs, too
            continue;
        const auto bad = [&](const std::string& reason) {
            throw Error(ErrorCode::NetworkImport, {{"path", m_path}, {"reason", "input " + readableName(port.name) + ": " + reason}});
        };
        if (!m_uses.contains(port.name))
            continue;
        const bool words = port.type == 6 || port.type == 7, numbers = port.type == 1 || port.type == 10 || port.type == 11 || port.type == 16;
        if (!words && !numbers)
            bad("neither floating point nor integers");
        if (port.dims.size() < 2 || (words && port.dims.size() != 2))
            bad(std::to_string(port.dims.size()) + " dimensions");
        if (m_batch < 0)
            m_batch = port.dims[0];
        const std::vector<std::int64_t> row(port.dims.begin() + 1, port.dims.end());
        for (std::size_t i = 0; i < row.size(); ++i)
            if (row[i] < 1)
                bad("dimension " + std::to_string(i + 1) + " has no fixed size");
        const std::int64_t count = product(row);
        if (count > mostValues)
            throw Error(ErrorCode::NetworkTooLarge, {{"node", readableName(port.name)}, {"found", std::to_string(count) + " values"},
                                                     {"limit", std::to_string(mostValues) + " values"}});
        NodeSpec node;
        node.id = freeId(asId(port.name).empty() ? "input" : asId(port.name));
        node.type = "Input";
        node.params["features"] = words ? "text" : "numbers";
        (words ? m_context.words : m_context.numbers) = count;
        OnnxView view{m_network.nodes.size(), row, {OnnxView::batch}};
        for (std::size_t i = 0; i < row.size(); ++i)
            view.axes.push_back(static_cast<int>(i));
        m_network.nodes.push_back(std::move(node));
        // An embedding tells how many words there are.
        m_shapes.push_back(words ? TensorShape{TensorShape::Kind::Tokens, row, {0}} : TensorShape{TensorShape::Kind::Float, {count}, {}});
        define(port.name, {nullptr, {std::move(view)}, 0});
    }
}

void OnnxTranslation::translate(const OnnxNode& node)
{
    const bool standard = node.domain.empty() || node.domain == "ai.onnx";
    Operator handle = nullptr;
    for (const auto find : {onnxLayerOperator, onnxNormOperator, onnxShapeOperator, onnxConstantOperator, onnxRecurrentOperator})
        if (!handle && standard)
            handle = find(node.op);
    if (!handle)
        refuse(node, standard ? "" : readableName(node.domain));
    handle(*this, node);
}

void OnnxTranslation::refuse(const OnnxNode& node, std::string reason) const
{
    std::string name = node.name.empty() && !node.outputs.empty() ? node.outputs.front() : node.name;
    throw Error(ErrorCode::NetworkImportNode, {{"path", m_path}, {"node", readableName(name)}, {"op", readableName(node.op)}, {"reason", std::move(reason)}});
}

// ---- reading

OnnxValue& OnnxTranslation::find(const OnnxNode& node, std::size_t input)
{
    if (!node.hasInput(input))
        refuse(node, "input " + std::to_string(input + 1) + " is left out");
    const auto found = m_values.find(node.inputs[input]);
    if (found == m_values.end()) // never made, made later (a cycle), or a further output of an operator that has but one here
        throw Error(ErrorCode::NetworkImport, {{"path", m_path}, {"reason", readableName(node.name.empty() ? node.op : node.name) + " reads "
                                                                                + readableName(node.inputs[input]) + ", which nothing before it gives"}});
    return found->second;
}

const OnnxValue& OnnxTranslation::value(const OnnxNode& node, std::size_t input)
{
    return find(node, input);
}

const OnnxConstant* OnnxTranslation::constantOrNull(const OnnxNode& node, std::size_t input)
{
    return node.hasInput(input) ? find(node, input).constant.get() : nullptr;
}

const OnnxConstant& OnnxTranslation::constant(const OnnxNode& node, std::size_t input)
{
    const OnnxConstant* const found = find(node, input).constant.get();
    if (!found)
        refuse(node, "input " + std::to_string(input + 1) + " is no constant");
    return *found;
}

std::vector<std::int64_t> OnnxTranslation::integers(const OnnxNode& node, std::size_t input, std::string_view attribute)
{
    std::vector<std::int64_t> list;
    if (node.hasInput(input)) {
        const OnnxConstant& given = constant(node, input);
        if (!given.known || given.real)
            refuse(node, "input " + std::to_string(input + 1) + " has no values");
        list = given.integers;
    } else if (const OnnxAttribute* const found = node.find(attribute)) {
        list = found->integers;
    } else {
        refuse(node, std::string(attribute) + " is left out");
    }
    for (std::int64_t& each : list)
        if (each != batchSize && (each > mostInteger || each < -mostInteger))
            refuse(node, std::string(attribute) + " = " + std::to_string(each));
    return list;
}

const OnnxView& OnnxTranslation::tensor(const OnnxNode& node, std::size_t input)
{
    OnnxValue& found = find(node, input);
    if (found.constant)
        refuse(node, "input " + std::to_string(input + 1) + " is a constant");
    if (found.pieces.size() > 1)
        joinParts(found);
    if (found.pieces.size() != 1)
        refuse(node, "input " + std::to_string(input + 1) + " is made of several states");
    return found.pieces.front();
}

/// All directions' states of one layer, one after another, are what it gives with a dimension for the directions.
void OnnxTranslation::joinParts(OnnxValue& value)
{
    const OnnxView first = value.pieces.front();
    bool whole = value.axis == 0 && first.parts == std::ssize(value.pieces) && first.dims.size() == 2 && first.axes == std::vector<int>{0, OnnxView::batch, 1};
    for (std::size_t i = 0; whole && i < value.pieces.size(); ++i) {
        const OnnxView& piece = value.pieces[i];
        whole = piece.layer == first.layer && piece.part == static_cast<int>(i) && piece.dims == first.dims && piece.axes == first.axes;
    }
    if (whole)
        value.pieces = {OnnxView{first.layer, {first.parts, first.dims[1]}, first.axes}};
}

std::size_t OnnxTranslation::layer(const OnnxNode& node, std::size_t input)
{
    const OnnxView view = tensor(node, input);
    const std::size_t made = materialise(node, view);
    // Whoever reads it next finds it made.
    if (m_shapes[made].kind == TensorShape::Kind::Float)
        find(node, input).pieces.front() = asTensor(made);
    return made;
}

std::size_t OnnxTranslation::uses(const OnnxNode& node, std::size_t output) const
{
    if (output >= node.outputs.size() || node.outputs[output].empty())
        return 0;
    const auto found = m_uses.find(node.outputs[output]);
    return found == m_uses.end() ? 0 : found->second;
}

std::size_t OnnxTranslation::usesOfInput(const OnnxNode& node, std::size_t input) const
{
    return m_uses.at(node.inputs[input]);
}

void OnnxTranslation::setVocabulary(const OnnxNode& node, std::size_t layer, std::int64_t words)
{
    std::int64_t& known = m_shapes[layer].cardinalities.at(0);
    if (m_context.vocabulary != 0 && m_context.vocabulary != words)
        refuse(node, "vocabularies of " + std::to_string(m_context.vocabulary) + " and " + std::to_string(words) + " words");
    known = m_context.vocabulary = words;
}

// ---- giving

std::string OnnxTranslation::freeId(std::string stem)
{
    std::string id = stem;
    int& number = m_numbers[stem];
    while (!m_ids.insert(id).second)
        id = stem + "_" + std::to_string(++number + 1);
    return id;
}

/// "conv1" of weights named "conv1.weight", else of the node's name, which exporters make of modules' ("/layers/0/Conv").
std::string OnnxTranslation::idFor(const OnnxNode& node, const std::string& type)
{
    std::string name;
    if (type != "Reshape" && type != "Flatten" && type != "Permute" && type != "ZeroPad2d") {
        if (node.hasInput(1) && node.inputs[1].ends_with(".weight"))
            name = asId(node.inputs[1].substr(0, node.inputs[1].size() - 7));
        if (name.empty()) {
            std::string_view text = node.name;
            if (const auto slash = text.rfind('/'); slash != std::string_view::npos && slash > 0 && text.substr(slash + 1).starts_with(node.op))
                text = text.substr(0, slash);
            name = asId(text);
        }
    }
    if (!name.empty() && std::isdigit(static_cast<unsigned char>(name.front()))) // "0" of a Sequential says nothing
        name = type + "_" + name;
    return freeId(name.empty() ? type : name);
}

std::size_t OnnxTranslation::add(const OnnxNode& node, const std::string& type, ParamValues params, std::vector<std::size_t> inputs)
{
    if (m_network.nodes.size() == mostNodes)
        throw Error(ErrorCode::NetworkTooLarge, {{"node", ""}, {"found", "> " + std::to_string(mostNodes) + " nodes"}, {"limit", std::to_string(mostNodes) + " nodes"}});
    NodeSpec made;
    made.id = idFor(node, type);
    made.type = type;
    made.params = params.is_null() ? ParamValues::object() : std::move(params);
    for (const std::size_t input : inputs)
        made.inputs.push_back(m_network.nodes[input].id);
    const LayerType& known = *findLayer(type);
    const int count = static_cast<int>(inputs.size());
    if (count < known.minInputs || (known.maxInputs >= 0 && count > known.maxInputs))
        refuse(node, std::to_string(count) + " inputs");
    for (const Issue& issue : validateParams(known.params, made.params))
        if (issue.severity == Severity::Error)
            refuse(node, issueText(issue));
    std::vector<TensorShape> shapes;
    for (const std::size_t input : inputs)
        shapes.push_back(m_shapes[input]);
    Issues issues;
    TensorShape shape = known.infer(shapes, made.params, issues);
    for (const Issue& issue : issues)
        if (issue.severity == Severity::Error)
            refuse(node, issueText(issue));
    if (valueCount(shape) > mostValues)
        throw Error(ErrorCode::NetworkTooLarge, {{"node", made.id}, {"found", std::to_string(valueCount(shape)) + " values"}, {"limit", std::to_string(mostValues) + " values"}});
    m_network.nodes.push_back(std::move(made));
    m_shapes.push_back(std::move(shape));
    return m_network.nodes.size() - 1;
}

std::size_t OnnxTranslation::twin(const OnnxNode& node, std::size_t layer, ParamValues params)
{
    std::vector<std::size_t> inputs;
    for (std::size_t i = 0; i < layer; ++i)
        if (m_network.nodes[i].id == m_network.nodes[layer].inputs.at(0))
            inputs.push_back(i);
    const std::size_t made = add(node, std::string(m_network.nodes[layer].type), std::move(params), inputs);
    shareWith(made, layer);
    return made;
}

void OnnxTranslation::share(const OnnxNode& node, std::size_t layer, std::size_t firstWeight)
{
    std::string names = m_network.nodes[layer].type;
    for (std::size_t i = firstWeight; i < node.inputs.size(); ++i) {
        const OnnxConstant* const weight = constantOrNull(node, i);
        if (i == firstWeight && (!weight || weight->weight.empty()))
            return;
        names += "\n" + (weight ? weight->weight : std::string());
    }
    const auto [found, first] = m_weights.emplace(names, layer);
    if (!first && m_network.nodes[found->second].params == m_network.nodes[layer].params)
        shareWith(layer, found->second);
}

void OnnxTranslation::shareWith(std::size_t layer, std::size_t other)
{
    const NodeSpec& owner = m_network.nodes[other];
    m_network.nodes[layer].shares = owner.shares.empty() ? owner.id : owner.shares;
}

void OnnxTranslation::give(const OnnxNode& node, std::size_t output, OnnxValue value)
{
    if (output < node.outputs.size() && !node.outputs[output].empty())
        define(node.outputs[output], std::move(value));
}

void OnnxTranslation::give(const OnnxNode& node, std::size_t output, OnnxView view)
{
    give(node, output, OnnxValue{nullptr, {std::move(view)}, 0});
}

void OnnxTranslation::give(const OnnxNode& node, std::size_t output, OnnxConstant constant)
{
    if (constant.integers.size() + constant.numbers.size() > 4096) { // no sizes any more
        constant.known = false;
        constant.integers = {};
        constant.numbers = {};
    }
    m_kept += constant.integers.size() + constant.numbers.size() + constant.dims.size();
    if (m_kept > mostKept)
        throw Error(ErrorCode::NetworkTooLarge, {{"node", ""}, {"found", "> " + std::to_string(mostKept) + " sizes"}, {"limit", std::to_string(mostKept) + " sizes"}});
    give(node, output, OnnxValue{std::make_shared<const OnnxConstant>(std::move(constant)), {}, 0});
}

void OnnxTranslation::give(const OnnxNode& node, std::size_t output, std::size_t layer)
{
    give(node, output, asTensor(layer));
}

OnnxView OnnxTranslation::asTensor(std::size_t layer) const
{
    OnnxView view{layer, m_shapes[layer].dims, {OnnxView::batch}};
    for (std::size_t i = 0; i < view.dims.size(); ++i)
        view.axes.push_back(static_cast<int>(i));
    return view;
}

std::size_t OnnxTranslation::reshaped(const OnnxNode& node, std::size_t layer, const std::vector<std::int64_t>& dims)
{
    if (m_shapes[layer].dims == dims)
        return layer;
    if (m_shapes[layer].kind != TensorShape::Kind::Float)
        refuse(node, "words in another shape");
    if (dims.empty())
        refuse(node, "a row without dimensions");
    if (dims.size() == 1)
        return add(node, "Flatten", {}, {layer});
    return add(node, "Reshape", {{"shape", dims}}, {layer});
}

std::size_t OnnxTranslation::materialise(const OnnxNode& node, const OnnxView& view)
{
    if (view.part >= 0)
        refuse(node, "one of two directions alone");
    std::vector<std::size_t> order;
    bool batch = false;
    for (const int axis : view.axes) {
        if (axis == OnnxView::batch)
            batch = true;
        else if (!batch && view.dims[static_cast<std::size_t>(axis)] != 1)
            refuse(node, "the batch is not the first dimension");
        if (axis != OnnxView::batch)
            order.push_back(static_cast<std::size_t>(axis));
    }
    std::vector<std::int64_t> dims;
    for (const std::size_t dim : order)
        dims.push_back(view.dims[dim]);
    if (inOrder(order, view.dims))
        return reshaped(node, view.layer, dims);
    ParamValues places = ParamValues::array();
    for (const std::size_t dim : order)
        places.push_back(dim + 1);
    return add(node, "Permute", {{"dims", places}}, {reshaped(node, view.layer, view.dims)});
}

/// The outputs; then what they don't need goes, as the sequence of an LSTM of which only the last state is read.
void OnnxTranslation::finish()
{
    OnnxNode last;
    last.op = "output";
    for (const OnnxPort& output : m_graph.outputs)
        last.inputs.push_back(output.name);
    last.name = "output";
    for (std::size_t i = 0; i < last.inputs.size(); ++i) {
        const std::size_t made = layer(last, i);
        m_network.outputs.push_back(m_network.nodes[made].id);
        if (m_shapes[made].kind == TensorShape::Kind::Float)
            m_context.outputs = (i == 0 ? 0 : m_context.outputs) + valueCount(m_shapes[made]);
    }
    std::unordered_map<std::string, std::size_t> byId;
    for (std::size_t i = 0; i < m_network.nodes.size(); ++i)
        byId.emplace(m_network.nodes[i].id, i);
    std::vector<bool> used(m_network.nodes.size(), false);
    for (const std::string& id : m_network.outputs)
        used[byId.at(id)] = true;
    for (std::size_t i = used.size(); i-- > 0;)
        if (used[i])
            for (const std::string& input : m_network.nodes[i].inputs)
                used[byId.at(input)] = true;
    std::unordered_map<std::string, std::string> owners; // of weights whose owner went: the first that shared them
    std::vector<NodeSpec> kept;
    for (std::size_t i = 0; i < used.size(); ++i) {
        NodeSpec& node = m_network.nodes[i];
        if (!used[i])
            continue;
        if (!node.shares.empty() && !used[byId.at(node.shares)]) {
            const auto [owner, first] = owners.emplace(node.shares, node.id);
            node.shares = first ? std::string() : owner->second;
        }
        kept.push_back(std::move(node));
    }
    m_network.nodes = std::move(kept);
    for (std::size_t i = 0; i + 1 < m_network.outputs.size(); ++i)
        if (std::find(m_network.outputs.begin() + static_cast<std::ptrdiff_t>(i) + 1, m_network.outputs.end(), m_network.outputs[i]) != m_network.outputs.end())
            refuse(last, "two outputs are the same");
}

} // namespace limpid
