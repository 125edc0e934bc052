#include "core/workbench/Study.h"

namespace limpid {

std::vector<TrainRequest> studyRequests(const TrainRequest& request)
{
    throwFirstError(validateParams(studyParams(), toJson(request.study)));
    if (request.study.kind == StudyKind::Once)
        throw Error(ErrorCode::OptionInvalid, {{"name", "study"}, {"value", std::string(studyKindName(request.study.kind))},
                                               {"expected", "folds | repeats | ensemble"}});
    std::vector<TrainRequest> requests;
    for (int part = 0; part < request.study.parts; ++part) {
        TrainRequest own = request;
        if (request.study.kind == StudyKind::Folds) {
            own.split.folds = request.study.parts;
            own.split.fold = part + 1;
        } else {
            own.train.seed += static_cast<std::uint64_t>(part);
        }
        requests.push_back(std::move(own));
    }
    return requests;
}

StudySummary summarise(std::span<const RunRecord> runs)
{
    StudySummary summary;
    summary.study = runs.front().study.value_or(StudyPart());
    summary.study.part = 0;
    std::map<std::string, std::vector<double>> values;
    for (const RunRecord& run : runs) {
        if (run.status != RunStatus::Finished || !run.metrics.is_object())
            continue;
        summary.runs.push_back(run.id);
        const nlohmann::json validation = run.metrics.value("validation", nlohmann::json::object());
        for (const auto& [name, value] : validation.items())
            if (value.is_number())
                values[name].push_back(value.get<double>());
    }
    const double shared = summary.study.kind == StudyKind::Folds ? 1.0 / (summary.study.parts - 1) : 0.0;
    for (const auto& [name, measured] : values)
        summary.validation[name] = meanInterval(measured, shared);
    return summary;
}

} // namespace limpid
