#include "ui/explain/ExplainWork.h"

#include "core/engine/NetworkPredictor.h"
#include "core/workbench/RunSetup.h"

namespace limpid {

std::shared_ptr<const LoadedModel> loadForExplaining(const Workspace& workspace, const ModelVersion& version, const DataSet& data)
{
    auto model = std::make_shared<LoadedModel>();
    model->version = version;
    model->predictor = makePredictor(workspace.loadBundle(version));
    const Pipeline& pipeline = model->predictor->pipeline();
    for (const FeatureGroup& group : pipeline.groups())
        if (!data.table().find(group.column))
            throw Error(ErrorCode::ColumnMissing, {{"column", group.column}, {"path", data.path.string()}});
    if (version.run <= 0)
        return model;
    try {
        const RunRecord run = workspace.run(version.run);
        if (run.data.value("sha256", std::string()) == data.sha256) {
            model->trainingRows = splitRows(data.table(), pipeline.spec().targets(), splitSpecFromJson(run.split)).train;
        }
    } catch (const Error&) {
        // A run that was imported or whose target is not in this file: the background is then drawn from all rows.
    }
    return model;
}

} // namespace limpid
