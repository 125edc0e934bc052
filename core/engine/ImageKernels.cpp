#include "core/engine/ImageKernels.h"

namespace limpid::engine {

namespace {

#define LIMPID_LANES 4
#define LIMPID_ROWS 6
#define LIMPID_VECTORS 2
namespace plain {
#include "core/engine/ImageKernelsBody.h"
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#undef LIMPID_LANES
#define LIMPID_LANES 8
#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {
#include "core/engine/ImageKernelsBody.h"
}
#pragma GCC pop_options
#undef LIMPID_LANES
#undef LIMPID_ROWS
#undef LIMPID_VECTORS
#define LIMPID_LANES 16
#define LIMPID_ROWS 8
#define LIMPID_VECTORS 3
#pragma GCC push_options
#pragma GCC target("avx512f")
namespace avx512 {
#include "core/engine/ImageKernelsBody.h"
}
#pragma GCC pop_options
#define LIMPID_WIDE_KERNELS
#endif

ImageKernels chosen()
{
#ifdef LIMPID_WIDE_KERNELS
    if (__builtin_cpu_supports("avx512f"))
        return {16, 8, avx512::convolve, avx512::correlate, avx512::copyRows, avx512::sum, avx512::maxOfPairs};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return {8, 6, avx2::convolve, avx2::correlate, avx2::copyRows, avx2::sum, avx2::maxOfPairs};
#endif
    return {4, 6, plain::convolve, plain::correlate, plain::copyRows, plain::sum, plain::maxOfPairs};
}

} // namespace

const ImageKernels& imageKernels()
{
    static const ImageKernels implementation = chosen();
    return implementation;
}

} // namespace limpid::engine
