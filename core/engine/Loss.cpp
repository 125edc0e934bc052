#include "core/engine/Loss.h"

#include "core/engine/Softmax.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

namespace {

bool isRegression(TaskKind task)
{
    return task == TaskKind::Regression || task == TaskKind::MultiRegression;
}

const std::vector<std::string>& fittingLosses(TaskKind task)
{
    static const std::vector<std::string> labels{"auto", "BCE", "focal"}, multiClass{"auto", "cross-entropy", "focal"},
        numbers{"auto", "MSE", "MAE", "Huber", "Poisson", "quantile"};
    return task == TaskKind::MultiClass ? multiClass : isRegression(task) ? numbers : labels;
}

LossKind kindOf(const std::string& name, TaskKind task)
{
    if (name == "auto")
        return task == TaskKind::MultiClass ? LossKind::CrossEntropy : isRegression(task) ? LossKind::Mse : LossKind::Bce;
    return name == "cross-entropy" ? LossKind::CrossEntropy
           : name == "BCE"         ? LossKind::Bce
           : name == "focal"       ? LossKind::Focal
           : name == "MAE"         ? LossKind::Mae
           : name == "Huber"       ? LossKind::Huber
           : name == "Poisson"     ? LossKind::Poisson
           : name == "quantile"    ? LossKind::Quantile
                                   : LossKind::Mse;
}

} // namespace

Issues lossIssues(const TrainSpec& spec, const Pipeline& pipeline)
{
    Issues issues;
    const auto refuse = [&](const char* name, const std::string& value, const std::string& expected) {
        issues.push_back({Severity::Error, name, ErrorCode::OptionInvalid, {{"name", name}, {"value", value}, {"expected", expected}}});
    };
    const bool regression = isRegression(pipeline.task());
    const std::vector<std::string>& losses = fittingLosses(pipeline.task());
    if (std::find(losses.begin(), losses.end(), spec.loss) == losses.end()) {
        std::string names;
        for (const std::string& loss : losses)
            names += (names.empty() ? "" : ", ") + loss;
        refuse("loss", spec.loss, names);
    } else if (regression && linkOf(spec) != pipeline.spec().link) {
        refuse("loss", spec.loss, pipeline.logLink() ? "Poisson" : "auto, MSE, MAE, Huber, quantile");
    }
    if (regression && spec.classWeights != "none")
        refuse("class_weights", spec.classWeights, "none");
    if ((regression || pipeline.task() == TaskKind::MultiLabel) && spec.sampling != "shuffled")
        refuse("sampling", spec.sampling, "shuffled");
    if (spec.labelSmoothing > 0.0 && (regression || spec.loss == "focal"))
        refuse("label_smoothing", nlohmann::json(spec.labelSmoothing).dump(), "0");
    return issues;
}

std::string linkOf(const TrainSpec& spec)
{
    return spec.loss == "Poisson" ? "log" : "identity";
}

Loss::Loss(const TrainSpec& spec, TaskKind task, std::vector<double> classWeights)
    : m_kind(kindOf(spec.loss, task)), m_classes(task == TaskKind::MultiClass), m_smoothing(spec.labelSmoothing),
      m_focalGamma(spec.focalGamma), m_huberDelta(spec.huberDelta), m_quantile(spec.quantile),
      m_weights(std::move(classWeights)), m_weighted(std::max<std::size_t>(1, m_weights.size() / 2))
{}

double Loss::normaliser(std::span<const float> targets) const
{
    if (m_weights.empty())
        return static_cast<double>(targets.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < targets.size(); ++i)
        sum += m_classes ? weight(targets[i]) : weight(i, targets[i]);
    return sum;
}

