#pragma once

#include "core/store/BlobStore.h"
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
        : m_database(database), m_blobs(blobs), m_path(std::move(path)), m_locks(std::move(locks))
    {
    }

    /// Marks every Running run whose lock nobody holds as Interrupted: ended at its last sign of life, with the epochs
    /// that its curves reached.
    void markInterrupted();

    std::int64_t begin(const RunRecord& run, std::uint64_t reserveBytes);
    void giveBackReserve(std::int64_t run);
    void appendCurve(std::int64_t run, const std::string& series, std::span<const CurvePoint> points);
    /// `hash` and `bytes` as put into the blobs.
    void keepCheckpoint(std::int64_t run, int epoch, const std::string& hash, std::string_view bytes);
    void end(const RunRecord& run);
    void remove(std::int64_t id);

    std::vector<RunRecord> all();
    RunRecord one(std::int64_t id);
    std::vector<std::string> curveNames(std::int64_t run);
    std::vector<CurvePoint> curve(std::int64_t run, const std::string& series);
    /// Hash of the best weights, "" for none.
    std::string checkpoint(std::int64_t run);

private:
    std::filesystem::path lockFile(std::int64_t id) const;
    bool diedUnnoticed();
    bool isDead(std::int64_t running) const;
    RunRecord read(SQLite::Statement& row) const;
    void requireRun(std::int64_t id);

    SQLite::Database& m_database;
    const BlobStore& m_blobs;
    std::filesystem::path m_path;    ///< of the database, for errors
    std::filesystem::path m_locks;
    std::map<std::int64_t, RunLock> m_held;
};

} // namespace limpid::store
