#pragma once

#include "app/cli/NetworkFile.h"
#include "core/model/NetworkDiff.h"

#include <QString>

namespace limpid {

/// A table of the layers, with shapes and costs where there is an analysis, then what it comes to.
void printNetwork(const NetworkSpec& network, const NetworkAnalysis* analysis);
/// {"network", "layers": [{"id", "type", "shape", "parameters", "flops", "activations"}], "total"}; shapes are null where they aren't known.
nlohmann::json networkJson(const NetworkSpec& network, const NetworkAnalysis* analysis);

/// One line a change.
void printChanges(const std::vector<NodeChange>& changes);
nlohmann::json changesJson(const std::vector<NodeChange>& changes);

} // namespace limpid
