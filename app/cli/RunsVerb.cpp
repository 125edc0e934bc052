#include "app/cli/Output.h"
#include "app/cli/StudyText.h"
#include "app/cli/Training.h"
#include "core/base/Clock.h"
#include "core/workbench/RunResources.h"
#include "ui/text/Messages.h"
#include "ui/text/ResourceTexts.h"

#include <CLI/App.hpp>

namespace limpid {

namespace {

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

nlohmann::json timeJson(std::int64_t ms)
{
    return ms == 0 ? nlohmann::json() : nlohmann::json(isoTime(ms));
}

nlohmann::json runJson(const RunRecord& run)
{
    return {{"run", run.id},
            {"name", run.name},
            {"status", runStatusName(run.status)},
            {"started", timeJson(run.startedMs)},
            {"ended", timeJson(run.endedMs)},
            {"epochs", run.epochs},
            {"best_epoch", run.bestEpoch},
            {"seconds", run.seconds},
            {"data", run.data},
            {"split", run.split},
            {"pipeline", run.pipeline},
            {"network", run.network},
            {"settings", run.settings},
            {"build", run.build},
            {"metrics", run.metrics},
            {"failure", run.failure},
            {"study", studyPartJson(run.study)},
            {"resources", run.resources}};
}

nlohmann::json part(const nlohmann::json& metrics, const char* name)
{
    return metrics.is_object() && metrics.contains(name) ? metrics[name] : nlohmann::json();
}

/// The one figure a run is judged by.
QString mainFigure(const RunRecord& run)
{
    const std::map<std::string, double> figures = numbersOf(part(run.metrics, "validation"));
    for (const char* name : {"roc_auc", "accuracy", "r2", "macro_roc_auc"}) {
        const auto found = figures.find(name);
        if (found != figures.end())
            return QStringLiteral("%1 %2").arg(metricName(name), numberText(found->second));
    }
    return {};
}

int listRuns(const CliContext& context)
{
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    const std::vector<RunRecord> runs = workspace ? workspace->runs() : std::vector<RunRecord>();
    if (context.json) {
        nlohmann::json list = nlohmann::json::array();
        for (const RunRecord& run : runs)
            list.push_back(runJson(run));
        printJson({{"runs", list}});
        return 0;
    }
    if (runs.empty()) {
        printLine(QStringLiteral("No runs yet. `limpid train FILE --target COLUMN` makes one."));
        return 0;
    }
    std::vector<QStringList> rows;
    for (const RunRecord& run : runs)
        rows.push_back({QString::number(run.id), QString::fromStdString(run.name), text(runStatusName(run.status)), text(isoTime(run.startedMs)),
                        QString::number(run.epochs), durationText(run.seconds), mainFigure(run),
                        run.study ? QStringLiteral("%1: %2").arg(run.study->study).arg(partText(*run.study)) : QString()});
    printTable({QStringLiteral("Run"), QStringLiteral("Name"), QStringLiteral("Status"), QStringLiteral("Started"), QStringLiteral("Epochs"),
                QStringLiteral("Time"), QStringLiteral("Validation"), QStringLiteral("Study")}, rows);
    return 0;
}

QString jsonText(const nlohmann::json& value)
{
    return QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump());
}

int showRun(const CliContext& context, const std::string& typed)
{
    const std::int64_t id = runId(typed);
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    if (!workspace)
        throw Error(ErrorCode::RunUnknown, {{"run", typed}});
    const RunRecord run = workspace->run(id);
    if (context.json) {
        nlohmann::json document = runJson(run);
        nlohmann::json curves = nlohmann::json::object();
        for (const std::string& name : workspace->curveNames(id)) {
            nlohmann::json points = nlohmann::json::array();
            for (const CurvePoint& point : workspace->curve(id, name))
                points.push_back({point.step, point.seconds, point.value});
            curves[name] = std::move(points);
        }
        document["curves"] = std::move(curves);
        if (run.study)
            document["study_summary"] = studyJson(workspace->study(run.study->study));
        printJson(document);
        return 0;
    }
    std::vector<std::pair<QString, QString>> facts{
        {QStringLiteral("Run"), QString::number(run.id)},
        {QStringLiteral("Name"), QString::fromStdString(run.name)},
        {QStringLiteral("Status"), text(runStatusName(run.status))},
        {QStringLiteral("Started"), text(isoTime(run.startedMs))},
        {QStringLiteral("Epochs"), QStringLiteral("%1, best %2").arg(run.epochs).arg(run.bestEpoch)},
        {QStringLiteral("Time"), durationText(run.seconds)},
    };
    if (run.study)
        facts.emplace_back(QStringLiteral("Study"), QStringLiteral("%1 of study %2").arg(partText(*run.study)).arg(run.study->study));
    if (!run.resources.is_null())
        facts.emplace_back(QStringLiteral("Used"), useText(resourceUseFromJson(run.resources)));
    if (!run.failure.empty())
        facts.emplace_back(QStringLiteral("Failure"), QString::fromStdString(run.failure));
    if (run.data.is_object() && run.data.contains("path"))
        facts.emplace_back(QStringLiteral("Data"), jsonText(run.data["path"]));
    if (run.pipeline.is_object() && run.pipeline.contains("target"))
        facts.emplace_back(QStringLiteral("Target"), jsonText(run.pipeline[run.pipeline.contains("targets") ? "targets" : "target"]));
    if (run.settings.is_object()) {
        for (const auto& [name, value] : run.settings.items())
            facts.emplace_back(text("  " + name), jsonText(value));
    }
    if (run.build.is_object()) {
        for (const auto& [name, value] : run.build.items())
            facts.emplace_back(text("  " + name), jsonText(value));
    }
    printFacts(facts);
    printLine();
    printMetrics({{QStringLiteral("training"), numbersOf(part(run.metrics, "train"))},
                  {QStringLiteral("validation"), numbersOf(part(run.metrics, "validation"))}});
    if (run.study) {
        printLine();
        printStudy(workspace->study(run.study->study));
    }
    return 0;
}

int deleteRuns(const CliContext& context, const std::vector<std::string>& typed)
{
    std::vector<std::int64_t> ids;
    for (const std::string& one : typed)
        ids.push_back(runId(one));
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    if (!workspace)
        throw Error(ErrorCode::RunUnknown, {{"run", typed.front()}});
    for (const std::int64_t id : ids)
        workspace->run(id); // all are known before the first goes
    for (const std::int64_t id : ids)
        workspace->deleteRun(id);
    if (context.json)
        printJson({{"deleted", ids}});
    else
        printLine(QStringLiteral("Deleted %1 run(s).").arg(ids.size()));
    return 0;
}

int resumeRuns(const CliContext& context, const std::string& typed, int epochs)
{
    const std::int64_t id = runId(typed);
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    if (!workspace)
        throw Error(ErrorCode::RunUnknown, {{"run", typed}});
    return tellTraining(context, resumeWithProgress(context, *workspace, {id, epochs}));
}

} // namespace

