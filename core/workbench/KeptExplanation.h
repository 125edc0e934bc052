#pragma once

#include "core/store/Workspace.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/ExplainText.h"

#include <optional>
#include <variant>

namespace limpid {

struct DataSet;

nlohmann::json toJson(const ExplainRequest& request);
/// What is not there keeps its usual value. Throws ExplanationInvalid.
ExplainRequest explainRequestFromJson(const nlohmann::json& json);
nlohmann::json toJson(const TextRequest& request);
TextRequest textRequestFromJson(const nlohmann::json& json);

/// Keeps what explainTable() gave for that data. The request's range becomes the rows that were explained, so that one which was
/// stopped half way is asked for again as far as it came. How many threads the predictor has makes no difference to the bytes.
/// Throws as Workspace does.
ExplanationRecord keepExplanation(Workspace& workspace, const ModelVersion& version, const DataSet& explained,
                                  ExplainRequest request, const Explanation& explanation, Keeping keeping = Keeping::Asked);
/// The same of what explainTexts() gave.
ExplanationRecord keepWords(Workspace& workspace, const ModelVersion& version, const DataSet& explained, TextRequest request,
                            const TextOutcome& outcome, Keeping keeping = Keeping::Asked);

/// An explanation of rows by their columns, or by the words of a text.
using KeptAnswer = std::variant<std::shared_ptr<const Explanation>, std::shared_ptr<const TextOutcome>>;
/// All of it but `seconds`. Throws as Workspace does, and ExplanationInvalid.
KeptAnswer loadAnswer(const Workspace& workspace, const ExplanationRecord& record);

/// What was asked, of which file, against what.
struct KeptQuestion {
    std::filesystem::path path;    ///< of the explained file
    std::string sha256;            ///< of its bytes
    ExplainRequest request;        ///< of words its method, budget, seed, space and rows alone
    std::optional<TextRequest> words;   ///< asked in its place
    std::string background;        ///< Explanation::background; "" of words
};
/// Throws ExplanationInvalid.
KeptQuestion questionOf(const ExplanationRecord& record);

/// Reads the file (`file`: where it lies now; "": where it lay), asks again, and compares: whether the answer is the
/// kept one, byte by byte. Throws ExplanationDataChanged where the file, or that of the training rows, is another, and as openDataForModel(),
/// Workspace::loadBundle() and explainTable() do.
bool reproducesExplanation(const Workspace& workspace, const ExplanationRecord& record, const std::filesystem::path& file, Task& task);

} // namespace limpid
