#pragma once

#include "core/base/ResourceUse.h"

#include <nlohmann/json_fwd.hpp>

namespace limpid {

// RunRecord::resources: {"seconds", "cpu_seconds": {"kind", "value", "low", "high"}, "peak_bytes", "joules", "shared"}.
// A figure that can't be had has its kind alone.

nlohmann::json toJson(const ResourceUse& use);
/// Of null: every figure is unavailable. Throws WorkspaceCorrupt.
ResourceUse resourceUseFromJson(const nlohmann::json& json);

/// What two stretches of one run took together: times and energy add up, of memory the larger counts. A figure that one
/// of them lacks is unavailable, and one that either estimates is estimated.
ResourceUse together(const ResourceUse& before, const ResourceUse& after);

} // namespace limpid
