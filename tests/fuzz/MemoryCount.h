#pragma once

#include <cstddef>

namespace limpid::fuzz {

/// What operator new has given and not got back, and the most of it since resetMost(), in bytes.
std::size_t memoryInUse();
std::size_t mostMemory();
void resetMost();

} // namespace limpid::fuzz
