#pragma once

#include "core/engine/Network.h"

namespace limpid::engine {

/// One layer's computation by LibTorch, which differentiates it where gradients are asked for.
struct LayerCall {
    const Layer& layer;
    const std::vector<at::Tensor>& inputs;   ///< [rows, dimensions of the input…]
    const std::vector<at::Tensor>& weights;  ///< parallel to layer.tensors
    Random* dropout;                         ///< null: not training, nothing is dropped
};

using LayerOp = at::Tensor (*)(const LayerCall& call);

/// The operation of a layer whose kind is Other: [rows, dimensions of the output…]. Throws Internal where there is none.
LayerOp layerOp(const Layer& layer);
/// Those of recurrent layers, attention and words: nullptr for others.
LayerOp sequenceOp(std::string_view type);

// For LayerOps.cpp and SequenceOps.cpp.

nlohmann::json setting(const LayerCall& call, std::string_view name);
double realSetting(const LayerCall& call, std::string_view name);
std::int64_t integerSetting(const LayerCall& call, std::string_view name);
bool flagSetting(const LayerCall& call, std::string_view name);
/// Undefined where there is none.
at::Tensor weightOf(const LayerCall& call, std::size_t index);
/// Drops single values while training, as Dropout does.
at::Tensor dropped(const LayerCall& call, const at::Tensor& values, double p);

} // namespace limpid::engine
