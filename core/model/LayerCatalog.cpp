#include "core/model/LayerCatalog.h"

#include "core/model/ImageLayers.h"
#include "core/model/LayerParts.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace limpid {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// ---- shapes

TensorShape inferSameRow(std::span<const TensorShape> inputs, const ParamValues&, Issues& issues)
{
    requireRow(inputs, issues);
    return inputs[0];
}

/// The caller hands over the table's shape in place of an input.
TensorShape inferInput(std::span<const TensorShape> inputs, const ParamValues&, Issues&)
{
    return inputs[0];
}

/// Rows side by side; images of the same size channel after channel.
TensorShape inferConcat(std::span<const TensorShape> inputs, const ParamValues&, Issues& issues)
{
    TensorShape output = inputs[0];
    if (!requireNumbers(inputs, issues))
        return output;
    for (const TensorShape& input : inputs.subspan(1)) {
        if (input.dims.size() != output.dims.size() || !std::equal(input.dims.begin() + 1, input.dims.end(), output.dims.begin() + 1)) {
            std::string expected = output.dims.size() == 1 ? "N×features" : "N×channels";
            for (std::size_t i = 1; i < output.dims.size(); ++i)
                expected += "×" + std::to_string(output.dims[i]);
            shapeIssue(issues, input, expected);
            break;
        }
        output.dims[0] += input.dims[0];
    }
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

/// An activation: one operation a value.
LayerCost costElementwise(std::span<const TensorShape>, const TensorShape& output, const ParamValues&)
{
    return {0, valueCount(output), valueCount(output)};
}

LayerCost costAdd(std::span<const TensorShape> inputs, const TensorShape& output, const ParamValues&)
{
    return {0, (static_cast<std::int64_t>(inputs.size()) - 1) * valueCount(output), valueCount(output)};
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
    requireRow(inputs, issues);
    return {TensorShape::Kind::Float, {paramValue(linearParams(), params, "out_features").get<std::int64_t>()}, {}};
}

LayerCost costLinear(std::span<const TensorShape> inputs, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t in = valueCount(inputs[0]);
    const std::int64_t out = valueCount(output);
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
    LayerCost cost{0, 0, valueCount(output)};
    for (const std::int64_t cardinality : inputs[0].cardinalities)
        cost.parameters += cardinality * embeddingWidth(cardinality, params);
    return cost;
}

LayerCost costBatchNorm1d(std::span<const TensorShape>, const TensorShape& output, const ParamValues& params)
{
    return costBatchNorm(valueCount(output), output, params);
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
    const std::int64_t features = valueCount(output);
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
        conv2dLayer(),
        maxPool2dLayer(),
        avgPool2dLayer(),
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
        {"BatchNorm1d", "normalise", 1, 1, batchNormParams(), inferSameRow, costBatchNorm1d},
        batchNorm2dLayer(),
        {"LayerNorm", "normalise", 1, 1, layerNormParams(), inferSameRow, costLayerNorm},
        {"Dropout", "regularise", 1, 1, dropoutParams(), inferSame, costDropout},
        dropout2dLayer(),
        flattenLayer(),
        reshapeLayer(),
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
