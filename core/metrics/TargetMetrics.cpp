#include "core/metrics/TargetMetrics.h"

#include <cmath>
#include <limits>

namespace limpid {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

} // namespace

double meanPoissonDeviance(std::span<const double> truth, std::span<const double> predicted)
{
    if (truth.empty() || truth.size() != predicted.size())
        return undefined;
    double sum = 0.0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const double t = truth[i], p = predicted[i];
        if (!(t >= 0.0) || !(p > 0.0))
            return undefined;
        sum += (t > 0.0 ? t * std::log(t / p) : 0.0) - t + p;
    }
    return 2.0 * sum / static_cast<double>(truth.size());
}

std::string targetMetric(const std::string& metric, const std::string& target)
{
    return metric + "/" + target;
}

MetricSet multiLabelMetrics(std::span<const int> labels, std::span<const double> probabilities,
                            const std::vector<std::string>& targets)
{
    MetricSet set;
    const std::size_t width = targets.size();
    if (width == 0 || labels.size() % width != 0 || probabilities.size() != labels.size())
        return set;
    const std::size_t rows = labels.size() / width;
    std::size_t wholeRows = 0, wrong = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        std::size_t wrongHere = 0;
        for (std::size_t i = row * width; i < (row + 1) * width; ++i)
            wrongHere += (probabilities[i] >= 0.5) != (labels[i] == 1);
        wrong += wrongHere;
        wholeRows += wrongHere == 0;
    }
    set.values["subset_accuracy"] = rows > 0 ? static_cast<double>(wholeRows) / static_cast<double>(rows) : undefined;
    set.values["hamming_loss"] = rows > 0 ? static_cast<double>(wrong) / static_cast<double>(labels.size()) : undefined;

    double f1Sum = 0.0, aucSum = 0.0, lossSum = 0.0;
    for (std::size_t target = 0; target < width; ++target) {
        const std::vector<int> own = columnOf(labels, width, target);
        const std::vector<double> probability = columnOf(probabilities, width, target);
        const MetricSet figures = classificationMetrics(own, probability, 2);
        for (const char* name : {"f1", "roc_auc"})
            set.values[targetMetric(name, targets[target])] = figures.values.at(name);
        f1Sum += figures.values.at("f1");
        aucSum += figures.values.at("roc_auc");
        lossSum += figures.values.at("log_loss");
    }
    const auto count = static_cast<double>(width);
    set.values["macro_f1"] = f1Sum / count;
    set.values["macro_roc_auc"] = aucSum / count;
    set.values["log_loss"] = lossSum / count;
    return set;
}

MetricSet multiRegressionMetrics(std::span<const double> truth, std::span<const double> predicted,
                                 const std::vector<std::string>& targets, bool counts)
{
    MetricSet set;
    const std::size_t width = targets.size();
    if (width == 0 || truth.size() % width != 0 || predicted.size() != truth.size())
        return set;
    for (std::size_t target = 0; target < width; ++target) {
        const std::vector<double> own = columnOf(truth, width, target), prediction = columnOf(predicted, width, target);
        MetricSet figures = regressionMetrics(own, prediction);
        if (counts)
            figures.values["mean_poisson_deviance"] = meanPoissonDeviance(own, prediction);
        for (const auto& [name, value] : figures.values) {
            set.values[targetMetric(name, targets[target])] = value;
            set.values[name] += value / static_cast<double>(width);
        }
    }
    return set;
}

} // namespace limpid
