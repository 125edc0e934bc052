#include "core/store/Sqlite.h"

#include "core/base/File.h"

#include <sqlite3.h>
#include <thread>

namespace limpid::store {

namespace fs = std::filesystem;

namespace {

bool diskIsFull(const fs::path& database)
{
    std::error_code error;
    const fs::space_info space = fs::space(database.parent_path(), error);
    return !error && space.available < (64u << 10); // SQLite writes pages and its log's index grows by 32 KiB
}

bool isRead(int extendedCode)
{
    return extendedCode == SQLITE_IOERR_READ || extendedCode == SQLITE_IOERR_SHORT_READ;
}

} // namespace

void throwSqliteError(const SQLite::Exception& error, const fs::path& database)
{
    const std::string words = error.what();
    const Facts place = {{"path", utf8(database)}};
    const Facts placeAndReason = {{"path", utf8(database)}, {"reason", words}};
    const int code = error.getErrorCode() & 0xff;
    switch (code) {
    case SQLITE_FULL:
        throw Error(ErrorCode::DiskFull, place, words);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        throw Error(diskIsFull(database) ? ErrorCode::DiskFull : ErrorCode::WorkspaceUnwritable, placeAndReason, words);
    case SQLITE_IOERR:
        if (isRead(error.getExtendedErrorCode()))
            throw Error(ErrorCode::WorkspaceCorrupt, placeAndReason, words);
        throw Error(diskIsFull(database) ? ErrorCode::DiskFull : ErrorCode::WorkspaceUnwritable, placeAndReason, words);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        throw Error(ErrorCode::WorkspaceCorrupt, placeAndReason, words);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        throw Error(ErrorCode::WorkspaceBusy, place, words);
    case SQLITE_NOMEM:
        throw Error(ErrorCode::OutOfMemory, {}, words);
    default:
        throw Error(ErrorCode::Internal, {{"reason", words}}, words);
    }
}

void useWriteAheadLog(SQLite::Database& database, std::chrono::milliseconds timeout)
{
    const auto giveUp = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        try {
            database.exec("PRAGMA journal_mode = WAL");
            return;
        } catch (const SQLite::Exception& error) {
            if ((error.getErrorCode() & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() > giveUp)
                throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

RelaxedCommits::RelaxedCommits(SQLite::Database& database) : m_database(database)
{
    m_database.exec("PRAGMA synchronous = NORMAL");
}

RelaxedCommits::~RelaxedCommits()
{
    m_database.tryExec("PRAGMA synchronous = FULL");
}

std::string jsonText(const nlohmann::json& json)
{
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

nlohmann::json jsonFrom(const std::string& text, const fs::path& database)
{
    if (text.empty())
        return nullptr;
    nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded())
        throw Error(ErrorCode::WorkspaceCorrupt, {{"path", utf8(database)}, {"reason", "JSON"}}, text);
    return json;
}

} // namespace limpid::store
