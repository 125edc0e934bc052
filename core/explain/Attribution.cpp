#include "core/explain/Attribution.h"

#include "core/base/OptionErrors.h"
#include "core/base/Quadrature.h"
#include "core/explain/Shapley.h"

#include <algorithm>
#include <array>

namespace limpid {

namespace {

constexpr std::size_t usualBudget = 50;

bool takesBudget(const std::string& method)
{
    return method == "integrated-gradients" || method == "smoothgrad" || method == "linear-correlated";
}

/// The one line's start of integrated gradients.
Points baselineOf(const AttributionSetting& setting, const std::string& baseline)
{
    const Points& background = setting.background;
    Points point{1, background.width, std::vector<double>(background.width, 0.0)};
    if (baseline == "zero")
        return point;
    for (std::size_t row = 0; row < background.rows; ++row) {
        for (std::size_t k = 0; k < background.width; ++k)
            point.values[k] += setting.weight(row) * background.row(row)[k];
    }
    return point;
}

Quadrature quadratureOf(const std::string& name, std::size_t nodes)
{
    if (name == "left")
        return riemannSum(RiemannPoint::Left, nodes);
    if (name == "middle")
        return riemannSum(RiemannPoint::Middle, nodes);
    if (name == "right")
        return riemannSum(RiemannPoint::Right, nodes);
    return name == "trapezoid" ? riemannSum(RiemannPoint::Trapezoid, nodes) : gaussLegendre(nodes);
}

} // namespace

const std::vector<std::string>& attributionMethods()
{
    static const std::vector<std::string> methods{"deeplift", "expected-gradients", "integrated-gradients", "saliency",
                                                  "input-x-gradient", "smoothgrad", "guided-backprop", "deconvolution", "grad-cam",
                                                  "guided-grad-cam", "linear", "linear-correlated"};
    return methods;
}

bool isAttributionMethod(const std::string& method)
{
    return std::find(attributionMethods().begin(), attributionMethods().end(), method) != attributionMethods().end();
}

const std::vector<std::string>& quadratures()
{
    static const std::vector<std::string> names{"gauss-legendre", "left", "middle", "right", "trapezoid"};
    return names;
}

bool isGradCam(const std::string& method)
{
    return method == "grad-cam" || method == "guided-grad-cam";
}

bool addsUp(const std::string& method)
{
    if (method == "occlusion" || method == "lime")
        return false;
    return !isAttributionMethod(method) || method.starts_with("linear") || method == "deeplift" || method == "expected-gradients" || method == "integrated-gradients";
}

bool isShapley(const std::string& method)
{
    return addsUp(method) && method != "integrated-gradients";
}

bool countsGradients(const std::string& method)
{
    return isAttributionMethod(method) && method != "linear-correlated";
}

std::uint64_t plannedGradients(const AttributionSpec& spec, std::size_t backgroundRows, std::size_t columns)
{
    if (spec.method == "linear-correlated")
        return columns <= enumeratedColumns ? std::uint64_t{1} << columns : plannedEvaluations({"leverage", spec.budget, spec.seed}, columns);
    if (spec.method == "deeplift")
        return backgroundRows;
    if (spec.method == "expected-gradients")
        return 15 * backgroundRows;
    if (spec.method == "guided-grad-cam")
        return 2;
    return takesBudget(spec.method) ? (spec.budget > 0 ? spec.budget : usualBudget) : 1;
}

void checkAttribution(const AttributionSpec& spec, const Predictor& predictor)
{
    if (!isAttributionMethod(spec.method)) {
        throwOptionInvalid("method", spec.method, alternatives(attributionMethods()));
    }
    const auto* differentiable = dynamic_cast<const DifferentiablePredictor*>(&predictor);
    if (!differentiable || !differentiable->separatesColumns())
        throwOptionInvalid("method", spec.method, "exact | kernel | leverage | permutation");
    if (isGradCam(spec.method)) {
        const std::vector<std::string> layers = differentiable->image() ? differentiable->pictureLayers() : std::vector<std::string>();
        if (layers.empty())
            throwOptionInvalid("method", spec.method, "a method for tables, as the network does not take the columns as a picture");
        if (!spec.layer.empty() && std::find(layers.begin(), layers.end(), spec.layer) == layers.end())
            throwOptionInvalid("layer", spec.layer, alternatives(layers));
    }
    if (spec.budget > 0 && !takesBudget(spec.method))
        throwOptionUnused("budget", "method", "integrated-gradients | smoothgrad | linear-correlated");
    if (spec.budget > 1000 && spec.method != "linear-correlated")
        throwOptionInvalid("budget", std::to_string(spec.budget), "1 … 1000");
    if (spec.baseline != "mean" && spec.baseline != "zero")
        throwOptionInvalid("baseline", spec.baseline, "mean | zero");
    if (std::find(quadratures().begin(), quadratures().end(), spec.quadrature) == quadratures().end())
        throwOptionInvalid("quadrature", spec.quadrature, alternatives(quadratures()));
    if (spec.quadrature == "trapezoid" && spec.budget == 1)
        throwOptionInvalid("budget", "1", "2 … 1000");
    if (spec.upsampling != "bilinear" && spec.upsampling != "nearest")
        throwOptionInvalid("upsampling", spec.upsampling, "bilinear | nearest");
    if (!(spec.noise > 0.0))
        throwOptionInvalid("noise", std::to_string(spec.noise), "> 0");
}

Attributions attributions(const Predictor& predictor, const Features& rows, const Features& background, OutputSpace space,
                          const AttributionSpec& spec, Task& task, std::span<const double> weights)
{
    checkAttribution(spec, predictor);
    if (background.rows == 0)
        throw Error(ErrorCode::TooFewRows, {{"rows", "0"}, {"needed", "1"}}, "an explanation needs background rows");
    const auto& differentiable = dynamic_cast<const DifferentiablePredictor&>(predictor);
    const Points points = differentiable.points(rows, task);
    const Points others = differentiable.points(background, task);
    const AttributionSetting setting{differentiable, points, others, space, weights};
    const std::string& method = spec.method;
    const auto budget = static_cast<std::size_t>(plannedGradients(spec, background.rows, setting.players()));
    if (method == "deeplift")
        return deepLift(setting, task);
    if (method == "expected-gradients")
        return expectedGradients(setting, task);
    if (method == "integrated-gradients")
        return integratedGradients(setting, baselineOf(setting, spec.baseline), quadratureOf(spec.quadrature, budget), task);
    if (method == "smoothgrad")
        return smoothGrad(setting, budget, spec.noise, spec.seed, task);
    if (method == "saliency")
        return saliency(setting, spec.isSigned, task);
    if (method == "linear")
        return linearAttributions(setting, task);
    if (method == "linear-correlated")
        return correlatedLinearAttributions(setting, spec.budget, spec.seed, task);
    if (isGradCam(method)) {
        const std::string layer = spec.layer.empty() ? differentiable.lastPictureLayer() : spec.layer;
        const Upsampling upsampling = spec.upsampling == "nearest" ? Upsampling::Nearest : Upsampling::Bilinear;
        return method == "grad-cam" ? gradCam(setting, layer, upsampling, spec.isSigned, task) : guidedGradCam(setting, layer, upsampling, task);
    }
    if (method == "input-x-gradient")
        return inputTimesGradient(setting, task);
    return backpropagation(setting, method == "guided-backprop" ? BackwardRule::Guided : BackwardRule::Deconvolution, task);
}

void forGradients(const AttributionSetting& setting, std::size_t count, BackwardRule rule,
                  const std::function<void(std::size_t index, double* point)>& fill,
                  const std::function<void(std::size_t index, const double* outputs, const double* gradients)>& use, Task& task)
{
    constexpr std::size_t valuesAtOnce = 1 << 21; // 16 MiB of gradients
    const std::size_t outputs = setting.outputs(), width = setting.rows.width;
    const std::size_t atOnce = std::clamp<std::size_t>(valuesAtOnce / std::max<std::size_t>(1, outputs * width), 16, 4096);
    for (std::size_t begin = 0; begin < count; begin += atOnce) {
        task.checkpoint();
        Points points{std::min(atOnce, count - begin), width, {}};
        points.values.resize(points.rows * width);
        for (std::size_t i = 0; i < points.rows; ++i)
            fill(begin + i, points.row(i));
        const PointGradients result = setting.predictor.gradientsAt(points, setting.space, rule, task);
        for (std::size_t i = 0; i < points.rows; ++i)
            use(begin + i, result.outputs.data() + i * outputs, result.gradients.data() + i * outputs * width);
        task.report(static_cast<double>(begin + points.rows) / static_cast<double>(count), "explain");
    }
}

Attributions emptyAttributions(const AttributionSetting& setting)
{
    Attributions made;
    const std::size_t cells = setting.rows.rows * setting.outputs();
    made.base.assign(setting.outputs(), 0.0);
    made.predictions.assign(cells, 0.0);
    made.values.assign(cells * setting.players(), 0.0);
    made.errors.assign(cells * setting.players(), 0.0);
    return made;
}

std::vector<double> meanOutputs(const AttributionSetting& setting, Task& task)
{
    const std::vector<double> all = setting.predictor.outputsAt(setting.background, setting.space, task);
    std::vector<double> mean(setting.outputs(), 0.0);
    for (std::size_t i = 0; i < all.size(); ++i)
        mean[i % mean.size()] += all[i] * setting.weight(i / mean.size());
    return mean;
}

} // namespace limpid
