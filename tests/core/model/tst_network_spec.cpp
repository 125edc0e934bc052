#include "core/model/NetworkSpec.h"
#include "tests/support/TestSupport.h"

#include <algorithm>

using namespace limpid;

namespace {

/// Four numbers, two category columns of 3 and 7 values, one output.
const NetworkContext context{4, {3, 7}, 1};

nlohmann::json node(const std::string& id, const std::string& type, std::vector<std::string> inputs,
                    nlohmann::json params = nlohmann::json::object())
{
    return {{"id", id}, {"type", type}, {"inputs", std::move(inputs)}, {"params", std::move(params)}};
}

NetworkSpec network(nlohmann::json nodes, const std::string& output)
{
    return NetworkSpec::fromJson(
        {{"format", "limpid-network"}, {"version", 2}, {"nodes", std::move(nodes)}, {"outputs", {output}}});
}

std::string describe(const Issues& issues)
{
    std::string text;
    for (const Issue& issue : issues)
        text += (text.empty() ? "" : ", ") + std::string(errorName(issue.code)) + " " + issue.where;
    return text;
}

} // namespace

class TstNetworkSpec : public QObject
{
    Q_OBJECT

private slots:
    /// Counted by hand: embeddings 3·3 + 7·5 (widths ⌈1.6·3^0.56⌉ = 3 and ⌈1.6·7^0.56⌉ = 5), dense 12·8 + 8, norm 2·8, output 8 + 1.
    void shapesAndCosts()
    {
        const NetworkSpec spec = network({node("n", "Input", {}), node("c", "Input", {}, {{"features", "categories"}}),
                                          node("e", "Embedding", {"c"}), node("all", "Concat", {"n", "e"}),
                                          node("h", "Linear", {"all"}, {{"out_features", 8}}), node("r", "ReLU", {"h"}),
                                          node("bn", "BatchNorm1d", {"r"}), node("d", "Dropout", {"bn"}),
                                          node("y", "Linear", {"d"}, {{"out_features", 1}})},
                                         "y");
        const NetworkAnalysis analysis = analyse(spec, context);
        QCOMPARE(describe(analysis.issues), std::string());
        std::vector<std::string> shapes;
        std::vector<std::int64_t> parameters, flops, activations;
        for (const NodeAnalysis& part : analysis.nodes) {
            QVERIFY(part.valid);
            shapes.push_back(shapeText(part.shape));
            parameters.push_back(part.cost.parameters);
            flops.push_back(part.cost.flops);
            activations.push_back(part.cost.activations);
        }
        QCOMPARE(shapes, (std::vector<std::string>{"N×4", "N×2", "N×8", "N×12", "N×8", "N×8", "N×8", "N×8", "N×1"}));
        QCOMPARE(parameters, (std::vector<std::int64_t>{0, 0, 44, 0, 104, 0, 16, 0, 9}));
        QCOMPARE(flops, (std::vector<std::int64_t>{0, 0, 0, 0, 200, 8, 16, 8, 17}));
        QCOMPARE(activations, (std::vector<std::int64_t>{4, 2, 8, 12, 8, 8, 8, 16, 1}));
        QCOMPARE(analysis.total.parameters, std::int64_t{173});
        QCOMPARE(analysis.total.flops, std::int64_t{249});
    }

