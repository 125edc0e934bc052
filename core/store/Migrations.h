#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <optional>

namespace limpid::store {

/// "LIMP" as PRAGMA application_id: tells our file from any other SQLite file.
inline constexpr int applicationId = 0x4c494d50;

/// The version this build writes.
int newestSchema();

/// What the first page of the file says, read without SQLite so that nothing is touched: 0 for no file or an empty one.
/// Throws WorkspaceCorrupt for a file that is no SQLite database or not one of ours, WorkspaceNewer.
int schemaOnDisk(const std::filesystem::path& database);

/// Brings the open database to newestSchema(), one transaction a step; before the first step on an older store it is
/// copied to `limpid.db.v<N>.bak`. A fresh store takes all steps in one. Throws WorkspaceNewer (nothing changed), WorkspaceCorrupt (not ours), DiskFull,
/// WorkspaceUnwritable, and SQLite::Exception.
void migrate(SQLite::Database& database, const std::filesystem::path& path);

} // namespace limpid::store
