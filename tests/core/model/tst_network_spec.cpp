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
        {{"format", "limpid-network"}, {"version", 1}, {"nodes", std::move(nodes)}, {"output", output}});
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
        QTest::newRow("other version") << R"({"format":"limpid-network","version":2,"nodes":[],"output":"y"})" << "NetworkFormat";
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
        const std::vector<NetworkContext> contexts{context, {5, {}, 3}, {0, {4}, 1}};
        for (const std::string& preset : networkPresets())
            for (const NetworkContext& some : contexts)
                for (const std::size_t rows : {std::size_t{10}, std::size_t{5'000}, std::size_t{1'000'000}}) {
                    const NetworkAnalysis analysis = analyse(makePreset(preset, some, rows), some);
                    QVERIFY2(analysis.issues.empty(), (preset + ": " + describe(analysis.issues)).c_str());
                }
        QCOMPARE(test::errorNameOf([] { makePreset("mpl", context, 10); }), std::string("OptionInvalid"));
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
