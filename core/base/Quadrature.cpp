#include "core/base/Quadrature.h"

#include <array>
#include <cmath>
#include <numbers>

namespace limpid {

Quadrature gaussLegendre(std::size_t count)
{
    Quadrature rule;
    rule.nodes.resize(count);
    rule.weights.resize(count);
    const auto n = static_cast<double>(count);
    for (std::size_t i = 0; i < (count + 1) / 2; ++i) {
        // A root of the Legendre polynomial by Newton's method, from Tricomi's guess.
        double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (n + 0.5)), slope = 0.0;
        for (int step = 0; step < 20; ++step) {
            double value = 1.0, before = 0.0;
            for (std::size_t k = 0; k < count; ++k) {
                const auto degree = static_cast<double>(k);
                const double next = ((2.0 * degree + 1.0) * x * value - degree * before) / (degree + 1.0);
                before = value;
                value = next;
            }
            slope = n * (x * value - before) / (x * x - 1.0);
            const double move = value / slope;
            x -= move;
            if (std::abs(move) < 1e-16)
                break;
        }
        const double weight = 1.0 / ((1.0 - x * x) * slope * slope);
        rule.nodes[i] = 0.5 * (1.0 - x);
        rule.nodes[count - 1 - i] = 0.5 * (1.0 + x);
        rule.weights[i] = rule.weights[count - 1 - i] = weight;
    }
    return rule;
}

Quadrature riemannSum(RiemannPoint point, std::size_t count)
{
    const bool ends = point == RiemannPoint::Trapezoid;
    const auto parts = static_cast<double>(ends ? count - 1 : count);
    const double offset = point == RiemannPoint::Middle ? 0.5 : point == RiemannPoint::Right ? 1.0 : 0.0;
    Quadrature rule;
    for (std::size_t i = 0; i < count; ++i) {
        rule.nodes.push_back((static_cast<double>(i) + offset) / parts);
        rule.weights.push_back((ends && (i == 0 || i + 1 == count) ? 0.5 : 1.0) / parts);
    }
    return rule;
}

const NestedQuadrature& gaussKronrod15()
{
    static const NestedQuadrature made = [] {
        // From the middle outwards; every second one, the middle included, is Gauss's.
        constexpr std::array<double, 8> x = {0.0, 0.207784955007898467600689403773245, 0.405845151377397166906606412076961,
                                             0.586087235467691130294144691693013, 0.741531185599394439863864773280788,
                                             0.864864423359769072789712788640926, 0.949107912342758524526189684047851,
                                             0.991455371120812639206854697526329};
        constexpr std::array<double, 8> kronrod = {0.209482141084727828012999174891714, 0.204432940075298892414161999234649,
                                                   0.190350578064785409913256402421014, 0.169004726639267902826583426598550,
                                                   0.140653259715525918745189590510238, 0.104790010322250183839876322541518,
                                                   0.063092092629978553290700663189204, 0.022935322010529224963732008058970};
        constexpr std::array<double, 8> gauss = {0.417959183673469387755102040816327, 0.0, 0.381830050505118944950369775488975, 0.0,
                                                 0.279705391489276667901467771423780, 0.0, 0.129484966168869693270611432679082, 0.0};
        NestedQuadrature nested;
        for (int k = -7; k <= 7; ++k) {
            const auto i = static_cast<std::size_t>(std::abs(k));
            nested.rule.nodes.push_back(0.5 * (1.0 + (k < 0 ? -x[i] : x[i])));
            nested.rule.weights.push_back(0.5 * kronrod[i]);
            nested.coarse.push_back(0.5 * gauss[i]);
        }
        return nested;
    }();
    return made;
}

} // namespace limpid
