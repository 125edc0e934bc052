#include "core/engine/Runtime.h"
#include "tests/core/engine/CatalogueChecks.h"

#include <QTest>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

using namespace limpid;
using namespace limpid::engine;
using test::RandomNetwork;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int networkCount = 600, steppedCount = 120, leastOfEach = 10; // some ten times as slow
#else
constexpr int networkCount = 5000, steppedCount = 600, leastOfEach = 50;
#endif

const std::string& wantedType(int index)
{
    const std::vector<LayerType>& catalog = layerCatalog();
    return catalog[static_cast<std::size_t>(index) % catalog.size()].name;
}

/// For a failure: what is needed to see it again. The network itself is too long for a message.
std::string described(int seed, const RandomNetwork& random)
{
    std::cerr << random.spec.toJson().dump(1) << '\n';
    return "network " + std::to_string(seed);
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
                std::string difference;
                for (const Issue& issue : analysis.issues)
                    if (issue.severity == Severity::Error)
                        difference += issue.where + " " + std::string(errorName(issue.code)) + " ";
                try {
                    difference += test::structuralDifference(random, analysis, static_cast<std::uint64_t>(seed));
                } catch (const std::exception& error) {
                    difference += error.what();
                }
                if (!difference.empty())
                    QFAIL((difference + " in " + described(seed, random)).c_str());

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
        if (QTest::currentTestFailed())
            return;
        for (const LayerType& type : layerCatalog())
            QVERIFY2(met[type.name] >= leastOfEach, (type.name + ": in " + std::to_string(met[type.name]) + " networks only").c_str());
        for (const int count : {blocks, nested, repeated, shared, severalOutputs, frozen, unused})
            QVERIFY2(count >= leastOfEach, std::to_string(count).c_str());
    }

    /// Predictions, and a training step's outputs, gradients and running statistics.
    void valuesAndGradients()
    {
        test::Closeness closeness;
        guarded([&] {
            for (int seed = networkCount; seed < networkCount + steppedCount; ++seed) {
                const RandomNetwork random = test::randomNetwork(static_cast<std::uint64_t>(seed), wantedType(seed), false);
                std::string difference;
                try {
                    difference = test::valueDifference(random, static_cast<std::uint64_t>(seed), closeness);
                } catch (const std::exception& error) {
                    difference += error.what();
                }
                if (!difference.empty())
                    QFAIL((difference + " in " + described(seed, random)).c_str());
            }
        });
        QVERIFY2(closeness.magnified <= steppedCount / 10, std::to_string(closeness.magnified).c_str()); // or the rule would mean nothing
    }
};

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
