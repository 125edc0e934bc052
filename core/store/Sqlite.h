#pragma once

#include "core/base/Error.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>

namespace limpid::store {

/// Turns what SQLite says into ours: FULL → DiskFull; READONLY, CANTOPEN, PERM, a failed write → WorkspaceUnwritable
/// (DiskFull where the disk has no room left); CORRUPT, NOTADB, a failed read → WorkspaceCorrupt; BUSY, LOCKED →
/// WorkspaceBusy; NOMEM → OutOfMemory; else Internal.
[[noreturn]] void throwSqliteError(const SQLite::Exception& error, const std::filesystem::path& database);

/// `call()`, with SQLite's exceptions turned into Error, and FileUnwritable into WorkspaceUnwritable: no file in the
/// workspace is one of the user's.
template<class Call>
auto guarded(const std::filesystem::path& database, Call&& call)
{
    try {
        return call();
    } catch (const SQLite::Exception& error) {
        throwSqliteError(error, database);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::FileUnwritable)
            throw Error(ErrorCode::WorkspaceUnwritable, error.facts(), error.detail());
        throw;
    }
}

/// One that takes the write lock at once: a read that turns into a write later can't be waited for in WAL mode.
class WriteTransaction
{
public:
    explicit WriteTransaction(SQLite::Database& database)
        : m_transaction(database, SQLite::TransactionBehavior::IMMEDIATE)
    {
    }
    void commit() { m_transaction.commit(); }

private:
    SQLite::Transaction m_transaction;
};

/// Changes to the write-ahead log, waiting for others that do the same. SQLite makes this change from within a read, where
/// it tells at once that the database is busy, whatever its own timeout. Throws SQLite::Exception.
void useWriteAheadLog(SQLite::Database& database, std::chrono::milliseconds timeout);

/// While it lives, commits need not reach the disk (they are never torn; the newest may be lost with the power).
/// Not inside a transaction.
class RelaxedCommits
{
public:
    explicit RelaxedCommits(SQLite::Database& database);
    ~RelaxedCommits();
    RelaxedCommits(const RelaxedCommits&) = delete;
    RelaxedCommits& operator=(const RelaxedCommits&) = delete;

private:
    SQLite::Database& m_database;
};

/// Text that parses again whatever the file's names were (bytes that are no UTF-8 are replaced).
std::string jsonText(const nlohmann::json& json);
/// Null for an empty text. Throws WorkspaceCorrupt.
nlohmann::json jsonFrom(const std::string& text, const std::filesystem::path& database);

} // namespace limpid::store
