#include "core/metrics/Metrics.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

// Expected figures from scikit-learn 1.9.1 (numpy 2.4.6) unless a comment says otherwise.

using namespace limpid;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

bool same(double a, double b)
{
    return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= 1e-14 * std::max(1.0, std::abs(b));
}

const std::vector<int> binaryLabels = {0, 1, 1, 0, 1, 0, 1, 1};
const std::vector<double> binaryScores = {.1, .4, .35, .8, .8, .2, .9, .4};

const std::vector<int> classLabels = {0, 2, 1, 1, 0, 2, 2, 0};
const std::vector<double> classProbabilities = {.7, .2, .1,  .1,  .2,  .7, .3, .5, .2, .4, .35, .25,
                                                .2, .5, .3,  .05, .15, .8, .3, .3, .4, .9, .05, .05};
const std::vector<int> classPredicted = {0, 2, 1, 0, 1, 2, 2, 0};

} // namespace

class tst_Metrics : public QObject
{
    Q_OBJECT

private slots:
    void rocAuc_data();
    void rocAuc();
    void logLoss();
    void f1_data();
    void f1();
    void macroF1();
    void confusion();
    void regression();
    void undefined();
    void sets();
};

void tst_Metrics::rocAuc_data()
{
    QTest::addColumn<std::vector<int>>("labels");
    QTest::addColumn<std::vector<double>>("scores");
    QTest::addColumn<double>("expected");
    using Labels = std::vector<int>;
    using Scores = std::vector<double>;
    QTest::newRow("mixed") << binaryLabels << binaryScores << 0.7666666666666667;
    QTest::newRow("all tied") << Labels{0, 0, 1, 1} << Scores{.5, .5, .5, .5} << 0.5;
    QTest::newRow("some tied") << Labels{0, 0, 1, 1, 1, 0} << Scores{1, 2, 2, 3, 1, 1} << 0.7222222222222222;
    QTest::newRow("perfect") << Labels{0, 0, 1} << Scores{-3, 0, 8} << 1.0;
    QTest::newRow("reversed") << Labels{1, 0, 0} << Scores{-3, 0, 8} << 0.0;
    // Ours: undefined is NaN, not an exception.
    QTest::newRow("one class") << Labels{1, 1} << Scores{.2, .3} << notANumber;
    QTest::newRow("no rows") << Labels{} << Scores{} << notANumber;
    QTest::newRow("a NaN score") << Labels{0, 1} << Scores{.2, notANumber} << notANumber;
    QTest::newRow("infinite scores") << Labels{0, 1, 1}
                                     << Scores{-std::numeric_limits<double>::infinity(), 0,
                                               std::numeric_limits<double>::infinity()}
                                     << 1.0;
}

void tst_Metrics::rocAuc()
{
    QFETCH(std::vector<int>, labels);
    QFETCH(std::vector<double>, scores);
    QFETCH(double, expected);
    const double value = limpid::rocAuc(labels, scores);
    QVERIFY2(same(value, expected), qPrintable(QString::number(value, 'g', 17)));
}

void tst_Metrics::logLoss()
{
    QVERIFY(same(limpid::logLoss(classLabels, classProbabilities, 3), 0.6638189880270474));
    // Clipped at 1e-15, by definition: −log 1e-15.
    QVERIFY(same(limpid::logLoss(std::vector{1}, std::vector{1.0, 0.0}, 2), -std::log(1e-15)));
    QVERIFY(same(limpid::logLoss(std::vector{0}, std::vector{1.0, 0.0}, 2), -std::log(1.0 - 1e-15)));
    QVERIFY(std::isnan(limpid::logLoss(std::vector{1}, std::vector{notANumber, notANumber}, 2)));
    QVERIFY(std::isnan(limpid::logLoss(std::vector{2}, std::vector{.5, .5}, 2)));
}

void tst_Metrics::f1_data()
{
    QTest::addColumn<std::vector<int>>("labels");
    QTest::addColumn<std::vector<int>>("predicted");
    QTest::addColumn<double>("expected");
    using Labels = std::vector<int>;
    QTest::newRow("mixed") << binaryLabels << Labels{0, 0, 0, 1, 1, 0, 1, 0} << 0.5;
    QTest::newRow("nothing found") << Labels{0, 1, 1} << Labels{0, 0, 0} << 0.0;
    QTest::newRow("nothing there") << Labels{0, 0} << Labels{0, 0} << 0.0; // zero_division=0
    QTest::newRow("all right") << Labels{0, 1} << Labels{0, 1} << 1.0;
}

