#pragma once

#include "core/model/LayerCatalog.h"

namespace limpid {

/// The layers of the catalogue that work on images [channels, height, width], or make a row into one and back. Kernels,
/// strides and paddings are the same along both sides.
LayerType conv2dLayer();
LayerType maxPool2dLayer();
LayerType avgPool2dLayer();
LayerType batchNorm2dLayer();
LayerType dropout2dLayer();
LayerType flattenLayer();
LayerType reshapeLayer();

} // namespace limpid
