#pragma once

#include "core/data/Table.h"
#include "core/explain/TextAttribution.h"
#include "core/workbench/ExplainCost.h"

namespace limpid {

struct TextRequest {
    std::string method = "leverage";          ///< of textMethods()
    std::string column = {};                  ///< of textColumns(); "": the only one
    std::size_t budget = 0;                   ///< coalitions or samples a row; 0: the method's own number
    std::uint64_t seed = 1;
    OutputSpace space = OutputSpace::Raw;
    std::size_t rowBegin = 0, rowEnd = 0;     ///< of the table; 0, 0: the first 200
};

/// leverage, permutation, kernel, exact, partition (textTree()), occlusion (each word by itself) and lime.
const std::vector<std::string>& textMethods();
/// The columns whose words the model reads.
std::vector<std::string> textColumns(const Pipeline& pipeline);

/// What each word of a text does to the predictions of some rows. Throws before any work OptionInvalid (method, column, budget),
/// RowRangeInvalid, and TooManyPlayers where "exact" meets a text of more than maxExactPlayers words.
/// `onRow` (may be empty) gets what there is so far after each row; rows are shared, so that a copy is cheap.
/// Task::finish() ends it after a row.
TextOutcome explainTexts(const Predictor& predictor, const Table& table, const TextRequest& request,
                         const std::function<void(const TextOutcome&)>& onRow, Task& task);

/// Throws what explainTexts() throws before any work.
void checkTextRequest(const Predictor& predictor, const Table& table, const TextRequest& request);
/// Predictions that it would spend, at most. Throws likewise.
std::uint64_t textEvaluations(const Predictor& predictor, const Table& table, const TextRequest& request, Task& task);
ExplainCost estimateTextCost(const Predictor& predictor, const Table& table, const TextRequest& request, Task& task);

} // namespace limpid
