#include "core/base/File.h"
#include "core/explain/LocalSurrogate.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace limpid;
using nlohmann::json;

namespace {

LocalSamples samplesOf(const json& from)
{
    LocalSamples samples;
    samples.count = from["data"].size();
    samples.players = from["data"][0].size();
    for (const json& row : from["data"]) {
        for (const json& value : row)
            samples.values.push_back(value.get<double>());
    }
    samples.outputs = from["labels"].get<std::vector<double>>();
    samples.distances = from["distances"].get<std::vector<double>>();
    return samples;
}

} // namespace

class tst_LocalSurrogate : public QObject
{
    Q_OBJECT

private slots:
    void fixture_data();
    void fixture();
    void quartiles();
    void bins();
    void straightLine();
    void dependentPlayers();
    void constantOutput();
    void badOptions();
};

// lime.json: samples, weights and fits of a program that is not this one.
void tst_LocalSurrogate::fixture_data()
{
    LIMPID_NEED_SHARED(path, "fixtures/explain/lime.json");
    const json all = json::parse(readFile(path));
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("width");
    QTest::addColumn<double>("tolerance");
    int number = 0;
    for (const json& entry : all["cases"]) {
        const std::string selection = entry["feature_selection"].get<std::string>();
        QTest::newRow(("case " + std::to_string(number++) + ", " + selection).c_str())
            << QByteArray::fromStdString(entry.dump()) << 0.75 * std::sqrt(8.0) << all["tol"].get<double>();
    }
    QTest::newRow("text") << QByteArray::fromStdString(all["text"].dump()) << 25.0 << all["tol"].get<double>();
}

void tst_LocalSurrogate::fixture()
{
    QFETCH(QByteArray, text);
    QFETCH(double, width);
    QFETCH(double, tolerance);
    const json expected = json::parse(text.toStdString());
    const LocalSamples samples = samplesOf(expected);
    const auto weights = expected["weights"].get<std::vector<double>>();
    for (std::size_t i = 0; i < samples.count; ++i)
        QVERIFY(std::abs(localWeight(samples.distances[i], width) - weights[i]) <= tolerance);

    const std::string selection = expected["feature_selection"].get<std::string>();
    const auto features = expected["num_features"].get<std::size_t>();
    std::vector<std::pair<std::size_t, double>> coefficients;
    for (const json& entry : expected["coef"])
        coefficients.emplace_back(entry[0].get<std::size_t>(), entry[1].get<double>());
    std::sort(coefficients.begin(), coefficients.end());

    const Task task;
    LocalSurrogate found;
    if (selection == "lasso_path") { // another choice of players; the fit on them is the same
        std::vector<std::size_t> players;
        for (const auto& [player, coefficient] : coefficients)
            players.push_back(player);
        found = LocalRegression(samples, weights, task).fit(samples.outputs, players);
    } else {
        const auto kind = selection == "none"              ? SurrogateSelection::None
                          : selection == "highest_weights" ? SurrogateSelection::HighestWeights
                          : selection == "auto"            ? SurrogateSelection::Auto
                                                           : SurrogateSelection::Forward;
        found = fitLocalSurrogate(samples, {width, kind, features}, task);
    }
    QCOMPARE(found.players.size(), coefficients.size());
    for (std::size_t k = 0; k < coefficients.size(); ++k) {
        QCOMPARE(found.players[k], coefficients[k].first);
        QVERIFY2(std::abs(found.coefficients[k] - coefficients[k].second) <= tolerance, qPrintable(QString::number(found.coefficients[k] - coefficients[k].second)));
    }
    QVERIFY(std::abs(found.intercept - expected["intercept"].get<double>()) <= tolerance);
    QVERIFY(std::abs(found.determination - expected["r2"].get<double>()) <= tolerance);
    QVERIFY(std::abs(found.prediction - expected["local_pred"][0].get<double>()) <= tolerance);
}

void tst_LocalSurrogate::quartiles()
{
    // The bins of the fixture's training rows, numpy.percentile's.
    LIMPID_NEED_SHARED(path, "fixtures/explain/lime.json");
    const json all = json::parse(readFile(path));
    for (std::size_t column = 0; column < 8; ++column) {
        std::vector<double> values;
        for (const json& row : all["training"])
            values.push_back(row[column].get<double>());
        std::sort(values.begin(), values.end());
        const auto expected = all["cases"][0]["bins"][std::to_string(column)].get<std::vector<double>>();
        const std::vector<double> edges = quartileEdges(values);
        QCOMPARE(edges.size(), expected.size());
        for (std::size_t k = 0; k < edges.size(); ++k)
            QVERIFY(std::abs(edges[k] - expected[k]) <= 1e-12);
    }
    QCOMPARE(quartileEdges({1, 1, 1, 1, 5}), (std::vector<double>{1}));
}

