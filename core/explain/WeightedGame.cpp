#include "core/explain/WeightedGame.h"

namespace limpid {

std::unique_ptr<Game> gameAgainst(const Predictor& predictor, const Features& rows, const WeightedRows& background, OutputSpace space)
{
    return std::make_unique<PredictorGame>(predictor, rows, background.rows, space, background.weights);
}

} // namespace limpid
