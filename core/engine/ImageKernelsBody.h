// The loops of ImageKernels.cpp, included once for each width of the machine's vectors: no include guard, no includes. Wants
// LIMPID_LANES, LIMPID_ROWS and LIMPID_VECTORS: LIMPID_ROWS × LIMPID_VECTORS sums stay in registers.

typedef float Vector __attribute__((vector_size(LIMPID_LANES * 4)));
typedef std::int32_t Places __attribute__((vector_size(LIMPID_LANES * 4)));
// The same anywhere in memory.
typedef float LooseVector __attribute__((vector_size(LIMPID_LANES * 4), aligned(4)));
typedef std::int32_t LoosePlaces __attribute__((vector_size(LIMPID_LANES * 4), aligned(4)));

// Inlined with constants for the numbers of rows and vectors, so that the sums live in registers.
#define LIMPID_INLINE static inline __attribute__((always_inline))

LIMPID_INLINE void convolveBlock(const int rows, const int vectors, float* to, std::size_t toPitch, const float* weights,
                                 const float* bias, const float* from, const std::ptrdiff_t* offsets, std::size_t taps, float floor)
{
    Vector sums[LIMPID_ROWS][LIMPID_VECTORS];
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
        for (int v = 0; v < vectors; ++v)
            sums[r][v] = Vector{} + bias[r];
    for (std::size_t t = 0; t < taps; ++t) {
        const float* const at = from + offsets[t];
        Vector x[LIMPID_VECTORS];
#pragma GCC unroll 8
        for (int v = 0; v < vectors; ++v)
            x[v] = *reinterpret_cast<const LooseVector*>(at + v * LIMPID_LANES);
#pragma GCC unroll 8
        for (int r = 0; r < rows; ++r) {
            const float weight = weights[r];
#pragma GCC unroll 8
            for (int v = 0; v < vectors; ++v)
                sums[r][v] += weight * x[v];
        }
        weights += rows;
    }
    const Vector least = Vector{} + floor;
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
        for (int v = 0; v < vectors; ++v) // NaN stays NaN
            *reinterpret_cast<LooseVector*>(to + static_cast<std::size_t>(r) * toPitch + v * LIMPID_LANES) =
                sums[r][v] < least ? least : sums[r][v];
}

LIMPID_INLINE void convolveRows(const int rows, float* to, std::size_t toPitch, const float* weights, const float* bias,
                                const float* from, const std::ptrdiff_t* offsets, std::size_t taps, std::size_t count, float floor)
{
    constexpr std::size_t block = LIMPID_VECTORS * LIMPID_LANES;
    std::size_t p = 0;
    for (; p + block <= count; p += block)
        convolveBlock(rows, LIMPID_VECTORS, to + p, toPitch, weights, bias, from + p, offsets, taps, floor);
#if LIMPID_VECTORS > 2
    if (p + 2 * LIMPID_LANES <= count) {
        convolveBlock(rows, 2, to + p, toPitch, weights, bias, from + p, offsets, taps, floor);
        p += 2 * LIMPID_LANES;
    }
#endif
    if (p < count)
        convolveBlock(rows, 1, to + p, toPitch, weights, bias, from + p, offsets, taps, floor);
}

void convolve(std::size_t rows, float* to, std::size_t toPitch, const float* weights, const float* bias, const float* from,
              const std::ptrdiff_t* offsets, std::size_t taps, std::size_t count, float floor)
{
    switch (rows) {
    case 1: convolveRows(1, to, toPitch, weights, bias, from, offsets, taps, count, floor); break;
    case 2: convolveRows(2, to, toPitch, weights, bias, from, offsets, taps, count, floor); break;
    case 3: convolveRows(3, to, toPitch, weights, bias, from, offsets, taps, count, floor); break;
    case 4: convolveRows(4, to, toPitch, weights, bias, from, offsets, taps, count, floor); break;
    case 5: convolveRows(5, to, toPitch, weights, bias, from, offsets, taps, count, floor); break;
    case 6: convolveRows(6, to, toPitch, weights, bias, from, offsets, taps, count, floor); break;
#if LIMPID_ROWS > 6
    case 7: convolveRows(7, to, toPitch, weights, bias, from, offsets, taps, count, floor); break;
    case 8: convolveRows(8, to, toPitch, weights, bias, from, offsets, taps, count, floor); break;
#endif
    default: break;
    }
}

