#pragma once

#include "core/store/BlobStore.h"
#include "core/store/Sqlite.h"

namespace limpid::store {

/// Enters a blob that was put(), inside the caller's write transaction: the file is there before the row is, also when
/// another process collected it since.
void enterBlob(SQLite::Database& database, const BlobStore& blobs, const std::string& hash, std::string_view bytes);

/// Removes a blob that nothing refers to any more, in a write transaction of its own; one that is still in use is left.
void dropBlob(SQLite::Database& database, const BlobStore& blobs, const std::string& hash);

} // namespace limpid::store
