#include "core/model/LayerParts.h"

namespace limpid {

namespace {

/// PReLU: one slope, or one a channel.
const std::vector<ParamSpec>& preluParams()
{
    static const std::vector<ParamSpec> params{integerParam("num_parameters", 1, 1, 65'536, 1, 256), realParam("init", 0.25, 0.0, 1.0, 0.1, 0.3),
                                               switchParam("freeze", false)};
    return params;
}

TensorShape inferPrelu(Shapes inputs, const ParamValues& values, Issues& issues)
{
    const std::int64_t slopes = Settings{preluParams(), values}.integer("num_parameters");
    if (requireNumbers(inputs, issues) && slopes != 1 && slopes != inputs[0].dims[0])
        paramIssue(issues, "num_parameters", slopes, "1, " + std::to_string(inputs[0].dims[0]));
    return inputs[0];
}

std::vector<TensorSpec> preluTensors(Shapes, const TensorShape&, const ParamValues& values)
{
    const Settings settings{preluParams(), values};
    return {biasTensor("weight", settings.integer("num_parameters"), {Initial::Rule::Constant, settings.real("init")})};
}

const std::vector<ParamSpec>& softmaxParams()
{
    static const std::vector<ParamSpec> params{integerParam("dim", -1, -4, 4, -1, 1)};
    return params;
}

/// `dim` as PyTorch counts it, the batch being dimension 0.
TensorShape inferSoftmax(Shapes inputs, const ParamValues& values, Issues& issues)
{
    if (!requireNumbers(inputs, issues))
        return inputs[0];
    const auto rank = static_cast<std::int64_t>(inputs[0].dims.size());
    const std::int64_t asked = Settings{softmaxParams(), values}.integer("dim");
    const std::int64_t dim = asked < 0 ? asked + rank + 1 : asked;
    if (dim < 1 || dim > rank)
        paramIssue(issues, "dim", asked, "-" + std::to_string(rank) + " … -1, 1 … " + std::to_string(rank));
    else if (inputs[0].dims[static_cast<std::size_t>(dim - 1)] == 1)
        constantWarning(issues, "1");
    return inputs[0];
}

/// Exponential, sum and quotient.
LayerCost costSoftmax(Shapes, const TensorShape& output, const ParamValues&)
{
    return {0, 3 * valueCount(output), valueCount(output)};
}

} // namespace

std::vector<LayerType> activationLayers()
{
    const auto activation = [](std::string name, std::vector<ParamSpec> params = {}) {
        return LayerType{std::move(name), "activation", 1, 1, std::move(params), inferSame, costElementwise};
    };
    return {activation("ReLU"),
            activation("LeakyReLU", {realParam("negative_slope", 0.01, 0.0, 1.0, 0.01, 0.3)}),
            {"PReLU", "activation", 1, 1, preluParams(), inferPrelu, costElementwise, preluTensors},
            activation("ELU", {realParam("alpha", 1.0, 0.0, 100.0, 0.5, 2.0)}),
            activation("SELU"),
            activation("GELU", {choiceParam("approximate", {"none", "tanh"})}),
            activation("SiLU"),
            activation("Mish"),
            activation("Tanh"),
            activation("Sigmoid"),
            activation("Softplus", {realParam("beta", 1.0, 1e-3, 1e3, 0.5, 5.0), realParam("threshold", 20.0, 0.0, 1e3, 10.0, 30.0)}),
            activation("Hardswish"),
            {"Softmax", "activation", 1, 1, softmaxParams(), inferSoftmax, costSoftmax},
            {"LogSoftmax", "activation", 1, 1, softmaxParams(), inferSoftmax, costSoftmax}};
}

} // namespace limpid
