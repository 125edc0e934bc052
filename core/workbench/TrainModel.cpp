#include "core/workbench/Study.h"

#include "core/base/Clock.h"
#include "core/base/File.h"
#include "core/engine/Backend.h"
#include "core/engine/Loss.h"
#include "core/workbench/Ensemble.h"
#include "core/workbench/RunRecorder.h"
#include "core/workbench/RunResources.h"
#include "core/workbench/RunSetup.h"

#include <cstdlib>
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

/// As asked for, else the file's. Throws NameInvalid.
std::string modelName(const DataSet& data, const TrainRequest& request)
{
    const std::string name = request.name.empty() ? nameFromStem(data.path) : request.name;
    if (!isModelName(name))
        throw Error(ErrorCode::NameInvalid, {{"name", name}});
    return name;
}

nlohmann::json buildJson()
{
    utsname system{};
    ::uname(&system);
    return {{"limpid", LIMPID_VERSION},
            {"torch", backendInfo().torchVersion},
            {"blas", backendInfo().blas},
            {"machine", {{"system", std::string(system.sysname) + " " + system.release},
                         {"processor", system.machine},
                         {"threads", std::thread::hardware_concurrency()}}}};
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

/// So that a part of a study can be loaded also where it is cut off; where there is no room now, it is kept with the model.
void keepPipelineQuietly(Workspace& workspace, std::int64_t run, const Pipeline& pipeline)
{
    try {
        workspace.keepPipeline(run, pipeline);
    } catch (const Error&) {
    }
}

/// A model that the workspace can't take is saved as a folder elsewhere, and ModelRescued is thrown; where that fails too,
/// the workspace's error.
[[noreturn]] void rescue(const Bundle& bundle, const RunRecord& run, const Workspace& workspace, const Error& why)
{
    std::error_code none;
    std::vector<std::filesystem::path> places;
    if (const char* home = std::getenv("HOME"))
        places.emplace_back(home);
    places.push_back(std::filesystem::temp_directory_path(none));
    for (const std::filesystem::path& place : places) {
        if (place.empty()) // not known: the folder that one happens to be in is no place to look for it
            continue;
        const std::filesystem::path folder = place / ("limpid-rescued-" + run.name + "-run" + std::to_string(run.id) + "-" + std::to_string(nowMs()));
        try {
            writeBundle(bundle, folder);
        } catch (const Error&) {
            continue;
        }
        throw Error(ErrorCode::ModelRescued, {{"path", utf8(folder)},
                                              {"cause", std::string(errorName(why.code()))},
                                              {"workspace", utf8(workspace.folder())},
                                              {"reason", fact(why.facts(), "reason")}},
                    why.what());
    }
    throw why;
}

/// Tells both, the store first.
TrainObserver recording(RunRecorder& recorder, const TrainObserver& observer)
{
    TrainObserver both;
    both.onStart = [&](const TrainStart& start) {
        recorder.start(start);
        if (observer.onStart)
            observer.onStart(start);
    };
    both.onStep = [&](const StepRecord& record) {
        recorder.step(record);
        if (observer.onStep)
            observer.onStep(record);
    };
    both.onGradients = [&](const GradientRecord& record) {
        recorder.gradients(record);
        if (observer.onGradients)
            observer.onGradients(record);
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
    both.wantsCheckpoint = [&] { return recorder.wantsCheckpoint(); };
    both.onCheckpoint = [&](std::int64_t step, std::string bytes) { recorder.checkpoint(step, std::move(bytes)); };
    return both;
}

/// Everything about a run that is known before it is recorded.
struct Prepared {
    TrainPlan plan;
    Features trainRows, validationRows;
    Issues issues;
    std::uint64_t reserveBytes = 0;
};

Prepared prepare(const DataSet& data, const TrainRequest& request)
{
    Prepared made;
    made.plan = planTraining(data, request);
    throwFirstError(made.plan.issues);
    made.issues = made.plan.issues;
    made.trainRows = featuresOf(made.plan.pipeline, data.table(), made.plan.split.train, made.issues);
    Issues known; // what validation rows say again
    made.validationRows = featuresOf(made.plan.pipeline, data.table(), made.plan.split.validation, known);
    // Room for the weights twice (the last checkpoint, the version) and the database's log: a disk without it is full.
    constexpr std::uint64_t logBytes = 8u << 20;
    made.reserveBytes = 2 * sizeof(float) * static_cast<std::uint64_t>(made.plan.analysis.total.parameters) + logBytes;
    return made;
}

/// Trains a run that is Running in the store, and ends it there as what came of it.
TrainOutcome carryOut(Workspace& workspace, RunRecord run, const Prepared& prepared, const TrainRequest& request,
                      const TrainObserver& observer, const RunListener& onRun, const TrainSteering& options, Task& task)
{
    TrainOutcome outcome;
    outcome.run = std::move(run);
    outcome.issues = prepared.issues;
    outcome.rows = prepared.plan.split.train.size();
    outcome.parameters = prepared.plan.analysis.total.parameters;
    RunRecord& record = outcome.run;
    const TrainPlan& plan = prepared.plan;
    RunRecorder recorder(workspace, record.id, request.checkpointSeconds);
    double seconds = record.seconds;
    bool lastOfStudy = false;
    const auto takeResources = [&record, &task, before = record.resources] {
        const ResourceUse use = task.use();
        record.resources = toJson(before.is_null() ? use : together(resourceUseFromJson(before), use));
    };
    const auto giveUp = [&](RunStatus status, const std::string& failure) {
        recorder.finish();
        takeResources();
        record.epochs = std::max(record.epochs, recorder.epochs());
        record.bestEpoch = std::max(record.bestEpoch, recorder.bestEpoch());
        record.seconds = seconds;
        if (recorder.bestEpoch() > 0)
            record.metrics = metricsJson({}, recorder.bestValidation(), plan.pipeline.classes());
        endQuietly(workspace, record, status, failure);
    };
    try {
        if (onRun)
            onRun({record.id, plan.pipeline.task(), plan.pipeline.classes(), outcome.rows});
        if (record.study)
            keepPipelineQuietly(workspace, record.id, plan.pipeline);
        TrainObserver both = recording(recorder, observer);
        const auto tellStep = both.onStep;
        both.onStep = [&, tellStep](const StepRecord& step) {
            seconds = step.seconds;
            tellStep(step);
        };
        TrainResult& result = outcome.result;
        result = train(plan.network, plan.pipeline, prepared.trainRows, prepared.validationRows, request.train, both, task, options);
        record.epochs = result.epochs;
        record.bestEpoch = result.bestEpoch;
        record.seconds = result.seconds;
        record.metrics = metricsJson(result.train, result.validation, plan.pipeline.classes());
        recorder.picture(result.picture);
        // The model first: where room is short, it is worth more than the curves' last points. Nor may those that are being
        // written take the room that was set aside for it.
        recorder.settle();
        const Bundle bundle{plan.pipeline, plan.network, result.weights, aboutRun(record, plan.pipeline, record.metrics)};
        try {
            if (record.study) // its model is what it keeps
                workspace.keepModel(record.id, result.bestEpoch, bundle);
            else
                outcome.version = workspace.addVersion(record.name, record.id, bundle, record.metrics);
        } catch (const Error& error) {
            rescue(bundle, record, workspace, error);
        }
        recorder.finish();
        record.status = result.end == TrainEnd::StoppedByUser ? RunStatus::Stopped : RunStatus::Finished;
        record.failure.clear();
        record.endedMs = nowMs();
        takeResources();
        try {
            lastOfStudy = workspace.endRun(record);
        } catch (const Error& error) {
            // Curves of many steps may have used up the room that was set aside. The model is stored: that is what counts.
            outcome.issues.push_back({Severity::Warning, {}, error.code(), error.facts()});
        }
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
    if (lastOfStudy && record.study->kind == StudyKind::Ensemble)
        outcome.version = addEnsemble(workspace, record.study->study, prepared.trainRows, prepared.validationRows, task);
    return outcome;
}

/// A finished member of an ensemble whose members have all finished, but whose version could not be stored then.
TrainOutcome addMissingEnsemble(Workspace& workspace, const RunRecord& run, const Prepared& prepared, Task& task)
{
    TrainOutcome outcome;
    outcome.run = run;
    outcome.issues = prepared.issues;
    outcome.rows = prepared.plan.split.train.size();
    outcome.parameters = prepared.plan.analysis.total.parameters;
    outcome.result.epochs = run.epochs;
    outcome.result.bestEpoch = run.bestEpoch;
    outcome.result.seconds = run.seconds;
    outcome.version = addEnsemble(workspace, run.study->study, prepared.trainRows, prepared.validationRows, task);
    return outcome;
}

/// Columns of numbers that are complete and not all the same. Throws NoInputs.
std::vector<std::string> reconstructedColumns(const Table& table, const std::vector<std::string>& ignored)
{
    std::vector<std::string> columns;
    for (std::size_t i = 0; i < table.columnCount(); ++i) {
        const Column& column = table.column(i);
        if (column.type() != ColumnType::Number || std::find(ignored.begin(), ignored.end(), column.name()) != ignored.end())
            continue;
        bool complete = true, varies = false;
        for (std::size_t row = 0; row < table.rows() && complete; ++row) {
            complete = !column.isMissing(row);
            varies = varies || column.numbers()[row] != column.numbers()[0];
        }
        if (complete && varies)
            columns.push_back(column.name());
    }
    if (columns.empty())
        throw Error(ErrorCode::NoInputs);
    return columns;
}

} // namespace

TrainPlan planTraining(const DataSet& data, const TrainRequest& request)
{
    const Table& table = data.table();
    const std::vector<std::string>& ignored = request.pipeline.ignored;
    PipelineSpec spec = request.pipeline;
    spec.missingMarks = data.csv.used.missingMarks;
    spec.link = engine::linkOf(request.train);
    spec.keepConstants = request.network ? readsImages(*request.network) : readsImages(request.preset);
    if (spec.reconstruct)
        spec.setTargets(reconstructedColumns(table, ignored));
    spec.text = (request.network ? readsText(*request.network) : readsText(request.preset)) ? "tokens" : "ignore";
    TrainPlan plan;
    plan.issues = notFiniteErrors(
        data, [&](const std::string& column) { return std::find(ignored.begin(), ignored.end(), column) == ignored.end(); });
    const Issues settings = validateParams(trainParams(), toJson(request.train));
    plan.issues.insert(plan.issues.end(), settings.begin(), settings.end());
    plan.split = splitRows(table, spec.targets(), request.split);
    plan.pipeline = Pipeline::fit(table, plan.split, spec, plan.issues);
    const Issues losses = engine::lossIssues(request.train, plan.pipeline);
    plan.issues.insert(plan.issues.end(), losses.begin(), losses.end());
    plan.context = networkContext(plan.pipeline);
    plan.network = request.network ? *request.network : makePreset(request.preset, plan.context, plan.split.train.size());
    plan.analysis = analyse(plan.network, plan.context);
    plan.issues.insert(plan.issues.end(), plan.analysis.issues.begin(), plan.analysis.issues.end());
    return plan;
}

TrainOutcome trainModel(Workspace& workspace, const DataSet& data, const TrainRequest& request,
                        const TrainObserver& observer, const RunListener& onRun, Task& task, TrainControl* control)
{
    // All that can be wrong is found here, before anything is written.
    const std::string name = modelName(data, request);
    Prepared prepared = prepare(data, request);
    task.checkpoint();
    RunRecord run = recordOf(data, request, prepared.plan, name);
    run.id = workspace.beginRun(run, prepared.reserveBytes);
    return carryOut(workspace, std::move(run), prepared, request, observer, onRun, {control, {}}, task);
}

RateFinderResult findLearningRate(const DataSet& data, const TrainRequest& request, const RateFinderSpec& finder,
                                  const std::function<void(const RatePoint&)>& onPoint, Task& task)
{
    const Prepared prepared = prepare(data, request);
    return findRate(prepared.plan.network, prepared.plan.pipeline, prepared.trainRows, request.train, finder, onPoint, task);
}

std::vector<RunRecord> beginStudy(Workspace& workspace, const DataSet& data, const TrainRequest& request, Task& task)
{
    const std::string name = modelName(data, request);
    std::vector<RunRecord> runs;
    for (const TrainRequest& part : studyRequests(request)) {
        task.checkpoint();
        const TrainPlan plan = planTraining(data, part);
        throwFirstError(plan.issues);
        runs.push_back(recordOf(data, part, plan, name));
        runs.back().study = StudyPart{0, request.study.kind, 0, request.study.parts};
    }
    return workspace.recordStudy(std::move(runs));
}

TrainOutcome resumeRun(Workspace& workspace, const ResumeRequest& resume, const TrainObserver& observer,
                       const RunListener& onRun, Task& task, TrainControl* control)
{
    RunRecord run = workspace.run(resume.run);
    if (run.status == RunStatus::Running)
        throw Error(ErrorCode::RunRunning, {{"run", std::to_string(run.id)}});
    TrainRequest request;
    request.pipeline = pipelineSpecFromJson(run.pipeline);
    request.split = splitSpecFromJson(run.split);
    request.network = NetworkSpec::fromJson(run.network);
    request.train = trainSpecFromJson(run.settings);
    request.checkpointSeconds = resume.checkpointSeconds;
    if (resume.epochs > 0)
        request.train.epochs = resume.epochs;
    const bool complete = run.status == RunStatus::Finished && run.epochs >= request.train.epochs;
    const bool versionMissing = complete && isEnsembleWithoutVersion(workspace, run);
    if (complete && !versionMissing)
        throw Error(ErrorCode::RunComplete, {{"run", std::to_string(run.id)}, {"epochs", std::to_string(run.epochs)}});

    std::shared_ptr<const DataSet> data = resume.data;
    const std::string path = run.data.value("path", "");
    if (!data)
        data = std::make_shared<const DataSet>(openData(std::u8string(path.begin(), path.end()),
                                                        csvOptionsFromJson(run.data.value("options", nlohmann::json::object())), task));
    if (data->sha256 != run.data.value("sha256", ""))
        throw Error(ErrorCode::RunDataChanged, {{"run", std::to_string(run.id)}, {"path", path}});
    Prepared prepared = prepare(*data, request);
    if (versionMissing)
        return addMissingEnsemble(workspace, run, prepared, task);
    const std::optional<RunState> state = workspace.state(run.id);
    task.checkpoint();

    run.settings = toJson(request.train);
    workspace.reopenRun(run.id, run.settings, prepared.reserveBytes);
    // What was told after the state will be told again.
    TrainSteering options{control, state ? state->bytes : std::string()};
    const std::int64_t step = state ? state->step : 0;
    workspace.truncateCurves(run.id, step, step / stepsPerEpoch(request.train, prepared.trainRows.rows));
    return carryOut(workspace, std::move(run), prepared, request, observer, onRun, options, task);
}

} // namespace limpid
