#include "core/engine/Lbfgs.h"

#include <algorithm>
#include <cmath>

namespace limpid::engine {

namespace {

constexpr int maxIterations = 20, maxEvaluations = 25, maxSearch = 25;
constexpr std::size_t history = 100;
constexpr double gradientTolerance = 1e-7, changeTolerance = 1e-9;
constexpr double armijo = 1e-4, curvature = 0.9;

double dot(const std::vector<float>& a, const std::vector<float>& b)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * b[i];
    return sum;
}

/// a += factor · b
void add(std::vector<float>& a, double factor, const std::vector<float>& b)
{
    for (std::size_t i = 0; i < a.size(); ++i)
        a[i] += static_cast<float>(factor) * b[i];
}

double largest(const std::vector<float>& values)
{
    float most = 0.0f;
    for (const float value : values)
        most = std::max(most, std::abs(value));
    return most;
}

double sumOfSizes(const std::vector<float>& values)
{
    double sum = 0.0;
    for (const float value : values)
        sum += std::abs(value);
    return sum;
}

} // namespace

/// Sets m_direction from the gradient and what is remembered: the two loops of algorithm 7.4.
void Lbfgs::turn(const std::vector<float>& gradient)
{
    if (m_iterations == 1) {
        m_pairs.clear();
        m_scale = 1.0;
    } else {
        Pair pair{gradient, m_direction, 0.0};
        add(pair.gradient, -1.0, m_previousGradient);
        for (float& value : pair.values)
            value *= static_cast<float>(m_length);
        const double product = dot(pair.gradient, pair.values);
        if (product > 1e-10) {
            if (m_pairs.size() == history)
                m_pairs.pop_front();
            pair.inverse = 1.0 / product;
            m_scale = product / dot(pair.gradient, pair.gradient);
            m_pairs.push_back(std::move(pair));
        }
    }
    m_direction = gradient;
    for (float& value : m_direction)
        value = -value;
    std::vector<double> factors(m_pairs.size());
    for (std::size_t k = m_pairs.size(); k-- > 0;) {
        factors[k] = dot(m_pairs[k].values, m_direction) * m_pairs[k].inverse;
        add(m_direction, -factors[k], m_pairs[k].gradient);
    }
    for (float& value : m_direction)
        value *= static_cast<float>(m_scale);
    for (std::size_t k = 0; k < m_pairs.size(); ++k)
        add(m_direction, factors[k] - dot(m_pairs[k].gradient, m_direction) * m_pairs[k].inverse, m_pairs[k].values);
}

namespace {

/// Where the cubic through two points with these losses and slopes is least, within [from, to] (equation 3.59).
template<class Point>
double cubicMinimum(const Point& one, const Point& other, double from, double to)
{
    const Point& left = one.at <= other.at ? one : other;
    const Point& right = one.at <= other.at ? other : one;
    const double d1 = left.slope + right.slope - 3.0 * (left.loss - right.loss) / (left.at - right.at);
    const double square = d1 * d1 - left.slope * right.slope;
    const double d2 = std::sqrt(square);
    const double at = right.at - (right.at - left.at) * (right.slope + d2 - d1) / (right.slope - left.slope + 2.0 * d2);
    // Not so where the cubic has no minimum, or a loss is not finite.
    return std::isfinite(at) ? std::clamp(at, from, to) : (from + to) / 2.0;
}

} // namespace

