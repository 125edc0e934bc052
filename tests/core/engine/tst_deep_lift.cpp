#include "core/engine/DeepLift.h"
#include "core/engine/ForwardPlan.h"
#include "core/model/LayerCatalog.h"
#include "tests/core/engine/RandomNetworks.h"
#include "tests/support/TestSupport.h"

#include <QTest>

#include <cmath>
#include <map>

// Gradients and DeepLIFT over random networks of the whole catalogue.

using namespace limpid;
using namespace limpid::engine;

namespace {

constexpr int networkCount = 160, differentiatedCount = 72;

/// Initial values with some noise, so that biases and norms count as well; a variance stays positive.
void stir(Network& network, std::uint64_t seed)
{
    network.initialise(seed);
    Random noise(seed, "noise");
    Weights weights = network.weights();
    for (WeightTensor& tensor : weights)
        for (float& value : tensor.values)
            value += static_cast<float>(tensor.name.ends_with("running_var") ? noise.uniform() : 0.2 * noise.normal());
    network.load(weights, "");
}

/// A random network with weights that are not the initial ones, and random rows for it.
struct Subject {
    explicit Subject(int seed)
        : random(test::randomNetwork(static_cast<std::uint64_t>(seed), layerCatalog()[static_cast<std::size_t>(seed) % layerCatalog().size()].name, false)),
          network(random.spec, random.context)
    {
        stir(network, static_cast<std::uint64_t>(seed));
    }

    Features rows(std::size_t count, const char* stream) const
    {
        Random values(count, stream);
        Features made;
        made.rows = count;
        made.numberWidth = static_cast<std::size_t>(random.context.numbers);
        made.textWidth = static_cast<std::size_t>(random.context.words);
        made.categoryWidth = random.context.cardinalities.size() + made.textWidth;
        for (std::size_t row = 0; row < count; ++row) {
            for (std::size_t k = 0; k < made.numberWidth; ++k)
                made.numbers.push_back(static_cast<float>(values.normal()));
            for (const std::int64_t cardinality : random.context.cardinalities)
                made.categories.push_back(static_cast<std::int32_t>(values.below(static_cast<std::uint64_t>(cardinality))));
            for (std::size_t k = 0; k < made.textWidth; ++k)
                made.categories.push_back(static_cast<std::int32_t>(values.below(static_cast<std::uint64_t>(random.context.vocabulary))));
        }
        return made;
    }

    /// A column each; the words are one.
    std::vector<FeatureGroup> groups() const
    {
        std::vector<FeatureGroup> made;
        for (std::size_t k = 0; k < static_cast<std::size_t>(random.context.numbers); ++k)
            made.push_back({"n" + std::to_string(k), ColumnType::Number, k, k + 1, 0, 0});
        const std::size_t categories = random.context.cardinalities.size();
        for (std::size_t k = 0; k < categories; ++k)
            made.push_back({"c" + std::to_string(k), ColumnType::Category, 0, 0, k, k + 1});
        made.push_back({"text", ColumnType::Text, 0, 0, categories, categories + static_cast<std::size_t>(random.context.words)});
        return made;
    }

    std::string described(int seed) const { return " in network " + std::to_string(seed) + ": " + random.spec.toJson().dump(); }

    test::RandomNetwork random;
    Network network;
};

double largest(const std::vector<double>& values)
{
    double most = 0.0;
    for (const double value : values)
        most = std::max(most, std::abs(value));
    return most;
}

} // namespace

