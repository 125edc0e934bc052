#include "core/model/PredictionMetrics.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/RowChunks.h"
#include "core/workbench/Workbench.h"

#include <algorithm>
#include <numeric>

namespace limpid {

namespace {

std::size_t likeliest(const Predictions& predictions, std::size_t row)
{
    const auto begin = predictions.values.begin() + static_cast<std::ptrdiff_t>(row * predictions.outputs);
    return static_cast<std::size_t>(std::max_element(begin, begin + static_cast<std::ptrdiff_t>(predictions.outputs)) - begin);
}

std::vector<std::size_t> rowsWithTargets(const Predictor& predictor, const Table& table)
{
    std::vector<const Column*> columns;
    for (const TargetCoding& target : predictor.pipeline().targets()) {
        const auto index = table.find(target.column);
        if (!index)
            throw Error(ErrorCode::ColumnMissing, {{"column", target.column}, {"path", ""}});
        columns.push_back(&table.column(*index));
        if (columns.back()->missingCount() == table.rows())
            throw Error(ErrorCode::ColumnAllMissing, {{"column", target.column}});
    }
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < table.rows(); ++row)
        if (std::none_of(columns.begin(), columns.end(), [&](const Column* column) { return column->isMissing(row); }))
            rows.push_back(row);
    if (rows.empty())
        throw Error(ErrorCode::TooFewRows, {{"rows", "0"}, {"needed", "1"}});
    return rows;
}

/// Output `index` of all rows.
std::vector<double> outputOf(const Predictions& predictions, std::size_t index)
{
    std::vector<double> values;
    values.reserve(predictions.rows);
    for (std::size_t row = 0; row < predictions.rows; ++row)
        values.push_back(predictions.at(row, index));
    return values;
}

std::vector<std::int32_t> atLeastHalf(const std::vector<double>& probabilities)
{
    std::vector<std::int32_t> codes;
    codes.reserve(probabilities.size());
    for (const double probability : probabilities)
        codes.push_back(probability >= 0.5 ? 1 : 0);
    return codes;
}

std::string probabilityName(const std::string& of)
{
    return "P(" + of + ")";
}

/// The columns that predictions, in OutputSpace::Probability, are told in.
std::vector<Column> predictionColumns(const Pipeline& pipeline, const Predictions& predictions)
{
    const std::vector<std::string>& classes = pipeline.classes();
    std::vector<Column> columns;
    switch (pipeline.task()) {
    case TaskKind::Binary: {
        std::vector<double> second = outputOf(predictions, 0), first;
        for (const double probability : second)
            first.push_back(1.0 - probability);
        columns.push_back(Column::categories("prediction", atLeastHalf(second), classes));
        columns.push_back(Column::numbers(probabilityName(classes[0]), std::move(first)));
        columns.push_back(Column::numbers(probabilityName(classes[1]), std::move(second)));
        break;
    }
    case TaskKind::MultiClass: {
        std::vector<std::int32_t> codes;
        for (std::size_t row = 0; row < predictions.rows; ++row)
            codes.push_back(static_cast<std::int32_t>(likeliest(predictions, row)));
        columns.push_back(Column::categories("prediction", std::move(codes), classes));
        for (std::size_t c = 0; c < classes.size(); ++c)
            columns.push_back(Column::numbers(probabilityName(classes[c]), outputOf(predictions, c)));
        break;
    }
    case TaskKind::Regression:
        columns.push_back(Column::numbers("prediction", outputOf(predictions, 0)));
        break;
    case TaskKind::MultiLabel:
        for (std::size_t i = 0; i < predictions.outputs; ++i) {
            const TargetCoding& target = pipeline.targets()[i];
            std::vector<double> second = outputOf(predictions, i);
            columns.push_back(Column::categories(target.column, atLeastHalf(second), target.classes));
            columns.push_back(Column::numbers(probabilityName(target.column), std::move(second)));
        }
        break;
    case TaskKind::MultiRegression:
        for (std::size_t i = 0; i < predictions.outputs; ++i)
            columns.push_back(Column::numbers(pipeline.targets()[i].column, outputOf(predictions, i)));
        break;
    }
    return columns;
}

} // namespace

PredictOutcome predictTable(const Predictor& predictor, const Table& table, UnseenCategories unseen, Task& task)
{
    PredictOutcome outcome;
    Predictions all{0, predictor.outputCount(OutputSpace::Probability), {}};
    const std::vector<std::size_t> rows = allRows(table);
    forChunks(predictor, table, rows, false, outcome.issues, task, [&](const Features& features) {
        const Predictions predictions = predictor.predict(features, OutputSpace::Probability, task);
        all.rows += predictions.rows;
        all.values.insert(all.values.end(), predictions.values.begin(), predictions.values.end());
    });

    if (unseen == UnseenCategories::Refuse) // after all rows, so that the count is of the whole file
        for (const Issue& issue : outcome.issues)
            if (issue.code == ErrorCode::ColumnUnseenCategory)
                throw Error(ErrorCode::ColumnUnseenRefused, issue.facts);

    outcome.table = Table(predictionColumns(predictor.pipeline(), all));
    outcome.columns = outcome.table.names();
    return outcome;
}

EvaluateOutcome evaluateTable(const Predictor& predictor, const Table& table, Task& task)
{
    const Pipeline& pipeline = predictor.pipeline();
    const std::vector<std::size_t> rows = rowsWithTargets(predictor, table);
    std::vector<float> targets;
    std::vector<double> predicted;
    EvaluateOutcome outcome;
    forChunks(predictor, table, rows, true, outcome.issues, task, [&](const Features& features) {
        const Predictions predictions = predictor.predict(features, OutputSpace::Probability, task);
        predicted.insert(predicted.end(), predictions.values.begin(), predictions.values.end());
        targets.insert(targets.end(), features.targets.begin(), features.targets.end());
    });
    outcome.classes = pipeline.classes();
    outcome.rows = rows.size();
    outcome.metrics = predictionMetrics(pipeline, predicted, targets);
    return outcome;
}

ImportanceResult importanceOfTable(const Predictor& predictor, const Table& table, int repeats, std::uint64_t seed, Task& task)
{
    Issues issues;
    const Features features = predictor.pipeline().transform(table, rowsWithTargets(predictor, table), true, issues);
    throwFirstError(issues);
    return permutationImportance(predictor, features, repeats, seed, task);
}

ExplainCost estimateImportanceCost(const Predictor& predictor, const Table& table, int repeats, Task& task)
{
    constexpr std::size_t enoughRows = 20'000;
    std::vector<std::size_t> rows(std::min(table.rows(), enoughRows));
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    Issues issues;
    const Features features = predictor.pipeline().transform(table, rows, false, issues);
    throwFirstError(issues);
    const std::uint64_t times = 1 + static_cast<std::uint64_t>(repeats) * predictor.pipeline().groups().size();
    return costOfPredictions(predictor, features, times * table.rows(), OutputSpace::Raw, task);
}

} // namespace limpid
