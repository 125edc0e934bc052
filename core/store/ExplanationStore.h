#pragma once

#include "core/store/BlobStore.h"
#include "core/store/Sqlite.h"
#include "core/store/Workspace.h"

namespace limpid::store {

/// Explanations that were kept, each of a row of `versions`. Not thread-safe: Workspace locks.
class ExplanationStore
{
public:
    ExplanationStore(SQLite::Database& database, const BlobStore& blobs, std::filesystem::path path)
        : m_database(database), m_blobs(blobs), m_path(std::move(path))
    {
    }

    /// `hash` and `document` as put into the blobs.
    ExplanationRecord keep(std::int64_t versionId, const nlohmann::json& settings, const std::string& hash, std::string_view document, Keeping keeping);
    void name(std::int64_t id, const std::string& name);
    std::vector<ExplanationRecord> all() { return query("", 0); }
    ExplanationRecord one(std::int64_t id);
    void remove(std::int64_t id);
    void restore(std::int64_t versionId, const ExplanationRecord& record, std::string_view document);
    std::string modelHash(std::int64_t versionId);

private:
    /// Deletes the automatic ones of the version's model that are too many; their documents, which may be in use still.
    std::vector<std::string> makeRoom(std::int64_t versionId);
    std::vector<ExplanationRecord> query(const std::string& where, std::int64_t id);

    SQLite::Database& m_database;
    const BlobStore& m_blobs;
    std::filesystem::path m_path;
};

} // namespace limpid::store
