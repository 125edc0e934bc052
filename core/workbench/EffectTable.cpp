#include "core/workbench/EffectTable.h"

#include "core/base/Clock.h"
#include "core/workbench/RowChunks.h"
#include "core/workbench/RowMethod.h"

#include <algorithm>
#include <exception>

namespace limpid {

namespace {

constexpr std::size_t strongestColumns = 5;

std::vector<std::size_t> columnsNamed(const std::vector<std::string>& names, const Predictor& predictor)
{
    std::vector<std::string> known;
    for (const FeatureGroup& group : predictor.pipeline().groups())
        known.push_back(group.column);
    std::vector<std::size_t> columns;
    for (const std::string& name : names) {
        const auto found = std::find(known.begin(), known.end(), name);
        if (found == known.end())
            throw Error(ErrorCode::ColumnUnknown, {{"column", name}, {"nearest", nearestName(name, known)}, {"path", ""}});
        const auto column = static_cast<std::size_t>(found - known.begin());
        if (std::find(columns.begin(), columns.end(), column) == columns.end())
            columns.push_back(column);
    }
    return columns;
}

/// What `measure` gives for each of the columns, or for all that it can ask about.
template<class Effect, class Measure>
std::vector<Effect> forColumns(const std::vector<std::size_t>& named, const EffectRows& rows, EffectOutcome& outcome,
                               const Measure& measure, Task& task)
{
    std::vector<std::size_t> columns = named;
    if (columns.empty()) {
        for (std::size_t column = 0; column < rows.columns().size(); ++column)
            columns.push_back(column);
    }
    std::vector<Effect> effects;
    std::exception_ptr refusal;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (task.isFinishing() && !effects.empty())
            break;
        try {
            const auto count = static_cast<double>(columns.size());
            effects.push_back(measure(columns[i], TaskShare{static_cast<double>(i) / count, static_cast<double>(i + 1) / count}));
            outcome.modelRows += effects.back().modelRows;
        } catch (const Error& error) {
            if (!named.empty() || (error.code() != ErrorCode::OptionInvalid && error.code() != ErrorCode::ColumnAllMissing))
                throw;
            refusal = std::current_exception();
            outcome.skipped.push_back(rows.columns()[columns[i]].name);
        }
    }
    if (effects.empty() && refusal)
        std::rethrow_exception(refusal);
    return effects;
}

SurrogateSpec surrogateSpec(const Predictor& predictor, const EffectRequest& request)
{
    SurrogateSpec spec;
    spec.depth = request.depth;
    spec.threshold = request.space == OutputSpace::Probability ? 0.5 : 0.0;
    switch (predictor.pipeline().task()) {
    case TaskKind::Binary:
    case TaskKind::MultiLabel:
        spec.agreement = Agreement::Side;
        break;
    case TaskKind::MultiClass:
        spec.agreement = Agreement::Largest;
        break;
    case TaskKind::Regression:
    case TaskKind::MultiRegression:
        break;
    }
    return spec;
}

std::vector<std::size_t> candidatesOf(const Table& table, std::span<const std::size_t> candidates)
{
    return candidates.empty() ? allRows(table) : std::vector(candidates.begin(), candidates.end());
}

std::vector<std::size_t> rowsLookedAt(const Table& table, std::span<const std::size_t> candidates, const EffectRequest& request)
{
    if (request.method == EffectMethod::ShapleyInteractions && !request.explained.empty())
        return request.explained;
    return drawBackground(candidatesOf(table, candidates), request.rows > 0 ? request.rows : usualEffectRows(request.method), request.seed);
}

/// What Shapley interactions are taken of, and by.
struct PairedRows {
    PairedRows(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates, const std::vector<std::size_t>& looked,
               const EffectRequest& request)
        : rows(encodedRows(predictor, table, looked).features),
          background(encodedRows(predictor, table, drawBackground(candidatesOf(table, candidates), request.background, request.seed + 1)).features),
          spec{columnsNamed(request.columns, predictor), request.index, request.chooseColumns}
    {}

    Features rows, background;
    ColumnInteractionSpec spec;
};

/// By a trial of a few coalitions of the first row.
ExplainCost costOfPairs(const Predictor& predictor, const PairedRows& paired, OutputSpace space, Task& task)
{
    const std::size_t columns = predictor.pipeline().groups().size(), players = interactionPlayers(paired.spec, columns);
    constexpr std::size_t tried = 64;
    Coalitions some{tried, columns, {}};
    for (std::size_t i = 0; i < tried; ++i)
        for (std::size_t j = 0; j < columns; ++j)
            some.members.push_back(static_cast<std::uint8_t>(i >> j % 6 & 1));
    const PredictorGame game(predictor, sliceRows(paired.rows, 0, 1), paired.background, space);
    game.values(some, task); // the first call prepares
    const Stopwatch clock;
    game.values(some, task);
    const std::uint64_t coalitions = (std::uint64_t{1} << players) * paired.rows.rows;
    return {coalitions * paired.background.rows, clock.seconds() / static_cast<double>(tried) * static_cast<double>(coalitions)};
}

} // namespace

std::size_t usualEffectRows(EffectMethod method)
{
    switch (method) {
    case EffectMethod::PartialDependence:
        return 1000;
    case EffectMethod::Curves:
    case EffectMethod::Interactions:
        return 200;
    case EffectMethod::ShapleyInteractions:
        return 50;
    case EffectMethod::Ale:
    case EffectMethod::Surrogate:
        break;
    }
    return 5000; // a model row or two each
}

