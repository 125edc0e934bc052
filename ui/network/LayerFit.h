#pragma once

#include "ui/network/NetworkEdits.h"

namespace limpid::edits {

/// Where a new layer is wanted: beside what is there, or in the open.
struct Opening {
    enum class Kind {
        Free,    ///< unwired
        Below,   ///< after `node`; what that fed is fed by the new layer
        Branch,  ///< after `node`, beside what that feeds already
        Above,   ///< feeds input `port` of `node`; what fed that one feeds the new layer
        Edge     ///< between `node` and `to`
    };
    Kind kind = Kind::Free;
    std::string node = {}, to = {};
    int port = 0;
};

/// The layers that may stand there, the usual ones first: those that take the shape found there as they come, and give
/// one that what follows takes, and below an Input of numbers Reshape; then the network's blocks that do, as "Block:name"
/// (NodePorts.h). Where the shape is not known: all that take inputs at all.
std::vector<std::string> fittingLayers(const NetworkSpec& network, const NetworkAnalysis& analysis, const Opening& opening);

/// Adds the layer there, wired, and gives its id. `at`: where its top left corner should be; by itself it finds a place.
std::string addAt(NetworkSpec& network, std::string_view entry, const Opening& opening, std::optional<Point> at = std::nullopt);

/// All nodes that an edge from `id` may be drawn to (`down`), or from which one may be drawn to it; in the order of
/// reading. The same as canConnect, for all at once; a layer whose inputs have names may take one node for several of them.
std::vector<std::string> connectable(const NetworkSpec& network, std::string_view id, bool down);

} // namespace limpid::edits
