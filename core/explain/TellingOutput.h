#pragma once

#include "core/explain/Explanation.h"

namespace limpid {

/// The output whose columns have the largest effects, meanAbsolute() added up: the one that a picture tells most about. The first of
/// equals; 0 of none.
std::size_t tellingOutput(const Explanation& explanation);

} // namespace limpid
