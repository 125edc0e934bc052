#include "core/metrics/Interval.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace limpid {

namespace {

/// The probability that |T| ≤ t, for t ≥ 0.
double studentWithin(double t, int degrees)
{
    const double angle = std::atan2(t, std::sqrt(static_cast<double>(degrees)));
    const double sine = std::sin(angle), cosine = std::cos(angle), square = cosine * cosine;
    const bool odd = degrees % 2 == 1;
    // Odd: cos + 2/3 cos³ + 2·4/(3·5) cos⁵ + …; even: 1 + 1/2 cos² + 1·3/(2·4) cos⁴ + …, up to cos^(degrees − 2).
    double term = odd ? cosine : 1.0, sum = 0.0;
    for (int power = odd ? 1 : 0; power <= degrees - 2; power += 2) {
        sum += term;
        term *= square * (power + 1.0) / (power + 2.0);
    }
    return odd ? 2.0 / std::numbers::pi * (angle + sine * sum) : sine * sum;
}

} // namespace

double studentQuantile(double p, int degrees)
{
    if (p < 0.5)
        return -studentQuantile(1.0 - p, degrees);
    const double within = 2.0 * p - 1.0;
    double low = 0.0, high = 1.0;
    while (studentWithin(high, degrees) < within) {
        low = high;
        high *= 2.0;
    }
    for (;;) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) // neighbours
            return high;
        (studentWithin(middle, degrees) < within ? low : high) = middle;
    }
}

MeanInterval meanInterval(std::span<const double> values, double shared)
{
    constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
    MeanInterval result{static_cast<int>(values.size()), undefined, undefined, undefined, undefined};
    if (values.empty())
        return result;
    const auto count = static_cast<double>(values.size());
    double sum = 0.0;
    for (const double value : values)
        sum += value;
    result.mean = sum / count;
    if (values.size() < 2)
        return result;
    double squares = 0.0;
    for (const double value : values)
        squares += (value - result.mean) * (value - result.mean);
    result.deviation = std::sqrt(squares / (count - 1.0));
    const double half = studentQuantile(0.975, result.count - 1) * result.deviation * std::sqrt(1.0 / count + shared);
    result.low = result.mean - half;
    result.high = result.mean + half;
    return result;
}

} // namespace limpid
