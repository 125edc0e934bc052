#include "ui/explain/ExplainWork.h"

#include "core/base/Clock.h"
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/RunSetup.h"

#include <algorithm>
#include <numeric>

namespace limpid {

std::shared_ptr<const LoadedModel> loadForExplaining(const Workspace& workspace, const ModelVersion& version, const DataSet& data, int threads)
{
    auto model = std::make_shared<LoadedModel>();
    model->version = version;
    model->predictor = makePredictor(workspace.loadBundle(version), threads);
    const Pipeline& pipeline = model->predictor->pipeline();
    for (const FeatureGroup& group : pipeline.groups())
        if (!data.table().find(group.column))
            throw Error(ErrorCode::ColumnMissing, {{"column", group.column}, {"path", data.path.string()}});
    if (version.run <= 0)
        return model;
    try {
        const RunRecord run = workspace.run(version.run);
        if (run.data.value("sha256", std::string()) == data.sha256) {
            Split split = splitRows(data.table(), pipeline.spec().targets(), splitSpecFromJson(run.split));
            model->trainingRows = std::move(split.train);
            model->validationRows = std::move(split.validation);
        }
    } catch (const Error&) {
        // A run that was imported or whose target is not in this file: the background is then drawn from all rows.
    }
    return model;
}

bool suits(const Workspace& workspace, const ModelVersion& version, const Table& table)
{
    constexpr std::size_t enough = 200;
    std::vector<std::size_t> rows(std::min(enough, table.rows()));
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    try {
        Issues issues;
        workspace.loadPipeline(version).transform(table, rows, false, issues);
        return std::none_of(issues.begin(), issues.end(), [](const Issue& issue) { return issue.severity == Severity::Error; });
    } catch (const Error&) {
        return false;
    }
}

namespace {

/// The rows that importance is taken of: those that training did not see, where they are known and the model can be judged by them.
Table judgingRows(const LoadedModel& model, const DataSet& data)
{
    return model.validationRows.empty() ? data.table() : data.table().select(model.validationRows);
}

} // namespace

ExplainFinding explain(const LoadedModel& model, const DataSet& data, const ExplainQuestion& question,
                       const std::function<void(ExplainFinding)>& onRows, Task& task)
{
    if (const auto* rows = std::get_if<ExplainRequest>(&question)) {
        const auto put = [&](const Explanation& part) { onRows(std::make_shared<const Explanation>(part)); };
        return std::make_shared<const Explanation>(explainTable(*model.predictor, data.table(), model.trainingRows, *rows, put, task));
    }
    if (const auto* words = std::get_if<TextRequest>(&question)) {
        const auto put = [&](const TextOutcome& part) { onRows(std::make_shared<const TextOutcome>(part)); };
        return std::make_shared<const TextOutcome>(explainTexts(*model.predictor, data.table(), *words, put, task));
    }
    if (const auto* columns = std::get_if<EffectRequest>(&question)) {
        auto outcome = std::make_shared<EffectOutcome>(effectsOfTable(*model.predictor, data.table(), model.trainingRows, *columns, task));
        outcome->background = model.trainingRows.empty() ? "all rows" : "training rows";
        return std::shared_ptr<const EffectOutcome>(std::move(outcome));
    }
    if (const auto* row = std::get_if<CounterfactualRequest>(&question)) {
        auto outcome = std::make_shared<CounterfactualOutcome>(counterfactualsOfRow(*model.predictor, data.table(), model.trainingRows, *row, task));
        outcome->background = model.trainingRows.empty() ? "all rows" : "training rows";
        return std::shared_ptr<const CounterfactualOutcome>(std::move(outcome));
    }
    const auto& request = std::get<ImportanceRequest>(question);
    const Stopwatch clock;
    const Table table = judgingRows(model, data);
    auto outcome = std::make_shared<ImportanceOutcome>();
    outcome->result = importanceOfTable(*model.predictor, table, request.repeats, request.seed, task);
    outcome->repeats = request.repeats;
    outcome->rows = table.rows();
    outcome->unseen = !model.validationRows.empty();
    outcome->seconds = clock.seconds();
    return std::shared_ptr<const ImportanceOutcome>(std::move(outcome));
}

ExplainCost explainCost(const LoadedModel& model, const DataSet& data, const ExplainQuestion& question, Task& task)
{
    if (const auto* rows = std::get_if<ExplainRequest>(&question))
        return estimateExplainCost(*model.predictor, data.table(), model.trainingRows, *rows, task);
    if (const auto* words = std::get_if<TextRequest>(&question))
        return estimateTextCost(*model.predictor, data.table(), *words, task);
    if (const auto* columns = std::get_if<EffectRequest>(&question))
        return estimateEffectCost(*model.predictor, data.table(), model.trainingRows, *columns, task);
    if (const auto* row = std::get_if<CounterfactualRequest>(&question))
        return estimateCounterfactualCost(*model.predictor, data.table(), model.trainingRows, *row, task);
    return estimateImportanceCost(*model.predictor, judgingRows(model, data), std::get<ImportanceRequest>(question).repeats, task);
}

} // namespace limpid
