#include "core/engine/ForwardPlan.h"
#include "core/engine/Pass.h"
#include "core/engine/Runtime.h"
#include "tests/core/engine/EngineFixtures.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <tuple>

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
    spec.outputs = {"out"};
    NetworkContext context;
    context.numbers = 3;
    context.cardinalities = {5, 7};
    context.outputs = outputs;
    return Network(spec, context);
}

/// `pixels` numbers in, as an image of `channels` × `height` × `width`; `middle` begins at "image" and gives "out", two values.
Network imageNetwork(const Nodes& middle, int channels, int height, int width)
{
    NetworkSpec spec;
    spec.nodes = {node("numbers", "Input", {}),
                  node("image", "Reshape", {"numbers"}, {{"shape", {channels, height, width}}})};
    spec.nodes.insert(spec.nodes.end(), middle.begin(), middle.end());
    spec.nodes.push_back(node("flat", "Flatten", {"last"}));
    spec.nodes.push_back(node("out", "Linear", {"flat"}, {{"out_features", 2}}));
    spec.outputs = {"out"};
    NetworkContext context;
    context.numbers = channels * height * width;
    context.outputs = 2;
    return Network(spec, context);
}

struct Rows {
    explicit Rows(std::size_t count, std::size_t width = 3)
    {
        Random random(3, "rows");
        for (std::size_t i = 0; i < count * width; ++i)
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

/// Both passes leave the same behind: to rounding, which for sums over many pixels goes by the largest of them.
void compare(const std::function<Network()>& make, const Rows& rows, bool add)
{
    Network planned = make(), reference = make();
    planned.initialise(7);
    reference.initialise(7);
    const std::unique_ptr<Pass> plan = makePlannedPass(planned, 40);
    QVERIFY(plan);
    const std::vector<double> ours = traces(planned, *plan, rows, add);
    const std::vector<double> theirs = traces(reference, *makeAutogradPass(reference), rows, add);
    QCOMPARE(ours.size(), theirs.size());
    double largest = 0.0;
    for (const double value : theirs)
        largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < ours.size(); ++i)
        QVERIFY2(std::abs(ours[i] - theirs[i]) <= 2e-5 * (1.0 + (planned.numberWidth() > 3 ? largest : std::abs(theirs[i]))),
                 qPrintable(QString("%1 rows, %2: %3 against %4").arg(rows.batch.rows).arg(i).arg(ours[i]).arg(theirs[i])));
    // Prediction's forward pass against autograd's, where nothing is drawn and no batch is normalised over.
    if (planned.has(LayerKind::Dropout) || planned.has(LayerKind::Dropout2d) || planned.has(LayerKind::BatchNorm1d) || planned.has(LayerKind::BatchNorm2d))
        return;
    Random dropout(1, "dropout");
    const ForwardPlan predicted(reference);
    ForwardPlan::Workspace workspace(predicted, 40);
    const float* const raw = predicted.run(rows.batch, workspace);
    const std::unique_ptr<Pass> pass = makeAutogradPass(reference);
    const float* const trained = pass->forward(rows.batch, dropout);
    for (std::size_t i = 0; i < static_cast<std::size_t>(rows.batch.rows * reference.outputs()); ++i)
        QVERIFY2(std::abs(raw[i] - trained[i]) <= 2e-5f * (1.0f + std::abs(trained[i])),
                 qPrintable(QString("prediction %1: %2 against %3").arg(i).arg(raw[i]).arg(trained[i])));
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
                    compare([&] { return network(nodes, outputs); }, Rows(count), add);
                    if (QTest::currentTestFailed())
                        return;
                }
            }
        });
    }

    void imagesAgree_data()
    {
        QTest::addColumn<Nodes>("nodes");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        using J = nlohmann::json;
        const auto layer = [](const char* type, const J& params, int channels, int height, int width) {
            QTest::addRow("%s %s of %d x %d x %d", type, params.dump().c_str(), channels, height, width)
                << Nodes{node("last", type, {"image"}, params)} << channels << height << width;
        };
        // The first layer needs no gradient of its input; behind another convolution it does.
        const auto behind = [](const char* type, const J& params, int channels, int height, int width) {
            QTest::addRow("%s %s behind a convolution of %d x %d x %d", type, params.dump().c_str(), channels, height, width)
                << Nodes{node("first", "Conv2d", {"image"}, {{"out_channels", channels}, {"kernel_size", 3}, {"padding", 1}}), node("last", type, {"first"}, params)}
                << channels << height << width;
        };
        const std::vector<J> convolutions{
            J{{"out_channels", 6}, {"kernel_size", 5}, {"padding", 2}},
            J{{"out_channels", 1}, {"kernel_size", 1}},
            J{{"out_channels", 19}, {"kernel_size", 3}},
            J{{"out_channels", 7}, {"kernel_size", 2}, {"bias", false}},
            J{{"out_channels", 5}, {"kernel_size", 3}, {"stride", 2}},
            J{{"out_channels", 5}, {"kernel_size", 3}, {"stride", 2}, {"padding", 1}},
            J{{"out_channels", 4}, {"kernel_size", 4}, {"stride", 3}, {"padding", 3}},
            J{{"out_channels", 4}, {"kernel_size", 1}, {"stride", 2}},
            J{{"out_channels", 4}, {"kernel_size", 2}, {"stride", 5}},
            J{{"out_channels", 3}, {"kernel_size", 3}, {"dilation", 2}},
            J{{"out_channels", 3}, {"kernel_size", 2}, {"dilation", 3}, {"stride", 2}, {"padding", 2}},
            J{{"out_channels", 3}, {"kernel_size", 3}, {"dilation", 2}, {"stride", 4}, {"padding", 1}}};
        for (const J& params : convolutions)
            for (const auto& [channels, height, width] : {std::tuple{1, 9, 8}, {4, 7, 11}}) {
                layer("Conv2d", params, channels, height, width);
                behind("Conv2d", params, channels, height, width);
            }
        behind("Conv2d", {{"out_channels", 6}, {"kernel_size", 3}, {"groups", 2}}, 4, 7, 8);
        behind("Conv2d", {{"out_channels", 4}, {"kernel_size", 3}, {"groups", 4}, {"padding", 1}}, 4, 7, 5);
        behind("Conv2d", {{"out_channels", 20}, {"kernel_size", 3}, {"groups", 2}, {"stride", 2}, {"padding", 1}}, 18, 6, 7);
        behind("Conv2d", {{"out_channels", 40}, {"kernel_size", 3}}, 17, 3, 3);      // one pixel each
        behind("Conv2d", {{"out_channels", 3}, {"kernel_size", 3}, {"padding", 1}}, 2, 40, 37); // wider than two vectors
        behind("Conv2d", {{"out_channels", 2}, {"kernel_size", 7}, {"padding", 3}}, 2, 1, 1);
        for (const auto& [channels, height, width] : {std::tuple{1, 8, 8}, {3, 7, 9}, {2, 38, 34}}) {
            behind("MaxPool2d", J::object(), channels, height, width);
            behind("MaxPool2d", {{"kernel_size", 3}}, channels, height, width);
            behind("MaxPool2d", {{"kernel_size", 3}, {"stride", 2}, {"padding", 1}}, channels, height, width);
            behind("MaxPool2d", {{"kernel_size", 2}, {"stride", 1}, {"dilation", 2}, {"padding", 1}}, channels, height, width);
            behind("MaxPool2d", {{"kernel_size", 2}, {"ceil_mode", true}}, channels, height, width);
            behind("AvgPool2d", J::object(), channels, height, width);
            behind("AvgPool2d", {{"kernel_size", 3}, {"stride", 2}, {"padding", 1}}, channels, height, width);
            behind("AvgPool2d", {{"kernel_size", 3}, {"stride", 2}, {"padding", 1}, {"count_include_pad", false}}, channels, height, width);
            behind("AvgPool2d", {{"kernel_size", 3}, {"padding", 1}, {"ceil_mode", true}}, channels, height, width);
            behind("BatchNorm2d", J::object(), channels, height, width);
            behind("BatchNorm2d", {{"affine", false}, {"momentum", 0.3}}, channels, height, width);
            behind("Dropout2d", {{"p", 0.3}}, channels, height, width);
            behind("Dropout2d", {{"p", 0.0}}, channels, height, width);
        }
        behind("BatchNorm2d", J::object(), 5, 1, 1);
        layer("MaxPool2d", J::object(), 1, 6, 6);
        layer("BatchNorm2d", J::object(), 2, 3, 3);
        const NodeSpec convolution = node("c", "Conv2d", {"image"}, {{"out_channels", 4}, {"padding", 1}});
        QTest::newRow("LeNet") << Nodes{node("c1", "Conv2d", {"image"}, {{"out_channels", 6}, {"kernel_size", 5}, {"padding", 2}}), node("r1", "ReLU", {"c1"}),
                                        node("p1", "MaxPool2d", {"r1"}), node("c2", "Conv2d", {"p1"}, {{"out_channels", 16}, {"kernel_size", 5}}),
                                        node("r2", "ReLU", {"c2"}), node("last", "MaxPool2d", {"r2"})} << 1 << 28 << 28;
        QTest::newRow("a residual block") << Nodes{convolution, node("n", "BatchNorm2d", {"c"}), node("r", "ReLU", {"n"}),
                                                   node("d", "Conv2d", {"r"}, {{"out_channels", 4}, {"padding", 1}}), node("last", "Add", {"c", "d", "r"})} << 3 << 6 << 5;
        QTest::newRow("channels side by side") << Nodes{convolution, node("p", "MaxPool2d", {"c"}, {{"kernel_size", 3}, {"stride", 1}, {"padding", 1}}),
                                                        node("all", "Concat", {"c", "p", "image"}), node("r", "ReLU", {"all"}),
                                                        node("last", "Conv2d", {"r"}, {{"out_channels", 2}})} << 2 << 6 << 5;
        QTest::newRow("shapes there and back") << Nodes{convolution, node("f", "Flatten", {"c"}), node("g", "ReLU", {"f"}),
                                                        node("i", "Reshape", {"g"}, {{"shape", {2, 10, -1}}}), node("last", "Tanh", {"i"})} << 2 << 6 << 5;
        QTest::newRow("seen twice") << Nodes{convolution, node("f", "Flatten", {"c"}), node("g", "Reshape", {"c"}, {{"shape", {-1, 1, 1}}}),
                                             node("h", "Flatten", {"g"}), node("s", "Sigmoid", {"f"}), node("last", "Add", {"h", "s", "f"})} << 2 << 6 << 5;
        QTest::newRow("a picture's Tanh") << Nodes{node("t", "Tanh", {"image"}), node("u", "GELU", {"numbers"}), node("f", "Flatten", {"t"}),
                                                  node("last", "Add", {"f", "u"})} << 1 << 4 << 4;
    }
    void imagesAgree()
    {
        QFETCH(Nodes, nodes);
        QFETCH(int, channels);
        QFETCH(int, height);
        QFETCH(int, width);
        guarded([&] {
            for (const std::size_t count : {9u, 1u})
                for (const bool add : {false, true}) {
                    compare([&] { return imageNetwork(nodes, channels, height, width); },
                            Rows(count, static_cast<std::size_t>(channels * height * width)), add);
                    if (QTest::currentTestFailed())
                        return;
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
