#include "ui/report/ReportContents.h"

#include "core/base/File.h"
#include "core/base/Hash.h"
#include "core/engine/NetworkPredictor.h"
#include "core/explain/TellingOutput.h"
#include "core/workbench/ExplainBackground.h"
#include "core/workbench/ExplainedRange.h"
#include "core/workbench/KeptExplanation.h"
#include "core/workbench/RunSetup.h"
#include "ui/text/Messages.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

namespace limpid {

namespace fs = std::filesystem;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Report", text); }

QString fileName(const fs::path& path) { return QString::fromStdU16String(path.filename().u16string()); }

std::string textOf(const nlohmann::json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The run's data where it is still what the run was trained on; else a sentence in `missing`.
std::optional<DataSet> ownData(const RunRecord& run, const Pipeline& pipeline, QString& missing, Task& task)
{
    const fs::path path(QString::fromStdString(textOf(run.data, "path")).toStdU16String());
    const std::string hash = textOf(run.data, "sha256");
    if (path.empty() || hash.empty()) {
        missing = tr("The run does not say which file it was trained on.");
        return std::nullopt;
    }
    try {
        if (sha256OfFile(path) != hash) {
            missing = tr("“%1” has changed since this version was trained on it.").arg(fileName(path));
            return std::nullopt;
        }
        return openDataForModel(path, pipeline, task);
    } catch (const Error& error) {
        missing = tr("The data can't be read. %1").arg(message(error));
        return std::nullopt;
    }
}

/// The newest of each method; words are methods of their own.
std::vector<ExplanationRecord> newestKept(const Workspace& workspace, const ModelVersion& version)
{
    std::vector<ExplanationRecord> chosen;
    std::set<std::pair<std::string, bool>> methods;
    for (ExplanationRecord& record : workspace.explanations()) {
        if (record.model != version.model || record.version != version.version || chosen.size() == ReportQuestion::mostKept)
            continue;
        try {
            const KeptQuestion question = questionOf(record);
            if (methods.insert({question.request.method, question.words.has_value()}).second)
                chosen.push_back(std::move(record));
        } catch (const Error&) {
            // What can't be read is not the report's to tell of.
        }
    }
    return chosen;
}

std::vector<ExplanationRecord> chosenKept(const Workspace& workspace, const ModelVersion& version, const ReportQuestion& question)
{
    if (!question.kept)
        return newestKept(workspace, version);
    std::vector<ExplanationRecord> chosen;
    for (const std::int64_t id : *question.kept) {
        ExplanationRecord record = workspace.explanation(id);
        if (record.model != version.model || record.version != version.version)
            throw Error(ErrorCode::ExplanationUnknown, {{"explanation", std::to_string(id)}});
        chosen.push_back(std::move(record));
    }
    return chosen;
}

bool telling(const ExplanationRecord& record) { return !questionOf(record).words; }

/// What all parts of a report's explanations stand on.
struct Ground {
    std::vector<ExplanationRecord> kept;
    std::unique_ptr<Predictor> predictor;
    std::optional<RunRecord> run;
    std::optional<DataSet> data;
    Background background;               ///< of `data`
    QString missing;                     ///< why there is no data
    bool explains = false;

    ExplainRequest request(const ReportQuestion& question) const
    {
        ExplainRequest request;
        request.method = question.method;
        if (question.superpixels) {
            request.superpixels = SuperpixelSpec{};
            request.limeFeatures = 0;
        }
        // Behind the file's rows there may be those of training.
        const std::size_t all = data->table().rows();
        const ExplainedRange range = explainedRange(question.rowBegin, question.rowEnd == std::numeric_limits<std::size_t>::max() ? all : question.rowEnd, all);
        request.rowBegin = range.begin;
        request.rowEnd = range.end;
        return request;
    }
};

Ground groundOf(const Workspace& workspace, const ModelVersion& version, const ReportQuestion& question, Task& task)
{
    Ground ground;
    ground.kept = chosenKept(workspace, version, question);
    ground.explains = question.explain.value_or(!question.file.empty() || std::none_of(ground.kept.begin(), ground.kept.end(), telling));
    ground.predictor = makePredictor(workspace.loadBundle(version));
    const Pipeline& pipeline = ground.predictor->pipeline();
    if (version.run > 0) {
        try {
            ground.run = workspace.run(version.run);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::RunUnknown)
                throw;
        }
    }
    task.report(0.0, "read");
    Task reading(task, {});
    if (!question.file.empty())
        ground.data = openDataForModel(question.file, pipeline, reading);
    else if (ground.run)
        ground.data = ownData(*ground.run, pipeline, ground.missing, reading);
    else
        ground.missing = tr("The run that this version came of is not in this workspace, and so its data is not known.");
    if (ground.data)
        ground.background = findBackground(pipeline, ground.run ? &*ground.run : nullptr, *ground.data,
                                           [&](const fs::path& path) { return openDataForModel(path, pipeline, reading); });
    return ground;
}

ReportExplanation told(const Workspace& workspace, const ModelVersion& version, const ExplanationRecord& record)
{
    ReportExplanation made;
    const KeptAnswer answer = loadAnswer(workspace, record);
    if (const auto* columns = std::get_if<std::shared_ptr<const Explanation>>(&answer))
        made.columns = *columns;
    else
        made.words = std::get<std::shared_ptr<const TextOutcome>>(answer);
    made.source = fileName(questionOf(record).path);
    made.keptMs = record.createdMs;
    made.name = QString::fromStdString(record.name);
    made.sameModel = workspace.modelHash(version) == record.modelHash;
    return made;
}

/// Those of the model whose effects are worth a plot.
std::vector<std::string> effectColumns(const Pipeline& pipeline, const Explanation* explanation, std::size_t most)
{
    std::vector<std::string> columns;
    for (const FeatureGroup& group : pipeline.groups())
        if (group.type != ColumnType::Text)
            columns.push_back(group.column);
    if (explanation) {
        const auto weightOf = [&](const std::string& column) {
            double weight = -1.0; // not explained: it is in a group, or was no column of the model's then
            for (std::size_t output = 0; output < explanation->outputs.size(); ++output)
                for (const FeatureImportance& importance : meanAbsolute(*explanation, output))
                    if (explanation->features[importance.feature] == column)
                        weight = std::max(weight, 0.0) + importance.mean;
            return weight;
        };
        std::vector<std::pair<double, std::string>> weighed;
        for (const std::string& column : columns)
            weighed.emplace_back(weightOf(column), column);
        std::stable_sort(weighed.begin(), weighed.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        for (std::size_t i = 0; i < columns.size(); ++i)
            columns[i] = weighed[i].second;
    }
    columns.resize(std::min(columns.size(), most));
    return columns;
}

bool hasEffects(const Ground& ground, const ReportQuestion& question) { return ground.data && question.effectColumns > 0 && !ground.predictor->image(); }

EffectRequest effectRequest(const Ground& ground, const ReportQuestion& question, const Explanation* explanation)
{
    EffectRequest request;
    request.method = question.effects;
    request.columns = effectColumns(ground.predictor->pipeline(), explanation, question.effectColumns);
    if (explanation && explanation->space == "probability")
        request.space = OutputSpace::Probability;
    return request;
}

/// Every measure that applies.
QualityRequest qualityRequest(const Predictor& predictor, const ExplainRequest& request, std::size_t output)
{
    QualityRequest quality;
    quality.output = output;
    quality.seed = request.seed;
    for (const std::string& measure : qualityMeasures()) {
        QualityRequest one = quality;
        one.measures = {measure};
        try {
            checkQuality(predictor, request, one);
            quality.measures.push_back(measure);
        } catch (const Error&) {
            // e.g. of a model whose weights can't be drawn anew
        }
    }
    return quality;
}

/// The question of the first explanation of columns whose rows are at hand.
std::optional<ExplainRequest> judged(const Ground& ground, const ReportQuestion& question)
{
    if (!ground.data)
        return std::nullopt;
    if (ground.explains)
        return ground.request(question);
    for (const ExplanationRecord& record : ground.kept) {
        const KeptQuestion asked = questionOf(record);
        if (!asked.words && asked.sha256 == ground.data->sha256)
            return asked.request;
    }
    return std::nullopt;
}

} // namespace

const std::string& ReportExplanation::background() const
{
    static const std::string none;
    return columns ? columns->background : none;
}

ReportExplanations explainForReport(const Workspace& workspace, const ModelVersion& version, const ReportQuestion& question, Task& task)
{
    const Ground ground = groundOf(workspace, version, question, task);
    ReportExplanations result;
    const bool explains = ground.explains && ground.data;
    // By what they take, roughly; quality far outweighs the rest.
    const double explaining = explains ? 1.0 : 0.0, effects = hasEffects(ground, question) ? 0.5 : 0.0, quality = question.quality ? 8.0 : 0.0;
    const double whole = std::max(1e-9, explaining + effects + quality);
    double done = 0.0;
    const auto part = [&](double weight) {
        return [&task, done = done, weight, whole](const Task::Progress& progress) { task.report((done + weight * std::max(0.0, progress.fraction)) / whole, progress.stage); };
    };
    if (explains) {
        Task working(task, part(explaining));
        auto fresh = std::make_shared<Explanation>(explainTable(*ground.predictor, ground.background.table, ground.background.rows, ground.request(question), {}, working));
        fresh->background = ground.background.name;
        ReportExplanation& made = result.list.emplace_back();
        made.columns = std::move(fresh);
        made.source = fileName(ground.data->path);
        done += explaining;
    }
    for (const ExplanationRecord& record : ground.kept) {
        task.checkpoint();
        result.list.push_back(told(workspace, version, record));
    }
    if (!ground.data)
        result.missing = (result.list.empty() ? tr("There are no explanations. %1") : tr("Nothing is explained anew. %1")).arg(ground.missing);
    const auto first = std::find_if(result.list.begin(), result.list.end(), [](const ReportExplanation& one) { return one.columns != nullptr; });
    const Explanation* explanation = first == result.list.end() ? nullptr : first->columns.get();
    if (hasEffects(ground, question)) {
        const EffectRequest request = effectRequest(ground, question, explanation);
        if (!request.columns.empty()) {
            Task working(task, part(effects));
            auto outcome = std::make_shared<EffectOutcome>(effectsOfTable(*ground.predictor, ground.background.table, ground.background.rows, request, working));
            outcome->background = ground.background.name;
            result.effects = std::move(outcome);
        }
        done += effects;
    }
    if (const std::optional<ExplainRequest> request = judged(ground, question); question.quality && request && explanation) {
        Task working(task, part(quality));
        result.quality = qualityOf(*ground.predictor, ground.background.table, ground.background.rows, *request,
                                   qualityRequest(*ground.predictor, *request, tellingOutput(*explanation)), {}, working);
    }
    return result;
}

ReportCost estimateReport(const Workspace& workspace, const ModelVersion& version, const ReportQuestion& question, Task& task)
{
    const Ground ground = groundOf(workspace, version, question, task);
    ReportCost cost;
    if (!ground.data)
        return cost;
    const Table& table = ground.background.table;
    const std::vector<std::size_t>& rows = ground.background.rows;
    if (ground.explains)
        cost.explaining = estimateExplainCost(*ground.predictor, table, rows, ground.request(question), task).seconds;
    if (hasEffects(ground, question))
        if (const EffectRequest request = effectRequest(ground, question, nullptr); !request.columns.empty())
            cost.effects = estimateEffectCost(*ground.predictor, table, rows, request, task).seconds;
    if (const std::optional<ExplainRequest> request = judged(ground, question); question.quality && request)
        cost.quality = estimateQualityCost(*ground.predictor, table, rows, *request, qualityRequest(*ground.predictor, *request, 0), task).seconds;
    return cost;
}

} // namespace limpid