    /// Convolutions and pools of several settings: sizes as torch.nn of PyTorch 1.13 gives them; parameters by hand, 2·(in/groups)·k²
    /// operations a value of a convolution's output and one for its bias.
    void imageShapes_data()
    {
        using J = nlohmann::json;
        QTest::addColumn<QString>("layer");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<qint64>("parameters");
        QTest::addColumn<qint64>("flops");
        const auto row = [](const char* type, const J& params, const char* shape, qint64 parameters, qint64 flops) {
            QTest::addRow("%s %s", type, params.dump().c_str())
                << QString::fromStdString(node("x", type, {"i"}, params).dump()) << shape << parameters << flops;
        };
        // of an image of 4 × 9 × 12
        row("Conv2d", J::object(), "N×16×7×10", 16 * 36 + 16, 16 * 70 * (72 + 1));
        row("Conv2d", {{"out_channels", 6}, {"kernel_size", 5}, {"padding", 2}, {"bias", false}}, "N×6×9×12", 600, 6 * 108 * 200);
        row("Conv2d", {{"out_channels", 8}, {"kernel_size", 3}, {"stride", 2}, {"padding", 1}, {"groups", 4}}, "N×8×5×6", 72 + 8, 8 * 30 * 19);
        row("Conv2d", {{"out_channels", 2}, {"kernel_size", 3}, {"dilation", 4}}, "N×2×1×4", 72 + 2, 2 * 4 * 73);
        row("MaxPool2d", J::object(), "N×4×4×6", 0, 4 * 24 * 4);
        row("MaxPool2d", {{"ceil_mode", true}}, "N×4×5×6", 0, 4 * 30 * 4);
        row("MaxPool2d", {{"kernel_size", 3}, {"stride", 2}, {"padding", 1}, {"dilation", 2}}, "N×4×4×5", 0, 4 * 20 * 9);
        row("AvgPool2d", {{"kernel_size", 3}, {"stride", 5}, {"padding", 1}, {"ceil_mode", true}}, "N×4×2×3", 0, 4 * 6 * 9);
        row("AvgPool2d", {{"kernel_size", 2}, {"stride", 4}, {"padding", 1}, {"ceil_mode", true}}, "N×4×3×4", 0, 4 * 12 * 4);
        row("BatchNorm2d", J::object(), "N×4×9×12", 8, 2 * 432);
        row("Dropout2d", J::object(), "N×4×9×12", 0, 432);
        row("Flatten", J::object(), "N×432", 0, 0);
        row("Reshape", {{"shape", {12, 6, -1}}}, "N×12×6×6", 0, 0);
        row("Reshape", {{"shape", {3, -1, -1}}}, "N×3×12×12", 0, 0);
        row("Reshape", {{"shape", {-1, 1, 1}}}, "N×432×1×1", 0, 0);
        row("ReLU", J::object(), "N×4×9×12", 0, 432);
    }
    void imageShapes()
    {
        QFETCH(QString, layer);
        const NetworkSpec spec = network({node("n", "Input", {}), node("i", "Reshape", {"n"}, {{"shape", {4, 9, -1}}}),
                                          nlohmann::json::parse(layer.toStdString())}, "x");
        const NetworkAnalysis analysis = analyse(spec, {432, {}, 432});
        const NodeAnalysis& result = analysis.nodes[2];
        QVERIFY2(result.valid, describe(analysis.issues).c_str());
        QTEST(QString::fromStdString(shapeText(result.shape)), "shape");
        QTEST(static_cast<qint64>(result.cost.parameters), "parameters");
        QTEST(static_cast<qint64>(result.cost.flops), "flops");
        QCOMPARE(analysis.ok(), shapeText(result.shape) == "N×432"); // an image is no prediction
    }

