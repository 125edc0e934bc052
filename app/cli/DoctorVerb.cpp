#include "app/cli/Output.h"
#include "core/engine/Backend.h"
#include "ui/text/Messages.h"

#include <CLI/App.hpp>
#include <CLI/Version.hpp>

#include <sqlite3.h>
#include <zlib.h>

#include <QSysInfo>

namespace limpid {

namespace {

nlohmann::json healthJson(const StoreHealth& health)
{
    return {{"clean", health.clean()},
            {"sqlite_check", health.sqliteCheck},
            {"schema_version", health.schemaVersion},
            {"runs", health.runs},
            {"versions", health.versions},
            {"blobs", health.blobs},
            {"blob_bytes", health.blobBytes},
            {"unreferenced_blobs", health.unreferencedBlobs},
            {"issues", issuesJson(health.issues)}};
}

int runDoctor(const CliContext& context)
{
    const BackendInfo backend = backendInfo();
    const std::filesystem::path folder = context.workspaceFolder();
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    std::optional<StoreHealth> health;
    if (workspace)
        health = workspace->checkHealth();
    const bool healthy = !health || health->clean();

    const std::string json = std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + '.' + std::to_string(NLOHMANN_JSON_VERSION_MINOR) + '.'
                             + std::to_string(NLOHMANN_JSON_VERSION_PATCH);
    const std::vector<std::pair<std::string, std::string>> libraries{
        {"Qt", qVersion()}, {"LibTorch", backend.torchVersion}, {"SQLite", sqlite3_libversion()}, {"zlib", zlibVersion()},
        {"nlohmann-json", json}, {"CLI11", CLI11_VERSION}};

    if (context.json) {
        nlohmann::json versions = nlohmann::json::object();
        for (const auto& [name, version] : libraries)
            versions[name] = version;
        printJson({{"limpid", LIMPID_VERSION},
                   {"system", QSysInfo::prettyProductName().toStdString()},
                   {"libraries", versions},
                   {"blas", backend.blas},
                   {"fast_blas", backend.fastBlas},
                   {"threads", backend.threads},
                   {"devices", backend.devices},
                   {"workspace", folder.string()},
                   {"store", health ? healthJson(*health) : nlohmann::json()},
                   {"healthy", healthy}});
        return healthy ? 0 : 1;
    }

    std::vector<std::pair<QString, QString>> facts{{QStringLiteral("Limpid"), QStringLiteral(LIMPID_VERSION)},
                                                   {QStringLiteral("System"), QSysInfo::prettyProductName()}};
    for (const auto& [name, version] : libraries)
        facts.emplace_back(QString::fromStdString(name), QString::fromStdString(version));
    facts.emplace_back(QStringLiteral("BLAS"), QString::fromStdString(backend.blas));
    facts.emplace_back(QStringLiteral("Cores"), QString::number(backend.threads));
    for (const std::string& device : backend.devices)
        facts.emplace_back(QStringLiteral("Device"), QString::fromStdString(device));
    facts.emplace_back(QStringLiteral("Workspace"), QString::fromStdString(folder.string()));
    if (health) {
        facts.emplace_back(QStringLiteral("Database"), QStringLiteral("version %1, SQLite says %2").arg(health->schemaVersion).arg(QString::fromStdString(health->sqliteCheck)));
        facts.emplace_back(QStringLiteral("Holds"), QStringLiteral("%1 runs, %2 model versions, %3 files (%4)")
                                                        .arg(health->runs).arg(health->versions).arg(health->blobs).arg(bytesText(health->blobBytes)));
        if (health->unreferencedBlobs > 0)
            facts.emplace_back(QStringLiteral("Unused"), QStringLiteral("%1 files that nothing refers to (harmless)").arg(health->unreferencedBlobs));
    } else {
        facts.emplace_back(QStringLiteral("Holds"), QStringLiteral("nothing yet; the first training makes it"));
    }
    printFacts(facts);
    printLine();
    if (!backend.fastBlas)
        printLine(QStringLiteral("Warning: LibTorch calculates without a fast BLAS, some fifty times slower than it could. Install OpenBLAS (Debian: libopenblas0-pthread)."));
    if (health) {
        for (const Issue& issue : health->issues)
            printLine(QStringLiteral("Problem: ") + message(issue));
    }
    printLine(healthy ? QStringLiteral("All is well.") : QStringLiteral("The workspace is not healthy."));
    return healthy ? 0 : 1;
}

} // namespace

void addDoctorVerb(CLI::App& app, CliContext& context)
{
    CLI::App* verb = addVerb(app, context, "doctor", "Versions, libraries, devices, BLAS and the health of the workspace",
                             "  limpid doctor\n  limpid doctor --workspace ./limpid-demo/workspace --json");
    verb->callback([&context] { context.run = [&context] { return runDoctor(context); }; });
}

} // namespace limpid
