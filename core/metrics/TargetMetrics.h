#pragma once

#include "core/metrics/Metrics.h"

namespace limpid {

// Figures of several targets at once, and of counts: names and definitions are scikit-learn's.

/// Column `index` of [rows, width].
template<class Value>
std::vector<Value> columnOf(std::span<const Value> values, std::size_t width, std::size_t index)
{
    std::vector<Value> column;
    column.reserve(values.size() / width);
    for (std::size_t i = index; i < values.size(); i += width)
        column.push_back(values[i]);
    return column;
}

/// 2 · mean(t · log(t / p) − t + p), t · log t being 0 at 0 (sklearn.metrics.mean_poisson_deviance). NaN where a truth is
/// negative or a prediction is not above zero.
double meanPoissonDeviance(std::span<const double> truth, std::span<const double> predicted);

/// A figure of one of several targets: "f1/swims". The name itself holds no slash, the target may.
std::string targetMetric(const std::string& metric, const std::string& target);

/// Labels 0 or 1 and probabilities of 1, both [rows, targets], threshold 0.5:
/// subset_accuracy, the share of rows with every label right (accuracy_score of a label matrix); hamming_loss, the share of
/// labels that are wrong; macro_f1 and macro_roc_auc, the means of the targets' f1 and roc_auc (average="macro": NaN where one
/// of the roc_auc is); log_loss, the mean of the targets' log_loss; and f1 and roc_auc of each target. No confusion matrix.
MetricSet multiLabelMetrics(std::span<const int> labels, std::span<const double> probabilities,
                            const std::vector<std::string>& targets);

/// Truth and predictions [rows, targets]: rmse, mae, r2 and, for `counts`, mean_poisson_deviance of each target, and their
/// means (multioutput="uniform_average").
MetricSet multiRegressionMetrics(std::span<const double> truth, std::span<const double> predicted,
                                 const std::vector<std::string>& targets, bool counts);

} // namespace limpid