    void imageIssues_data()
    {
        using J = nlohmann::json;
        QTest::addColumn<QString>("layer");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* type, std::vector<std::string> inputs, const J& params, const char* expected) {
            QTest::newRow(name) << QString::fromStdString(node("x", type, std::move(inputs), params).dump()) << expected;
        };
        // "n" has 36 numbers, "i" is an image of 1 × 6 × 6, "j" of 4 × 3 × 3
        row("Linear of an image", "Linear", {"i"}, J::object(), "NetworkShape x: found N×1×6×6, expected N×features");
        row("BatchNorm1d of an image", "BatchNorm1d", {"i"}, J::object(), "NetworkShape x: found N×1×6×6, expected N×features");
        row("LayerNorm of more than there is", "LayerNorm", {"i"}, {{"normalized_dims", 4}}, "NetworkParam x: name normalized_dims, value 4, expected 1 … 3");
        row("BatchNorm2d of a row", "BatchNorm2d", {"n"}, J::object(), "NetworkShape x: found N×36, expected N×channels×height×width");
        row("Conv2d of a row", "Conv2d", {"n"}, J::object(), "NetworkShape x: found N×36, expected N×channels×height×width");
        row("Dropout2d of a row", "Dropout2d", {"n"}, J::object(), "NetworkShape x: found N×36, expected N×channels×height×width");
        row("kernel larger than the image", "Conv2d", {"i"}, {{"kernel_size", 9}, {"padding", 1}}, "NetworkShape x: found N×1×6×6, expected N×channels×≥7×≥7");
        row("groups that do not divide", "Conv2d", {"j"}, {{"groups", 3}, {"out_channels", 6}}, "NetworkParam x: name groups, value 3, expected 4 mod groups = 0, 6 mod groups = 0");
        row("more padding than window", "MaxPool2d", {"i"}, {{"padding", 2}}, "NetworkParam x: name padding, value 2, expected ≤ kernel_size / 2 = 1");
        row("a window in the padding alone", "MaxPool2d", {"j"}, {{"padding", 1}, {"dilation", 4}}, "NetworkShape x: found N×4×3×3, expected N×channels×≥4×≥4");
        row("does not fill the image", "Reshape", {"n"}, {{"shape", {5, -1, -1}}}, "NetworkShape x: found N×36, expected N×features, features = 5×n×n");
        row("does not divide", "Reshape", {"n"}, {{"shape", {1, 5, -1}}}, "NetworkShape x: found N×36, expected N×features, features = 1×5×?");
        row("too large", "Reshape", {"n"}, {{"shape", {1, 100, -1}}}, "NetworkShape x: found N×36, expected N×features, features = 1×100×?");
        row("no side", "Reshape", {"n"}, {{"shape", {1, -1, 0}}}, "NetworkParam x: name shape, value 1, -1, 0, expected -1, ≥ 1");
        row("nothing known", "Reshape", {"n"}, {{"shape", {-1, -1, -1}}}, "NetworkParam x: name shape, value -1, -1, -1, expected -1, ≥ 1");
        row("Concat of an image and a row", "Concat", {"i", "n"}, J::object(), "NetworkShape x: found N×36, expected N×channels×6×6");
        row("Concat of other sizes", "Concat", {"i", "j"}, J::object(), "NetworkShape x: found N×4×3×3, expected N×channels×6×6");
        row("Concat of a row and an image", "Concat", {"n", "i"}, J::object(), "NetworkShape x: found N×1×6×6, expected N×features");
        row("Add of other sizes", "Add", {"i", "j"}, J::object(), "NetworkShape x: found N×4×3×3, expected N×1×6×6");
        row("an image as output", "ReLU", {"i"}, J::object(), "NetworkOutputSize x: found N×1×6×6, expected N×36");
    }
    void imageIssues()
    {
        QFETCH(QString, layer);
        QFETCH(QString, expected);
        const NetworkSpec spec = network({node("n", "Input", {}), node("i", "Reshape", {"n"}), node("j", "Reshape", {"n"}, {{"shape", {4, -1, -1}}}),
                                          nlohmann::json::parse(layer.toStdString())}, "x");
        std::string found;
        for (const Issue& issue : analyse(spec, {36, {}, 36}).issues) {
            if (issue.severity != Severity::Error)
                continue;
            found += std::string(errorName(issue.code)) + " " + issue.where + ":";
            for (std::size_t i = 1; i < issue.facts.size(); ++i)
                found += (i > 1 ? ", " : " ") + issue.facts[i].first + " " + issue.facts[i].second;
        }
        QCOMPARE(QString::fromStdString(found), expected);
    }

    void issues_data()
    {
        using J = nlohmann::json;
        QTest::addColumn<QString>("nodes");
        QTest::addColumn<QString>("output");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const J& nodes, const char* output, const char* expected) {
            QTest::newRow(name) << QString::fromStdString(nodes.dump()) << output << expected;
        };
        const J in = node("n", "Input", {});
        const J cat = node("c", "Input", {}, {{"features", "categories"}});
        const J y = node("y", "Linear", {"n"}, {{"out_features", 1}});
        row("fine", J{in, y}, "y", "");
        row("no output", J{in, y}, "z", "NetworkNoOutput ");
        row("nothing at all", J::array(), "", "NetworkNoOutput ");
        row("output too wide", J{in, node("y", "Linear", {"n"}, {{"out_features", 3}})}, "y", "NetworkOutputSize y");
        row("indices as output", J{cat}, "c", "NetworkOutputSize c");
        row("duplicate", J{in, in, y}, "y", "NetworkNodeDuplicate n, NetworkUnused n");
        row("unknown input", J{in, node("y", "Linear", {"m"}, {{"out_features", 1}})}, "y", "NetworkInputUnknown y, NetworkUnused n");
        row("two inputs to Linear", J{in, node("y", "Linear", {"n", "n"}, {{"out_features", 1}})}, "y", "NetworkInputCount y");
        row("Add of one", J{in, node("a", "Add", {"n"}), node("y", "Linear", {"a"}, {{"out_features", 1}})}, "y", "NetworkInputCount a");
        row("Input with an input", J{in, node("m", "Input", {"n"}), node("y", "Linear", {"m"}, {{"out_features", 1}})}, "y", "NetworkInputCount m");
        row("cycle", J{in, node("a", "Add", {"n", "b"}), node("b", "ReLU", {"a"}), node("y", "Linear", {"b"}, {{"out_features", 1}})}, "y",
            "NetworkCycle a, NetworkCycle b");
        row("self-loop", J{in, node("a", "ReLU", {"a"}), y}, "y", "NetworkCycle a, NetworkUnused a");
        row("Add of unequal", J{in, node("h", "Linear", {"n"}, {{"out_features", 5}}), node("a", "Add", {"n", "h"}), node("y", "Linear", {"a"}, {{"out_features", 1}})}, "y",
            "NetworkShape a");
        row("indices into Linear", J{cat, node("y", "Linear", {"c"}, {{"out_features", 1}})}, "y", "NetworkShape y");
        row("numbers into Embedding", J{in, node("e", "Embedding", {"n"}), node("y", "Linear", {"e"}, {{"out_features", 1}})}, "y", "NetworkShape e");
        row("unused", J{in, node("r", "ReLU", {"n"}), y}, "y", "NetworkUnused r");
        row("bad value", J{in, node("y", "Linear", {"n"}, {{"out_features", 0}})}, "y", "NetworkParam y");
        row("bad name", J{in, node("y", "Linear", {"n"}, {{"out_features", 1}, {"width", 2}})}, "y", "NetworkParam y");
    }
    void issues()
    {
        QFETCH(QString, nodes);
        QFETCH(QString, output);
        QFETCH(QString, expected);
        const NetworkAnalysis analysis =
            analyse(network(nlohmann::json::parse(nodes.toStdString()), output.toStdString()), context);
        QCOMPARE(describe(analysis.issues), expected.toStdString());
        const bool error = std::any_of(analysis.issues.begin(), analysis.issues.end(),
                                       [](const Issue& issue) { return issue.severity == Severity::Error; });
        QCOMPARE(analysis.ok(), !error);
    }

    void issueFacts()
    {
        const Issues issues =
            analyse(network({node("n", "Input", {}), node("y", "Linear", {"n"}, {{"out_features", 3}})}, "y"), context).issues;
        QVERIFY(issues == (Issues{{Severity::Error, "y", ErrorCode::NetworkOutputSize,
                                   {{"node", "y"}, {"found", "N×3"}, {"expected", "N×1"}}}}));
    }

    void noSuchFeatures()
    {
        const NetworkContext numbersOnly{4, {}, 1};
        const NetworkAnalysis analysis = analyse(
            network({node("c", "Input", {}, {{"features", "categories"}}), node("e", "Embedding", {"c"}),
                     node("y", "Linear", {"e"}, {{"out_features", 1}})}, "y"), numbersOnly);
        QCOMPARE(describe(analysis.issues), std::string("NetworkNoFeatures c"));
    }

    /// A node behind a cycle is still in the order, so that the canvas can lay it out; nodes on the cycle are not.
    void orderLeavesOutCycles()
    {
        const NetworkAnalysis analysis = analyse(
            network({node("y", "ReLU", {"b"}), node("a", "Add", {"n", "b"}), node("b", "ReLU", {"a"}), node("n", "Input", {})}, "y"),
            context);
        QCOMPARE(analysis.order, (std::vector<std::size_t>{0, 3}));
    }

    void jsonRoundTrip()
    {
        NetworkSpec spec = makePreset("wide-and-deep", context, 1000);
        spec.nodes[0].x = -12.5;
        const nlohmann::json json = spec.toJson();
        QVERIFY(NetworkSpec::fromJson(json) == spec);
        QCOMPARE(NetworkSpec::fromJson(nlohmann::json::parse(json.dump())).toJson().dump(), json.dump());
    }

    void badJson_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("expected");
        QTest::newRow("array") << "[]" << "NetworkFormat";
        QTest::newRow("number") << "3" << "NetworkFormat";
        QTest::newRow("no format") << R"({"version":1,"nodes":[],"output":"y"})" << "NetworkFormat";
        QTest::newRow("other version") << R"({"format":"limpid-network","version":3,"nodes":[],"output":"y"})" << "NetworkFormat";
        QTest::newRow("nodes is text") << R"({"format":"limpid-network","version":1,"nodes":"x","output":"y"})" << "NetworkFormat";
        QTest::newRow("no output") << R"({"format":"limpid-network","version":1,"nodes":[]})" << "NetworkFormat";
        QTest::newRow("bad id") << R"({"format":"limpid-network","version":1,"nodes":[{"id":"a b","type":"ReLU"}],"output":"y"})" << "NetworkFormat";
        QTest::newRow("inputs of numbers") << R"({"format":"limpid-network","version":1,"nodes":[{"id":"a","type":"ReLU","inputs":[1]}],"output":"y"})" << "NetworkFormat";
        QTest::newRow("position of one") << R"({"format":"limpid-network","version":1,"nodes":[{"id":"a","type":"ReLU","position":[1]}],"output":"y"})" << "NetworkFormat";
        QTest::newRow("params a list") << R"({"format":"limpid-network","version":1,"nodes":[{"id":"a","type":"ReLU","params":[1]}],"output":"y"})" << "NetworkFormat";
        QTest::newRow("unknown layer") << R"({"format":"limpid-network","version":1,"nodes":[{"id":"a","type":"Relu"}],"output":"y"})" << "NetworkLayerUnknown";
    }
    void badJson()
    {
        QFETCH(QString, json);
        QFETCH(QString, expected);
        QCOMPARE(test::errorNameOf([&] { NetworkSpec::fromJson(nlohmann::json::parse(json.toStdString())); }),
                 expected.toStdString());
    }

    void presets()
    {
        const std::vector<NetworkContext> contexts{context, {5, {}, 3}, {0, {4}, 1}}, images{{64, {}, 1}, {784, {}, 10}},
            texts{{0, {}, 1, 8, 50, true}, {3, {4, 5}, 4, 120, 10'000, true}};
        for (const std::string& preset : networkPresets())
            for (const NetworkContext& some : preset.starts_with("text-") ? texts : readsImages(preset) || reconstructs(preset) ? images : contexts)
                for (const std::size_t rows : {std::size_t{10}, std::size_t{5'000}, std::size_t{1'000'000}}) {
                    const NetworkAnalysis analysis = analyse(makePreset(preset, some, rows), some);
                    QVERIFY2(analysis.issues.empty(), (preset + ": " + describe(analysis.issues)).c_str());
                }
        QCOMPARE(test::errorNameOf([] { makePreset("mpl", context, 10); }), std::string("OptionInvalid"));
    }

    /// 61,706 parameters, the figure that is told of LeNet-5 in PyTorch; 8 × 8 pixels have one of their own.
    void lenet()
    {
        const auto made = [](std::int64_t numbers) { return makePreset("lenet", {numbers, {}, 10}, 1000); };
        const NetworkAnalysis analysis = analyse(made(784), {784, {}, 10});
        QCOMPARE(analysis.total.parameters, std::int64_t{61'706});
        std::vector<std::string> shapes;
        for (const NodeAnalysis& part : analysis.nodes)
            shapes.push_back(shapeText(part.shape));
        QCOMPARE(shapes, (std::vector<std::string>{"N×784", "N×1×28×28", "N×6×28×28", "N×6×28×28", "N×6×14×14", "N×16×10×10", "N×16×10×10",
                                                   "N×16×5×5", "N×400", "N×120", "N×120", "N×84", "N×84", "N×10"}));
        QVERIFY(readsImages(made(64)));
        QVERIFY(!readsImages(makePreset("mlp", {64, {}, 10}, 1000)));
        for (std::int64_t side = 8; side < 70; ++side)
            QVERIFY(analyse(made(side * side), {side * side, {}, 10}).issues.empty());
        for (const NetworkContext& some : {NetworkContext{783, {}, 10}, {49, {}, 10}, {784, {3}, 10}, {0, {3}, 10}})
            QCOMPARE(test::errorNameOf([&] { makePreset("lenet", some, 1000); }), std::string("NetworkNoImage"));
    }

    void freeId()
    {
        const NetworkSpec spec = network({node("relu", "ReLU", {}), node("relu2", "ReLU", {})}, "relu");
        QCOMPARE(spec.freeId("relu"), std::string("relu3"));
        QCOMPARE(spec.freeId("linear"), std::string("linear"));
    }
};

QTEST_GUILESS_MAIN(TstNetworkSpec)
#include "tst_network_spec.moc"
