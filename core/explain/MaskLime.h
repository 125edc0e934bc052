#pragma once

#include "core/explain/Game.h"
#include "core/explain/LocalSurrogate.h"

namespace limpid {

// LIME where a sample is a coalition: parts of an example, its words or superpixels, are there or not. The linear model of which are there that says
// about the same as the model, near the whole example (Ribeiro, Singh & Guestrin 2016). Its coefficients are not Shapley values.

struct MaskLime {
    std::vector<LocalSurrogate> fits;     ///< [outputs]; of the game's players, only such as vary
    std::vector<double> prediction;       ///< [outputs]: the model's own, of the whole example
    std::size_t samples = 0;
};

/// The cosine distance of a row of `kept` ones among `players` from that of all ones; 1 of no ones.
double maskDistance(std::size_t kept, std::size_t players);

/// The game's only row is explained. `masks`: the samples, the first of all players; `distances`: how far each is from it.
/// A player that does not vary gets no coefficient: nothing it does can show.
/// Throws OptionInvalid (budget: fewer than 2 samples), and as fitLocalSurrogate() does.
MaskLime limeOfMasks(const Game& game, const Coalitions& masks, std::vector<double> distances, const SurrogateSpec& spec, Task& task);

/// How LIME for pictures samples and fits, as the lime package's LimeImageExplainer does.
struct ImageLimeSpec {
    std::size_t samples = 0;      ///< the whole picture among them; 0: imageLimeSamples
    std::size_t features = 0;     ///< superpixels that the linear model keeps; 0: all
    std::uint64_t seed = 1;
};
inline constexpr std::size_t imageLimeSamples = 1000;
inline constexpr double imageKernelWidth = 0.25;

/// Throws OptionInvalid (budget) where the samples are too few for a regression on so many players or too many to hold.
void checkImageLime(const ImageLimeSpec& spec, std::size_t players);

/// The whole picture and then samples in each of which a coin says of each superpixel whether it is there; the cosine distance of rows of 1 and 0 and a
/// kernel 0.25 wide. The game says what stands where one is not: the package has the superpixel's mean colour (meanColours()).
/// `number` names the picture and, with the seed, its draws. Throws as checkImageLime() does.
MaskLime limeOfPicture(const Game& game, const ImageLimeSpec& spec, std::size_t number, Task& task);

} // namespace limpid
