#include "ui/report/ReportContents.h"

#include "core/base/Clock.h"
#include "core/base/File.h"
#include "core/base/Hash.h"
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/RunSetup.h"
#include "ui/text/Messages.h"

#include <QCoreApplication>

#include <limits>
#include <numeric>

namespace limpid {

namespace fs = std::filesystem;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Report", text); }

QString fileName(const fs::path& path) { return QString::fromStdU16String(path.filename().u16string()); }

std::optional<RunRecord> runOf(const Workspace& workspace, const ModelVersion& version)
{
    if (version.run <= 0)
        return std::nullopt;
    try {
        return workspace.run(version.run);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::RunUnknown)
            return std::nullopt;
        throw;
    }
}

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
        missing = tr("There are no explanations: the run does not say which file it was trained on.");
        return std::nullopt;
    }
    try {
        if (sha256OfFile(path) != hash) {
            missing = tr("There are no explanations: “%1” has changed since this version was trained on it.").arg(fileName(path));
            return std::nullopt;
        }
        return openDataForModel(path, pipeline, task);
    } catch (const Error& error) {
        missing = tr("There are no explanations, as the data can't be read. %1").arg(message(error));
        return std::nullopt;
    }
}

/// Rows of the file that the version was trained on; all of them where it was trained on another file.
std::vector<std::size_t> backgroundRows(const DataSet& data, const std::optional<RunRecord>& run, const Pipeline& pipeline, std::string& name)
{
    if (run && textOf(run->data, "sha256") == data.sha256) {
        try {
            std::vector<std::size_t> rows = splitRows(data.table(), pipeline.spec().targets(), splitSpecFromJson(run->split)).train;
            name = "training rows";
            return rows;
        } catch (const Error&) {
            // Read in another way its rows may not be divided as they were; then none of them is taken for a training row.
        }
    }
    std::vector<std::size_t> rows(data.table().rows());
    std::iota(rows.begin(), rows.end(), std::size_t(0));
    name = "rows of the explained file";
    return rows;
}

} // namespace

ReportExplanations explainForReport(const Workspace& workspace, const ModelVersion& version, const ReportQuestion& question, Task& task)
{
    const std::unique_ptr<Predictor> predictor = makePredictor(workspace.loadBundle(version));
    const std::optional<RunRecord> run = runOf(workspace, version);
    ReportExplanations result;
    std::optional<DataSet> data;
    task.report(0.0, "read");
    Task reading(task, {});
    if (!question.file.empty())
        data = openDataForModel(question.file, predictor->pipeline(), reading);
    else if (run)
        data = ownData(*run, predictor->pipeline(), result.missing, reading);
    else
        result.missing = tr("There are no explanations: the run that this version came of is not in this workspace, and so its data is not known.");
    if (!data)
        return result;
    ExplainRequest request;
    request.method = question.method;
    if (question.superpixels) {
        request.superpixels = SuperpixelSpec{};
        request.limeFeatures = 0;
    }
    request.rowBegin = question.rowBegin;
    request.rowEnd = question.rowEnd == std::numeric_limits<std::size_t>::max() ? data->table().rows() : question.rowEnd;
    std::string background;
    const std::vector<std::size_t> rows = backgroundRows(*data, run, predictor->pipeline(), background);
    task.checkpoint();
    auto explanation = std::make_shared<Explanation>(explainTable(*predictor, data->table(), rows, request, {}, task));
    explanation->background = background;
    result.source = fileName(data->path);
    result.list.push_back(std::move(explanation));
    return result;
}

ReportContents gatherReport(const Workspace& workspace, const ModelVersion& version, ReportExplanations explanations, Task& task)
{
    ReportContents contents;
    contents.version = version;
    contents.explanations = std::move(explanations);
    contents.writtenMs = nowMs();
    Bundle bundle = workspace.loadBundle(version);
    contents.pipeline = std::move(bundle.pipeline);
    contents.network = std::move(bundle.network);
    contents.members = bundle.furtherMembers.size() + 1;
    task.checkpoint();
    contents.run = runOf(workspace, version);
    if (!contents.run)
        return contents;
    contents.epochs = storedEpochs(workspace, version.run);
    contents.picture = storedPicture(workspace, version.run);
    task.checkpoint();
    return contents;
}

} // namespace limpid
