#include "core/engine/Pass.h"
#include "core/engine/Runtime.h"
#include "tests/core/engine/EngineFixtures.h"

#include <QTest>

#include <cmath>

using namespace limpid;
using namespace limpid::engine;
using test::node;

namespace {

using Nodes = std::vector<NodeSpec>;

/// Three numbers and one category in; `middle` begins at "numbers" or "mixed" and gives "out", whatever its width.
Network network(const Nodes& middle, int outputs)
{
    NetworkSpec spec;
    spec.nodes = {node("numbers", "Input", {}, {{"features", "numbers"}}), node("kinds", "Input", {}, {{"features", "categories"}}),
                  node("embedded", "Embedding", {"kinds"}), node("mixed", "Concat", {"numbers", "embedded"})};
    spec.nodes.insert(spec.nodes.end(), middle.begin(), middle.end());
    spec.output = "out";
    NetworkContext context;
    context.numbers = 3;
    context.cardinalities = {5, 7};
    context.outputs = outputs;
    return Network(spec, context);
}

struct Rows {
    explicit Rows(std::size_t count)
    {
        Random random(3, "rows");
        for (std::size_t i = 0; i < count * 3; ++i)
            numbers.push_back(static_cast<float>(random.normal()));
        for (std::size_t i = 0; i < count; ++i) {
            categories.push_back(static_cast<std::int32_t>(random.below(5)));
            categories.push_back(static_cast<std::int32_t>(random.below(7)));
        }
        batch = {static_cast<std::int64_t>(count), numbers.data(), categories.data()};
    }
    std::vector<float> numbers;
    std::vector<std::int32_t> categories;
    Batch batch;
};

/// What three steps of a pass leave behind: outputs and gradients of each, and the values in the end.
std::vector<double> traces(Network& network, Pass& pass, const Rows& rows, bool add)
{
    std::vector<double> all;
    Random dropout(4, "dropout"), random(5, "gradient");
    const std::size_t count = static_cast<std::size_t>(rows.batch.rows * network.outputs());
    for (int step = 0; step < 3; ++step) {
        const float* const raw = pass.forward(rows.batch, dropout);
        all.insert(all.end(), raw, raw + count);
        std::vector<float> gradient;
        for (std::size_t i = 0; i < count; ++i)
            gradient.push_back(static_cast<float>(random.normal()));
        pass.backward(gradient.data(), add && step > 0);
        all.insert(all.end(), network.gradients().begin(), network.gradients().end());
        if (add)
            continue;
        for (std::size_t i = 0; i < network.values().size(); ++i)
            network.values()[i] -= 0.01f * network.gradients()[i];
    }
    all.insert(all.end(), network.values().begin(), network.values().end());
    return all;
}

} // namespace

