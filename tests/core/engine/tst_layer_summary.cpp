// What each layer gives, of weights and rows small enough to be worked out by hand.
#include "core/engine/LayerSummary.h"
#include "core/engine/Network.h"
#include "tests/support/TestSupport.h"

#include <limits>

using namespace limpid;
using namespace limpid::engine;

class TestLayerSummary : public QObject
{
    Q_OBJECT

private:
    static NodeSpec node(const char* id, const char* type, std::vector<std::string> inputs, ParamValues params = ParamValues::object())
    {
        return {id, type, std::move(params), std::move(inputs)};
    }

    static LayerSummary of(const std::vector<LayerSummary>& summaries, std::string_view id)
    {
        const auto found = std::find_if(summaries.begin(), summaries.end(), [&](const LayerSummary& one) { return one.id == id; });
        return found == summaries.end() ? LayerSummary() : *found;
    }

    static Features rows(std::size_t count, std::vector<float> numbers)
    {
        Features features;
        features.rows = count;
        features.numberWidth = numbers.size() / count;
        features.numbers = std::move(numbers);
        return features;
    }

private slots:
    /// x = −2, 0, 2, 4 through y = 2x − 4 = −8, −4, 0, 4 and a ReLU: 0, 0, 0, 4.
    void eachLayerKeepsItsOwn()
    {
        NetworkSpec spec;
        spec.nodes = {node("x", "Input", {}), node("y", "Linear", {"x"}, {{"out_features", 1}}), node("r", "ReLU", {"y"})};
        spec.outputs = {"r"};
        Network network(spec, {1, {}, 1});
        network.load({{"y.weight", {1, 1}, {2.0f}}, {"y.bias", {1}, {-4.0f}}}, "");
        const auto summaries = summariseLayers(network, rows(4, {-2, 0, 2, 4}), {});
        QCOMPARE(summaries.size(), std::size_t{3});
        const LayerSummary x = of(summaries, "x"), y = of(summaries, "y"), r = of(summaries, "r");
        QCOMPARE(x.mean, 1.0);
        QCOMPARE(x.zeros, 0.25);
        QCOMPARE(y.low, -8.0);
        QCOMPARE(y.high, 4.0);
        QCOMPARE(y.mean, -2.0);
        QCOMPARE(y.deviation, std::sqrt(20.0)); // mean of 36, 4, 4, 36
        QCOMPARE(r.zeros, 0.75);
        QCOMPARE(r.mean, 1.0);
        std::vector<std::uint32_t> expected(LayerSummary::bins, 0); // −8 … 4 in 24 bins of 0.5
        expected[0] = expected[8] = expected[16] = expected[23] = 1;
        QCOMPARE(y.histogram, expected);
    }

    void imagesAndConstants()
    {
        NetworkSpec spec;
        spec.nodes = {node("x", "Input", {}), node("i", "Reshape", {"x"}, {{"shape", {1, 2, 3}}}), node("p", "MaxPool2d", {"i"}, {{"kernel_size", {2, 3}}}),
                      node("f", "Flatten", {"p"})};
        spec.outputs = {"f"};
        Network network(spec, {6, {}, 1});
        const auto summaries = summariseLayers(network, rows(2, {1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1}), {});
        const LayerSummary image = of(summaries, "i"), flat = of(summaries, "f");
        QCOMPARE(image.image, (std::vector<float>{1, 2, 3, 4, 5, 6}));
        QCOMPARE(image.imageHeight, std::size_t{2});
        QCOMPARE(image.imageWidth, std::size_t{3});
        QVERIFY(flat.histogram.empty()); // both rows' largest value is 6
        QCOMPARE(flat.low, 6.0);
        QVERIFY(flat.image.empty());
    }

    /// 130 is more than twice 64, so squares of 3 × 3 pixels become their mean: two rows of 44, whose last is one pixel wide.
    void largeImagesAreMadeSmaller()
    {
        NetworkSpec spec;
        spec.nodes = {node("x", "Input", {}), node("i", "Reshape", {"x"}, {{"shape", {1, 6, 130}}}), node("f", "Flatten", {"i"})};
        spec.outputs = {"f"};
        std::vector<float> pixels(6 * 130, 0.0f); // the upper half counts its columns, the lower is black
        for (std::size_t i = 0; i < 3 * 130; ++i)
            pixels[i] = static_cast<float>(i % 130);
        Network network(spec, {6 * 130, {}, 6 * 130});
        const LayerSummary image = of(summariseLayers(network, rows(1, pixels), {}), "i");
        QCOMPARE(image.imageHeight, std::size_t{2});
        QCOMPARE(image.imageWidth, std::size_t{44});
        QCOMPARE(image.image.size(), std::size_t{88});
        QCOMPARE(image.image[0], 1.0f);    // of 0, 1, 2
        QCOMPARE(image.image[42], 127.0f); // of 126, 127, 128
        QCOMPARE(image.image[43], 129.0f);
        QCOMPARE(image.image[44], 0.0f);
    }

    void whatIsNotFiniteIsCounted()
    {
        NetworkSpec spec;
        spec.nodes = {node("x", "Input", {}), node("y", "Identity", {"x"})};
        spec.outputs = {"y"};
        Network network(spec, {2, {}, 2});
        const float infinity = std::numeric_limits<float>::infinity();
        const auto summaries = summariseLayers(network, rows(2, {1, infinity, 3, std::numeric_limits<float>::quiet_NaN()}), {});
        const LayerSummary y = of(summaries, "y");
        QCOMPARE(y.notFinite, std::size_t{2});
        QCOMPARE(y.values, std::size_t{2});
        QCOMPARE(y.mean, 2.0);
    }
};

QTEST_GUILESS_MAIN(TestLayerSummary)

#include "tst_layer_summary.moc"