LIMPID_INLINE void correlateBlock(const int rows, const int taps, float* sums, const float* gradient, std::size_t gradientPitch,
                                  std::size_t gradientImage, const float* from, std::size_t fromImage, const std::ptrdiff_t* offsets,
                                  std::size_t images, std::size_t count)
{
    Vector total[LIMPID_ROWS][LIMPID_VECTORS];
    LooseVector* const kept = reinterpret_cast<LooseVector*>(sums);
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
        for (int t = 0; t < taps; ++t)
            total[r][t] = kept[t * rows + r];
    for (std::size_t image = 0; image < images; ++image) {
        const float* const x = from + image * fromImage;
        const float* const dy = gradient + image * gradientImage;
        for (std::size_t p = 0; p < count; p += LIMPID_LANES) {
            Vector shifted[LIMPID_VECTORS];
#pragma GCC unroll 8
            for (int t = 0; t < taps; ++t)
                shifted[t] = *reinterpret_cast<const LooseVector*>(x + offsets[t] + p);
#pragma GCC unroll 8
            for (int r = 0; r < rows; ++r) {
                const Vector own = *reinterpret_cast<const LooseVector*>(dy + static_cast<std::size_t>(r) * gradientPitch + p);
#pragma GCC unroll 8
                for (int t = 0; t < taps; ++t)
                    total[r][t] += own * shifted[t];
            }
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r)
#pragma GCC unroll 8
        for (int t = 0; t < taps; ++t)
            kept[t * rows + r] = total[r][t];
}

LIMPID_INLINE void correlateRows(const int rows, float* sums, const float* gradient, std::size_t gradientPitch,
                                 std::size_t gradientImage, const float* from, std::size_t fromImage, const std::ptrdiff_t* offsets,
                                 std::size_t taps, std::size_t images, std::size_t count)
{
    std::size_t t = 0;
    for (; t + LIMPID_VECTORS <= taps; t += LIMPID_VECTORS, sums += rows * LIMPID_VECTORS * LIMPID_LANES)
        correlateBlock(rows, LIMPID_VECTORS, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets + t, images, count);
#if LIMPID_VECTORS > 2
    if (t + 2 <= taps) {
        correlateBlock(rows, 2, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets + t, images, count);
        t += 2;
        sums += rows * 2 * LIMPID_LANES;
    }
#endif
    if (t < taps)
        correlateBlock(rows, 1, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets + t, images, count);
}

void correlate(std::size_t rows, float* sums, const float* gradient, std::size_t gradientPitch, std::size_t gradientImage,
               const float* from, std::size_t fromImage, const std::ptrdiff_t* offsets, std::size_t taps, std::size_t images,
               std::size_t count)
{
    switch (rows) {
    case 1: correlateRows(1, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets, taps, images, count); break;
    case 2: correlateRows(2, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets, taps, images, count); break;
    case 3: correlateRows(3, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets, taps, images, count); break;
    case 4: correlateRows(4, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets, taps, images, count); break;
    case 5: correlateRows(5, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets, taps, images, count); break;
    case 6: correlateRows(6, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets, taps, images, count); break;
#if LIMPID_ROWS > 6
    case 7: correlateRows(7, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets, taps, images, count); break;
    case 8: correlateRows(8, sums, gradient, gradientPitch, gradientImage, from, fromImage, offsets, taps, images, count); break;
#endif
    default: break;
    }
}

LIMPID_INLINE Places laneNumbers()
{
    Places numbers;
    for (int i = 0; i < LIMPID_LANES; ++i)
        numbers[i] = i;
    return numbers;
}

void copyRows(float* to, std::size_t toPitch, const float* from, std::size_t fromPitch, std::size_t rows, std::size_t count)
{
    const Places lane = laneNumbers();
    const std::size_t whole = count / LIMPID_LANES * LIMPID_LANES;
    const Places inside = lane < Places{} + static_cast<std::int32_t>(count - whole);
    for (std::size_t row = 0; row < rows; ++row, to += toPitch, from += fromPitch) {
        for (std::size_t i = 0; i < whole; i += LIMPID_LANES)
            *reinterpret_cast<LooseVector*>(to + i) = *reinterpret_cast<const LooseVector*>(from + i);
        if (whole < count) {
            const Vector last = *reinterpret_cast<const LooseVector*>(from + whole);
            *reinterpret_cast<LooseVector*>(to + whole) = inside ? last : Vector{};
        }
    }
}

float sum(const float* from, std::size_t count)
{
    Vector sums[4] = {};
    std::size_t i = 0;
    for (; i + 4 * LIMPID_LANES <= count; i += 4 * LIMPID_LANES)
        for (int k = 0; k < 4; ++k)
            sums[k] += *reinterpret_cast<const LooseVector*>(from + i + k * LIMPID_LANES);
    for (; i + LIMPID_LANES <= count; i += LIMPID_LANES)
        sums[0] += *reinterpret_cast<const LooseVector*>(from + i);
    const Vector all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    float total = 0.0f;
    for (int lane = 0; lane < LIMPID_LANES; ++lane)
        total += all[lane];
    for (; i < count; ++i)
        total += from[i];
    return total;
}

void maxOfPairs(float* to, std::int32_t* places, const float* upper, const float* lower, std::size_t width, std::int32_t begin,
                std::size_t count)
{
    const Places even = laneNumbers() * 2; // the odd ones are one more
    for (std::size_t i = 0; i < count; i += LIMPID_LANES) {
        Vector best{}, other{};
        Places place = even + (begin + static_cast<std::int32_t>(2 * i));
        const Places start = place;
        for (int part = 0; part < 4; ++part) {
            const float* const row = (part < 2 ? upper : lower) + 2 * i;
#ifdef __clang__
            for (int lane = 0; lane < LIMPID_LANES; ++lane)
                other[lane] = row[2 * lane + part % 2];
#else
            const Vector first = *reinterpret_cast<const LooseVector*>(row), second = *reinterpret_cast<const LooseVector*>(row + LIMPID_LANES);
            other = __builtin_shuffle(first, second, even + part % 2);
#endif
            if (part == 0) {
                best = other;
                continue;
            }
            const Places there = start + (part % 2 + (part < 2 ? 0 : static_cast<std::int32_t>(width)));
            const Places better = (other > best) | (other != other);
            best = better ? other : best;
            place = better ? there : place;
        }
        *reinterpret_cast<LooseVector*>(to + i) = best;
        *reinterpret_cast<LoosePlaces*>(places + i) = place;
    }
}

#undef LIMPID_INLINE
