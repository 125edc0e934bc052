#include "core/base/File.h"
#include "core/base/Quadrature.h"
#include "core/engine/NetworkPredictor.h"
#include "core/explain/Attribution.h"
#include "core/explain/LinearShap.h"
#include "core/explain/Occlusion.h"
#include "tests/core/engine/EngineFixtures.h"
#include "tests/core/explain/TestGames.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

// Against shap 0.52 and captum 0.8.0, by the numbers in ../shared/fixtures/explain (deeplift.json, gradients.json), which are of
// networks in double precision.

using namespace limpid;
using nlohmann::json;
using test::node;

namespace {

void flatten(const json& value, std::vector<double>& into)
{
    if (value.is_array()) {
        for (const json& item : value)
            flatten(item, into);
    } else {
        into.push_back(value.get<double>());
    }
}

std::vector<double> flat(const json& value)
{
    std::vector<double> numbers;
    flatten(value, numbers);
    return numbers;
}

/// A pipeline of `width` plain numbers and three classes, and so three raw outputs.
Pipeline numbersPipeline(std::size_t width)
{
    Random random(1, "columns");
    std::vector<Column> columns;
    for (std::size_t k = 0; k < width; ++k) {
        std::vector<double> values(12);
        for (double& value : values)
            value = random.normal();
        columns.push_back(Column::numbers("x" + std::to_string(k), values));
    }
    columns.push_back(Column::categories("y", {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}, {"p", "q", "r"}));
    return test::plainPipeline(Table(std::move(columns)), "y");
}

/// One of the fixture's networks.
struct FixtureNet {
    explicit FixtureNet(const json& net)
    {
        const json& layers = net["layers"];
        const bool image = layers[0]["type"] == "Conv2d";
        const std::size_t width = flat(net["rows"][0]).size();
        bundle.pipeline = numbersPipeline(width);
        bundle.network.nodes = {node("in", "Input", {})};
        if (image)
            bundle.network.nodes.push_back(node("image", "Reshape", {"in"}, {{"shape", {1, 8, 8}}}));
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const std::string type = layers[i]["type"], id = "l" + std::to_string(i);
            const json& state = layers[i]["state"];
            json params = json::object();
            if (type == "Linear")
                params["out_features"] = state["weight"].size();
            if (type == "Conv2d")
                params = {{"out_channels", state["weight"].size()}, {"kernel_size", state["weight"][0][0].size()}};
            if (type.ends_with("Pool2d"))
                params["kernel_size"] = 2;
            bundle.network.nodes.push_back(node(id, type, {bundle.network.nodes.back().id}, params));
            for (const char* name : {"weight", "bias", "running_mean", "running_var"}) {
                if (!state.contains(name))
                    continue;
                WeightTensor tensor{id + "." + name, {}, {}};
                for (const json* level = &state[name]; level->is_array(); level = &(*level)[0])
                    tensor.shape.push_back(static_cast<std::int64_t>(level->size()));
                for (const double value : flat(state[name]))
                    tensor.values.push_back(static_cast<float>(value));
                bundle.weights.push_back(std::move(tensor));
            }
        }
        bundle.network.outputs = {bundle.network.nodes.back().id};
        predictor = makePredictor(bundle, 1);
    }

    const DifferentiablePredictor& smooth() const { return dynamic_cast<const DifferentiablePredictor&>(*predictor); }

    Bundle bundle;
    std::unique_ptr<Predictor> predictor;
};

Features featuresOf(const json& rows)
{
    Features made;
    made.rows = rows.size();
    for (const double value : flat(rows))
        made.numbers.push_back(static_cast<float>(value));
    made.numberWidth = made.numbers.size() / made.rows;
    return made;
}

double largestGap(const std::vector<double>& a, const std::vector<double>& b)
{
    if (a.size() != b.size())
        return std::numeric_limits<double>::infinity();
    double most = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        most = std::max(most, std::abs(a[i] - b[i]));
    return most;
}

