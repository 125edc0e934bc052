#pragma once

#include "app/cli/Context.h"
#include "core/workbench/ExplainText.h"
#include "core/workbench/Workbench.h"

namespace limpid {

/// `limpid explain --players words`.
struct WordsCall {
    TextRequest request;
    std::string output, out, plot;    ///< as given, or ""
};
int runWords(const CliContext& context, const WordsCall& call, const LoadedModel& model, const DataSet& data);

} // namespace limpid
