#pragma once

#include "core/engine/LayerSummary.h"
#include "core/workbench/Workbench.h"

#include <span>

namespace limpid {

/// The weights that a run gave.
struct RunWeights {
    std::int64_t run = 0;
    Weights weights;
};

/// Of the first of these runs that trained this very network (wherever its nodes stand) on this data, split and prepared as the
/// request says, and gave a model; nothing where there is none. Runs that are gone or can't be read are passed over.
std::optional<RunWeights> weightsOfSameRun(const Workspace& workspace, std::span<const std::int64_t> runs, const DataSet& data,
                                           const TrainRequest& request, const NetworkSpec& network, Task& task);

/// What each layer gives for a batch of the table's training rows.
struct NetworkPreview {
    std::size_t rows = 0;      ///< the first of them: 256, or fewer where the layers are large
    std::int64_t run = 0;      ///< whose weights they are; 0: those that training begins with
    std::vector<engine::LayerSummary> layers;
};

/// What previewNetwork() takes of the memory, at most.
std::uint64_t previewBytes(const TrainPlan& plan);

/// With the weights of `trained` where they are given and fit, else with those that training from `seed` begins with. Throws what
/// planning and building a network throw.
NetworkPreview previewNetwork(const DataSet& data, const TrainPlan& plan, std::uint64_t seed, const RunWeights* trained, Task& task);

} // namespace limpid
