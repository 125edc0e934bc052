#pragma once

#include "core/explain/Attribution.h"
#include "core/explain/Explanation.h"
#include "core/explain/Lime.h"
#include "core/explain/PermutationImportance.h"
#include "core/explain/Superpixels.h"
#include "core/workbench/BackgroundSpec.h"
#include "core/workbench/ExplainCost.h"

namespace limpid {

/// Columns that join and stay out of coalitions together, under the user's name for them.
struct ColumnGroup {
    std::string name;
    std::vector<std::string> columns;
};

struct ExplainRequest {
    std::string method = "leverage";          ///< of explainMethods(), those about rows
    std::size_t budget = 0;                   ///< coalitions, gradients, draws or samples a row; 0: the method's own number
    std::uint64_t seed = 1;
    std::size_t resolveTop = 0;               ///< of leverage and permutation: see ShapleySpec
    AttributionSpec attribution = {};         ///< of the methods of gradients: what is theirs alone; method, budget and seed are those above
    std::size_t window = 3;                   ///< of occlusion, where the model takes the columns as a picture: pixels, both ways
    std::size_t limeFeatures = LimeSpec().features;   ///< of lime: columns or superpixels that each row's linear model keeps; 0: all
    std::vector<ColumnGroup> groups = {};     ///< of the methods that play games of columns; columns in no group stay by themselves
    /// Each row's superpixels are the players, not its columns: of superpixelMethods(), where hasSuperpixels(). The background's pixels stand where one is
    /// left out.
    std::optional<SuperpixelSpec> superpixels = {};
    bool limeMeanColour = true;               ///< of lime: its mean colour stands where a superpixel is left out, as in the lime package
    OutputSpace space = OutputSpace::Raw;
    std::size_t rowBegin = 0, rowEnd = 0;     ///< of the table; 0, 0: the first 200
    BackgroundSpec background = {};           ///< chosen (seeded) from `backgroundRows`
    std::vector<std::size_t> rows = {};       ///< of the table, such as a cohort's: these in the place of rowBegin … rowEnd; ascending, none twice
};
/// The methods that play games, and lime.
const std::vector<std::string>& superpixelMethods();
/// Whether it takes its columns, numbers all of them, as a picture.
bool hasSuperpixels(const Predictor& predictor);

/// Throws OptionInvalid, OptionUnused and TooManyPlayers before any work, ColumnUnknown for a group's or a condition's column.
/// `backgroundRows`: indices into `table` to choose the background from, e.g. a run's training rows; empty: all. They are also the
/// data that Explanation::outside is about.
/// `onRows` (may be empty) gets the explanation so far, each time some rows are done. Rows are worked in groups. Task::finish() ends it after a group.
Explanation explainTable(const Predictor& predictor, const Table& table, std::span<const std::size_t> backgroundRows,
                         const ExplainRequest& request, const std::function<void(const Explanation&)>& onRows, Task& task);

ExplainCost estimateExplainCost(const Predictor& predictor, const Table& table, std::span<const std::size_t> backgroundRows,
                                const ExplainRequest& request, Task& task);

ImportanceResult importanceOfTable(const Predictor& predictor, const Table& table, int repeats, std::uint64_t seed, Task& task);
ExplainCost estimateImportanceCost(const Predictor& predictor, const Table& table, int repeats, Task& task);

} // namespace limpid
