#pragma once

#include "core/model/ParamSpec.h"

#include <optional>
#include <span>

namespace limpid {

/// What flows along an edge, without the batch dimension N.
struct TensorShape {
    /// Float: numbers. Index: a category's index for each column, every column with its own. Tokens: words of one vocabulary.
    enum class Kind { Float, Index, Tokens };
    Kind kind = Kind::Float;
    /// [features]; [channels, length], [channels, height, width] or [channels, depth, height, width] where windows slide;
    /// [length, features] of a sequence as recurrent layers and attention read it; [columns] (Index); [length] (Tokens).
    std::vector<std::int64_t> dims;
    std::vector<std::int64_t> cardinalities;     ///< Index: values of each column; Tokens: one, of the vocabulary
    bool operator==(const TensorShape&) const = default;
};

/// "N×47", "N×1×28×28".
std::string shapeText(const TensorShape& shape);
/// How many values a row has; what would not fit is `largestCount`.
std::int64_t valueCount(const TensorShape& shape);
/// The product of sizes that are not negative; what would not fit is `largestCount`.
std::int64_t product(std::span<const std::int64_t> sizes);
inline constexpr std::int64_t largestCount = std::int64_t{1} << 50;

struct LayerCost {
    std::int64_t parameters = 0;    ///< trained values
    std::int64_t flops = 0;         ///< of one forward pass of one row; a multiply-add counts as 2
    std::int64_t activations = 0;   ///< floats kept per row for the backward pass
};

/// What a tensor of weights starts as: PyTorch's rule for it.
struct Initial {
    enum class Rule { Constant, Uniform, Normal, XavierUniform };
    Rule rule = Rule::Constant;
    double value = 0.0;     ///< the constant, the bound of ± or the deviation
};

/// One tensor that a layer holds. Names and shapes are PyTorch's.
struct TensorSpec {
    std::string name;                  ///< "weight", "weight_ih_l0_reverse", …
    std::vector<std::int64_t> shape;
    Initial initial = {};
    bool trained = true;               ///< false: running statistics
    bool decays = false;               ///< weight decay and the initialiser that one chooses apply: matrices, not biases and norms
};

using Shapes = std::span<const TensorShape>;

/// One kind of layer. Names, defaults and semantics are PyTorch's; sequences are batch first. Where PyTorch has no module:
/// - Input takes its width from the table. BlockInput and Block are of named blocks (NetworkBlocks.h).
/// - Embedding of categories holds one table per column (dimension 0: min(50, ⌈1.6·n^0.56⌉), the fast.ai rule) and puts them
///   side by side; of words it is PyTorch's, [length, embedding_dim], word 0 being padding.
/// - Reshape makes a row into another shape, as Unflatten does. Concat, Add, Multiply and Permute are the functions.
/// - GlobalAvgPool and GlobalMaxPool give one value a channel. PositionalEncoding is Vaswani et al. 2017, §3.5, or learnt.
struct LayerType {
    std::string name;     ///< "Linear"
    std::string group;    ///< input | dense | convolution | pooling | recurrent | attention | activation | normalise | regularise | shape | block
    int minInputs = 1;
    int maxInputs = 1;    ///< -1: any number
    std::vector<ParamSpec> params = {};
    /// Output shape; where it can't be, an Issue (NetworkShape, NetworkParam with `node` left for the caller) in `issues`.
    /// Warnings (NetworkConstant) leave the shape valid.
    TensorShape (*infer)(Shapes inputs, const ParamValues& params, Issues& issues) = nullptr;
    /// Arithmetic and memory; `parameters` is left to tensors().
    LayerCost (*cost)(Shapes inputs, const TensorShape& output, const ParamValues& params) = nullptr;
    /// nullptr where it holds none.
    std::vector<TensorSpec> (*tensors)(Shapes inputs, const TensorShape& output, const ParamValues& params) = nullptr;
    std::vector<std::string> ports = {};  ///< names of the inputs, where they differ: "query", "key", "value"
};

/// Dimension of the embedding of one column with that many values.
std::int64_t embeddingWidth(std::int64_t cardinality, const ParamValues& params);

/// A window that slides over the last dimensions of a shape: Conv, ConvTranspose and the pools.
struct Window {
    /// One number a side.
    std::vector<std::int64_t> kernel, stride, padding, dilation;
    std::vector<std::int64_t> outputPadding; ///< ConvTranspose2d
    bool ceiling = false;                    ///< a last window that only begins in the image counts too
    bool isSquare() const;                   ///< the same along all sides
};
/// Of a layer with a kernel_size over that many sides (1 to 3). Lists of another length than 1 or `sides` give nullopt.
std::optional<Window> windowOf(const LayerType& type, const ParamValues& params, std::size_t sides);
/// How many places the window has along a side of that many pixels.
std::int64_t windowPlaces(std::int64_t size, const Window& window, std::size_t side);

/// All layers, in the order in which a palette shows them.
const std::vector<LayerType>& layerCatalog();
/// nullptr where there is none.
const LayerType* findLayer(std::string_view name);

} // namespace limpid
