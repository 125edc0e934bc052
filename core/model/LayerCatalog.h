#pragma once

#include "core/model/ParamSpec.h"

#include <span>

namespace limpid {

/// What flows along an edge, without the batch dimension N.
struct TensorShape {
    enum class Kind { Float, Index };
    Kind kind = Kind::Float;
    std::vector<std::int64_t> dims;              ///< [features]
    std::vector<std::int64_t> cardinalities;     ///< Index only: values per column
    bool operator==(const TensorShape&) const = default;
};

/// "N×47".
std::string shapeText(const TensorShape& shape);

struct LayerCost {
    std::int64_t parameters = 0;
    std::int64_t flops = 0;         ///< of one forward pass of one row; a multiply-add counts as 2
    std::int64_t activations = 0;   ///< floats kept per row for the backward pass
};

/// One kind of layer. Names, defaults and semantics are PyTorch's. Input takes its width from the table, Embedding
/// holds one table per column (dimension 0: min(50, ⌈1.6·n^0.56⌉), the fast.ai rule) and concatenates them.
struct LayerType {
    std::string name;     ///< "Linear"
    std::string group;    ///< input | dense | activation | normalise | regularise | shape
    int minInputs = 1;
    int maxInputs = 1;    ///< -1: any number
    std::vector<ParamSpec> params;
    /// Output shape; where it can't be, an Issue (NetworkShape, NetworkParam with `node` left for the caller) in `issues`.
    TensorShape (*infer)(std::span<const TensorShape> inputs, const ParamValues& params, Issues& issues) = nullptr;
    LayerCost (*cost)(std::span<const TensorShape> inputs, const TensorShape& output, const ParamValues& params) = nullptr;
};

/// Dimension of the embedding of one column with that many values.
std::int64_t embeddingWidth(std::int64_t cardinality, const ParamValues& params);

/// All layers, in the order a palette shows them: Input, Linear, Embedding, ReLU, LeakyReLU, ELU, SELU, GELU, SiLU, Tanh,
/// Sigmoid, Softplus, BatchNorm1d, LayerNorm, Dropout, Concat, Add.
const std::vector<LayerType>& layerCatalog();
/// nullptr where there is none.
const LayerType* findLayer(std::string_view name);

} // namespace limpid