class TestDeepLift : public QObject
{
    Q_OBJECT

private slots:
    /// The points' outputs are the network's; what contributions add up to is the change of the output, and no layer leaks.
    void addsUp()
    {
        std::map<std::string, int> met;
        double worst = 0.0, worstLeak = 0.0;
        for (int seed = 0; seed < networkCount; ++seed) {
            const Subject subject(seed);
            const SmoothNetwork smooth(subject.network, subject.groups());
            Task task;
            const Features features = subject.rows(2, "rows");
            const Points rows = smooth.points(features, task), references = smooth.points(subject.rows(3, "references"), task);
            const OutputTransform same;
            DeepLiftContributions result;
            result.outputs = smooth.outputsAt(rows, same, 0, rows.rows);
            const std::vector<double> there = smooth.outputsAt(references, same, 0, references.rows);
            const std::size_t outputs = smooth.outputs();

            const ForwardPlan plan(subject.network);
            ForwardPlan::Workspace workspace(plan, features.rows);
            const float* raw = plan.run({2, features.numbers.data(), features.categories.data()}, workspace);
            const double size = std::max(largest(result.outputs), largest(there));
            for (std::size_t i = 0; i < result.outputs.size(); ++i)
                if (std::abs(result.outputs[i] - raw[i]) > 1e-3 * std::max(1.0, size))
                    QFAIL(("output " + std::to_string(result.outputs[i]) + " is " + std::to_string(raw[i]) + subject.described(seed)).c_str());

            result.values.assign(rows.rows * outputs * rows.width, 0.0);
            std::vector<LayerLeak> leaks = emptyLedger(smooth);
            addDeepLift(smooth, rows, references, same, 0, rows.rows, 4, result, leaks, task);
            for (std::size_t cell = 0; cell < result.outputs.size(); ++cell) {
                double sum = 0.0, change = result.outputs[cell];
                for (std::size_t k = 0; k < rows.width; ++k)
                    sum += result.values[cell * rows.width + k];
                for (std::size_t b = 0; b < references.rows; ++b)
                    change -= there[b * outputs + cell % outputs] / static_cast<double>(references.rows);
                const double gap = std::abs(sum - change) / std::max(size, 1e-3);
                worst = std::max(worst, gap);
                if (!(gap <= 1e-6))
                    QFAIL(("contributions miss by " + std::to_string(gap) + subject.described(seed)).c_str());
            }
            for (const LayerLeak& leak : leaks) {
                ++met[leak.type];
                worstLeak = std::max(worstLeak, leak.leak / std::max(size, 1e-3));
                if (!(leak.leak <= 1e-6 * std::max(size, 1e-3)))
                    QFAIL((leak.layer + " leaks " + std::to_string(leak.leak) + subject.described(seed)).c_str());
            }
        }
        qInfo("largest gap %.2g, largest leak %.2g of the outputs' size", worst, worstLeak);
        for (const LayerType& type : layerCatalog())
            QVERIFY2(type.name == "Input" || type.name.starts_with("Block") || met[type.name] >= 5, (type.name + " in " + std::to_string(met[type.name])).c_str());
    }

    /// The slope along a random direction, against central differences with two steps; a kink between the two ends may spoil one in twenty.
    void gradients()
    {
        int spoilt = 0;
        std::string last;
        for (int seed = networkCount; seed < networkCount + differentiatedCount; ++seed) {
            const Subject subject(seed);
            const SmoothNetwork smooth(subject.network, subject.groups());
            Task task;
            const OutputTransform same;
            const Points at = smooth.points(subject.rows(1, "rows"), task);
            const std::size_t outputs = smooth.outputs();
            PointGradients result;
            result.outputs.resize(outputs);
            result.gradients.resize(outputs * at.width);
            smooth.gradientsAt(at, same, BackwardRule::Gradient, 0, 1, result, task);
            Random random(static_cast<std::uint64_t>(seed), "direction");
            std::vector<double> direction(at.width);
            for (double& value : direction)
                value = random.normal();
            std::vector<double> slopes(outputs, 0.0);
            for (std::size_t output = 0; output < outputs; ++output)
                for (std::size_t k = 0; k < at.width; ++k)
                    slopes[output] += result.gradients[output * at.width + k] * direction[k];
            bool close = false;
            for (const double step : {1e-5, 1e-7}) {
                Points ends{2, at.width, at.values};
                ends.values.insert(ends.values.end(), at.values.begin(), at.values.end());
                for (std::size_t k = 0; k < at.width; ++k) {
                    ends.row(0)[k] -= step * direction[k];
                    ends.row(1)[k] += step * direction[k];
                }
                const std::vector<double> values = smooth.outputsAt(ends, same, 0, 2);
                double gap = 0.0;
                for (std::size_t output = 0; output < outputs; ++output)
                    gap = std::max(gap, std::abs((values[outputs + output] - values[output]) / (2.0 * step) - slopes[output]));
                close = close || gap <= 1e-4 * std::max(largest(slopes), 1e-2 * std::max(1e-3, largest(values)));
            }
            if (!close) {
                ++spoilt;
                last = subject.described(seed);
            }
        }
        QVERIFY2(spoilt <= differentiatedCount / 20, (std::to_string(spoilt) + last).c_str());
    }
};

QTEST_GUILESS_MAIN(TestDeepLift)
#include "tst_deep_lift.moc"
