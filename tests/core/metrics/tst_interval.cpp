#include "core/metrics/Interval.h"
#include "tests/support/TestSupport.h"

#include <cmath>

using namespace limpid;

class TestInterval : public QObject
{
    Q_OBJECT

private slots:
    /// The usual printed table of Student's t, three decimals; each value was integrated from the density with Python, too.
    void studentQuantileOfTheTable_data()
    {
        QTest::addColumn<double>("p");
        QTest::addColumn<int>("degrees");
        QTest::addColumn<double>("expected");
        const struct { int degrees; double t90, t95, t975, t99, t995, t999; } rows[] = {
            {1, 3.078, 6.314, 12.706, 31.821, 63.657, 318.309}, {2, 1.886, 2.920, 4.303, 6.965, 9.925, 22.327},
            {3, 1.638, 2.353, 3.182, 4.541, 5.841, 10.215},     {4, 1.533, 2.132, 2.776, 3.747, 4.604, 7.173},
            {9, 1.383, 1.833, 2.262, 2.821, 3.250, 4.297},      {10, 1.372, 1.812, 2.228, 2.764, 3.169, 4.144},
            {29, 1.311, 1.699, 2.045, 2.462, 2.756, 3.396},     {100, 1.290, 1.660, 1.984, 2.364, 2.626, 3.174}};
        for (const auto& row : rows)
            for (const auto& [p, expected] : {std::pair(0.9, row.t90), {0.95, row.t95}, {0.975, row.t975}, {0.99, row.t99}, {0.995, row.t995}, {0.999, row.t999}})
                QTest::addRow("%d, %g", row.degrees, p) << p << row.degrees << expected;
    }
    void studentQuantileOfTheTable()
    {
        QFETCH(double, p);
        QFETCH(int, degrees);
        QFETCH(double, expected);
        const double found = studentQuantile(p, degrees);
        QVERIFY2(std::abs(found - expected) <= 0.00051, qPrintable(QString::number(found, 'g', 12)));
        QVERIFY(std::abs(studentQuantile(1.0 - p, degrees) + found) < 1e-9 * found);
    }

    /// One and two degrees have closed forms: tan(π(p − ½)) and (2p − 1)·√(2/(1 − (2p − 1)²)).
    void closedForms()
    {
        for (const double p : {0.5, 0.6, 0.8, 0.975, 0.9999}) {
            const double a = 2.0 * p - 1.0;
            const double one = std::tan(M_PI * (p - 0.5)), two = a * std::sqrt(2.0 / (1.0 - a * a));
            QVERIFY(std::abs(studentQuantile(p, 1) - one) <= 1e-10 * (1.0 + one));
            QVERIFY(std::abs(studentQuantile(p, 2) - two) <= 1e-10 * (1.0 + two));
        }
        // Many degrees are nearly a normal distribution.
        QVERIFY(std::abs(studentQuantile(0.975, 1'000'000) - 1.959966) < 1e-5);
    }

    /// Worked by hand: 2, 4, 6 have mean 4 and deviation 2; t(0.975, 2) = 4.302653.
    void meanAndInterval()
    {
        const double values[] = {2.0, 4.0, 6.0};
        const MeanInterval independent = meanInterval(values);
        QCOMPARE(independent.count, 3);
        QCOMPARE(independent.mean, 4.0);
        QCOMPARE(independent.deviation, 2.0);
        QVERIFY(std::abs(independent.high - (4.0 + 4.302653 * 2.0 / std::sqrt(3.0))) < 1e-5);
        QVERIFY(std::abs(independent.low - (8.0 - independent.high)) < 1e-12);
        // Three folds: 1/3 + 1/2 in place of 1/3, so √2.5 times as wide.
        const MeanInterval folds = meanInterval(values, 0.5);
        QVERIFY(std::abs((folds.high - 4.0) - std::sqrt(2.5) * (independent.high - 4.0)) < 1e-12);
        QCOMPARE(folds.deviation, 2.0);
    }

    void tooFewToTell()
    {
        const double one[] = {3.0};
        QCOMPARE(meanInterval(one).mean, 3.0);
        QVERIFY(std::isnan(meanInterval(one).deviation) && std::isnan(meanInterval(one).low));
        QVERIFY(std::isnan(meanInterval({}).mean));
        const double same[] = {1.0, 1.0};
        QCOMPARE(meanInterval(same).low, 1.0);
    }
};

QTEST_GUILESS_MAIN(TestInterval)
#include "tst_interval.moc"
