#pragma once

#include "core/explain/Shapley.h"

#include <span>
#include <vector>

namespace limpid {

/// outputs = intercepts + coefficients · features.
struct LinearModel {
    std::vector<double> coefficients;   ///< [outputs, features]
    std::vector<double> intercepts;     ///< [outputs]

    std::size_t outputs() const { return intercepts.size(); }
    std::size_t features() const { return intercepts.empty() ? 0 : coefficients.size() / intercepts.size(); }
};

/// What a background says of its features as far as linear models ask.
struct FeatureMoments {
    std::vector<double> mean;         ///< [features]
    std::vector<double> covariance;   ///< [features, features], symmetric
};
/// Of values [rows, features], all the same or with weights, their sum 1.
std::vector<double> meanOf(const std::vector<double>& values, std::size_t rows, std::size_t features, std::span<const double> weights = {});
/// Of values [rows, features]: the mean, and the covariance over rows − 1 (0 where a single row counts). With weights, their sum 1, it is
/// Σ w·(x − mean)² / (1 − Σ w²), which is the same where all count alike.
FeatureMoments momentsOf(const std::vector<double>& values, std::size_t rows, std::size_t features, std::span<const double> weights = {});

/// Interventional Shapley values of rows [rows, features]: coefficient · (x − mean) each, exactly (Lundberg & Lee 2017,
/// corollary 1). A group of features is worth the sum of its members. Throws OptionInvalid where the sizes do not fit.
ShapleyValues linearShapley(const LinearModel& model, const std::vector<double>& mean, const std::vector<double>& rows);

/// The game behind correlation-dependent Shapley values: v(S) is what the model gives at E[x | x_S], the features
/// outside S taken from those inside by linear regression (the conditional mean of a Gaussian; Aas, Jullum & Løland 2021,
/// equation 8). A coefficient of 0 may then be worth something, through what its feature tells of others. Play it with any
/// method of shapley(), or in groups; a feature that others determine (a copy, a sum) adds nothing once they are in.
class CorrelatedLinearGame final : public Game
{
public:
    /// rows [rows, features]. Throws OptionInvalid where the sizes do not fit.
    CorrelatedLinearGame(LinearModel model, FeatureMoments moments, std::vector<double> rows);

    std::size_t rows() const override { return m_rowCount; }
    std::size_t players() const override { return m_moments.mean.size(); }
    std::size_t outputs() const override { return m_model.outputs(); }
    std::vector<double> values(const Coalitions& coalitions, Task& task) const override;
    std::vector<double> valuesOfRow(std::size_t row, const Coalitions& coalitions, Task& task) const override;
    /// Features of variance 0 at their mean do not.
    bool varies(std::size_t row, std::size_t player) const override;

private:
    std::vector<double> valuesOfRows(std::size_t begin, std::size_t end, const Coalitions& coalitions, Task& task) const;
    std::vector<double> slopes(std::span<const std::uint8_t> members) const;

    LinearModel m_model;
    FeatureMoments m_moments;
    std::vector<double> m_deviations;   ///< [rows, features]: x − mean
    std::vector<double> m_center;       ///< [outputs]: at the mean
    std::size_t m_rowCount;
};

} // namespace limpid
