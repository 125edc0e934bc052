#include "core/engine/ForwardPlan.h"
#include "core/engine/Pass.h"
#include "core/engine/Runtime.h"
#include "tests/core/engine/RandomNetworks.h"
#include "tests/core/engine/TorchReference.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace limpid;
using namespace limpid::engine;
using test::RandomNetwork;
using test::TorchReference;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int networkCount = 600, valueCount = 120, leastOfEach = 10; // some ten times as slow
#else
constexpr int networkCount = 5000, valueCount = 600, leastOfEach = 50;
#endif

/// Random rows for a network.
struct Rows {
    Rows(const NetworkContext& context, std::int64_t count, std::uint64_t seed)
    {
        Random random(seed, "rows");
        for (std::int64_t row = 0; row < count; ++row) {
            for (std::int64_t k = 0; k < context.numbers; ++k)
                numbers.push_back(static_cast<float>(random.normal()));
            for (const std::int64_t values : context.cardinalities)
                categories.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(values))));
            for (std::int64_t k = 0; k < context.words; ++k) // some of it padding
                categories.push_back(static_cast<std::int32_t>(random.uniform() < 0.2 ? 0 : random.below(static_cast<std::uint64_t>(context.vocabulary))));
        }
        batch = {count, numbers.data(), categories.data()};
    }
    std::vector<float> numbers;
    std::vector<std::int32_t> categories;
    Batch batch;
};

std::vector<std::string> orderOf(const NetworkAnalysis& analysis)
{
    std::vector<std::string> order;
    for (const std::size_t node : analysis.order)
        order.push_back(analysis.flat.nodes[node].id);
    return order;
}

const std::string& wantedType(int index)
{
    const std::vector<LayerType>& catalog = layerCatalog();
    return catalog[static_cast<std::size_t>(index) % catalog.size()].name;
}

/// For a failure: everything that is needed to see it again.
std::string described(int seed, const RandomNetwork& random)
{
    return "network " + std::to_string(seed) + ": " + random.spec.toJson().dump();
}

using Named = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

Named tensorsOf(const NetworkAnalysis& analysis, std::size_t index, bool trained)
{
    const NodeSpec& node = analysis.flat.nodes[index];
    Named named;
    if (node.shares.empty() && findLayer(node.type)->tensors) {
        std::vector<TensorShape> inputs;
        for (const std::string& input : node.inputs)
            for (const NodeAnalysis& other : analysis.flatNodes)
                if (other.id == input)
                    inputs.push_back(other.shape);
        for (const TensorSpec& tensor : findLayer(node.type)->tensors(inputs, analysis.flatNodes[index].shape, node.params))
            if (tensor.trained == trained)
                named.emplace_back(tensor.name, tensor.shape);
    }
    std::sort(named.begin(), named.end());
    return named;
}

Named sorted(Named named)
{
    std::sort(named.begin(), named.end());
    return named;
}

/// The first difference between what the analysis says and what LibTorch's modules do, or "".
std::string structuralDifference(const RandomNetwork& random, const NetworkAnalysis& analysis, std::uint64_t seed)
{
    TorchReference reference(random.spec, random.context, false);
    const Rows rows(random.context, 2, seed);
    if (!reference.forward(rows.batch, orderOf(analysis), false))
        return "the order is not topological, or has not all layers";
    std::map<std::string_view, std::size_t> byId;
    for (std::size_t i = 0; i < analysis.flatNodes.size(); ++i)
        byId[analysis.flatNodes[i].id] = i;
    std::int64_t parameters = 0;
    for (const TorchReference::Node& node : reference.nodes()) {
        const std::size_t index = byId.at(node.id);
        const NodeAnalysis& ours = analysis.flatNodes[index];
        if (!ours.valid || ours.shape.dims != node.shape)
            return node.id + ": shape " + shapeText(ours.shape) + ", LibTorch's is " + shapeText({TensorShape::Kind::Float, node.shape, {}});
        if (ours.cost.parameters != node.parameterCount)
            return node.id + ": " + std::to_string(ours.cost.parameters) + " parameters, LibTorch has " + std::to_string(node.parameterCount);
        if (tensorsOf(analysis, index, true) != sorted(node.parameters) || tensorsOf(analysis, index, false) != sorted(node.buffers))
            return node.id + ": names or shapes of weights";
        parameters += node.parameterCount;
    }
    if (analysis.total.parameters != parameters)
        return "parameters in total: " + std::to_string(analysis.total.parameters) + ", LibTorch has " + std::to_string(parameters);
    if (analysis.peakActivations != reference.peak())
        return "peak: " + std::to_string(analysis.peakActivations) + ", of the tensors " + std::to_string(reference.peak());
    return {};
}

} // namespace

/// The whole catalogue against LibTorch's own modules, over thousands of random networks.
class TestCatalogue : public QObject
{
    Q_OBJECT

private slots:
    void shapesWeightsAndPeaks()
    {
        std::map<std::string, int> met;
        int blocks = 0, nested = 0, repeated = 0, shared = 0, severalOutputs = 0, frozen = 0, unused = 0;
        guarded([&] {
            for (int seed = 0; seed < networkCount; ++seed) {
                const RandomNetwork random = test::randomNetwork(static_cast<std::uint64_t>(seed), wantedType(seed), true);
                QCOMPARE(NetworkSpec::fromJson(random.spec.toJson()), random.spec);
                const NetworkAnalysis analysis = analyse(random.spec, random.context);
                for (const Issue& issue : analysis.issues)
                    QVERIFY2(issue.severity != Severity::Error, (issue.where + " " + std::string(errorName(issue.code)) + " " + described(seed, random)).c_str());
                std::string difference;
                try {
                    difference = structuralDifference(random, analysis, static_cast<std::uint64_t>(seed));
                } catch (const std::exception& error) {
                    difference = error.what();
                }
                QVERIFY2(difference.empty(), (difference + "\n" + described(seed, random)).c_str());

                std::set<std::string> types;
                const auto meet = [&](const GraphSpec& graph) {
                    for (const NodeSpec& node : graph.nodes) {
                        types.insert(node.type);
                        shared += node.shares.empty() ? 0 : 1;
                        frozen += node.params.value("freeze", false) ? 1 : 0;
                        repeated += node.params.value("repeat", 1) > 1 ? 1 : 0;
                    }
                };
                meet(random.spec);
                for (const BlockSpec& block : random.spec.blocks) {
                    meet(block.body);
                    nested += std::any_of(block.body.nodes.begin(), block.body.nodes.end(), [](const NodeSpec& node) { return node.type == "Block"; }) ? 1 : 0;
                }
                for (const std::string& type : types)
                    ++met[type];
                blocks += random.spec.blocks.empty() ? 0 : 1;
                severalOutputs += random.spec.outputs.size() > 1 ? 1 : 0;
                unused += std::any_of(analysis.issues.begin(), analysis.issues.end(), [](const Issue& issue) { return issue.code == ErrorCode::NetworkUnused; }) ? 1 : 0;
            }
        });
        for (const LayerType& type : layerCatalog())
            QVERIFY2(met[type.name] >= leastOfEach, (type.name + ": in " + std::to_string(met[type.name]) + " networks only").c_str());
        for (const int count : {blocks, nested, repeated, shared, severalOutputs, frozen, unused})
            QVERIFY2(count >= leastOfEach, std::to_string(count).c_str());
    }
};

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
