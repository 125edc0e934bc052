#include "core/store/Workspace.h"

#include "core/base/File.h"
#include "core/store/BlobStore.h"
#include "core/store/ExplanationStore.h"
#include "core/store/Migrations.h"
#include "core/store/ModelRegistry.h"
#include "core/store/RunRepository.h"
#include "core/store/Sqlite.h"

#include <chrono>
#include <limits>
#include <mutex>
#include <sys/stat.h>

namespace limpid {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds busyTimeout{10'000};

[[noreturn]] void throwUnwritable(const fs::path& path, const std::error_code& error)
{
    if (error == std::errc::no_space_on_device)
        throw Error(ErrorCode::DiskFull, {{"path", utf8(path)}});
    throw Error(ErrorCode::WorkspaceUnwritable, {{"path", utf8(path)}, {"reason", error.message()}});
}

fs::path databaseIn(const fs::path& folder)
{
    return folder / "limpid.db";
}

/// Looks before anything is touched: a store of a newer Limpid, or one whose database is lost, stays as it is.
fs::path checkedDatabase(const fs::path& folder)
{
    const fs::path database = databaseIn(folder);
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_directory(folder, error))
        throwUnwritable(folder, std::make_error_code(std::errc::not_a_directory));
    const bool present = fs::exists(database, error) && fs::file_size(database, error) > 0;
    if (!present && fs::exists(folder / "blobs", error) && !fs::is_empty(folder / "blobs", error))
        throw Error(ErrorCode::WorkspaceCorrupt, {{"path", utf8(database)}, {"reason", "the database is missing or empty"}});
    store::schemaOnDisk(database);
    return database;
}

void makeFolders(const fs::path& folder)
{
    std::error_code error;
    for (const fs::path& part : {folder, folder / "blobs", folder / "runs"}) {
        fs::create_directories(part, error);
        if (error)
            throwUnwritable(part, error);
    }
}

SQLite::Database openDatabase(const fs::path& path)
{
    SQLite::Database database(utf8(path), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, static_cast<int>(busyTimeout.count()));
    // First a look at what is there: setting the journal mode would already change a store that is not ours.
    store::schemaOnDisk(path);
    store::useWriteAheadLog(database, busyTimeout);
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA foreign_keys = ON");
    store::migrate(database, path);
    // A folder that can't be written is told now, not at the end of a training.
    store::WriteTransaction(database).commit();
    return database;
}

} // namespace

struct Workspace::Private {
    explicit Private(const fs::path& where)
        : folder(where), path(checkedDatabase(where)),
          database((makeFolders(where), store::guarded(path, [&] { return openDatabase(path); }))),
          blobs(where / "blobs"), runs(database, blobs, path, where / "runs"), models(database, blobs, path),
          explanations(database, blobs, path)
    {
        ::stat(path.c_str(), &opened);
    }

    template<class Call>
    auto locked(Call&& call)
    {
        return store::guarded(path, [&] {
            const std::lock_guard lock(mutex);
            requireInPlace();
            return call();
        });
    }
    std::string putBlob(const std::string& bytes)
    {
        return store::guarded(path, [&] {
            requireInPlace();
            return blobs.put(bytes);
        });
    }

    /// A file that is deleted can still be written by whoever has it open, and all of it would be lost in the end.
    void requireInPlace() const
    {
        struct stat now {};
        if (::stat(path.c_str(), &now) != 0 || now.st_ino != opened.st_ino || now.st_dev != opened.st_dev)
            throw Error(ErrorCode::WorkspaceGone, {{"path", utf8(folder)}});
    }

    /// One of a version's files, by its name.
    std::map<std::string, std::string> fileOf(const ModelVersion& version, const std::string& name)
    {
        std::map<std::string, std::string> all = locked([&] { return models.files(version); });
        std::erase_if(all, [&](const auto& file) { return file.first != name; });
        for (auto& [own, content] : all)
            content = blobs.get(content);
        return all;
    }

    /// The best weights that a run has kept, as a model.
    Bundle runBundle(const ModelVersion& version)
    {
        const RunRecord run = locked([&] { return runs.one(version.run); });
        const auto [pipelineHash, weightsHash] = locked([&] { return std::pair(runs.pipeline(run.id), runs.checkpoint(run.id)); });
        const std::string name = "run:" + std::to_string(run.id);
        if (pipelineHash.empty() || weightsHash.empty())
            throw Error(ErrorCode::VersionUnknown, {{"model", version.model}, {"version", name}});
        Bundle bundle;
        bundle.pipeline = Pipeline::fromJson(store::jsonFrom(blobs.get(pipelineHash), path));
        bundle.network = NetworkSpec::fromJson(run.network);
        bundle.weights = readSafetensors(blobs.get(weightsHash), name);
        bundle.about = {{"name", run.name}, {"run", run.id}, {"metrics", run.metrics}};
        return bundle;
    }

