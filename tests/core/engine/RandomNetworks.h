#pragma once

#include "core/base/Random.h"
#include "core/model/NetworkSpec.h"

namespace limpid::test {

/// A valid network and the data that it is for.
struct RandomNetwork {
    NetworkSpec spec;
    NetworkContext context;
};

/// A network of 5 to 60 small layers, the same for the same seed: a layer of type `wanted` (or any, where it is "") and others
/// of the whole catalogue around it, with blocks that nest and repeat, shared weights, frozen layers, several inputs and outputs,
/// and now and then a layer that nothing uses. Settings are in PyTorch's ranges by construction; throws std::logic_error, which
/// names layer and settings, where the catalogue refuses one. `dropout`: whether layers may drop anything while training.
RandomNetwork randomNetwork(std::uint64_t seed, const std::string& wanted, bool dropout);

} // namespace limpid::test
