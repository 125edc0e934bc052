#pragma once

#include <span>

namespace limpid {

/// The t below which Student's t with `degrees` ≥ 1 degrees of freedom falls with probability p in (0, 1), to about 1e-14:
/// the distribution's finite series (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4), inverted by halving.
double studentQuantile(double p, int degrees);

/// What several measurements of one figure come to.
struct MeanInterval {
    int count = 0;
    double mean = 0.0;        ///< NaN where there is no measurement
    double deviation = 0.0;   ///< of the sample, n − 1 in the denominator; NaN under two measurements, as are the borders
    double low = 0.0, high = 0.0;
};

/// Mean, and its 95 % interval by Student's t with n − 1 degrees of freedom. The mean's variance is taken as
/// (1/n + `shared`) · deviation²: 0 for measurements that are independent; for those that share training rows
/// n_validation/n_train of one of them (Nadeau & Bengio 2003, "Inference for the generalization error", section 3).
MeanInterval meanInterval(std::span<const double> values, double shared = 0.0);

} // namespace limpid
