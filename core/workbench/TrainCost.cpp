#include "core/workbench/TrainCost.h"

#include "core/engine/ForwardPlan.h"

#include <algorithm>

namespace limpid {

namespace {

constexpr double flopsPerSecond = 10e9;    ///< of one core, on the products of small networks
constexpr double secondsPerStep = 5e-6;    ///< whatever the network: gathering, the optimizer, telling
constexpr std::uint64_t weightCopies = 8;  ///< weights, gradients, two moments, averaged, best, and a checkpoint under way

} // namespace

TrainCost estimateTraining(const TrainPlan& plan, const TrainSpec& spec)
{
    const std::size_t trainRows = plan.split.train.size(), validationRows = plan.split.validation.size();
    const std::size_t batch = static_cast<std::size_t>(spec.batchSize > 0 ? spec.batchSize : automaticBatchSize(trainRows));
    const LayerCost& network = plan.analysis.total;
    const auto parameters = static_cast<std::uint64_t>(std::max<std::int64_t>(0, network.parameters));
    const auto activations = static_cast<std::uint64_t>(std::max<std::int64_t>(0, network.activations));

    TrainCost cost;
    const std::uint64_t encoded = plan.pipeline.numberWidth() + plan.pipeline.cardinalities().size() + plan.pipeline.textWidth()
                                  + static_cast<std::uint64_t>(plan.context.outputs);
    cost.bytes = sizeof(float) * ((trainRows + validationRows) * encoded + weightCopies * parameters
                                  + activations * (2 * std::min(batch, trainRows) + std::min(engine::chunkRows(network.activations), std::max(trainRows, validationRows))));
    // Forward and back are three times the products of a forward pass alone.
    const double rows = static_cast<double>(trainRows) * 3.0 + static_cast<double>(validationRows);
    cost.seconds = spec.epochs
                   * (rows * static_cast<double>(network.flops) / flopsPerSecond
                      + static_cast<double>(stepsPerEpoch(spec, trainRows)) * secondsPerStep);
    return cost;
}

} // namespace limpid
