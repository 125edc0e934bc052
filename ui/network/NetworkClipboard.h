#pragma once

#include "ui/network/NetworkEdits.h"

namespace limpid::edits {

/// The nodes and comments (by index) as a network of their own, with the edges among them and the blocks they use, in the
/// file's own JSON, indented; "" for none of them.
std::string copied(const NetworkSpec& network, const std::vector<std::string>& ids, const std::vector<std::size_t>& comments = {});

/// Whether the text may be a network: quick, for menus. paste() says more.
bool looksCopied(std::string_view text);

/// Adds what copied() gave, here or in another window, and gives the ids of the new nodes, in the order of the text. Names
/// that are taken are replaced by free ones, in the edges too; so are those of blocks, unless the same block is there. `at`: the top left corner of them all; by itself they stand
/// beside where they were copied from. Throws NetworkFormat, NetworkLayerUnknown, and then nothing has changed.
std::vector<std::string> paste(NetworkSpec& network, std::string_view text, std::optional<Point> at = std::nullopt);

} // namespace limpid::edits
