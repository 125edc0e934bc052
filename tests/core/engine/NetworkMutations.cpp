#include "tests/core/engine/NetworkMutations.h"

#include "tests/core/engine/RandomParams.h"

#include <cmath>
#include <limits>

namespace limpid::test {

namespace {

using Json = nlohmann::json;
using Refused = std::optional<Refusal>;

NodeSpec& append(RandomNetwork& network, const std::string& id, const std::string& type, std::vector<std::string> inputs, Json params = Json::object())
{
    NodeSpec node;
    node.id = network.spec.freeId(id);
    node.type = type;
    node.inputs = std::move(inputs);
    node.params = std::move(params);
    network.spec.nodes.push_back(std::move(node));
    return network.spec.nodes.back();
}

/// A node of the network that gives something of that kind, or nullptr.
const NodeAnalysis* source(const NetworkAnalysis& analysis, TensorShape::Kind kind, Random& random)
{
    std::vector<const NodeAnalysis*> found;
    for (const NodeAnalysis& node : analysis.nodes)
        if (node.valid && node.shape.kind == kind)
            found.push_back(&node);
    return found.empty() ? nullptr : pickFrom(random, found);
}

/// The same numbers in another shape; gives the new node's id.
std::string reshaped(RandomNetwork& network, const NodeAnalysis& from, const std::vector<std::int64_t>& shape)
{
    return append(network, "shaped", "Reshape", {from.id}, {{"shape", shape}}).id;
}

/// Appends one layer over numbers in a shape that `shapeFor` makes of their count, which must be refused.
Mutation layerOver(const std::string& name, const std::string& type, ErrorCode code, std::function<std::vector<std::int64_t>(std::int64_t)> shapeFor,
                   std::function<Json(std::int64_t)> paramsFor, std::size_t inputs = 1)
{
    return {name, [=](RandomNetwork& network, Random& random) -> Refused {
                const NetworkAnalysis analysis = analyse(network.spec, network.context);
                const NodeAnalysis* from = source(analysis, TensorShape::Kind::Float, random);
                if (!from)
                    return {};
                const std::int64_t count = valueCount(from->shape);
                const std::string id = reshaped(network, *from, shapeFor(count));
                return Refusal{code, {append(network, "bad", type, std::vector<std::string>(inputs, id), paramsFor(count)).id}};
            }};
}

std::vector<std::int64_t> row(std::int64_t count) { return {count}; }
std::vector<std::int64_t> column(std::int64_t count) { return {count, 1}; }
std::vector<std::int64_t> pixel(std::int64_t count) { return {count, 1, 1}; }
std::vector<std::int64_t> voxel(std::int64_t count) { return {count, 1, 1, 1}; }
std::vector<std::int64_t> picture(std::int64_t count) { return {1, 1, count}; }

std::function<Json(std::int64_t)> fixed(Json params)
{
    return [params = std::move(params)](std::int64_t) { return params; };
}

/// Picks a node of the network (not of a block) that `fits`.
template<class Fits>
NodeSpec* pickNode(RandomNetwork& network, Random& random, Fits&& fits)
{
    std::vector<NodeSpec*> found;
    for (NodeSpec& node : network.spec.nodes)
        if (fits(node))
            found.push_back(&node);
    return found.empty() ? nullptr : pickFrom(random, found);
}

bool isBlock(const NodeSpec& node) { return node.type == "Block"; }

/// Sets a parameter of any node, of the network or of a block, to something that does not fit.
Mutation badParam(const std::string& name, std::function<std::optional<Json>(const ParamSpec&, Random&)> valueFor)
{
    return {name, [valueFor](RandomNetwork& network, Random& random) -> Refused {
                std::vector<std::pair<GraphSpec*, std::size_t>> all;
                const auto add = [&](GraphSpec& graph) {
                    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
                        if (!findLayer(graph.nodes[i].type)->params.empty() && graph.nodes[i].type != "BlockInput")
                            all.emplace_back(&graph, i);
                };
                add(network.spec);
                for (BlockSpec& block : network.spec.blocks)
                    add(block.body);
                const auto [graph, index] = pickFrom(random, all);
                NodeSpec& node = graph->nodes[index];
                const ParamSpec& spec = pickFrom(random, findLayer(node.type)->params);
                const std::optional<Json> value = valueFor(spec, random);
                if (!value)
                    return {};
                Issues ignored;
                Refusal refusal{ErrorCode::NetworkParam, {}};
                const FlatNetwork whole = flatten(network.spec, ignored);
                for (const NodeSpec& flat : whole.nodes)
                    if (&network.spec == graph ? flat.id == node.id : flat.id.ends_with("." + node.id))
                        refusal.nodes.insert(flat.id);
                if (node.type == "Block") { // itself, wherever it is used
                    for (const auto& [use, what] : whole.uses)
                        if (use == node.id || use.ends_with("." + node.id))
                            refusal.nodes.insert(use);
                }
                node.params[spec.name] = *value;
                return refusal;
            }};
}

bool isNumber(const ParamSpec& spec)
{
    return spec.type == ParamType::Integer || spec.type == ParamType::Real || spec.type == ParamType::Integers;
}

/// A layer that wants numbers, over categories or words.
Refused indicesInto(RandomNetwork& network, Random& random)
{
    const NetworkAnalysis analysis = analyse(network.spec, network.context);
    const TensorShape::Kind kind = chance(random, 0.5) ? TensorShape::Kind::Index : TensorShape::Kind::Tokens;
    const NodeAnalysis* from = source(analysis, kind, random);
    if (!from)
        return {};
    std::vector<const LayerType*> types;
    for (const LayerType& type : layerCatalog())
        if (type.minInputs > 0 && type.group != "block" && type.name != "Embedding" && (type.name != "EmbeddingBag" || kind == TensorShape::Kind::Index))
            types.push_back(&type);
    const LayerType& type = *pickFrom(random, types);
    return Refusal{ErrorCode::NetworkShape, {append(network, "bad", type.name, std::vector<std::string>(static_cast<std::size_t>(type.minInputs), from->id)).id}};
}

/// A layer over numbers of another rank than it takes.
Refused wrongRank(RandomNetwork& network, Random& random)
{
    const NetworkAnalysis analysis = analyse(network.spec, network.context);
    const NodeAnalysis* from = source(analysis, TensorShape::Kind::Float, random);
    if (!from)
        return {};
    std::vector<const LayerType*> types;
    for (const LayerType& type : layerCatalog())
        if (rankFor(type.name, random) != 0 && !type.name.starts_with("Global"))
            types.push_back(&type);
    const LayerType& type = *pickFrom(random, types);
    const std::int64_t count = valueCount(from->shape);
    int rank = static_cast<int>(pick(random, 1, 4));
    while (rank == rankFor(type.name, random) || ((type.name == "Linear" || type.name == "BatchNorm1d") && rank < 3))
        rank = static_cast<int>(pick(random, 1, 4));
    const std::string id = reshaped(network, *from, randomSizes(count, rank, random));
    return Refusal{ErrorCode::NetworkShape, {append(network, "bad", type.name, std::vector<std::string>(static_cast<std::size_t>(type.minInputs), id)).id}};
}

/// Three numbers and two do not add up, nor do they stand above each other, nor attend to each other.
Mutation mismatch(const std::string& type, const Json& params, bool sequences)
{
    return {type + " of other widths", [=](RandomNetwork& network, Random& random) -> Refused {
                const NetworkAnalysis analysis = analyse(network.spec, network.context);
                const NodeAnalysis* from = source(analysis, TensorShape::Kind::Float, random);
                if (!from)
                    return {};
                const std::string flat = reshaped(network, *from, {valueCount(from->shape)});
                std::vector<std::string> parts;
                for (const int width : {2, 3}) {
                    parts.push_back(append(network, "part", "Linear", {flat}, {{"out_features", width}}).id);
                    if (sequences)
                        parts.back() = append(network, "part", "Reshape", {parts.back()}, {{"shape", {1, width}}}).id;
                }
                return Refusal{ErrorCode::NetworkShape, {append(network, "bad", type, parts, params).id}};
            }};
}

Mutation badShare(const std::string& name, std::function<void(RandomNetwork&, NodeSpec& first, NodeSpec& second)> spoil)
{
    return {name, [spoil](RandomNetwork& network, Random& random) -> Refused {
                const NetworkAnalysis analysis = analyse(network.spec, network.context);
                const NodeAnalysis* from = source(analysis, TensorShape::Kind::Float, random);
                if (!from)
                    return {};
                const std::string flat = reshaped(network, *from, {valueCount(from->shape)});
                NodeSpec first = append(network, "first", "Linear", {flat}, {{"out_features", 3}});
                NodeSpec second = append(network, "second", "Linear", {flat}, {{"out_features", 3}});
                second.shares = first.id;
                spoil(network, first, second);
                *network.spec.find(first.id) = first;
                *network.spec.find(second.id) = second;
                return Refusal{ErrorCode::NetworkShares, {second.id}};
            }};
}

/// A use of a block, in the network itself; all uses of that block there are to blame.
Refused spoiledBlock(RandomNetwork& network, Random& random, ErrorCode code, const std::function<void(BlockSpec&)>& spoil)
{
    const NodeSpec* use = pickNode(network, random, isBlock);
    if (!use)
        return {};
    const std::string name = use->params["block"].get<std::string>();
    Refusal refusal{code, {}};
    Issues ignored;
    const FlatNetwork whole = flatten(network.spec, ignored);
    for (const auto& [id, what] : whole.uses)
        if (what.block == name)
            refusal.nodes.insert(id);
    for (BlockSpec& block : network.spec.blocks)
        if (block.name == name)
            spoil(block);
    return refusal;
}

std::vector<Mutation> graphMutations()
{
    const auto anyNode = [](const NodeSpec&) { return true; };
    const auto reads = [](const NodeSpec& node) { return !node.inputs.empty(); };
    const auto plain = [](const NodeSpec& node) { return !node.inputs.empty() && !isBlock(node); };
    return {
        {"an input is missing", [=](RandomNetwork& network, Random& random) -> Refused {
             NodeSpec* node = pickNode(network, random, reads);
             if (!node)
                 return {};
             const int least = findLayer(node->type)->minInputs;
             node->inputs.resize(static_cast<std::size_t>(isBlock(*node) ? std::ssize(node->inputs) - 1 : least - 1));
             return Refusal{ErrorCode::NetworkInputCount, {node->id}};
         }},
        {"an input too many", [=](RandomNetwork& network, Random& random) -> Refused {
             NodeSpec* node = pickNode(network, random, [](const NodeSpec& each) { return findLayer(each.type)->maxInputs >= 0 || isBlock(each); });
             const std::string extra = network.spec.nodes.front().id;
             do
                 node->inputs.push_back(extra == node->id ? network.spec.nodes.back().id : extra);
             while (!isBlock(*node) && std::ssize(node->inputs) <= findLayer(node->type)->maxInputs);
             if (std::count(node->inputs.begin(), node->inputs.end(), node->id) > 0)
                 return Refusal{ErrorCode::NetworkCycle, {node->id}};
             // What it reads may come after it: then it is on a cycle as well.
             return Refusal{ErrorCode::NetworkInputCount, {node->id, "cycle"}};
         }},
        {"an input is unknown", [=](RandomNetwork& network, Random& random) -> Refused {
             NodeSpec* node = pickNode(network, random, reads);
             if (!node)
                 return {};
             node->inputs[random.below(node->inputs.size())] = "nowhere";
             return Refusal{ErrorCode::NetworkInputUnknown, {node->id}};
         }},
        {"reads itself", [=](RandomNetwork& network, Random& random) -> Refused {
             NodeSpec* node = pickNode(network, random, plain);
             if (!node)
                 return {};
             node->inputs[random.below(node->inputs.size())] = node->id;
             return Refusal{ErrorCode::NetworkCycle, {node->id}};
         }},
        {"a cycle of two", [=](RandomNetwork& network, Random& random) -> Refused {
             NodeSpec* node = pickNode(network, random, plain);
             NodeSpec* from = node ? network.spec.find(node->inputs.front()) : nullptr;
             if (!from || !plain(*from))
                 return {};
             from->inputs.front() = node->id;
             return Refusal{ErrorCode::NetworkCycle, {node->id, from->id, "cycle"}};
         }},
        {"two of one name", [=](RandomNetwork& network, Random& random) -> Refused {
             const NodeSpec node = *pickNode(network, random, anyNode);
             if (isBlock(node))
                 return {};
             network.spec.nodes.push_back(node);
             return Refusal{ErrorCode::NetworkNodeDuplicate, {node.id}};
         }},
        {"an unknown type", [=](RandomNetwork& network, Random& random) -> Refused {
             NodeSpec* node = pickNode(network, random, anyNode);
             node->type = "Lineer";
             return Refusal{ErrorCode::NetworkLayerUnknown, {node->id}};
         }},
        {"an input of a block outside of one", [](RandomNetwork& network, Random&) -> Refused {
             return Refusal{ErrorCode::NetworkBlockInput, {append(network, "bad", "BlockInput", {}).id}};
         }},
        {"an unknown block", [=](RandomNetwork& network, Random& random) -> Refused {
             NodeSpec* node = pickNode(network, random, isBlock);
             if (!node)
                 return {};
             node->params["block"] = "nothing";
             return Refusal{ErrorCode::NetworkBlockUnknown, {node->id}};
         }},
        {"a block within itself", [](RandomNetwork& network, Random& random) {
             return spoiledBlock(network, random, ErrorCode::NetworkBlockRecursive, [](BlockSpec& block) {
                 NodeSpec inner;
                 inner.id = block.body.freeId("inner");
                 inner.type = "Block";
                 inner.params["block"] = block.name;
                 inner.inputs = {block.body.nodes.front().id};
                 block.body.nodes.push_back(inner);
             });
         }},
        {"a block without an output", [](RandomNetwork& network, Random& random) {
             return spoiledBlock(network, random, ErrorCode::NetworkBlockOutput, [](BlockSpec& block) { block.body.outputs.clear(); });
         }},
        {"a block with two outputs", [](RandomNetwork& network, Random& random) {
             return spoiledBlock(network, random, ErrorCode::NetworkBlockOutput, [](BlockSpec& block) { block.body.outputs.push_back(block.body.nodes.back().id); });
         }},
        {"a block that gives its input", [](RandomNetwork& network, Random& random) {
             return spoiledBlock(network, random, ErrorCode::NetworkBlockOutput, [](BlockSpec& block) {
                 for (const NodeSpec& node : block.body.nodes)
                     if (node.type == "BlockInput")
                         block.body.outputs = {node.id};
             });
         }},
        {"no output", [](RandomNetwork& network, Random&) -> Refused {
             network.spec.outputs.clear();
             return Refusal{ErrorCode::NetworkNoOutput, {""}};
         }},
        {"an unknown output", [](RandomNetwork& network, Random&) -> Refused {
             network.spec.outputs.back() = "nowhere";
             return Refusal{ErrorCode::NetworkNoOutput, {""}};
         }},
        {"an output too wide", [](RandomNetwork& network, Random&) -> Refused {
             const NodeSpec* last = network.spec.find(network.spec.outputs.back());
             ++network.context.outputs;
             if (isBlock(*last))
                 return {};
             return Refusal{ErrorCode::NetworkOutputSize, {last->id}};
         }},
        {"an output that is no row", [](RandomNetwork& network, Random& random) -> Refused {
             const NetworkAnalysis analysis = analyse(network.spec, network.context);
             const NodeAnalysis* from = source(analysis, TensorShape::Kind::Float, random);
             if (!from)
                 return {};
             const std::string id = reshaped(network, *from, {valueCount(from->shape), 1});
             network.spec.outputs.push_back(id);
             return Refusal{ErrorCode::NetworkOutputSize, {id}};
         }},
        {"features that the data lacks", [](RandomNetwork& network, Random&) -> Refused {
             const NetworkContext& context = network.context;
             const char* features = context.numbers == 0 ? "numbers" : context.words == 0 ? "text" : context.cardinalities.empty() ? "categories" : nullptr;
             if (!features)
                 return {};
             return Refusal{ErrorCode::NetworkNoFeatures, {append(network, "bad", "Input", {}, {{"features", features}}).id}};
         }}};
}

std::vector<Mutation> shareMutations()
{
    return {badShare("shares of another shape", [](RandomNetwork&, NodeSpec&, NodeSpec& second) { second.params["out_features"] = 4; }),
            badShare("shares of another kind", [](RandomNetwork&, NodeSpec& first, NodeSpec&) { first.type = "LayerNorm", first.params = Json::object(); }),
            badShare("shares with itself", [](RandomNetwork&, NodeSpec&, NodeSpec& second) { second.shares = second.id; }),
            badShare("shares with nobody", [](RandomNetwork&, NodeSpec&, NodeSpec& second) { second.shares = "nobody"; }),
            badShare("shares what it has not", [](RandomNetwork&, NodeSpec& first, NodeSpec& second) { first.type = second.type = "ReLU", first.params = second.params = Json::object(); }),
            badShare("shares what is shared", [](RandomNetwork& network, NodeSpec& first, NodeSpec&) {
                const NodeSpec owner = append(network, "owner", "Linear", first.inputs, {{"out_features", 3}});
                first.shares = owner.id;
            }),
            badShare("shares with one that is not computed", [](RandomNetwork& network, NodeSpec&, NodeSpec& second) {
                network.spec.outputs.push_back(second.id);
                network.context.outputs += 3;
            })};
}

std::vector<Mutation> paramMutations()
{
    const double infinity = std::numeric_limits<double>::infinity();
    return {badParam("too large", [](const ParamSpec& spec, Random&) -> std::optional<Json> {
                return isNumber(spec) ? std::optional<Json>(spec.type == ParamType::Real ? Json(spec.max * 1.5 + 1.0) : Json(static_cast<std::int64_t>(spec.max) + 1)) : std::nullopt;
            }),
            badParam("too small", [](const ParamSpec& spec, Random&) -> std::optional<Json> {
                return isNumber(spec) ? std::optional<Json>(spec.type == ParamType::Real ? Json(spec.min - 1.0) : Json(static_cast<std::int64_t>(spec.min) - 1)) : std::nullopt;
            }),
            badParam("not a number", [](const ParamSpec&, Random&) -> std::optional<Json> { return std::nan(""); }),
            badParam("infinite", [=](const ParamSpec&, Random& random) -> std::optional<Json> { return chance(random, 0.5) ? infinity : -infinity; }),
            badParam("huge", [](const ParamSpec&, Random& random) -> std::optional<Json> {
                return chance(random, 0.5) ? Json(std::numeric_limits<std::uint64_t>::max()) : Json(1e300);
            }),
            badParam("a half", [](const ParamSpec& spec, Random&) -> std::optional<Json> { return spec.type == ParamType::Real ? std::nullopt : std::optional<Json>(1.5); }),
            badParam("of another type", [](const ParamSpec&, Random& random) -> std::optional<Json> {
                return pickFrom<Json>(random, {Json(nullptr), Json::object(), Json::array(), Json::array({"x"}), Json::array({1, 2, 3, 4, 5, 6}), Json("\n")});
            })};
}

std::vector<Mutation> layerMutations()
{
    const ErrorCode param = ErrorCode::NetworkParam, shape = ErrorCode::NetworkShape;
    const auto more = [](const char* name) { return [name](std::int64_t count) { return Json{{name, count + 1}}; }; };
    const auto groups = [](std::int64_t count) { return Json{{"groups", count + 1}, {"out_channels", count + 1}, {"kernel_size", 1}}; };
    std::vector<Mutation> list{
        layerOver("heads that do not divide", "MultiheadAttention", param, [](std::int64_t count) { return std::vector<std::int64_t>{count, 1}; }, fixed({{"num_heads", 2}})),
        layerOver("heads of an encoder", "TransformerEncoderLayer", param, column, fixed({{"nhead", 3}})),
        layerOver("groups of Conv1d", "Conv1d", param, column, groups), layerOver("groups of Conv2d", "Conv2d", param, pixel, groups),
        layerOver("groups of Conv3d", "Conv3d", param, voxel, groups), layerOver("groups of ConvTranspose2d", "ConvTranspose2d", param, pixel, groups),
        layerOver("groups of GroupNorm", "GroupNorm", param, row, more("num_groups")),
        layerOver("a kernel larger than the image of Conv1d", "Conv1d", shape, column, fixed({{"kernel_size", 2}})),
        layerOver("a kernel larger than the image of Conv2d", "Conv2d", shape, picture, fixed({{"kernel_size", {3, 1}}, {"dilation", 2}})),
        layerOver("a kernel larger than the image of Conv3d", "Conv3d", shape, voxel, fixed({{"kernel_size", 4}, {"padding", 1}})),
        layerOver("a window larger than the image", "MaxPool1d", shape, column, fixed({{"kernel_size", 2}})),
        layerOver("a dilated window larger than the image", "MaxPool2d", shape, picture, fixed({{"kernel_size", 2}, {"padding", 1}, {"dilation", 3}})),
        layerOver("a mean larger than the image", "AvgPool3d", shape, voxel, fixed({{"kernel_size", 3}})),
        layerOver("padding of more than half a window", "MaxPool2d", param, pixel, fixed({{"kernel_size", 2}, {"padding", 2}})),
        layerOver("all of it cut away", "ConvTranspose2d", param, pixel, fixed({{"kernel_size", 1}, {"padding", 1}})),
        layerOver("output_padding of a whole stride", "ConvTranspose2d", param, pixel, fixed({{"stride", 2}, {"output_padding", 2}})),
        layerOver("three sides of Conv2d", "Conv2d", param, pixel, fixed({{"kernel_size", {1, 1, 1}}})),
        layerOver("three sides of Conv3d in two", "Conv3d", param, voxel, fixed({{"kernel_size", {1, 1}}})),
        layerOver("three sides of ZeroPad2d", "ZeroPad2d", param, pixel, fixed({{"padding", {1, 1, 1}}})),
        layerOver("slopes that are not as many", "PReLU", param, row, more("num_parameters")),
        layerOver("a dimension that is not there", "Softmax", param, row, fixed({{"dim", 2}})),
        layerOver("a negative dimension that is not there", "LogSoftmax", param, row, fixed({{"dim", -2}})),
        layerOver("over the batch", "Softmax", param, row, fixed({{"dim", 0}})),
        layerOver("side by side along the batch", "Concat", param, row, fixed({{"dim", 0}}), 2),
        layerOver("normalised over the batch", "LayerNorm", param, row, fixed({{"normalized_dims", 2}})),
        layerOver("another count", "Reshape", shape, row, [](std::int64_t count) { return Json{{"shape", {count + 1}}}; }),
        layerOver("no divisor", "Reshape", shape, row, [](std::int64_t count) { return Json{{"shape", {count + 1, -1}}}; }),
        layerOver("nothing", "Reshape", param, row, fixed({{"shape", {0, -1}}})),
        layerOver("two open sizes", "Reshape", param, row, fixed({{"shape", {-1, -1}}})),
        layerOver("a dimension twice", "Permute", param, column, fixed({{"dims", {1, 1}}})),
        layerOver("a dimension too few", "Permute", param, pixel, fixed({{"dims", {1, 2}}})),
        layerOver("global over nothing", "GlobalAvgPool", shape, row, fixed(Json::object())),
        layerOver("words of numbers", "Embedding", shape, row, fixed(Json::object())),
        layerOver("a bag of numbers", "EmbeddingBag", shape, row, fixed(Json::object())),
        mismatch("Add", Json::object(), false), mismatch("Multiply", Json::object(), false), mismatch("Concat", {{"dim", 1}}, true),
        mismatch("MultiheadAttention", {{"num_heads", 1}}, true),
        {"more weights than anybody trains", [](RandomNetwork& network, Random& random) -> Refused {
             const NetworkAnalysis analysis = analyse(network.spec, network.context);
             const NodeAnalysis* from = source(analysis, TensorShape::Kind::Float, random);
             if (!from)
                 return {};
             const std::string flat = reshaped(network, *from, {valueCount(from->shape)});
             const std::string wide = append(network, "wide", "Linear", {flat}, {{"out_features", 65'536}}).id;
             return Refusal{ErrorCode::NetworkTooLarge, {append(network, "bad", "Linear", {wide}, {{"out_features", 65'536}}).id}};
         }},
        {"indices into numbers", indicesInto}, {"a wrong rank", wrongRank}};
    return list;
}

} // namespace

const std::vector<Mutation>& networkMutations()
{
    static const std::vector<Mutation> all = [] {
        std::vector<Mutation> list;
        for (std::vector<Mutation>& part : std::vector{graphMutations(), shareMutations(), paramMutations(), layerMutations()})
            std::move(part.begin(), part.end(), std::back_inserter(list));
        return list;
    }();
    return all;
}

} // namespace limpid::test
