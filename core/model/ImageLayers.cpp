#include "core/model/ImageLayers.h"

#include "core/model/LayerParts.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

ParamSpec integerParam(std::string name, int usual, int min, int max, double usualMin, double usualMax)
{
    return {std::move(name), ParamType::Integer, usual, static_cast<double>(min), static_cast<double>(max), {}, usualMin, usualMax};
}

ParamSpec switchParam(std::string name, bool usual)
{
    return {std::move(name), ParamType::Boolean, usual, -infinity, infinity, {}, 0, 0};
}

std::int64_t integer(const std::vector<ParamSpec>& specs, const ParamValues& params, std::string_view name)
{
    return paramValue(specs, params, name).get<std::int64_t>();
}

void paramIssue(Issues& issues, std::string name, std::int64_t value, std::string expected)
{
    issues.push_back({Severity::Error, "", ErrorCode::NetworkParam,
                      {{"name", std::move(name)}, {"value", std::to_string(value)}, {"expected", std::move(expected)}}});
}

// ---- windows

const std::vector<ParamSpec>& conv2dParams()
{
    static const std::vector<ParamSpec> params{
        integerParam("out_channels", 16, 1, 4096, 8, 256), integerParam("kernel_size", 3, 1, 63, 1, 7),
        integerParam("stride", 1, 1, 63, 1, 2),            integerParam("padding", 0, 0, 63, 0, 3),
        integerParam("dilation", 1, 1, 63, 1, 2),          integerParam("groups", 1, 1, 4096, 1, 32),
        switchParam("bias", true)};
    return params;
}

const std::vector<ParamSpec>& maxPool2dParams()
{
    static const std::vector<ParamSpec> params{
        integerParam("kernel_size", 2, 1, 63, 2, 3), integerParam("stride", 0, 0, 63, 2, 3),
        integerParam("padding", 0, 0, 31, 0, 1),     integerParam("dilation", 1, 1, 63, 1, 2),
        switchParam("ceil_mode", false)};
    return params;
}

const std::vector<ParamSpec>& avgPool2dParams()
{
    static const std::vector<ParamSpec> params{
        integerParam("kernel_size", 2, 1, 63, 2, 7), integerParam("stride", 0, 0, 63, 2, 7),
        integerParam("padding", 0, 0, 31, 0, 1),     switchParam("ceil_mode", false),
        switchParam("count_include_pad", true)};
    return params;
}

ImageWindow windowOf(const std::vector<ParamSpec>& specs, const ParamValues& params)
{
    ImageWindow window;
    window.kernel = integer(specs, params, "kernel_size");
    window.stride = integer(specs, params, "stride");
    if (window.stride == 0)
        window.stride = window.kernel;
    window.padding = integer(specs, params, "padding");
    for (const ParamSpec& spec : specs) {
        if (spec.name == "dilation")
            window.dilation = integer(specs, params, "dilation");
        if (spec.name == "ceil_mode")
            window.ceiling = paramValue(specs, params, "ceil_mode").get<bool>();
    }
    return window;
}

/// [channels, …] of a window over the input; an issue where it has no place in the image, or that has not `least` pixels a side.
TensorShape slide(const TensorShape& input, std::int64_t channels, const ImageWindow& window, std::int64_t least, Issues& issues)
{
    const std::int64_t reach = window.dilation * (window.kernel - 1) + 1;
    const std::int64_t needed = std::max(reach - 2 * window.padding, least);
    if (input.dims[1] < needed || input.dims[2] < needed) {
        shapeIssue(issues, input, "N×channels×≥" + std::to_string(needed) + "×≥" + std::to_string(needed));
        return input;
    }
    return {TensorShape::Kind::Float, {channels, windowPlaces(input.dims[1], window), windowPlaces(input.dims[2], window)}, {}};
}

TensorShape inferConv2d(std::span<const TensorShape> inputs, const ParamValues& params, Issues& issues)
{
    if (!requireImage(inputs, issues))
        return inputs[0];
    const std::int64_t in = inputs[0].dims[0], out = integer(conv2dParams(), params, "out_channels");
    const std::int64_t groups = integer(conv2dParams(), params, "groups");
    if (in % groups != 0 || out % groups != 0)
        paramIssue(issues, "groups", groups, std::to_string(in) + " mod groups = 0, " + std::to_string(out) + " mod groups = 0");
    return slide(inputs[0], out, windowOf(conv2dParams(), params), 1, issues);
}

LayerCost costConv2d(std::span<const TensorShape> inputs, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t kernel = integer(conv2dParams(), params, "kernel_size");
    const std::int64_t taps = inputs[0].dims[0] / integer(conv2dParams(), params, "groups") * kernel * kernel;
    const bool bias = paramValue(conv2dParams(), params, "bias").get<bool>();
    const std::int64_t values = valueCount(output);
    return {output.dims[0] * (taps + (bias ? 1 : 0)), values * (2 * taps + (bias ? 1 : 0)), values};
}

/// PyTorch's rule: a window may not lie in the padding alone.
bool requirePadding(const ImageWindow& window, Issues& issues)
{
    if (2 * window.padding <= window.kernel)
        return true;
    paramIssue(issues, "padding", window.padding, "≤ kernel_size / 2 = " + std::to_string(window.kernel / 2));
    return false;
}

TensorShape inferPool(const std::vector<ParamSpec>& specs, std::span<const TensorShape> inputs, const ParamValues& params, Issues& issues)
{
    const ImageWindow window = windowOf(specs, params);
    if (!requireImage(inputs, issues) || !requirePadding(window, issues))
        return inputs[0];
    // In a smaller image the values of a dilated window may all lie in the padding, and none is the largest.
    return slide(inputs[0], inputs[0].dims[0], window, window.padding > 0 ? window.dilation : 1, issues);
}