void addRunsVerb(CLI::App& app, CliContext& context)
{
    CLI::App* runs = addVerb(app, context, "runs", "Training runs: list, show, compare, resume, delete",
                             "  limpid runs list\n  limpid runs show 3\n  limpid runs compare 3 4\n  limpid runs resume 3\n  limpid runs delete 3 4");
    runs->require_subcommand(1);

    CLI::App* list = addVerb(*runs, context, "list", "All runs of the workspace, newest first", "  limpid runs list\n  limpid runs list --json");
    list->callback([&context] { context.run = [&context] { return listRuns(context); }; });

    auto shown = std::make_shared<std::string>();
    CLI::App* show = addVerb(*runs, context, "show", "One run: data, settings, figures, and those of its study; with --json also its curves and network",
                             "  limpid runs show 3\n  limpid runs show 3 --json");
    show->add_option("RUN", *shown, "Number of the run")->required();
    show->callback([&context, shown] { context.run = [&context, shown] { return showRun(context, *shown); }; });

    addCompareVerb(*runs, context);

    auto resumed = std::make_shared<std::string>();
    auto epochs = std::make_shared<int>(0);
    CLI::App* resume = addVerb(*runs, context, "resume", "Go on with a run that was interrupted, stopped or failed, begin one that waits, or give a finished one more epochs",
                               "  limpid runs resume 3\n  limpid runs resume 3 --epochs 200");
    resume->add_option("RUN", *resumed, "Number of the run")->required();
    resume->add_option("--epochs", *epochs, "Epochs in all, those done already among them (else as the run was set up)")->check(CLI::Range(1, 100'000));
    resume->callback([&context, resumed, epochs] { context.run = [&context, resumed, epochs] { return resumeRuns(context, *resumed, *epochs); }; });

    auto deleted = std::make_shared<std::vector<std::string>>();
    CLI::App* remove = addVerb(*runs, context, "delete", "Delete runs that no model version came of", "  limpid runs delete 3 4");
    remove->add_option("RUN", *deleted, "Numbers of the runs")->required();
    remove->callback([&context, deleted] { context.run = [&context, deleted] { return deleteRuns(context, *deleted); }; });
}

} // namespace limpid