/// Values of one output: [rows, players].
std::vector<double> ofOutput(const std::vector<double>& values, std::size_t rows, std::size_t outputs, std::size_t output)
{
    const std::size_t width = values.size() / rows / outputs;
    std::vector<double> made;
    for (std::size_t row = 0; row < rows; ++row) {
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>((row * outputs + output) * width);
        made.insert(made.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
    }
    return made;
}

/// Largest |base + Σ values − prediction|.
double additivity(const Attributions& result, std::size_t outputs)
{
    const std::size_t players = result.values.size() / result.predictions.size();
    double most = 0.0;
    for (std::size_t cell = 0; cell < result.predictions.size(); ++cell) {
        double sum = result.base[cell % outputs];
        for (std::size_t k = 0; k < players; ++k)
            sum += result.values[cell * players + k];
        most = std::max(most, std::abs(sum - result.predictions[cell]));
    }
    return most;
}

#define VERIFY_AT_MOST(value, limit) QVERIFY2((value) <= (limit), qPrintable(QStringLiteral("%1 > %2").arg(value).arg(limit)))

} // namespace

class tst_Attribution : public QObject
{
    Q_OBJECT

private slots:
    void deepLift_data();
    void deepLift();
    void gradients_data();
    void gradients();
    void expectedGradients();
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

void tst_Attribution::deepLift_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"relu", "tanh", "sigmoid", "softplus", "gelu", "relu_softmax", "conv_maxpool", "conv_avgpool_bn"})
        QTest::newRow(name) << name;
}

void tst_Attribution::deepLift()
{
    QFETCH(QString, name);
    LIMPID_NEED_SHARED(path, "fixtures/explain/deeplift.json");
    const json fixture = json::parse(readFile(path));
    const json& net = fixture["nets"][name.toStdString()];
    const FixtureNet network(net);
    Task task;
    AttributionSpec spec;
    const Attributions result = attributions(*network.predictor, featuresOf(net["rows"]), featuresOf(net["background"]), OutputSpace::Raw, spec, task);
    const double tolerance = fixture["tol"];
    VERIFY_AT_MOST(largestGap(result.predictions, flat(net["output"])), tolerance);
    VERIFY_AT_MOST(largestGap(result.base, flat(net["background_mean"])), tolerance);
    // shap's are [rows, features…, outputs].
    const std::size_t rows = net["rows"].size(), players = result.values.size() / rows / 3;
    const std::vector<double> expected = flat(net["shap_deep"]);
    std::vector<double> own;
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t k = 0; k < players; ++k) {
            for (std::size_t output = 0; output < 3; ++output)
                own.push_back(result.values[(row * 3 + output) * players + k]);
        }
    }
    VERIFY_AT_MOST(largestGap(own, expected), tolerance);
    VERIFY_AT_MOST(additivity(result, 3), 1e-14);
    QVERIFY(result.ledger.size() >= net["layers"].size());
    for (const LayerLeak& leak : result.ledger)
        QVERIFY2(leak.leak <= 1e-14, leak.layer.c_str());
}

void tst_Attribution::gradients_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("relu") << "relu";
    QTest::newRow("conv_maxpool") << "conv_maxpool";
}

