#include "app/cli/Output.h"
#include "core/base/ResourceUse.h"
#include "core/engine/Backend.h"
#include "core/jobs/Machine.h"
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

FigureKind energyKind(SystemMachine& machine)
{
    if (machine.joules())
        return FigureKind::Measured;
    return machine.designWatts() ? FigureKind::Estimated : FigureKind::Unavailable;
}

QString energyWords(FigureKind kind, const SystemMachine& machine)
{
    switch (kind) {
    case FigureKind::Measured:
        return QStringLiteral("measured by the processor's counter");
    case FigureKind::Estimated:
        return QStringLiteral("estimated from the processor's design power, %1 W (only root may read its counter)").arg(numberText(*machine.designWatts()));
    case FigureKind::Unavailable:
        break;
    }
    return QStringLiteral("not available: the system shows no counter of the processor");
}

int runDoctor(const CliContext& context)
{
    const BackendInfo backend = backendInfo();
    SystemMachine machine;
    const int cores = machine.cores();
    const std::optional<MachineMemory> memory = machine.memory();
    const FigureKind energy = energyKind(machine);
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
                   {"cores", {{"usable", cores}, {"hardware", machine.hardwareCores()}}},
                   {"memory", memory ? nlohmann::json{{"total_bytes", memory->total}, {"available_bytes", memory->available}} : nlohmann::json()},
                   {"energy", figureKindName(energy)},
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
    facts.emplace_back(QStringLiteral("Cores"), cores == machine.hardwareCores()
                                                    ? QString::number(cores)
                                                    : QStringLiteral("%1 of %2 (the rest is withheld by affinity or a quota)").arg(cores).arg(machine.hardwareCores()));
    facts.emplace_back(QStringLiteral("Memory"), memory ? QStringLiteral("%1 available of %2").arg(bytesText(memory->available), bytesText(memory->total))
                                                        : QStringLiteral("not known on this system; jobs are not held up for it"));
    facts.emplace_back(QStringLiteral("Energy"), energyWords(energy, machine));
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
