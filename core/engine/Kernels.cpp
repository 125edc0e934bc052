#include "core/engine/Kernels.h"

namespace limpid::engine {

namespace {

[[gnu::always_inline]] inline void addToRowsBody(float* __restrict to, const float* __restrict a,
                                                 const float* __restrict b, std::size_t rows, std::size_t count,
                                                 float floor)
{
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t i = 0; i < count; ++i) {
            const float sum = a[i] + b[i];
            to[i] = sum < floor ? floor : sum;
        }
        to += count;
        b += count;
    }
}

using AddToRows = void (*)(float*, const float*, const float*, std::size_t, std::size_t, float);

void addToRowsPlain(float* to, const float* a, const float* b, std::size_t rows, std::size_t count, float floor)
{
    addToRowsBody(to, a, b, rows, count, floor);
}

#if defined(__x86_64__) && defined(__GNUC__)
[[gnu::target("avx2")]] void addToRowsAvx2(float* to, const float* a, const float* b, std::size_t rows,
                                           std::size_t count, float floor)
{
    addToRowsBody(to, a, b, rows, count, floor);
}

[[gnu::target("avx512f,prefer-vector-width=512")]] void
addToRowsAvx512(float* to, const float* a, const float* b, std::size_t rows, std::size_t count, float floor)
{
    addToRowsBody(to, a, b, rows, count, floor);
}
#endif

// Chosen by hand, not by target_clones: its resolver runs before ThreadSanitizer is ready.
AddToRows chosen()
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("avx512f"))
        return addToRowsAvx512;
    if (__builtin_cpu_supports("avx2"))
        return addToRowsAvx2;
#endif
    return addToRowsPlain;
}

} // namespace

void addToRows(float* to, const float* a, const float* b, std::size_t rows, std::size_t count, bool rectify)
{
    static const AddToRows implementation = chosen();
    // Not finite: nothing is below it, and NaN passes through either way.
    implementation(to, a, b, rows, count, rectify ? 0.0f : -__builtin_inff());
}

void chooseRow(float* to, const std::uint8_t* mask, const float* a, const float* b, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        to[i] = mask[i] ? a[i] : b[i];
}

} // namespace limpid::engine
