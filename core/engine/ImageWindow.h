#pragma once

#include <cstdint>

namespace limpid::engine {

/// What slides over an image, along both sides alike: the window of Convolution and the pools.
struct ImageWindow {
    std::int64_t kernel = 1, stride = 1, padding = 0, dilation = 1;
    bool ceiling = false;     ///< a last window that only begins in the image counts too
};

} // namespace limpid::engine