template<LossKind kind>
inline Loss::Term Loss::term(double output, double target) const
{
    const double difference = output - target;
    if constexpr (kind == LossKind::Bce) {
        const double smoothed = target * (1.0 - m_smoothing) + m_smoothing / 2.0;
        const double small = std::exp(-std::abs(output));
        const double probability = output >= 0.0 ? 1.0 / (1.0 + small) : small / (1.0 + small);
        return {std::max(output, 0.0) - output * smoothed + std::log1p(small), probability - smoothed};
    } else if constexpr (kind == LossKind::Focal) {
        const double side = target > 0.5 ? 1.0 : -1.0, at = side * output, small = std::exp(-std::abs(at));
        const double p = at >= 0.0 ? 1.0 / (1.0 + small) : small / (1.0 + small);
        const double q = at >= 0.0 ? small / (1.0 + small) : 1.0 / (1.0 + small);
        const double logP = std::min(at, 0.0) - std::log1p(small), factor = std::pow(q, m_focalGamma);
        return {-factor * logP, side * factor * (m_focalGamma * p * logP - q)};
    } else if constexpr (kind == LossKind::Mae) {
        return {std::abs(difference), difference > 0.0 ? 1.0 : difference < 0.0 ? -1.0 : 0.0};
    } else if constexpr (kind == LossKind::Huber) {
        const double size = std::abs(difference);
        if (size <= m_huberDelta)
            return {difference * difference / 2.0, difference};
        return {m_huberDelta * (size - m_huberDelta / 2.0), difference > 0.0 ? m_huberDelta : -m_huberDelta};
    } else if constexpr (kind == LossKind::Poisson) {
        const double mean = std::exp(output);
        return {mean - target * output, mean - target};
    } else if constexpr (kind == LossKind::Quantile) {
        const double slope = difference > 0.0 ? 1.0 - m_quantile : difference < 0.0 ? -m_quantile : 0.0;
        return {slope * difference, slope};
    } else {
        return {difference * difference, 2.0 * difference};
    }
}

template<LossKind kind>
double Loss::valuewise(std::span<const float> outputs, std::span<const float> targets, double normaliser,
                       std::span<float> gradient) const
{
    double sum = 0.0;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const auto [loss, slope] = term<kind>(outputs[i], targets[i]);
        const double factor = weight(i, targets[i]);
        sum += factor * loss;
        if (!gradient.empty())
            gradient[i] = static_cast<float>(factor * slope / normaliser);
    }
    return sum / normaliser;
}

double Loss::valuewise(std::span<const float> outputs, std::span<const float> targets, double normaliser,
                       std::span<float> gradient) const
{
    switch (m_kind) {
    case LossKind::Bce: return valuewise<LossKind::Bce>(outputs, targets, normaliser, gradient);
    case LossKind::Focal: return valuewise<LossKind::Focal>(outputs, targets, normaliser, gradient);
    case LossKind::Mae: return valuewise<LossKind::Mae>(outputs, targets, normaliser, gradient);
    case LossKind::Huber: return valuewise<LossKind::Huber>(outputs, targets, normaliser, gradient);
    case LossKind::Poisson: return valuewise<LossKind::Poisson>(outputs, targets, normaliser, gradient);
    case LossKind::Quantile: return valuewise<LossKind::Quantile>(outputs, targets, normaliser, gradient);
    case LossKind::Mse:
    case LossKind::CrossEntropy: break;
    }
    return valuewise<LossKind::Mse>(outputs, targets, normaliser, gradient);
}

double Loss::evaluate(std::span<const float> outputs, std::span<const float> targets, std::size_t rows, double normaliser,
                      std::span<float> gradient) const
{
    if (!m_classes)
        return valuewise(outputs, targets, normaliser, gradient);
    const std::size_t classes = rows == 0 ? 0 : outputs.size() / rows;
    const ClassLoss loss{m_smoothing, m_kind == LossKind::Focal ? m_focalGamma : 0.0, m_weights};
    return classLoss(loss, outputs.data(), targets.data(), rows, classes, normaliser, gradient.data());
}

double Loss::value(std::span<const float> outputs, std::span<const float> targets, std::size_t rows, double normaliser) const
{
    if (!m_classes)
        return valuewise(outputs, targets, normaliser, {});
    const std::size_t classes = rows == 0 ? 0 : outputs.size() / rows;
    double total = 0.0;
    for (std::size_t row = 0; row < rows; ++row) {
        const float* const z = outputs.data() + row * classes;
        const auto own = static_cast<std::size_t>(targets[row]);
        const double largest = *std::max_element(z, z + classes);
        double sum = 0.0, others = 0.0;
        for (std::size_t k = 0; k < classes; ++k) {
            const double part = std::exp(z[k] - largest);
            sum += part;
            others += k == own ? 0.0 : part;
        }
        const double logSum = std::log(sum) + largest;
        double loss = weight(targets[row]) * (logSum - z[own]);
        if (m_kind == LossKind::Focal) {
            loss *= std::pow(others / sum, m_focalGamma);
        } else if (m_smoothing > 0.0) {
            double spread = 0.0;
            for (std::size_t k = 0; k < classes; ++k)
                spread += weight(static_cast<double>(k)) * (logSum - z[k]);
            loss = (1.0 - m_smoothing) * loss + m_smoothing / static_cast<double>(classes) * spread;
        }
        total += loss;
    }
    return total / normaliser;
}

} // namespace limpid::engine
