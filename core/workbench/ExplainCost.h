#pragma once

#include "core/model/Predictor.h"

namespace limpid {

/// What explaining would cost: model rows and, measured on a short trial on this machine, seconds (an estimate).
struct ExplainCost {
    std::uint64_t modelRows = 0;
    double seconds = 0.0;
};

/// So many predictions of whole rows, by a trial on some of `features`.
ExplainCost costOfPredictions(const Predictor& predictor, const Features& features, std::uint64_t modelRows, OutputSpace space, Task& task);

} // namespace limpid
