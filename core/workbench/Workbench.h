#pragma once

#include "core/data/CsvReader.h"
#include "core/data/Split.h"
#include "core/engine/RateFinder.h"
#include "core/engine/Trainer.h"
#include "core/model/Predictor.h"
#include "core/model/StudySpec.h"
#include "core/store/Workspace.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace limpid {

// The use cases, each once: what the command line and the pages both call. Values in, values out, no globals;
// each may run on any thread and throws Error or Cancelled.

/// A file as opened: its table and where it came from.
struct DataSet {
    std::filesystem::path path;
    std::string sha256;         ///< of the file's bytes
    CsvResult csv;
    const Table& table() const { return csv.table; }
};
DataSet openData(const std::filesystem::path& path, const CsvOptions& options, Task& task);

/// NaN and infinity, which reading only warns of, as errors for the columns in use: a model must not take them for
/// missing unless the user says so (CsvOptions::missingMarks).
Issues notFiniteErrors(const DataSet& data, const std::function<bool(const std::string&)>& used);

/// The column one would predict: named like a target, else the last category or boolean, else the last column.
std::string suggestTarget(const Table& table);

struct TrainRequest {
    PipelineSpec pipeline;       ///< with the target, or several; its link follows the loss
    SplitSpec split;
    TrainSpec train;
    std::string preset = "mlp";                  ///< used where there is no network
    std::optional<NetworkSpec> network;
    std::string name;            ///< of run and model; "": the file's stem
    double checkpointSeconds = 2.0; ///< how often a state to go on from is kept, at most; 0: after each step
    StudySpec study;             ///< whether it is one run or several; see Study.h. trainModel() trains one whatever it says
};

/// What a run would be, before it starts: all problems at once. For the window's pages and for errors before any write.
struct TrainPlan {
    Pipeline pipeline;
    Split split;
    NetworkSpec network;
    NetworkContext context;
    NetworkAnalysis analysis;
    Issues issues;
};
/// Throws as Pipeline::fit and splitRows do; problems of values, settings and network are in the plan's issues.
TrainPlan planTraining(const DataSet& data, const TrainRequest& request);

struct TrainOutcome {
    RunRecord run;
    ModelVersion version;        ///< number 0: none, as the run is part of a study; see Study.h
    TrainResult result;
    std::int64_t parameters = 0;
    std::size_t rows = 0;        ///< of training
    Issues issues;               ///< warnings on the way
};
/// A run as it begins: what a window must know to follow it.
struct StartedRun {
    std::int64_t id = 0;
    TaskKind task = TaskKind::Regression;
    std::vector<std::string> classes;   ///< by index; empty for regression
    std::size_t rows = 0;               ///< of training
};
using RunListener = std::function<void(const StartedRun&)>;

/// Plans, then records a run, trains with curves and best weights stored as they come, and adds a version.
/// On Task::finish() the run is Stopped and a version of the best weights is added all the same; on cancel or error the
/// run is Stopped or Failed, keeps what was reached, and there is no version.
/// `onRun` is told of the run once it exists; what it took of the machine is recorded with it where `task` is metered.
/// Curves: see RunRecorder. Where the store can't take curves or
/// checkpoints (a full disk) training goes on, and a warning among the issues tells what is not stored; beginRun has set
/// the model's own room aside. Where the store can't take the model either (it was deleted, the disk fails), the model is
/// saved as a folder in the user's home and ModelRescued is thrown.
TrainOutcome trainModel(Workspace& workspace, const DataSet& data, const TrainRequest& request,
                        const TrainObserver& observer, const RunListener& onRun, Task& task,
                        TrainControl* control = nullptr);

/// A run as it was set up, with its data as it lies on the disk now.
struct ResumeRequest {
    std::int64_t run = 0;
    int epochs = 0;                 ///< in all; 0: as many as it was set up for
    double checkpointSeconds = 2.0;
    std::shared_ptr<const DataSet> data = {}; ///< where it is open already; null: the file is read
};
/// Goes on from the last state that was kept, or from the start where there is none: what comes out is, byte for byte, what
/// the run would have given had it never stopped. A run that ended early goes on just as well; a finished one needs more
/// epochs (RunComplete). The file is read again; another content than the run's is refused (RunDataChanged).
/// A run of a study that waits is begun.
TrainOutcome resumeRun(Workspace& workspace, const ResumeRequest& request, const TrainObserver& observer,
                       const RunListener& onRun, Task& task, TrainControl* control = nullptr);

/// The learning-rate range test of this set-up (findRate()); nothing of it is stored. Throws as planTraining() and findRate() do.
RateFinderResult findLearningRate(const DataSet& data, const TrainRequest& request, const RateFinderSpec& finder,
                                  const std::function<void(const RatePoint&)>& onPoint, Task& task);

/// The finished epochs of a stored run as they were told, but for `step`; a figure that is not stored is NaN or absent.
/// Throws as Workspace does.
std::vector<EpochRecord> storedEpochs(const Workspace& workspace, std::int64_t run);

/// The picture of the weights that a run kept, or of its best epoch so far that had one; null where the run has none.
/// Throws as Workspace does.
std::shared_ptr<const ValidationPicture> storedPicture(const Workspace& workspace, std::int64_t run);

struct PredictOutcome {
    /// "prediction", then for classes "P(<class>)" each. Of several targets: the target's name, and for labels "P(<target>)",
    /// the probability of its second label.
    std::vector<std::string> columns;
    Table table;                        ///< of those columns, one row an input row
    Issues issues;
};
/// What becomes of rows with a category that was not there in training.
enum class UnseenCategories {
    Refuse,   ///< ColumnUnseenRefused is thrown: a typing error must not pass for a prediction
    Allow,    ///< predicted as an unknown value (see Pipeline), with a warning
};
PredictOutcome predictTable(const Predictor& predictor, const Table& table, UnseenCategories unseen, Task& task);

struct EvaluateOutcome {
    MetricSet metrics;
    std::vector<std::string> classes;
    std::size_t rows = 0;
    Issues issues;
};
/// Rows without a target, or without one of several, are left out. Throws ColumnMissing for a target.
EvaluateOutcome evaluateTable(const Predictor& predictor, const Table& table, Task& task);

/// Reads a file for a model: with its pipeline's types and spellings of "missing", the target optional.
/// Throws ColumnNotFinite for a column that the model uses.
DataSet openDataForModel(const std::filesystem::path& path, const Pipeline& pipeline, Task& task);

} // namespace limpid
