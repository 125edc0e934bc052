#include "core/model/LayerParts.h"

#include <functional>
#include <numeric>

namespace limpid {

std::int64_t valueCount(const TensorShape& shape)
{
    return std::accumulate(shape.dims.begin(), shape.dims.end(), std::int64_t{1}, std::multiplies<>());
}

void shapeIssue(Issues& issues, const TensorShape& found, std::string expected)
{
    issues.push_back({Severity::Error, "", ErrorCode::NetworkShape,
                      {{"found", shapeText(found)}, {"expected", std::move(expected)}}});
}

namespace {

bool requireKind(std::span<const TensorShape> inputs, std::size_t dims, const char* expected, Issues& issues)
{
    for (const TensorShape& input : inputs)
        if (input.kind != TensorShape::Kind::Float || (dims > 0 && input.dims.size() != dims)) {
            shapeIssue(issues, input, expected);
            return false;
        }
    return true;
}

} // namespace

bool requireNumbers(std::span<const TensorShape> inputs, Issues& issues)
{
    return requireKind(inputs, 0, "N×features", issues);
}

bool requireRow(std::span<const TensorShape> inputs, Issues& issues)
{
    return requireKind(inputs, 1, "N×features", issues);
}

bool requireImage(std::span<const TensorShape> inputs, Issues& issues)
{
    return requireKind(inputs, 3, "N×channels×height×width", issues);
}

TensorShape inferSame(std::span<const TensorShape> inputs, const ParamValues&, Issues& issues)
{
    requireNumbers(inputs, issues);
    return inputs[0];
}

LayerCost costOfOutput(std::span<const TensorShape>, const TensorShape& output, const ParamValues&)
{
    return {0, 0, valueCount(output)};
}

LayerCost costDropout(std::span<const TensorShape>, const TensorShape& output, const ParamValues&)
{
    return {0, valueCount(output), 2 * valueCount(output)};
}

const std::vector<ParamSpec>& batchNormParams()
{
    static const std::vector<ParamSpec> params{
        {"eps", ParamType::Real, 1e-5, 1e-12, 1.0, {}, 1e-6, 1e-3},
        {"momentum", ParamType::Real, 0.1, 0.0, 1.0, {}, 0.01, 0.2},
        {"affine", ParamType::Boolean, true}};
    return params;
}

const std::vector<ParamSpec>& dropoutParams()
{
    static const std::vector<ParamSpec> params{{"p", ParamType::Real, 0.5, 0.0, 0.99, {}, 0.05, 0.5}};
    return params;
}

LayerCost costBatchNorm(std::int64_t channels, const TensorShape& output, const ParamValues& params)
{
    const bool affine = paramValue(batchNormParams(), params, "affine").get<bool>();
    // Running statistics are buffers, not parameters; in a forward pass they fold into one multiply-add a value.
    return {affine ? 2 * channels : 0, 2 * valueCount(output), valueCount(output)};
}

} // namespace limpid
