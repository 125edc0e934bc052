// Expected values: scikit-learn 1.9.1 (accuracy_score, hamming_loss, f1_score, roc_auc_score, log_loss of each column and
// their mean, r2_score, mean_absolute_error, root_mean_squared_error, mean_poisson_deviance).
#include "core/metrics/TargetMetrics.h"
#include "tests/support/TestSupport.h"

#include <cmath>

using namespace limpid;

namespace {

const std::vector<std::string> three{"a", "b", "c/d"};
const std::vector<int> labels{1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0};
const std::vector<double> probabilities{.9, .2, .4, .3, .5, .6, .4, .8, .1, .2, .7, .4, .6, .1, .3, .6, .9, .2};

using Figures = std::map<std::string, double>;

/// "" where they are the same within 1e-12, NaN like NaN.
QByteArray difference(const Figures& found, const Figures& expected)
{
    QByteArray text;
    for (const auto& [name, value] : found)
        if (!expected.contains(name))
            text += "also " + QByteArray::fromStdString(name) + ' ';
    for (const auto& [name, value] : expected) {
        const auto it = found.find(name);
        if (it == found.end() || std::isnan(it->second) != std::isnan(value) || std::abs(it->second - value) > 1e-12)
            text += QByteArray::fromStdString(name) + ' ' + (it == found.end() ? "absent" : QByteArray::number(it->second, 'g', 17)) + ' ';
    }
    return text;
}

} // namespace

class tst_TargetMetrics : public QObject
{
    Q_OBJECT

private slots:
    void multiLabel()
    {
        const MetricSet set = multiLabelMetrics(labels, probabilities, three);
        QCOMPARE(difference(set.values, {{"subset_accuracy", 0.3333333333333333},
                                         {"hamming_loss", 0.2222222222222222},
                                         {"macro_f1", 0.7301587301587301},
                                         {"macro_roc_auc", 0.8240740740740741},
                                         {"log_loss", 0.4804259977694982},
                                         {"f1/a", 0.6666666666666666},
                                         {"f1/b", 0.8571428571428571},
                                         {"f1/c/d", 0.6666666666666666},
                                         {"roc_auc/a", 0.8333333333333334},
                                         {"roc_auc/b", 0.888888888888889},
                                         {"roc_auc/c/d", 0.75}}),
                 QByteArray());
        QVERIFY(set.confusion.empty());
    }

    /// A label that never occurs has no ROC curve, and so has the mean; its F1 is 0, and counts.
    void labelOfOneValue()
    {
        const std::vector<int> truth{0, 1, 0, 0};
        const std::vector<double> scores{.1, .8, .2, .3};
        const MetricSet set = multiLabelMetrics(truth, scores, {"a", "b"});
        QVERIFY(std::isnan(set.values.at("roc_auc/a")) && std::isnan(set.values.at("macro_roc_auc")));
        QCOMPARE(set.values.at("roc_auc/b"), 1.0);
        QCOMPARE(set.values.at("macro_f1"), 0.5);
        QCOMPARE(set.values.at("subset_accuracy"), 1.0);
    }

    void multiRegression()
    {
        const std::vector<double> truth{1, 10, 2, 0, 4, 5, 0, 3}, predicted{1.5, 8, 2, 1, 3, 5.5, .25, 4};
        Figures expected{{"r2", 0.8660377358490565},   {"r2/a", 0.85},                 {"r2/b", 0.8820754716981132},
                         {"mae", 0.78125},             {"mae/a", 0.4375},              {"mae/b", 1.125},
                         {"rmse", 0.9114109809347399}, {"rmse/a", 0.57282196186948},   {"rmse/b", 1.25}};
        QCOMPARE(difference(multiRegressionMetrics(truth, predicted, {"a", "b"}, false).values, expected), QByteArray());
        expected.insert({{"mean_poisson_deviance", 0.4717753946160221},
                         {"mean_poisson_deviance/a", 0.2476315908494794},
                         {"mean_poisson_deviance/b", 0.6959191983825648}});
        QCOMPARE(difference(multiRegressionMetrics(truth, predicted, {"a", "b"}, true).values, expected), QByteArray());
    }

    void poissonDevianceIsOfCounts()
    {
        const auto deviance = [](std::vector<double> truth, std::vector<double> predicted) { return meanPoissonDeviance(truth, predicted); };
        QCOMPARE(deviance({0, 3}, {1e-300, 3}), 1e-300);
        QVERIFY(std::isnan(deviance({-1}, {1})));
        QVERIFY(std::isnan(deviance({1}, {0})));
        QVERIFY(std::isnan(deviance({1}, {std::nan("")})));
        QVERIFY(std::isnan(deviance({}, {})));
        QVERIFY(std::isnan(deviance({1, 2}, {1})));
    }

    void sizesThatDoNotFit()
    {
        QVERIFY(multiLabelMetrics(labels, probabilities, {"a", "b", "c", "d"}).values.empty());
        QVERIFY(multiLabelMetrics(labels, probabilities, {}).values.empty());
        QVERIFY(multiRegressionMetrics(probabilities, std::vector<double>{1.0}, three, false).values.empty());
        QVERIFY(std::isnan(multiLabelMetrics({}, {}, three).values.at("subset_accuracy")));
    }
};

QTEST_GUILESS_MAIN(tst_TargetMetrics)
#include "tst_target_metrics.moc"