    fs::path folder, path;
    std::mutex mutex;                 ///< of the connection and all that uses it
    SQLite::Database database;
    struct stat opened {};            ///< of the database's file
    store::BlobStore blobs;
    store::RunRepository runs;
    store::ModelRegistry models;
    store::ExplanationStore explanations;
};

Workspace::Workspace(const fs::path& folder) : d(std::make_unique<Private>(folder))
{
    store::removeStrayFiles(folder);
    d->locked([&] { d->runs.markInterrupted(); });
}

Workspace::~Workspace() = default;

bool Workspace::exists(const fs::path& folder)
{
    std::error_code ignored;
    return fs::exists(databaseIn(folder), ignored);
}

const fs::path& Workspace::folder() const
{
    return d->folder;
}

std::int64_t Workspace::beginRun(const RunRecord& run, std::uint64_t reserveBytes)
{
    return d->locked([&] { return d->runs.begin(run, reserveBytes); });
}

std::vector<RunRecord> Workspace::recordStudy(std::vector<RunRecord> runs)
{
    return d->locked([&] { return d->runs.beginStudy(std::move(runs)); });
}

std::vector<RunRecord> Workspace::study(std::int64_t study) const
{
    return d->locked([&] { return d->runs.study(study); });
}

void Workspace::appendCurve(std::int64_t run, const std::string& series, std::span<const CurvePoint> points)
{
    appendCurves(run, {{series, std::vector<CurvePoint>(points.begin(), points.end())}});
}

void Workspace::appendCurves(std::int64_t run, const std::map<std::string, std::vector<CurvePoint>>& curves)
{
    d->locked([&] { d->runs.appendCurves(run, curves); });
}

void Workspace::truncateCurves(std::int64_t run, std::int64_t step, std::int64_t epoch)
{
    d->locked([&] { d->runs.truncateCurves(run, step, epoch); });
}

void Workspace::keepCheckpoint(std::int64_t run, int epoch, const Weights& weights)
{
    // Hashing, writing and syncing the file need no lock; the window's reads go on meanwhile.
    const std::string bytes = writeSafetensors(weights, {{"format", "limpid-model"}}); // as in a bundle: one blob for both
    const std::string hash = d->putBlob(bytes);
    d->locked([&] { d->runs.keepCheckpoint(run, epoch, hash, bytes); });
}

void Workspace::keepPipeline(std::int64_t run, const Pipeline& pipeline)
{
    const std::string bytes = pipelineFile(pipeline); // as in a bundle, too
    const std::string hash = d->putBlob(bytes);
    d->locked([&] { d->runs.keepPipeline(run, hash, bytes); });
}

void Workspace::keepModel(std::int64_t run, int epoch, const Bundle& bundle)
{
    d->locked([&] { d->runs.giveBackReserve(run); });
    keepPipeline(run, bundle.pipeline);
    keepCheckpoint(run, epoch, bundle.weights);
}

bool Workspace::endRun(const RunRecord& run)
{
    return d->locked([&] { return d->runs.end(run); });
}

std::vector<RunRecord> Workspace::runs() const
{
    return d->locked([&] { return d->runs.all(); });
}

RunRecord Workspace::run(std::int64_t id) const
{
    return d->locked([&] { return d->runs.one(id); });
}

std::vector<std::string> Workspace::curveNames(std::int64_t run) const
{
    return d->locked([&] { return d->runs.curves().names(run); });
}

std::vector<CurvePoint> Workspace::curve(std::int64_t run, const std::string& series) const
{
    using Limits = std::numeric_limits<std::int64_t>;
    return curvePart(run, series, Limits::min(), Limits::max());
}

std::vector<CurveNode> Workspace::curveNodes(std::int64_t run, const std::string& series) const
{
    return d->locked([&] { return d->runs.curves().nodes(run, series); });
}

std::vector<CurvePoint> Workspace::curvePart(std::int64_t run, const std::string& series, std::int64_t from, std::int64_t to) const
{
    return d->locked([&] { return d->runs.curves().points(run, series, from, to); });
}

