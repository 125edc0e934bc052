#pragma once

#include "core/data/Pipeline.h"
#include "core/model/LayerCatalog.h"

#include <map>

namespace limpid {

struct NodeSpec {
    std::string id;                    ///< unique in its graph, [A-Za-z0-9_-]+, prefix of its weights' names ("hidden1.weight")
    std::string type;                  ///< a layer of the catalogue
    ParamValues params = ParamValues::object();
    std::vector<std::string> inputs;   ///< ids
    double x = 0.0, y = 0.0;           ///< where the canvas shows it; no meaning otherwise
    std::string shares = {};           ///< id of the node whose weights it uses, which leads to an output itself; or ""
    bool operator==(const NodeSpec&) const = default;
};

/// A note on the canvas, without meaning for the arithmetic.
struct CommentSpec {
    std::string text;
    double x = 0.0, y = 0.0, width = 200.0, height = 80.0;
    bool operator==(const CommentSpec&) const = default;
};

/// A directed acyclic graph of layers.
struct GraphSpec {
    std::vector<NodeSpec> nodes;
    std::vector<std::string> outputs;  ///< ids of the nodes that give the prediction, side by side; of a block: exactly one
    std::vector<CommentSpec> comments;

    const NodeSpec* find(std::string_view id) const;
    NodeSpec* find(std::string_view id);
    /// `stem` or the first free of stem2, stem3, …
    std::string freeId(std::string_view stem) const;
    bool isOutput(std::string_view id) const;
    bool operator==(const GraphSpec&) const = default;
};

/// A graph with a name, used by nodes of type Block. Its inputs are its nodes of type BlockInput, by `port`.
struct BlockSpec {
    std::string name;
    GraphSpec body;
    bool operator==(const BlockSpec&) const = default;
};

/// A network: plain, readable JSON
/// {"format": "limpid-network", "version": 2, "nodes": [{"id", "type", "params", "inputs", "position", "shares"?}], "outputs": [id],
///  "comments"?: [{"text", "position", "size"}], "blocks"?: [{"name", "nodes", "outputs", "comments"?}]}.
/// A value: editors change a copy and put the old one on their undo stack.
struct NetworkSpec : GraphSpec {
    std::vector<BlockSpec> blocks;

    const BlockSpec* findBlock(std::string_view name) const;

    nlohmann::json toJson() const;
    /// Reads version 1, too: one "output", and Reshape by channels, height and width. Throws NetworkFormat, NetworkLayerUnknown, NetworkTooLarge.
    static NetworkSpec fromJson(const nlohmann::json& json);
    bool operator==(const NetworkSpec&) const = default;
};

/// More nodes than anybody draws, blocks counted as often as they are repeated, and blocks within blocks.
inline constexpr std::size_t mostNodes = 20'000, mostLevels = 32;
/// Values of one row in one layer, and of all weights (8 GiB): what no desktop trains.
inline constexpr std::int64_t mostValues = std::int64_t{1} << 31, mostParameters = std::int64_t{1} << 31;

/// What the data offers to a network and wants of it.
struct NetworkContext {
    std::int64_t numbers = 0;                 ///< width of Input {features: "numbers"}
    std::vector<std::int64_t> cardinalities;  ///< of Input {features: "categories"}
    std::int64_t outputs = 1;                 ///< what the outputs must give together: 1, the number of classes (> 2) or of targets
    std::int64_t words = 0;                   ///< length of Input {features: "text"}
    std::int64_t vocabulary = 0;              ///< its words, with padding and unseen
    bool classifies = false;                  ///< the loss takes log-odds or logits
};
NetworkContext networkContext(const Pipeline& pipeline);

/// What a network's graph comes to without its blocks: every use of a block is replaced by its nodes, named
/// "use.node" or "use.1.node", "use.2.node", … where it repeats.
struct FlatNetwork {
    /// Where a block was used.
    struct Use {
        std::string block;
        std::string prefix;               ///< of its first part's nodes: "use." or "use.1."
        std::string output;               ///< id of the flat node that gives what it gives
        std::vector<std::string> inputs;  ///< ids of flat nodes
    };
    std::vector<NodeSpec> nodes;
    std::vector<std::string> outputs;
    std::map<std::string, Use> uses;      ///< by the use's id, with the prefix of the blocks around it
};
/// `issues`: NetworkBlockUnknown, NetworkBlockRecursive, NetworkBlockOutput, NetworkInputCount, NetworkTooLarge, each with the node; such a use is left as it is.
FlatNetwork flatten(const NetworkSpec& network, Issues& issues);

struct NodeAnalysis {
    std::string id;
    TensorShape shape;
    bool valid = false;     ///< the shape is known
    LayerCost cost;
};

struct NetworkAnalysis {
    std::vector<NodeAnalysis> nodes;   ///< parallel to NetworkSpec::nodes; of a Block all that is in it
    FlatNetwork flat;
    std::vector<NodeAnalysis> flatNodes; ///< parallel to flat.nodes
    std::vector<std::size_t> order;    ///< topological, of the flat nodes that are on no cycle
    LayerCost total;
    std::int64_t peakActivations = 0;  ///< most values of a row that are alive at once in a forward pass, each layer's being freed after its last use
    Issues issues;                     ///< where = id of a flat node
    bool ok() const;                   ///< no issue of severity Error
};

/// In time that grows with the network's nodes and edges alone.
NetworkAnalysis analyse(const NetworkSpec& network, const NetworkContext& context);

/// The presets by name, "mlp" (the default) first. "lenet" and "resnet" read the table's numbers as a square image; "cnn-1d" as a
/// sequence, as "lstm", "gru" and "transformer" do where the table has no text; "text-bag" and "text-cnn" read text;
/// "autoencoder" gives back the numbers that it reads.
const std::vector<std::string>& networkPresets();
/// A network fitted to the data, without places on the canvas. `rows` of training data moderates its size. Throws OptionInvalid for an unknown preset, and
/// NetworkNoImage, NetworkNoSequence or NetworkNoText where the table has not what the preset reads.
NetworkSpec makePreset(const std::string& preset, const NetworkContext& context, std::size_t rows);
/// Whether the network makes an image or a sequence of the table's numbers, so that each of them has its place, constant or not.
bool readsImages(const NetworkSpec& network);
/// The same for what makePreset gives.
bool readsImages(const std::string& preset);
/// Whether the table's text is to be read as words.
bool readsText(const NetworkSpec& network);
bool readsText(const std::string& preset);
/// Whether the preset is to predict the columns that it reads: PipelineSpec::reconstruct.
bool reconstructs(const std::string& preset);

} // namespace limpid
