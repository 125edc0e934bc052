#include "core/model/LayerParts.h"

#include <algorithm>

namespace limpid {

namespace {

ParamSpec epsParam() { return realParam("eps", 1e-5, 1e-12, 1.0, 1e-6, 1e-3); }

// ---- BatchNorm: over the batch, for each channel

const std::vector<ParamSpec>& batchNormParams()
{
    static const std::vector<ParamSpec> params{epsParam(), realParam("momentum", 0.1, 0.0, 1.0, 0.01, 0.2), switchParam("affine", true),
                                               switchParam("freeze", false)};
    return params;
}

TensorShape inferBatchNorm1d(Shapes inputs, const ParamValues&, Issues& issues)
{
    if (inputs[0].dims.size() != 2)
        requireRow(inputs, issues);
    else
        requireNumbers(inputs, issues);
    return inputs[0];
}

TensorShape inferBatchNorm2d(Shapes inputs, const ParamValues&, Issues& issues)
{
    requireImage(inputs, 2, issues);
    return inputs[0];
}

/// Running statistics fold into one multiply-add a value in a forward pass.
LayerCost costBatchNorm(Shapes, const TensorShape& output, const ParamValues&)
{
    return {0, 2 * valueCount(output), valueCount(output)};
}

std::vector<TensorSpec> batchNormTensors(Shapes, const TensorShape& output, const ParamValues& values)
{
    const std::vector<std::int64_t> channels{output.dims[0]};
    std::vector<TensorSpec> tensors;
    if (Settings{batchNormParams(), values}.flag("affine"))
        addScaleAndShift(tensors, "", channels);
    tensors.push_back({"running_mean", channels, {}, false});
    tensors.push_back({"running_var", channels, {Initial::Rule::Constant, 1.0}, false});
    return tensors;
}

// ---- LayerNorm: over the last dimensions of each row

const std::vector<ParamSpec>& layerNormParams()
{
    static const std::vector<ParamSpec> params{epsParam(), integerParam("normalized_dims", 1, 1, 4, 1, 3), switchParam("elementwise_affine", true),
                                               switchParam("freeze", false)};
    return params;
}

/// PyTorch's normalized_shape, of which one gives the number of dimensions.
std::vector<std::int64_t> normalizedShape(const TensorShape& shape, const ParamValues& values)
{
    const std::int64_t count = Settings{layerNormParams(), values}.integer("normalized_dims");
    return {shape.dims.end() - std::min<std::ptrdiff_t>(count, std::ssize(shape.dims)), shape.dims.end()};
}

TensorShape inferLayerNorm(Shapes inputs, const ParamValues& values, Issues& issues)
{
    if (!requireNumbers(inputs, issues))
        return inputs[0];
    const std::int64_t count = Settings{layerNormParams(), values}.integer("normalized_dims"), rank = std::ssize(inputs[0].dims);
    if (count > rank)
        paramIssue(issues, "normalized_dims", count, "1 … " + std::to_string(rank));
    else if (product(normalizedShape(inputs[0], values)) == 1)
        constantWarning(issues, "1");
    return inputs[0];
}

/// Mean (1), variance (2), normalising (2) and, where affine, one multiply-add.
LayerCost costLayerNorm(Shapes, const TensorShape& output, const ParamValues& values)
{
    const bool affine = Settings{layerNormParams(), values}.flag("elementwise_affine");
    return {0, (affine ? 7 : 5) * valueCount(output), valueCount(output)};
}

std::vector<TensorSpec> layerNormTensors(Shapes, const TensorShape& output, const ParamValues& values)
{
    std::vector<TensorSpec> tensors;
    if (Settings{layerNormParams(), values}.flag("elementwise_affine"))
        addScaleAndShift(tensors, "", normalizedShape(output, values));
    return tensors;
}

// ---- GroupNorm, InstanceNorm2d: over the pixels of some channels of each row

const std::vector<ParamSpec>& groupNormParams()
{
    static const std::vector<ParamSpec> params{integerParam("num_groups", 1, 1, 4096, 1, 32), epsParam(), switchParam("affine", true),
                                               switchParam("freeze", false)};
    return params;
}

TensorShape inferGroupNorm(Shapes inputs, const ParamValues& values, Issues& issues)
{
    if (!requireNumbers(inputs, issues))
        return inputs[0];
    const std::int64_t groups = Settings{groupNormParams(), values}.integer("num_groups"), channels = inputs[0].dims[0];
    if (channels % groups != 0)
        paramIssue(issues, "num_groups", groups, std::to_string(channels) + " mod num_groups = 0");
    else if (valueCount(inputs[0]) == groups)
        constantWarning(issues, "1");
    return inputs[0];
}

LayerCost costGroupNorm(Shapes, const TensorShape& output, const ParamValues& values)
{
    return {0, (Settings{groupNormParams(), values}.flag("affine") ? 7 : 5) * valueCount(output), valueCount(output)};
}

const std::vector<ParamSpec>& instanceNormParams()
{
    static const std::vector<ParamSpec> params{epsParam(), switchParam("affine", false), switchParam("freeze", false)};
    return params;
}

TensorShape inferInstanceNorm2d(Shapes inputs, const ParamValues&, Issues& issues)
{
    if (requireImage(inputs, 2, issues) && inputs[0].dims[1] * inputs[0].dims[2] == 1)
        constantWarning(issues, "1×1");
    return inputs[0];
}

LayerCost costInstanceNorm(Shapes, const TensorShape& output, const ParamValues& values)
{
    return {0, (Settings{instanceNormParams(), values}.flag("affine") ? 7 : 5) * valueCount(output), valueCount(output)};
}

template<const std::vector<ParamSpec>& (*Params)()>
std::vector<TensorSpec> channelTensors(Shapes, const TensorShape& output, const ParamValues& values)
{
    std::vector<TensorSpec> tensors;
    if (Settings{Params(), values}.flag("affine"))
        addScaleAndShift(tensors, "", {output.dims[0]});
    return tensors;
}

// ---- Dropout

const std::vector<ParamSpec>& dropoutParams()
{
    static const std::vector<ParamSpec> params{realParam("p", 0.5, 0.0, 0.99, 0.05, 0.5)};
    return params;
}

TensorShape inferDropout2d(Shapes inputs, const ParamValues&, Issues& issues)
{
    requireImage(inputs, 2, issues);
    return inputs[0];
}

/// It keeps its mask beside its output.
LayerCost costDropout(Shapes, const TensorShape& output, const ParamValues&)
{
    return {0, valueCount(output), 2 * valueCount(output)};
}

} // namespace

std::vector<LayerType> normLayers()
{
    return {{"BatchNorm1d", "normalise", 1, 1, batchNormParams(), inferBatchNorm1d, costBatchNorm, batchNormTensors},
            {"BatchNorm2d", "normalise", 1, 1, batchNormParams(), inferBatchNorm2d, costBatchNorm, batchNormTensors},
            {"LayerNorm", "normalise", 1, 1, layerNormParams(), inferLayerNorm, costLayerNorm, layerNormTensors},
            {"GroupNorm", "normalise", 1, 1, groupNormParams(), inferGroupNorm, costGroupNorm, channelTensors<groupNormParams>},
            {"InstanceNorm2d", "normalise", 1, 1, instanceNormParams(), inferInstanceNorm2d, costInstanceNorm, channelTensors<instanceNormParams>}};
}

std::vector<LayerType> dropoutLayers()
{
    return {{"Dropout", "regularise", 1, 1, dropoutParams(), inferSame, costDropout},
            {"Dropout2d", "regularise", 1, 1, dropoutParams(), inferDropout2d, costDropout},
            {"AlphaDropout", "regularise", 1, 1, dropoutParams(), inferSame, costDropout}};
}

} // namespace limpid
