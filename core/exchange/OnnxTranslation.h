#pragma once

#include "core/exchange/OnnxFile.h"
#include "core/exchange/OnnxImport.h"

#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace limpid {

// How the operators of a file become layers: for core/exchange alone.

/// Stands for the batch among the sizes of a constant.
inline constexpr std::int64_t batchSize = INT64_MIN;

/// What doesn't depend on the data: weights, of which the shape matters, and sizes, of which the values do.
struct OnnxConstant {
    std::string weight;                  ///< name of the weights that it comes of, or ""
    std::vector<std::int64_t> dims;
    bool known = false;                  ///< the values below are there
    bool real = false;                   ///< they are `numbers`
    std::vector<std::int64_t> integers;  ///< with batchSize
    std::vector<double> numbers;
    std::optional<double> all;           ///< what each of the values is, where they are known to be the same
    bool ownName = false;                ///< a module's own: "conv1.weight", not what an exporter made

    std::size_t size() const;            ///< the product of dims

    static OnnxConstant ofIntegers(std::vector<std::int64_t> list);
};

/// What a layer gives, seen with other sizes and in another order. Files turn values to and fro (around LSTM, before Gemm); only what
/// is left of it when a layer wants its input becomes Reshape, Flatten or Permute.
struct OnnxView {
    static constexpr int batch = -1;
    std::size_t layer = 0;               ///< index in the network
    std::vector<std::int64_t> dims;      ///< of a row, as the layer's values lie in memory
    std::vector<int> axes;               ///< of each dimension in the file: batch, or which of `dims`
    int part = -1, parts = 1;            ///< only the part-th of so many equal parts of each row, or -1: an LSTM's two directions
};

/// Constant, or one tensor, or several that stand one after another along an axis.
struct OnnxValue {
    std::shared_ptr<const OnnxConstant> constant;
    std::vector<OnnxView> pieces;
    std::size_t axis = 0;
};

class OnnxTranslation
{
public:
    using Operator = void (*)(OnnxTranslation&, const OnnxNode&);

    OnnxTranslation(const OnnxGraph& graph, std::string path);
    ImportedNetwork run();

    // ---- what operators read

    std::int64_t opset() const { return m_graph.opset; }
    const OnnxValue& value(const OnnxNode& node, std::size_t input);
    /// nullptr where the input depends on the data, or is left out.
    const OnnxConstant* constantOrNull(const OnnxNode& node, std::size_t input);
    /// Throws where it depends on the data.
    const OnnxConstant& constant(const OnnxNode& node, std::size_t input);
    /// A constant's values, or those of the attribute; throws where neither is there, they are too many, or one isn't small.
    std::vector<std::int64_t> integers(const OnnxNode& node, std::size_t input, std::string_view attribute);
    /// Throws where it is constant.
    const OnnxView& tensor(const OnnxNode& node, std::size_t input);
    /// The layer that gives it as it is in the file: the batch first, then a row's sizes. Puts Reshape, Flatten and Permute in where needed.
    std::size_t layer(const OnnxNode& node, std::size_t input);
    const TensorShape& shape(std::size_t layer) const { return m_shapes[layer]; }
    const std::string& type(std::size_t layer) const { return m_network.nodes[layer].type; }
    NodeSpec& spec(std::size_t layer) { return m_network.nodes[layer]; }
    /// How often anything reads that output.
    std::size_t uses(const OnnxNode& node, std::size_t output) const;
    /// The same of an input's value.
    std::size_t usesOfInput(const OnnxNode& node, std::size_t input) const;
    /// The size of the batch, where the file fixes it; else -1.
    std::int64_t fixedBatch() const { return m_batch; }

    /// An input of words gets to know how many there are.
    void setVocabulary(const OnnxNode& node, std::size_t layer, std::int64_t words);

    // ---- what operators give

    /// Throws NetworkImportNode where the catalogue refuses it.
    std::size_t add(const OnnxNode& node, const std::string& type, ParamValues params, std::vector<std::size_t> inputs);
    /// The same layer once more, with other settings and the same weights.
    std::size_t twin(const OnnxNode& node, std::size_t layer, ParamValues params);
    /// The layer uses the same weights as another that was made of weights of these names.
    void share(const OnnxNode& node, std::size_t layer, std::size_t firstWeight);
    /// The layer uses the other's weights.
    void shareWith(std::size_t layer, std::size_t other);
    void give(const OnnxNode& node, std::size_t output, OnnxValue value);
    void give(const OnnxNode& node, std::size_t output, OnnxView tensor);
    void give(const OnnxNode& node, std::size_t output, OnnxConstant constant);
    void give(const OnnxNode& node, std::size_t output, std::size_t layer);
    OnnxView asTensor(std::size_t layer) const;
    /// Another order and other sizes, made real.
    std::size_t materialise(const OnnxNode& node, const OnnxView& tensor);
    /// The layer's values in another shape.
    std::size_t reshaped(const OnnxNode& node, std::size_t layer, const std::vector<std::int64_t>& dims);

    [[noreturn]] void refuse(const OnnxNode& node, std::string reason) const;

private:
    void readWeights();
    void readInputs();
    void countUses();
    void translate(const OnnxNode& node);
    void finish();
    std::string idFor(const OnnxNode& node, const std::string& type);
    std::string freeId(std::string stem);
    OnnxValue& find(const OnnxNode& node, std::size_t input);
    static void joinParts(OnnxValue& value);
    void define(const std::string& name, OnnxValue value);

    const OnnxGraph& m_graph;
    std::string m_path;
    NetworkSpec m_network;
    NetworkContext m_context;
    std::vector<TensorShape> m_shapes;
    std::unordered_map<std::string, OnnxValue> m_values;
    std::unordered_map<std::string, std::size_t> m_uses;
    std::vector<bool> m_needed;
    std::unordered_set<std::string> m_ids;
    std::unordered_map<std::string, int> m_numbers;           ///< of ids, by stem
    std::map<std::string, std::size_t> m_weights;             ///< layers by their weights' names
    std::int64_t m_batch = -1;
    std::size_t m_kept = 0;                                   ///< values of constants
};

/// Which dimension is meant: negative ones count from the end. Throws where there is none.
std::size_t onnxAxis(const OnnxTranslation& translation, const OnnxNode& node, std::int64_t axis, std::size_t rank);
/// Adds ('+'), subtracts, multiplies or divides sizes, where both inputs are constant. What the batch's size is part of stays open.
bool foldOnnxSizes(OnnxTranslation& translation, const OnnxNode& node, char op);

/// Operators by name, from the files of their kinds; nullptr where there is none.
OnnxTranslation::Operator onnxLayerOperator(std::string_view op);
OnnxTranslation::Operator onnxNormOperator(std::string_view op);
OnnxTranslation::Operator onnxShapeOperator(std::string_view op);
OnnxTranslation::Operator onnxConstantOperator(std::string_view op);
OnnxTranslation::Operator onnxRecurrentOperator(std::string_view op);

/// Joins what exporters take apart (GELU, SiLU, Mish, layer norm, …) into one operator each, so that it can be found.
void joinOnnxPatterns(OnnxGraph& graph);

} // namespace limpid
