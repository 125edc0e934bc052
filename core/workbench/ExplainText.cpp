#include "core/workbench/ExplainText.h"

#include "core/base/Clock.h"
#include "core/base/OptionErrors.h"
#include "core/explain/Occlusion.h"
#include "core/explain/PartitionShap.h"
#include "core/explain/TextLime.h"
#include "core/workbench/ExplainedRange.h"

#include <algorithm>

namespace limpid {

namespace {

struct Plan {
    ExplainedRange rows;
    std::size_t group = 0;             ///< of the pipeline
    const Column* column = nullptr;    ///< of the table
};

/// Throws what is wrong with the request but for the lengths of texts.
Plan planned(const Predictor& predictor, const Table& table, const TextRequest& request)
{
    const std::vector<std::string>& methods = textMethods();
    if (std::find(methods.begin(), methods.end(), request.method) == methods.end())
        throwOptionInvalid("method", request.method, alternatives(methods));
    const std::vector<std::string> columns = textColumns(predictor.pipeline());
    if (columns.empty())
        throwOptionInvalid("players", "words", "columns");
    if (request.column.empty() && columns.size() > 1)
        throwOptionInvalid("column", "", alternatives(columns));
    const std::string wanted = request.column.empty() ? columns.front() : request.column;
    if (std::find(columns.begin(), columns.end(), wanted) == columns.end())
        throwOptionInvalid("column", wanted, alternatives(columns));
    Plan plan;
    const std::vector<FeatureGroup>& groups = predictor.pipeline().groups();
    while (groups[plan.group].column != wanted)
        ++plan.group;
    const std::optional<std::size_t> found = table.find(wanted);
    if (!found)
        throw Error(ErrorCode::ColumnMissing, {{"column", wanted}, {"path", ""}});
    plan.column = &table.column(*found);
    plan.rows = explainedRange(request.rowBegin, request.rowEnd, table.rows());
    return plan;
}

/// "" where it is missing: the model reads nothing then.
std::string textOf(const Column& column, std::size_t row)
{
    return column.isMissing(row) ? std::string() : column.display(row);
}

Features encoded(const Predictor& predictor, const Table& table, std::size_t row)
{
    Issues issues;
    Features features = predictor.pipeline().transform(table, std::span(&row, 1), false, issues);
    throwFirstError(issues);
    return features;
}

TextGame gameOf(const Predictor& predictor, const Table& table, const Plan& plan, std::size_t row, OutputSpace space)
{
    return TextGame(predictor, encoded(predictor, table, row), plan.group, textOf(*plan.column, row), space);
}

std::uint64_t evaluationsOf(const TextRequest& request, const TextGame& game, const std::string& text)
{
    const std::size_t players = game.players();
    if (players == 0)
        return 1;
    if (request.method == "lime")
        return request.budget > 0 ? request.budget : usualLimeSamples;
    if (request.method == "occlusion")
        return players + 2;
    if (request.method == "partition")
        return std::min<std::uint64_t>(request.budget > 0 ? request.budget : 2 * players + 2048, partitionEvaluations(textTree(text, game.spans())));
    return plannedEvaluations({request.method, request.budget, request.seed, 0}, players);
}

void put(TextAttribution& to, ShapleyValues from)
{
    to.base = std::move(from.base);
    to.predictions = std::move(from.full);
    to.values = std::move(from.values);
    to.errors = std::move(from.errors);
    to.evaluations = from.evaluations;
}

void explainByLime(TextAttribution& made, const TextGame& game, const TextRequest& request, Task& task)
{
    MaskLime lime = limeOfText(game, request.budget, request.seed, task);
    made.predictions = std::move(lime.prediction);
    made.evaluations = lime.samples;
    made.values.assign(game.outputs() * game.players(), 0.0);
    made.errors = made.values;
    for (std::size_t output = 0; output < lime.fits.size(); ++output) {
        const LocalSurrogate& fit = lime.fits[output];
        made.base.push_back(fit.intercept);
        made.determination.push_back(fit.determination);
        for (std::size_t i = 0; i < fit.players.size(); ++i) {
            made.values[output * game.players() + fit.players[i]] = fit.coefficients[i];
            made.errors[output * game.players() + fit.players[i]] = fit.errors[i];
        }
    }
}

TextAttribution explained(const TextGame& game, const TextRequest& request, std::size_t row, std::string text, Task& task)
{
    TextAttribution made;
    made.row = row;
    made.text = std::move(text);
    made.spans = game.spans();
    made.words = game.words();
    if (game.players() == 0) { // nothing to tell apart: one prediction says all
        made.predictions = made.base = game.valuesOfRow(0, {1, 0, {}}, task);
        made.evaluations = 1;
    } else if (request.method == "lime") {
        explainByLime(made, game, request, task);
    } else if (request.method == "occlusion") {
        OcclusionValues found = occlusion(game, task);
        put(made, {std::move(found.base), std::move(found.full), std::move(found.values), {}, found.evaluations, {}});
    } else if (request.method == "partition") {
        put(made, partitionShapley(game, textTree(made.text, game.spans()), {request.budget}, task).shapley);
    } else {
        put(made, shapley(game, {request.method, request.budget, request.seed, 0}, task));
    }
    made.errors.resize(made.values.size(), 0.0);
    return made;
}

void checkLengths(const Plan& plan, const TextRequest& request, const Predictor& predictor, const Table& table)
{
    if (request.method != "exact")
        return;
    for (std::size_t row = plan.rows.begin; row < plan.rows.end; ++row) {
        const std::size_t players = gameOf(predictor, table, plan, row, request.space).players();
        if (players > maxExactPlayers)
            throw Error(ErrorCode::TooManyPlayers, {{"players", std::to_string(players)},
                                                    {"limit", std::to_string(maxExactPlayers)},
                                                    {"method", request.method}});
    }
}

} // namespace

const std::vector<std::string>& textMethods()
{
    static const std::vector<std::string> methods{"leverage", "permutation", "kernel", "exact", "partition", "occlusion", "lime"};
    return methods;
}

std::vector<std::string> textColumns(const Pipeline& pipeline)
{
    std::vector<std::string> columns;
    for (const FeatureGroup& group : pipeline.groups()) {
        if (group.type == ColumnType::Text)
            columns.push_back(group.column);
    }
    return columns;
}

TextOutcome explainTexts(const Predictor& predictor, const Table& table, const TextRequest& request,
                         const std::function<void(const TextOutcome&)>& onRow, Task& task)
{
    const Stopwatch clock;
    const Plan plan = planned(predictor, table, request);
    checkLengths(plan, request, predictor, table);
    TextOutcome outcome;
    outcome.method = request.method;
    outcome.column = plan.column->name();
    outcome.additive = request.method != "lime" && request.method != "occlusion";
    outcome.task = predictor.pipeline().task();
    // A number has no probability: its two spaces are one.
    const bool number = outcome.task == TaskKind::Regression || outcome.task == TaskKind::MultiRegression;
    outcome.space = request.space == OutputSpace::Raw || number ? "raw" : "probability";
    outcome.outputs = predictor.outputNames(request.space);
    for (std::size_t row = plan.rows.begin; row < plan.rows.end; ++row) {
        task.checkpoint();
        if (task.isFinishing() && row > plan.rows.begin)
            break;
        const TextGame game = gameOf(predictor, table, plan, row, request.space);
        Task part(task, [&](const Task::Progress& progress) {
            const double share = static_cast<double>(row - plan.rows.begin) + std::clamp(progress.fraction, 0.0, 1.0);
            task.report(share / static_cast<double>(plan.rows.count()), "explain");
        });
        outcome.rows.push_back(std::make_shared<const TextAttribution>(explained(game, request, row, textOf(*plan.column, row), part)));
        outcome.seconds = clock.seconds();
        task.report(static_cast<double>(row + 1 - plan.rows.begin) / static_cast<double>(plan.rows.count()), "explain");
        if (onRow)
            onRow(outcome);
    }
    return outcome;
}

void checkTextRequest(const Predictor& predictor, const Table& table, const TextRequest& request)
{
    checkLengths(planned(predictor, table, request), request, predictor, table);
}

std::uint64_t textEvaluations(const Predictor& predictor, const Table& table, const TextRequest& request, Task& task)
{
    const Plan plan = planned(predictor, table, request);
    checkLengths(plan, request, predictor, table);
    std::uint64_t predictions = 0;
    for (std::size_t row = plan.rows.begin; row < plan.rows.end; ++row) {
        task.checkpoint();
        predictions += evaluationsOf(request, gameOf(predictor, table, plan, row, request.space), textOf(*plan.column, row));
    }
    return predictions;
}

ExplainCost estimateTextCost(const Predictor& predictor, const Table& table, const TextRequest& request, Task& task)
{
    const std::uint64_t predictions = textEvaluations(predictor, table, request, task);
    const Plan plan = planned(predictor, table, request);
    std::vector<std::size_t> rows;
    for (std::size_t row = plan.rows.begin; row < std::min(plan.rows.end, plan.rows.begin + 64); ++row)
        rows.push_back(row);
    Issues issues;
    const Features trial = predictor.pipeline().transform(table, rows, false, issues);
    throwFirstError(issues);
    ExplainCost cost = costOfPredictions(predictor, trial, predictions, request.space, task);
    const TextGame game = gameOf(predictor, table, plan, plan.rows.begin, request.space);
    if (cost.seconds / static_cast<double>(plan.rows.count()) < errorTrialSeconds) {
        const TextAttribution tried = explained(game, request, plan.rows.begin, textOf(*plan.column, plan.rows.begin), task);
        cost.error = relativeError(tried.values, tried.errors);
    }
    return cost;
}

} // namespace limpid
