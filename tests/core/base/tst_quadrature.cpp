#include "core/base/Quadrature.h"
#include "tests/support/TestSupport.h"

#include <cmath>
#include <numeric>

using namespace limpid;

class QuadratureTest : public QObject
{
    Q_OBJECT

private slots:
    /// Polynomials by their integrals; Kronrod's 15 nodes are exact up to degree 22, Gauss's 7 up to 13.
    void exactForPolynomials()
    {
        const auto integral = [](const Quadrature& rule, int degree) {
            double sum = 0.0;
            for (std::size_t i = 0; i < rule.nodes.size(); ++i)
                sum += rule.weights[i] * std::pow(rule.nodes[i], degree);
            return sum;
        };
        for (const int count : {1, 2, 3, 8, 50, 200}) {
            for (int degree = 0; degree < 2 * count; ++degree)
                QVERIFY(std::abs(integral(gaussLegendre(static_cast<std::size_t>(count)), degree) - 1.0 / (degree + 1)) <= 1e-14);
        }
        const NestedQuadrature& nested = gaussKronrod15();
        for (int degree = 0; degree <= 22; ++degree) {
            QVERIFY(std::abs(integral(nested.rule, degree) - 1.0 / (degree + 1)) <= 1e-15);
            if (degree <= 13)
                QVERIFY(std::abs(integral({nested.rule.nodes, nested.coarse}, degree) - 1.0 / (degree + 1)) <= 1e-15);
        }
    }

    /// By hand: ∫ x² over [0, 1] by four nodes.
    void riemannSums()
    {
        const auto ofSquares = [](RiemannPoint point) {
            const Quadrature rule = riemannSum(point, 4);
            double sum = 0.0;
            for (std::size_t i = 0; i < rule.nodes.size(); ++i)
                sum += rule.weights[i] * rule.nodes[i] * rule.nodes[i];
            return sum;
        };
        QCOMPARE(ofSquares(RiemannPoint::Left), (0.0 + 1.0 + 4.0 + 9.0) / 64.0);
        QCOMPARE(ofSquares(RiemannPoint::Right), (1.0 + 4.0 + 9.0 + 16.0) / 64.0);
        QCOMPARE(ofSquares(RiemannPoint::Middle), (1.0 + 9.0 + 25.0 + 49.0) / 256.0);
        QCOMPARE(ofSquares(RiemannPoint::Trapezoid), (0.0 + 1.0 + 4.0 + 4.5) / 27.0);
        for (const RiemannPoint point : {RiemannPoint::Left, RiemannPoint::Middle, RiemannPoint::Right, RiemannPoint::Trapezoid}) {
            const Quadrature rule = riemannSum(point, 50);
            QVERIFY(std::abs(std::accumulate(rule.weights.begin(), rule.weights.end(), 0.0) - 1.0) <= 1e-15);
        }
    }
};

QTEST_GUILESS_MAIN(QuadratureTest)
#include "tst_quadrature.moc"
