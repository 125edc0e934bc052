#pragma once

#include "core/store/Workspace.h"
#include "core/workbench/ExplainTable.h"

namespace limpid {

struct DataSet;

nlohmann::json toJson(const ExplainRequest& request);
/// What is not there keeps its usual value. Throws ExplanationInvalid.
ExplainRequest explainRequestFromJson(const nlohmann::json& json);

/// Keeps what explainTable() gave for that data. The request's range becomes the rows that were explained, so that one which was
/// stopped half way is asked for again as far as it came. `threads`: the predictor's, which its sums' last bits go by. Throws as
/// Workspace does.
ExplanationRecord keepExplanation(Workspace& workspace, const ModelVersion& version, const DataSet& explained,
                                  ExplainRequest request, int threads, const Explanation& explanation);

/// All of it but `seconds`. Throws as Workspace does, and ExplanationInvalid.
Explanation loadExplanation(const Workspace& workspace, const ExplanationRecord& record);

/// What was asked, of which file, against what.
struct KeptQuestion {
    std::filesystem::path path;    ///< of the explained file
    std::string sha256;            ///< of its bytes
    ExplainRequest request;
    int threads = 1;
    std::string background;        ///< Explanation::background
};
/// Throws ExplanationInvalid.
KeptQuestion questionOf(const ExplanationRecord& record);

/// Asks again and compares: whether the answer is the kept one, byte by byte. The predictor needs the question's threads; `table` and `backgroundRows` as they went to
/// explainTable() then. Throws as explainTable() does.
bool reproducesExplanation(const Workspace& workspace, const ExplanationRecord& record, const Predictor& predictor, const Table& table,
                           std::span<const std::size_t> backgroundRows, Task& task);

} // namespace limpid
