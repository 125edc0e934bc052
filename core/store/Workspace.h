#pragma once

#include "core/base/CurvePyramid.h"
#include "core/base/Error.h"
#include "core/metrics/Metrics.h"
#include "core/model/Bundle.h"
#include "core/model/StudySpec.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>

namespace limpid {

/// Waiting: a run of a study that has not begun.
enum class RunStatus { Running, Finished, Stopped, Failed, Interrupted, Waiting };
std::string_view runStatusName(RunStatus status);

/// Which run of which study a run is. A study is known by the id of its first run.
struct StudyPart {
    std::int64_t study = 0;
    StudyKind kind = StudyKind::Once;
    int part = 0, parts = 0;   ///< part from 1
};

/// A run, from which it can be run again.
struct RunRecord {
    std::int64_t id = 0;
    std::string name;
    RunStatus status = RunStatus::Running;
    std::int64_t startedMs = 0, endedMs = 0;    ///< 0: not yet
    nlohmann::json data;       ///< {"path", "sha256", "rows", "options"}
    nlohmann::json split;      ///< SplitSpec
    nlohmann::json pipeline;   ///< PipelineSpec (the fitted one is in the model)
    nlohmann::json network;    ///< NetworkSpec
    nlohmann::json settings;   ///< TrainSpec
    nlohmann::json build;      ///< {"limpid", "torch", "machine"}
    nlohmann::json metrics;    ///< {"train": {…}, "validation": {…}, "confusion": […], "classes": […]} once ended
    int epochs = 0, bestEpoch = 0;
    double seconds = 0.0;
    std::string failure;       ///< name of the ErrorCode, where it failed
    nlohmann::json resources;  ///< what it took of the machine (RunResources.h), once ended; null: nobody metered it
    std::optional<StudyPart> study;
};

/// All that a training needs to go on (core/engine/Checkpoint.h), as it stood after a step.
struct RunState {
    std::int64_t step = 0;
    std::string bytes;
};

struct ModelVersion {
    std::string model;
    int version = 0;                        ///< from 1, never used again; 0: none, the best weights that a run has kept
    std::int64_t run = 0;
    std::int64_t createdMs = 0;
    nlohmann::json metrics;
    std::vector<std::string> aliases;
    std::map<std::string, std::string> tags;
};

struct ModelSummary {
    std::string name;
    std::vector<ModelVersion> versions;     ///< newest first
};

/// An explanation that was kept.
struct ExplanationRecord {
    std::int64_t id = 0;
    std::string model;
    int version = 0;
    std::int64_t createdMs = 0;
    nlohmann::json settings;                ///< what was asked, of which data
    std::string modelHash;                  ///< of the version's files as they were explained
    std::string documentHash;
    std::uint64_t documentBytes = 0;
    std::string name;                       ///< the user's; "": none
    bool automatic = false;                 ///< kept by itself: see keepExplanation()
};

/// Who wanted an explanation kept: the user, or nobody.
enum class Keeping { Asked, Automatic };
/// Of the explanations of a model (all its versions) that were kept by themselves so many of the newest stay, as long as their documents take
/// no more than so many bytes; the newest of all stays in any case.
inline constexpr std::size_t mostAutomaticExplanations = 20;
inline constexpr std::uint64_t mostAutomaticBytes = 256 * 1024 * 1024;

/// Letters, digits, '_', '-', '.', at most 100.
bool isModelName(std::string_view name);

/// What `limpid doctor` and start-up find.
struct StoreHealth {
    std::string sqliteCheck;                ///< "ok" or SQLite's words
    int schemaVersion = 0;
    std::size_t runs = 0, versions = 0, blobs = 0;
    std::uint64_t blobBytes = 0;
    Issues issues;                          ///< BlobMissing, BlobDamaged, WorkspaceCorrupt
    std::size_t unreferencedBlobs = 0;
    bool clean() const;
};

/// A workspace folder: limpid.db (SQLite, WAL, see store/Migrations.cpp) and blobs/ab/cdef… named by SHA-256.
/// All members may be called from any thread (one lock inside); none of them from the GUI thread.
/// Members throw WorkspaceCorrupt, WorkspaceUnwritable, WorkspaceBusy, DiskFull beside what they say.
class Workspace
{
public:
    /// Opens or creates; migrates after a backup (limpid.db.v<N>.bak); marks runs whose process is gone as
    /// Interrupted. Throws WorkspaceNewer and changes nothing.
    explicit Workspace(const std::filesystem::path& folder);
    /// Whether the folder is a workspace already.
    static bool exists(const std::filesystem::path& folder);
    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    const std::filesystem::path& folder() const;

