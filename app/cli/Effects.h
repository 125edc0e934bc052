#pragma once

#include "app/cli/Context.h"
#include "core/workbench/EffectTable.h"

namespace CLI {
class App;
}

namespace limpid {

struct DataSet;

/// What the methods of `limpid explain` that look at many rows at once have of their own.
struct EffectOptions {
    std::vector<std::string> columns;
    std::size_t points = GridSpec().points;
    std::string spacing = "quantile";
    bool centred = false;
    std::size_t depth = SurrogateSpec().depth;
    std::string index = ColumnInteractionSpec().index;
};
void addEffectOptions(CLI::App& verb, EffectOptions& options);

/// Throws OptionUnused for an option that was given and says nothing to the method, one of these or another; OptionInvalid
/// where ice is not told its columns.
void checkEffectOptions(const CLI::App& verb, const std::string& method);

/// What the verb's shared options say.
struct EffectCall {
    EffectMethod method = EffectMethod::PartialDependence;
    std::vector<std::size_t> rows;         ///< of the file, as asked for; empty: some of the training rows
    std::size_t background = 0;            ///< how many of these, or of ShapleyInteractions to compare with; 0: the method's own number
    std::uint64_t seed = 1;
    OutputSpace space = OutputSpace::Raw;
    bool estimate = false;                 ///< only what it would take
    std::string output, out, plot;         ///< what to print or draw alone; where to write JSON and picture
};
int runEffects(const CliContext& context, const EffectOptions& options, const EffectCall& call, const LoadedModel& model, const DataSet& data);

} // namespace limpid
