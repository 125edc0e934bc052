#include "core/explain/ShapleyRegression.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

/// In place, lower triangle of the symmetric [n, n]. False where it is singular to working precision.
bool cholesky(std::vector<double>& a, std::size_t n, Task& task)
{
    double largest = 0.0;
    for (std::size_t i = 0; i < n; ++i)
        largest = std::max(largest, a[i * n + i]);
    const double floor = largest * static_cast<double>(n) * 1e-14;
    for (std::size_t j = 0; j < n; ++j) {
        task.checkpoint();
        for (std::size_t i = j; i < n; ++i) {
            const double* rowI = a.data() + i * n;
            const double* rowJ = a.data() + j * n;
            const double sum = a[i * n + j] - std::inner_product(rowI, rowI + j, rowJ, 0.0);
            if (i == j) {
                if (!(sum > floor))
                    return false;
                a[j * n + j] = std::sqrt(sum);
            } else {
                a[i * n + j] = sum / a[j * n + j];
            }
        }
    }
    return true;
}

/// Inverse from its Cholesky factor.
std::vector<double> inverseOfFactor(const std::vector<double>& factor, std::size_t n, Task& task)
{
    // Columns of L⁻¹, stored as rows so that every inner loop runs along memory.
    std::vector<double> inverse(n * n, 0.0), lower(n * n, 0.0);
    for (std::size_t column = 0; column < n; ++column) {
        task.checkpoint();
        double* x = lower.data() + column * n;
        for (std::size_t i = column; i < n; ++i) {
            const double* row = factor.data() + i * n;
            const double sum = (i == column ? 1.0 : 0.0) - std::inner_product(row + column, row + i, x + column, 0.0);
            x[i] = sum / row[i];
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        task.checkpoint();
        for (std::size_t j = 0; j <= i; ++j) {
            const double* a = lower.data() + i * n;
            const double* b = lower.data() + j * n;
            inverse[i * n + j] = inverse[j * n + i] = std::inner_product(a + i, a + n, b + i, 0.0);
        }
    }
    return inverse;
}

/// Pseudo-inverse of a symmetric positive semidefinite [n, n] by cyclic Jacobi rotations.
std::vector<double> pseudoInverse(std::vector<double> a, std::size_t n, Task& task)
{
    std::vector<double> vectors(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
        vectors[i * n + i] = 1.0;
    for (int sweep = 0; sweep < 60; ++sweep) {
        double off = 0.0, diagonal = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            diagonal += a[i * n + i] * a[i * n + i];
            for (std::size_t j = 0; j < i; ++j)
                off += a[i * n + j] * a[i * n + j];
        }
        if (off <= 1e-30 * diagonal)
            break;
        for (std::size_t p = 0; p + 1 < n; ++p) {
            task.checkpoint();
            for (std::size_t q = p + 1; q < n; ++q) {
                if (a[p * n + q] == 0.0)
                    continue;
                const double theta = (a[q * n + q] - a[p * n + p]) / (2.0 * a[p * n + q]);
                const double t = (theta >= 0.0 ? 1.0 : -1.0) / (std::abs(theta) + std::hypot(theta, 1.0));
                const double c = 1.0 / std::hypot(t, 1.0), s = t * c;
                for (std::size_t i = 0; i < n; ++i) {
                    const double ip = a[i * n + p], iq = a[i * n + q];
                    a[i * n + p] = c * ip - s * iq;
                    a[i * n + q] = s * ip + c * iq;
                }
                for (std::size_t i = 0; i < n; ++i) {
                    const double pi = a[p * n + i], qi = a[q * n + i];
                    a[p * n + i] = c * pi - s * qi;
                    a[q * n + i] = s * pi + c * qi;
                    const double vp = vectors[i * n + p], vq = vectors[i * n + q];
                    vectors[i * n + p] = c * vp - s * vq;
                    vectors[i * n + q] = s * vp + c * vq;
                }
            }
        }
    }
    double largest = 0.0;
    for (std::size_t i = 0; i < n; ++i)
        largest = std::max(largest, a[i * n + i]);
    std::vector<double> inverse(n * n, 0.0);
    for (std::size_t e = 0; e < n; ++e) {
        if (!(a[e * n + e] > largest * static_cast<double>(n) * 1e-13))
            continue;
        task.checkpoint();
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j)
                inverse[i * n + j] += vectors[i * n + e] * vectors[j * n + e] / a[e * n + e];
        }
    }
    return inverse;
}

} // namespace

