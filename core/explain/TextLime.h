#pragma once

#include "core/explain/MaskLime.h"

namespace limpid {

/// How far a text with only `kept` of its `players` is from the whole: 100 times the cosine distance of the two as
/// rows of 1 and 0; 100 for the empty one.
double textDistance(std::size_t kept, std::size_t players);

inline constexpr std::size_t usualLimeSamples = 5000;
inline constexpr double textKernelWidth = 25.0;

/// LIME for texts: the game's only row is explained. `samples` (0: 5,000) texts, the whole one among them; of each of the others a number of
/// players from 1 to all, every number as likely, leaves. Throws OptionInvalid (budget: fewer than 2 samples).
MaskLime limeOfText(const Game& game, std::size_t samples, std::uint64_t seed, Task& task);

} // namespace limpid
