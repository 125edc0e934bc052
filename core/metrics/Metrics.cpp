#include "core/metrics/Metrics.h"

#include "core/metrics/Ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace limpid {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// True positives, false positives and false negatives of one class.
struct Hits {
    std::int64_t truePositive = 0, falsePositive = 0, falseNegative = 0;
    double f1() const
    {
        const double denominator = 2.0 * truePositive + falsePositive + falseNegative;
        return denominator > 0.0 ? 2.0 * truePositive / denominator : 0.0;
    }
    bool present() const { return truePositive + falsePositive + falseNegative > 0; }
};

Hits hitsOf(int cls, std::span<const int> labels, std::span<const int> predicted)
{
    Hits hits;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const bool isClass = labels[i] == cls, saysClass = predicted[i] == cls;
        hits.truePositive += isClass && saysClass;
        hits.falsePositive += !isClass && saysClass;
        hits.falseNegative += isClass && !saysClass;
    }
    return hits;
}

} // namespace

double rocAuc(std::span<const int> labels, std::span<const double> scores)
{
    if (labels.size() != scores.size())
        return undefined;
    return Ranking(scoredRows(labels, scores)).rocAuc();
}

double logLoss(std::span<const int> labels, std::span<const double> probabilities, int classes)
{
    if (labels.empty() || classes < 1 || probabilities.size() != labels.size() * static_cast<std::size_t>(classes))
        return undefined;
    constexpr double epsilon = 1e-15;
    double sum = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < 0 || labels[i] >= classes)
            return undefined;
        const double p = probabilities[i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(labels[i])];
        if (std::isnan(p))
            return undefined;
        sum -= std::log(std::clamp(p, epsilon, 1.0 - epsilon));
    }
    return sum / static_cast<double>(labels.size());
}

double accuracy(std::span<const int> labels, std::span<const int> predicted)
{
    if (labels.empty() || labels.size() != predicted.size())
        return undefined;
    std::size_t right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i)
        right += labels[i] == predicted[i];
    return static_cast<double>(right) / static_cast<double>(labels.size());
}

double f1(std::span<const int> labels, std::span<const int> predicted)
{
    if (labels.empty() || labels.size() != predicted.size())
        return undefined;
    return hitsOf(1, labels, predicted).f1();
}

double macroF1(std::span<const int> labels, std::span<const int> predicted, int classes)
{
    if (labels.empty() || labels.size() != predicted.size())
        return undefined;
    // As scikit-learn: a class that occurs neither in truth nor in the predictions does not count.
    double sum = 0.0;
    int present = 0;
    for (int cls = 0; cls < classes; ++cls) {
        const Hits hits = hitsOf(cls, labels, predicted);
        if (hits.present()) {
            sum += hits.f1();
            ++present;
        }
    }
    return present > 0 ? sum / present : undefined;
}

std::vector<std::int64_t> confusionMatrix(std::span<const int> labels, std::span<const int> predicted, int classes)
{
    const std::size_t width = classes > 0 ? static_cast<std::size_t>(classes) : 0;
    std::vector<std::int64_t> counts(width * width, 0);
    const std::size_t rows = std::min(labels.size(), predicted.size());
    for (std::size_t i = 0; i < rows; ++i) {
        if (labels[i] >= 0 && labels[i] < classes && predicted[i] >= 0 && predicted[i] < classes)
            ++counts[static_cast<std::size_t>(labels[i]) * width + static_cast<std::size_t>(predicted[i])];
    }
    return counts;
}

double rmse(std::span<const double> truth, std::span<const double> predicted)
{
    if (truth.empty() || truth.size() != predicted.size())
        return undefined;
    double sum = 0.0;
    for (std::size_t i = 0; i < truth.size(); ++i)
        sum += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
    return std::sqrt(sum / static_cast<double>(truth.size()));
}

double mae(std::span<const double> truth, std::span<const double> predicted)
{
    if (truth.empty() || truth.size() != predicted.size())
        return undefined;
    double sum = 0.0;
    for (std::size_t i = 0; i < truth.size(); ++i)
        sum += std::abs(truth[i] - predicted[i]);
    return sum / static_cast<double>(truth.size());
}

double r2(std::span<const double> truth, std::span<const double> predicted)
{
    if (truth.size() < 2 || truth.size() != predicted.size())
        return undefined;
    const double mean = std::accumulate(truth.begin(), truth.end(), 0.0) / static_cast<double>(truth.size());
    double residual = 0.0, total = 0.0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        residual += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
        total += (truth[i] - mean) * (truth[i] - mean);
    }
    // A constant truth: scikit-learn's convention, 1 for a perfect prediction and else 0.
    if (total == 0.0)
        return residual == 0.0 ? 1.0 : std::isnan(residual) ? undefined : 0.0;
    return 1.0 - residual / total;
}

bool higherIsBetter(std::string_view metric)
{
    const std::string_view name = metric.substr(0, metric.find('/')); // of one of several targets: "f1/<target>"
    return name != "log_loss" && name != "rmse" && name != "mae" && name != "loss" && name != "hamming_loss" && name != "mean_poisson_deviance";
}

MetricSet classificationMetrics(std::span<const int> labels, std::span<const double> probabilities, int classes)
{
    MetricSet set;
    const std::size_t rows = labels.size();
    std::vector<int> predicted(rows, 0);
    const bool binary = classes <= 2;
    const std::size_t width = binary ? 1 : static_cast<std::size_t>(classes);
    if (probabilities.size() != rows * width)
        return set;
    for (std::size_t i = 0; i < rows; ++i) {
        if (binary) {
            predicted[i] = probabilities[i] >= 0.5;
        } else {
            const auto row = probabilities.subspan(i * width, width);
            predicted[i] = static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
        }
    }
    set.values["accuracy"] = accuracy(labels, predicted);
    set.confusion = confusionMatrix(labels, predicted, binary ? 2 : classes);
    if (binary) {
        std::vector<double> both(rows * 2);
        for (std::size_t i = 0; i < rows; ++i) {
            both[2 * i] = 1.0 - probabilities[i];
            both[2 * i + 1] = probabilities[i];
        }
        set.values["roc_auc"] = rocAuc(labels, probabilities);
        set.values["f1"] = f1(labels, predicted);
        set.values["log_loss"] = logLoss(labels, both, 2);
    } else {
        set.values["macro_f1"] = macroF1(labels, predicted, classes);
        set.values["log_loss"] = logLoss(labels, probabilities, classes);
    }
    return set;
}

MetricSet regressionMetrics(std::span<const double> truth, std::span<const double> predicted)
{
    MetricSet set;
    set.values["rmse"] = rmse(truth, predicted);
    set.values["mae"] = mae(truth, predicted);
    set.values["r2"] = r2(truth, predicted);
    return set;
}

} // namespace limpid
