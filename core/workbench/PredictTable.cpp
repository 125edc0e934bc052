#include "core/workbench/RowChunks.h"
#include "core/workbench/Workbench.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

std::size_t likeliest(const Predictions& predictions, std::size_t row)
{
    const auto begin = predictions.values.begin() + static_cast<std::ptrdiff_t>(row * predictions.outputs);
    return static_cast<std::size_t>(std::max_element(begin, begin + static_cast<std::ptrdiff_t>(predictions.outputs)) - begin);
}

std::vector<std::size_t> rowsWithTarget(const Predictor& predictor, const Table& table)
{
    const std::string& target = predictor.pipeline().spec().target;
    const auto index = table.find(target);
    if (!index)
        throw Error(ErrorCode::ColumnMissing, {{"column", target}, {"path", ""}});
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < table.rows(); ++row)
        if (!table.column(*index).isMissing(row))
            rows.push_back(row);
    if (rows.empty())
        throw Error(ErrorCode::ColumnAllMissing, {{"column", target}});
    return rows;
}

} // namespace

PredictOutcome predictTable(const Predictor& predictor, const Table& table, UnseenCategories unseen, Task& task)
{
    const Pipeline& pipeline = predictor.pipeline();
    const std::vector<std::string>& classes = pipeline.classes();
    std::vector<double> numbers;                                ///< regression
    std::vector<std::int32_t> codes;
    std::vector<std::vector<double>> probabilities(classes.size());
    PredictOutcome outcome;
    const std::vector<std::size_t> rows = allRows(table);
    forChunks(predictor, table, rows, false, outcome.issues, task, [&](const Features& features) {
        const Predictions predictions = predictor.predict(features, OutputSpace::Probability, task);
        for (std::size_t row = 0; row < predictions.rows; ++row) {
            if (classes.empty()) {
                numbers.push_back(predictions.at(row, 0));
            } else if (predictions.outputs == 1) { // binary: of the second class
                const double second = predictions.at(row, 0);
                codes.push_back(second >= 0.5 ? 1 : 0);
                probabilities[0].push_back(1.0 - second);
                probabilities[1].push_back(second);
            } else {
                codes.push_back(static_cast<std::int32_t>(likeliest(predictions, row)));
                for (std::size_t c = 0; c < classes.size(); ++c)
                    probabilities[c].push_back(predictions.at(row, c));
            }
        }
    });

    if (unseen == UnseenCategories::Refuse) // after all rows, so that the count is of the whole file
        for (const Issue& issue : outcome.issues)
            if (issue.code == ErrorCode::ColumnUnseenCategory)
                throw Error(ErrorCode::ColumnUnseenRefused, issue.facts);

    std::vector<Column> columns;
    columns.push_back(classes.empty() ? Column::numbers("prediction", std::move(numbers))
                                      : Column::categories("prediction", std::move(codes), classes));
    for (std::size_t c = 0; c < classes.size(); ++c)
        columns.push_back(Column::numbers("P(" + classes[c] + ")", std::move(probabilities[c])));
    outcome.table = Table(std::move(columns));
    outcome.columns = outcome.table.names();
    return outcome;
}

EvaluateOutcome evaluateTable(const Predictor& predictor, const Table& table, Task& task)
{
    const Pipeline& pipeline = predictor.pipeline();
    const std::vector<std::size_t> rows = rowsWithTarget(predictor, table);
    std::vector<int> labels;
    std::vector<double> truth, predicted; ///< predicted: probabilities for classes
    EvaluateOutcome outcome;
    forChunks(predictor, table, rows, true, outcome.issues, task, [&](const Features& features) {
        const Predictions predictions = predictor.predict(features, OutputSpace::Probability, task);
        predicted.insert(predicted.end(), predictions.values.begin(), predictions.values.end());
        for (const float target : features.targets) {
            if (pipeline.task() == TaskKind::Regression)
                truth.push_back(static_cast<double>(target) * pipeline.targetScale() + pipeline.targetMean());
            else
                labels.push_back(static_cast<int>(std::lround(target)));
        }
    });
    outcome.classes = pipeline.classes();
    outcome.rows = rows.size();
    outcome.metrics = pipeline.task() == TaskKind::Regression
        ? regressionMetrics(truth, predicted)
        : classificationMetrics(labels, predicted, static_cast<int>(pipeline.classes().size()));
    return outcome;
}

ImportanceResult importanceOfTable(const Predictor& predictor, const Table& table, int repeats, std::uint64_t seed, Task& task)
{
    Issues issues;
    const Features features = predictor.pipeline().transform(table, rowsWithTarget(predictor, table), true, issues);
    throwFirstError(issues);
    return permutationImportance(predictor, features, repeats, seed, task);
}

} // namespace limpid
