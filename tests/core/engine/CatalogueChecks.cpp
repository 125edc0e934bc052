#include "tests/core/engine/CatalogueChecks.h"

#include "core/engine/ForwardPlan.h"
#include "core/engine/Pass.h"
#include "tests/core/engine/TorchReference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace limpid::test {

using namespace engine;

namespace {

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

// ---- values and gradients

/// Initial values with some noise, so that biases, norms and what "zeros" begins count as well; a variance stays positive.
void stir(Network& network, std::uint64_t seed)
{
    network.initialise(seed);
    Random random(seed, "noise");
    for (const Slot& slot : network.weightSlots())
        for (float& value : network.values().subspan(slot.offset, slot.count))
            value += static_cast<float>(slot.name.ends_with("running_var") ? random.uniform() : 0.2 * random.normal());
}

double largest(const std::vector<double>& values)
{
    double most = 0.0;
    for (const double value : values)
        most = std::max(most, std::abs(value));
    return most;
}

double distance(const std::vector<double>& a, const std::vector<double>& b)
{
    double most = a.size() == b.size() ? 0.0 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
        most = std::max(most, std::isfinite(a[i]) ? std::abs(a[i] - b[i]) : std::numeric_limits<double>::infinity());
    return most;
}

std::vector<double> doubles(std::span<const float> values)
{
    return {values.begin(), values.end()};
}

/// A network, and both references, with the same weights.
struct Compared {
    Compared(const RandomNetwork& random, std::uint64_t seed)
        : network(random.spec, random.context), exact(random.spec, random.context, true), single(random.spec, random.context, false),
          rows(random.context, 6, seed), order(orderOf(analyse(random.spec, random.context)))
    {
        stir(network, seed);
        forward(false); // makes the modules
        exact.load(network.weights());
        single.load(network.weights());
        Random gradients(seed, "gradient");
        for (std::int64_t i = 0; i < rows.batch.rows * network.outputs(); ++i)
            outputGradient.push_back(static_cast<float>(gradients.normal()));
    }
    void forward(bool training)
    {
        exact.forward(rows.batch, order, training);
        single.forward(rows.batch, order, training);
    }
    std::vector<double> outputs(const float* raw) const { return {raw, raw + rows.batch.rows * network.outputs()}; }

    Network network;
    TorchReference exact, single;
    Rows rows;
    std::vector<std::string> order;
    std::vector<float> outputGradient;
};

/// The first difference between a pass and the references after a step, or "". The references have done theirs.
std::string stepDifference(Compared& compared, Network& network, const std::vector<double>& outputs, Closeness& closeness)
{
    if (!closeness.accepts(outputs, compared.exact.outputs(), compared.single.outputs(), 1.0))
        return "outputs: " + std::to_string(distance(outputs, compared.exact.outputs())) + " of " + std::to_string(largest(compared.exact.outputs()));
    double ofAll = 0.0;
    for (const Slot& slot : network.weightSlots())
        ofAll = std::max(ofAll, slot.trained ? largest(compared.exact.gradient(slot.name)) : 0.0);
    for (const Slot& slot : network.weightSlots()) {
        const bool isStatistic = slot.name.ends_with("running_mean") || slot.name.ends_with("running_var");
        if (!slot.trained && !isStatistic)
            continue; // frozen: its gradient is nobody's
        const auto part = isStatistic ? network.values().subspan(slot.offset, slot.count) : network.gradients().subspan(slot.offset, slot.count);
        const std::vector<double> exact = isStatistic ? compared.exact.value(slot.name) : compared.exact.gradient(slot.name);
        const std::vector<double> single = isStatistic ? compared.single.value(slot.name) : compared.single.gradient(slot.name);
        if (!closeness.accepts(doubles(part), exact, single, isStatistic ? 1.0 : ofAll))
            return slot.name + ": " + std::to_string(distance(doubles(part), exact)) + " of " + std::to_string(largest(exact)) + ", LibTorch's own is off by "
                   + std::to_string(distance(single, exact));
    }
    return {};
}

} // namespace

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

bool Closeness::accepts(const std::vector<double>& ours, const std::vector<double>& exact, const std::vector<double>& single, double ofAll)
{
    const double error = distance(ours, exact);
    if (error <= 1e-4 * largest(exact) + 1e-5 * ofAll)
        return true;
    ++magnified;
    return error <= 30.0 * distance(single, exact);
}

std::string valueDifference(const RandomNetwork& random, std::uint64_t seed, Closeness& closeness)
{
    Compared compared(random, seed);
    const auto rows = static_cast<std::size_t>(compared.rows.batch.rows);
    // Prediction: nothing is drawn, batches are normalised by the running statistics.
    compared.forward(false);
    const ForwardPlan plan(compared.network);
    ForwardPlan::Workspace workspace(plan, rows);
    const std::vector<double> predicted = compared.outputs(plan.run(compared.rows.batch, workspace));
    if (!closeness.accepts(predicted, compared.exact.outputs(), compared.single.outputs(), 1.0))
        return "prediction: " + std::to_string(distance(predicted, compared.exact.outputs())) + " of " + std::to_string(largest(compared.exact.outputs()));

    // A step of training, by the pass that trains and by the one that it is held against.
    Network other(random.spec, random.context);
    other.load(compared.network.weights(), "");
    compared.forward(true);
    compared.exact.backward(compared.outputGradient);
    compared.single.backward(compared.outputGradient);
    Random dropout(1, "dropout");
    for (Network* network : {&compared.network, &other}) {
        const std::unique_ptr<Pass> pass = network == &other ? makeAutogradPass(*network) : makePlannedPass(*network, rows);
        const std::vector<double> outputs = compared.outputs(pass->forward(compared.rows.batch, dropout));
        pass->backward(compared.outputGradient.data(), false);
        const std::string difference = stepDifference(compared, *network, outputs, closeness);
        if (!difference.empty())
            return (network == &other ? "autograd pass: " : "planned pass: ") + difference;
    }
    return {};
}

} // namespace limpid::test
