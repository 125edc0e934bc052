#include "core/base/File.h"
#include "core/base/Quadrature.h"
#include "core/engine/NetworkPredictor.h"
#include "core/explain/Occlusion.h"
#include "tests/core/explain/AttributionChecks.h"
#include "tests/core/explain/TestGames.h"
#include "tests/support/TestSupport.h"

#include <nlohmann/json.hpp>

#include <QTest>

// Against shap 0.52 and captum 0.8.0, by the numbers in ../shared/fixtures/explain (deeplift.json, gradients.json), which are of
// networks in double precision.

using namespace limpid;
using nlohmann::json;
using test::additivity;
using test::largestGap;
using test::node;
using test::numbersPipeline;

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

} // namespace

class tst_AttributionParity : public QObject
{
    Q_OBJECT

private slots:
    void deepLift_data();
    void deepLift();
    void gradients_data();
    void gradients();
    void expectedGradients();
};

void tst_AttributionParity::deepLift_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"relu", "tanh", "sigmoid", "softplus", "gelu", "relu_softmax", "conv_maxpool", "conv_avgpool_bn"})
        QTest::newRow(name) << name;
}

void tst_AttributionParity::deepLift()
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

void tst_AttributionParity::gradients_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("relu") << "relu";
    QTest::newRow("conv_maxpool") << "conv_maxpool";
}

void tst_AttributionParity::gradients()
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
void tst_AttributionParity::expectedGradients()
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

QTEST_GUILESS_MAIN(tst_AttributionParity)
#include "tst_attribution_parity.moc"