void tst_Attribution::gradients()
{
    QFETCH(QString, name);
    LIMPID_NEED_SHARED(path, "fixtures/explain/gradients.json");
    const json fixture = json::parse(readFile(path));
    const json& wanted = fixture["cases"][name.toStdString()];
    const FixtureNet network(json::parse(readFile(test::shared("fixtures/explain/deeplift.json")))["nets"][name.toStdString()]);
    const double tolerance = fixture["tol"];
    const std::size_t rows = wanted["x"].size();
    const Features x = featuresOf(wanted["x"]);
    Task task;

    const auto run = [&](const std::string& method, bool isSigned) {
        AttributionSpec spec;
        spec.method = method;
        spec.isSigned = isSigned;
        return attributions(*network.predictor, x, x, OutputSpace::Raw, spec, task).values;
    };
    // The fixture is of one output: the one that its signed gradients belong to.
    const std::vector<double> signedGradients = run("saliency", true), expected = flat(wanted["saliency_signed"]);
    std::size_t output = 0;
    while (output < 2 && largestGap(ofOutput(signedGradients, rows, 3, output), expected) > tolerance)
        ++output;
    VERIFY_AT_MOST(largestGap(ofOutput(signedGradients, rows, 3, output), expected), tolerance);
    VERIFY_AT_MOST(largestGap(ofOutput(run("saliency", false), rows, 3, output), flat(wanted["saliency"])), tolerance);
    VERIFY_AT_MOST(largestGap(ofOutput(run("input-x-gradient", false), rows, 3, output), flat(wanted["input_x_gradient"])), tolerance);
    VERIFY_AT_MOST(largestGap(ofOutput(run("guided-backprop", false), rows, 3, output), flat(wanted["guided_backprop"])), tolerance);
    VERIFY_AT_MOST(largestGap(ofOutput(run("deconvolution", false), rows, 3, output), flat(wanted["deconvolution"])), tolerance);

    // captum's LayerGradCam, before it is spread over the picture.
    for (const auto& [id, layer] : std::vector<std::pair<std::string, std::string>>{{"l1", "gradcam_layer1"}, {"l4", "gradcam_layer4"}}) {
        if (!wanted.contains(layer))
            continue;
        const Points pictures = network.smooth().points(x, task);
        const ActivationMaps maps = network.smooth().activationMaps(pictures, id, OutputSpace::Raw, task);
        QCOMPARE(maps.height, wanted[layer][0][0].size());
        VERIFY_AT_MOST(largestGap(ofOutput(maps.maps, rows, 3, output), flat(wanted[layer])), tolerance);
    }

    // captum's GuidedGradCam enlarges by repeating cells.
    if (wanted.contains("guided_gradcam_layer1")) {
        const Points pictures = network.smooth().points(x, task);
        const Attributions made = guidedGradCam({network.smooth(), pictures, pictures, OutputSpace::Raw}, "l1", Upsampling::Nearest, task);
        VERIFY_AT_MOST(largestGap(ofOutput(made.values, rows, 3, output), flat(wanted["guided_gradcam_layer1"])), tolerance);
    }

    // captum's FeatureAblation and Occlusion, and Shapley values by enumeration: what is taken away is zero, in double precision.
    const Points points = network.smooth().points(x, task);
    const test::FunctionGame game(rows, points.width, 3, [&](std::size_t row, std::span<const std::uint8_t> members) {
        Points masked{1, points.width, {points.row(row), points.row(row) + points.width}};
        for (std::size_t k = 0; k < points.width; ++k)
            masked.values[k] *= members[k];
        return network.smooth().outputsAt(masked, OutputSpace::Raw, task);
    });
    if (wanted.contains("feature_ablation_zero")) {
        VERIFY_AT_MOST(largestGap(ofOutput(occlusion(game, task).values, rows, 3, output), flat(wanted["feature_ablation_zero"])), tolerance);
        const ShapleyValues exact = exactShapley(game, task);
        for (std::size_t row = 0; row < rows; ++row) {
            const auto own = exact.values.begin() + static_cast<std::ptrdiff_t>((row * 3 + output) * points.width);
            VERIFY_AT_MOST(largestGap({own, own + static_cast<std::ptrdiff_t>(points.width)}, test::shapleyByDefinition(game, row, output)), tolerance);
        }
        // captum adds its own up in single precision.
        VERIFY_AT_MOST(largestGap(ofOutput(exact.values, rows, 3, output), flat(wanted["shapley_values_zero_baseline"])), 1e-6);
    }
    for (const std::size_t side : {2, 3}) {
        const std::string key = "occlusion_w" + std::to_string(side) + "_s2_zero";
        if (!wanted.contains(key))
            continue;
        const OcclusionValues result = occlusion(game, gridWindows(8, 8, {side, side, 2, 2}), task);
        VERIFY_AT_MOST(largestGap(ofOutput(result.values, rows, 3, output), flat(wanted[key])), tolerance);
    }

    // Each row has a baseline of its own here. captum's weights are in single precision, and those of its trapezoid add up to (n - 1)/n: ours to 1.
    const Points baselines{rows, points.width, flat(wanted["baseline_random"])}; // in double precision
    const std::vector<std::tuple<std::string, Quadrature, double>> rules{{"gausslegendre", gaussLegendre(50), 1.0},
                                                                         {"riemann_left", riemannSum(RiemannPoint::Left, 50), 1.0},
                                                                         {"riemann_right", riemannSum(RiemannPoint::Right, 50), 1.0},
                                                                         {"riemann_middle", riemannSum(RiemannPoint::Middle, 50), 1.0},
                                                                         {"riemann_trapezoid", riemannSum(RiemannPoint::Trapezoid, 50), 49.0 / 50.0}};
    for (const auto& [rule, exact, scale] : rules) {
        Quadrature quadrature = exact;
        for (double& weight : quadrature.weights)
            weight = static_cast<double>(static_cast<float>(weight * scale));
        std::vector<double> integrated, deltas;
        for (std::size_t row = 0; row < rows; ++row) {
            const Points one{1, points.width, {points.row(row), points.row(row) + points.width}};
            const Points from{1, points.width, {baselines.row(row), baselines.row(row) + points.width}};
            const Attributions result = integratedGradients({network.smooth(), one, from, OutputSpace::Raw}, from, quadrature, task);
            const std::vector<double> own = ofOutput(result.values, 1, 3, output);
            integrated.insert(integrated.end(), own.begin(), own.end());
            deltas.push_back(std::accumulate(own.begin(), own.end(), 0.0) - (result.predictions[output] - result.base[output]));
        }
        VERIFY_AT_MOST(largestGap(integrated, flat(wanted["ig_" + rule])), tolerance);
        VERIFY_AT_MOST(largestGap(deltas, flat(wanted["ig_delta_" + rule])), tolerance);
    }

    // Expected gradients with the fixture's own draws: the same for each row, so they check gradients off the rows. The expected
    // values are means over the draws of (x − reference) · gradient(reference + alpha · (x − reference)).
    const Points references = network.smooth().points(featuresOf(wanted["eg_background"]), task);
    const std::vector<double> alphas = flat(wanted["eg_alphas"]), places = flat(wanted["eg_ref_index"]);
    std::vector<double> drawn(rows * points.width, 0.0);
    for (std::size_t i = 0; i < rows * alphas.size(); ++i) {
        const std::size_t row = i / alphas.size(), draw = i % alphas.size();
        const double* from = references.row(static_cast<std::size_t>(places[draw]));
        const double* to = points.row(row);
        Points point{1, points.width, {}};
        for (std::size_t k = 0; k < points.width; ++k)
            point.values.push_back(from[k] + alphas[draw] * (to[k] - from[k]));
        const PointGradients found = network.smooth().gradientsAt(point, OutputSpace::Raw, BackwardRule::Gradient, task);
        for (std::size_t k = 0; k < points.width; ++k)
            drawn[row * points.width + k] += (to[k] - from[k]) * found.gradients[output * points.width + k] / static_cast<double>(alphas.size());
    }
    VERIFY_AT_MOST(largestGap(drawn, flat(wanted["expected_gradients"])), tolerance);
}

