#include "core/engine/StepKernels.h"

#include <array>
#include <cmath>

namespace limpid::engine {

namespace {

template<StepRule rule>
[[gnu::always_inline]] inline void body(const StepFactors& f, float* __restrict value, const float* __restrict gradient,
                                        float* __restrict first, float* __restrict second, std::size_t count)
{
    const auto [rate, l2, keep, momentum, eps, correction, keep1, take1, keep2, take2] = f;
    for (std::size_t i = 0; i < count; ++i) {
        if constexpr (rule == StepRule::Sgd) {
            // The first step's buffer is the gradient itself, which from 0 the recurrence gives.
            first[i] = momentum * first[i] + gradient[i] + l2 * value[i];
            value[i] -= rate * first[i];
        } else {
            const float g = gradient[i] + l2 * value[i];
            if constexpr (rule == StepRule::Nesterov) {
                first[i] = momentum * first[i] + g;
                value[i] -= rate * (g + momentum * first[i]);
            } else if constexpr (rule == StepRule::Adam) {
                first[i] = keep1 * first[i] + take1 * g;
                second[i] = keep2 * second[i] + take2 * g * g;
                value[i] = keep * value[i] - rate * first[i] / (std::sqrt(second[i]) * correction + eps);
            } else if constexpr (rule == StepRule::RmsProp) {
                second[i] = keep2 * second[i] + take2 * g * g;
                first[i] = momentum * first[i] + g / (std::sqrt(second[i]) + eps);
                value[i] -= rate * first[i];
            } else {
                second[i] += g * g;
                value[i] -= rate * g / (std::sqrt(second[i]) + eps);
            }
        }
    }
}

using Step = void (*)(const StepFactors&, float*, const float*, float*, float*, std::size_t);

template<StepRule rule>
void plain(const StepFactors& f, float* value, const float* gradient, float* first, float* second, std::size_t count)
{
    body<rule>(f, value, gradient, first, second, count);
}

#if defined(__x86_64__) && defined(__GNUC__)
template<StepRule rule>
[[gnu::target("avx2")]] void avx2(const StepFactors& f, float* value, const float* gradient, float* first, float* second,
                                  std::size_t count)
{
    body<rule>(f, value, gradient, first, second, count);
}

template<StepRule rule>
[[gnu::target("avx512f,prefer-vector-width=512")]] void avx512(const StepFactors& f, float* value, const float* gradient,
                                                               float* first, float* second, std::size_t count)
{
    body<rule>(f, value, gradient, first, second, count);
}
#endif

// Chosen by hand, not by target_clones: its resolver runs before ThreadSanitizer is ready.
template<StepRule rule>
Step chosen()
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("avx512f"))
        return avx512<rule>;
    if (__builtin_cpu_supports("avx2"))
        return avx2<rule>;
#endif
    return plain<rule>;
}

} // namespace

void takeStep(StepRule rule, const StepFactors& factors, float* value, const float* gradient, float* first, float* second,
              std::size_t count)
{
    static const std::array<Step, 5> steps{chosen<StepRule::Sgd>(), chosen<StepRule::Nesterov>(), chosen<StepRule::Adam>(),
                                           chosen<StepRule::RmsProp>(), chosen<StepRule::Adagrad>()};
    steps[static_cast<std::size_t>(rule)](factors, value, gradient, first, second, count);
}

} // namespace limpid::engine