/// The planned pass against LibTorch's autograd: outputs, gradients, running statistics and dropout, layer by layer.
class TestPass : public QObject
{
    Q_OBJECT

private slots:
    void agrees_data()
    {
        QTest::addColumn<Nodes>("nodes");
        QTest::addColumn<int>("outputs");
        const auto linear = [](const char* id, const char* from, int width) {
            return node(id, "Linear", {from}, {{"out_features", width}});
        };
        QTest::newRow("linear") << Nodes{linear("out", "mixed", 3)} << 3;
        QTest::newRow("one output") << Nodes{linear("out", "mixed", 1)} << 1;
        QTest::newRow("without bias") << Nodes{node("a", "Linear", {"mixed"}, {{"out_features", 6}, {"bias", false}}), node("r", "ReLU", {"a"}), linear("out", "r", 2)} << 2;
        QTest::newRow("ReLU in place") << Nodes{linear("a", "mixed", 9), node("r", "ReLU", {"a"}), linear("b", "r", 7), node("s", "ReLU", {"b"}), linear("out", "s", 3)} << 3;
        QTest::newRow("ReLU of the input") << Nodes{node("r", "ReLU", {"numbers"}), linear("out", "r", 3)} << 3;
        QTest::newRow("ReLU beside another") << Nodes{linear("a", "mixed", 6), node("r", "ReLU", {"a"}), node("t", "Tanh", {"a"}), node("sum", "Add", {"r", "t", "a"}), linear("out", "sum", 3)} << 3;
        QTest::newRow("ReLU in place for two") << Nodes{linear("a", "mixed", 6), node("r", "ReLU", {"a"}), linear("b", "r", 6), node("sum", "Add", {"b", "r"}), linear("out", "sum", 3)} << 3;
        QTest::newRow("ReLU as the output") << Nodes{linear("a", "mixed", 3), node("out", "ReLU", {"a"})} << 3;
        for (const char* type : {"LeakyReLU", "ELU", "SELU", "GELU", "SiLU", "Tanh", "Sigmoid", "Softplus", "BatchNorm1d", "LayerNorm", "Dropout"})
            QTest::newRow(type) << Nodes{linear("a", "mixed", 8), node("f", type, {"a"}), linear("out", "f", 3)} << 3;
        for (const char* type : {"LeakyReLU", "ELU", "SELU", "GELU", "SiLU", "Tanh", "Sigmoid", "Softplus", "BatchNorm1d", "LayerNorm", "Dropout"})
            QTest::newRow(qPrintable(QString("%1 and around it").arg(type)))
                << Nodes{linear("a", "mixed", 5), node("f", type, {"a"}), node("sum", "Add", {"f", "a", "f"}), node("r", "ReLU", {"sum"}), linear("out", "r", 2)} << 2;
        QTest::newRow("GELU tanh") << Nodes{linear("a", "mixed", 8), node("f", "GELU", {"a"}, {{"approximate", "tanh"}}), linear("out", "f", 3)} << 3;
        QTest::newRow("norms without weights")
            << Nodes{linear("a", "mixed", 8), node("n", "BatchNorm1d", {"a"}, {{"affine", false}}), node("r", "ReLU", {"n"}),
                     node("m", "LayerNorm", {"r"}, {{"elementwise_affine", false}}), linear("out", "m", 3)} << 3;
        QTest::newRow("wide and deep")
            << Nodes{linear("a", "mixed", 8), node("n", "BatchNorm1d", {"a"}), node("r", "ReLU", {"n"}), node("d", "Dropout", {"r"}, {{"p", 0.3}}),
                     node("all", "Concat", {"mixed", "d", "numbers"}), node("s", "ReLU", {"all"}), linear("out", "s", 2)} << 2;
        QTest::newRow("no dropout") << Nodes{linear("a", "mixed", 8), node("d", "Dropout", {"a"}, {{"p", 0.0}}), linear("out", "d", 3)} << 3;
    }
    void agrees()
    {
        QFETCH(Nodes, nodes);
        QFETCH(int, outputs);
        guarded([&] {
            for (const std::size_t count : {33u, 1u}) {
                for (const bool add : {false, true}) {
                    const Rows rows(count);
                    Network planned = network(nodes, outputs), reference = network(nodes, outputs);
                    planned.initialise(7);
                    reference.initialise(7);
                    const std::unique_ptr<Pass> plan = makePlannedPass(planned, 40);
                    QVERIFY(plan);
                    const std::vector<double> ours = traces(planned, *plan, rows, add);
                    const std::vector<double> theirs = traces(reference, *makeAutogradPass(reference), rows, add);
                    QCOMPARE(ours.size(), theirs.size());
                    for (std::size_t i = 0; i < ours.size(); ++i)
                        QVERIFY2(std::abs(ours[i] - theirs[i]) <= 2e-5 * (1.0 + std::abs(theirs[i])),
                                 qPrintable(QString("%1 rows, %2: %3 against %4").arg(count).arg(i).arg(ours[i]).arg(theirs[i])));
                }
            }
        });
    }

    /// Batches of changing sizes through one plan.
    void sizesChange()
    {
        guarded([&] {
            const Nodes nodes{node("a", "Linear", {"mixed"}, {{"out_features", 8}}), node("r", "ReLU", {"a"}), node("out", "Linear", {"r"}, {{"out_features", 2}})};
            Network made = network(nodes, 2);
            made.initialise(1);
            const std::unique_ptr<Pass> plan = makePlannedPass(made, 50);
            Random dropout(1, "dropout");
            const Rows all(50);
            const float* const first = plan->forward(all.batch, dropout);
            const std::vector<float> whole(first, first + 100);
            Batch few = all.batch;
            few.rows = 7;
            const float* const second = plan->forward(few, dropout);
            for (std::size_t i = 0; i < 14; ++i)
                QVERIFY(std::abs(second[i] - whole[i]) < 1e-5f);
        });
    }
};

QTEST_GUILESS_MAIN(TestPass)
#include "tst_pass.moc"
