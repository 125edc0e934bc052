#include "ui/network/SharedWeights.h"
#include "tests/support/TestSupport.h"
#include "ui/network/NetworkEdits.h"

#include <algorithm>

using namespace limpid;

namespace {

using Ids = std::vector<std::string>;

struct Drawing {
    NetworkSpec network;
    Drawing& add(std::string id, std::string type, Ids inputs, nlohmann::json params = nlohmann::json::object(), std::string shares = {})
    {
        NodeSpec node;
        node.id = std::move(id);
        node.type = std::move(type);
        node.inputs = std::move(inputs);
        node.params = std::move(params);
        node.shares = std::move(shares);
        node.y = 100.0 * static_cast<double>(network.nodes.size());
        network.nodes.push_back(std::move(node));
        return *this;
    }
    Drawing& gives(Ids outputs)
    {
        network.outputs = std::move(outputs);
        return *this;
    }
};

NetworkContext context()
{
    NetworkContext context;
    context.numbers = 8;
    context.cardinalities = {3, 5};
    context.outputs = 4;
    return context;
}

/// Two layers of 8 → 8, one of 8 → 4, one that nothing reads, and a chain of activations.
Drawing dense()
{
    Drawing made;
    made.add("in", "Input", {})
        .add("first", "Linear", {"in"}, {{"out_features", 8}})
        .add("act", "ReLU", {"first"})
        .add("second", "Linear", {"act"}, {{"out_features", 8}})
        .add("plain", "Linear", {"second"}, {{"out_features", 8}, {"bias", false}})
        .add("idle", "Linear", {"in"}, {{"out_features", 8}})
        .add("out", "Linear", {"plain"}, {{"out_features", 4}})
        .gives({"out"});
    return made;
}

/// The issues NetworkShares of the network, whichever node they name.
std::size_t refusals(const NetworkSpec& network)
{
    const NetworkAnalysis analysis = analyse(network, context());
    return static_cast<std::size_t>(std::count_if(analysis.issues.begin(), analysis.issues.end(),
                                                  [](const Issue& issue) { return issue.code == ErrorCode::NetworkShares; }));
}

} // namespace

/// What the field offers is what the analysis accepts: for each two nodes of a network, the answer of analyse() itself.
class TestSharedWeights : public QObject
{
    Q_OBJECT

private slots:
    void offersExactlyWhatIsAccepted_data()
    {
        QTest::addColumn<NetworkSpec>("network");
        QTest::addColumn<int>("offers"); // counted by hand, of all nodes
        // first ↔ second; idle, which nothing reads, may use either, and neither may use it.
        QTest::newRow("dense") << dense().network << 4;
        // second is taken: it offers nothing and may not be given weights itself while first uses them.
        Drawing taken = dense();
        taken.network.find("first")->shares = "second";
        QTest::newRow("already shared") << taken.network << 2; // first and idle, of second
        QTest::newRow("images") << Drawing()
                                       .add("in", "Input", {})
                                       .add("image", "Reshape", {"in"}, {{"shape", {2, 2, 2}}})
                                       .add("one", "Conv2d", {"image"}, {{"out_channels", 2}, {"padding", 1}})
                                       .add("two", "Conv2d", {"one"}, {{"out_channels", 2}, {"kernel_size", {3, 3}}, {"padding", 1}})
                                       .add("three", "Conv2d", {"two"}, {{"out_channels", 2}, {"kernel_size", 1}})
                                       .add("norm", "BatchNorm2d", {"three"})
                                       .add("norm2", "BatchNorm2d", {"norm"})
                                       .add("flat", "Flatten", {"norm2"})
                                       .add("out", "Linear", {"flat"}, {{"out_features", 4}})
                                       .gives({"out"})
                                       .network
                                << 4;
        QTest::newRow("tables of vectors") << Drawing()
                                                  .add("in", "Input", {}, {{"features", "categories"}})
                                                  .add("one", "Embedding", {"in"})
                                                  .add("two", "Embedding", {"in"})
                                                  .add("wide", "Embedding", {"in"}, {{"embedding_dim", 7}})
                                                  .add("sum", "Concat", {"one", "two", "wide"})
                                                  .add("out", "Linear", {"sum"}, {{"out_features", 4}})
                                                  .gives({"out"})
                                                  .network
                                           << 2;
        QTest::newRow("not wired yet") << Drawing()
                                              .add("in", "Input", {})
                                              .add("one", "Linear", {"in"}, {{"out_features", 8}})
                                              .add("loose", "Linear", {}, {{"out_features", 8}})
                                              .add("out", "Linear", {"one"}, {{"out_features", 4}})
                                              .gives({"out"})
                                              .network
                                       << 0;
    }
    void offersExactlyWhatIsAccepted()
    {
        QFETCH(NetworkSpec, network);
        QFETCH(int, offers);
        const NetworkAnalysis analysis = analyse(network, context());
        QCOMPARE(refusals(network), std::size_t(0));
        int offered = 0;
        for (const NodeSpec& node : network.nodes) {
            const Ids owners = edits::weightOwners(network, analysis, node.id);
            offered += static_cast<int>(owners.size());
            for (const NodeSpec& other : network.nodes) {
                const bool offer = std::find(owners.begin(), owners.end(), other.id) != owners.end();
                NetworkSpec shared = network;
                shared.find(node.id)->shares = other.id;
                // Of a node whose shapes are not known yet the analysis says nothing.
                const auto valid = [&](const NodeSpec& one) { return analysis.nodes[static_cast<std::size_t>(&one - network.nodes.data())].valid; };
                const bool known = valid(node) && valid(other);
                QVERIFY2(offer == (known && refusals(shared) == 0), qPrintable(QString::fromStdString(node.id + " of " + other.id)));
            }
        }
        QCOMPARE(offered, offers);
    }

    void kindsWithoutWeightsOfferNone()
    {
        QVERIFY(edits::holdsWeights("Linear") && edits::holdsWeights("LSTM") && edits::holdsWeights("BatchNorm1d"));
        QVERIFY(!edits::holdsWeights("ReLU") && !edits::holdsWeights("Input") && !edits::holdsWeights("Block") && !edits::holdsWeights("?"));
        const NetworkSpec network = dense().network;
        QVERIFY(edits::weightOwners(network, analyse(network, context()), "act").empty());
        QVERIFY(edits::weightOwners(network, analyse(network, context()), "nobody").empty());
    }

    void aMismatchIsMended()
    {
        NetworkSpec network = dense().network;
        network.find("second")->shares = "out";
        const NetworkAnalysis analysis = analyse(network, context());
        const auto issue = std::find_if(analysis.issues.begin(), analysis.issues.end(), [](const Issue& one) { return one.code == ErrorCode::NetworkShares; });
        QVERIFY(issue != analysis.issues.end());
        const auto mend = edits::mendOf(*issue, network, context());
        QVERIFY(mend);
        edits::apply(network, *mend);
        QCOMPARE(network, dense().network);
    }
};

QTEST_MAIN(TestSharedWeights)
#include "tst_shared_weights.moc"
