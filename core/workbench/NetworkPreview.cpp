#include "core/workbench/NetworkPreview.h"

#include <algorithm>

namespace limpid {

namespace {

constexpr std::size_t rowsShown = 256;

} // namespace

NetworkPreview previewNetwork(const DataSet& data, const TrainPlan& plan, std::uint64_t seed, const Weights* weights, Task& task)
{
    std::vector<std::size_t> rows(plan.split.train.begin(),
                                  plan.split.train.begin() + static_cast<std::ptrdiff_t>(std::min(rowsShown, plan.split.train.size())));
    Issues issues;
    const Features features = plan.pipeline.transform(data.table(), rows, false, issues);
    throwFirstError(issues);
    engine::Network network(plan.network, plan.context);
    network.initialise(seed);
    NetworkPreview preview;
    preview.rows = features.rows;
    if (weights) {
        try {
            network.load(*weights, "");
            preview.trained = true;
        } catch (const Error&) { // drawn otherwise since, and perhaps loaded in part
            network.initialise(seed);
        }
    }
    preview.layers = engine::summariseLayers(network, features, task);
    return preview;
}

} // namespace limpid
