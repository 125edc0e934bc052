#pragma once

#include "app/cli/Context.h"
#include "core/workbench/CounterfactualTable.h"

namespace CLI {
class App;
}

namespace limpid {

/// What `limpid explain --method counterfactual` has of its own.
struct CounterfactualOptions {
    std::string wanted;
    double atLeast = 0.0, atMost = 0.0, probability = 0.0;
    std::vector<std::string> locked, within;
    std::size_t alternatives = CounterfactualRequest().alternatives;
};
void addCounterfactualOptions(CLI::App& verb, CounterfactualOptions& options);

/// Throws OptionUnused for an option of counterfactual given with another method, or one of the others' given with it.
void checkCounterfactualOptions(const CLI::App& verb, const std::string& method);

/// What the verb's shared options say.
struct CounterfactualCall {
    std::size_t row = 0;                   ///< of the file
    std::size_t observed = 0;              ///< 0: as many as usual
    std::uint64_t seed = 1;
    bool estimate = false;                 ///< only what it would take
    std::string output, out, plot;
};
int runCounterfactual(const CliContext& context, const CLI::App& verb, const CounterfactualOptions& options, const CounterfactualCall& call,
                      const LoadedModel& model, const DataSet& data);

} // namespace limpid
