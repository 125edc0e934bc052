#include "core/model/LayerParts.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

// ---- Linear, Bilinear

const std::vector<ParamSpec>& linearParams()
{
    static const std::vector<ParamSpec> params =
        withWeights({integerParam("out_features", 64, 1, 65'536, 8, 512), switchParam("bias", true)});
    return params;
}

TensorShape inferLinear(Shapes inputs, const ParamValues& params, Issues& issues)
{
    // PyTorch would take an image's width for the features; nobody means that.
    if (inputs[0].dims.size() != 2)
        requireRow(inputs, issues);
    else
        requireNumbers(inputs, issues);
    TensorShape output = floats(inputs[0].dims);
    output.dims.back() = Settings{linearParams(), params}.integer("out_features");
    return output;
}

LayerCost costLinear(Shapes inputs, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t out = valueCount(output), in = inputs[0].dims.back();
    return {0, 2 * in * out + (Settings{linearParams(), params}.flag("bias") ? out : 0), out};
}

std::vector<TensorSpec> linearTensors(Shapes inputs, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t in = inputs[0].dims.back(), out = output.dims.back();
    std::vector<TensorSpec> tensors{weightTensor("weight", {out, in}, uniformByFanIn(in))};
    if (Settings{linearParams(), params}.flag("bias"))
        tensors.push_back(biasTensor("bias", out, uniformByFanIn(in)));
    return tensors;
}

TensorShape inferBilinear(Shapes inputs, const ParamValues& params, Issues& issues)
{
    requireRow(inputs, issues);
    return floats({Settings{linearParams(), params}.integer("out_features")});
}

LayerCost costBilinear(Shapes inputs, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t in1 = inputs[0].dims[0], in2 = inputs[1].dims[0], out = output.dims[0];
    const bool bias = Settings{linearParams(), params}.flag("bias");
    return {0, 2 * out * in1 * in2 + 2 * out * in2 + (bias ? out : 0), out * (in2 + 1)};
}

std::vector<TensorSpec> bilinearTensors(Shapes inputs, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t in1 = inputs[0].dims[0], in2 = inputs[1].dims[0], out = output.dims[0];
    std::vector<TensorSpec> tensors{weightTensor("weight", {out, in1, in2}, uniformByFanIn(in1))};
    if (Settings{linearParams(), params}.flag("bias"))
        tensors.push_back(biasTensor("bias", out, uniformByFanIn(in1)));
    return tensors;
}

// ---- Embedding, EmbeddingBag

const std::vector<ParamSpec>& embeddingParams()
{
    static const std::vector<ParamSpec> params = withWeights({integerParam("embedding_dim", 0, 0, 1024, 2, 50)});
    return params;
}

const std::vector<ParamSpec>& embeddingBagParams()
{
    static const std::vector<ParamSpec> params =
        withWeights({integerParam("embedding_dim", 0, 0, 1024, 2, 50), choiceParam("mode", {"mean", "sum", "max"})});
    return params;
}

/// PyTorch draws from a standard normal distribution, which drowns what stands beside it in a table.
constexpr Initial smallNormal{Initial::Rule::Normal, 0.1};

TensorShape inferEmbedding(Shapes inputs, const ParamValues& params, Issues& issues)
{
    const TensorShape& input = inputs[0];
    if (input.kind == TensorShape::Kind::Tokens)
        return floats({input.dims[0], embeddingWidth(input.cardinalities[0], params)});
    if (input.kind != TensorShape::Kind::Index)
        shapeIssue(issues, input, "N×categories");
    TensorShape output = floats({0});
    for (const std::int64_t cardinality : input.cardinalities)
        output.dims[0] += embeddingWidth(cardinality, params);
    return output;
}

std::vector<TensorSpec> embeddingTensors(Shapes inputs, const TensorShape&, const ParamValues& params)
{
    std::vector<TensorSpec> tensors;
    const bool words = inputs[0].kind == TensorShape::Kind::Tokens;
    for (const std::int64_t cardinality : inputs[0].cardinalities)
        tensors.push_back(weightTensor(words ? "weight" : std::to_string(tensors.size()) + ".weight",
                                       {cardinality, embeddingWidth(cardinality, params)}, smallNormal));
    return tensors;
}

TensorShape inferEmbeddingBag(Shapes inputs, const ParamValues& params, Issues& issues)
{
    if (inputs[0].kind == TensorShape::Kind::Tokens)
        return floats({embeddingWidth(inputs[0].cardinalities[0], params)});
    shapeIssue(issues, inputs[0], "N×words");
    return inputs[0];
}

LayerCost costEmbeddingBag(Shapes inputs, const TensorShape& output, const ParamValues&)
{
    return {0, inputs[0].dims[0] * output.dims[0], output.dims[0]};
}

} // namespace

std::int64_t embeddingWidth(std::int64_t cardinality, const ParamValues& params)
{
    const std::int64_t asked = Settings{embeddingBagParams(), params}.integer("embedding_dim");
    if (asked > 0)
        return asked;
    const double rule = std::ceil(1.6 * std::pow(static_cast<double>(cardinality), 0.56));
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(rule), 1, 50);
}

std::vector<LayerType> denseLayers()
{
    return {{"Linear", "dense", 1, 1, linearParams(), inferLinear, costLinear, linearTensors},
            {"Bilinear", "dense", 2, 2, linearParams(), inferBilinear, costBilinear, bilinearTensors, {"input1", "input2"}},
            {"Embedding", "dense", 1, 1, embeddingParams(), inferEmbedding, costOfOutput, embeddingTensors},
            {"EmbeddingBag", "dense", 1, 1, embeddingBagParams(), inferEmbeddingBag, costEmbeddingBag, embeddingTensors}};
}

} // namespace limpid
