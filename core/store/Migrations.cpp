#include "core/store/Migrations.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/CurveStore.h"
#include "core/store/Sqlite.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Statement.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace limpid::store {

namespace fs = std::filesystem;

namespace {

// Append only: a released step never changes, because stores out there have taken it. Step i brings a store from
// version i to i + 1. For each released version tests keep a store file that is upgraded.
struct Migration {
    const char* sql;
    void (*pack)(SQLite::Database& database, const fs::path& path) = nullptr; ///< what SQL alone can't do; called after `sql`
    const char* after = "";                                                   ///< called last
};

constexpr std::array migrations = {
    // 1: runs with their curves, models with versions, blobs.
    Migration{R"sql(
    CREATE TABLE blobs(
        hash TEXT NOT NULL PRIMARY KEY,          -- SHA-256; the file is blobs/ab/cdef…
        bytes INTEGER NOT NULL,
        created_ms INTEGER NOT NULL) WITHOUT ROWID;

    CREATE TABLE runs(
        id INTEGER PRIMARY KEY AUTOINCREMENT,    -- never used again, also after a run is deleted
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        started_ms INTEGER NOT NULL,
        touched_ms INTEGER NOT NULL,             -- the last sign of life: when a run that died is taken to have ended
        ended_ms INTEGER NOT NULL DEFAULT 0,
        data TEXT NOT NULL, split TEXT NOT NULL, pipeline TEXT NOT NULL, network TEXT NOT NULL,
        settings TEXT NOT NULL, build TEXT NOT NULL, metrics TEXT NOT NULL,
        epochs INTEGER NOT NULL DEFAULT 0,
        best_epoch INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0,
        failure TEXT NOT NULL DEFAULT '',
        checkpoint TEXT REFERENCES blobs(hash),
        process INTEGER NOT NULL);               -- for people; whether it lives is told by runs/<id>.lock

    CREATE TABLE series(
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        UNIQUE(run, name));

    CREATE TABLE curves(
        series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
        step INTEGER NOT NULL,
        time REAL NOT NULL,                      -- seconds since the run's start
        value REAL,                              -- NULL: not a number
        PRIMARY KEY(series, step)) WITHOUT ROWID;

    CREATE TABLE models(
        name TEXT NOT NULL PRIMARY KEY,
        next_version INTEGER NOT NULL) WITHOUT ROWID;

    CREATE TABLE versions(
        id INTEGER PRIMARY KEY,
        model TEXT NOT NULL REFERENCES models(name),
        version INTEGER NOT NULL,
        run INTEGER REFERENCES runs(id),
        created_ms INTEGER NOT NULL,
        metrics TEXT NOT NULL,
        UNIQUE(model, version));
    CREATE INDEX versions_run ON versions(run);

    CREATE TABLE version_files(
        version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        hash TEXT NOT NULL REFERENCES blobs(hash),
        PRIMARY KEY(version, name)) WITHOUT ROWID;
    CREATE INDEX version_files_hash ON version_files(hash);

    CREATE TABLE aliases(
        model TEXT NOT NULL REFERENCES models(name),
        alias TEXT NOT NULL,
        version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
        PRIMARY KEY(model, alias)) WITHOUT ROWID;
    CREATE INDEX aliases_version ON aliases(version);

    CREATE TABLE tags(
        version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY(version, key)) WITHOUT ROWID;

    CREATE TABLE kept_values(
        key TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL) WITHOUT ROWID;
    )sql"},

    // 2: curves in packed blocks instead of a row for each point; see CurveStore.
    Migration{R"sql(
    CREATE TABLE curve_blocks(
        id INTEGER PRIMARY KEY,
        series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
        first_step INTEGER NOT NULL,
        last_step INTEGER NOT NULL,
        last_seconds REAL NOT NULL,
        points_count INTEGER NOT NULL,
        node BLOB NOT NULL,                      -- CurveNode: enough to draw the block from afar
        UNIQUE(series, first_step));

    CREATE TABLE curve_points(                   -- apart from the nodes, so that these lie together
        block INTEGER PRIMARY KEY REFERENCES curve_blocks(id) ON DELETE CASCADE,
        points BLOB NOT NULL);
    )sql", &CurveStore::packRows, "DROP TABLE curves"},

    // 3: where a run can go on from.
    Migration{R"sql(
    ALTER TABLE runs ADD COLUMN state TEXT REFERENCES blobs(hash);
    ALTER TABLE runs ADD COLUMN state_step INTEGER NOT NULL DEFAULT 0;
    )sql"},

    // 4: what a run took of the machine.
    Migration{"ALTER TABLE runs ADD COLUMN resources TEXT NOT NULL DEFAULT 'null'"},

    // 5: runs that belong together as parts of a study, and what such a run needs to be loaded without a version.
    Migration{R"sql(
    ALTER TABLE runs ADD COLUMN study INTEGER NOT NULL DEFAULT 0;      -- id of its first run; 0: none
    ALTER TABLE runs ADD COLUMN study_kind TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN study_part INTEGER NOT NULL DEFAULT 0; -- from 1
    ALTER TABLE runs ADD COLUMN study_parts INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN pipeline_file TEXT REFERENCES blobs(hash);
    CREATE INDEX runs_study ON runs(study) WHERE study > 0;
    )sql"},

    // 6: explanations that were kept. The same question asked again takes the place of its first answer.
    Migration{R"sql(
    CREATE TABLE explanations(
        id INTEGER PRIMARY KEY AUTOINCREMENT,    -- never used again
        version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
        created_ms INTEGER NOT NULL,
        settings TEXT NOT NULL,                  -- what was asked, of which data
        model_hash TEXT NOT NULL,                -- of the version's files as they were explained
        document TEXT NOT NULL REFERENCES blobs(hash),
        UNIQUE(version, settings));
    CREATE INDEX explanations_document ON explanations(document);
    )sql"},

    // 7: explanations that were kept by themselves, which make room for newer ones, and names of those that stay.
    Migration{R"sql(
    ALTER TABLE explanations ADD COLUMN name TEXT NOT NULL DEFAULT '';
    ALTER TABLE explanations ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0;
    )sql"},
};

int pragma(SQLite::Database& database, const char* name)
{
    return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

[[noreturn]] void throwNewer(const fs::path& path, int version)
{
    throw Error(ErrorCode::WorkspaceNewer,
                {{"path", utf8(path)}, {"version", std::to_string(version)}, {"known", std::to_string(newestSchema())}});
}

[[noreturn]] void throwNotOurs(const fs::path& path)
{
    throw Error(ErrorCode::WorkspaceCorrupt, {{"path", utf8(path)}, {"reason", "not a Limpid workspace"}});
}

void syncFile(const fs::path& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 || ::fsync(file) != 0) {
        const int errorNumber = errno;
        if (file >= 0)
            ::close(file);
        throwWriteError(path, errorNumber);
    }
    ::close(file);
}

void backUp(SQLite::Database& database, const fs::path& path, int version)
{
    fs::path target = path;
    target += ".v" + std::to_string(version) + ".bak";
    fs::path temporary = path.parent_path() / (".limpid-" + std::to_string(::getpid()) + "-backup");
    std::error_code ignored;
    fs::remove(temporary, ignored);
    {
        SQLite::Database copy(utf8(temporary), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        SQLite::Backup backup(copy, database);
        backup.executeStep(-1);
    }
    syncFile(temporary);
    if (std::rename(temporary.c_str(), target.c_str()) != 0)
        throwWriteError(target, errno);
    syncFile(path.parent_path());
}

void take(const Migration& step, SQLite::Database& database, const fs::path& path)
{
    database.exec(step.sql);
    if (step.pack)
        step.pack(database, path);
    database.exec(step.after);
}

} // namespace

int newestSchema()
{
    return static_cast<int>(migrations.size());
}

int schemaOnDisk(const fs::path& database)
{
    // https://www.sqlite.org/fileformat2.html#the_database_header, big-endian:
    // page size at 16 (two bytes; 1 is 65536), change counter at 24, pages at 28, user version at 60, application id at
    // 68, and at 92 the change counter for which the pages hold.
    std::array<unsigned char, 100> header{};
    std::ifstream stream(database, std::ios::binary);
    if (!stream)
        return 0;
    stream.read(reinterpret_cast<char*>(header.data()), header.size());
    if (stream.gcount() == 0)
        return 0;
    if (stream.gcount() < static_cast<std::streamsize>(header.size()) ||
        std::string_view(reinterpret_cast<const char*>(header.data()), 15) != "SQLite format 3")
        throw Error(ErrorCode::WorkspaceCorrupt, {{"path", utf8(database)}, {"reason", "not a SQLite database"}});
    const auto number = [&](std::size_t at) {
        return std::uint32_t(header[at]) << 24 | std::uint32_t(header[at + 1]) << 16 | std::uint32_t(header[at + 2]) << 8
            | std::uint32_t(header[at + 3]);
    };
    const int version = static_cast<int>(number(60));
    if (version != 0 && number(68) != applicationId)
        throwNotOurs(database);
    if (version > newestSchema())
        throwNewer(database, version);
    // SQLite rounds a size up to whole pages, so it would not miss the end of the last one. With a log beside it the file
    // may well be short: the log has the rest.
    std::error_code error;
    fs::path log = database;
    log += "-wal";
    const bool hasLog = fs::exists(log, error) && fs::file_size(log, error) > 0;
    const std::uintmax_t pageBytes = number(16) >> 16 == 1 ? 65536 : number(16) >> 16;
    if (!hasLog && number(24) == number(92) && fs::file_size(database, error) < pageBytes * number(28))
        throw Error(ErrorCode::WorkspaceCorrupt, {{"path", utf8(database)}, {"reason", "the file is cut off"}});
    return version;
}

void migrate(SQLite::Database& database, const fs::path& path)
{
    const int found = pragma(database, "user_version");
    if (found > newestSchema())
        throwNewer(path, found);
    if (found == newestSchema())
        return;
    if (found > 0)
        backUp(database, path, found);
    for (;;) {
        WriteTransaction transaction(database);
        const int version = pragma(database, "user_version"); // again: another process may have taken the step meanwhile
        if (version > newestSchema())
            throwNewer(path, version);
        if (version == newestSchema())
            return;
        if (version == 0) {
            if (database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() != 0)
                throwNotOurs(path);
            database.exec("PRAGMA application_id = " + std::to_string(applicationId));
        }
        // A fresh store gets all steps at once: nobody shall find it half made and back it up.
        const int next = version == 0 ? newestSchema() : version + 1;
        for (int step = version; step < next; ++step)
            take(migrations[static_cast<std::size_t>(step)], database, path);
        database.exec("PRAGMA user_version = " + std::to_string(next));
        transaction.commit();
    }
}

} // namespace limpid::store
