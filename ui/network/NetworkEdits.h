#pragma once

#include "core/model/NetworkSpec.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace limpid {

/// Every way in which the canvas changes a network, as functions on a value: an editor copies the network, applies one
/// of these and hands the copy to Session::setNetwork. Nothing here knows widgets or undo. Coordinates are in canvas
/// pixels, of a node's top left corner.
namespace edits {

inline constexpr double nodeWidth = 170.0, nodeHeight = 52.0;
inline constexpr double columnPitch = 208.0, rowPitch = 92.0; ///< distances of autoLayout

struct Point {
    double x = 0.0, y = 0.0;
};

/// Adds an unwired node and gives its id: the layer's name in lower case, with a number where that is taken. A BlockInput
/// stands for the block's next input.
std::string addNode(NetworkSpec& network, std::string_view type, Point at);
/// Adds a node below `after`, which then feeds it: what `after` fed is fed by the new node instead, and where `after`
/// gave the prediction the new node gives it, as it does where nothing gave it and the chain ends here. A layer without
/// inputs is added unwired.
std::string appendAfter(NetworkSpec& network, std::string_view type, std::string_view after);
/// Adds a node into the edge from → to. What lies below is moved down where it would be covered.
std::string insertOnEdge(NetworkSpec& network, std::string_view type, std::string_view from, std::string_view to);

/// Removes nodes. Where a node had one input, those it fed are fed by that input instead; where it had several and
/// fed one node that takes any number (Concat, Add), that one takes them all. The prediction passes to a single input.
void removeNodes(NetworkSpec& network, const std::vector<std::string>& ids);

/// Whether an edge from → to may be drawn: both exist, `to` takes inputs, no cycle, not there already.
bool canConnect(const NetworkSpec& network, std::string_view from, std::string_view to);
/// Draws it, if it may be; a layer with one input gives up its old one. False where nothing was done. The prediction
/// passes on, see passPrediction().
bool connect(NetworkSpec& network, std::string_view from, std::string_view to);
/// For an edge that has just been drawn: where `from` ended a chain and gave the prediction, the end of the chain that it now
/// feeds gives it, if there is but one.
void passPrediction(NetworkSpec& network, std::string_view from, std::string_view to);
bool disconnect(NetworkSpec& network, std::string_view from, std::string_view to);

/// Whether the text is an id: [A-Za-z0-9_-]+.
bool isId(std::string_view text);
/// False, and nothing changed, where `to` is no id or taken.
bool rename(NetworkSpec& network, std::string_view from, std::string_view to);

/// Copies nodes beside themselves, with the edges among them and those that came from outside; gives the copies' ids.
std::vector<std::string> duplicate(NetworkSpec& network, const std::vector<std::string>& ids);

void setParam(NetworkSpec& network, std::string_view id, const std::string& name, const nlohmann::json& value);
void move(NetworkSpec& network, std::string_view id, Point to);

/// Places all nodes in layers: a node's layer is its longest path from a source; within layers the order is by
/// barycentre (Sugiyama, Tagawa, Toda 1981, §4), several sweeps down and up; columns are centred over their neighbours
/// without overlap. Nodes on a cycle come last. Deterministic.
void autoLayout(NetworkSpec& network);
/// Whether no positions were ever given: several nodes, and two of them in one place.
bool needsLayout(const NetworkSpec& network);

/// Ids in the order of reading: by y, then x.
std::vector<std::string> readingOrder(const NetworkSpec& network);

/// An edit that mends an issue.
struct Mend {
    enum class Kind { SetWidth, Remove, MakeOutput, ResetParam, AddOutputLayer, FlattenInput, OwnWeights };
    Kind kind = Kind::Remove;
    std::string node;          ///< what it changes
    std::string param;         ///< ResetParam
    std::int64_t width = 0;    ///< SetWidth, AddOutputLayer
};
/// The obvious mend of an issue, where there is one.
std::optional<Mend> mendOf(const Issue& issue, const NetworkSpec& network, const NetworkContext& context);
void apply(NetworkSpec& network, const Mend& mend);

} // namespace edits
} // namespace limpid
