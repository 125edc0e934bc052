#pragma once

#include <cstddef>
#include <vector>

namespace limpid::engine {

/// The training arithmetic of BatchNorm1d, BatchNorm2d and LayerNorm over [rows, width], which keeps what its backward pass needs:
/// y = x̂ · weight + bias with x̂ = (x − mean)/√(var + eps); over rows for a batch (Ioffe & Szegedy 2015, algorithm 1), and over
/// a channel's `area` values there too; over a row's values for a layer (Ba, Kiros & Hinton 2016, eq. 3). Weight and bias may be
/// null. Sums are taken in double. Buffers are made once.
class Norm
{
public:
    Norm() = default;
    /// For up to `rows` rows; `area`: values of a row in each channel of a batch norm.
    Norm(std::size_t rows, std::size_t width, std::size_t area, double eps);

    /// Running statistics move by `momentum`, the variance unbiased, as PyTorch's. One value has no variance to learn from: it
    /// is normalised by the running ones, which stay.
    void batchForward(const float* x, std::size_t rows, const float* weight, const float* bias, float* runningMean,
                      float* runningVariance, double momentum, float* y);
    void layerForward(const float* x, std::size_t rows, const float* weight, const float* bias, float* y);

    /// Adds Σ dy · x̂ and Σ dy; nothing where null.
    void parameterGradients(const float* dy, std::size_t rows, float* dWeight, float* dBias);
    void batchBackward(const float* dy, std::size_t rows, const float* weight, float* dx);
    void layerBackward(const float* dy, std::size_t rows, const float* weight, float* dx) const;

private:
    /// Calls visit(channel, index) for each value of `rows` rows, in the order of memory.
    template<class Visit>
    void forEach(std::size_t rows, Visit&& visit) const;

    std::size_t m_width = 0, m_area = 1, m_channels = 0;
    double m_eps = 0.0;
    std::vector<float> m_normal;      ///< x̂ [rows, width]
    std::vector<double> m_inverse;    ///< 1/√(var + eps), by channel or by row
    std::vector<double> m_first, m_second; ///< sums by channel
    bool m_running = false;           ///< of one value by running statistics, which have no gradient
};

} // namespace limpid::engine
