#include "core/workbench/NetworkPreview.h"

#include "core/engine/Network.h"
#include "core/model/NetworkDiff.h"
#include "core/workbench/RunSetup.h"

#include <algorithm>

namespace limpid {

namespace {

constexpr std::int64_t mostRows = 256, mostFloats = std::int64_t{1} << 25; // 128 MiB

std::size_t rowsShown(const engine::Network& network, std::size_t available)
{
    std::int64_t values = 1;
    for (const engine::Layer& layer : network.layers())
        values += layer.width;
    return std::min(available, static_cast<std::size_t>(std::clamp<std::int64_t>(mostFloats / values, 1, mostRows)));
}

bool isOfSame(const RunRecord& run, const DataSet& data, const TrainRequest& request, const NetworkSpec& network)
{
    if (run.status != RunStatus::Finished && run.status != RunStatus::Stopped)
        return false;
    const nlohmann::json& from = run.data;
    return from.is_object() && from.value("sha256", nlohmann::json()) == data.sha256 && from.value("options", nlohmann::json()) == toJson(data.csv.used)
        && run.split == toJson(request.split) && run.pipeline == toJson(request.pipeline) && sameButPlaces(NetworkSpec::fromJson(run.network), network);
}

} // namespace

std::optional<RunWeights> weightsOfSameRun(const Workspace& workspace, std::span<const std::int64_t> runs, const DataSet& data,
                                           const TrainRequest& request, const NetworkSpec& network, Task& task)
{
    for (const std::int64_t id : runs) {
        task.checkpoint();
        try {
            if (isOfSame(workspace.run(id), data, request, network))
                return RunWeights{id, workspace.loadBundle(workspace.resolve("run:" + std::to_string(id))).weights};
        } catch (const Error&) { // the one before may do
        }
    }
    return std::nullopt;
}

std::uint64_t previewBytes(const TrainPlan& plan)
{
    // Weights and gradients, the weights of a run as read and as bytes; what layers give, and as much while one of them works.
    return 16 * static_cast<std::uint64_t>(std::max<std::int64_t>(0, plan.analysis.total.parameters)) + 8 * mostFloats;
}

NetworkPreview previewNetwork(const DataSet& data, const TrainPlan& plan, std::uint64_t seed, const RunWeights* trained, Task& task)
{
    engine::Network network(plan.network, plan.context);
    network.initialise(seed);
    NetworkPreview preview;
    if (trained) {
        try {
            network.load(trained->weights, "");
            preview.run = trained->run;
        } catch (const Error&) { // perhaps loaded in part
            network.initialise(seed);
        }
    }
    const std::vector<std::size_t>& all = plan.split.train;
    const std::vector<std::size_t> rows(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(rowsShown(network, all.size())));
    Issues issues;
    const Features features = plan.pipeline.transform(data.table(), rows, false, issues);
    throwFirstError(issues);
    preview.rows = features.rows;
    preview.layers = engine::summariseLayers(network, features, task);
    return preview;
}

} // namespace limpid
