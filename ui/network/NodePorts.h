#pragma once

#include "core/model/NetworkSpec.h"

namespace limpid::edits {

/// The names of a node's inputs, where each has its own meaning ("query", "key", "value"; a block's by its BlockInputs);
/// empty where they are alike.
std::vector<std::string> portNames(const NetworkSpec& network, const NodeSpec& node);

/// As connect(), into that input where inputs have names: it replaces what is there, and inputs before it that are still
/// empty get the same.
bool connectPort(NetworkSpec& network, std::string_view from, std::string_view to, int port);

/// The block that a node uses, or "" for any other node.
std::string blockOf(const NodeSpec& node);
int repeatsOf(const NodeSpec& node);

/// In lists of layers a block stands as "Block:name".
inline constexpr std::string_view blockPrefix = "Block:";
/// The node's type of such an entry; of a layer its own name.
std::string_view typeOf(std::string_view entry);

/// What a block makes of these inputs, by its port; none where it refuses them or it can't be told.
std::optional<TensorShape> blockOutcome(const NetworkSpec& network, std::string_view block, const std::vector<TensorShape>& inputs, int depth = 0);

} // namespace limpid::edits
