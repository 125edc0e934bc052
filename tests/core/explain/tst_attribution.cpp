#include "core/base/Quadrature.h"
#include "core/engine/NetworkPredictor.h"
#include "core/explain/LinearShap.h"
#include "tests/core/explain/AttributionChecks.h"
#include "tests/support/TestSupport.h"

#include <QTest>

// Networks whose values are known by hand or by enumeration; tst_attribution_parity has the peers' numbers.

using namespace limpid;
using test::additivity;
using test::largestGap;
using test::node;
using test::numbersPipeline;

namespace {

/// y = (1, −2, 3; 0, 1, 4; …) x: every method is known by hand.
Bundle lineBundle()
{
    Bundle bundle;
    bundle.pipeline = numbersPipeline(2);
    bundle.network.nodes = {node("in", "Input", {}), node("y", "Linear", {"in"}, {{"out_features", 3}})};
    bundle.network.outputs = {"y"};
    bundle.weights = {{"y.weight", {3, 2}, {1, -2, 0, 4, 5, 0.5f}}, {"y.bias", {3}, {0.5f, 0, 0}}};
    return bundle;
}

Features twoNumbers(const std::vector<float>& values)
{
    Features made;
    made.rows = values.size() / 2;
    made.numberWidth = 2;
    made.numbers = values;
    return made;
}

} // namespace

class tst_Attribution : public QObject
{
    Q_OBJECT

private slots:
    void smoothGradOfALine();
    void correlatedLine_data();
    void correlatedLine();
    void correlatedLineOfManyColumns();
    void categories();
    void spaces_data();
    void spaces();
    void ensembles_data() { spaces_data(); }
    void ensembles();
    void refusals();
    void mapsOfAnotherSize();
    void cancelled();
};

void tst_Attribution::smoothGradOfALine()
{
    const auto predictor = makePredictor(lineBundle(), 1);
    Task task;
    AttributionSpec spec;
    const Features x = twoNumbers({1, 2, -3, 0.5f}), background = twoNumbers({0, 0, 1, 1});
    const std::vector<double> slopes{1, -2, 0, 4, 5, 0.5};
    spec.method = "smoothgrad";
    const Attributions smooth = attributions(*predictor, x, background, OutputSpace::Raw, spec, task);
    for (std::size_t i = 0; i < smooth.values.size(); ++i) {
        QCOMPARE(smooth.values[i], slopes[i % 6]); // a line has the same gradient whatever the noise
        QVERIFY(smooth.errors[i] < 1e-12);
    }
    // slope · (x − mean of the background), for all that add up
    for (const char* method : {"deeplift", "expected-gradients", "integrated-gradients", "linear"}) {
        spec.method = method;
        const Attributions result = attributions(*predictor, x, background, OutputSpace::Raw, spec, task);
        for (std::size_t i = 0; i < result.values.size(); ++i) {
            const std::size_t row = i / 6, column = i % 2;
            QVERIFY(std::abs(result.values[i] - slopes[i % 6] * (x.numbers[row * 2 + column] - 0.5)) < 1e-12);
        }
        QVERIFY(additivity(result, 3) < 1e-12);
    }
    // the same seed, the same draws
    spec.method = "smoothgrad";
    QCOMPARE(attributions(*predictor, x, background, OutputSpace::Probability, spec, task).values,
             attributions(*predictor, x, background, OutputSpace::Probability, spec, task).values);
    const std::vector<double> first = attributions(*predictor, x, background, OutputSpace::Probability, spec, task).values;
    spec.seed = 2;
    QVERIFY(attributions(*predictor, x, background, OutputSpace::Probability, spec, task).values != first);
}

void tst_Attribution::correlatedLine_data()
{
    QTest::addColumn<std::vector<double>>("weights");
    QTest::newRow("all alike") << std::vector<double>();
    QTest::newRow("one counts double") << std::vector<double>{0.4, 0.2, 0.2, 0.2};
}

