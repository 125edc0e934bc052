#include "core/workbench/CounterfactualTable.h"

#include "core/base/Clock.h"
#include "core/data/Cells.h"
#include "core/workbench/RowChunks.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

bool isNumber(TaskKind task) { return task == TaskKind::Regression || task == TaskKind::MultiRegression; }

std::size_t place(const std::string& name, const std::vector<std::string>& names, const char* option, const char* expected)
{
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        throw Error(ErrorCode::OptionInvalid, {{"name", option}, {"value", name}, {"expected", expected}, {"nearest", nearestName(name, names)}});
    return static_cast<std::size_t>(found - names.begin());
}

std::size_t columnNamed(const std::string& name, const std::vector<EffectColumn>& columns)
{
    std::vector<std::string> names;
    for (const EffectColumn& column : columns)
        names.push_back(column.name);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        throw Error(ErrorCode::ColumnUnknown, {{"column", name}, {"nearest", nearestName(name, names)}, {"path", ""}});
    return static_cast<std::size_t>(found - names.begin());
}

/// The target's own names of its two values.
const std::vector<std::string>& labels(const Pipeline& pipeline, std::size_t output)
{
    return pipeline.targets()[pipeline.task() == TaskKind::MultiLabel ? output : 0].classes;
}

/// Outputs as they are told: of two classes the model gives the second alone.
std::vector<double> told(TaskKind task, std::vector<double> outputs)
{
    if (task == TaskKind::Binary && outputs.size() == 1)
        return {1.0 - outputs[0], outputs[0]};
    return outputs;
}

/// By the same rules as predictTable(). `outputs` as the model gives them.
std::string predictedClass(const Pipeline& pipeline, const std::vector<double>& outputs, std::size_t output)
{
    switch (pipeline.task()) {
    case TaskKind::Binary:
        return pipeline.classes()[outputs[0] >= 0.5 ? 1 : 0];
    case TaskKind::MultiClass:
        return pipeline.classes()[static_cast<std::size_t>(std::max_element(outputs.begin(), outputs.end()) - outputs.begin())];
    case TaskKind::MultiLabel:
        return labels(pipeline, output)[outputs[output] >= 0.5 ? 1 : 0];
    case TaskKind::Regression:
    case TaskKind::MultiRegression:
        break;
    }
    return {};
}

/// What of a model's outputs is asked for. `own`: the row's outputs.
struct Wish {
    WantedOutputs wanted;
    std::size_t told = 0;      ///< CounterfactualOutcome::output
};

Wish wishOf(const Pipeline& pipeline, const CounterfactualRequest& request, const std::vector<double>& own)
{
    const TaskKind task = pipeline.task();
    const bool several = task == TaskKind::MultiLabel || task == TaskKind::MultiRegression;
    Wish wish;
    if (!several && !request.output.empty())
        throw Error(ErrorCode::OptionUnused, {{"name", "output"}, {"other", "target"}, {"needed", "several targets"}});
    const std::size_t target = several && !request.output.empty() ? place(request.output, pipeline.outputNames(), "output", "one of the targets") : 0;
    wish.wanted.output = wish.told = target;
    if (isNumber(task)) {
        if (!request.wanted.empty())
            throw Error(ErrorCode::OptionUnused, {{"name", "target"}, {"other", "target"}, {"needed", "classes"}});
        if (!request.atLeast && !request.atMost)
            throw Error(ErrorCode::OptionInvalid, {{"name", "at-least, at-most"}, {"value", ""}, {"expected", "the number to reach"}});
        wish.wanted.atLeast = request.atLeast.value_or(wish.wanted.atLeast);
        wish.wanted.atMost = request.atMost.value_or(wish.wanted.atMost);
        return wish;
    }
    if (request.atLeast || request.atMost)
        throw Error(ErrorCode::OptionUnused, {{"name", request.atLeast ? "at-least" : "at-most"}, {"other", "target"}, {"needed", "a number"}});
    const std::vector<std::string>& classes = task == TaskKind::MultiClass ? pipeline.classes() : labels(pipeline, target);
    std::optional<std::size_t> wanted;
    if (!request.wanted.empty())
        wanted = place(request.wanted, classes, "target", "a class of the target");
    if (task == TaskKind::MultiClass) {
        const auto predicted = static_cast<std::size_t>(std::max_element(own.begin(), own.end()) - own.begin());
        wish.wanted.output = wish.told = wanted.value_or(predicted);
        wish.wanted.rank = wanted ? WantedOutputs::Rank::Largest : WantedOutputs::Rank::NotLargest;
        if (wanted)
            wish.wanted.atLeast = request.probability;
        return wish;
    }
    const std::size_t side = wanted.value_or(own[target] >= 0.5 ? 0 : 1);
    const double threshold = std::max(0.5, request.probability);
    if (side == 1)
        wish.wanted.atLeast = threshold;
    else
        wish.wanted.atMost = threshold > 0.5 ? 1.0 - threshold : std::nextafter(0.5, 0.0);
    if (task == TaskKind::Binary)
        wish.told = side;
    return wish;
}

