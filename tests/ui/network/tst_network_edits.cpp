#include "core/model/NetworkBlocks.h"
#include "tests/support/TestSupport.h"
#include "ui/network/NetworkEdits.h"

#include <QElapsedTimer>

#include <algorithm>
#include <cmath>

using namespace limpid;

namespace {

NodeSpec node(const std::string& id, const std::string& type, const std::vector<std::string>& inputs = {})
{
    NodeSpec result;
    result.id = id;
    result.type = type;
    result.inputs = inputs;
    return result;
}

/// numbers → a → act → out; out predicts.
NetworkSpec chain()
{
    NetworkSpec network;
    network.nodes = {node("numbers", "Input"), node("a", "Linear", {"numbers"}), node("act", "ReLU", {"a"}),
                     node("out", "Linear", {"act"})};
    network.outputs = {"out"};
    edits::autoLayout(network);
    return network;
}

/// Two inputs joined by Concat.
NetworkSpec branches()
{
    NetworkSpec network;
    network.nodes = {node("numbers", "Input"), node("categories", "Input"), node("norm", "BatchNorm1d", {"numbers"}),
                     node("embed", "Embedding", {"categories"}), node("join", "Concat", {"norm", "embed"}),
                     node("out", "Linear", {"join"})};
    network.outputs = {"out"};
    edits::autoLayout(network);
    return network;
}

/// "numbers>a a>act act>out | out": the edges and the output, in the order of nodes.
QString wiring(const NetworkSpec& network)
{
    QStringList edges;
    for (const NodeSpec& one : network.nodes)
        for (const std::string& input : one.inputs)
            edges << QString::fromStdString(input + ">" + one.id);
    edges.sort();
    return edges.join(' ') + " | " + QString::fromStdString(network.outputs.empty() ? std::string() : network.outputs.front());
}

bool overlapping(const NetworkSpec& network)
{
    for (const NodeSpec& a : network.nodes)
        for (const NodeSpec& b : network.nodes)
            if (&a != &b && std::abs(a.x - b.x) < edits::nodeWidth && std::abs(a.y - b.y) < edits::nodeHeight)
                return true;
    return false;
}

} // namespace

class TestNetworkEdits : public QObject
{
    Q_OBJECT
private slots:
    void addsUnwiredWithAFreeName()
    {
        NetworkSpec network = chain();
        QCOMPARE(edits::addNode(network, "Dropout", {1000, 40}), std::string("dropout"));
        QCOMPARE(edits::addNode(network, "Dropout", {1000, 40}), std::string("dropout2"));
        QCOMPARE(network.nodes.size(), std::size_t(6));
        QVERIFY(network.find("dropout")->inputs.empty());
        QVERIFY2(!overlapping(network), "the second is not put on top of the first");
    }

