#pragma once

#include "core/engine/SmoothNetwork.h"

namespace limpid::engine {

/// DeepLIFT with a rule for every layer of the catalogue, each of which adds up: what a layer's inputs contribute is what its output
/// contributes.
/// - Layers that are affine (Linear, convolutions, average pools, batch norms, pads, Add, Concat, …): their own linear map.
/// - Functions value by value (ReLU to Hardswish): the rescale rule.
/// - Max pools: the change of each window's largest value, to where the larger of the two ends has it.
/// - Softmax: the rescale rule between a logit and its own probability, as shap has it; where that is no slope at all (the logit hardly moves), and for
///   a model's classes in OutputSpace::Probability, the mean gradient along the line.
/// - All others (products, layer norms, recurrent layers, attention): the mean gradient along the line from reference to row.
/// Contributions of the rows [begin, end) are added to `result`, weighted 1 / references; `leaks` (one a layer and one for the transform, or empty)
/// is raised to what was found. `cap`: pairs at once.
void addDeepLift(const SmoothNetwork& network, const Points& rows, const Points& references, const OutputTransform& transform,
                 std::size_t begin, std::size_t end, std::size_t cap, DeepLiftContributions& result, std::vector<LayerLeak>& leaks,
                 Task& task);

/// How many rows it takes together for so many references. The last bits go by where `begin` is, so let it be a multiple of this.
std::size_t deepLiftRowsAtOnce(std::size_t references, std::size_t cap);

/// A ledger with nothing in it: from the transform, where there is one, to the first layer behind the inputs. For addDeepLift.
std::vector<LayerLeak> emptyLedger(const SmoothNetwork& network);

} // namespace limpid::engine