std::vector<std::size_t> observedRows(const Table& table, std::span<const std::size_t> candidates, const CounterfactualRequest& request)
{
    std::vector<std::size_t> rows = candidates.empty() ? allRows(table) : std::vector(candidates.begin(), candidates.end());
    std::erase(rows, request.row);
    if (rows.empty())
        throw Error(ErrorCode::TooFewRows, {{"rows", "0"}, {"needed", "1"}}, "counterfactuals need rows that were observed");
    return drawBackground(std::move(rows), request.observed, request.seed);
}

/// One cell of a column as someone typed it.
Column cellColumn(const FeatureGroup& group, const std::string& cell)
{
    const Error wrong(ErrorCode::ColumnTypeMismatch, {{"column", group.column}, {"line", ""}, {"value", cell}, {"type", std::string(columnTypeName(group.type))}});
    switch (group.type) {
    case ColumnType::Number: {
        if (cell.empty())
            return Column::numbers(group.column, {std::numeric_limits<double>::quiet_NaN()});
        const NumberCell number = parseNumber(cell);
        if (number.kind != NumberKind::Finite)
            throw wrong;
        return Column::numbers(group.column, {number.value});
    }
    case ColumnType::DateTime: {
        const auto moment = parseDateTime(cell);
        if (!moment && !cell.empty())
            throw wrong;
        return Column::dateTimes(group.column, {moment.value_or(0)}, {!moment});
    }
    case ColumnType::Category:
    case ColumnType::Boolean:
        return Column::categories(group.column, {cell.empty() ? -1 : 0}, {cell});
    case ColumnType::Text:
        break;
    }
    return Column::texts(group.column, cell, {0, cell.size()}, {cell.empty()});
}

nlohmann::json answerJson(const RowAnswer& answer, const CounterfactualOutcome& outcome)
{
    nlohmann::json cells = nlohmann::json::object();
    for (std::size_t column = 0; column < outcome.columns.size(); ++column) {
        const std::string& cell = answer.cells[column];
        nlohmann::json& value = cells[outcome.columns[column].name];
        if (cell.empty())
            value = nullptr;
        else if (outcome.columns[column].type == ColumnType::Number)
            value = parseNumber(cell).value;
        else
            value = cell;
    }
    nlohmann::json json{{"cells", std::move(cells)}, {"output", answer.outputs}};
    if (!answer.predicted.empty())
        json["prediction"] = answer.predicted;
    else
        json["prediction"] = answer.outputs[outcome.output];
    return json;
}

} // namespace

const char* counterfactualReasonName(CounterfactualSet::Reason reason)
{
    switch (reason) {
    case CounterfactualSet::Reason::Found:
        return "found";
    case CounterfactualSet::Reason::AlreadyReached:
        return "already-reached";
    case CounterfactualSet::Reason::NothingFree:
        return "nothing-free";
    case CounterfactualSet::Reason::NotReached:
        return "not-reached";
    case CounterfactualSet::Reason::Stopped:
        break;
    }
    return "stopped";
}

CounterfactualOutcome counterfactualsOfRow(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates,
                                           const CounterfactualRequest& request, Task& task)
{
    const Stopwatch clock;
    const Pipeline& pipeline = predictor.pipeline();
    if (request.row >= table.rows())
        throw Error(ErrorCode::RowRangeInvalid, {{"range", std::to_string(request.row)}, {"rows", std::to_string(table.rows())}});
    std::vector<std::size_t> rows = observedRows(table, candidates, request);
    rows.push_back(request.row);
    const PredictorRows model(predictor, table, std::move(rows), OutputSpace::Probability);

    CounterfactualSpec spec;
    spec.row = model.rows() - 1;
    spec.alternatives = request.alternatives;
    const Wish wish = wishOf(pipeline, request, model.predict(std::vector{spec.row}, {}, task));
    spec.wanted = wish.wanted;
    for (const std::string& name : request.locked)
        spec.locked.push_back(columnNamed(name, model.columns()));
    for (const CounterfactualRequest::Bounds& bounds : request.bounds) {
        const std::size_t column = columnNamed(bounds.column, model.columns());
        const ColumnType type = model.columns()[column].type;
        if (type != ColumnType::Number && type != ColumnType::DateTime)
            throw Error(ErrorCode::OptionInvalid, {{"name", "bounds"}, {"value", bounds.column}, {"expected", "a column of numbers"}});
        spec.bounds.push_back({column, bounds.atLeast, bounds.atMost});
    }
    CounterfactualSet found = findCounterfactuals(model, spec, task);

    CounterfactualOutcome outcome;
    outcome.task = pipeline.task();
    outcome.outputs = pipeline.classes().empty() ? pipeline.outputNames() : pipeline.classes();
    outcome.output = wish.told;
    outcome.columns = model.columns();
    outcome.scales = std::move(found.scales);
    outcome.row = request.row;
    outcome.locked = request.locked;
    outcome.reason = found.reason;
    outcome.modelRows = found.modelRows + 1;
    const auto answer = [&](RowAnswer& to, const std::vector<double>* values, const std::vector<double>& outputs) {
        for (std::size_t column = 0; column < outcome.columns.size(); ++column) {
            const EffectColumn& given = outcome.columns[column];
            // A text is the row's own: it is never changed.
            if (given.type == ColumnType::Text)
                to.cells.push_back(table.column(*table.find(given.name)).display(request.row));
            else
                to.cells.push_back(cellText(given, values ? (*values)[column] : given.values[spec.row]));
        }
        to.predicted = predictedClass(pipeline, outputs, spec.wanted.output);
        to.outputs = told(outcome.task, outputs);
    };
    answer(outcome.asked, nullptr, found.outputs);
    for (Counterfactual& alternative : found.alternatives) {
        CounterfactualOutcome::Alternative& to = outcome.alternatives.emplace_back();
        answer(to, &alternative.values, alternative.outputs);
        to.changed = std::move(alternative.changed);
        to.distance = alternative.distance;
        to.toData = alternative.toData;
        to.unusual = std::move(alternative.unusual);
    }
    if (!found.closest.empty())
        outcome.closest = told(outcome.task, found.closest);
    outcome.seconds = clock.seconds();
    return outcome;
}