    void appends_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("expected");
        QTest::newRow("in the middle") << "Dropout" << "act" << "a>act act>dropout dropout>out numbers>a | out";
        QTest::newRow("after the output") << "Sigmoid" << "out" << "a>act act>out numbers>a out>sigmoid | sigmoid";
        QTest::newRow("a layer without inputs") << "Input" << "act" << "a>act act>out numbers>a | out";
        QTest::newRow("after nothing") << "ReLU" << "nowhere" << "a>act act>out numbers>a | out";
    }
    void appends()
    {
        QFETCH(QString, type);
        QFETCH(QString, after);
        QFETCH(QString, expected);
        NetworkSpec network = chain();
        const std::string id = edits::appendAfter(network, type.toStdString(), after.toStdString());
        QVERIFY(network.find(id));
        QCOMPARE(wiring(network), expected);
        QVERIFY(!overlapping(network));
    }

    void insertsOnAnEdge()
    {
        NetworkSpec network = branches();
        const double below = network.find("join")->y;
        QCOMPARE(edits::insertOnEdge(network, "Dropout", "embed", "join"), std::string("dropout"));
        QCOMPARE(wiring(network), QString("categories>embed dropout>join embed>dropout join>out norm>join numbers>norm | out"));
        // The order of Concat's inputs is the order of its features: it must stay.
        QCOMPARE(network.find("join")->inputs, (std::vector<std::string>{"norm", "dropout"}));
        QVERIFY(network.find("join")->y > below);
        QVERIFY(!overlapping(network));
    }

    void removes_data()
    {
        QTest::addColumn<QStringList>("ids");
        QTest::addColumn<QString>("expected");
        QTest::newRow("one in, one out") << QStringList{"norm"} << "categories>embed embed>join join>out numbers>join | out";
        QTest::newRow("two in a row") << QStringList{"join", "out"} << "categories>embed numbers>norm | ";
        QTest::newRow("several in, one out that takes one") << QStringList{"join"} << "categories>embed numbers>norm | out";
        QTest::newRow("an input") << QStringList{"categories"} << "embed>join join>out norm>join numbers>norm | out";
        QTest::newRow("the output") << QStringList{"out"} << "categories>embed embed>join norm>join numbers>norm | join";
        QTest::newRow("unknown") << QStringList{"no"} << "categories>embed embed>join join>out norm>join numbers>norm | out";
    }
    void removes()
    {
        QFETCH(QStringList, ids);
        QFETCH(QString, expected);
        NetworkSpec network = branches();
        std::vector<std::string> names;
        for (const QString& id : ids)
            names.push_back(id.toStdString());
        edits::removeNodes(network, names);
        QCOMPARE(wiring(network), expected);
    }

    void removedNodeIsNotPassedOnTwice()
    {
        NetworkSpec network = chain();
        network.nodes.push_back(node("sum", "Add", {"a", "act"})); // a residual connection around act
        edits::removeNodes(network, {"act"});
        QCOMPARE(network.find("sum")->inputs, std::vector<std::string>{"a"});
    }

    void connects_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<bool>("may");
        QTest::addColumn<QString>("expected");
        const QString as = "categories>embed embed>join join>out norm>join numbers>norm | out";
        QTest::newRow("into Concat") << "numbers" << "join" << true
                                     << "categories>embed embed>join join>out norm>join numbers>join numbers>norm | out";
        QTest::newRow("one input is replaced") << "norm" << "out" << true
                                               << "categories>embed embed>join norm>join norm>out numbers>norm | out";
        QTest::newRow("there already") << "norm" << "join" << false << as;
        QTest::newRow("itself") << "join" << "join" << false << as;
        QTest::newRow("a cycle") << "out" << "norm" << false << as;
        QTest::newRow("an input takes none") << "numbers" << "categories" << false << as;
        QTest::newRow("unknown") << "numbers" << "no" << false << as;
    }
    void connects()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(bool, may);
        QFETCH(QString, expected);
        NetworkSpec network = branches();
        QCOMPARE(edits::canConnect(network, from.toStdString(), to.toStdString()), may);
        QCOMPARE(edits::connect(network, from.toStdString(), to.toStdString()), may);
        QCOMPARE(wiring(network), expected);
    }

    /// a chain that gave the prediction is led on into others.
    void thePredictionPassesOn_data()
    {
        QTest::addColumn<QString>("more"); // "id<input" of layers that are added first
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("outputs");
        QTest::newRow("into a loose layer") << "sum<" << "out" << "sum" << "sum";
        QTest::newRow("into a chain") << "sum< last<sum" << "out" << "sum" << "last";
        QTest::newRow("into a fork") << "sum< one<sum two<sum" << "out" << "sum" << "out";
        QTest::newRow("from within") << "sum<" << "act" << "sum" << "out";
        QTest::newRow("once more") << "other<out sum<" << "out" << "sum" << "out";
    }
    void thePredictionPassesOn()
    {
        QFETCH(QString, more);
        QFETCH(QString, from);
        QFETCH(QString, to);
        NetworkSpec network = chain();
        for (const QString& one : more.split(' ')) {
            const QStringList parts = one.split('<');
            network.nodes.push_back(node(qPrintable(parts[0]), "Add"));
            if (!parts[1].isEmpty())
                network.nodes.back().inputs = {parts[1].toStdString()};
        }
        QVERIFY(edits::connect(network, from.toStdString(), to.toStdString()));
        QStringList outputs;
        for (const std::string& output : network.outputs)
            outputs << QString::fromStdString(output);
        QTEST(outputs.join(' '), "outputs");
    }

    void theFirstChainGivesThePrediction()
    {
        NetworkSpec network;
        const std::string input = edits::addNode(network, "Input", {});
        QVERIFY(network.outputs.empty());
        edits::appendAfter(network, "Linear", input);
        QCOMPARE(network.outputs, std::vector<std::string>{"linear"});
        edits::appendAfter(network, "ReLU", "linear");
        QCOMPARE(network.outputs, std::vector<std::string>{"relu"});
        network.outputs.clear();
        edits::appendAfter(network, "Tanh", "linear"); // between two: none of them ends the chain
        QVERIFY(network.outputs.empty());
    }

    void disconnects()
    {
        NetworkSpec network = branches();
        QVERIFY(edits::disconnect(network, "embed", "join"));
        QVERIFY(!edits::disconnect(network, "embed", "join"));
        QCOMPARE(wiring(network), QString("categories>embed join>out norm>join numbers>norm | out"));
    }

    void renames_data()
    {
        QTest::addColumn<QString>("to");
        QTest::addColumn<bool>("may");
        QTest::newRow("free") << "hidden_1-a" << true;
        QTest::newRow("taken") << "out" << false;
        QTest::newRow("empty") << "" << false;
        QTest::newRow("blank inside") << "hidden 1" << false;
        QTest::newRow("not ASCII") << "größe" << false;
    }
    void renames()
    {
        QFETCH(QString, to);
        QFETCH(bool, may);
        NetworkSpec network = chain();
        QCOMPARE(edits::rename(network, "act", to.toStdString()), may);
        QCOMPARE(wiring(network), (may ? QString("a>%1 %1>out numbers>a | out").arg(to) : wiring(chain())));
    }

    void renamesTheOutput()
    {
        NetworkSpec network = chain();
        QVERIFY(edits::rename(network, "out", "income"));
        QCOMPARE(network.outputs, std::vector<std::string>{"income"});
    }

    void duplicatesWithTheEdgesAmongThem()
    {
        NetworkSpec network = chain();
        network.find("a")->params["out_features"] = 7;
        const std::vector<std::string> copies = edits::duplicate(network, {"a", "act"});
        QCOMPARE(copies, (std::vector<std::string>{"a2", "act2"}));
        QCOMPARE(wiring(network), QString("a2>act2 a>act act>out numbers>a numbers>a2 | out"));
        QCOMPARE(network.find("a2")->params.at("out_features").get<int>(), 7);
        QCOMPARE(edits::duplicate(network, {"act2"}), std::vector<std::string>{"act3"});
        QVERIFY(!overlapping(network));
    }

    void laysOutInLayers()
    {
        NetworkSpec network = branches();
        for (NodeSpec& one : network.nodes)
            one.x = one.y = 0.0;
        QVERIFY(edits::needsLayout(network));
        edits::autoLayout(network);
        QVERIFY(!edits::needsLayout(network));
        QVERIFY(!overlapping(network));
        for (const NodeSpec& one : network.nodes)
            for (const std::string& input : one.inputs)
                QVERIFY2(network.find(input)->y < one.y, "edges run downwards");
        // Both branches stand beside each other, what joins them stands between.
        QCOMPARE(network.find("norm")->y, network.find("embed")->y);
        QCOMPARE(network.find("join")->x, (network.find("norm")->x + network.find("embed")->x) / 2.0);
        QCOMPARE(network.find("out")->x, network.find("join")->x);
        NetworkSpec again = network;
        edits::autoLayout(again);
        QCOMPARE(again, network);
    }

    void layoutUncrossesEdges()
    {
        // a and b each feed the node listed on the other side: the order within the layer must turn.
        NetworkSpec network;
        network.nodes = {node("a", "Input"), node("b", "Input"), node("fromB", "Linear", {"b"}), node("fromA", "Linear", {"a"}),
                         node("join", "Concat", {"fromA", "fromB"})};
        network.outputs = {"join"};
        edits::autoLayout(network);
        QCOMPARE(network.find("a")->x < network.find("b")->x, network.find("fromA")->x < network.find("fromB")->x);
    }

    void layoutLeavesRoomForASkippingEdge()
    {
        NetworkSpec network = chain();
        network.nodes.push_back(node("sum", "Add", {"numbers", "out"}));
        edits::autoLayout(network);
        QVERIFY(!overlapping(network));
        QCOMPARE(network.find("sum")->y, 4 * edits::rowPitch);
    }

    /// A preset has no places of its own; the insides of its blocks do, for they may be unfolded before anybody has looked inside.
    void presetsAreLaidOutOnTheCanvas()
    {
        for (const std::string& preset : networkPresets()) {
            NetworkContext context{64, {}, 3};
            if (preset.starts_with("text-"))
                context = {0, {}, 3, 12, 50};
            NetworkSpec network = makePreset(preset, context, 500);
            QVERIFY2(edits::needsLayout(network), preset.c_str());
            for (const BlockSpec& block : network.blocks)
                QVERIFY2(!edits::needsLayout(blockAsNetwork(network, block.name)), block.name.c_str());
            edits::autoLayout(network);
            QVERIFY2(!edits::needsLayout(network), preset.c_str());
        }
    }

    /// Each of 10,000 layers adds the first: kept apart from what they pass, these edges would have 50 million bends.
    void layoutOfManySkippingEdgesStaysSmall()
    {
        NetworkSpec network;
        for (int i = 10'000; i-- > 0;) { // written from the last to the first
            NodeSpec node;
            node.id = "n" + std::to_string(i);
            node.type = i == 0 ? "Input" : "Add";
            if (i > 0)
                node.inputs = {"n" + std::to_string(i - 1)};
            if (i > 1)
                node.inputs.push_back("n0");
            network.nodes.push_back(node);
        }
        edits::autoLayout(network);
        for (const NodeSpec& node : network.nodes)
            QCOMPARE(node.y, edits::rowPitch * std::stoi(node.id.substr(1)));
    }

    void layoutEndsOnCyclesAndNothing()
    {
        NetworkSpec network;
        edits::autoLayout(network);
        network.nodes = {node("a", "Linear", {"b"}), node("b", "Linear", {"a"}), node("c", "Linear", {"nobody"})};
        edits::autoLayout(network);
        QVERIFY(!overlapping(network));
    }

    void mends_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("expected");
        QTest::newRow("output size of a Linear") << int(ErrorCode::NetworkOutputSize) << "out" << "width 3 numbers>a a>act act>out";
        QTest::newRow("output size of another") << int(ErrorCode::NetworkOutputSize) << "act" << "linear width 3";
        QTest::newRow("unused") << int(ErrorCode::NetworkUnused) << "act" << "removed";
        QTest::newRow("no output") << int(ErrorCode::NetworkNoOutput) << "" << "output out";
        QTest::newRow("a bad value") << int(ErrorCode::NetworkParam) << "a" << "reset";
        QTest::newRow("no obvious mend") << int(ErrorCode::NetworkCycle) << "a" << "none";
    }
    void mends()
    {
        QFETCH(int, code);
        QFETCH(QString, where);
        QFETCH(QString, expected);
        NetworkSpec network = chain();
        network.find("a")->params["out_features"] = -4;
        if (code == int(ErrorCode::NetworkNoOutput))
            network.outputs.clear();
        NetworkContext context;
        context.numbers = 4;
        context.outputs = 3;
        Issue issue;
        issue.code = static_cast<ErrorCode>(code);
        issue.where = where.toStdString();
        issue.facts = {{"name", "out_features"}};
        const auto mend = edits::mendOf(issue, network, context);
        if (expected == "none") {
            QVERIFY(!mend);
            return;
        }
        QVERIFY(mend);
        edits::apply(network, *mend);
        if (expected.startsWith("width 3")) {
            QCOMPARE(network.find("out")->params.at("out_features").get<int>(), 3);
        } else if (expected == "linear width 3") {
            QCOMPARE(network.find("linear")->inputs, std::vector<std::string>{"act"});
            QCOMPARE(network.find("linear")->params.at("out_features").get<int>(), 3);
            QCOMPARE(network.outputs, std::vector<std::string>{"linear"});
        } else if (expected == "removed") {
            QVERIFY(!network.find("act"));
            QCOMPARE(network.find("out")->inputs, std::vector<std::string>{"a"});
        } else if (expected == "output out") {
            QCOMPARE(network.outputs, std::vector<std::string>{"out"});
        } else {
            QVERIFY(!network.find("a")->params.contains("out_features"));
        }
    }

    /// An image where a row is wanted: as the analysis tells it, and mended for it.
    void imagesAreFlattened()
    {
        NetworkSpec network;
        network.nodes = {node("pixels", "Input"), node("image", "Reshape", {"pixels"}), node("conv", "Conv2d", {"image"}), node("out", "Linear", {"conv"})};
        network.find("out")->params["out_features"] = 3;
        network.outputs = {"out"};
        const NetworkContext context{64, {}, 3};
        const Issues issues = analyse(network, context).issues;
        QCOMPARE(issues.size(), std::size_t{1});
        const auto mend = edits::mendOf(issues.front(), network, context);
        QVERIFY(mend);
        edits::apply(network, *mend);
        QCOMPARE(network.find("out")->inputs, std::vector<std::string>{"flatten"});
        QVERIFY(analyse(network, context).ok());
        // A row where an image is wanted has no obvious mend.
        network.find("conv")->inputs = {"pixels"};
        const Issues others = analyse(network, context).issues;
        QVERIFY(!edits::mendOf(others.front(), network, context));
    }

    void readsTopDown()
    {
        NetworkSpec network = branches();
        const std::vector<std::string> order = edits::readingOrder(network);
        QCOMPARE(order.size(), network.nodes.size());
        QCOMPARE(order.back(), std::string("out"));
    }
};

QTEST_GUILESS_MAIN(TestNetworkEdits)
#include "tst_network_edits.moc"
