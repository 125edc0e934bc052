#include "core/engine/Softmax.h"

#include <bit>
#include <cmath>
#include <cstdint>

namespace limpid::engine {

namespace {

/// exp(x) = 2ⁿ · exp(r) with n the whole number nearest to x / log 2, so |r| ≤ log(2)/2, where Taylor's polynomial of degree 7
/// is off by 5e-9 relative; the rest is rounding.
[[gnu::always_inline]] inline void exponentialsBody(float* __restrict values, std::size_t count)
{
    constexpr float log2e = 1.44269504f;
    constexpr float log2High = 0.693359375f, log2Low = -2.12194440e-4f; // log 2, its first part exact times any n
    constexpr float whole = 12582912.0f;                                // 1.5 · 2²³: adding it leaves no fraction
    constexpr float least = -87.0f;
    for (std::size_t i = 0; i < count; ++i) {
        const float x = values[i] < least ? least : values[i];
        const float shifted = x * log2e + whole;
        const float n = shifted - whole;
        const float r = (x - n * log2High) - n * log2Low;
        float sum = 1.0f / 5040.0f;
        sum = sum * r + 1.0f / 720.0f;
        sum = sum * r + 1.0f / 120.0f;
        sum = sum * r + 1.0f / 24.0f;
        sum = sum * r + 1.0f / 6.0f;
        sum = sum * r + 0.5f;
        sum = sum * (r * r) + r + 1.0f;
        // The low bits of `shifted` are n: moved to where a float keeps its exponent, on top of that of 1.
        const std::uint32_t power = (std::bit_cast<std::uint32_t>(shifted) << 23) + 0x3F800000u;
        values[i] = sum * std::bit_cast<float>(power);
    }
}

using Exponentials = void (*)(float*, std::size_t);

void exponentialsPlain(float* values, std::size_t count)
{
    exponentialsBody(values, count);
}

#if defined(__x86_64__) && defined(__GNUC__)
[[gnu::target("avx2")]] void exponentialsAvx2(float* values, std::size_t count)
{
    exponentialsBody(values, count);
}

[[gnu::target("avx512f,prefer-vector-width=512")]] void exponentialsAvx512(float* values, std::size_t count)
{
    exponentialsBody(values, count);
}
#endif

// Chosen by hand, not by target_clones: its resolver runs before ThreadSanitizer is ready.
Exponentials chosen()
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("avx512f"))
        return exponentialsAvx512;
    if (__builtin_cpu_supports("avx2"))
        return exponentialsAvx2;
#endif
    return exponentialsPlain;
}

} // namespace

void exponentials(float* values, std::size_t count)
{
    static const Exponentials implementation = chosen();
    implementation(values, count);
}

double classLoss(const ClassLoss& loss, const float* logits, const float* targets, std::size_t rows, std::size_t classes,
                 double normaliser, float* gradient)
{
    // The gradient's memory holds z − largest, then exp of it, then the gradient.
    for (std::size_t row = 0; row < rows; ++row) {
        const float* const z = logits + row * classes;
        float largest = z[0];
        for (std::size_t k = 1; k < classes; ++k)
            largest = z[k] > largest ? z[k] : largest;
        for (std::size_t k = 0; k < classes; ++k)
            gradient[row * classes + k] = z[k] - largest;
    }
    exponentials(gradient, rows * classes);
    const auto weight = [&](std::size_t k) { return loss.weights.empty() ? 1.0 : loss.weights[k]; };
    double weights = 0.0;
    for (std::size_t k = 0; k < classes; ++k)
        weights += weight(k);
    const double spread = loss.smoothing / static_cast<double>(classes);
    double total = 0.0;
    for (std::size_t row = 0; row < rows; ++row) {
        const float* const z = logits + row * classes;
        float* const g = gradient + row * classes;
        const auto own = static_cast<std::size_t>(targets[row]);
        float largest = z[0];
        double sum = 0.0;
        for (std::size_t k = 0; k < classes; ++k) {
            largest = z[k] > largest ? z[k] : largest;
            sum += g[k];
        }
        const double logSum = std::log(sum) + largest;
        const double nll = logSum - z[own];
        double factor = 0.0; // of the probabilities in the gradient
        if (loss.focalGamma > 0.0) {
            const double p = g[own] / sum, q = (sum - g[own]) / sum;
            const double rest = std::pow(q, loss.focalGamma);
            total += weight(own) * rest * nll;
            // −p · dL/dp; q → 0 takes the loss's slope with it
            factor = weight(own) * (q > 0.0 ? rest + loss.focalGamma * p * nll * rest / q : 0.0);
        } else {
            total += (1.0 - loss.smoothing) * weight(own) * nll;
            factor = (1.0 - loss.smoothing) * weight(own);
        }
        const double taken = factor; // off the own class's
        if (spread > 0.0) {
            for (std::size_t k = 0; k < classes; ++k)
                total += spread * weight(k) * (logSum - z[k]);
            factor += spread * weights;
        }
        const auto scale = static_cast<float>(factor / sum / normaliser);
        const float before = g[own];
        for (std::size_t k = 0; k < classes; ++k)
            g[k] *= scale;
        // In double, which keeps its digits where the probability is almost 1.
        g[own] = static_cast<float>((factor * (before / sum) - taken) / normaliser);
        if (spread > 0.0)
            for (std::size_t k = 0; k < classes; ++k)
                g[k] -= static_cast<float>(spread * weight(k) / normaliser);
    }
    return total / normaliser;
}

} // namespace limpid::engine
