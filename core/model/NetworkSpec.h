#pragma once

#include "core/data/Pipeline.h"
#include "core/model/LayerCatalog.h"

namespace limpid {

struct NodeSpec {
    std::string id;                    ///< unique, [A-Za-z0-9_-]+, prefix of its weights' names ("hidden1.weight")
    std::string type;                  ///< a layer of the catalogue
    ParamValues params = ParamValues::object();
    std::vector<std::string> inputs;   ///< ids
    double x = 0.0, y = 0.0;           ///< where the canvas shows it; no meaning otherwise
    bool operator==(const NodeSpec&) const = default;
};

/// A directed acyclic graph of layers: plain, readable JSON
/// {"format": "limpid-network", "version": 1, "nodes": [{"id", "type", "params", "inputs", "position"}], "output": id}.
/// A value: editors change a copy and put the old one on their undo stack.
struct NetworkSpec {
    std::vector<NodeSpec> nodes;
    std::string output;                ///< id of the node that gives the prediction

    const NodeSpec* find(std::string_view id) const;
    NodeSpec* find(std::string_view id);
    /// `stem` or the first free of stem2, stem3, …
    std::string freeId(std::string_view stem) const;

    nlohmann::json toJson() const;
    /// Throws NetworkFormat, NetworkLayerUnknown.
    static NetworkSpec fromJson(const nlohmann::json& json);
    bool operator==(const NetworkSpec&) const = default;
};

/// What the data offers to a network and wants of it.
struct NetworkContext {
    std::int64_t numbers = 0;                 ///< width of Input {features: "numbers"}
    std::vector<std::int64_t> cardinalities;  ///< of Input {features: "categories"}
    std::int64_t outputs = 1;                 ///< what the output node must give: 1, the number of classes (> 2) or of targets
};
NetworkContext networkContext(const Pipeline& pipeline);

struct NodeAnalysis {
    std::string id;
    TensorShape shape;
    bool valid = false;     ///< the shape is known
    LayerCost cost;
};

struct NetworkAnalysis {
    std::vector<NodeAnalysis> nodes;   ///< parallel to NetworkSpec::nodes
    std::vector<std::size_t> order;    ///< topological, of the nodes that are on no cycle
    LayerCost total;
    Issues issues;                     ///< where = node id
    bool ok() const;                   ///< no issue of severity Error
};

NetworkAnalysis analyse(const NetworkSpec& network, const NetworkContext& context);

/// The presets by name: "mlp" (the default), "linear", "wide-and-deep", "residual-mlp", "lenet".
const std::vector<std::string>& networkPresets();
/// A network fitted to the data. `rows` of training data moderates its size. Throws OptionInvalid for an unknown preset, and
/// NetworkNoImage for "lenet" where the numbers are no square image.
NetworkSpec makePreset(const std::string& preset, const NetworkContext& context, std::size_t rows);
/// Whether the network makes an image of the table's numbers, so that each of them has its place, constant or not.
bool readsImages(const NetworkSpec& network);
/// The same for what makePreset gives.
bool readsImages(const std::string& preset);

} // namespace limpid
