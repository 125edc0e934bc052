#pragma once

#include "core/model/Predictor.h"

#include <optional>
#include <span>

namespace limpid {

/// What explaining would cost. But for the model rows these are estimates, from a short trial on this machine.
struct ExplainCost {
    std::uint64_t modelRows = 0;
    double seconds = 0.0;
    std::uint64_t bytes = 0;              ///< of memory, for the answer and what it is worked out from; 0: not known
    /// How far values will be from those of an unlimited budget: see relativeError(). None where no error is known, or a trial would take long.
    std::optional<double> error = {};
};

/// √(Σ errors² / Σ values²): of standard errors the relative L2 error to be expected. 0 where nothing is drawn, or all values are 0.
double relativeError(std::span<const double> values, std::span<const double> errors);
/// A trial that tells an error may take so long.
inline constexpr double errorTrialSeconds = 0.5;

/// So many predictions of whole rows, by a trial on some of `features`.
ExplainCost costOfPredictions(const Predictor& predictor, const Features& features, std::uint64_t modelRows, OutputSpace space, Task& task);

} // namespace limpid
