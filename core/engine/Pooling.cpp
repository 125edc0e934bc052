#include "core/engine/Pooling.h"

#include "core/engine/ImageKernels.h"

#include <algorithm>
#include <limits>

namespace limpid::engine {

void MaxPool::forward(const float* x, std::size_t rows, float* y, std::int32_t* places) const
{
    if (m_window.kernel == 2 && m_window.stride == 2 && m_window.padding == 0 && m_window.dilation == 1 && !m_window.ceiling) {
        forwardPairs(x, rows, y, places);
        return;
    }
    for (std::size_t plane = 0; plane < rows * m_in.channels; ++plane, x += m_in.height * m_in.width)
        for (std::size_t row = 0; row < m_out.height; ++row)
            for (std::size_t column = 0; column < m_out.width; ++column)
                place(x, row, column, *y++, *places++);
}

/// Two by two, a vector of outputs at a time; near the ends of the buffers, where a vector has no room, one by one.
void MaxPool::forwardPairs(const float* x, std::size_t rows, float* y, std::int32_t* places) const
{
    const ImageKernels& kernels = imageKernels();
    const std::size_t wide = (m_out.width + kernels.lanes - 1) / kernels.lanes * kernels.lanes;
    const float* const xEnd = x + rows * m_in.values();
    const float* const yEnd = y + rows * m_out.values();
    for (std::size_t plane = 0; plane < rows * m_in.channels; ++plane, x += m_in.height * m_in.width)
        for (std::size_t row = 0; row < m_out.height; ++row, y += m_out.width, places += m_out.width) {
            const std::size_t begin = 2 * row * m_in.width;
            const float* const upper = x + begin;
            const float* const lower = upper + m_in.width;
            if (static_cast<std::size_t>(xEnd - lower) >= 2 * wide && static_cast<std::size_t>(yEnd - y) >= wide) {
                kernels.maxOfPairs(y, places, upper, lower, m_in.width, static_cast<std::int32_t>(begin), m_out.width);
                continue;
            }
            for (std::size_t column = 0; column < m_out.width; ++column)
                place(x, row, column, y[column], places[column]);
        }
}

void MaxPool::place(const float* x, std::size_t row, std::size_t column, float& best, std::int32_t& where) const
{
    const auto height = static_cast<std::int64_t>(m_in.height), width = static_cast<std::int64_t>(m_in.width);
    const auto first = [&](std::size_t at) {
        const std::int64_t begin = static_cast<std::int64_t>(at) * m_window.stride - m_window.padding;
        return begin >= 0 ? begin : begin + (-begin + m_window.dilation - 1) / m_window.dilation * m_window.dilation;
    };
    const auto end = [&](std::size_t at, std::int64_t size) {
        return std::min(size, static_cast<std::int64_t>(at) * m_window.stride - m_window.padding + (m_window.kernel - 1) * m_window.dilation + 1);
    };
    const std::int64_t top = first(row), left = first(column), bottom = end(row, height), right = end(column, width);
    best = -std::numeric_limits<float>::infinity();
    where = static_cast<std::int32_t>(top * width + left);
    for (std::int64_t i = top; i < bottom; i += m_window.dilation)
        for (std::int64_t j = left; j < right; j += m_window.dilation) {
            const float value = x[i * width + j];
            if (value > best || value != value) {
                best = value;
                where = static_cast<std::int32_t>(i * width + j);
            }
        }
}

void MaxPool::backward(const float* dy, const std::int32_t* places, std::size_t rows, float* dx) const
{
    std::fill_n(dx, rows * m_in.values(), 0.0f);
    const std::size_t area = m_out.height * m_out.width;
    for (std::size_t plane = 0; plane < rows * m_in.channels; ++plane, dx += m_in.height * m_in.width, dy += area, places += area)
        for (std::size_t k = 0; k < area; ++k)
            dx[places[k]] += dy[k];
}

AveragePool::AveragePool(ImageSize in, ImageSize out, const ImageWindow& window, bool countsPadding)
    : m_in(in), m_out(out), m_window(window), m_countsPadding(countsPadding), m_rows(stretches(in.height, out.height)),
      m_columns(stretches(in.width, out.width))
{
}

std::vector<AveragePool::Stretch> AveragePool::stretches(std::size_t size, std::size_t places) const
{
    std::vector<Stretch> made;
    const auto pixels = static_cast<std::int64_t>(size);
    for (std::size_t place = 0; place < places; ++place) {
        const std::int64_t begin = static_cast<std::int64_t>(place) * m_window.stride - m_window.padding;
        const std::int64_t end = std::min(begin + m_window.kernel, pixels + m_window.padding);
        const std::int64_t inside = std::max<std::int64_t>(begin, 0), outside = std::min(end, pixels);
        made.push_back({static_cast<std::size_t>(inside), static_cast<std::size_t>(outside),
                        static_cast<float>(m_countsPadding ? end - begin : outside - inside)});
    }
    return made;
}

void AveragePool::forward(const float* x, std::size_t rows, float* y) const
{
    for (std::size_t plane = 0; plane < rows * m_in.channels; ++plane, x += m_in.height * m_in.width)
        for (const Stretch& vertical : m_rows)
            for (const Stretch& horizontal : m_columns) {
                float sum = 0.0f;
                for (std::size_t i = vertical.begin; i < vertical.end; ++i)
                    for (std::size_t j = horizontal.begin; j < horizontal.end; ++j)
                        sum += x[i * m_in.width + j];
                *y++ = sum / (vertical.count * horizontal.count);
            }
}

void AveragePool::backward(const float* dy, std::size_t rows, float* dx) const
{
    std::fill_n(dx, rows * m_in.values(), 0.0f);
    for (std::size_t plane = 0; plane < rows * m_in.channels; ++plane, dx += m_in.height * m_in.width)
        for (const Stretch& vertical : m_rows)
            for (const Stretch& horizontal : m_columns) {
                const float share = *dy++ / (vertical.count * horizontal.count);
                for (std::size_t i = vertical.begin; i < vertical.end; ++i)
                    for (std::size_t j = horizontal.begin; j < horizontal.end; ++j)
                        dx[i * m_in.width + j] += share;
            }
}

} // namespace limpid::engine