void tst_LocalSurrogate::bins()
{
    // numpy.searchsorted([1, 2, 3], x), side left.
    const std::vector<double> edges{1, 2, 3};
    const std::vector<double> values{0.5, 1.0, 1.5, 2.0, 3.0, 3.5};
    const std::vector<std::size_t> expected{0, 0, 1, 1, 2, 3};
    for (std::size_t i = 0; i < values.size(); ++i)
        QCOMPARE(binOf(edges, values[i]), expected[i]);
}

void tst_LocalSurrogate::straightLine()
{
    // By hand: x = −1, 0, 1 of weight 1 and y = 3x + 2, so Sxx = 2 and Sxy = 6: slope 6/(2 + 1) = 2, intercept 2. Left over are
    // ±1 at the ends: R² = 1 − 2/18.
    const LocalSamples samples{3, 1, {-1, 0, 1}, {-1, 2, 5}, {0, 0, 0}};
    const LocalSurrogate found = fitLocalSurrogate(samples, {1.0, SurrogateSelection::None, 1}, Task());
    QVERIFY(std::abs(found.coefficients[0] - 2.0) < 1e-12);
    QVERIFY(std::abs(found.intercept - 2.0) < 1e-12);
    QVERIFY(std::abs(found.determination - (1.0 - 1.0 / 9.0)) < 1e-12);
    QVERIFY(std::abs(found.prediction) < 1e-12);
    // Its error: Σ x² e² = 2 and A = 3, of one degree of freedom: sqrt(3 · 2/9).
    QCOMPARE(found.errors.size(), std::size_t{1});
    QVERIFY(std::abs(found.errors[0] - std::sqrt(2.0 / 3.0)) < 1e-12);
}

void tst_LocalSurrogate::dependentPlayers()
{
    // Player 0 is constant, 1 and 2 are the same, 3 is the answer in part: 3 and one of the twins explain y = 2a + b.
    const LocalSamples samples{4, 4, {1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0}, {3, 2, 1, 0}, {0, 0, 0, 0}};
    const std::vector<double> weights(4, 1.0);
    const Task task;
    const LocalRegression regression(samples, weights, task);
    QCOMPARE(regression.select(samples.outputs, SurrogateSelection::Forward, 2), (std::vector<std::size_t>{1, 3}));
    QCOMPARE(regression.select(samples.outputs, SurrogateSelection::Forward, 9).size(), std::size_t{4});
    QCOMPARE(regression.select(samples.outputs, SurrogateSelection::HighestWeights, 2), (std::vector<std::size_t>{1, 2}));
}

void tst_LocalSurrogate::constantOutput()
{
    const LocalSamples samples{3, 1, {1, 0, 1}, {4, 4, 4}, {0, 1, 1}};
    const LocalSurrogate found = fitLocalSurrogate(samples, {1.0, SurrogateSelection::Auto, 1}, Task());
    QCOMPARE(found.coefficients, (std::vector<double>{0.0}));
    QCOMPARE(found.intercept, 4.0);
    QCOMPARE(found.determination, 1.0);

    // The mean of many tenths is not quite a tenth; what is left over is rounding, and no reason for an R² of 0.3 or so.
    for (const double value : {0.1, -1234.567, 1e-30, 1e30}) {
        LocalSamples many{1001, 1, {}, std::vector<double>(1001, value), {}};
        for (std::size_t i = 0; i < many.count; ++i) {
            many.values.push_back(i % 3 == 0 ? 1.0 : 0.0);
            many.distances.push_back(i % 3 == 0 ? 0.0 : 1.0);
        }
        QCOMPARE(fitLocalSurrogate(many, {0.75, SurrogateSelection::Auto, 1}, Task()).determination, 1.0);
        // A change of a millionth is none of rounding.
        for (std::size_t i = 0; i < many.count; i += 3)
            many.outputs[i] *= 1.000001;
        const double seen = fitLocalSurrogate(many, {0.75, SurrogateSelection::Auto, 1}, Task()).determination;
        QVERIFY2(seen > 0.99 && seen < 1.0, qPrintable(QString::number(seen)));
    }
}

void tst_LocalSurrogate::badOptions()
{
    const LocalSamples samples{2, 1, {1, 0}, {1, 0}, {0, 1}};
    QCOMPARE(test::errorNameOf([&] { fitLocalSurrogate(samples, {0.0, SurrogateSelection::Auto, 1}, Task()); }), std::string("OptionInvalid"));
    QCOMPARE(test::errorNameOf([&] { fitLocalSurrogate(samples, {std::nan(""), SurrogateSelection::Auto, 1}, Task()); }), std::string("OptionInvalid"));
    QCOMPARE(test::errorNameOf([&] { fitLocalSurrogate(samples, {1.0, SurrogateSelection::Auto, 0}, Task()); }), std::string("OptionInvalid"));
}

QTEST_GUILESS_MAIN(tst_LocalSurrogate)
#include "tst_localsurrogate.moc"
