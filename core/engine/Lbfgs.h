#pragma once

#include "core/engine/State.h"

#include <deque>
#include <functional>

namespace limpid::engine {

/// L-BFGS with a line search for the strong Wolfe conditions (Nocedal & Wright 2006, algorithms 7.4, 3.5 and 3.6 with cubic
/// interpolation), as torch.optim.LBFGS(line_search_fn="strong_wolfe") steps: at most 20 iterations and 25 evaluations a
/// step, 100 pairs remembered, Wolfe constants 1e-4 and 0.9, tolerances 1e-7 (gradient) and 1e-9 (change).
class Lbfgs
{
public:
    /// Sets the values, and gives the loss there and its gradient.
    using Objective = std::function<double(const std::vector<float>& values, std::vector<float>& gradient)>;

    /// One step from `values`; `rate` is the first length that is tried along each direction.
    void step(std::vector<float>& values, double rate, const Objective& objective);

    State state() const;
    /// Throws BundleInvalid.
    void restore(const State& state, std::size_t count, const std::string& path);

private:
    /// A point on the line that is searched.
    struct Point {
        double at = 0.0, loss = 0.0, slope = 0.0;
        std::vector<float> gradient;
    };
    /// A change of the gradient, of the values, and 1 / their product.
    struct Pair {
        std::vector<float> gradient, values;
        double inverse = 0.0;
    };

    void turn(const std::vector<float>& gradient);
    Point search(const Point& start, double first, const std::function<Point(double)>& evaluate) const;

    std::deque<Pair> m_pairs;               ///< the oldest first
    std::vector<float> m_direction, m_previousGradient;
    double m_length = 0.0, m_scale = 1.0;   ///< of the last move along m_direction; of the first estimate of the Hessian's inverse
    std::int64_t m_iterations = 0;
};

} // namespace limpid::engine
