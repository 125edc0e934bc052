#include "core/engine/LayerOps.h"

#include "core/engine/Dropout.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/adaptive_avg_pool1d.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/adaptive_max_pool1d.h>
#include <ATen/ops/adaptive_max_pool2d.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/avg_pool1d.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/avg_pool3d.h>
#include <ATen/ops/bilinear.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv1d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv3d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/hardswish.h>
#include <ATen/ops/instance_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/max_pool1d.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/max_pool3d.h>
#include <ATen/ops/mish.h>
#include <ATen/ops/prelu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/upsample_nearest2d.h>

#include <cmath>

namespace limpid::engine {

nlohmann::json setting(const LayerCall& call, std::string_view name)
{
    return paramValue(call.layer.type->params, call.layer.params, name);
}

double realSetting(const LayerCall& call, std::string_view name) { return setting(call, name).get<double>(); }
std::int64_t integerSetting(const LayerCall& call, std::string_view name) { return setting(call, name).get<std::int64_t>(); }
bool flagSetting(const LayerCall& call, std::string_view name) { return setting(call, name).get<bool>(); }

at::Tensor weightOf(const LayerCall& call, std::size_t index)
{
    return index < call.weights.size() ? call.weights[index] : at::Tensor();
}

at::Tensor dropped(const LayerCall& call, const at::Tensor& values, double p)
{
    if (!call.dropout || p == 0.0)
        return values;
    at::Tensor mask = at::empty(values.sizes(), at::kFloat);
    drawDropoutMask(mask.data_ptr<float>(), static_cast<std::size_t>(mask.numel()), p, *call.dropout);
    return values.mul(mask);
}

namespace {

using Ints = std::vector<std::int64_t>;

const at::Tensor& in(const LayerCall& call, std::size_t index = 0)
{
    return call.inputs[index];
}

/// [rows, dimensions of the output…]
Ints outputSizes(const LayerCall& call)
{
    Ints sizes{in(call).size(0)};
    sizes.insert(sizes.end(), call.layer.dims.begin(), call.layer.dims.end());
    return sizes;
}

Window window(const LayerCall& call)
{
    return *windowOf(*call.layer.type, call.layer.params, static_cast<std::size_t>(in(call).dim() - 2));
}

// ---- dense

at::Tensor linear(const LayerCall& call) { return at::linear(in(call), weightOf(call, 0), weightOf(call, 1)); }
at::Tensor bilinear(const LayerCall& call) { return at::bilinear(in(call, 0), in(call, 1), weightOf(call, 0), weightOf(call, 1)); }

// ---- windows

at::Tensor conv(const LayerCall& call)
{
    const Window w = window(call);
    const std::int64_t groups = integerSetting(call, "groups");
    switch (in(call).dim()) {
    case 3: return at::conv1d(in(call), weightOf(call, 0), weightOf(call, 1), w.stride, w.padding, w.dilation, groups);
    case 4: return at::conv2d(in(call), weightOf(call, 0), weightOf(call, 1), w.stride, w.padding, w.dilation, groups);
    default: return at::conv3d(in(call), weightOf(call, 0), weightOf(call, 1), w.stride, w.padding, w.dilation, groups);
    }
}

at::Tensor convTranspose2d(const LayerCall& call)
{
    const Window w = window(call);
    return at::conv_transpose2d(in(call), weightOf(call, 0), weightOf(call, 1), w.stride, w.padding, w.outputPadding,
                                integerSetting(call, "groups"), w.dilation);
}

at::Tensor maxPool(const LayerCall& call)
{
    const Window w = window(call);
    switch (in(call).dim()) {
    case 3: return at::max_pool1d(in(call), w.kernel, w.stride, w.padding, w.dilation, w.ceiling);
    case 4: return at::max_pool2d(in(call), w.kernel, w.stride, w.padding, w.dilation, w.ceiling);
    default: return at::max_pool3d(in(call), w.kernel, w.stride, w.padding, w.dilation, w.ceiling);
    }
}

at::Tensor avgPool(const LayerCall& call)
{
    const Window w = window(call);
    const bool countsPadding = flagSetting(call, "count_include_pad");
    switch (in(call).dim()) {
    case 3: return at::avg_pool1d(in(call), w.kernel, w.stride, w.padding, w.ceiling, countsPadding);
    case 4: return at::avg_pool2d(in(call), w.kernel, w.stride, w.padding, w.ceiling, countsPadding);
    default: return at::avg_pool3d(in(call), w.kernel, w.stride, w.padding, w.ceiling, countsPadding);
    }
}

Ints adaptiveSizes(const LayerCall& call)
{
    return {call.layer.dims.begin() + 1, call.layer.dims.end()};
}

at::Tensor adaptiveMaxPool(const LayerCall& call)
{
    const Ints sizes = adaptiveSizes(call);
    return sizes.size() == 1 ? std::get<0>(at::adaptive_max_pool1d(in(call), sizes)) : std::get<0>(at::adaptive_max_pool2d(in(call), sizes));
}

at::Tensor adaptiveAvgPool(const LayerCall& call)
{
    const Ints sizes = adaptiveSizes(call);
    return sizes.size() == 1 ? at::adaptive_avg_pool1d(in(call), sizes) : at::adaptive_avg_pool2d(in(call), sizes);
}

at::Tensor globalAvgPool(const LayerCall& call) { return in(call).flatten(2).mean(2); }
at::Tensor globalMaxPool(const LayerCall& call) { return at::amax(in(call).flatten(2), {2}); }

// ---- activations

at::Tensor prelu(const LayerCall& call) { return at::prelu(in(call), weightOf(call, 0)); }
at::Tensor mish(const LayerCall& call) { return at::mish(in(call)); }
at::Tensor hardswish(const LayerCall& call) { return at::hardswish(in(call)); }
at::Tensor softmax(const LayerCall& call) { return at::softmax(in(call), integerSetting(call, "dim")); }
at::Tensor logSoftmax(const LayerCall& call) { return at::log_softmax(in(call), integerSetting(call, "dim")); }

// ---- norms

at::Tensor layerNorm(const LayerCall& call)
{
    const auto count = static_cast<std::ptrdiff_t>(integerSetting(call, "normalized_dims"));
    const Ints shape(call.layer.dims.end() - count, call.layer.dims.end());
    return at::layer_norm(in(call), shape, weightOf(call, 0), weightOf(call, 1), realSetting(call, "eps"), false);
}

at::Tensor groupNorm(const LayerCall& call)
{
    return at::group_norm(in(call), integerSetting(call, "num_groups"), weightOf(call, 0), weightOf(call, 1), realSetting(call, "eps"), false);
}

at::Tensor instanceNorm(const LayerCall& call)
{
    return at::instance_norm(in(call), weightOf(call, 0), weightOf(call, 1), {}, {}, true, 0.0, realSetting(call, "eps"), false);
}

/// Dropped values become SELU's least value, and all are scaled so that mean and variance stay (Klambauer et al. 2017, §3).
at::Tensor alphaDropout(const LayerCall& call)
{
    const double p = realSetting(call, "p");
    if (!call.dropout || p == 0.0)
        return in(call);
    constexpr double alpha = -1.7580993408473766; // of SELU, times its scale
    const double a = 1.0 / std::sqrt((alpha * alpha * p + 1.0) * (1.0 - p));
    at::Tensor mask = at::empty(in(call).sizes(), at::kFloat);
    drawDropoutMask(mask.data_ptr<float>(), static_cast<std::size_t>(mask.numel()), p, *call.dropout);
    const at::Tensor kept = mask.gt(0.0).to(at::kFloat);
    return in(call).mul(kept).mul(a).add(kept.sub(1.0).mul(-alpha * a)).add(alpha * a * p);
}

// ---- shapes

at::Tensor permute(const LayerCall& call)
{
    Ints dims{0};
    for (const std::int64_t dim : paramIntegers(call.layer.type->params, call.layer.params, "dims"))
        dims.push_back(dim);
    return in(call).permute(dims);
}

at::Tensor concat(const LayerCall& call) { return at::cat(call.inputs, integerSetting(call, "dim")); }
at::Tensor reshape(const LayerCall& call) { return in(call).reshape(outputSizes(call)); }
at::Tensor identity(const LayerCall& call) { return in(call); }

at::Tensor add(const LayerCall& call)
{
    at::Tensor sum = in(call, 0);
    for (std::size_t k = 1; k < call.inputs.size(); ++k)
        sum = sum.add(in(call, k));
    return sum;
}

at::Tensor multiply(const LayerCall& call)
{
    at::Tensor result = in(call, 0);
    for (std::size_t k = 1; k < call.inputs.size(); ++k)
        result = result.mul(in(call, k));
    return result;
}

at::Tensor upsample(const LayerCall& call)
{
    const Ints sizes = adaptiveSizes(call);
    return setting(call, "mode") == "bilinear" ? at::upsample_bilinear2d(in(call), sizes, false) : at::upsample_nearest2d(in(call), sizes);
}

at::Tensor zeroPad(const LayerCall& call)
{
    Ints sides = paramIntegers(call.layer.type->params, call.layer.params, "padding");
    if (sides.size() == 1)
        sides.assign(4, sides.front());
    return at::constant_pad_nd(in(call), sides, 0.0);
}

const std::pair<std::string_view, LayerOp> ops[] = {
    {"Linear", linear}, {"Bilinear", bilinear}, {"Conv1d", conv}, {"Conv2d", conv}, {"Conv3d", conv}, {"ConvTranspose2d", convTranspose2d},
    {"MaxPool1d", maxPool}, {"MaxPool2d", maxPool}, {"MaxPool3d", maxPool}, {"AvgPool1d", avgPool}, {"AvgPool2d", avgPool}, {"AvgPool3d", avgPool},
    {"AdaptiveMaxPool1d", adaptiveMaxPool}, {"AdaptiveMaxPool2d", adaptiveMaxPool}, {"AdaptiveAvgPool1d", adaptiveAvgPool},
    {"AdaptiveAvgPool2d", adaptiveAvgPool}, {"GlobalAvgPool", globalAvgPool}, {"GlobalMaxPool", globalMaxPool}, {"PReLU", prelu}, {"Mish", mish},
    {"Hardswish", hardswish}, {"Softmax", softmax}, {"LogSoftmax", logSoftmax}, {"LayerNorm", layerNorm}, {"GroupNorm", groupNorm},
    {"InstanceNorm2d", instanceNorm}, {"AlphaDropout", alphaDropout}, {"Permute", permute}, {"Concat", concat}, {"Add", add}, {"Multiply", multiply},
    {"Reshape", reshape}, {"Upsample", upsample}, {"ZeroPad2d", zeroPad}, {"Identity", identity}};

} // namespace

LayerOp layerOp(const Layer& layer)
{
    if (const LayerOp op = sequenceOp(layer.type->name))
        return op;
    for (const auto& [name, op] : ops)
        if (name == layer.type->name)
            return op;
    throw Error(ErrorCode::Internal, {{"reason", layer.type->name}});
}

} // namespace limpid::engine
