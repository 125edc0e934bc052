#include "app/cli/StudyTraining.h"

#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/StudyText.h"
#include "app/cli/Training.h"
#include "ui/text/Messages.h"

#include <algorithm>

namespace limpid {

namespace {

/// What the parts' training said, each thing once.
void noteWarnings(const CliContext& context, const std::vector<TrainOutcome>& outcomes)
{
    Issues all;
    for (const TrainOutcome& outcome : outcomes)
        for (const Issue& issue : outcome.issues)
            if (std::find(all.begin(), all.end(), issue) == all.end())
                all.push_back(issue);
    noteIssues(context, all);
}

} // namespace

int trainStudy(const CliContext& context, Workspace& workspace, const DataSet& data, const TrainRequest& request)
{
    Task recording;
    const std::vector<RunRecord> runs = beginStudy(workspace, data, request, recording);
    const auto shared = std::make_shared<const DataSet>(data);
    std::vector<TrainOutcome> outcomes;
    for (const RunRecord& run : runs) {
        if (Interrupt::happened())
            break;
        ResumeRequest resume{run.id, 0, request.checkpointSeconds, shared};
        outcomes.push_back(resumeWithProgress(context, workspace, resume, QStringLiteral("Training %1").arg(partText(*run.study))));
    }
    noteWarnings(context, outcomes);
    const std::vector<RunRecord> ended = workspace.study(runs.front().id);
    const ModelVersion version = outcomes.empty() ? ModelVersion() : outcomes.back().version;
    if (context.json) {
        nlohmann::json document = studyJson(ended);
        document["runs"] = nlohmann::json::array();
        for (const TrainOutcome& outcome : outcomes)
            document["runs"].push_back(trainJson(outcome));
        if (version.version > 0) {
            document["model"] = version.model;
            document["version"] = version.version;
            document["metrics"] = version.metrics;
        }
        printJson(document);
    } else {
        std::vector<QStringList> rows;
        for (const RunRecord& run : ended)
            rows.push_back({QString::number(run.id), partText(*run.study), QString::fromUtf8(runStatusName(run.status).data()),
                            QString::number(run.epochs), QString::number(run.bestEpoch), durationText(run.seconds)});
        printTable({QStringLiteral("Run"), QStringLiteral("Part"), QStringLiteral("Status"), QStringLiteral("Epochs"), QStringLiteral("Best"), QStringLiteral("Time")}, rows);
        printLine();
        printStudy(ended);
        if (version.version > 0) {
            printLine();
            printEnsemble(version);
        } else if (Interrupt::happened()) {
            printLine();
            printLine(QStringLiteral("Stopped. `limpid runs resume RUN` goes on with each run above that has not finished%1.")
                          .arg(request.study.kind == StudyKind::Ensemble ? QStringLiteral("; the last one adds the version") : QString()));
        }
    }
    return Interrupt::happened() ? interruptedExitCode : 0;
}

} // namespace limpid
