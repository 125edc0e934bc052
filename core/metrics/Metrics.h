#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace limpid {

// Pure functions; names and definitions are scikit-learn's. Classes are indices; scores are float64.
// All throw nothing; an undefined figure (no rows, one class only) is NaN.

/// Area under the ROC curve, ties counted half. `labels` 0 or 1.
double rocAuc(std::span<const int> labels, std::span<const double> scores);
/// Mean −log p of the true class, p clipped to [1e-15, 1 − 1e-15]. probabilities [rows, classes].
double logLoss(std::span<const int> labels, std::span<const double> probabilities, int classes);
double accuracy(std::span<const int> labels, std::span<const int> predicted);
/// Binary F1 of class 1; 0 where precision and recall are both 0.
double f1(std::span<const int> labels, std::span<const int> predicted);
/// Unweighted mean of the F1 of each class.
double macroF1(std::span<const int> labels, std::span<const int> predicted, int classes);
/// [true, predicted], row-major.
std::vector<std::int64_t> confusionMatrix(std::span<const int> labels, std::span<const int> predicted, int classes);
double rmse(std::span<const double> truth, std::span<const double> predicted);
double mae(std::span<const double> truth, std::span<const double> predicted);
double r2(std::span<const double> truth, std::span<const double> predicted);

/// Whether a larger figure of that name is better.
bool higherIsBetter(std::string_view metric);

/// The figures of one data part, by name: roc_auc, f1, log_loss, accuracy (binary); accuracy, macro_f1, log_loss
/// (multi-class); rmse, mae, r2 (regression); with the confusion matrix for classes.
struct MetricSet {
    std::map<std::string, double> values;
    std::vector<std::int64_t> confusion; ///< [classes, classes] or empty
};
/// Binary: probabilities [rows] of class 1, threshold 0.5. Multi-class: [rows, classes].
MetricSet classificationMetrics(std::span<const int> labels, std::span<const double> probabilities, int classes);
MetricSet regressionMetrics(std::span<const double> truth, std::span<const double> predicted);

} // namespace limpid
