#pragma once

#include "core/model/NetworkSpec.h"

namespace limpid {

/// A setting with what it comes to before and after: the default where it is not there, null where the layer has no such setting.
struct ParamChange {
    std::string name;
    nlohmann::json before, after;
    bool operator==(const ParamChange&) const = default;
};

/// One thing that is different between two networks.
struct NodeChange {
    enum class Kind {
        Added,         ///< id after
        Removed,       ///< id before
        Changed,       ///< the same id on both sides: type, settings, inputs or shared weights
        Renamed,       ///< type, settings and inputs are the same under another id
        Outputs,       ///< other outputs, or in another order: in `inputs`
        BlockAdded,    ///< `block` alone; what is in it is not listed
        BlockRemoved,
    };
    Kind kind = Kind::Changed;
    std::string block = {};                           ///< the block within which it is, or "" for the network itself
    std::string before = {}, after = {};              ///< ids; "" where there is none on that side
    std::string typeBefore = {}, typeAfter = {};
    std::vector<ParamChange> params = {};             ///< of Changed
    bool inputsChanged = false;                       ///< not where they were only renamed
    std::vector<std::string> inputsBefore = {}, inputsAfter = {};
    std::string sharesBefore = {}, sharesAfter = {};  ///< different where whose weights it uses changed
    bool operator==(const NodeChange&) const = default;
};

/// What turns one network into the other, node by node: first the network itself, what was there in its old order, then what is new in its
/// new order, then its outputs; then block by block. Where nodes stand on the canvas, comments, and defaults that are written out are no
/// change. A node whose id is on both sides is one node; of the others, those of the same type, settings and inputs are renamed ones.
std::vector<NodeChange> networkChanges(const NetworkSpec& before, const NetworkSpec& after);

/// Whether both are the same, node for node in the same order, but for where nodes stand and for comments. In far less time than
/// networkChanges(), to which a default that is written out is no change either.
bool sameButPlaces(const NetworkSpec& a, const NetworkSpec& b);

/// "added", "removed", "changed", "renamed", "outputs", "block-added", "block-removed".
std::string_view nodeChangeName(NodeChange::Kind kind);

} // namespace limpid
