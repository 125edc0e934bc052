#pragma once

#include "core/model/NetworkSpec.h"

namespace limpid {

// Named blocks: parts of a network that are drawn once and used, and repeated, wherever one likes.

/// How many inputs a block has.
std::size_t blockPorts(const GraphSpec& body);

/// Makes a block of the nodes and puts one use of it in their place, under `name`, or the first free of name2, name3, …
/// What fed them from outside becomes the block's inputs, in the order in which it is met; gives the use's id, or "" with the
/// network unchanged where they can't be a block: none of them, or what they give outside comes from several of them, or a
/// path leads out of them and back in.
std::string foldNodes(NetworkSpec& network, const std::vector<std::string>& ids, const std::string& name);
/// Puts a use's nodes in its place, as often as it repeats; gives their ids. The block goes where nothing uses it any more.
std::vector<std::string> unfoldBlock(NetworkSpec& network, const std::string& use);

/// A block's inside as a network that editors can show and change; the same blocks belong to it.
NetworkSpec blockAsNetwork(const NetworkSpec& network, const std::string& block);
/// The network with that block's inside changed to what is in `inside`, its blocks included.
NetworkSpec withBlock(NetworkSpec network, const std::string& block, const NetworkSpec& inside);
/// What the analysis says of a block's inside: of its first use, the shapes that flow there.
NetworkAnalysis insideAnalysis(const NetworkSpec& network, const NetworkAnalysis& analysis, const std::string& block);

/// The analysis of the flat nodes under `prefix` ("", or "use.", "use.1.") gathered for the graph's own nodes, in their order.
std::vector<NodeAnalysis> foldAnalysis(const GraphSpec& graph, const std::string& prefix, const NetworkAnalysis& analysis);

} // namespace limpid