    // Runs. The id of the process that owns a Running run is kept, with an OS lock on `runs/<id>.lock`.
    /// Status Running, durable on return. `reserveBytes` of the disk are set aside and given back for addVersion(), so that
    /// a disk that fills up during the run is found now (DiskFull, nothing recorded) or costs no model later.
    std::int64_t beginRun(const RunRecord& run, std::uint64_t reserveBytes = 0);
    /// All runs of a study at once, Waiting for reopenRun(), durable on return; their `study` needs kind and parts only. Gives
    /// them back as recorded, in their order.
    std::vector<RunRecord> recordStudy(std::vector<RunRecord> runs);
    /// The runs of a study by part; those that were deleted are missing.
    std::vector<RunRecord> study(std::int64_t study) const;
    /// Adds to a curve (a step that is there already is replaced), in one transaction. Series named "epoch/…" count
    /// epochs in `step`: from them an interrupted run knows how far it came.
    void appendCurve(std::int64_t run, const std::string& series, std::span<const CurvePoint> points);
    /// Several at once: either all of it is stored or nothing.
    void appendCurves(std::int64_t run, const std::map<std::string, std::vector<CurvePoint>>& curves);
    /// For a run that goes on from a checkpoint: removes what came after `step`, of series "epoch/…" after `epoch`. Durable.
    void truncateCurves(std::int64_t run, std::int64_t step, std::int64_t epoch);
    void keepCheckpoint(std::int64_t run, int epoch, const Weights& weights);   ///< best weights so far, durable
    /// The fitted pipeline; with it and the best weights a run that gives no version can be loaded all the same. Durable.
    void keepPipeline(std::int64_t run, const Pipeline& pipeline);
    /// Both, of a run that has ended and gives no version, in the room that was set aside.
    void keepModel(std::int64_t run, int epoch, const Bundle& bundle);
    /// The state to go on from, in place of the one before; durable, with every point of a curve stored so far.
    void keepState(std::int64_t run, std::int64_t step, const std::string& bytes);
    /// None where the run never got so far. Throws RunUnknown, BlobMissing, BlobDamaged.
    std::optional<RunState> state(std::int64_t run) const;
    /// A run that ended is Running again, with these settings, as beginRun() does it. Throws RunUnknown, RunRunning.
    void reopenRun(std::int64_t run, const nlohmann::json& settings, std::uint64_t reserveBytes = 0);
    /// Status, metrics, epochs, seconds; durable. Where it can't be written the run no longer counts as alive: it is
    /// Interrupted as soon as that can be written. Whether it was the last of a study to finish: now all of them have. Of
    /// runs that end at the same time, also in several processes, one is told so.
    bool endRun(const RunRecord& run);
    std::vector<RunRecord> runs() const;                    ///< newest first
    RunRecord run(std::int64_t id) const;                   ///< throws RunUnknown
    std::vector<std::string> curveNames(std::int64_t run) const;
    /// Every point, by step.
    std::vector<CurvePoint> curve(std::int64_t run, const std::string& series) const;
    /// What is known of each block of points: enough to draw a curve of any length from afar, and to know which of its
    /// parts to read for more (CurvePyramid::setNodes).
    std::vector<CurveNode> curveNodes(std::int64_t run, const std::string& series) const;
    /// The points of steps from … to, both included.
    std::vector<CurvePoint> curvePart(std::int64_t run, const std::string& series, std::int64_t from, std::int64_t to) const;
    /// Best weights kept so far; none before the first.
    std::optional<Weights> checkpoint(std::int64_t run) const;
    /// Throws RunUnknown, RunActive (a version came of it, or it is running).
    void deleteRun(std::int64_t id);

    // Models. Names as isModelName, else NameInvalid.
    /// Puts name and number into the bundle's `about`. `run` 0: of no run. The number is never used again, also where
    /// storing fails half way. Throws RunUnknown.
    ModelVersion addVersion(const std::string& model, std::int64_t run, const Bundle& bundle, const nlohmann::json& metrics);
    std::vector<ModelSummary> models() const;
    /// NAME, NAME@ALIAS, NAME@VERSION or run:ID. NAME is its newest; run:ID is the newest version of the run or, for a run of a
    /// study, the best weights that it kept (version 0). Throws ModelUnknown, VersionUnknown, AliasUnknown, RunUnknown.
    ModelVersion resolve(const std::string& reference) const;
    Bundle loadBundle(const ModelVersion& version) const;   ///< verified; throws BlobMissing, BlobDamaged, BundleInvalid
    NetworkSpec loadNetwork(const ModelVersion& version) const; ///< without the weights; throws as loadBundle does
    Pipeline loadPipeline(const ModelVersion& version) const;   ///< likewise
    void setAlias(const std::string& model, const std::string& alias, int version); ///< moves it if it stands elsewhere
    void removeAlias(const std::string& model, const std::string& alias);

    // Explanations of stored versions; they go with them.
    /// Durable on return. The same settings again take the place of what was kept for them, which stays kept for good where it was. An automatic
    /// one makes older automatic ones of its model go: see mostAutomaticExplanations. Throws as resolve() does.
    ExplanationRecord keepExplanation(const ModelVersion& version, const nlohmann::json& settings, const std::string& document,
                                      Keeping keeping = Keeping::Asked);
    /// From now on it stays until it is deleted. Throws ExplanationUnknown.
    void nameExplanation(std::int64_t id, const std::string& name);
    std::vector<ExplanationRecord> explanations() const;               ///< newest first
    ExplanationRecord explanation(std::int64_t id) const;              ///< throws ExplanationUnknown
    std::string explanationDocument(const ExplanationRecord& record) const; ///< verified; throws BlobMissing, BlobDamaged
    void deleteExplanation(std::int64_t id);                           ///< throws ExplanationUnknown
    /// Undoes deleteExplanation(): under its number again, where the same was not kept anew meanwhile. Throws as resolve() does.
    void restoreExplanation(const ExplanationRecord& record, const std::string& document);
    /// SHA-256 over the names and hashes of a version's files.
    std::string modelHash(const ModelVersion& version) const;

    // What the window and its user leave behind: networks in work, view settings, recent files. Small JSON values. Those
    // named "run/<id>/…" belong to a run and go with it.
    void setValue(const std::string& key, const nlohmann::json& value);
    nlohmann::json value(const std::string& key) const;     ///< null where there is none

    StoreHealth checkHealth() const;                        ///< reads and hashes every blob

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
