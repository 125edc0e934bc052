#include "core/model/LayerCatalog.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace limpid {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// ---- shapes

std::int64_t width(const TensorShape& shape)
{
    return std::accumulate(shape.dims.begin(), shape.dims.end(), std::int64_t{1}, std::multiplies<>());
}

void shapeIssue(Issues& issues, const TensorShape& found, std::string expected)
{
    issues.push_back({Severity::Error, "", ErrorCode::NetworkShape,
                      {{"found", shapeText(found)}, {"expected", std::move(expected)}}});
}

/// Numbers, not category indices, must flow in.
bool requireNumbers(std::span<const TensorShape> inputs, Issues& issues)
{
    for (const TensorShape& input : inputs)
        if (input.kind != TensorShape::Kind::Float) {
            shapeIssue(issues, input, "N×features");
            return false;
        }
    return true;
}

TensorShape inferSame(std::span<const TensorShape> inputs, const ParamValues&, Issues& issues)
{
    requireNumbers(inputs, issues);
    return inputs[0];
}

/// The caller hands over the table's shape in place of an input.
TensorShape inferInput(std::span<const TensorShape> inputs, const ParamValues&, Issues&)
{
    return inputs[0];
}

TensorShape inferConcat(std::span<const TensorShape> inputs, const ParamValues&, Issues& issues)
{
    requireNumbers(inputs, issues);
    TensorShape output{TensorShape::Kind::Float, {0}, {}};
    for (const TensorShape& input : inputs)
        output.dims[0] += width(input);
    return output;
}

TensorShape inferAdd(std::span<const TensorShape> inputs, const ParamValues&, Issues& issues)
{
    if (requireNumbers(inputs, issues))
        for (const TensorShape& input : inputs.subspan(1))
            if (input != inputs[0]) {
                shapeIssue(issues, input, shapeText(inputs[0]));
                break;
            }
    return inputs[0];
}

// ---- costs

LayerCost costOfOutput(std::span<const TensorShape>, const TensorShape& output, const ParamValues&)
{
    return {0, 0, width(output)};
}

/// An activation: one operation a value.
LayerCost costElementwise(std::span<const TensorShape>, const TensorShape& output, const ParamValues&)
{
    return {0, width(output), width(output)};
}

LayerCost costAdd(std::span<const TensorShape> inputs, const TensorShape& output, const ParamValues&)
{
    return {0, (static_cast<std::int64_t>(inputs.size()) - 1) * width(output), width(output)};
}

/// Dropout keeps its mask beside its output.
LayerCost costDropout(std::span<const TensorShape>, const TensorShape& output, const ParamValues&)
{
    return {0, width(output), 2 * width(output)};
}

// ---- layers with parameters of their own

const std::vector<ParamSpec>& inputParams()
{
    static const std::vector<ParamSpec> params{
        {"features", ParamType::Choice, "numbers", -infinity, infinity, {"numbers", "categories"}, 0, 0}};
    return params;
}

