#include "core/exchange/OnnxTranslation.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

using T = OnnxTranslation;

/// A float as a person would have written it.
double rounded(double value)
{
    if (!(value > 0.0))
        return value;
    const double scale = std::pow(10.0, 5.0 - std::floor(std::log10(value)));
    return std::round(value * scale) / scale;
}

ParamValues epsParams(const OnnxNode& node)
{
    ParamValues params = ParamValues::object();
    const double eps = node.number("epsilon", 1e-5);
    if (std::abs(eps - 1e-5) > 1e-10)
        params["eps"] = rounded(eps);
    return params;
}

/// Exporters write a norm without scale and shift as one with ones and zeros.
bool isPlain(const OnnxConstant* scale, const OnnxConstant* shift)
{
    const bool neutral = (!scale || scale->all == 1.0) && (!shift || shift->all == 0.0);
    return neutral && !(scale && scale->ownName);
}

void give(T& t, const OnnxNode& node, const char* type, ParamValues params, std::size_t from, std::size_t weight)
{
    const std::size_t made = t.add(node, type, std::move(params), {from});
    if (node.hasInput(weight))
        t.share(node, made, weight);
    t.give(node, 0, made);
}

void batchNormOp(T& t, const OnnxNode& node)
{
    const std::size_t from = t.layer(node, 0);
    const TensorShape shape = t.shape(from);
    const OnnxConstant& scale = t.constant(node, 1);
    if (shape.dims.size() > 3 || static_cast<std::int64_t>(scale.size()) != shape.dims[0])
        t.refuse(node, shapeText(shape));
    ParamValues params = epsParams(node);
    const double momentum = 1.0 - node.number("momentum", 0.9); // what is kept there, what is new here
    if (std::abs(momentum - 0.1) > 1e-6)
        params["momentum"] = rounded(momentum);
    if (isPlain(&scale, t.constantOrNull(node, 2)))
        params["affine"] = false;
    give(t, node, shape.dims.size() == 3 ? "BatchNorm2d" : "BatchNorm1d", std::move(params), from, 1);
}

void instanceNormOp(T& t, const OnnxNode& node)
{
    const std::size_t from = t.layer(node, 0);
    const OnnxConstant& scale = t.constant(node, 1);
    if (static_cast<std::int64_t>(scale.size()) != t.shape(from).dims[0])
        t.refuse(node, shapeText(t.shape(from)));
    ParamValues params = epsParams(node);
    if (!isPlain(&scale, t.constantOrNull(node, 2)))
        params["affine"] = true;
    give(t, node, "InstanceNorm2d", std::move(params), from, 1);
}

void layerNormOp(T& t, const OnnxNode& node)
{
    const std::size_t from = t.layer(node, 0);
    const std::size_t rank = t.shape(from).dims.size() + 1;
    std::vector<std::int64_t> axes = node.integers("axes");
    std::size_t first = rank;
    if (axes.empty()) {
        first = onnxAxis(t, node, node.integer("axis", -1), rank);
    } else { // of a mean: the last ones, in whatever order
        std::vector<bool> taken(rank, false);
        for (const std::int64_t axis : axes)
            taken[onnxAxis(t, node, axis, rank)] = true;
        while (first > 0 && taken[first - 1])
            --first;
        if (std::any_of(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(first), [](bool each) { return each; }))
            t.refuse(node, "axes");
    }
    if (first == 0 || first == rank)
        t.refuse(node, "axis = " + std::to_string(first));
    ParamValues params = epsParams(node);
    if (rank - first != 1)
        params["normalized_dims"] = rank - first;
    const OnnxConstant* const scale = t.constantOrNull(node, 1);
    if (isPlain(scale, t.constantOrNull(node, 2)))
        params["elementwise_affine"] = false;
    else if (const auto& dims = t.shape(from).dims; !scale || std::vector(dims.begin() + static_cast<std::ptrdiff_t>(first) - 1, dims.end()) != scale->dims)
        t.refuse(node, "scale");
    give(t, node, "LayerNorm", std::move(params), from, 1);
}

void groupNorm(T& t, const OnnxNode& node, std::int64_t groups, std::size_t weight)
{
    const std::size_t from = t.layer(node, 0);
    const OnnxConstant& scale = t.constant(node, weight);
    ParamValues params = epsParams(node);
    if (groups != 1)
        params["num_groups"] = groups;
    if (isPlain(&scale, t.constantOrNull(node, weight + 1)))
        params["affine"] = false;
    else if (static_cast<std::int64_t>(scale.size()) != t.shape(from).dims[0]) // a scale a group, as opset 18 had it
        t.refuse(node, "scale");
    give(t, node, "GroupNorm", std::move(params), from, weight);
}

/// x, the shape by groups, scale, shift: see joinOnnxPatterns().
void patternGroupNormOp(T& t, const OnnxNode& node)
{
    const std::vector<std::int64_t> shape = t.integers(node, 1, "shape");
    if (shape.size() < 2)
        t.refuse(node, "shape");
    groupNorm(t, node, shape[1], 2);
}

void groupNormOp(T& t, const OnnxNode& node)
{
    groupNorm(t, node, node.integer("num_groups", 1), 1);
}

void dropoutOp(T& t, const OnnxNode& node)
{
    double p = node.number("ratio", 0.5);
    if (const OnnxConstant* const ratio = t.constantOrNull(node, 1); ratio && ratio->all)
        p = *ratio->all;
    ParamValues params = ParamValues::object();
    if (p != 0.5)
        params["p"] = rounded(p);
    t.give(node, 0, t.add(node, "Dropout", std::move(params), {t.layer(node, 0)}));
}

} // namespace

OnnxTranslation::Operator onnxNormOperator(std::string_view op)
{
    static const std::map<std::string_view, OnnxTranslation::Operator> operators{
        {"BatchNormalization", batchNormOp}, {"InstanceNormalization", instanceNormOp}, {"LayerNormalization", layerNormOp},
        {"GroupNorm", patternGroupNormOp}, {"GroupNormalization", groupNormOp}, {"Dropout", dropoutOp}};
    const auto found = operators.find(op);
    return found == operators.end() ? nullptr : found->second;
}

} // namespace limpid
