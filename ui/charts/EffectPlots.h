#pragma once

#include "core/explain/Ale.h"
#include "core/explain/ColumnInteractions.h"
#include "core/explain/FriedmanH.h"
#include "core/explain/PartialDependence.h"
#include "core/explain/PermutationImportance.h"
#include "core/explain/SurrogateTree.h"
#include "ui/charts/Plot.h"

namespace limpid {

// How a model goes along with its columns over many rows: first all columns in small, those that move the output most first,
// then one of them in large.

/// What the effects are effects on, and the rows they were measured over.
struct EffectScale {
    std::vector<std::string> outputs;      ///< names, as many as the effects have
    std::string space = "raw";             ///< raw | probability
    /// The rows' values, for those columns whose distribution is to be drawn below a curve; found by name.
    std::vector<EffectColumn> columns;
    std::vector<std::size_t> rows;         ///< their numbers in the table, for the table behind a plot; may be empty
};

using PartialDependencePtr = std::shared_ptr<const std::vector<PartialDependence>>;
using AccumulatedEffectsPtr = std::shared_ptr<const std::vector<AccumulatedEffects>>;

/// Small multiples on one scale, at most so many. An item is an index into the effects.
std::unique_ptr<Plot> makePartialDependenceOverview(PartialDependencePtr effects, EffectScale scale, std::size_t output, int most = 12);
std::unique_ptr<Plot> makeAleOverview(AccumulatedEffectsPtr effects, EffectScale scale, std::size_t output, int most = 12);

/// The column effects[index]: a line for each of `outputs` with a band of 95 %, the rows' distribution below; levels of a
/// category below each other. An item is (index into `outputs`) · (points of the grid) + point.
std::unique_ptr<Plot> makePartialDependencePlot(PartialDependencePtr effects, std::size_t index, EffectScale scale,
                                                std::vector<std::size_t> outputs = {0});
/// The same for accumulated local effects, with how many rows each bin has.
std::unique_ptr<Plot> makeAlePlot(AccumulatedEffectsPtr effects, std::size_t index, EffectScale scale, std::vector<std::size_t> outputs = {0});
/// A faint line for each row that has a curve, their mean bold. `centred`: each starts at 0; also to be said of effects that
/// were measured so, for the words.
std::unique_ptr<Plot> makeIcePlot(PartialDependencePtr effects, std::size_t index, EffectScale scale, std::size_t output, bool centred);

/// H of each column with all others, largest first, and a matrix of the pairs that were looked at. An item is a bar from
/// the top, or the number of bars + an index into Interactions::pairs.
std::unique_ptr<Plot> makeInteractionPlot(std::shared_ptr<const Interactions> interactions, EffectScale scale, std::size_t output,
                                          int mostBars = 10);

/// The lower triangle of players × players, coloured by mean value, with mean |value| in figures; the diagonal has the main
/// effects. An item is a cell.
std::unique_ptr<Plot> makeShapleyInteractionPlot(std::shared_ptr<const ColumnInteractions> interactions, EffectScale scale, std::size_t output);

/// The tree from the top: questions, answers with their value of the output and share of the rows, and how faithful it is. An
/// item is a node.
std::unique_ptr<Plot> makeSurrogateTreePlot(std::shared_ptr<const SurrogateTree> tree, EffectScale scale, std::size_t output);

/// Mean drop of the score with the deviation over the repeats, largest first. An item is a bar from the top.
std::unique_ptr<Plot> makePermutationImportancePlot(std::shared_ptr<const ImportanceResult> importance, int mostColumns = 15);

} // namespace limpid
