#include "core/store/ModelRegistry.h"

#include "core/base/Clock.h"
#include "core/store/BlobRows.h"

#include <algorithm>
#include <charconv>

namespace limpid {

bool isModelName(std::string_view name)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    };
    return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), allowed);
}

} // namespace limpid

namespace limpid::store {

namespace {

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

[[noreturn]] void throwVersionUnknown(const std::string& model, const std::string& version)
{
    throw Error(ErrorCode::VersionUnknown, {{"model", model}, {"version", version}});
}

} // namespace

void ModelRegistry::checkName(const std::string& name)
{
    if (!isModelName(name))
        throw Error(ErrorCode::NameInvalid, {{"name", name}});
}

int ModelRegistry::reserveVersion(const std::string& model, std::int64_t run)
{
    checkName(model);
    WriteTransaction transaction(m_database);
    if (run != 0) {
        SQLite::Statement known(m_database, "SELECT 1 FROM runs WHERE id = ?");
        known.bind(1, run);
        if (!known.executeStep())
            throw Error(ErrorCode::RunUnknown, {{"run", std::to_string(run)}});
    }
    SQLite::Statement next(m_database, "INSERT INTO models(name, next_version) VALUES(?, 2)"
                                       " ON CONFLICT(name) DO UPDATE SET next_version = next_version + 1"
                                       " RETURNING next_version - 1");
    next.bind(1, model);
    next.executeStep();
    const int version = next.getColumn(0).getInt();
    next.reset();
    transaction.commit();
    return version;
}

ModelVersion ModelRegistry::add(const std::string& model, int version, std::int64_t run, const std::vector<File>& files,
                                const nlohmann::json& metrics)
{
    WriteTransaction transaction(m_database);
    SQLite::Statement insert(m_database, "INSERT INTO versions(model, version, run, created_ms, metrics)"
                                         " VALUES(?, ?, nullif(?, 0), ?, ?)");
    const std::int64_t now = nowMs();
    insert.bind(1, model);
    insert.bind(2, version);
    insert.bind(3, run);
    insert.bind(4, now);
    insert.bind(5, jsonText(metrics));
    insert.exec();
    const std::int64_t id = m_database.getLastInsertRowid();
    SQLite::Statement file(m_database, "INSERT INTO version_files(version, name, hash) VALUES(?, ?, ?)");
    file.bind(1, id);
    for (const File& f : files) {
        enterBlob(m_database, m_blobs, f.hash, f.bytes);
        file.bind(2, f.name);
        file.bind(3, f.hash);
        file.exec();
        file.reset();
    }
    transaction.commit();
    return {model, version, run, now, metrics, {}, {}};
}

std::vector<ModelVersion> ModelRegistry::query(const std::string& where, const std::string& text, std::int64_t number)
{
    std::vector<ModelVersion> versions;
    SQLite::Statement rows(m_database, "SELECT id, model, version, coalesce(run, 0), created_ms, metrics FROM versions "
                                           + where + " ORDER BY model, version DESC");
    if (where.find("?1") != std::string::npos)
        rows.bind(1, text);
    if (where.find("?2") != std::string::npos)
        rows.bind(2, number);
    SQLite::Statement aliases(m_database, "SELECT alias FROM aliases WHERE version = ? ORDER BY alias");
    SQLite::Statement tags(m_database, "SELECT key, value FROM tags WHERE version = ?");
    while (rows.executeStep()) {
        ModelVersion version;
        const std::int64_t id = rows.getColumn(0).getInt64();
        version.model = rows.getColumn(1).getString();
        version.version = rows.getColumn(2).getInt();
        version.run = rows.getColumn(3).getInt64();
        version.createdMs = rows.getColumn(4).getInt64();
        version.metrics = jsonFrom(rows.getColumn(5).getString(), m_path);
        aliases.bind(1, id);
        while (aliases.executeStep())
            version.aliases.push_back(aliases.getColumn(0).getString());
        aliases.reset();
        tags.bind(1, id);
        while (tags.executeStep())
            version.tags.emplace(tags.getColumn(0).getString(), tags.getColumn(1).getString());
        tags.reset();
        versions.push_back(std::move(version));
    }
    return versions;
}

std::vector<ModelSummary> ModelRegistry::models()
{
    std::vector<ModelSummary> models;
    for (ModelVersion& version : query("", {}, 0)) {
        if (models.empty() || models.back().name != version.model)
            models.push_back({version.model, {}});
        models.back().versions.push_back(std::move(version));
    }
    return models;
}

void ModelRegistry::requireModel(const std::string& model)
{
    std::vector<std::string> names;
    SQLite::Statement query(m_database, "SELECT DISTINCT model FROM versions");
    while (query.executeStep()) {
        names.push_back(query.getColumn(0).getString());
        if (names.back() == model)
            return;
    }
    throw Error(ErrorCode::ModelUnknown, {{"model", model}, {"nearest", nearestName(model, names)}});
}

ModelVersion ModelRegistry::resolve(const std::string& reference)
{
    if (reference.starts_with("run:")) {
        const std::string number = reference.substr(4);
        const std::int64_t id = wholeNumber(number).value_or(0);
        SQLite::Statement run(m_database, "SELECT name, study > 0 AND pipeline_file IS NOT NULL AND checkpoint IS NOT NULL,"
                                          " started_ms, metrics FROM runs WHERE id = ?");
        run.bind(1, id);
        if (!run.executeStep())
            throw Error(ErrorCode::RunUnknown, {{"run", number}});
        const std::string name = run.getColumn(0).getString();
        if (run.getColumn(1).getInt() != 0)
            return {name, 0, id, run.getColumn(2).getInt64(), jsonFrom(run.getColumn(3).getString(), m_path), {}, {}};
        const std::vector<ModelVersion> found = query("WHERE run = ?2", {}, id);
        if (found.empty())
            throwVersionUnknown(name, reference); // a run that gave no model
        return *std::max_element(found.begin(), found.end(), [](const ModelVersion& a, const ModelVersion& b) {
            return a.createdMs < b.createdMs;
        });
    }

    const std::size_t at = reference.find('@');
    const std::string model = reference.substr(0, at);
    requireModel(model);
    if (at == std::string::npos)
        return query("WHERE model = ?1", model, 0).front();
    const std::string which = reference.substr(at + 1);
    if (const auto number = wholeNumber(which)) {
        std::vector<ModelVersion> found = query("WHERE model = ?1 AND version = ?2", model, *number);
        if (found.empty())
            throwVersionUnknown(model, which);
        return found.front();
    }
    SQLite::Statement alias(m_database, "SELECT version FROM aliases WHERE model = ? AND alias = ?");
    alias.bind(1, model);
    alias.bind(2, which);
    if (!alias.executeStep())
        throw Error(ErrorCode::AliasUnknown, {{"model", model}, {"alias", which}});
    return query("WHERE id = ?2", {}, alias.getColumn(0).getInt64()).front();
}

std::int64_t ModelRegistry::versionId(const std::string& model, int version)
{
    requireModel(model);
    SQLite::Statement query(m_database, "SELECT id FROM versions WHERE model = ? AND version = ?");
    query.bind(1, model);
    query.bind(2, version);
    if (!query.executeStep())
        throwVersionUnknown(model, std::to_string(version));
    return query.getColumn(0).getInt64();
}

std::map<std::string, std::string> ModelRegistry::files(const ModelVersion& version)
{
    std::map<std::string, std::string> files;
    SQLite::Statement query(m_database, "SELECT name, hash FROM version_files WHERE version = ?");
    query.bind(1, versionId(version.model, version.version));
    while (query.executeStep())
        files.emplace(query.getColumn(0).getString(), query.getColumn(1).getString());
    return files;
}

void ModelRegistry::setAlias(const std::string& model, const std::string& alias, int version)
{
    checkName(alias);
    if (wholeNumber(alias)) // NAME@3 is a version
        throw Error(ErrorCode::NameInvalid, {{"name", alias}});
    WriteTransaction transaction(m_database);
    const std::int64_t id = versionId(model, version);
    SQLite::Statement set(m_database, "INSERT INTO aliases(model, alias, version) VALUES(?, ?, ?)"
                                      " ON CONFLICT(model, alias) DO UPDATE SET version = excluded.version");
    set.bind(1, model);
    set.bind(2, alias);
    set.bind(3, id);
    set.exec();
    transaction.commit();
}

void ModelRegistry::removeAlias(const std::string& model, const std::string& alias)
{
    WriteTransaction transaction(m_database);
    requireModel(model);
    SQLite::Statement remove(m_database, "DELETE FROM aliases WHERE model = ? AND alias = ?");
    remove.bind(1, model);
    remove.bind(2, alias);
    if (remove.exec() == 0)
        throw Error(ErrorCode::AliasUnknown, {{"model", model}, {"alias", alias}});
    transaction.commit();
}

} // namespace limpid::store
