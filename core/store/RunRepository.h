#pragma once

#include "core/store/BlobStore.h"
#include "core/store/CurveStore.h"
#include "core/store/RunLock.h"
#include "core/store/Sqlite.h"
#include "core/store/Workspace.h"

#include <map>

namespace limpid::store {

/// Runs, their curves and checkpoints in the database; the locks of those that run here. Not thread-safe: Workspace locks.
class RunRepository
{
public:
    RunRepository(SQLite::Database& database, const BlobStore& blobs, std::filesystem::path path, std::filesystem::path locks)
        : m_database(database), m_blobs(blobs), m_curves(database, path), m_path(std::move(path)), m_locks(std::move(locks))
    {
    }

    /// Marks every Running run whose lock nobody holds as Interrupted: ended at its last sign of life, with the epochs
    /// that its curves reached.
    void markInterrupted();

    std::int64_t begin(const RunRecord& run, std::uint64_t reserveBytes);
    std::vector<RunRecord> beginStudy(std::vector<RunRecord> runs);
    void giveBackReserve(std::int64_t run);
    void appendCurves(std::int64_t run, const std::map<std::string, std::vector<CurvePoint>>& curves);
    void truncateCurves(std::int64_t run, std::int64_t step, std::int64_t epoch);
    /// `hash` and `bytes` as put into the blobs.
    void keepCheckpoint(std::int64_t run, int epoch, const std::string& hash, std::string_view bytes);
    void keepState(std::int64_t run, std::int64_t step, const std::string& hash, std::string_view bytes);
    void keepPipeline(std::int64_t run, const std::string& hash, std::string_view bytes);
    /// Step and hash of the state to go on from, "" for none.
    std::pair<std::int64_t, std::string> state(std::int64_t run);
    void reopen(std::int64_t run, const nlohmann::json& settings, std::uint64_t reserveBytes);
    bool end(const RunRecord& run);
    void remove(std::int64_t id);

    std::vector<RunRecord> all();
    RunRecord one(std::int64_t id);
    std::vector<RunRecord> study(std::int64_t study);
    CurveStore& curves() { return m_curves; }
    /// Hash of the best weights, "" for none.
    std::string checkpoint(std::int64_t run);
    /// Of the fitted pipeline, "" for none.
    std::string pipeline(std::int64_t run);

private:
    std::filesystem::path lockFile(std::int64_t id) const;
    bool diedUnnoticed();
    bool isDead(std::int64_t running) const;
    RunRecord read(SQLite::Statement& row) const;
    /// A new row in the transaction under way; gives its id.
    std::int64_t insert(const RunRecord& run, RunStatus status);
    /// What that column of the run's row holds, "" for NULL.
    std::string hashIn(const char* column, std::int64_t run);
    void requireRun(std::int64_t id);
    /// Enters a blob and runs `update`, which names it, in one transaction; the one it takes the place of is dropped.
    void replaceBlob(const std::string& before, const std::string& hash, std::string_view bytes, SQLite::Statement& update);
    void touch(std::int64_t run);    ///< a sign of life

    SQLite::Database& m_database;
    const BlobStore& m_blobs;
    CurveStore m_curves;
    std::filesystem::path m_path;    ///< of the database, for errors
    std::filesystem::path m_locks;
    std::map<std::int64_t, RunLock> m_held;
};

} // namespace limpid::store
