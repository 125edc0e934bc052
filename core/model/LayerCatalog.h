#pragma once

#include "core/model/ParamSpec.h"

#include <span>

namespace limpid {

/// What flows along an edge, without the batch dimension N.
struct TensorShape {
    enum class Kind { Float, Index };
    Kind kind = Kind::Float;
    std::vector<std::int64_t> dims;              ///< [features], or [channels, height, width] of an image
    std::vector<std::int64_t> cardinalities;     ///< Index only: values per column
    bool operator==(const TensorShape&) const = default;
};

/// "N×47", "N×1×28×28".
std::string shapeText(const TensorShape& shape);
/// How many values a row has.
std::int64_t valueCount(const TensorShape& shape);

struct LayerCost {
    std::int64_t parameters = 0;
    std::int64_t flops = 0;         ///< of one forward pass of one row; a multiply-add counts as 2
    std::int64_t activations = 0;   ///< floats kept per row for the backward pass
};

/// One kind of layer. Names, defaults and semantics are PyTorch's. Input takes its width from the table, Embedding
/// holds one table per column (dimension 0: min(50, ⌈1.6·n^0.56⌉), the fast.ai rule) and concatenates them. Reshape makes a
/// row into an image, as Unflatten does.
struct LayerType {
    std::string name;     ///< "Linear"
    std::string group;    ///< input | dense | image | activation | normalise | regularise | shape
    int minInputs = 1;
    int maxInputs = 1;    ///< -1: any number
    std::vector<ParamSpec> params;
    /// Output shape; where it can't be, an Issue (NetworkShape, NetworkParam with `node` left for the caller) in `issues`.
    TensorShape (*infer)(std::span<const TensorShape> inputs, const ParamValues& params, Issues& issues) = nullptr;
    LayerCost (*cost)(std::span<const TensorShape> inputs, const TensorShape& output, const ParamValues& params) = nullptr;
};

/// Dimension of the embedding of one column with that many values.
std::int64_t embeddingWidth(std::int64_t cardinality, const ParamValues& params);

/// What slides over an image, along both sides alike: the window of Conv2d, MaxPool2d and AvgPool2d.
struct ImageWindow {
    std::int64_t kernel = 1, stride = 1, padding = 0, dilation = 1;
    bool ceiling = false;     ///< a last window that only begins in the image counts too
};
/// Of a layer with a kernel_size.
ImageWindow imageWindow(const LayerType& type, const ParamValues& params);
/// How many places the window has along a side of that many pixels.
std::int64_t windowPlaces(std::int64_t size, const ImageWindow& window);

/// All layers, in the order a palette shows them: Input, Linear, Embedding, Conv2d, MaxPool2d, AvgPool2d, ReLU, LeakyReLU,
/// ELU, SELU, GELU, SiLU, Tanh, Sigmoid, Softplus, BatchNorm1d, BatchNorm2d, LayerNorm, Dropout, Dropout2d, Flatten, Reshape,
/// Concat, Add.
const std::vector<LayerType>& layerCatalog();
/// nullptr where there is none.
const LayerType* findLayer(std::string_view name);

} // namespace limpid