/// Against the same lines with 400 nodes each; and the errors that it tells of are of the size of those it makes.
void tst_Attribution::expectedGradients()
{
    LIMPID_NEED_SHARED(path, "fixtures/explain/deeplift.json");
    const json net = json::parse(readFile(path))["nets"]["relu"];
    const FixtureNet network(net);
    Task task;
    const Points rows = network.smooth().points(featuresOf(net["rows"]), task), background = network.smooth().points(featuresOf(net["background"]), task);
    const AttributionSetting setting{network.smooth(), rows, background, OutputSpace::Raw};
    const Attributions result = limpid::expectedGradients(setting, task);
    std::vector<double> exact(result.values.size(), 0.0);
    for (std::size_t b = 0; b < background.rows; ++b) {
        const Points from{1, background.width, {background.row(b), background.row(b) + background.width}};
        const Attributions one = integratedGradients(setting, from, gaussLegendre(400), task);
        for (std::size_t i = 0; i < exact.size(); ++i)
            exact[i] += one.values[i] / static_cast<double>(background.rows);
    }
    double squares = 0.0, told = 0.0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
        squares += (result.values[i] - exact[i]) * (result.values[i] - exact[i]);
        told += result.errors[i] * result.errors[i];
    }
    const double size = *std::max_element(exact.begin(), exact.end());
    VERIFY_AT_MOST(std::sqrt(squares / static_cast<double>(exact.size())), 0.02 * size);
    VERIFY_AT_MOST(std::sqrt(squares), 1.96 * std::sqrt(told));
    QCOMPARE(result.evaluations, std::uint64_t{15 * 7});
    VERIFY_AT_MOST(largestGap(result.base, flat(net["background_mean"])), 1e-12);
}

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
