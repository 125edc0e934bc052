#pragma once

#include "core/explain/Ale.h"
#include "core/explain/ColumnInteractions.h"
#include "core/explain/FriedmanH.h"
#include "core/explain/PartialDependence.h"
#include "core/explain/SurrogateTree.h"
#include "core/workbench/ExplainCost.h"

#include <optional>
#include <variant>

namespace limpid {

/// How a model goes along with its columns over many rows.
enum class EffectMethod {
    PartialDependence, ///< mean outputs along each column
    Curves,            ///< the same, with a curve for each row (ICE)
    Ale,               ///< accumulated local effects
    Interactions,      ///< Friedman's H
    ShapleyInteractions, ///< what columns do to single predictions in pairs
    Surrogate,         ///< a small tree that says about the same
};

/// "pdp", "ice", "ale", "interactions", "shapley-interactions" or "surrogate".
const char* effectMethodName(EffectMethod method);
/// Nothing for a name of another kind of method.
std::optional<EffectMethod> effectMethod(const std::string& name);

struct EffectRequest {
    EffectMethod method = EffectMethod::PartialDependence;
    /// The user's; empty: all that the method can ask about. A surrogate asks about all and takes none. Of ShapleyInteractions
    /// all others are one more player.
    std::vector<std::string> columns;
    OutputSpace space = OutputSpace::Raw;
    std::size_t rows = 0;         ///< drawn (seeded) from those given, at most; 0: usualEffectRows()
    std::uint64_t seed = 1;
    GridSpec grid;                ///< PartialDependence, Curves
    bool centred = false;         ///< Curves
    AleSpec ale;
    std::size_t depth = SurrogateSpec().depth;
    // ShapleyInteractions:
    std::string index = ColumnInteractionSpec().index;
    bool chooseColumns = false;             ///< see ColumnInteractionSpec::choose
    std::size_t background = 100;           ///< rows to compare with, drawn (seeded) from the candidates, at most
    std::vector<std::size_t> explained;     ///< rows of the table, instead of `rows` drawn ones
};

/// So many say enough, and take seconds.
std::size_t usualEffectRows(EffectMethod method);

struct EffectOutcome {
    EffectMethod method = EffectMethod::PartialDependence;
    TaskKind task = TaskKind::Regression;    ///< the model's: what the outputs are numbers of
    std::string space;                       ///< raw | probability
    std::vector<std::string> outputs;        ///< names
    bool centred = false;                    ///< Curves that start at 0
    std::vector<std::size_t> rows;           ///< of the table, ascending
    std::vector<EffectColumn> columns;       ///< the model's, with these rows' values: what curves stand on; none of ShapleyInteractions
    std::vector<std::string> skipped;        ///< columns that the method can't ask about, where none were named
    std::variant<std::vector<PartialDependence>, std::vector<AccumulatedEffects>, Interactions, ColumnInteractions, SurrogateTree> result;
    std::uint64_t modelRows = 0;
    double seconds = 0.0;
    std::string background;                  ///< what the rows, or those compared with, are of, e.g. "training rows": for the caller to fill in
};

/// `candidates`: indices into `table` to draw the rows from; empty: all. Without named columns the pairs of Interactions are
/// those of the five columns that interact most. Where the task is told to finish, columns not yet begun are left out, but
/// for the first (PartialDependence, Curves, Ale), and of ShapleyInteractions rows not yet begun. Throws ColumnUnknown, and as the methods do.
EffectOutcome effectsOfTable(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates,
                             const EffectRequest& request, Task& task);

/// What that would cost: model rows at most, and by a short trial on this machine seconds (an estimate). Throws as above.
ExplainCost estimateEffectCost(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates,
                               const EffectRequest& request, Task& task);

} // namespace limpid
