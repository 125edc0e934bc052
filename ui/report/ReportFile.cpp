#include "ui/report/ReportFile.h"

#include "core/base/File.h"

#include <algorithm>

namespace limpid {

namespace {

bool isPdf(const QString& path) { return path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive); }

constexpr double explainingShare = 0.8; // of the whole, as a guess

/// Before minutes are spent on what can't be written.
void requireReportName(const QString& path)
{
    if (!isReportName(path))
        throw Error(ErrorCode::OptionInvalid, {{"name", "report"}, {"value", path.toStdString()}, {"expected", ".html, .pdf"}});
}

} // namespace

bool isReportName(const QString& path)
{
    return isPdf(path) || path.endsWith(QLatin1String(".html"), Qt::CaseInsensitive) || path.endsWith(QLatin1String(".htm"), Qt::CaseInsensitive);
}

void writeReport(const ReportContents& contents, const QString& path, Task& task)
{
    requireReportName(path);
    const QByteArray bytes = isPdf(path) ? reportPdf(contents, task) : reportHtml(contents, task);
    task.checkpoint();
    writeFileAtomically(std::filesystem::path(path.toStdU16String()), std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

ReportExplanations makeReport(const Workspace& workspace, const ModelVersion& version, const ReportQuestion& question, const QString& path, Task& task)
{
    requireReportName(path);
    Task explaining(task, [&task](const Task::Progress& progress) { task.report(explainingShare * std::max(0.0, progress.fraction), progress.stage); });
    ReportExplanations explanations = explainForReport(workspace, version, question, explaining);
    Task writing(task, [&task](const Task::Progress& progress) {
        task.report(explainingShare + (1.0 - explainingShare) * std::max(0.0, progress.fraction), progress.stage);
    });
    writeReport(gatherReport(workspace, version, explanations, writing), path, writing);
    return explanations;
}

} // namespace limpid
