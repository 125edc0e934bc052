#pragma once

#include "core/engine/Network.h"

namespace limpid::engine {

/// The first values of one tensor, by its rule and a random stream of its own.
void initialiseSlot(const Slot& slot, std::uint64_t seed, std::span<float> values);

} // namespace limpid::engine
