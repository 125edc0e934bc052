#include "tests/support/TestSupport.h"
#include "ui/network/LayerFit.h"
#include "ui/network/NetworkClipboard.h"

#include <algorithm>

using namespace limpid;
using edits::Opening;

namespace {

using Ids = std::vector<std::string>;

NodeSpec node(const std::string& id, const std::string& type, const Ids& inputs = {}, const nlohmann::json& params = nlohmann::json::object())
{
    NodeSpec result;
    result.id = id;
    result.type = type;
    result.inputs = inputs;
    result.params = params;
    return result;
}

/// numbers (64) → image (1×8×8) → conv → act → flat → out; categories → embed.
NetworkSpec pixels()
{
    NetworkSpec network;
    network.nodes = {node("numbers", "Input"),
                     node("image", "Reshape", {"numbers"}, {{"shape", {1, 8, 8}}}),
                     node("conv", "Conv2d", {"image"}),
                     node("act", "ReLU", {"conv"}),
                     node("flat", "Flatten", {"act"}),
                     node("out", "Linear", {"flat"}),
                     node("categories", "Input", {}, {{"features", "categories"}}),
                     node("embed", "Embedding", {"categories"})};
    network.outputs = {"out"};
    edits::autoLayout(network);
    return network;
}

const NetworkContext context{64, {3, 5}, 1};

bool has(const Ids& list, const std::string& item) { return std::find(list.begin(), list.end(), item) != list.end(); }

} // namespace

/// What may be added where, and what the clipboard holds.
class TestLayerFit : public QObject
{
    Q_OBJECT
private slots:
    void fitsByShape_data()
    {
        QTest::addColumn<Opening>("opening");
        QTest::addColumn<Ids>("first");  // the list begins with these
        QTest::addColumn<Ids>("has");
        QTest::addColumn<Ids>("hasNot");
        using Kind = Opening::Kind;
        QTest::newRow("below a row") << Opening{Kind::Below, "numbers"} << Ids{"Linear"} << Ids{"ReLU", "BatchNorm1d", "Concat"}
                                     << Ids{"Conv2d", "MaxPool2d", "BatchNorm2d", "Embedding", "Input"};
        QTest::newRow("below an image") << Opening{Kind::Below, "image"} << Ids{"Conv2d"} << Ids{"MaxPool2d", "Flatten", "ReLU"}
                                        << Ids{"BatchNorm1d", "Embedding", "Input"};
        QTest::newRow("below a convolution") << Opening{Kind::Branch, "conv"} << Ids{"ReLU", "BatchNorm2d"} << Ids{"Conv2d"} << Ids{"BatchNorm1d"};
        QTest::newRow("below codes") << Opening{Kind::Below, "categories"} << Ids{"Embedding"} << Ids{} << Ids{"Linear", "ReLU", "Conv2d", "Concat"};
        QTest::newRow("between image and convolution") << Opening{Kind::Edge, "image", "conv"} << Ids{} << Ids{"BatchNorm2d", "ReLU", "MaxPool2d"}
                                                       << Ids{"Flatten", "Linear", "Embedding"};
        QTest::newRow("above an embedding") << Opening{Kind::Above, "embed"} << Ids{} << Ids{"Input"} << Ids{"Linear", "ReLU", "Conv2d"};
        QTest::newRow("in the open") << Opening{} << Ids{"Input"} << Ids{"Linear", "Conv2d", "Add"} << Ids{};
    }
    void fitsByShape()
    {
        QFETCH(const Opening, opening);
        QFETCH(const Ids, first);
        QFETCH(const Ids, has);
        QFETCH(const Ids, hasNot);
        const NetworkSpec network = pixels();
        const Ids found = edits::fittingLayers(network, analyse(network, context), opening);
        QVERIFY(found.size() >= first.size());
        QCOMPARE(Ids(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(first.size())), first);
        for (const std::string& one : has)
            QVERIFY2(::has(found, one), one.c_str());
        for (const std::string& one : hasNot)
            QVERIFY2(!::has(found, one), one.c_str());
    }

    /// What is offered below a node is right: with it added, analysis finds no fault of shape in it.
    void whatFitsHasNoFault()
    {
        const NetworkSpec network = pixels();
        const NetworkAnalysis analysis = analyse(network, context);
        int tried = 0;
        for (const NodeSpec& below : network.nodes)
            for (const std::string& type : edits::fittingLayers(network, analysis, {Opening::Kind::Branch, below.id})) {
                if (below.type == "Input" && type == "Reshape")
                    continue; // it changes what the table gives
                NetworkSpec grown = network;
                const std::string id = edits::addAt(grown, type, {Opening::Kind::Branch, below.id});
                for (const Issue& issue : analyse(grown, context).issues)
                    QVERIFY2(issue.where != id || issue.code != ErrorCode::NetworkShape, (type + " below " + below.id).c_str());
                ++tried;
            }
        QVERIFY(tried > 40);
    }

    void unknownShapesOfferAllThatTakeInputs()
    {
        NetworkSpec network;
        network.nodes = {node("lost", "Linear")};
        const Ids found = edits::fittingLayers(network, analyse(network, context), {Opening::Kind::Below, "lost"});
        QVERIFY(has(found, "Linear") && has(found, "Conv2d") && !has(found, "Input"));
    }

