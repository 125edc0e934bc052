#pragma once

#include "core/model/NetworkSpec.h"

namespace limpid {

/// Where what is drawn is in the flat network, in which figures of training and of outputs are told: the network's own nodes, or
/// those inside a block, in its first use, as the shapes shown there are.
class FlatPlaces
{
public:
    FlatPlaces() = default;
    /// `path`: the blocks one is in, the outermost first. Keeps a reference to `flat`.
    FlatPlaces(const FlatNetwork& flat, const std::vector<std::string>& path);

    /// The flat node whose output is the node's; "" where there is none.
    std::string givenBy(const NodeSpec& node) const;
    /// The flat nodes that what comes into this input of a node goes to: of a block, those inside it.
    std::vector<std::string> fedBy(const NodeSpec& node, std::size_t port) const;

private:
    const FlatNetwork* m_flat = nullptr;
    const FlatNetwork::Use* m_inside = nullptr;
    bool m_known = false;
};

} // namespace limpid
