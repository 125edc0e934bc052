#include "core/workbench/Ensemble.h"

#include "core/engine/NetworkPredictor.h"
#include "core/model/PredictionMetrics.h"
#include "core/workbench/RunSetup.h"

#include <algorithm>

namespace limpid {

namespace {

MetricSet figuresOf(const Predictor& predictor, const Features& features, Task& task)
{
    return predictionMetrics(predictor.pipeline(), predictor.predict(features, OutputSpace::Probability, task).values, features.targets);
}

} // namespace

ModelVersion addEnsemble(Workspace& workspace, std::int64_t study, const Features& trainRows, const Features& validationRows, Task& task)
{
    const std::vector<RunRecord> members = workspace.study(study);
    Bundle bundle;
    nlohmann::json runs = nlohmann::json::array();
    for (const RunRecord& member : members) {
        Bundle own = workspace.loadBundle(workspace.resolve("run:" + std::to_string(member.id)));
        if (&member == &members.front())
            bundle = std::move(own);
        else
            bundle.furtherMembers.push_back(std::move(own.weights));
        runs.push_back(member.id);
    }
    const std::unique_ptr<Predictor> predictor = makePredictor(bundle);
    const MetricSet train = figuresOf(*predictor, trainRows, task), validation = figuresOf(*predictor, validationRows, task);
    const nlohmann::json metrics = metricsJson(train, validation, bundle.pipeline.classes());
    bundle.about = aboutRun(members.front(), bundle.pipeline, metrics);
    bundle.about["members"] = runs;
    return workspace.addVersion(members.front().name, members.front().id, bundle, metrics);
}

bool isEnsembleWithoutVersion(const Workspace& workspace, const RunRecord& run)
{
    if (!run.study || run.study->kind != StudyKind::Ensemble)
        return false;
    const std::vector<RunRecord> members = workspace.study(run.study->study);
    const bool whole = static_cast<int>(members.size()) == run.study->parts
        && std::all_of(members.begin(), members.end(), [](const RunRecord& member) { return member.status == RunStatus::Finished; });
    if (!whole)
        return false;
    for (const ModelSummary& model : workspace.models())
        for (const ModelVersion& version : model.versions)
            if (version.run == members.front().id)
                return false;
    return true;
}

} // namespace limpid
