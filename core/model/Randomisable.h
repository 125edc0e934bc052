#pragma once

#include "core/model/Predictor.h"

namespace limpid {

/// A Predictor whose network can be had with weights that it never learnt: what the parameter-randomisation check of explanations asks for
/// (Adebayo et al. 2018).
class Randomisable
{
public:
    virtual ~Randomisable() = default;
    /// The layers that have weights, from the output to the input.
    virtual std::vector<std::string> weightedLayers() const = 0;
    /// The same model with the first `layers` of weightedLayers() as they would begin a training with that seed, running statistics
    /// included; the others keep what they learnt.
    virtual std::unique_ptr<Predictor> randomised(std::size_t layers, std::uint64_t seed) const = 0;
};

} // namespace limpid
