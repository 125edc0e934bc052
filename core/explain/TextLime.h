#pragma once

#include "core/explain/Game.h"
#include "core/explain/LocalSurrogate.h"

namespace limpid {

/// How far a text with only `kept` of its `players` is from the whole: 100 times the cosine distance of the two as
/// rows of 1 and 0; 100 for the empty one.
double textDistance(std::size_t kept, std::size_t players);

/// LIME for texts (Ribeiro, Singh & Guestrin 2016): texts with random words taken out, and the linear model of which words
/// are there that says about the same, near the whole text. Its coefficients are not Shapley values.
struct TextLime {
    std::vector<LocalSurrogate> fits;     ///< [outputs]
    std::vector<double> prediction;       ///< [outputs]: the model's own, of the whole text
    std::size_t samples = 0;
};

inline constexpr std::size_t usualLimeSamples = 5000;
inline constexpr double textKernelWidth = 25.0;

/// The game's only row is explained. `samples` (0: 5,000) texts, the whole one among them; of each of the others a number of
/// players from 1 to all, every number as likely, leaves. Throws OptionInvalid (budget: fewer than 2 samples).
TextLime limeOfText(const Game& game, std::size_t samples, std::uint64_t seed, Task& task);

} // namespace limpid
