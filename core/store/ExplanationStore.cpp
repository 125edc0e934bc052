#include "core/store/ExplanationStore.h"

#include "core/base/Clock.h"
#include "core/base/Hash.h"
#include "core/store/BlobRows.h"

namespace limpid::store {

ExplanationRecord ExplanationStore::keep(std::int64_t versionId, const nlohmann::json& settings, const std::string& hash, std::string_view document)
{
    const std::string asked = jsonText(settings);
    std::string before;
    std::int64_t id = 0;
    {
        WriteTransaction transaction(m_database);
        enterBlob(m_database, m_blobs, hash, document);
        SQLite::Statement old(m_database, "SELECT document FROM explanations WHERE version = ? AND settings = ?");
        old.bind(1, versionId);
        old.bind(2, asked);
        if (old.executeStep())
            before = old.getColumn(0).getString();
        old.reset();
        SQLite::Statement insert(m_database, "INSERT INTO explanations(version, created_ms, settings, model_hash, document) VALUES(?, ?, ?, ?, ?)"
                                             " ON CONFLICT(version, settings) DO UPDATE SET created_ms = excluded.created_ms,"
                                             " model_hash = excluded.model_hash, document = excluded.document RETURNING id");
        insert.bind(1, versionId);
        insert.bind(2, nowMs());
        insert.bind(3, asked);
        insert.bind(4, modelHash(versionId));
        insert.bind(5, hash);
        insert.executeStep();
        id = insert.getColumn(0).getInt64();
        insert.reset();
        transaction.commit();
    }
    if (!before.empty() && before != hash)
        dropBlob(m_database, m_blobs, before);
    return one(id);
}

ExplanationRecord ExplanationStore::one(std::int64_t id)
{
    std::vector<ExplanationRecord> found = query("WHERE explanations.id = ?", id);
    if (found.empty())
        throw Error(ErrorCode::ExplanationUnknown, {{"explanation", std::to_string(id)}});
    return std::move(found.front());
}

void ExplanationStore::remove(std::int64_t id)
{
    const std::string document = one(id).documentHash;
    SQLite::Statement remove(m_database, "DELETE FROM explanations WHERE id = ?");
    remove.bind(1, id);
    remove.exec();
    dropBlob(m_database, m_blobs, document);
}

std::string ExplanationStore::modelHash(std::int64_t versionId)
{
    std::string text;
    SQLite::Statement files(m_database, "SELECT name, hash FROM version_files WHERE version = ? ORDER BY name");
    files.bind(1, versionId);
    while (files.executeStep())
        text += files.getColumn(0).getString() + ' ' + files.getColumn(1).getString() + '\n';
    return sha256(text);
}

std::vector<ExplanationRecord> ExplanationStore::query(const std::string& where, std::int64_t id)
{
    std::vector<ExplanationRecord> records;
    SQLite::Statement rows(m_database, "SELECT explanations.id, versions.model, versions.version, explanations.created_ms, settings, model_hash, document"
                                       " FROM explanations JOIN versions ON versions.id = explanations.version "
                                           + where + " ORDER BY explanations.created_ms DESC, explanations.id DESC");
    if (!where.empty())
        rows.bind(1, id);
    while (rows.executeStep()) {
        ExplanationRecord& record = records.emplace_back();
        record.id = rows.getColumn(0).getInt64();
        record.model = rows.getColumn(1).getString();
        record.version = rows.getColumn(2).getInt();
        record.createdMs = rows.getColumn(3).getInt64();
        record.settings = jsonFrom(rows.getColumn(4).getString(), m_path);
        record.modelHash = rows.getColumn(5).getString();
        record.documentHash = rows.getColumn(6).getString();
    }
    return records;
}

} // namespace limpid::store
