#pragma once

#include "core/engine/LayerSummary.h"
#include "core/workbench/Workbench.h"

namespace limpid {

/// What each layer gives for a batch of the table's training rows.
struct NetworkPreview {
    std::size_t rows = 0;
    bool trained = false;      ///< by the weights of `run`, else by first ones
    std::int64_t run = 0;
    std::vector<engine::LayerSummary> layers;
};

/// `weights` of a run of this very network are used where there are any; where they do not fit, or there are none, the weights
/// that training would begin with. Throws what planning and building a network throw.
NetworkPreview previewNetwork(const DataSet& data, const TrainPlan& plan, std::uint64_t seed, const Weights* weights, Task& task);

} // namespace limpid
