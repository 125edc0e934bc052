#pragma once

#include "app/cli/Context.h"
#include "core/workbench/TextQuality.h"
#include "core/workbench/Workbench.h"

namespace limpid {

/// `limpid explain --players words`.
struct WordsCall {
    TextRequest request;
    std::string output, out, plot;    ///< as given, or ""
    bool estimate = false;            ///< only what it would take
    bool keep = false;                ///< in the workspace, with the question
    std::optional<QualityRequest> checks = {};   ///< its output is that of `output`, else of the row's largest prediction
};
int runWords(const CliContext& context, const WordsCall& call, const LoadedModel& model, const DataSet& data);
/// `model`: its title.
void printWords(const TextOutcome& outcome, const WordsCall& call, const std::string& model);

} // namespace limpid