void tst_Metrics::f1()
{
    QFETCH(std::vector<int>, labels);
    QFETCH(std::vector<int>, predicted);
    QFETCH(double, expected);
    QVERIFY(same(limpid::f1(labels, predicted), expected));
}

void tst_Metrics::macroF1()
{
    QVERIFY(same(limpid::macroF1(classLabels, classPredicted, 3), 0.7222222222222222));
    // Class 1 occurs nowhere, so it does not count.
    QVERIFY(same(limpid::macroF1(std::vector{0, 0, 2, 2}, std::vector{0, 2, 2, 2}, 3), 0.7333333333333334));
}

void tst_Metrics::confusion()
{
    QCOMPARE(confusionMatrix(classLabels, classPredicted, 3), (std::vector<std::int64_t>{2, 1, 0, 1, 1, 0, 0, 0, 3}));
}

void tst_Metrics::regression()
{
    const std::vector<double> truth = {3, -.5, 2, 7, 4.25}, predicted = {2.5, 0, 2, 8, 4.5};
    QVERIFY(same(rmse(truth, predicted), 0.5590169943749475));
    QVERIFY(same(mae(truth, predicted), 0.45));
    QVERIFY(same(r2(truth, predicted), 0.9491042345276873));
    const std::vector<double> constant = {2, 2, 2};
    QVERIFY(same(r2(constant, constant), 1.0));
    QVERIFY(same(r2(constant, std::vector<double>{1, 2, 3}), 0.0));
}

void tst_Metrics::undefined()
{
    const std::vector<int> none;
    const std::vector<double> empty, one = {1.0}, broken = {notANumber}, two = {1.0, 2.0}, brokenTwo = {notANumber, 2.0};
    QVERIFY(std::isnan(accuracy(none, none)));
    QVERIFY(std::isnan(limpid::f1(none, none)));
    QVERIFY(std::isnan(limpid::macroF1(none, none, 3)));
    QVERIFY(std::isnan(limpid::logLoss(none, empty, 2)));
    QVERIFY(std::isnan(rmse(empty, empty)));
    QVERIFY(std::isnan(mae(one, broken)));
    QVERIFY(std::isnan(rmse(one, broken)));
    QVERIFY(std::isnan(r2(one, one)));
    QVERIFY(std::isnan(r2(two, brokenTwo)));
    QVERIFY(std::isnan(r2(two, one)));
}

void tst_Metrics::sets()
{
    const MetricSet binary = classificationMetrics(binaryLabels, binaryScores, 2);
    QCOMPARE(binary.values.size(), std::size_t{4});
    QVERIFY(same(binary.values.at("roc_auc"), 0.7666666666666667));
    QVERIFY(same(binary.values.at("accuracy"), 0.5));
    QVERIFY(same(binary.values.at("f1"), 0.5));
    QVERIFY(same(binary.values.at("log_loss"), 0.643606204328145));
    QCOMPARE(binary.confusion, (std::vector<std::int64_t>{2, 1, 3, 2}));

    const MetricSet classes = classificationMetrics(classLabels, classProbabilities, 3);
    QCOMPARE(classes.values.size(), std::size_t{3});
    QVERIFY(same(classes.values.at("accuracy"), 0.75));
    QVERIFY(same(classes.values.at("macro_f1"), 0.7222222222222222));
    QVERIFY(same(classes.values.at("log_loss"), 0.6638189880270474));

    const MetricSet numbers = regressionMetrics(std::vector{1.0, 2.0}, std::vector{1.0, 3.0});
    QCOMPARE(numbers.values.size(), std::size_t{3});
    QVERIFY(same(numbers.values.at("mae"), 0.5));
    QVERIFY(same(numbers.values.at("r2"), -1.0));
}

QTEST_GUILESS_MAIN(tst_Metrics)
#include "tst_metrics.moc"
