#pragma once

#include <cstddef>
#include <cstdint>

namespace limpid::engine {

/// The loops of Convolution and MaxPool with the machine's widest vectors. What is called a plane is a stretch of floats over
/// which all positions of a layer are counted in one go; it may be read and written up to the next multiple of `lanes`.
struct ImageKernels {
    std::size_t lanes;        ///< floats in a vector
    std::size_t rowsAtOnce;   ///< the most rows of one call below: as many as sums fit into the registers

    /// to[r · toPitch + p] = max(floor, bias[r] + Σ_t weights[t · rows + r] · from[offsets[t] + p]), p < count, a multiple of lanes.
    void (*convolve)(std::size_t rows, float* to, std::size_t toPitch, const float* weights, const float* bias, const float* from,
                     const std::ptrdiff_t* offsets, std::size_t taps, std::size_t count, float floor);
    /// sums[(t · rows + r) · lanes …] += gradient[r · gradientPitch + p] · from[offsets[t] + p] over all p < count of all images,
    /// whose planes lie gradientImage and fromImage apart. A sum is what its `lanes` floats add up to.
    void (*correlate)(std::size_t rows, float* sums, const float* gradient, std::size_t gradientPitch, std::size_t gradientImage,
                      const float* from, std::size_t fromImage, const std::ptrdiff_t* offsets, std::size_t taps, std::size_t images,
                      std::size_t count);
    /// rows × count floats from one pitch to another; behind each row of `to` up to lanes − 1 floats are written too, zeros, and
    /// behind each of `from` as many read: the next row's, or what is free for it. Rows go upwards.
    void (*copyRows)(float* to, std::size_t toPitch, const float* from, std::size_t fromPitch, std::size_t rows, std::size_t count);
    float (*sum)(const float* from, std::size_t count);
    /// The largest of each 2 × 2 pixels of two rows, and its place in the plane, of which the upper row begins at `begin`; the
    /// first in reading order among equals. Reads 2 · (lanes − 1) and writes lanes − 1 more than asked, as copyRows.
    void (*maxOfPairs)(float* to, std::int32_t* places, const float* upper, const float* lower, std::size_t width, std::int32_t begin,
                       std::size_t count);
};

/// Chosen for this machine at the first call.
const ImageKernels& imageKernels();

} // namespace limpid::engine