/// Of two columns by hand: with deviations d from the mean, v({x}) = (a + b·cov/var x)·dx, v({y}) likewise, v(all) = a·dx + b·dy.
void tst_Attribution::correlatedLine()
{
    QFETCH(std::vector<double>, weights);
    const auto predictor = makePredictor(lineBundle(), 1);
    Task task;
    const Features x = twoNumbers({1, 2, -3, 0.5f}), background = twoNumbers({0, 0, 1, 1, 2, 1, 4, 5});
    const Attributions result = attributions(*predictor, x, background, OutputSpace::Raw, {.method = "linear-correlated"}, task, weights);
    const auto mean = [&](const std::function<double(double, double)>& of) {
        double sum = 0.0;
        for (std::size_t row = 0; row < 4; ++row)
            sum += (weights.empty() ? 0.25 : weights[row]) * of(background.numbers[2 * row], background.numbers[2 * row + 1]);
        return sum;
    };
    const double mx = mean([](double a, double) { return a; }), my = mean([](double, double b) { return b; });
    const double vx = mean([&](double a, double) { return (a - mx) * (a - mx); }), vy = mean([&](double, double b) { return (b - my) * (b - my); });
    const double both = mean([&](double a, double b) { return (a - mx) * (b - my); });
    const std::vector<double> slopes{1, -2, 0, 4, 5, 0.5};
    for (std::size_t cell = 0; cell < 6; ++cell) {
        const double a = slopes[cell % 3 * 2], b = slopes[cell % 3 * 2 + 1], dx = x.numbers[cell / 3 * 2] - mx, dy = x.numbers[cell / 3 * 2 + 1] - my;
        const double alone = (a + b * both / vx) * dx, other = (b + a * both / vy) * dy, all = a * dx + b * dy;
        VERIFY_AT_MOST(std::abs(result.values[2 * cell] - 0.5 * (alone + all - other)), 1e-12);
        VERIFY_AT_MOST(std::abs(result.values[2 * cell + 1] - 0.5 * (other + all - alone)), 1e-12);
    }
    VERIFY_AT_MOST(additivity(result, 3), 1e-12);
    QCOMPARE(result.evaluations, std::uint64_t{4});
}

/// More columns than are enumerated: sampled, with errors that cover the distance to the exact values.
void tst_Attribution::correlatedLineOfManyColumns()
{
    constexpr std::size_t width = 10, rows = 40;
    Bundle bundle;
    bundle.pipeline = numbersPipeline(width);
    bundle.network.nodes = {node("in", "Input", {}), node("y", "Linear", {"in"}, {{"out_features", 3}})};
    bundle.network.outputs = {"y"};
    Random random(5, "columns");
    WeightTensor slopes{"y.weight", {3, width}, {}};
    for (std::size_t i = 0; i < 3 * width; ++i)
        slopes.values.push_back(static_cast<float>(random.normal()));
    bundle.weights = {slopes, {"y.bias", {3}, {0.5f, 0, 0}}};
    Features background;
    background.rows = rows;
    background.numberWidth = width;
    for (std::size_t row = 0; row < rows; ++row) {
        const double common = random.normal();
        for (std::size_t k = 0; k < width; ++k)
            background.numbers.push_back(static_cast<float>(common + random.normal()));
    }
    const Features x = sliceRows(background, 3, 5);
    const auto predictor = makePredictor(bundle, 1);
    Task task;
    const Attributions result = attributions(*predictor, x, background, OutputSpace::Raw, {.method = "linear-correlated", .budget = 2000}, task);
    VERIFY_AT_MOST(additivity(result, 3), 1e-12);

    LinearModel model{{slopes.values.begin(), slopes.values.end()}, {0.5, 0, 0}};
    const CorrelatedLinearGame game(model, momentsOf({background.numbers.begin(), background.numbers.end()}, rows, width), {x.numbers.begin(), x.numbers.end()});
    const ShapleyValues exact = exactShapley(game, task);
    int outside = 0;
    for (std::size_t i = 0; i < exact.values.size(); ++i)
        outside += std::abs(result.values[i] - exact.values[i]) > 2.0 * result.errors[i] + 1e-12;
    VERIFY_AT_MOST(outside, static_cast<int>(exact.values.size()) / 8);
    VERIFY_AT_MOST(largestGap(result.values, exact.values), 0.1);
}

