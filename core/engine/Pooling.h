#pragma once

#include "core/engine/Convolution.h"

namespace limpid::engine {

/// MaxPool2d over rows of images, x [rows, channels, height, width]. As PyTorch's: padding is never the largest, of equal values
/// the first in reading order is, and NaN is larger than all.
class MaxPool
{
public:
    MaxPool(ImageSize in, ImageSize out, const ImageWindow& window) : m_in(in), m_out(out), m_window(window) {}

    /// `places` [rows, values of an output image] takes where in its channel each largest value stood.
    void forward(const float* x, std::size_t rows, float* y, std::int32_t* places) const;
    /// Writes dx.
    void backward(const float* dy, const std::int32_t* places, std::size_t rows, float* dx) const;

private:
    void forwardPairs(const float* x, std::size_t rows, float* y, std::int32_t* places) const;
    void place(const float* x, std::size_t row, std::size_t column, float& best, std::int32_t& where) const;

    ImageSize m_in, m_out;
    ImageWindow m_window;
};

/// AvgPool2d over rows of images. `countsPadding`: the mean is over the window with its padding, as far as that reaches.
class AveragePool
{
public:
    AveragePool(ImageSize in, ImageSize out, const ImageWindow& window, bool countsPadding);

    void forward(const float* x, std::size_t rows, float* y) const;
    /// Writes dx.
    void backward(const float* dy, std::size_t rows, float* dx) const;

private:
    /// One of the window's places along a side: its pixels, and how many it counts.
    struct Stretch {
        std::size_t begin = 0, end = 0;
        float count = 0.0f;
    };
    std::vector<Stretch> stretches(std::size_t size, std::size_t places) const;

    ImageSize m_in, m_out;
    ImageWindow m_window;
    bool m_countsPadding;
    std::vector<Stretch> m_rows, m_columns;
};

} // namespace limpid::engine
