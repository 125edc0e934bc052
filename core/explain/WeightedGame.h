#pragma once

#include "core/explain/Game.h"

#include <memory>

namespace limpid {

/// What rows are compared with, and how much each of them counts.
struct WeightedRows {
    Features rows;
    std::vector<double> weights;    ///< [rows], their sum 1; empty: all the same
};

/// The game of these rows against that background. Keeps a reference to the predictor.
std::unique_ptr<Game> gameAgainst(const Predictor& predictor, const Features& rows, const WeightedRows& background, OutputSpace space);

} // namespace limpid
