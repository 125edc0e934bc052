#pragma once

#include "core/engine/ImageWindow.h"

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace limpid::engine {

/// The size of an image, channel after channel, row after row.
struct ImageSize {
    std::size_t channels = 0, height = 0, width = 0;
    std::size_t values() const { return channels * height * width; }
};

/// Memory that begins where a vector of the machine may: one that lies across two lines of the cache costs twice.
template<class T>
struct VectorAllocator {
    using value_type = T;
    static constexpr std::align_val_t alignment{64};
    VectorAllocator() = default;
    template<class Other>
    VectorAllocator(const VectorAllocator<Other>&)
    {
    }
    T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
    void deallocate(T* memory, std::size_t) { ::operator delete(memory, alignment); }
    bool operator==(const VectorAllocator&) const = default;
};
using VectorFloats = std::vector<float, VectorAllocator<float>>;

/// Conv2d over rows of images: y[n, o] = bias[o] + Σ_c weight[o, c] ⋆ x[n, c], ⋆ being the cross-correlation of Conv2d's
/// documentation, with PyTorch's layouts: x [rows, channels, height, width], weight [out, channels / groups, kernel, kernel].
///
/// An image is laid into a grid with its padding, and with a stride of s into s × s grids of every s-th pixel. There each
/// tap of the kernel is a shift, the same for all pixels: a sum of shifted planes is the convolution, and what falls between
/// the rows is left out. Nothing is written out per tap (im2col), so what is worked on stays in the cache.
/// Owns its buffers: one for each thread.
class Convolution
{
public:
    Convolution(ImageSize in, ImageSize out, const ImageWindow& window, std::size_t groups);

    /// `bias` may be null. `rectify`: y = max(0, y).
    void forward(const float* x, std::size_t rows, const float* weight, const float* bias, bool rectify, float* y);
    /// Adds to dWeight and, where not null, to dBias; writes dx where not null.
    void backward(const float* x, const float* dy, std::size_t rows, const float* weight, float* dWeight, float* dBias, float* dx);

private:
    void packWeights(const float* weight);
    void packTransposed(const float* weight);
    void layOut(const float* image, float* grid) const;
    void layOutGradient(const float* dy, std::size_t row, std::size_t rows, float* grid) const;
    void takeOut(const float* grid, float* image) const;
    template<class Work>
    void forBlocksOf(std::size_t begin, std::size_t end, Work&& work) const;
    void differentiateWeights(std::size_t images, std::size_t begin, std::size_t end);
    void addPartial(float* dWeight, std::size_t begin, std::size_t end) const;
    void differentiateImage(std::size_t image, float* dx);

    ImageSize m_in, m_out;
    ImageWindow m_window;
    std::size_t m_groups, m_inEach, m_outEach;   ///< channels of a group
    std::size_t m_gridWidth, m_gridPhase;        ///< of one of the stride² grids of a channel
    std::size_t m_inPitch;                       ///< of a channel's grids
    std::size_t m_places;                        ///< positions computed in one go, with those between the rows
    std::vector<std::ptrdiff_t> m_shifts;        ///< of each tap of a group, within its channels' grids
    /// The taps that reach one of the stride² grids, in m_backShifts and m_backTaps.
    struct Phase {
        std::size_t begin = 0, count = 0;
    };
    std::vector<Phase> m_phases;
    std::vector<std::ptrdiff_t> m_backShifts;    ///< into the gradient's grids of a group
    std::vector<std::size_t> m_backTaps;         ///< weight of each within a group's input channel: out · inEach · k² + tap
    std::size_t m_margin, m_outPitch, m_inPlaces;///< of the gradient's grid: zeros before it; all of it; positions of the input's grid
    std::size_t m_imagesAtOnce = 1;              ///< whose gradients of a block of channels fit into the first cache
    std::vector<float> m_weights, m_backWeights; ///< in the order in which they are needed
    VectorFloats m_grids;                  ///< [images, channels, inPitch]
    VectorFloats m_gradients;              ///< [images, out channels, outPitch]
    VectorFloats m_sums;                   ///< of one image: outputs, or the input's gradient
    VectorFloats m_partial;                ///< of the weights' gradients: a vector each
    std::size_t m_rowsPerPart = 0;               ///< output channels whose partial sums are kept at once
    std::vector<float> m_zeros;
};

} // namespace limpid::engine
