#include "core/model/LayerParts.h"

namespace limpid {

namespace {

// ---- MultiheadAttention (Vaswani et al. 2017, §3.2.2)

const std::vector<ParamSpec>& attentionParams()
{
    static const std::vector<ParamSpec> params = withWeights(
        {integerParam("num_heads", 4, 1, 256, 1, 16), realParam("dropout", 0.0, 0.0, 0.99, 0.1, 0.3), switchParam("bias", true)});
    return params;
}

void requireHeads(const char* name, std::int64_t heads, std::int64_t width, Issues& issues)
{
    if (width % heads != 0)
        paramIssue(issues, name, heads, std::to_string(width) + " mod " + name + " = 0");
}

/// One input attends to itself; of two the second is both key and value.
TensorShape inferAttention(Shapes inputs, const ParamValues& values, Issues& issues)
{
    if (!requireSequence(inputs, issues))
        return inputs[0];
    const std::int64_t width = inputs[0].dims[1];
    requireHeads("num_heads", Settings{attentionParams(), values}.integer("num_heads"), width, issues);
    for (const TensorShape& input : inputs.subspan(1))
        if (input.dims[1] != width || input.dims[0] != inputs[1].dims[0]) {
            shapeIssue(issues, input, "N×" + std::to_string(inputs[1].dims[0]) + "×" + std::to_string(width));
            break;
        }
    return inputs[0];
}

/// Of the four projections and the two products with the matrix of weights [heads, queries, keys].
LayerCost attentionCost(std::int64_t queries, std::int64_t keys, std::int64_t width, std::int64_t heads)
{
    LayerCost cost;
    cost.flops = bounded({2, width, width, 2 * queries + 2 * keys}) + bounded({4, queries, keys, width}) + bounded({4, heads, queries, keys});
    cost.activations = width * (3 * queries + 2 * keys) + bounded({2, heads, queries, keys});
    return cost;
}

LayerCost costAttention(Shapes inputs, const TensorShape&, const ParamValues& values)
{
    const std::int64_t queries = inputs[0].dims[0], keys = inputs.size() > 1 ? inputs[1].dims[0] : queries;
    return attentionCost(queries, keys, inputs[0].dims[1], Settings{attentionParams(), values}.integer("num_heads"));
}

void addAttentionTensors(std::vector<TensorSpec>& tensors, const std::string& prefix, std::int64_t width, bool bias)
{
    tensors.push_back(weightTensor(prefix + "in_proj_weight", {3 * width, width}, {Initial::Rule::XavierUniform}));
    if (bias)
        tensors.push_back(biasTensor(prefix + "in_proj_bias", 3 * width));
    tensors.push_back(weightTensor(prefix + "out_proj.weight", {width, width}, uniformByFanIn(width)));
    if (bias)
        tensors.push_back(biasTensor(prefix + "out_proj.bias", width));
}

std::vector<TensorSpec> attentionTensors(Shapes inputs, const TensorShape&, const ParamValues& values)
{
    std::vector<TensorSpec> tensors;
    addAttentionTensors(tensors, "", inputs[0].dims[1], Settings{attentionParams(), values}.flag("bias"));
    return tensors;
}

// ---- TransformerEncoderLayer

const std::vector<ParamSpec>& encoderParams()
{
    static const std::vector<ParamSpec> params = withWeights(
        {integerParam("nhead", 4, 1, 256, 1, 16), integerParam("dim_feedforward", 2048, 1, 65'536, 64, 2048),
         realParam("dropout", 0.1, 0.0, 0.99, 0.1, 0.3), choiceParam("activation", {"relu", "gelu"}),
         realParam("layer_norm_eps", 1e-5, 1e-12, 1.0, 1e-6, 1e-3), switchParam("norm_first", false)});
    return params;
}

TensorShape inferEncoder(Shapes inputs, const ParamValues& values, Issues& issues)
{
    if (requireSequence(inputs, issues))
        requireHeads("nhead", Settings{encoderParams(), values}.integer("nhead"), inputs[0].dims[1], issues);
    return inputs[0];
}

LayerCost costEncoder(Shapes inputs, const TensorShape&, const ParamValues& values)
{
    const Settings settings{encoderParams(), values};
    const std::int64_t length = inputs[0].dims[0], width = inputs[0].dims[1], wide = settings.integer("dim_feedforward");
    LayerCost cost = attentionCost(length, length, width, settings.integer("nhead"));
    cost.flops += length * (4 * width * wide + wide + 16 * width); // two Linear, an activation, two norms and two sums
    cost.activations += length * (3 * wide + 8 * width);
    return cost;
}

std::vector<TensorSpec> encoderTensors(Shapes inputs, const TensorShape&, const ParamValues& values)
{
    const std::int64_t width = inputs[0].dims[1], wide = Settings{encoderParams(), values}.integer("dim_feedforward");
    std::vector<TensorSpec> tensors;
    addAttentionTensors(tensors, "self_attn.", width, true);
    tensors.push_back(weightTensor("linear1.weight", {wide, width}, uniformByFanIn(width)));
    tensors.push_back(biasTensor("linear1.bias", wide, uniformByFanIn(width)));
    tensors.push_back(weightTensor("linear2.weight", {width, wide}, uniformByFanIn(wide)));
    tensors.push_back(biasTensor("linear2.bias", width, uniformByFanIn(wide)));
    addScaleAndShift(tensors, "norm1.", {width});
    addScaleAndShift(tensors, "norm2.", {width});
    return tensors;
}

// ---- PositionalEncoding

const std::vector<ParamSpec>& positionParams()
{
    static const std::vector<ParamSpec> params{choiceParam("kind", {"sinusoidal", "learned"}), realParam("dropout", 0.0, 0.0, 0.99, 0.1, 0.3),
                                               switchParam("freeze", false)};
    return params;
}

TensorShape inferPositions(Shapes inputs, const ParamValues&, Issues& issues)
{
    requireSequence(inputs, issues);
    return inputs[0];
}

std::vector<TensorSpec> positionTensors(Shapes inputs, const TensorShape&, const ParamValues& values)
{
    if (Settings{positionParams(), values}.choice("kind") == "sinusoidal")
        return {};
    return {{"weight", inputs[0].dims, {Initial::Rule::Normal, 0.02}, true, false}};
}

} // namespace

std::vector<LayerType> attentionLayers()
{
    return {{"MultiheadAttention", "attention", 1, 3, attentionParams(), inferAttention, costAttention, attentionTensors, {"query", "key", "value"}},
            {"TransformerEncoderLayer", "attention", 1, 1, encoderParams(), inferEncoder, costEncoder, encoderTensors},
            {"PositionalEncoding", "attention", 1, 1, positionParams(), inferPositions, costElementwise, positionTensors}};
}

} // namespace limpid
