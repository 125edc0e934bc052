#pragma once

#include <cstddef>
#include <cstdint>

namespace limpid::engine {

/// to[r, i] = a[i] + b[r, i], or max(0, …) where `rectify`, for `rows` rows of `count` values, with the machine's widest vectors.
void addToRows(float* to, const float* a, const float* b, std::size_t rows, std::size_t count, bool rectify);

/// to[i] = mask[i] ? a[i] : b[i].
void chooseRow(float* to, const std::uint8_t* mask, const float* a, const float* b, std::size_t count);

} // namespace limpid::engine
