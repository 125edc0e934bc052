#include "ui/report/ReportContents.h"

#include "core/base/Clock.h"
#include "core/workbench/RunSetup.h"

namespace limpid {

namespace {

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

} // namespace

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
