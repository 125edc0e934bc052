#include "core/engine/Dropout.h"

#include <cmath>
#include <cstdint>

namespace limpid::engine {

void drawDropoutMask(float* mask, std::size_t count, double p, Random& random)
{
    const auto threshold = static_cast<std::uint32_t>(std::lround(p * 65536.0));
    const float scale = static_cast<float>(65536.0 / (65536.0 - threshold));
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 4 == 0)
            bits = random.next();
        mask[i] = (bits & 0xffff) >= threshold ? scale : 0.0f;
        bits >>= 16;
    }
}

} // namespace limpid::engine
