#include "core/model/NetworkDiff.h"
#include "tests/support/TestSupport.h"

using namespace limpid;

namespace {

NodeSpec node(std::string id, std::string type, std::vector<std::string> inputs, ParamValues params = ParamValues::object())
{
    NodeSpec made;
    made.id = std::move(id);
    made.type = std::move(type);
    made.inputs = std::move(inputs);
    made.params = std::move(params);
    return made;
}

/// numbers → hidden → relu → output
NetworkSpec mlp()
{
    NetworkSpec network;
    network.nodes = {node("numbers", "Input", {}), node("hidden", "Linear", {"numbers"}, {{"out_features", 32}}), node("relu", "ReLU", {"hidden"}),
                     node("output", "Linear", {"relu"}, {{"out_features", 3}})};
    network.outputs = {"output"};
    return network;
}

QString describe(const std::vector<NodeChange>& changes)
{
    QStringList list;
    for (const NodeChange& change : changes) {
        std::string text = std::string(nodeChangeName(change.kind)) + " " + (change.block.empty() ? "" : change.block + "/") + change.before + ">" + change.after;
        if (change.typeBefore != change.typeAfter)
            text += " " + change.typeBefore + ">" + change.typeAfter;
        for (const ParamChange& param : change.params)
            text += " " + param.name + ":" + param.before.dump() + ">" + param.after.dump();
        if (change.inputsChanged) {
            text += " in:";
            for (const std::string& input : change.inputsBefore)
                text += input + ",";
            text += ">";
            for (const std::string& input : change.inputsAfter)
                text += input + ",";
        }
        if (change.sharesBefore != change.sharesAfter)
            text += " shares:" + change.sharesBefore + ">" + change.sharesAfter;
        list += QString::fromStdString(text);
    }
    return list.join(QStringLiteral("; "));
}

} // namespace

class TstNetworkDiff : public QObject
{
    Q_OBJECT

private slots:
    void changes_data()
    {
        QTest::addColumn<std::function<void(NetworkSpec&)>>("edit");
        QTest::addColumn<QString>("expected");
        using Edit = std::function<void(NetworkSpec&)>;
        const auto row = [](const char* name, Edit edit, const char* expected) { QTest::newRow(name) << edit << expected; };
        row("nothing", [](NetworkSpec&) {}, "");
        row("moved", [](NetworkSpec& n) { n.nodes[1].x = 500.0; n.comments.push_back({"a note"}); }, "");
        row("another order in the file", [](NetworkSpec& n) { std::swap(n.nodes[1], n.nodes[3]); }, "");
        row("a default written out", [](NetworkSpec& n) { n.nodes[1].params["bias"] = true; }, "");
        row("a setting", [](NetworkSpec& n) { n.nodes[1].params["out_features"] = 64; }, "changed hidden>hidden out_features:32>64");
        row("a setting away from its default", [](NetworkSpec& n) { n.nodes[1].params["bias"] = false; }, "changed hidden>hidden bias:true>false");
        row("another type", [](NetworkSpec& n) { n.nodes[2] = node("relu", "ELU", {"hidden"}); }, "changed relu>relu ReLU>ELU alpha:null>1.0");
        row("inserted", [](NetworkSpec& n) { n.nodes.push_back(node("drop", "Dropout", {"relu"})); n.nodes[3].inputs = {"drop"}; },
            "changed output>output in:relu,>drop,; added >drop >Dropout");
        row("removed", [](NetworkSpec& n) { n.nodes.erase(n.nodes.begin() + 2); n.nodes[2].inputs = {"hidden"}; },
            "removed relu> ReLU>; changed output>output in:relu,>hidden,");
        row("renamed", [](NetworkSpec& n) { n.nodes[2].id = "act"; n.nodes[3].inputs = {"act"}; }, "renamed relu>act");
        row("a chain renamed", [](NetworkSpec& n) {
            n.nodes[1].id = "a";
            n.nodes[2] = node("b", "ReLU", {"a"});
            n.nodes[3].id = "c";
            n.nodes[3].inputs = {"b"};
            n.outputs = {"c"};
        }, "renamed hidden>a; renamed relu>b; renamed output>c");
        row("renamed and changed", [](NetworkSpec& n) { n.nodes[1].id = "a"; n.nodes[1].params["out_features"] = 8; n.nodes[2].inputs = {"a"}; },
            "removed hidden> Linear>; changed relu>relu in:hidden,>a,; added >a >Linear");
        row("other outputs", [](NetworkSpec& n) { n.outputs = {"output", "hidden"}; }, "outputs > in:output,>output,hidden,");
        row("shared weights", [](NetworkSpec& n) { n.nodes[3].shares = "hidden"; }, "changed output>output shares:>hidden");
        row("a cycle", [](NetworkSpec& n) { n.nodes[1].id = "a"; n.nodes[1].inputs = {"output"}; }, "removed hidden> Linear>; added >a >Linear");
        row("a block", [](NetworkSpec& n) { n.blocks.push_back({"stage", {}}); }, "block-added stage/>");
    }

