#pragma once

#include "app/cli/Context.h"
#include "core/model/NetworkSpec.h"

#include <filesystem>
#include <optional>

namespace limpid {

/// A network with what is known of the data that it is for.
struct FoundNetwork {
    NetworkSpec network;
    std::optional<NetworkContext> context;   ///< of a model or an ONNX file
};

/// A JSON or ONNX file. Throws what readFile(), readOnnx() and readNetworkText() throw.
FoundNetwork readNetworkFile(const std::filesystem::path& path);

/// Whether it is meant as a file, not a name: there is one, or it looks like a path.
bool isNetworkFile(const std::string& text);

/// FILE, the folder of an exported model, or MODEL. Throws ModelUnknown and the like.
FoundNetwork findNetwork(const CliContext& context, const std::string& reference);

} // namespace limpid
