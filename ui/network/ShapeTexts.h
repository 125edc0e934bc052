#pragma once

#include "core/model/LayerCatalog.h"

#include <QString>

namespace limpid {

/// A shape with its letters named: "N×16×14×14 · channels × height × width". `slides`: two dimensions are channels and length.
QString namedShapeText(const TensorShape& shape, bool slides = false);

} // namespace limpid
