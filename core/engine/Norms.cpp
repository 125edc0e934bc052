#include "core/engine/Norms.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

Norm::Norm(std::size_t rows, std::size_t width, std::size_t area, double eps)
    : m_width(width), m_area(area), m_channels(width / area), m_eps(eps), m_normal(rows * width), m_inverse(std::max(rows, width)),
      m_first(m_channels), m_second(m_channels)
{
}

template<class Visit>
void Norm::forEach(std::size_t rows, Visit&& visit) const
{
    if (m_area == 1) { // vectors along the channels
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t i = 0; i < m_width; ++i)
                visit(i, row * m_width + i);
        return;
    }
    for (std::size_t row = 0, at = 0; row < rows; ++row)
        for (std::size_t channel = 0; channel < m_channels; ++channel)
            for (const std::size_t end = at + m_area; at < end; ++at)
                visit(channel, at);
}

void Norm::batchForward(const float* x, std::size_t rows, const float* weight, const float* bias, float* runningMean,
                        float* runningVariance, double momentum, float* y)
{
    m_running = rows * m_area == 1;
    double* const mean = m_first.data();
    double* const variance = m_second.data();
    if (m_running) {
        std::copy_n(runningMean, m_channels, mean);
        std::copy_n(runningVariance, m_channels, variance);
    } else {
        const auto count = static_cast<double>(rows * m_area);
        std::fill_n(mean, m_channels, 0.0);
        std::fill_n(variance, m_channels, 0.0);
        forEach(rows, [&](std::size_t channel, std::size_t at) { mean[channel] += x[at]; });
        for (std::size_t i = 0; i < m_channels; ++i)
            mean[i] /= count;
        forEach(rows, [&](std::size_t channel, std::size_t at) {
            const double d = x[at] - mean[channel];
            variance[channel] += d * d;
        });
        for (std::size_t i = 0; i < m_channels; ++i) {
            runningMean[i] = static_cast<float>(runningMean[i] * (1.0 - momentum) + mean[i] * momentum);
            runningVariance[i] = static_cast<float>(runningVariance[i] * (1.0 - momentum) + variance[i] / (count - 1.0) * momentum);
            variance[i] /= count;
        }
    }
    for (std::size_t i = 0; i < m_channels; ++i)
        m_inverse[i] = 1.0 / std::sqrt(variance[i] + m_eps);
    forEach(rows, [&](std::size_t channel, std::size_t at) {
        const auto normal = static_cast<float>((x[at] - mean[channel]) * m_inverse[channel]);
        m_normal[at] = normal;
        y[at] = weight ? normal * weight[channel] + bias[channel] : normal;
    });
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

void Norm::parameterGradients(const float* dy, std::size_t rows, float* dWeight, float* dBias)
{
    if (!dWeight)
        return;
    double* const weight = m_first.data();
    double* const bias = m_second.data();
    std::fill_n(weight, m_channels, 0.0);
    std::fill_n(bias, m_channels, 0.0);
    forEach(rows, [&](std::size_t channel, std::size_t at) {
        weight[channel] += static_cast<double>(dy[at]) * m_normal[at];
        bias[channel] += dy[at];
    });
    for (std::size_t i = 0; i < m_channels; ++i) {
        dWeight[i] += static_cast<float>(weight[i]);
        dBias[i] += static_cast<float>(bias[i]);
    }
}

// With g = dy · weight: dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(var + eps), the means over what was normalised over.

void Norm::batchBackward(const float* dy, std::size_t rows, const float* weight, float* dx)
{
    double* const mean = m_first.data();
    double* const along = m_second.data();
    std::fill_n(mean, m_channels, 0.0);
    std::fill_n(along, m_channels, 0.0);
    if (!m_running) {
        forEach(rows, [&](std::size_t channel, std::size_t at) {
            mean[channel] += dy[at];
            along[channel] += static_cast<double>(dy[at]) * m_normal[at];
        });
        for (std::size_t i = 0; i < m_channels; ++i) {
            mean[i] /= static_cast<double>(rows * m_area);
            along[i] /= static_cast<double>(rows * m_area);
        }
    }
    forEach(rows, [&](std::size_t channel, std::size_t at) {
        const double scale = m_inverse[channel] * (weight ? weight[channel] : 1.0);
        dx[at] = static_cast<float>((dy[at] - mean[channel] - m_normal[at] * along[channel]) * scale);
    });
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