const std::vector<ParamSpec>& linearParams()
{
    static const std::vector<ParamSpec> params{
        {"out_features", ParamType::Integer, 64, 1, 65'536, {}, 8, 512},
        {"bias", ParamType::Boolean, true, -infinity, infinity, {}, 0, 0}};
    return params;
}

TensorShape inferLinear(std::span<const TensorShape> inputs, const ParamValues& params, Issues& issues)
{
    requireNumbers(inputs, issues);
    return {TensorShape::Kind::Float, {paramValue(linearParams(), params, "out_features").get<std::int64_t>()}, {}};
}

LayerCost costLinear(std::span<const TensorShape> inputs, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t in = width(inputs[0]);
    const std::int64_t out = width(output);
    const std::int64_t bias = paramValue(linearParams(), params, "bias").get<bool>() ? out : 0;
    return {in * out + bias, 2 * in * out + bias, out};
}

const std::vector<ParamSpec>& embeddingParams()
{
    static const std::vector<ParamSpec> params{{"embedding_dim", ParamType::Integer, 0, 0, 1024, {}, 2, 50}};
    return params;
}

TensorShape inferEmbedding(std::span<const TensorShape> inputs, const ParamValues& params, Issues& issues)
{
    if (inputs[0].kind != TensorShape::Kind::Index)
        shapeIssue(issues, inputs[0], "N×categories");
    TensorShape output{TensorShape::Kind::Float, {0}, {}};
    for (const std::int64_t cardinality : inputs[0].cardinalities)
        output.dims[0] += embeddingWidth(cardinality, params);
    return output;
}

LayerCost costEmbedding(std::span<const TensorShape> inputs, const TensorShape& output, const ParamValues& params)
{
    LayerCost cost{0, 0, width(output)};
    for (const std::int64_t cardinality : inputs[0].cardinalities)
        cost.parameters += cardinality * embeddingWidth(cardinality, params);
    return cost;
}

const std::vector<ParamSpec>& batchNormParams()
{
    static const std::vector<ParamSpec> params{
        {"eps", ParamType::Real, 1e-5, 1e-12, 1.0, {}, 1e-6, 1e-3},
        {"momentum", ParamType::Real, 0.1, 0.0, 1.0, {}, 0.01, 0.2},
        {"affine", ParamType::Boolean, true, -infinity, infinity, {}, 0, 0}};
    return params;
}

LayerCost costBatchNorm(std::span<const TensorShape>, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t features = width(output);
    const bool affine = paramValue(batchNormParams(), params, "affine").get<bool>();
    // Running statistics are buffers, not parameters; in a forward pass they fold into one multiply-add a value.
    return {affine ? 2 * features : 0, 2 * features, features};
}

const std::vector<ParamSpec>& layerNormParams()
{
    static const std::vector<ParamSpec> params{
        {"eps", ParamType::Real, 1e-5, 1e-12, 1.0, {}, 1e-6, 1e-3},
        {"elementwise_affine", ParamType::Boolean, true, -infinity, infinity, {}, 0, 0}};
    return params;
}

LayerCost costLayerNorm(std::span<const TensorShape>, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t features = width(output);
    const bool affine = paramValue(layerNormParams(), params, "elementwise_affine").get<bool>();
    // Mean (1), variance (2), normalising (2) and, where affine, one multiply-add.
    return {affine ? 2 * features : 0, (affine ? 7 : 5) * features, features};
}

std::vector<LayerType> makeCatalog()
{
    const auto activation = [](std::string name, std::vector<ParamSpec> params = {}) {
        return LayerType{std::move(name), "activation", 1, 1, std::move(params), inferSame, costElementwise};
    };
    return {
        {"Input", "input", 0, 0, inputParams(), inferInput, costOfOutput},
        {"Linear", "dense", 1, 1, linearParams(), inferLinear, costLinear},
        {"Embedding", "dense", 1, 1, embeddingParams(), inferEmbedding, costEmbedding},
        activation("ReLU"),
        activation("LeakyReLU", {{"negative_slope", ParamType::Real, 0.01, 0.0, 1.0, {}, 0.01, 0.3}}),
        activation("ELU", {{"alpha", ParamType::Real, 1.0, 0.0, 100.0, {}, 0.5, 2.0}}),
        activation("SELU"),
        activation("GELU", {{"approximate", ParamType::Choice, "none", -infinity, infinity, {"none", "tanh"}, 0, 0}}),
        activation("SiLU"),
        activation("Tanh"),
        activation("Sigmoid"),
        activation("Softplus", {{"beta", ParamType::Real, 1.0, 1e-3, 1e3, {}, 0.5, 5.0},
                                {"threshold", ParamType::Real, 20.0, 0.0, 1e3, {}, 10.0, 30.0}}),
        {"BatchNorm1d", "normalise", 1, 1, batchNormParams(), inferSame, costBatchNorm},
        {"LayerNorm", "normalise", 1, 1, layerNormParams(), inferSame, costLayerNorm},
        {"Dropout", "regularise", 1, 1, {{"p", ParamType::Real, 0.5, 0.0, 0.99, {}, 0.05, 0.5}}, inferSame, costDropout},
        {"Concat", "shape", 1, -1, {}, inferConcat, costOfOutput},
        {"Add", "shape", 2, -1, {}, inferAdd, costAdd},
    };
}

} // namespace

std::string shapeText(const TensorShape& shape)
{
    std::string text = "N";
    for (const std::int64_t dim : shape.dims)
        text += "×" + std::to_string(dim);
    return text;
}

std::int64_t embeddingWidth(std::int64_t cardinality, const ParamValues& params)
{
    const std::int64_t asked = paramValue(embeddingParams(), params, "embedding_dim").get<std::int64_t>();
    if (asked > 0)
        return asked;
    const double rule = std::ceil(1.6 * std::pow(static_cast<double>(cardinality), 0.56));
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(rule), 1, 50);
}

const std::vector<LayerType>& layerCatalog()
{
    static const std::vector<LayerType> catalog = makeCatalog();
    return catalog;
}

const LayerType* findLayer(std::string_view name)
{
    for (const LayerType& type : layerCatalog())
        if (type.name == name)
            return &type;
    return nullptr;
}

} // namespace limpid
