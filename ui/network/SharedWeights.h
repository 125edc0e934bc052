#pragma once

#include "core/model/NetworkSpec.h"

namespace limpid::edits {

/// Whether layers of that type hold weights at all.
bool holdsWeights(std::string_view type);

/// The nodes whose weights `id` may use (NodeSpec::shares), in the order of reading: those of its kind that have weights of
/// the same sizes, their own, and lead to an output where it does itself. None while another node uses its weights.
/// `analysis` is the network's, or, of a block's inside, insideAnalysis().
std::vector<std::string> weightOwners(const NetworkSpec& network, const NetworkAnalysis& analysis, std::string_view id);

} // namespace limpid::edits
