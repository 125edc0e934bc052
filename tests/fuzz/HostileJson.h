#pragma once

#include "tests/core/engine/RandomNetworks.h"

#include <string>

namespace limpid::fuzz {

/// The JSON text of a network after a few changes that somebody malicious or a failing disk might make.
std::string hostileText(const test::RandomNetwork& network, Random& random);

/// Texts that are made to be large: a million nodes, blocks of blocks of blocks, nesting deeper than the stack, long names, …
std::string bombText(Random& random);

} // namespace limpid::fuzz
