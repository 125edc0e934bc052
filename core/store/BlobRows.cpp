#include "core/store/BlobRows.h"

#include "core/base/Clock.h"

namespace limpid::store {

void enterBlob(SQLite::Database& database, const BlobStore& blobs, const std::string& hash, std::string_view bytes)
{
    blobs.ensure(hash, bytes);
    SQLite::Statement insert(database, "INSERT INTO blobs(hash, bytes, created_ms) VALUES(?, ?, ?) ON CONFLICT DO NOTHING");
    insert.bind(1, hash);
    insert.bind(2, static_cast<std::int64_t>(bytes.size()));
    insert.bind(3, nowMs());
    insert.exec();
}

void dropBlob(SQLite::Database& database, const BlobStore& blobs, const std::string& hash)
{
    WriteTransaction transaction(database);
    SQLite::Statement used(database, "SELECT EXISTS(SELECT 1 FROM version_files WHERE hash = ?1)"
                                     " OR EXISTS(SELECT 1 FROM runs WHERE checkpoint = ?1 OR state = ?1 OR pipeline_file = ?1)"
                                     " OR EXISTS(SELECT 1 FROM explanations WHERE document = ?1)");
    used.bind(1, hash);
    if (!used.executeStep() || used.getColumn(0).getInt() != 0)
        return;
    SQLite::Statement remove(database, "DELETE FROM blobs WHERE hash = ?");
    remove.bind(1, hash);
    remove.exec();
    // The file goes while the write lock is held, so nobody can be entering it at this moment. A crash in between leaves
    // a row that nothing refers to, which the next put() of these bytes mends.
    blobs.remove(hash);
    transaction.commit();
}

} // namespace limpid::store
