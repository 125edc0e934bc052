#pragma once

#include "core/model/NetworkSpec.h"

#include <filesystem>
#include <optional>

namespace limpid {

/// A network with what is known of the data that it is for.
struct FoundNetwork {
    NetworkSpec network;
    std::optional<NetworkContext> context;   ///< of a model or an ONNX file
};

/// A network out of a file: ONNX where the name ends so, else its JSON. Of a file that is too long no more is read than tells so.
/// Throws what readFile(), readOnnx() and readNetworkText() throw.
FoundNetwork readNetworkFile(const std::filesystem::path& path);

} // namespace limpid