/// A category is one column: what its embedding's values contribute, summed. 2·e(kind) + 3·a, by hand.
void tst_Attribution::categories()
{
    const Table table({Column::numbers("a", {1, 2, 3, 4}), Column::categories("kind", {2, 0, 1, 2}, {"p", "q", "r"}),
                       Column::categories("y", {0, 1, 0, 1}, {"no", "yes"})});
    Bundle bundle;
    bundle.pipeline = test::plainPipeline(table, "y");
    const int values = bundle.pipeline.cardinalities()[0];
    bundle.network.nodes = {node("n", "Input", {}), node("k", "Input", {}, {{"features", "categories"}}),
                            node("e", "Embedding", {"k"}, {{"embedding_dim", 2}}), node("both", "Concat", {"n", "e"}),
                            node("y", "Linear", {"both"}, {{"out_features", 1}})};
    bundle.network.outputs = {"y"};
    std::vector<float> vectors;
    for (int k = 0; k < values; ++k) {
        vectors.push_back(static_cast<float>(k));
        vectors.push_back(static_cast<float>(10 * k));
    }
    bundle.weights = {{"e.0.weight", {values, 2}, vectors}, {"y.weight", {1, 3}, {3, 2, 1}}, {"y.bias", {1}, {0}}};
    const auto predictor = makePredictor(bundle, 1);
    Task task;
    Features rows = test::features(bundle.pipeline, table), background = sliceRows(rows, 0, 1);
    rows.categories = {0, 1, 2, values + 5}; // unseen: the last
    rows.numbers = {1, 2, 3, 4};
    background.categories = {1};
    background.numbers = {1};
    for (const char* method : {"deeplift", "expected-gradients", "integrated-gradients"}) {
        AttributionSpec spec;
        spec.method = method;
        const Attributions result = attributions(*predictor, rows, background, OutputSpace::Raw, spec, task);
        // 12 a step of the category, 3 a step of the number
        const std::vector<double> expected{0, -12, 3, 0, 6, 12, 9, 12.0 * (values - 2)};
        VERIFY_AT_MOST(largestGap(result.values, expected), 1e-11);
        QVERIFY(additivity(result, 1) < 1e-11);
    }
}

void tst_Attribution::spaces_data()
{
    QTest::addColumn<QString>("method");
    QTest::newRow("deeplift") << "deeplift";
    QTest::newRow("expected-gradients") << "expected-gradients";
    QTest::newRow("integrated-gradients") << "integrated-gradients";
}

/// Probabilities of classes add up as well, and over all classes a column's contributions are 0.
void tst_Attribution::spaces()
{
    QFETCH(QString, method);
    const auto predictor = makePredictor(lineBundle(), 1);
    Task task;
    AttributionSpec spec;
    spec.method = method.toStdString();
    const Attributions result = attributions(*predictor, twoNumbers({1, 0.2f, -0.3f, 0.5f, 0, 0}), twoNumbers({0, 0, 1, 1}),
                                             OutputSpace::Probability, spec, task);
    VERIFY_AT_MOST(additivity(result, 3), 1e-12);
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t player = 0; player < 2; ++player)
            QVERIFY(std::abs(result.values[row * 6 + player] + result.values[row * 6 + 2 + player] + result.values[row * 6 + 4 + player]) < 1e-12);
    }
}