    void changes()
    {
        QFETCH(std::function<void(NetworkSpec&)>, edit);
        QFETCH(QString, expected);
        NetworkSpec after = mlp();
        edit(after);
        QCOMPARE(describe(networkChanges(mlp(), after)), expected);
        QVERIFY(networkChanges(after, after).empty());
    }

    void withinBlocks()
    {
        NetworkSpec before = mlp();
        before.blocks = {{"stage", {{node("in", "BlockInput", {}), node("conv", "Conv2d", {"in"})}, {"conv"}, {}}}, {"old", {}}};
        NetworkSpec after = before;
        after.blocks.pop_back();
        after.blocks[0].body.nodes[1].params["out_channels"] = 32;
        QCOMPARE(describe(networkChanges(before, after)), QStringLiteral("changed stage/conv>conv out_channels:16>32; block-removed old/>"));
    }

    /// Of two alike the first is the first.
    void twins()
    {
        NetworkSpec before = mlp(), after = mlp();
        for (const char* id : {"a", "b"})
            before.nodes.push_back(node(id, "Tanh", {"hidden"}));
        for (const char* id : {"c", "d"})
            after.nodes.push_back(node(id, "Tanh", {"hidden"}));
        QCOMPARE(describe(networkChanges(before, after)), QStringLiteral("renamed a>c; renamed b>d"));
    }

    void placesAndCommentsAreNoDifference()
    {
        NetworkSpec network = mlp();
        network.blocks = {{"stage", {{node("in", "BlockInput", {}), node("conv", "Conv2d", {"in"})}, {"conv"}, {}}}};
        NetworkSpec moved = network;
        moved.nodes[1].x = 40.0;
        moved.blocks[0].body.nodes[1].y = 9.0;
        moved.comments.push_back({"a note"});
        QVERIFY(sameButPlaces(network, moved));
        const std::function<void(NetworkSpec&)> edits[] = {
            [](NetworkSpec& n) { n.nodes[1].params["out_features"] = 33; }, [](NetworkSpec& n) { n.nodes[1].id = "other"; },
            [](NetworkSpec& n) { n.nodes[2].type = "Tanh"; },               [](NetworkSpec& n) { n.nodes[3].inputs = {"hidden"}; },
            [](NetworkSpec& n) { n.nodes[3].shares = "hidden"; },           [](NetworkSpec& n) { n.nodes.pop_back(); },
            [](NetworkSpec& n) { n.outputs = {"relu"}; },                   [](NetworkSpec& n) { std::swap(n.nodes[1], n.nodes[2]); },
            [](NetworkSpec& n) { n.blocks[0].name = "part"; },              [](NetworkSpec& n) { n.blocks[0].body.nodes[1].params["bias"] = false; },
            [](NetworkSpec& n) { n.blocks.clear(); }};
        for (std::size_t i = 0; i < std::size(edits); ++i) {
            NetworkSpec edited = network;
            edits[i](edited);
            QVERIFY2(!sameButPlaces(network, edited) && !sameButPlaces(edited, network), qPrintable(QString::number(i)));
        }
    }

    /// In time that grows with the nodes: a quadratic comparison would take minutes.
    void manyNodes()
    {
        NetworkSpec before, after;
        for (int i = 0; i < 20'000; ++i)
            for (NetworkSpec* network : {&before, &after}) {
                const std::string stem = network == &before ? "a" : "b";
                network->nodes.push_back(node(stem + std::to_string(i), i == 0 ? "Input" : "ReLU", i == 0 ? std::vector<std::string>() : std::vector{stem + std::to_string(i - 1)}));
            }
        QCOMPARE(networkChanges(before, after).size(), std::size_t(20'000));
    }
};

QTEST_GUILESS_MAIN(TstNetworkDiff)
#include "tst_network_diff.moc"
