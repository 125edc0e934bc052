#include "core/workbench/RowChunks.h"
#include "core/workbench/Workbench.h"

#include "core/base/Clock.h"
#include "core/base/Random.h"
#include "core/explain/Game.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

namespace {

constexpr std::size_t usualRows = 200;

struct RowRange {
    std::size_t begin = 0, end = 0;
    std::size_t count() const { return end - begin; }
};

RowRange rangeOf(const ExplainRequest& request, const Table& table)
{
    if (request.rowBegin == 0 && request.rowEnd == 0)
        return {0, std::min(usualRows, table.rows())};
    if (request.rowBegin >= request.rowEnd || request.rowEnd > table.rows())
        throw Error(ErrorCode::RowRangeInvalid,
                    {{"range", std::to_string(request.rowBegin) + ":" + std::to_string(request.rowEnd)},
                     {"rows", std::to_string(table.rows())}});
    return {request.rowBegin, request.rowEnd};
}

/// What shapley() would refuse, found before any work is done.
void checkMethod(const ShapleySpec& spec, std::size_t players)
{
    const std::vector<std::string>& methods = shapleyMethods();
    if (std::find(methods.begin(), methods.end(), spec.method) == methods.end()) {
        std::string expected;
        for (const std::string& method : methods)
            expected += (expected.empty() ? "" : " | ") + method;
        throw Error(ErrorCode::OptionInvalid, {{"name", "method"}, {"value", spec.method}, {"expected", expected}});
    }
    if (spec.method == "exact" && players > maxExactPlayers)
        throw Error(ErrorCode::TooManyPlayers, {{"players", std::to_string(players)},
                                                {"limit", std::to_string(maxExactPlayers)},
                                                {"method", spec.method}});
}

Features encoded(const Predictor& predictor, const Table& table, std::span<const std::size_t> rows)
{
    Issues issues;
    Features features = predictor.pipeline().transform(table, rows, false, issues);
    throwFirstError(issues);
    return features;
}

void append(std::vector<double>& to, const std::vector<double>& from)
{
    to.insert(to.end(), from.begin(), from.end());
}

double cellNumber(const Column& column, std::size_t row)
{
    if (column.isMissing(row))
        return std::numeric_limits<double>::quiet_NaN();
    switch (column.type()) {
    case ColumnType::Number:
        return column.numbers()[row];
    case ColumnType::DateTime:
        return static_cast<double>(column.dateTimes()[row]);
    case ColumnType::Category:
    case ColumnType::Boolean:
        return column.codes()[row];
    case ColumnType::Text:
        break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

/// The explained rows in the user's words, for the rows from `begin` on.
void describe(Explanation& explanation, const Table& table, std::size_t begin)
{
    for (std::size_t i = begin; i < explanation.rows.size(); ++i) {
        for (const std::string& feature : explanation.features) {
            const Column& column = table.column(*table.find(feature));
            explanation.cellText.push_back(column.display(explanation.rows[i]));
            explanation.cellNumber.push_back(cellNumber(column, explanation.rows[i]));
        }
    }
}

void addAttributions(Explanation& explanation, const Attributions& found, std::size_t rows)
{
    explanation.base = found.base;
    append(explanation.predictions, found.predictions);
    append(explanation.values, found.values);
    append(explanation.errors, found.errors);
    explanation.evaluations = found.evaluations;
    explanation.modelRows += found.evaluations * rows;
    if (explanation.ledger.empty())
        explanation.ledger = found.ledger;
    for (std::size_t i = 0; i < found.ledger.size(); ++i) {
        explanation.ledger[i].leak = std::max(explanation.ledger[i].leak, found.ledger[i].leak);
        explanation.ledger[i].spread = std::max(explanation.ledger[i].spread, found.ledger[i].spread);
    }
}

double residualOf(const Explanation& explanation)
{
    const std::size_t outputs = explanation.outputs.size();
    double residual = 0.0;
    for (std::size_t output = 0; output < outputs; ++output) {
        double low = explanation.base[output], high = low, worst = 0.0;
        for (std::size_t row = 0; row < explanation.rowCount(); ++row) {
            const double prediction = explanation.predictions[row * outputs + output];
            double sum = explanation.base[output];
            for (std::size_t feature = 0; feature < explanation.features.size(); ++feature)
                sum += explanation.value(row, output, feature);
            low = std::min(low, prediction);
            high = std::max(high, prediction);
            worst = std::max(worst, std::abs(sum - prediction));
        }
        residual = std::max(residual, high > low ? worst / (high - low) : worst);
    }
    return residual;
}

/// Rows a group: enough that the method's own work is shared, few enough that results show soon.
std::size_t groupRows(std::uint64_t modelRowsPerRow)
{
    constexpr std::uint64_t modelRowsAtOnce = 2'000'000;
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(modelRowsAtOnce / std::max<std::uint64_t>(1, modelRowsPerRow), 4, 256));
}

} // namespace

Explanation explainTable(const Predictor& predictor, const Table& table, std::span<const std::size_t> backgroundRows,
                         const ExplainRequest& request, const std::function<void(const Explanation&)>& onRows, Task& task)
{
    const Stopwatch clock;
    const RowRange range = rangeOf(request, table);
    const std::size_t players = predictor.pipeline().groups().size();
    if (request.attribution)
        checkAttribution(*request.attribution, predictor);
    else
        checkMethod(request.shapley, players);
    const std::vector<std::size_t> candidates = backgroundRows.empty() ? allRows(table)
                                                                       : std::vector(backgroundRows.begin(), backgroundRows.end());
    const Features background = encoded(predictor, table, drawBackground(candidates, request.background, request.shapley.seed));

    Explanation explanation;
    explanation.method = request.attribution ? request.attribution->method : request.shapley.method;
    explanation.additive = addsUp(explanation.method);
    if (explanation.method == "integrated-gradients")
        explanation.baseline = request.attribution->baseline;
    // A number has no probability: its two spaces are one.
    const TaskKind kind = predictor.pipeline().task();
    const bool number = kind == TaskKind::Regression || kind == TaskKind::MultiRegression;
    explanation.task = kind;
    explanation.space = request.space == OutputSpace::Raw || number ? "raw" : "probability";
    explanation.outputs = predictor.outputNames(request.space);
    for (const FeatureGroup& group : predictor.pipeline().groups())
        explanation.features.push_back(group.column);
    explanation.background = backgroundRows.empty() ? "all rows" : "training rows";
    explanation.backgroundRows = background.rows;
    explanation.backgroundOf = candidates.size();

    const std::size_t step = groupRows(request.attribution ? plannedGradients(*request.attribution, background.rows)
                                                           : plannedEvaluations(request.shapley, players) * background.rows);
    for (std::size_t begin = range.begin; begin < range.end; begin += step) {
        task.checkpoint();
        if (task.isFinishing() && begin > range.begin)
            break;
        std::vector<std::size_t> rows;
        for (std::size_t row = begin; row < std::min(begin + step, range.end); ++row)
            rows.push_back(row);
        const Features explained = encoded(predictor, table, rows);
        const std::size_t done = begin - range.begin;
        Task part([&](const Task::Progress& progress) {
            const double share = std::clamp(progress.fraction, 0.0, 1.0) * static_cast<double>(rows.size());
            task.report((static_cast<double>(done) + share) / static_cast<double>(range.count()), "explain");
            if (task.isCancelled())
                throw Cancelled();
        });
        if (request.attribution) {
            addAttributions(explanation, attributions(predictor, explained, background, request.space, *request.attribution, part), rows.size());
        } else {
            const PredictorGame game(predictor, explained, background, request.space);
            const ShapleyValues values = shapley(game, request.shapley, part);
            if (explanation.base.empty())
                explanation.base.assign(values.base.begin(), values.base.begin() + static_cast<std::ptrdiff_t>(explanation.outputs.size()));
            append(explanation.predictions, values.full);
            append(explanation.values, values.values);
            append(explanation.errors, values.errors);
            explanation.evaluations = std::max(explanation.evaluations, values.evaluations);
            explanation.modelRows += values.evaluations * rows.size() * background.rows;
        }
        explanation.rows.insert(explanation.rows.end(), rows.begin(), rows.end());
        describe(explanation, table, done);
        if (explanation.additive)
            explanation.residual = residualOf(explanation);
        explanation.seconds = clock.seconds();
        task.report(static_cast<double>(done + rows.size()) / static_cast<double>(range.count()), "explain");
        if (onRows)
            onRows(explanation);
    }
    return explanation;
}

ExplainCost estimateExplainCost(const Predictor& predictor, const Table& table, const ExplainRequest& request, Task& task)
{
    const RowRange range = rangeOf(request, table);
    const std::size_t players = predictor.pipeline().groups().size();
    if (request.attribution)
        checkAttribution(*request.attribution, predictor);
    else
        checkMethod(request.shapley, players);
    const Features background = encoded(predictor, table, drawBackground(allRows(table), request.background, request.shapley.seed));
    ExplainCost cost;
    if (request.attribution) {
        // One row, done in full.
        const std::size_t first = range.begin;
        const Features row = encoded(predictor, table, {&first, 1});
        const Stopwatch clock;
        attributions(predictor, row, background, request.space, *request.attribution, task);
        cost.seconds = clock.seconds() * static_cast<double>(range.count());
        cost.modelRows = plannedGradients(*request.attribution, background.rows) * range.count();
        return cost;
    }
    cost.modelRows = plannedEvaluations(request.shapley, players) * range.count() * background.rows;
    if (cost.modelRows == 0)
        return cost;

    std::vector<std::size_t> rows;
    for (std::size_t row = range.begin; row < std::min(range.begin + 4, range.end); ++row)
        rows.push_back(row);
    const Features explained = encoded(predictor, table, rows);
    // Random coalitions, ever more of them until the time taken says something.
    constexpr double enoughSeconds = 0.05;
    Random random(request.shapley.seed, "trial");
    Coalitions trial;
    trial.players = players;
    double seconds = 0.0;
    for (trial.count = 32; seconds < enoughSeconds; trial.count *= 4) {
        trial.members.resize(trial.count * players);
        for (std::uint8_t& member : trial.members)
            member = random.uniform() < 0.5 ? 1 : 0;
        const Stopwatch clock;
        predictor.coalitionMeans(explained, background, trial, request.space, task);
        seconds = clock.seconds();
        const double modelRows = static_cast<double>(trial.count * rows.size() * background.rows);
        cost.seconds = seconds / modelRows * static_cast<double>(cost.modelRows);
        if (modelRows >= static_cast<double>(cost.modelRows))
            break;
    }
    return cost;
}

} // namespace limpid