    void addsWiredWhereItWasAskedFor()
    {
        NetworkSpec network = pixels();
        QCOMPARE(edits::addAt(network, "Tanh", {Opening::Kind::Branch, "flat"}, edits::Point{600, 300}), std::string("tanh"));
        QCOMPARE(network.find("tanh")->inputs, Ids{"flat"});
        QCOMPARE(network.find("out")->inputs, Ids{"flat"}); // a branch leaves what is there
        QCOMPARE(network.find("tanh")->x, 600.0);
        QCOMPARE(network.find("tanh")->y, 300.0);

        QCOMPARE(edits::addAt(network, "Dropout", {Opening::Kind::Above, "out"}), std::string("dropout"));
        QCOMPARE(network.find("dropout")->inputs, Ids{"flat"}); // takes over what fed it
        QCOMPARE(network.find("out")->inputs, Ids{"dropout"});

        QCOMPARE(edits::addAt(network, "ReLU", {Opening::Kind::Below, "out"}), std::string("relu"));
        QCOMPARE(network.outputs, Ids{"relu"});
        // Below the end a branch is the chain's next link.
        QCOMPARE(edits::addAt(network, "ReLU", {Opening::Kind::Branch, "relu"}), std::string("relu2"));
        QCOMPARE(network.outputs, Ids{"relu2"});

        QCOMPARE(edits::addAt(network, "Sigmoid", {Opening::Kind::Edge, "conv", "act"}), std::string("sigmoid"));
        QCOMPARE(network.find("act")->inputs, Ids{"sigmoid"});
        edits::addAt(network, "SELU", {});
        QVERIFY(network.find("selu")->inputs.empty());
    }

    void aboveASumIsOneMoreInput()
    {
        NetworkSpec network;
        network.nodes = {node("a", "Input"), node("b", "Linear", {"a"}), node("sum", "Add", {"a", "b"})};
        edits::autoLayout(network);
        const std::string id = edits::addAt(network, "Linear", {Opening::Kind::Above, "sum"});
        QCOMPARE(network.find("sum")->inputs, (Ids{"a", "b", id}));
        QVERIFY(network.find(id)->inputs.empty());
    }

    void connectableIsCanConnectForAll()
    {
        const NetworkSpec network = pixels();
        for (const NodeSpec& one : network.nodes)
            for (const bool down : {true, false}) {
                const Ids found = edits::connectable(network, one.id, down);
                for (const NodeSpec& other : network.nodes)
                    QCOMPARE(has(found, other.id),
                             down ? edits::canConnect(network, one.id, other.id) : edits::canConnect(network, other.id, one.id));
            }
        QVERIFY(edits::connectable(network, "nobody", true).empty());
    }

    void copiesAsReadableJson()
    {
        const NetworkSpec network = pixels();
        const std::string text = edits::copied(network, {"conv", "act", "out"});
        QVERIFY(edits::looksCopied(text));
        const NetworkSpec part = NetworkSpec::fromJson(nlohmann::json::parse(text));
        QCOMPARE(part.nodes.size(), std::size_t(3));
        QCOMPARE(part.find("act")->inputs, Ids{"conv"}); // the edge among them
        QVERIFY(part.find("conv")->inputs.empty());      // and none from outside
        QCOMPARE(edits::copied(network, {}), std::string());
    }

    void pastesWithFreeNames()
    {
        NetworkSpec network = pixels();
        const std::string text = edits::copied(network, {"conv", "act"});
        QCOMPARE(edits::paste(network, text), (Ids{"conv2", "act2"}));
        QCOMPARE(network.find("act2")->inputs, Ids{"conv2"});
        QCOMPARE(edits::paste(network, text), (Ids{"conv3", "act3"}));
        QVERIFY(network.find("conv3")->x != network.find("conv2")->x); // beside one another
        NetworkSpec empty;
        QCOMPARE(edits::paste(empty, text, edits::Point{100, 50}), (Ids{"conv", "act"}));
        QCOMPARE(empty.find("conv")->x, 100.0);
        QCOMPARE(empty.find("conv")->y, 50.0);
    }

    void refusesWhatIsNoNetwork_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("words") << QByteArray("limpid-network {");
        QTest::newRow("another") << QByteArray(R"({"format": "other"})");
        QTest::newRow("unknown layer") << QByteArray(R"({"format": "limpid-network", "version": 1, "output": "", "nodes": [{"id": "a", "type": "Magic"}]})");
        QTest::newRow("bad name") << QByteArray(R"({"format": "limpid-network", "version": 1, "output": "", "nodes": [{"id": "a b", "type": "ReLU"}]})");
        QTest::newRow("deep") << QByteArray(200'000, '[');
    }
    void refusesWhatIsNoNetwork()
    {
        QFETCH(const QByteArray, text);
        NetworkSpec network = pixels();
        const NetworkSpec before = network;
        bool refused = false;
        try {
            edits::paste(network, text.toStdString());
        } catch (const Error& error) {
            refused = error.code() == ErrorCode::NetworkFormat || error.code() == ErrorCode::NetworkLayerUnknown;
        }
        QVERIFY(refused);
        QCOMPARE(network, before);
    }

    /// Positions at the end of what a number holds don't hang it.
    void farAwayIsBroughtBack()
    {
        NetworkSpec network;
        const std::string text = R"({"format": "limpid-network", "version": 1, "output": "",
            "nodes": [{"id": "a", "type": "ReLU", "position": [1e300, -1e300]}, {"id": "b", "type": "ReLU", "position": [-1e300, 1e300]}]})";
        for (int i = 0; i < 3; ++i)
            edits::paste(network, text);
        QCOMPARE(network.nodes.size(), std::size_t(6));
        for (const NodeSpec& one : network.nodes)
            QVERIFY(std::abs(one.x) < 2e6 && std::abs(one.y) < 2e6);
    }
};

QTEST_APPLESS_MAIN(TestLayerFit)
#include "tst_layer_fit.moc"
