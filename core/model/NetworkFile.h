#pragma once

#include "core/model/NetworkSpec.h"

namespace limpid {

/// Reads the text of a network's JSON file, which may come from anybody: what is too long, too deep or has too many values is
/// refused while it is read, before memory is taken for it. `path` is for messages alone.
/// Throws JsonInvalid, NetworkTooLarge and what NetworkSpec::fromJson throws.
NetworkSpec readNetworkText(std::string_view text, const std::string& path);

/// The longest text that is read, and the most values in it.
inline constexpr std::size_t longestNetworkText = std::size_t{16} << 20, mostNetworkValues = 1'500'000;

} // namespace limpid