std::optional<Weights> Workspace::checkpoint(std::int64_t run) const
{
    const std::string hash = d->locked([&] { return d->runs.checkpoint(run); });
    if (hash.empty())
        return std::nullopt;
    return readSafetensors(d->blobs.get(hash), "run:" + std::to_string(run));
}

void Workspace::keepState(std::int64_t run, std::int64_t step, const std::string& bytes)
{
    const std::string hash = d->putBlob(bytes);
    d->locked([&] { d->runs.keepState(run, step, hash, bytes); });
}

std::optional<RunState> Workspace::state(std::int64_t run) const
{
    const auto [step, hash] = d->locked([&] { return d->runs.state(run); });
    if (hash.empty())
        return std::nullopt;
    return RunState{step, d->blobs.get(hash)};
}

void Workspace::reopenRun(std::int64_t run, const nlohmann::json& settings, std::uint64_t reserveBytes)
{
    d->locked([&] { d->runs.reopen(run, settings, reserveBytes); });
}

void Workspace::deleteRun(std::int64_t id)
{
    d->locked([&] { d->runs.remove(id); });
}

ModelVersion Workspace::addVersion(const std::string& model, std::int64_t run, const Bundle& bundle, const nlohmann::json& metrics)
{
    d->locked([&] { d->runs.giveBackReserve(run); });
    const int version = d->locked([&] { return d->models.reserveVersion(model, run); });
    Bundle stored = bundle;
    stored.about["name"] = model;
    stored.about["version"] = version;
    const std::map<std::string, std::string> contents = bundleFiles(stored);
    std::vector<store::ModelRegistry::File> files;
    for (const auto& [name, bytes] : contents)
        files.push_back({name, d->putBlob(bytes), bytes});
    return d->locked([&] { return d->models.add(model, version, run, files, metrics); });
}

std::vector<ModelSummary> Workspace::models() const
{
    return d->locked([&] { return d->models.models(); });
}

ModelVersion Workspace::resolve(const std::string& reference) const
{
    return d->locked([&] { return d->models.resolve(reference); });
}

Bundle Workspace::loadBundle(const ModelVersion& version) const
{
    if (version.version == 0)
        return d->runBundle(version);
    std::map<std::string, std::string> files = d->locked([&] { return d->models.files(version); });
    for (auto& [name, content] : files)
        content = d->blobs.get(content);
    return bundleFromFiles(files, version.model + "@" + std::to_string(version.version));
}

NetworkSpec Workspace::loadNetwork(const ModelVersion& version) const
{
    if (version.version == 0)
        return d->runBundle(version).network;
    return networkFromFiles(d->fileOf(version, networkFile), version.model + "@" + std::to_string(version.version));
}

Pipeline Workspace::loadPipeline(const ModelVersion& version) const
{
    if (version.version == 0)
        return d->runBundle(version).pipeline;
    return pipelineFromFiles(d->fileOf(version, pipelineFileName), version.model + "@" + std::to_string(version.version));
}

void Workspace::setAlias(const std::string& model, const std::string& alias, int version)
{
    d->locked([&] { d->models.setAlias(model, alias, version); });
}

void Workspace::removeAlias(const std::string& model, const std::string& alias)
{
    d->locked([&] { d->models.removeAlias(model, alias); });
}

std::string Workspace::modelHash(const ModelVersion& version) const
{
    return d->locked([&] { return d->explanations.modelHash(d->models.versionId(version.model, version.version)); });
}

ExplanationRecord Workspace::keepExplanation(const ModelVersion& version, const nlohmann::json& settings, const std::string& document, Keeping keeping)
{
    const std::string hash = d->putBlob(document);
    return d->locked([&] { return d->explanations.keep(d->models.versionId(version.model, version.version), settings, hash, document, keeping); });
}

void Workspace::nameExplanation(std::int64_t id, const std::string& name)
{
    d->locked([&] { d->explanations.name(id, name); });
}

std::vector<ExplanationRecord> Workspace::explanations() const
{
    return d->locked([&] { return d->explanations.all(); });
}

ExplanationRecord Workspace::explanation(std::int64_t id) const
{
    return d->locked([&] { return d->explanations.one(id); });
}

std::string Workspace::explanationDocument(const ExplanationRecord& record) const
{
    return d->blobs.get(record.documentHash);
}

void Workspace::deleteExplanation(std::int64_t id)
{
    d->locked([&] { d->explanations.remove(id); });
}

