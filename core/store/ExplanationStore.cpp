#include "core/store/ExplanationStore.h"

#include "core/base/Clock.h"
#include "core/base/Hash.h"
#include "core/store/BlobRows.h"

namespace limpid::store {

ExplanationRecord ExplanationStore::keep(std::int64_t versionId, const nlohmann::json& settings, const std::string& hash, std::string_view document, Keeping keeping)
{
    const std::string asked = jsonText(settings);
    std::vector<std::string> left;
    std::int64_t id = 0;
    {
        WriteTransaction transaction(m_database);
        enterBlob(m_database, m_blobs, hash, document);
        SQLite::Statement old(m_database, "SELECT document FROM explanations WHERE version = ? AND settings = ?");
        old.bind(1, versionId);
        old.bind(2, asked);
        if (old.executeStep() && old.getColumn(0).getString() != hash)
            left.push_back(old.getColumn(0).getString());
        old.reset();
        SQLite::Statement insert(m_database, "INSERT INTO explanations(version, created_ms, settings, model_hash, document, automatic) VALUES(?, ?, ?, ?, ?, ?)"
                                             " ON CONFLICT(version, settings) DO UPDATE SET created_ms = excluded.created_ms,"
                                             " model_hash = excluded.model_hash, document = excluded.document,"
                                             " automatic = MIN(automatic, excluded.automatic) RETURNING id");
        insert.bind(1, versionId);
        insert.bind(2, nowMs());
        insert.bind(3, asked);
        insert.bind(4, modelHash(versionId));
        insert.bind(5, hash);
        insert.bind(6, keeping == Keeping::Automatic ? 1 : 0);
        insert.executeStep();
        id = insert.getColumn(0).getInt64();
        insert.reset();
        for (std::string& surplus : makeRoom(versionId))
            left.push_back(std::move(surplus));
        transaction.commit();
    }
    for (const std::string& unused : left)
        dropBlob(m_database, m_blobs, unused);
    return one(id);
}

std::vector<std::string> ExplanationStore::makeRoom(std::int64_t versionId)
{
    SQLite::Statement automatic(m_database, "SELECT explanations.id, document, bytes FROM explanations"
                                            " JOIN versions ON versions.id = explanations.version JOIN blobs ON blobs.hash = document"
                                            " WHERE automatic <> 0 AND versions.model = (SELECT model FROM versions WHERE id = ?)"
                                            " ORDER BY explanations.created_ms DESC, explanations.id DESC");
    automatic.bind(1, versionId);
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    std::vector<std::int64_t> surplus;
    std::vector<std::string> documents;
    while (automatic.executeStep()) {
        bytes += static_cast<std::uint64_t>(automatic.getColumn(2).getInt64());
        if (++count == 1 || (count <= mostAutomaticExplanations && bytes <= mostAutomaticBytes))
            continue;
        surplus.push_back(automatic.getColumn(0).getInt64());
        documents.push_back(automatic.getColumn(1).getString());
    }
    SQLite::Statement remove(m_database, "DELETE FROM explanations WHERE id = ?");
    for (const std::int64_t id : surplus) {
        remove.bind(1, id);
        remove.exec();
        remove.reset();
    }
    return documents;
}

void ExplanationStore::name(std::int64_t id, const std::string& name)
{
    SQLite::Statement update(m_database, "UPDATE explanations SET name = ?, automatic = 0 WHERE id = ?");
    update.bind(1, name);
    update.bind(2, id);
    if (update.exec() == 0)
        throw Error(ErrorCode::ExplanationUnknown, {{"explanation", std::to_string(id)}});
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

void ExplanationStore::restore(std::int64_t versionId, const ExplanationRecord& record, std::string_view document)
{
    WriteTransaction transaction(m_database);
    enterBlob(m_database, m_blobs, record.documentHash, document);
    SQLite::Statement insert(m_database, "INSERT INTO explanations(id, version, created_ms, settings, model_hash, document, name, automatic)"
                                         " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    insert.bind(1, record.id);
    insert.bind(2, versionId);
    insert.bind(3, record.createdMs);
    insert.bind(4, jsonText(record.settings));
    insert.bind(5, record.modelHash);
    insert.bind(6, record.documentHash);
    insert.bind(7, record.name);
    insert.bind(8, record.automatic ? 1 : 0);
    const bool kept = insert.exec() > 0;
    transaction.commit();
    if (!kept)
        dropBlob(m_database, m_blobs, record.documentHash);
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
    SQLite::Statement rows(m_database, "SELECT explanations.id, versions.model, versions.version, explanations.created_ms, settings, model_hash, document,"
                                       " blobs.bytes, name, automatic FROM explanations JOIN versions ON versions.id = explanations.version"
                                       " JOIN blobs ON blobs.hash = document "
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
        record.documentBytes = static_cast<std::uint64_t>(rows.getColumn(7).getInt64());
        record.name = rows.getColumn(8).getString();
        record.automatic = rows.getColumn(9).getInt() != 0;
    }
    return records;
}

} // namespace limpid::store
