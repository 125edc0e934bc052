#pragma once

#include "core/explain/TextAttribution.h"
#include "ui/charts/ExamplePlots.h"

namespace limpid {

/// What the words of one of the outcome's rows do to an output, as the text highlight takes it: places in UTF-16 units.
/// Bytes that are no UTF-8 become replacement characters. The base is told where the values add up from it.
TextExplanation textHighlightOf(const TextOutcome& outcome, std::size_t row, std::size_t output);

/// “pos”, or P(pos) where values are probabilities.
QString outputText(const TextOutcome& outcome, std::size_t output);

} // namespace limpid
