#include "core/workbench/Workbench.h"

#include "core/base/Clock.h"
#include "core/base/File.h"
#include "core/engine/Backend.h"
#include "core/workbench/RunRecorder.h"
#include "core/workbench/RunSetup.h"

#include <sys/utsname.h>
#include <thread>

namespace limpid {

namespace {

/// A model name made of any file's stem.
std::string nameFromStem(const std::filesystem::path& path)
{
    std::filesystem::path stem = path.stem();
    if (stem.extension() == ".csv" || stem.extension() == ".tsv") // table.csv.gz
        stem = stem.stem();
    std::string name;
    for (const char c : utf8(stem)) {
        const bool fits = isModelName(std::string_view(&c, 1));
        if (fits)
            name += c;
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    name.resize(std::min<std::size_t>(name.size(), 100));
    return name.empty() ? "model" : name;
}

nlohmann::json buildJson()
{
    utsname system{};
    ::uname(&system);
    return {{"limpid", LIMPID_VERSION},
            {"torch", backendInfo().torchVersion},
            {"machine", {{"system", std::string(system.sysname) + " " + system.release},
                         {"processor", system.machine},
                         {"threads", std::thread::hardware_concurrency()}}}};
}

nlohmann::json metricsJson(const MetricSet& train, const MetricSet& validation, const std::vector<std::string>& classes)
{
    nlohmann::json json = {{"train", train.values}, {"validation", validation.values}};
    if (!classes.empty()) {
        json["classes"] = classes;
        json["confusion"] = validation.confusion;
    }
    return json;
}

RunRecord recordOf(const DataSet& data, const TrainRequest& request, const TrainPlan& plan, const std::string& name)
{
    std::error_code ignored;
    const std::filesystem::path path = std::filesystem::absolute(data.path, ignored);
    RunRecord run;
    run.name = name;
    run.startedMs = nowMs();
    run.data = {{"path", utf8(path)}, {"sha256", data.sha256}, {"rows", data.table().rows()}, {"options", toJson(data.csv.used)}};
    run.split = toJson(request.split);
    run.pipeline = toJson(request.pipeline);
    run.network = plan.network.toJson();
    run.settings = toJson(request.train);
    run.build = buildJson();
    return run;
}

Features featuresOf(const Pipeline& pipeline, const Table& table, const std::vector<std::size_t>& rows, Issues& issues)
{
    Features features = pipeline.transform(table, rows, true, issues);
    throwFirstError(issues);
    return features;
}

Bundle bundleOf(const TrainPlan& plan, const RunRecord& run, const TrainResult& result)
{
    Bundle bundle{plan.pipeline, plan.network, result.weights, nlohmann::json::object()};
    bundle.about = {{"run", run.id},
                    {"created", isoTime(nowMs())},
                    {"limpid", LIMPID_VERSION},
                    {"task", taskKindName(plan.pipeline.task())},
                    {"target", plan.pipeline.spec().target},
                    {"metrics", run.metrics},
                    {"data", {{"path", run.data["path"]}, {"sha256", run.data["sha256"]}, {"rows", run.data["rows"]}}}};
    return bundle;
}

/// Ends the run in the store as what came of it; a store that can't even take that must not hide why it ended.
void endQuietly(Workspace& workspace, RunRecord& run, RunStatus status, const std::string& failure)
{
    run.status = status;
    run.failure = failure;
    run.endedMs = nowMs();
    try {
        workspace.endRun(run);
    } catch (const Error&) {
    }
}

TrainObserver recording(RunRecorder& recorder, const TrainObserver& observer)
{
    TrainObserver both;
    both.onStep = [&](const StepRecord& record) {
        recorder.step(record);
        if (observer.onStep)
            observer.onStep(record);
    };
    both.onEpoch = [&](const EpochRecord& record) {
        recorder.epoch(record);
        if (observer.onEpoch)
            observer.onEpoch(record);
    };
    both.onBest = [&](const EpochRecord& record, const Weights& weights) {
        recorder.best(record, weights);
        if (observer.onBest)
            observer.onBest(record, weights);
    };
    return both;
}

} // namespace

TrainPlan planTraining(const DataSet& data, const TrainRequest& request)
{
    const Table& table = data.table();
    const std::vector<std::string>& ignored = request.pipeline.ignored;
    PipelineSpec spec = request.pipeline;
    spec.missingMarks = data.csv.used.missingMarks;
    TrainPlan plan;
    plan.issues = notFiniteErrors(
        data, [&](const std::string& column) { return std::find(ignored.begin(), ignored.end(), column) == ignored.end(); });
    const Issues settings = validateParams(trainParams(), toJson(request.train));
    plan.issues.insert(plan.issues.end(), settings.begin(), settings.end());
    plan.split = splitRows(table, request.pipeline.target, request.split);
    plan.pipeline = Pipeline::fit(table, plan.split, spec, plan.issues);
    plan.context = networkContext(plan.pipeline);
    plan.network = request.network ? *request.network : makePreset(request.preset, plan.context, plan.split.train.size());
    plan.analysis = analyse(plan.network, plan.context);
    plan.issues.insert(plan.issues.end(), plan.analysis.issues.begin(), plan.analysis.issues.end());
    return plan;
}

TrainOutcome trainModel(Workspace& workspace, const DataSet& data, const TrainRequest& request,
                        const TrainObserver& observer, const std::function<void(std::int64_t)>& onRun, Task& task)
{
    // All that can be wrong is found here, before anything is written.
    const std::string name = request.name.empty() ? nameFromStem(data.path) : request.name;
    if (!isModelName(name))
        throw Error(ErrorCode::NameInvalid, {{"name", name}});
    TrainPlan plan = planTraining(data, request);
    throwFirstError(plan.issues);
    TrainOutcome outcome;
    outcome.issues = plan.issues;
    const Features trainRows = featuresOf(plan.pipeline, data.table(), plan.split.train, outcome.issues);
    Issues known; // what validation rows say again
    const Features validationRows = featuresOf(plan.pipeline, data.table(), plan.split.validation, known);
    outcome.rows = plan.split.train.size();
    outcome.parameters = plan.analysis.total.parameters;
    task.checkpoint();

    // Room for the weights twice (the last checkpoint, the version) and the database's log: a disk without it is full.
    constexpr std::uint64_t logBytes = 8u << 20;
    RunRecord& run = outcome.run;
    run = recordOf(data, request, plan, name);
    run.id = workspace.beginRun(run, 2 * sizeof(float) * static_cast<std::uint64_t>(outcome.parameters) + logBytes);
    RunRecorder recorder(workspace, run.id);
    const Stopwatch clock;
    const auto giveUp = [&](RunStatus status, const std::string& failure) {
        recorder.flushCheckpoint();
        recorder.flushCurves();
        run.epochs = recorder.epochs();
        run.bestEpoch = recorder.bestEpoch();
        run.seconds = clock.seconds();
        if (run.bestEpoch > 0)
            run.metrics = metricsJson({}, recorder.bestValidation(), plan.pipeline.classes());
        endQuietly(workspace, run, status, failure);
    };
    try {
        if (onRun)
            onRun(run.id);
        TrainResult& result = outcome.result;
        result = train(plan.network, plan.pipeline, trainRows, validationRows, request.train, recording(recorder, observer), task);
        run.epochs = result.epochs;
        run.bestEpoch = result.bestEpoch;
        run.seconds = result.seconds;
        run.metrics = metricsJson(result.train, result.validation, plan.pipeline.classes());
        // The model first: where room is short, it is worth more than the curves' last points.
        outcome.version = workspace.addVersion(name, run.id, bundleOf(plan, run, result), run.metrics);
        recorder.flushCheckpoint();
        recorder.flushCurves();
        run.status = result.end == TrainEnd::StoppedByUser ? RunStatus::Stopped : RunStatus::Finished;
        run.endedMs = nowMs();
        workspace.endRun(run);
    } catch (const Cancelled&) {
        giveUp(RunStatus::Stopped, {});
        throw;
    } catch (const Error& error) {
        giveUp(RunStatus::Failed, std::string(errorName(error.code())));
        throw;
    } catch (const std::exception&) {
        giveUp(RunStatus::Failed, std::string(errorName(ErrorCode::Internal)));
        throw;
    }
    for (const Issue& issue : recorder.issues())
        outcome.issues.push_back(issue);
    return outcome;
}

} // namespace limpid