ShapleyRegression::ShapleyRegression(const Coalitions& coalitions, std::vector<double> weights, Task& task)
    : m_coalitions(coalitions), m_weights(std::move(weights)), m_players(coalitions.players),
      m_influence(coalitions.count * coalitions.players, 0.0), m_leverages(coalitions.count, 0.0)
{
    const std::size_t n = m_coalitions.count, k = m_players, free = k - 1;
    if (free == 0)
        return;

    // Rows of the reduced design are a_n = z_n − z_n[last], with entries −1, 0, 1: only members (or, where the last
    // player is one, only absentees, negated) count.
    const auto touched = [&](std::size_t i, std::vector<std::size_t>& places) {
        const auto z = m_coalitions.row(i);
        const bool lastIn = z[free] != 0;
        places.clear();
        for (std::size_t j = 0; j < free; ++j) {
            if ((z[j] != 0) != lastIn)
                places.push_back(j);
        }
        return lastIn ? -1.0 : 1.0;
    };
    std::vector<double> normal(free * free, 0.0);
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < n; ++i) {
        task.checkpoint();
        touched(i, places);
        for (const std::size_t a : places) {
            double* row = normal.data() + a * free;
            for (const std::size_t b : places) {
                if (b > a)
                    break;
                row[b] += m_weights[i];
            }
        }
    }
    for (std::size_t a = 0; a < free; ++a) {
        for (std::size_t b = a + 1; b < free; ++b)
            normal[a * free + b] = normal[b * free + a];
    }
    std::vector<double> factor = normal;
    const std::vector<double> inverse =
        cholesky(factor, free, task) ? inverseOfFactor(factor, free, task) : pseudoInverse(std::move(normal), free, task);

    for (std::size_t i = 0; i < n; ++i) {
        task.checkpoint();
        const double sign = touched(i, places);
        double* influence = m_influence.data() + i * k;
        for (const std::size_t a : places) {
            const double* row = inverse.data() + a * free;
            for (std::size_t j = 0; j < free; ++j)
                influence[j] += row[j];
        }
        double leverage = 0.0, sum = 0.0;
        for (const std::size_t a : places)
            leverage += influence[a];
        for (std::size_t j = 0; j < free; ++j) {
            influence[j] *= sign;
            sum += influence[j];
        }
        influence[free] = -sum;
        m_leverages[i] = m_weights[i] * leverage;
    }
}

std::vector<double> ShapleyRegression::solve(const double* y, std::size_t stride, double base, double full) const
{
    // Around the even split φ = Δ/k, which already adds up; the correction adds up to 0 by construction.
    const double share = (full - base) / static_cast<double>(m_players);
    std::vector<double> values(m_players, share);
    for (std::size_t i = 0; i < m_coalitions.count; ++i) {
        const auto z = m_coalitions.row(i);
        double target = y[i * stride] - base;
        for (const auto in : z)
            target -= in ? share : 0.0;
        target *= m_weights[i];
        const double* influence = m_influence.data() + i * m_players;
        for (std::size_t j = 0; j < m_players; ++j)
            values[j] += target * influence[j];
    }
    return values;
}

std::vector<double> ShapleyRegression::errors(const double* y, std::size_t stride, double base,
                                              const std::vector<double>& values,
                                              const std::vector<SampleCluster>& clusters) const
{
    const auto weighted = [&](std::size_t i) {
        const auto z = m_coalitions.row(i);
        double residual = y[i * stride] - base;
        for (std::size_t j = 0; j < m_players; ++j)
            residual -= z[j] ? values[j] : 0.0;
        return m_weights[i] * residual;
    };
    std::vector<double> variances(m_players, 0.0);
    for (const SampleCluster& cluster : clusters) {
        if (cluster.variance == 0.0)
            continue;
        const bool pair = cluster.second != cluster.first;
        const double leverage = m_leverages[cluster.first] + (pair ? m_leverages[cluster.second] : 0.0);
        const double enlarge = cluster.variance / std::pow(std::max(1.0 - leverage, 0.05), 2);
        const double first = weighted(cluster.first), second = pair ? weighted(cluster.second) : 0.0;
        const double* a = m_influence.data() + cluster.first * m_players;
        const double* b = m_influence.data() + cluster.second * m_players;
        for (std::size_t j = 0; j < m_players; ++j) {
            const double score = a[j] * first + b[j] * second;
            variances[j] += enlarge * score * score;
        }
    }
    for (double& variance : variances)
        variance = std::sqrt(variance);
    return variances;
}

} // namespace limpid
