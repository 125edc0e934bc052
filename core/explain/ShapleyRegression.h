#pragma once

#include "core/model/Predictor.h"

namespace limpid {

/// Coalitions whose draw was one random event, a pair of complements mostly.
struct SampleCluster {
    std::size_t first = 0;
    std::size_t second = 0;      ///< the same as first where there is no partner
    double variance = 1.0;       ///< factor: 0 for enumerated coalitions, 1 − n/N for n drawn of N without replacement
};

/// min_φ Σ_n w_n (y_n − v(∅) − z_nᵀφ)² with Σφ = v(all) − v(∅): the regression that Kernel SHAP (Lundberg & Lee 2017,
/// theorem 2) and Leverage SHAP solve. Factored once for a design, then cheap for each row and output.
class ShapleyRegression
{
public:
    /// coalitions [n, k] over the players that vary, k ≥ 1; weights [n]. Solved by eliminating the last player and the
    /// normal equations (Cholesky); where these are singular, the least-squares solution of least norm.
    ShapleyRegression(const Coalitions& coalitions, std::vector<double> weights, Task& task);

    std::size_t players() const { return m_players; }
    /// `y` [n] with a stride between entries. The values [k], which add up to full − base.
    std::vector<double> solve(const double* y, std::size_t stride, double base, double full) const;
    /// Cluster-robust ("sandwich") standard errors of those values, residuals enlarged by their leverage (HC3,
    /// MacKinnon & White 1985).
    std::vector<double> errors(const double* y, std::size_t stride, double base, const std::vector<double>& values,
                               const std::vector<SampleCluster>& clusters) const;

private:
    Coalitions m_coalitions;
    std::vector<double> m_weights;
    std::size_t m_players;
    std::vector<double> m_influence;   ///< [n, k]: the constrained inverse times z_n
    std::vector<double> m_leverages;   ///< [n]
};

} // namespace limpid