/// A point that meets the strong Wolfe conditions, or the lowest of the narrowest bracket that was reached.
Lbfgs::Point Lbfgs::search(const Point& start, double first, const std::function<Point(double)>& evaluate) const
{
    const auto tooHigh = [&](const Point& point) {
        return !(point.loss <= start.loss + armijo * point.at * start.slope);
    };
    const auto flat = [&](const Point& point) { return std::abs(point.slope) <= -curvature * start.slope; };

    Point low = start, high = evaluate(first); // until a bracket is found: the point before, and the present one
    int tries = 0;
    for (;; ++tries) {
        if (tries == maxSearch) {
            low = start;
            break;
        }
        if (tooHigh(high) || (tries > 1 && high.loss >= low.loss))
            break;
        if (flat(high))
            return high;
        if (high.slope >= 0.0)
            break;
        const double next = cubicMinimum(low, high, high.at + 0.01 * (high.at - low.at), 10.0 * high.at);
        low = std::move(high);
        high = evaluate(next);
    }
    if (high.loss < low.loss)
        std::swap(low, high);
    const double size = largest(m_direction);
    bool slow = false; // the last point lay close to an end
    for (; tries < maxSearch; ++tries) {
        const double from = std::min(low.at, high.at), to = std::max(low.at, high.at);
        if ((to - from) * size < changeTolerance)
            break;
        double at = cubicMinimum(low, high, from, to);
        const double margin = 0.1 * (to - from);
        if (std::min(to - at, at - from) < margin) {
            const bool move = slow || at >= to || at <= from;
            if (move)
                at = std::abs(at - to) < std::abs(at - from) ? to - margin : from + margin;
            slow = !move;
        } else {
            slow = false;
        }
        Point point = evaluate(at);
        if (tooHigh(point) || point.loss >= low.loss) {
            high = std::move(point);
            if (high.loss < low.loss)
                std::swap(low, high);
            continue;
        }
        const bool done = flat(point);
        if (!done && point.slope * (high.at - low.at) >= 0.0)
            high = std::move(low);
        low = std::move(point);
        if (done)
            break;
    }
    return low;
}

void Lbfgs::step(std::vector<float>& values, double rate, const Objective& objective)
{
    Point present;
    present.loss = objective(values, present.gradient);
    int evaluations = 1;
    std::vector<float> moved;
    const auto evaluate = [&](double at) {
        ++evaluations;
        moved = values;
        add(moved, at, m_direction);
        Point point;
        point.at = at;
        point.loss = objective(moved, point.gradient);
        point.slope = dot(point.gradient, m_direction);
        return point;
    };
    for (int iteration = 1; largest(present.gradient) > gradientTolerance; ++iteration) {
        ++m_iterations;
        turn(present.gradient);
        m_previousGradient = present.gradient;
        m_length = m_iterations == 1 ? std::min(1.0, 1.0 / sumOfSizes(present.gradient)) * rate : rate;
        present.at = 0.0;
        present.slope = dot(present.gradient, m_direction);
        if (!(present.slope <= -changeTolerance))
            break;
        Point found = search(present, m_length, evaluate);
        m_length = found.at;
        add(values, m_length, m_direction);
        const double change = std::abs(found.loss - present.loss);
        present = std::move(found);
        if (iteration == maxIterations || evaluations >= maxEvaluations
            || largest(m_direction) * m_length <= changeTolerance || change < changeTolerance)
            break;
    }
}

State Lbfgs::state() const
{
    State state{{"iterations", m_iterations}, {"length", m_length}, {"scale", m_scale}, {"direction", m_direction},
                {"previous_gradient", m_previousGradient}, {"pairs", static_cast<std::int64_t>(m_pairs.size())}};
    for (std::size_t k = 0; k < m_pairs.size(); ++k) {
        const std::string number = std::to_string(k);
        state.push_back({"pair_gradient." + number, m_pairs[k].gradient});
        state.push_back({"pair_values." + number, m_pairs[k].values});
        state.push_back({"pair_inverse." + number, m_pairs[k].inverse});
    }
    return state;
}

void Lbfgs::restore(const State& state, std::size_t count, const std::string& path)
{
    Lbfgs made;
    made.m_iterations = stateValue<std::int64_t>(state, "iterations", path);
    made.m_length = stateValue<double>(state, "length", path);
    made.m_scale = stateValue<double>(state, "scale", path);
    const std::size_t moved = made.m_iterations > 0 ? count : 0;
    made.m_direction = stateVector(state, "direction", moved, path);
    made.m_previousGradient = stateVector(state, "previous_gradient", moved, path);
    const std::int64_t pairs = stateValue<std::int64_t>(state, "pairs", path);
    for (std::int64_t k = 0; k < pairs; ++k) {
        const std::string number = std::to_string(k);
        made.m_pairs.push_back({stateVector(state, "pair_gradient." + number, count, path),
                                stateVector(state, "pair_values." + number, count, path),
                                stateValue<double>(state, "pair_inverse." + number, path)});
    }
    *this = std::move(made);
}

} // namespace limpid::engine
