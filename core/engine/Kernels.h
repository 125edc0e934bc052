#pragma once

#include <cstddef>
#include <cstdint>

namespace limpid::engine {

/// The loops of the engine that LibTorch has no call for without an allocation or a dispatch of its own, with the
/// machine's widest vectors. Matrices are row-major, [rows, count]; pointers of one call do not overlap.
struct Kernels {
    /// to[r, i] = max(floor, a[i] + b[r, i]); a floor of −∞ leaves the sum.
    void (*addToRows)(float* to, const float* a, const float* b, std::size_t rows, std::size_t count, float floor);
    /// y[r, i] += bias[i]
    void (*addBias)(float* y, const float* bias, std::size_t rows, std::size_t count);
    /// y[r, i] = max(0, y[r, i] + bias[i])
    void (*addBiasRelu)(float* y, const float* bias, std::size_t rows, std::size_t count);
    /// to[i] = max(0, from[i])
    void (*rectify)(float* to, const float* from, std::size_t count);
    /// to[i] = output[i] > 0 ? gradient[i] : 0, which is ReLU's backward pass.
    void (*gateByOutput)(float* to, const float* gradient, const float* output, std::size_t count);
    void (*gateInPlace)(float* gradient, const float* output, std::size_t count);
    /// to[i] = a[i] · b[i]
    void (*multiply)(float* to, const float* a, const float* b, std::size_t count);
    /// to[i] += from[i]
    void (*addInto)(float* to, const float* from, std::size_t count);
    /// to[i] += Σ over rows
    void (*addColumnSums)(float* to, const float* matrix, std::size_t rows, std::size_t count);
    /// to[i] += Σ over rows of weights[r] · max(floor, matrix[r, i]); a floor of −∞ leaves the values.
    void (*addWeightedRows)(float* to, const float* matrix, const float* weights, std::size_t rows, std::size_t count, float floor);
};

/// Chosen for this machine at the first call.
const Kernels& kernels();

/// to[i] = mask[i] ? a[i] : b[i].
void chooseRow(float* to, const std::uint8_t* mask, const float* a, const float* b, std::size_t count);

} // namespace limpid::engine
