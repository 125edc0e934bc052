#pragma once

#include <cstddef>
#include <vector>

namespace limpid {

/// ∫ f over [0, 1] ≈ Σ weights · f(nodes). Nodes ascend.
struct Quadrature {
    std::vector<double> nodes, weights;
};

/// Exact for polynomials up to degree 2·count − 1. count: 1 to 1000.
Quadrature gaussLegendre(std::size_t count);

/// Where in each of `count` equal parts a Riemann sum looks. Trapezoid: both ends of each of `count` − 1 parts, each for a half.
enum class RiemannPoint { Left, Middle, Right, Trapezoid };
/// `count`: at least 1, of Trapezoid 2. Weights add up to 1.
Quadrature riemannSum(RiemannPoint point, std::size_t count);

/// The 15 nodes of Kronrod with their weights, and the weights of the 7-node Gauss–Legendre rule within them (0 at the others): what the
/// two differ by tells how good they are (Kronrod 1965; coefficients as in QUADPACK's qk15).
struct NestedQuadrature {
    Quadrature rule;
    std::vector<double> coarse;   ///< weights
};
const NestedQuadrature& gaussKronrod15();

} // namespace limpid