TensorShape inferMaxPool2d(std::span<const TensorShape> inputs, const ParamValues& params, Issues& issues)
{
    return inferPool(maxPool2dParams(), inputs, params, issues);
}

TensorShape inferAvgPool2d(std::span<const TensorShape> inputs, const ParamValues& params, Issues& issues)
{
    return inferPool(avgPool2dParams(), inputs, params, issues);
}

/// One comparison a value of the window; where each largest value stood is kept beside it.
LayerCost costMaxPool2d(std::span<const TensorShape>, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t kernel = integer(maxPool2dParams(), params, "kernel_size");
    return {0, valueCount(output) * kernel * kernel, 2 * valueCount(output)};
}

/// One addition a value of the window, its last one a multiplication.
LayerCost costAvgPool2d(std::span<const TensorShape>, const TensorShape& output, const ParamValues& params)
{
    const std::int64_t kernel = integer(avgPool2dParams(), params, "kernel_size");
    return {0, valueCount(output) * kernel * kernel, valueCount(output)};
}

// ---- the same shape

TensorShape inferSameImage(std::span<const TensorShape> inputs, const ParamValues&, Issues& issues)
{
    requireImage(inputs, issues);
    return inputs[0];
}

LayerCost costBatchNorm2d(std::span<const TensorShape>, const TensorShape& output, const ParamValues& params)
{
    return costBatchNorm(output.dims[0], output, params);
}

// ---- other shapes of the same values

TensorShape inferFlatten(std::span<const TensorShape> inputs, const ParamValues&, Issues& issues)
{
    requireNumbers(inputs, issues);
    return {TensorShape::Kind::Float, {valueCount(inputs[0])}, {}};
}

const std::vector<ParamSpec>& reshapeParams()
{
    static const std::vector<ParamSpec> params{integerParam("channels", 1, -1, 65'536, 1, 3),
                                               integerParam("height", -1, -1, 65'536, 8, 224),
                                               integerParam("width", -1, -1, 65'536, 8, 224)};
    return params;
}

/// One −1 is what is left; −1 for height and width makes a square.
TensorShape inferReshape(std::span<const TensorShape> inputs, const ParamValues& params, Issues& issues)
{
    if (!requireNumbers(inputs, issues))
        return inputs[0];
    std::vector<std::int64_t> dims;
    std::int64_t known = 1;
    int unknown = 0;
    for (const ParamSpec& spec : reshapeParams()) {
        dims.push_back(integer(reshapeParams(), params, spec.name));
        if (dims.back() == 0) {
            paramIssue(issues, spec.name, 0, "-1, ≥ 1");
            return inputs[0];
        }
        if (dims.back() < 0)
            ++unknown;
        else
            known *= dims.back();
    }
    const std::int64_t values = valueCount(inputs[0]);
    if (unknown == 3 || (unknown == 2 && dims[0] < 0)) {
        paramIssue(issues, "channels", -1, "≥ 1");
        return inputs[0];
    }
    if (unknown == 2) {
        const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(values / known))));
        dims[1] = dims[2] = side;
        known *= side * side;
    } else if (unknown == 1) {
        for (std::int64_t& dim : dims)
            if (dim < 0)
                dim = values / known;
        known *= values / known;
    }
    if (known == 0 || known != values) {
        std::string expected = "N×features, features = ";
        for (const ParamSpec& spec : reshapeParams()) {
            const std::int64_t dim = integer(reshapeParams(), params, spec.name);
            if (&spec != &reshapeParams().front())
                expected += "×";
            expected += dim > 0 ? std::to_string(dim) : unknown == 2 ? "n" : "?";
        }
        shapeIssue(issues, inputs[0], expected);
        return inputs[0];
    }
    return {TensorShape::Kind::Float, dims, {}};
}

/// Its input's values, seen otherwise.
LayerCost costNothing(std::span<const TensorShape>, const TensorShape&, const ParamValues&)
{
    return {};
}

} // namespace

std::int64_t windowPlaces(std::int64_t size, const ImageWindow& window)
{
    const std::int64_t span = size + 2 * window.padding - window.dilation * (window.kernel - 1) - 1;
    const std::int64_t places = (span + (window.ceiling ? window.stride - 1 : 0)) / window.stride + 1;
    // The last window must begin in the image or the padding before it.
    return window.ceiling && (places - 1) * window.stride >= size + window.padding ? places - 1 : places;
}

ImageWindow imageWindow(const LayerType& type, const ParamValues& params)
{
    return windowOf(type.params, params);
}

LayerType conv2dLayer() { return {"Conv2d", "image", 1, 1, conv2dParams(), inferConv2d, costConv2d}; }
LayerType maxPool2dLayer() { return {"MaxPool2d", "image", 1, 1, maxPool2dParams(), inferMaxPool2d, costMaxPool2d}; }
LayerType avgPool2dLayer() { return {"AvgPool2d", "image", 1, 1, avgPool2dParams(), inferAvgPool2d, costAvgPool2d}; }
LayerType batchNorm2dLayer() { return {"BatchNorm2d", "normalise", 1, 1, batchNormParams(), inferSameImage, costBatchNorm2d}; }
LayerType dropout2dLayer() { return {"Dropout2d", "regularise", 1, 1, dropoutParams(), inferSameImage, costDropout}; }
LayerType flattenLayer() { return {"Flatten", "shape", 1, 1, {}, inferFlatten, costNothing}; }
LayerType reshapeLayer() { return {"Reshape", "shape", 1, 1, reshapeParams(), inferReshape, costNothing}; }

} // namespace limpid
