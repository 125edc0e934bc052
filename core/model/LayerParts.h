#pragma once

#include "core/model/LayerCatalog.h"

namespace limpid {

/// What several layers of the catalogue have in common: for LayerCatalog.cpp and ImageLayers.cpp alone.

void shapeIssue(Issues& issues, const TensorShape& found, std::string expected);
/// Numbers, not category indices, must flow in.
bool requireNumbers(std::span<const TensorShape> inputs, Issues& issues);
/// A flat row of numbers: "N×features".
bool requireRow(std::span<const TensorShape> inputs, Issues& issues);
/// An image: "N×channels×height×width".
bool requireImage(std::span<const TensorShape> inputs, Issues& issues);

TensorShape inferSame(std::span<const TensorShape> inputs, const ParamValues& params, Issues& issues);

LayerCost costOfOutput(std::span<const TensorShape> inputs, const TensorShape& output, const ParamValues& params);
/// Dropout keeps its mask beside its output.
LayerCost costDropout(std::span<const TensorShape> inputs, const TensorShape& output, const ParamValues& params);

const std::vector<ParamSpec>& batchNormParams();
const std::vector<ParamSpec>& dropoutParams();
/// Of normalising each of `channels` over the batch.
LayerCost costBatchNorm(std::int64_t channels, const TensorShape& output, const ParamValues& params);

} // namespace limpid
