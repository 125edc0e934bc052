#include "core/engine/Norms.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

Norm::Norm(std::size_t rows, std::size_t width, double eps)
    : m_width(width), m_eps(eps), m_normal(rows * width), m_inverse(std::max(rows, width))
{
}

void Norm::batchForward(const float* x, std::size_t rows, const float* weight, const float* bias, float* runningMean,
                        float* runningVariance, double momentum, float* y)
{
    m_running = rows == 1;
    std::vector<double> mean(m_width, 0.0), variance(m_width, 0.0);
    if (m_running) {
        mean.assign(runningMean, runningMean + m_width);
        variance.assign(runningVariance, runningVariance + m_width);
    } else {
        const auto count = static_cast<double>(rows);
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t i = 0; i < m_width; ++i)
                mean[i] += x[row * m_width + i];
        for (double& sum : mean)
            sum /= count;
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t i = 0; i < m_width; ++i) {
                const double d = x[row * m_width + i] - mean[i];
                variance[i] += d * d;
            }
        for (std::size_t i = 0; i < m_width; ++i) {
            runningMean[i] = static_cast<float>(runningMean[i] * (1.0 - momentum) + mean[i] * momentum);
            runningVariance[i] = static_cast<float>(runningVariance[i] * (1.0 - momentum) + variance[i] / (count - 1.0) * momentum);
            variance[i] /= count;
        }
    }
    for (std::size_t i = 0; i < m_width; ++i)
        m_inverse[i] = 1.0 / std::sqrt(variance[i] + m_eps);
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t i = 0; i < m_width; ++i) {
            const auto normal = static_cast<float>((x[row * m_width + i] - mean[i]) * m_inverse[i]);
            m_normal[row * m_width + i] = normal;
            y[row * m_width + i] = weight ? normal * weight[i] + bias[i] : normal;
        }
}

void Norm::layerForward(const float* x, std::size_t rows, const float* weight, const float* bias, float* y)
{
    const auto count = static_cast<double>(m_width);
    for (std::size_t row = 0; row < rows; ++row, x += m_width, y += m_width) {
        double mean = 0.0, variance = 0.0;
        for (std::size_t i = 0; i < m_width; ++i)
            mean += x[i];
        mean /= count;
        for (std::size_t i = 0; i < m_width; ++i)
            variance += (x[i] - mean) * (x[i] - mean);
        m_inverse[row] = 1.0 / std::sqrt(variance / count + m_eps);
        for (std::size_t i = 0; i < m_width; ++i) {
            const auto normal = static_cast<float>((x[i] - mean) * m_inverse[row]);
            m_normal[row * m_width + i] = normal;
            y[i] = weight ? normal * weight[i] + bias[i] : normal;
        }
    }
}

void Norm::parameterGradients(const float* dy, std::size_t rows, float* dWeight, float* dBias) const
{
    if (!dWeight)
        return;
    std::vector<double> weight(m_width, 0.0), bias(m_width, 0.0);
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t i = 0; i < m_width; ++i) {
            const std::size_t at = row * m_width + i;
            weight[i] += static_cast<double>(dy[at]) * m_normal[at];
            bias[i] += dy[at];
        }
    for (std::size_t i = 0; i < m_width; ++i) {
        dWeight[i] += static_cast<float>(weight[i]);
        dBias[i] += static_cast<float>(bias[i]);
    }
}

// With g = dy · weight: dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(var + eps), the means over what was normalised over.

void Norm::batchBackward(const float* dy, std::size_t rows, const float* weight, float* dx) const
{
    std::vector<double> mean(m_width, 0.0), along(m_width, 0.0);
    if (!m_running) {
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t i = 0; i < m_width; ++i) {
                const std::size_t at = row * m_width + i;
                mean[i] += dy[at];
                along[i] += static_cast<double>(dy[at]) * m_normal[at];
            }
        for (std::size_t i = 0; i < m_width; ++i) {
            mean[i] /= static_cast<double>(rows);
            along[i] /= static_cast<double>(rows);
        }
    }
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t i = 0; i < m_width; ++i) {
            const std::size_t at = row * m_width + i;
            const double scale = m_inverse[i] * (weight ? weight[i] : 1.0);
            dx[at] = static_cast<float>((dy[at] - mean[i] - m_normal[at] * along[i]) * scale);
        }
}

void Norm::layerBackward(const float* dy, std::size_t rows, const float* weight, float* dx) const
{
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t begin = row * m_width;
        double mean = 0.0, along = 0.0;
        for (std::size_t i = 0; i < m_width; ++i) {
            const double g = static_cast<double>(dy[begin + i]) * (weight ? weight[i] : 1.0);
            mean += g;
            along += g * m_normal[begin + i];
        }
        mean /= static_cast<double>(m_width);
        along /= static_cast<double>(m_width);
        for (std::size_t i = 0; i < m_width; ++i) {
            const double g = static_cast<double>(dy[begin + i]) * (weight ? weight[i] : 1.0);
            dx[begin + i] = static_cast<float>((g - mean - m_normal[begin + i] * along) * m_inverse[row]);
        }
    }
}

} // namespace limpid::engine