/// Of several networks: what adds up to the mean probabilities, and to the raw outputs that go with these; equal members are as one.
void tst_Attribution::ensembles()
{
    QFETCH(QString, method);
    Bundle bundle = lineBundle();
    const auto single = makePredictor(bundle, 1);
    bundle.furtherMembers = {bundle.weights};
    const auto equals = makePredictor(bundle, 1);
    bundle.furtherMembers = {{{"y.weight", {3, 2}, {0.5f, 1, -1, 0, 0.3f, 2}}, {"y.bias", {3}, {0, 0.2f, 0}}}};
    const auto different = makePredictor(bundle, 1);
    const Features rows = twoNumbers({1, 0.2f, -0.3f, 0.5f}), background = twoNumbers({0, 0, 1, 1});
    Task task;
    AttributionSpec spec;
    spec.method = method.toStdString();
    for (const OutputSpace space : {OutputSpace::Raw, OutputSpace::Probability}) {
        const Attributions result = attributions(*different, rows, background, space, spec, task);
        VERIFY_AT_MOST(additivity(result, 3), 1e-10);
        VERIFY_AT_MOST(largestGap(result.predictions, different->predict(rows, space, task).values), 1e-5);
    }
    VERIFY_AT_MOST(largestGap(attributions(*equals, rows, background, OutputSpace::Probability, spec, task).values,
                              attributions(*single, rows, background, OutputSpace::Probability, spec, task).values), 1e-12);
}

void tst_Attribution::refusals()
{
    const auto predictor = makePredictor(lineBundle(), 1);
    const Features x = twoNumbers({1, 2});
    Task task;
    const auto refused = [&](const AttributionSpec& spec) {
        return test::errorNameOf([&] { attributions(*predictor, x, x, OutputSpace::Raw, spec, task); });
    };
    AttributionSpec spec;
    spec.method = "kernel";
    QCOMPARE(refused(spec), std::string("OptionInvalid"));
    spec = {};
    spec.budget = 10;
    QCOMPARE(refused(spec), std::string("OptionUnused"));
    spec = {};
    spec.baseline = "median";
    QCOMPARE(refused(spec), std::string("OptionInvalid"));
    spec = {};
    spec.noise = 0.0;
    QCOMPARE(refused(spec), std::string("OptionInvalid"));
    spec = {};
    spec.quadrature = "simpson";
    QCOMPARE(refused(spec), std::string("OptionInvalid"));
    spec = {};
    spec.method = "integrated-gradients";
    spec.quadrature = "trapezoid";
    spec.budget = 1; // which has two ends
    QCOMPARE(refused(spec), std::string("OptionInvalid"));
    spec = {};
    spec.upsampling = "cubic";
    QCOMPARE(refused(spec), std::string("OptionInvalid"));
    spec = {};
    spec.method = "guided-grad-cam"; // of a network without a picture
    QCOMPARE(refused(spec), std::string("OptionInvalid"));
    spec = {};
    spec.method = "grad-cam"; // of a network without a picture
    QCOMPARE(refused(spec), std::string("OptionInvalid"));
}

/// torch.nn.functional.interpolate(mode="bilinear", align_corners=False) and (mode="nearest").
void tst_Attribution::mapsOfAnotherSize()
{
    const std::vector<double> map{1, 2, 3, 4};
    const std::vector<double> larger = resized(map.data(), 2, 2, 4, 4, Upsampling::Bilinear);
    const std::vector<double> expected{1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4};
    VERIFY_AT_MOST(largestGap(larger, expected), 1e-15);
    QCOMPARE(resized(map.data(), 2, 2, 2, 2, Upsampling::Bilinear), map);
    QCOMPARE(resized(map.data(), 2, 2, 3, 3, Upsampling::Nearest), (std::vector<double>{1, 1, 2, 1, 1, 2, 3, 3, 4}));
}

void tst_Attribution::cancelled()
{
    const auto predictor = makePredictor(lineBundle(), 1);
    for (const std::string& method : attributionMethods()) {
        if (isGradCam(method)) // refused before it starts: there is no picture
            continue;
        AttributionSpec spec;
        spec.method = method;
        Task task;
        task.cancel();
        QVERIFY_EXCEPTION_THROWN(attributions(*predictor, twoNumbers({1, 2}), twoNumbers({0, 0}), OutputSpace::Raw, spec, task), Cancelled);
    }
}

QTEST_GUILESS_MAIN(tst_Attribution)
#include "tst_attribution.moc"
