#pragma once

#include "core/workbench/ExplainQuality.h"
#include "core/workbench/ExplainText.h"

namespace limpid {

// How far an explanation of words can be trusted: the words of each row's text are put in and taken out as columns are in qualityOf().

/// "insertion", "deletion", "infidelity". The others ask for texts that differ a little, or for other methods' players.
const std::vector<std::string>& textQualityMeasures();

/// Throws what explainTexts() throws before any work, and OptionInvalid: check, repeats, output.
void checkTextQuality(const Predictor& predictor, const Table& table, const TextRequest& request, const QualityRequest& quality);

/// Judges what explainTexts() gives for the same arguments, on some of its rows, drawn; rows without words are left out. Curves are told at every
/// twentieth of a text's words, read off between its own points. `quality.methods` and `radius` are not asked. Else as qualityOf().
QualityOutcome qualityOfTexts(const Predictor& predictor, const Table& table, const TextRequest& request, const QualityRequest& quality,
                              const std::function<void(const QualityOutcome&)>& onPart, Task& task);

/// An estimate, by a short trial on this machine.
ExplainCost estimateTextQualityCost(const Predictor& predictor, const Table& table, const TextRequest& request, const QualityRequest& quality, Task& task);

} // namespace limpid