void Workspace::restoreExplanation(const ExplanationRecord& record, const std::string& document)
{
    d->putBlob(document);
    d->locked([&] { d->explanations.restore(d->models.versionId(record.model, record.version), record, document); });
}

void Workspace::setValue(const std::string& key, const nlohmann::json& value)
{
    d->locked([&] {
        SQLite::Statement set(d->database, "INSERT INTO kept_values(key, value) VALUES(?, ?)"
                                           " ON CONFLICT(key) DO UPDATE SET value = excluded.value");
        set.bind(1, key);
        set.bind(2, store::jsonText(value));
        set.exec();
    });
}

nlohmann::json Workspace::value(const std::string& key) const
{
    return d->locked([&]() -> nlohmann::json {
        SQLite::Statement get(d->database, "SELECT value FROM kept_values WHERE key = ?");
        get.bind(1, key);
        return get.executeStep() ? store::jsonFrom(get.getColumn(0).getString(), d->path) : nlohmann::json();
    });
}

bool StoreHealth::clean() const
{
    return sqliteCheck == "ok" && issues.empty();
}

StoreHealth Workspace::checkHealth() const
{
    StoreHealth health;
    std::vector<std::pair<std::string, std::string>> referenced; // where, hash
    const auto corrupt = [&](const std::string& reason) {
        health.issues.push_back({Severity::Error, {}, ErrorCode::WorkspaceCorrupt, {{"path", utf8(d->path)}, {"reason", reason}}});
    };
    const auto ask = [&] {
        SQLite::Statement check(d->database, "PRAGMA integrity_check");
        while (check.executeStep())
            health.sqliteCheck += (health.sqliteCheck.empty() ? "" : "\n") + check.getColumn(0).getString();
        if (health.sqliteCheck != "ok")
            corrupt(health.sqliteCheck);
        SQLite::Statement keys(d->database, "PRAGMA foreign_key_check");
        while (keys.executeStep())
            corrupt("foreign key of " + keys.getColumn(0).getString());
        const auto number = [&](const char* sql) { return d->database.execAndGet(sql).getInt64(); };
        health.schemaVersion = static_cast<int>(number("PRAGMA user_version"));
        health.runs = static_cast<std::size_t>(number("SELECT count(*) FROM runs"));
        health.versions = static_cast<std::size_t>(number("SELECT count(*) FROM versions"));
        SQLite::Statement references(d->database,
            "SELECT model || '@' || versions.version || '/' || name, hash FROM version_files"
            " JOIN versions ON versions.id = version_files.version"
            " UNION ALL SELECT 'run:' || id, checkpoint FROM runs WHERE checkpoint IS NOT NULL"
            " UNION ALL SELECT 'run:' || id, state FROM runs WHERE state IS NOT NULL"
            " UNION ALL SELECT 'run:' || id, pipeline_file FROM runs WHERE pipeline_file IS NOT NULL"
            " UNION ALL SELECT 'explanation:' || id, document FROM explanations");
        while (references.executeStep())
            referenced.emplace_back(references.getColumn(0).getString(), references.getColumn(1).getString());
    };
    try {
        d->locked(ask);
    } catch (const Error& error) { // what can't be asked of a damaged database is a finding, too
        if (error.code() != ErrorCode::WorkspaceCorrupt)
            throw;
        corrupt(fact(error.facts(), "reason"));
    }

    std::map<std::string, store::BlobStore::State> states;
    for (const auto& [where, hash] : referenced) {
        const auto [entry, isNew] = states.try_emplace(hash, store::BlobStore::State::Good);
        if (isNew)
            entry->second = d->blobs.check(hash);
        if (entry->second == store::BlobStore::State::Good)
            continue;
        const bool missing = entry->second == store::BlobStore::State::Missing;
        health.issues.push_back({Severity::Error, where, missing ? ErrorCode::BlobMissing : ErrorCode::BlobDamaged, {{"hash", hash}}});
    }

    std::error_code error;
    fs::recursive_directory_iterator files(d->blobs.folder(), error);
    for (; !error && files != fs::recursive_directory_iterator(); files.increment(error)) {
        std::error_code ignored;
        const std::string hash = utf8(files->path().parent_path().filename()) + utf8(files->path().filename());
        if (!files->is_regular_file(ignored) || hash.size() != 64)
            continue;
        ++health.blobs;
        health.blobBytes += d->blobs.bytes(hash);
        health.unreferencedBlobs += states.contains(hash) ? 0 : 1;
    }
    return health;
}

} // namespace limpid
