#include "core/model/LayerParts.h"

#include <cmath>

namespace limpid {

std::int64_t product(std::span<const std::int64_t> sizes)
{
    std::int64_t result = 1;
    for (const std::int64_t size : sizes)
        if (size == 0)
            return 0;
    for (const std::int64_t size : sizes) {
        if (result > largestCount / size)
            return largestCount;
        result *= size;
    }
    return result;
}

std::int64_t valueCount(const TensorShape& shape)
{
    return product(shape.dims);
}

ParamSpec integerParam(std::string name, std::int64_t usual, double min, double max, double usualMin, double usualMax)
{
    return {std::move(name), ParamType::Integer, usual, min, max, {}, usualMin, usualMax};
}

ParamSpec integersParam(std::string name, nlohmann::json usual, double min, double max, double usualMin, double usualMax, std::size_t maxLength)
{
    return {std::move(name), ParamType::Integers, std::move(usual), min, max, {}, usualMin, usualMax, {}, maxLength};
}

ParamSpec realParam(std::string name, double usual, double min, double max, double usualMin, double usualMax)
{
    return {std::move(name), ParamType::Real, usual, min, max, {}, usualMin, usualMax};
}

ParamSpec switchParam(std::string name, bool usual)
{
    ParamSpec spec;
    spec.name = std::move(name);
    spec.type = ParamType::Boolean;
    spec.defaultValue = usual;
    return spec;
}

ParamSpec choiceParam(std::string name, std::vector<std::string> choices)
{
    ParamSpec spec;
    spec.name = std::move(name);
    spec.type = ParamType::Choice;
    spec.defaultValue = choices.front();
    spec.choices = std::move(choices);
    return spec;
}

std::vector<ParamSpec> withWeights(std::vector<ParamSpec> params)
{
    params.push_back(choiceParam("weight_init", {"default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal",
                                                 "trunc_normal", "orthogonal", "zeros"}));
    params.push_back(switchParam("freeze", false));
    return params;
}

void shapeIssue(Issues& issues, const TensorShape& found, std::string expected)
{
    issues.push_back({Severity::Error, "", ErrorCode::NetworkShape,
                      {{"found", shapeText(found)}, {"expected", std::move(expected)}}});
}

void paramIssue(Issues& issues, std::string name, std::string value, std::string expected)
{
    issues.push_back({Severity::Error, "", ErrorCode::NetworkParam,
                      {{"name", std::move(name)}, {"value", std::move(value)}, {"expected", std::move(expected)}}});
}

void paramIssue(Issues& issues, std::string name, std::int64_t value, std::string expected)
{
    paramIssue(issues, std::move(name), std::to_string(value), std::move(expected));
}

void constantWarning(Issues& issues, std::string reason)
{
    issues.push_back({Severity::Warning, "", ErrorCode::NetworkConstant, {{"found", std::move(reason)}}});
}

namespace {

bool requireRank(Shapes inputs, std::size_t rank, const char* expected, Issues& issues)
{
    for (const TensorShape& input : inputs)
        if (input.kind != TensorShape::Kind::Float || (rank > 0 && input.dims.size() != rank)) {
            shapeIssue(issues, input, expected);
            return false;
        }
    return true;
}

/// The list for `sides` sides; false where its length is neither 1 nor that.
bool readSides(const Settings& settings, const char* name, std::size_t sides, std::vector<std::int64_t>& values, Issues& issues)
{
    values = settings.integers(name);
    if (values.size() == 1)
        values.assign(sides, values.front());
    if (values.size() == sides)
        return true;
    paramIssue(issues, name, static_cast<std::int64_t>(values.size()), "1, " + std::to_string(sides) + " integers");
    return false;
}

bool has(const std::vector<ParamSpec>& specs, std::string_view name)
{
    for (const ParamSpec& spec : specs)
        if (spec.name == name)
            return true;
    return false;
}

} // namespace

bool requireNumbers(Shapes inputs, Issues& issues) { return requireRank(inputs, 0, "N×features", issues); }
bool requireRow(Shapes inputs, Issues& issues) { return requireRank(inputs, 1, "N×features", issues); }
bool requireSequence(Shapes inputs, Issues& issues) { return requireRank(inputs, 2, "N×length×features", issues); }
bool requireImage(Shapes inputs, std::size_t sides, Issues& issues) { return requireRank(inputs, sides + 1, imageText(sides), issues); }

const char* imageText(std::size_t sides)
{
    return sides == 1 ? "N×channels×length" : sides == 2 ? "N×channels×height×width" : "N×channels×depth×height×width";
}

bool Window::isSquare() const
{
    const auto same = [](const std::vector<std::int64_t>& sides) {
        for (const std::int64_t side : sides)
            if (side != sides.front())
                return false;
        return true;
    };
    return same(kernel) && same(stride) && same(padding) && same(dilation);
}

std::optional<Window> readWindow(const Settings& settings, std::size_t sides, Issues& issues)
{
    Window window;
    const std::vector<ParamSpec>& specs = settings.specs;
    if (!readSides(settings, "kernel_size", sides, window.kernel, issues) || !readSides(settings, "stride", sides, window.stride, issues)
        || !readSides(settings, "padding", sides, window.padding, issues))
        return std::nullopt;
    for (std::size_t side = 0; side < sides; ++side)
        if (window.stride[side] == 0) // a pool's default
            window.stride[side] = window.kernel[side];
    window.dilation.assign(sides, 1);
    if (has(specs, "dilation") && !readSides(settings, "dilation", sides, window.dilation, issues))
        return std::nullopt;
    if (has(specs, "output_padding") && !readSides(settings, "output_padding", sides, window.outputPadding, issues))
        return std::nullopt;
    window.ceiling = has(specs, "ceil_mode") && settings.flag("ceil_mode");
    return window;
}

std::optional<Window> windowOf(const LayerType& type, const ParamValues& params, std::size_t sides)
{
    Issues ignored;
    return readWindow({type.params, params}, sides, ignored);
}

std::int64_t windowPlaces(std::int64_t size, const Window& window, std::size_t side)
{
    const std::int64_t stride = window.stride[side], padding = window.padding[side];
    const std::int64_t span = size + 2 * padding - window.dilation[side] * (window.kernel[side] - 1) - 1;
    const std::int64_t places = (span + (window.ceiling ? stride - 1 : 0)) / stride + 1;
    // The last window must begin in the image or the padding before it.
    return window.ceiling && (places - 1) * stride >= size + padding ? places - 1 : places;
}

TensorShape floats(std::vector<std::int64_t> dims)
{
    return {TensorShape::Kind::Float, std::move(dims), {}};
}

TensorShape inferSame(Shapes inputs, const ParamValues&, Issues& issues)
{
    requireNumbers(inputs, issues);
    return inputs[0];
}

std::int64_t bounded(std::initializer_list<std::int64_t> factors)
{
    return product({factors.begin(), factors.size()});
}

LayerCost costOfOutput(Shapes, const TensorShape& output, const ParamValues&)
{
    return {0, 0, valueCount(output)};
}

LayerCost costElementwise(Shapes, const TensorShape& output, const ParamValues&)
{
    return {0, valueCount(output), valueCount(output)};
}

LayerCost costNothing(Shapes, const TensorShape&, const ParamValues&)
{
    return {};
}

TensorSpec weightTensor(std::string name, std::vector<std::int64_t> shape, Initial initial)
{
    return {std::move(name), std::move(shape), initial, true, true};
}

TensorSpec biasTensor(std::string name, std::int64_t count, Initial initial)
{
    return {std::move(name), {count}, initial, true, false};
}

void addScaleAndShift(std::vector<TensorSpec>& tensors, const std::string& prefix, std::vector<std::int64_t> shape)
{
    tensors.push_back({prefix + "weight", shape, {Initial::Rule::Constant, 1.0}, true, false});
    tensors.push_back({prefix + "bias", std::move(shape), {}, true, false});
}

Initial uniformByFanIn(std::int64_t fanIn)
{
    return {Initial::Rule::Uniform, 1.0 / std::sqrt(static_cast<double>(fanIn))};
}

} // namespace limpid