const char* effectMethodName(EffectMethod method)
{
    switch (method) {
    case EffectMethod::PartialDependence:
        return "pdp";
    case EffectMethod::Curves:
        return "ice";
    case EffectMethod::Ale:
        return "ale";
    case EffectMethod::Interactions:
        return "interactions";
    case EffectMethod::ShapleyInteractions:
        return "shapley-interactions";
    case EffectMethod::Surrogate:
        break;
    }
    return "surrogate";
}

std::optional<EffectMethod> effectMethod(const std::string& name)
{
    for (const EffectMethod method : {EffectMethod::PartialDependence, EffectMethod::Curves, EffectMethod::Ale, EffectMethod::Interactions,
                                      EffectMethod::ShapleyInteractions, EffectMethod::Surrogate}) {
        if (name == effectMethodName(method))
            return method;
    }
    return std::nullopt;
}

EffectOutcome effectsOfTable(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates,
                             const EffectRequest& request, Task& task)
{
    const Stopwatch clock;
    if (request.method == EffectMethod::Surrogate && !request.columns.empty())
        throw Error(ErrorCode::OptionUnused, {{"name", "columns"}});
    EffectOutcome outcome;
    outcome.method = request.method;
    const TaskKind kind = predictor.pipeline().task();
    // A number has no probability: its two spaces are one.
    const bool number = kind == TaskKind::Regression || kind == TaskKind::MultiRegression;
    outcome.task = kind;
    outcome.space = request.space == OutputSpace::Raw || number ? "raw" : "probability";
    outcome.outputs = predictor.outputNames(request.space);
    outcome.rows = rowsLookedAt(table, candidates, request);
    if (request.method == EffectMethod::ShapleyInteractions) {
        const PairedRows paired(predictor, table, candidates, outcome.rows, request);
        ColumnInteractions found = columnInteractions(predictor, paired.rows, paired.background, paired.spec, request.space, task);
        outcome.rows.resize(found.rows);
        outcome.modelRows = found.modelRows;
        outcome.result = std::move(found);
        outcome.seconds = clock.seconds();
        return outcome;
    }
    const PredictorRows rows(predictor, table, outcome.rows, request.space);
    const std::vector<std::size_t> named = columnsNamed(request.columns, predictor);
    outcome.columns = rows.columns();

    switch (request.method) {
    case EffectMethod::PartialDependence:
    case EffectMethod::Curves: {
        const bool curves = request.method == EffectMethod::Curves;
        outcome.centred = curves && request.centred;
        const PartialDependenceSpec spec{request.grid, curves, outcome.centred};
        outcome.result = forColumns<PartialDependence>(named, rows, outcome, [&](std::size_t column, const TaskShare& share) {
            return partialDependence(rows, column, spec, task, share);
        }, task);
        break;
    }
    case EffectMethod::Ale:
        outcome.result = forColumns<AccumulatedEffects>(named, rows, outcome, [&](std::size_t column, const TaskShare& share) {
            return accumulatedEffects(rows, column, request.ale, task, share);
        }, task);
        break;
    case EffectMethod::Interactions: {
        Interactions found = friedmanH(rows, {named, named.empty() ? strongestColumns : 0}, task);
        outcome.modelRows = found.modelRows;
        outcome.result = std::move(found);
        break;
    }
    case EffectMethod::ShapleyInteractions:
        break; // above: it wants no values put into rows
    case EffectMethod::Surrogate: {
        SurrogateTree tree = surrogateTree(rows, surrogateSpec(predictor, request), task);
        outcome.modelRows = tree.modelRows;
        outcome.result = std::move(tree);
        break;
    }
    }
    outcome.seconds = clock.seconds();
    return outcome;
}

ExplainCost estimateEffectCost(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates,
                               const EffectRequest& request, Task& task)
{
    const std::vector<std::size_t> rows = rowsLookedAt(table, candidates, request);
    if (request.method == EffectMethod::ShapleyInteractions) {
        const PairedRows paired(predictor, table, candidates, rows, request);
        return costOfPairs(predictor, paired, request.space, task);
    }
    Issues issues;
    const Features features = predictor.pipeline().transform(table, rows, false, issues);
    throwFirstError(issues);
    const std::uint64_t count = rows.size();
    const std::uint64_t all = predictor.pipeline().groups().size();
    const std::uint64_t columns = request.columns.empty() ? all : request.columns.size();
    const std::uint64_t paired = request.columns.empty() ? std::min<std::uint64_t>(strongestColumns, all) : columns;
    std::uint64_t modelRows = count;
    switch (request.method) {
    case EffectMethod::PartialDependence:
    case EffectMethod::Curves:
        modelRows = count * columns * request.grid.points;
        break;
    case EffectMethod::Ale:
        modelRows = 2 * count * columns;
        break;
    case EffectMethod::Interactions:
        modelRows += count * count * (columns + paired * (paired - 1) / 2);
        break;
    case EffectMethod::ShapleyInteractions: // above
    case EffectMethod::Surrogate:
        break;
    }
    return costOfPredictions(predictor, features, modelRows, request.space, task);
}

} // namespace limpid
