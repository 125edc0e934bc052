#pragma once

#include <cstddef>

namespace limpid::engine {

/// How values follow their gradients, elementwise; `first` and `second` are what the rule remembers of each value.
/// With g = gradient + l2 · value:
/// Sgd: first = momentum · first + g; value −= rate · first
/// Nesterov: first as Sgd; value −= rate · (g + momentum · first)
/// Adam, AdamW: first = keep1 · first + take1 · g; second = keep2 · second + take2 · g²;
///   value = keep · value − rate · first / (√second · correction + eps)
/// RmsProp: second = keep2 · second + take2 · g²; first = momentum · first + g / (√second + eps); value −= rate · first
/// Adagrad: second += g²; value −= rate · g / (√second + eps)
enum class StepRule { Sgd, Nesterov, Adam, RmsProp, Adagrad };

struct StepFactors {
    float rate = 0.0f, l2 = 0.0f, keep = 1.0f, momentum = 0.0f, eps = 0.0f, correction = 1.0f;
    float keep1 = 0.0f, take1 = 0.0f, keep2 = 0.0f, take2 = 0.0f;
};

/// One step of `count` values, with the machine's widest vectors; every machine gives the same bytes. The arrays don't
/// overlap; `first` and `second` may be null where the rule above does without.
void takeStep(StepRule rule, const StepFactors& factors, float* value, const float* gradient, float* first, float* second,
              std::size_t count);

} // namespace limpid::engine
