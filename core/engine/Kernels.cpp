#include "core/engine/Kernels.h"

namespace limpid::engine {

namespace {

namespace plain {
#include "core/engine/KernelsBody.h"
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
#include "core/engine/KernelsBody.h"
}
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,prefer-vector-width=512")
namespace avx512 {
#include "core/engine/KernelsBody.h"
}
#pragma GCC pop_options
#define LIMPID_WIDE_KERNELS
#endif

#define LIMPID_KERNELS_OF(width)                                                                                     \
    Kernels                                                                                                          \
    {                                                                                                                \
        width::addToRows, width::addBias, width::addBiasRelu, width::rectify, width::gateByOutput,                   \
            width::gateInPlace, width::multiply, width::addInto, width::addColumnSums,                                 \
            width::addWeightedRows                                                                                       \
    }

Kernels chosen()
{
#ifdef LIMPID_WIDE_KERNELS
    if (__builtin_cpu_supports("avx512f"))
        return LIMPID_KERNELS_OF(avx512);
    if (__builtin_cpu_supports("avx2"))
        return LIMPID_KERNELS_OF(avx2);
#endif
    return LIMPID_KERNELS_OF(plain);
}

} // namespace

// Chosen by hand, not by target_clones: its resolver runs before ThreadSanitizer is ready.
const Kernels& kernels()
{
    static const Kernels implementation = chosen();
    return implementation;
}

void chooseRow(float* to, const std::uint8_t* mask, const float* a, const float* b, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        to[i] = mask[i] ? a[i] : b[i];
}

} // namespace limpid::engine
