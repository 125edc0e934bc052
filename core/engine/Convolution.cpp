#include "core/engine/Convolution.h"

#include "core/engine/ImageKernels.h"

#include <algorithm>
#include <limits>

namespace limpid::engine {

namespace {

/// Floats behind each buffer, for what vectors read and write beyond their end.
constexpr std::size_t slack = 64;
/// How many images are laid out at a time: partial sums, which may be many, are read and written once for all of them.
constexpr std::size_t imagesLaidOut = 8;
/// What the gradients of a block of channels may take of the first cache, and partial sums of the last, in floats.
constexpr std::size_t nearFloats = 10'000, partialFloats = 1 << 20;

std::size_t roundUp(std::size_t count)
{
    const std::size_t lanes = imageKernels().lanes;
    return (count + lanes - 1) / lanes * lanes;
}

/// Of `rows` rows that begin at `begin` of a buffer of `total` floats, how many end at least a vector before its end, so that
/// they may be read and written a vector at a time.
std::size_t roomyRows(std::size_t begin, std::size_t rows, std::size_t width, std::size_t total)
{
    const std::size_t needed = begin + roundUp(width);
    return needed > total ? 0 : std::min(rows, (total - needed) / width + 1);
}

/// Splits `rows` into as few blocks as the kernels' registers allow, of nearly equal size, and calls work(begin, size).
template<class Work>
void forBlocks(std::size_t rows, Work&& work)
{
    const std::size_t blocks = (rows + imageKernels().rowsAtOnce - 1) / imageKernels().rowsAtOnce;
    for (std::size_t block = 0; block < blocks; ++block) {
        const std::size_t begin = rows * block / blocks;
        work(begin, rows * (block + 1) / blocks - begin);
    }
}

} // namespace

Convolution::Convolution(ImageSize in, ImageSize out, const ImageWindow& window, std::size_t groups)
    : m_in(in), m_out(out), m_window(window), m_groups(groups), m_inEach(in.channels / groups), m_outEach(out.channels / groups)
{
    const auto kernel = static_cast<std::size_t>(window.kernel), stride = static_cast<std::size_t>(window.stride);
    const auto padding = static_cast<std::size_t>(window.padding), dilation = static_cast<std::size_t>(window.dilation);
    m_gridWidth = (in.width + 2 * padding + stride - 1) / stride;
    m_gridPhase = (in.height + 2 * padding + stride - 1) / stride * m_gridWidth;
    m_inPitch = stride * stride * m_gridPhase;
    m_places = roundUp((out.height - 1) * m_gridWidth + out.width);
    m_inPlaces = roundUp(m_gridPhase);
    const std::size_t reach = (kernel - 1) * dilation / stride;
    m_margin = roundUp(reach * m_gridWidth + reach);
    m_outPitch = roundUp(m_margin + m_inPlaces);

    const auto phaseOf = [&](std::size_t ky, std::size_t kx) { return ky * dilation % stride * stride + kx * dilation % stride; };
    const auto shiftOf = [&](std::size_t ky, std::size_t kx) { return ky * dilation / stride * m_gridWidth + kx * dilation / stride; };
    for (std::size_t channel = 0; channel < m_inEach; ++channel)
        for (std::size_t ky = 0; ky < kernel; ++ky)
            for (std::size_t kx = 0; kx < kernel; ++kx)
                m_shifts.push_back(static_cast<std::ptrdiff_t>(channel * m_inPitch + phaseOf(ky, kx) * m_gridPhase + shiftOf(ky, kx)));
    for (std::size_t phase = 0; phase < stride * stride; ++phase) {
        Phase made{m_backTaps.size(), 0};
        for (std::size_t channel = 0; channel < m_outEach; ++channel)
            for (std::size_t ky = 0; ky < kernel; ++ky)
                for (std::size_t kx = 0; kx < kernel; ++kx)
                    if (phaseOf(ky, kx) == phase) {
                        m_backShifts.push_back(static_cast<std::ptrdiff_t>(channel * m_outPitch + m_margin) - static_cast<std::ptrdiff_t>(shiftOf(ky, kx)));
                        m_backTaps.push_back(channel * m_inEach * kernel * kernel + ky * kernel + kx);
                    }
        made.count = m_backTaps.size() - made.begin;
        m_phases.push_back(made);
    }

    m_zeros.assign(std::max(in.channels, out.channels), 0.0f);
    m_weights.resize(out.channels * m_shifts.size());
    m_grids.assign(in.channels * m_inPitch + slack, 0.0f);
    m_sums.resize(out.channels * m_places + slack);
}

/// The same over output channels [begin, end), no block in two groups: work(channel, size).
template<class Work>
void Convolution::forBlocksOf(std::size_t begin, std::size_t end, Work&& work) const
{
    for (std::size_t channel = begin; channel < end;) {
        const std::size_t last = std::min(end, (channel / m_outEach + 1) * m_outEach);
        forBlocks(last - channel, [&](std::size_t first, std::size_t size) { work(channel + first, size); });
        channel = last;
    }
}

/// Output channels [group, block], then taps, then the channels of the block.
void Convolution::packWeights(const float* weight)
{
    const std::size_t taps = m_shifts.size();
    float* to = m_weights.data();
    for (std::size_t group = 0; group < m_groups; ++group)
        forBlocks(m_outEach, [&](std::size_t begin, std::size_t size) {
            const float* const from = weight + (group * m_outEach + begin) * taps;
            for (std::size_t t = 0; t < taps; ++t)
                for (std::size_t r = 0; r < size; ++r)
                    *to++ = from[r * taps + t];
        });
}

/// Input channels [group, phase, block], then the phase's taps, then the channels of the block.
void Convolution::packTransposed(const float* weight)
{
    const auto area = static_cast<std::size_t>(m_window.kernel * m_window.kernel);
    float* to = m_backWeights.data();
    for (std::size_t group = 0; group < m_groups; ++group)
        for (const Phase& phase : m_phases)
            forBlocks(m_inEach, [&](std::size_t begin, std::size_t size) {
                const float* const from = weight + group * m_outEach * m_inEach * area + begin * area;
                for (std::size_t t = phase.begin; t < phase.begin + phase.count; ++t)
                    for (std::size_t r = 0; r < size; ++r)
                        *to++ = from[m_backTaps[t] + r * area];
            });
}

/// The padding of the grid is zero already.
void Convolution::layOut(const float* image, float* grid) const
{
    const auto stride = static_cast<std::size_t>(m_window.stride), padding = static_cast<std::size_t>(m_window.padding);
    if (stride == 1 && padding == 0) {
        std::copy_n(image, m_in.values(), grid);
        return;
    }
    for (std::size_t channel = 0; channel < m_in.channels; ++channel, grid += m_inPitch)
        for (std::size_t y = 0; y < m_in.height; ++y, image += m_in.width) {
            const std::size_t row = y + padding;
            float* const to = grid + row % stride * stride * m_gridPhase + row / stride * m_gridWidth;
            if (stride == 1) {
                std::copy_n(image, m_in.width, to + padding);
                continue;
            }
            for (std::size_t x = 0; x < m_in.width; ++x)
                to[(x + padding) % stride * m_gridPhase + (x + padding) / stride] = image[x];
        }
}

/// The opposite of layOut, from grids [channel, phase, inPlaces].
void Convolution::takeOut(const float* grid, float* image) const
{
    const auto stride = static_cast<std::size_t>(m_window.stride), padding = static_cast<std::size_t>(m_window.padding);
    for (std::size_t channel = 0; channel < m_in.channels; ++channel, grid += stride * stride * m_inPlaces) {
        if (stride == 1 && padding == 0) {
            image = std::copy_n(grid, m_in.height * m_in.width, image);
            continue;
        }
        for (std::size_t y = 0; y < m_in.height; ++y, image += m_in.width) {
            const std::size_t row = y + padding;
            const float* const from = grid + row % stride * stride * m_inPlaces + row / stride * m_gridWidth;
            if (stride == 1) {
                std::copy_n(from + padding, m_in.width, image);
                continue;
            }
            for (std::size_t x = 0; x < m_in.width; ++x)
                image[x] = from[(x + padding) % stride * m_inPlaces + (x + padding) / stride];
        }
    }
}

/// The gradient of one of `rows` images; what lies around it in the grid is zero and stays so.
void Convolution::layOutGradient(const float* dy, std::size_t row, std::size_t rows, float* grid) const
{
    const std::size_t area = m_out.height * m_out.width;
    for (std::size_t channel = 0; channel < m_out.channels; ++channel) {
        const std::size_t begin = (row * m_out.channels + channel) * area;
        const std::size_t roomy = roomyRows(begin, m_out.height, m_out.width, rows * m_out.values());
        float* const to = grid + channel * m_outPitch + m_margin;
        imageKernels().copyRows(to, m_gridWidth, dy + begin, m_out.width, roomy, m_out.width);
        for (std::size_t k = roomy; k < m_out.height; ++k)
            std::copy_n(dy + begin + k * m_out.width, m_out.width, to + k * m_gridWidth);
    }
}

void Convolution::forward(const float* x, std::size_t rows, const float* weight, const float* bias, bool rectify, float* y)
{
    const ImageKernels& kernels = imageKernels();
    packWeights(weight);
    const std::size_t taps = m_shifts.size(), area = m_out.height * m_out.width;
    const float floor = rectify ? 0.0f : -std::numeric_limits<float>::infinity();
    const float* const add = bias ? bias : m_zeros.data();
    for (std::size_t row = 0; row < rows; ++row, x += m_in.values(), y += m_out.values()) {
        layOut(x, m_grids.data());
        for (std::size_t group = 0; group < m_groups; ++group)
            forBlocks(m_outEach, [&](std::size_t begin, std::size_t size) {
                const std::size_t channel = group * m_outEach + begin;
                kernels.convolve(size, m_sums.data() + channel * m_places, m_places, m_weights.data() + channel * taps, add + channel,
                                 m_grids.data() + group * m_inEach * m_inPitch, m_shifts.data(), taps, m_places, floor);
            });
        for (std::size_t channel = 0; channel < m_out.channels; ++channel) {
            const std::size_t roomy = roomyRows((row * m_out.channels + channel) * area, m_out.height, m_out.width, rows * m_out.values());
            const float* const from = m_sums.data() + channel * m_places;
            kernels.copyRows(y + channel * area, m_out.width, from, m_gridWidth, roomy, m_out.width);
            for (std::size_t k = roomy; k < m_out.height; ++k)
                std::copy_n(from + k * m_gridWidth, m_out.width, y + channel * area + k * m_out.width);
        }
    }
}

/// Adds what `images` images give to the partial sums of output channels [begin, end).
void Convolution::differentiateWeights(std::size_t images, std::size_t begin, std::size_t end)
{
    const ImageKernels& kernels = imageKernels();
    const std::size_t taps = m_shifts.size();
    float* sums = m_partial.data();
    forBlocksOf(begin, end, [&](std::size_t channel, std::size_t size) {
        const float* const gradient = m_gradients.data() + channel * m_outPitch + m_margin;
        const float* const grid = m_grids.data() + channel / m_outEach * m_inEach * m_inPitch;
        const std::size_t outImage = m_out.channels * m_outPitch, inImage = m_in.channels * m_inPitch;
        for (std::size_t image = 0; image < images; image += m_imagesAtOnce)
            kernels.correlate(size, sums, gradient + image * outImage, m_outPitch, outImage, grid + image * inImage, inImage,
                              m_shifts.data(), taps, std::min(m_imagesAtOnce, images - image), m_places);
        sums += size * taps * kernels.lanes;
    });
}

void Convolution::addPartial(float* dWeight, std::size_t begin, std::size_t end) const
{
    const std::size_t taps = m_shifts.size(), lanes = imageKernels().lanes;
    const float* sums = m_partial.data();
    forBlocksOf(begin, end, [&](std::size_t channel, std::size_t size) {
        for (std::size_t t = 0; t < taps; ++t)
            for (std::size_t r = 0; r < size; ++r, sums += lanes)
                dWeight[(channel + r) * taps + t] += imageKernels().sum(sums, lanes);
    });
}

/// dx[c] = Σ_o Σ_taps weight[o, c, tap] · dy[o] shifted back: the full correlation, over the gradient and the zeros around it.
void Convolution::differentiateImage(std::size_t image, float* dx)
{
    const float* const gradients = m_gradients.data() + image * m_out.channels * m_outPitch;
    const std::size_t pitch = m_phases.size() * m_inPlaces;
    const float* weights = m_backWeights.data();
    for (std::size_t group = 0; group < m_groups; ++group)
        for (std::size_t phase = 0; phase < m_phases.size(); ++phase)
            forBlocks(m_inEach, [&](std::size_t begin, std::size_t size) {
                const auto [first, taps] = m_phases[phase];
                float* const to = m_sums.data() + (group * m_inEach + begin) * pitch + phase * m_inPlaces;
                imageKernels().convolve(size, to, pitch, weights, m_zeros.data(), gradients + group * m_outEach * m_outPitch,
                                        m_backShifts.data() + first, taps, m_inPlaces, -std::numeric_limits<float>::infinity());
                weights += size * taps;
            });
    takeOut(m_sums.data(), dx);
}

void Convolution::backward(const float* x, const float* dy, std::size_t rows, const float* weight, float* dWeight, float* dBias, float* dx)
{
    const ImageKernels& kernels = imageKernels();
    const std::size_t taps = m_shifts.size(), area = m_out.height * m_out.width;
    if (m_gradients.empty()) {
        m_imagesAtOnce = std::clamp<std::size_t>(nearFloats / (std::min(kernels.rowsAtOnce, m_outEach) * m_outPitch + m_inPitch), 1, imagesLaidOut);
        m_grids.assign(imagesLaidOut * m_in.channels * m_inPitch + slack, 0.0f);
        m_gradients.assign(imagesLaidOut * m_out.channels * m_outPitch + slack, 0.0f);
        m_rowsPerPart = std::clamp<std::size_t>(partialFloats / (taps * kernels.lanes), 1, m_out.channels);
        m_partial.resize(m_rowsPerPart * taps * kernels.lanes);
    }
    if (dx) {
        m_backWeights.resize(m_groups * m_inEach * m_backTaps.size());
        m_sums.resize(std::max(m_sums.size(), m_in.channels * m_phases.size() * m_inPlaces + slack));
        packTransposed(weight);
    }
    for (std::size_t part = 0; part < m_out.channels; part += m_rowsPerPart) {
        const std::size_t end = std::min(part + m_rowsPerPart, m_out.channels);
        std::fill(m_partial.begin(), m_partial.end(), 0.0f);
        for (std::size_t row = 0; row < rows; row += imagesLaidOut) {
            const std::size_t images = std::min(imagesLaidOut, rows - row);
            for (std::size_t image = 0; image < images; ++image) {
                layOut(x + (row + image) * m_in.values(), m_grids.data() + image * m_in.channels * m_inPitch);
                layOutGradient(dy, row + image, rows, m_gradients.data() + image * m_out.channels * m_outPitch);
            }
            differentiateWeights(images, part, end);
            if (dx && part == 0)
                for (std::size_t image = 0; image < images; ++image)
                    differentiateImage(image, dx + (row + image) * m_in.values());
        }
        addPartial(dWeight, part, end);
    }
    if (dBias)
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t channel = 0; channel < m_out.channels; ++channel, dy += area)
                dBias[channel] += kernels.sum(dy, area);
}

} // namespace limpid::engine
