#pragma once

#include "core/store/BlobStore.h"
#include "core/store/Sqlite.h"
#include "core/store/Workspace.h"

namespace limpid::store {

/// Models, versions, aliases and the files of versions. Not thread-safe: Workspace locks.
class ModelRegistry
{
public:
    ModelRegistry(SQLite::Database& database, const BlobStore& blobs, std::filesystem::path path)
        : m_database(database), m_blobs(blobs), m_path(std::move(path))
    {
    }

    /// Throws NameInvalid.
    static void checkName(const std::string& name);

    /// A number that no other version of the model has or will have. Throws RunUnknown (0: of no run).
    int reserveVersion(const std::string& model, std::int64_t run);
    struct File {
        std::string name, hash;
        std::string_view bytes;
    };
    ModelVersion add(const std::string& model, int version, std::int64_t run, const std::vector<File>& files,
                     const nlohmann::json& metrics);

    std::vector<ModelSummary> models();
    ModelVersion resolve(const std::string& reference);
    /// Name → hash.
    std::map<std::string, std::string> files(const ModelVersion& version);
    /// The row of the version. Throws ModelUnknown, VersionUnknown.
    std::int64_t versionId(const std::string& model, int version);
    void setAlias(const std::string& model, const std::string& alias, int version);
    void removeAlias(const std::string& model, const std::string& alias);

private:
    std::vector<ModelVersion> query(const std::string& where, const std::string& text, std::int64_t number);
    void requireModel(const std::string& model);

    SQLite::Database& m_database;
    const BlobStore& m_blobs;
    std::filesystem::path m_path;
};

} // namespace limpid::store