ExplainCost estimateCounterfactualCost(const Predictor& predictor, const Table& table, std::span<const std::size_t> candidates,
                                       const CounterfactualRequest& request, Task& task)
{
    const std::vector<std::size_t> rows = observedRows(table, candidates, request);
    Issues issues;
    const Features features = predictor.pipeline().transform(table, rows, false, issues);
    throwFirstError(issues);
    // The observed rows once, up to 33 values of each column, three rounds of combinations, and some 48 tries that are made
    // shorter: undoing and moving back takes each column a few dozen rows.
    const std::uint64_t columns = predictor.pipeline().groups().size();
    return costOfPredictions(predictor, features, rows.size() + 33 * columns + 1000 + 48 * 32 * std::min<std::uint64_t>(columns, 16),
                             OutputSpace::Probability, task);
}

RowAnswer answerOfCells(const Predictor& predictor, const std::vector<std::string>& cells, std::size_t output, Task& task)
{
    const Pipeline& pipeline = predictor.pipeline();
    std::vector<Column> columns;
    for (std::size_t column = 0; column < pipeline.groups().size(); ++column)
        columns.push_back(cellColumn(pipeline.groups()[column], cells[column]));
    const PredictOutcome predicted = predictTable(predictor, Table(std::move(columns)), UnseenCategories::Allow, task);
    RowAnswer answer;
    answer.cells = cells;
    for (std::size_t column = 0; column < predicted.table.columnCount(); ++column) {
        const Column& values = predicted.table.column(column);
        if (values.type() == ColumnType::Number)
            answer.outputs.push_back(values.numbers()[0]);
    }
    // The label: of one target the first column, of several labels one before each probability.
    if (!isNumber(pipeline.task()))
        answer.predicted = predicted.table.column(pipeline.task() == TaskKind::MultiLabel ? 2 * output : 0).display(0);
    return answer;
}

nlohmann::json counterfactualJson(const CounterfactualOutcome& outcome)
{
    nlohmann::json features = nlohmann::json::array(), alternatives = nlohmann::json::array();
    for (const EffectColumn& column : outcome.columns)
        features.push_back(column.name);
    for (const CounterfactualOutcome::Alternative& alternative : outcome.alternatives) {
        nlohmann::json json = answerJson(alternative, outcome), changed = nlohmann::json::array();
        for (const std::size_t column : alternative.changed)
            changed.push_back(outcome.columns[column].name);
        json["changed"] = std::move(changed);
        json["distance"] = alternative.distance;
        json["toData"] = alternative.toData;
        json["unusual"] = nlohmann::json::array();
        for (const UnusualPair& pair : alternative.unusual)
            json["unusual"].push_back({{"columns", {outcome.columns[pair.first].name, outcome.columns[pair.second].name}}, {"rows", pair.together}});
        alternatives.push_back(std::move(json));
    }
    nlohmann::json row = answerJson(outcome.asked, outcome);
    row["row"] = outcome.row;
    return {{"method", "counterfactual"},
            {"features", std::move(features)},
            {"outputs", outcome.outputs},
            {"row", std::move(row)},
            {"alternatives", std::move(alternatives)},
            {"reason", counterfactualReasonName(outcome.reason)},
            {"closest", outcome.closest},
            {"locked", outcome.locked},
            {"background", {{"name", outcome.background}, {"rows", outcome.observed()}}},
            {"evaluations", outcome.modelRows},
            {"seconds", outcome.seconds}};
}

} // namespace limpid
