#pragma once

#include "core/base/Random.h"

#include <cstddef>

namespace limpid::engine {

/// 0 with probability p, else 1/(1 − p): 16 random bits a value, so p is kept to 1/65536.
void drawDropoutMask(float* mask, std::size_t count, double p, Random& random);

} // namespace limpid::engine
