#pragma once

#include <cstddef>
#include <span>

namespace limpid::engine {

/// Cross-entropy (focalGamma 0) or focal loss on several classes. `weights`: none, or one a class.
struct ClassLoss {
    double smoothing = 0.0, focalGamma = 0.0;
    std::span<const double> weights;
};

/// The sum of the losses of logits [rows, classes] for targets [rows] (class indices), divided by `normaliser`; writes its
/// gradient [rows, classes]. Probabilities in single precision, 2e-7 relative (their logarithms have the logits' own
/// precision); sums in double. Every machine gives the same bytes.
double classLoss(const ClassLoss& loss, const float* logits, const float* targets, std::size_t rows, std::size_t classes,
                 double normaliser, float* gradient);

/// values[i] = exp(values[i]) for values ≤ 0, 2e-7 relative down to −87; below that 1.2e-38. NaN stays.
void exponentials(float* values, std::size_t count);

} // namespace limpid::engine
