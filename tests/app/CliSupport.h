#pragma once

#include "tests/support/TestSupport.h"

#include <QByteArray>
#include <QProcess>
#include <QStringList>

#include <nlohmann/json.hpp>

#include <memory>

namespace limpid::test {

/// What a run of the program came to.
struct CliResult {
    int code = -1;      ///< exit code; -2: it crashed, -3: it took too long
    QByteArray out, err;
    nlohmann::json json() const; ///< of `out`; null where it is none
};

/// A folder of its own with a workspace for one test, and the program run in it.
class CliBox
{
public:
    CliBox();

    QString path(const QString& name) const { return m_dir.filePath(name); }
    QString workspace() const { return path(QStringLiteral("workspace")); }
    bool workspaceExists() const;
    QString write(const QString& name, const QByteArray& bytes) const;
    /// Every file below the folder with its size and hash, but for what SQLite keeps for itself while open.
    QByteArray fingerprint() const;

    CliResult run(const QStringList& arguments) const;
    /// The same, started and left to its own; in this box's workspace.
    std::unique_ptr<QProcess> start(const QStringList& arguments) const;
    /// The program with exactly these arguments and without a display.
    CliResult runBare(const QStringList& arguments) const;

private:
    QTemporaryDir m_dir;
};

/// A learnable little table: number a, category c, boolean-like target y ("no", "yes").
QByteArray smallTable(int rows = 80);
/// The bundled penguins.
QString penguins();
/// Has the box's workspace hold a model of their species, "birds", trained for five epochs. Fails the test where that fails.
void trainBirds(const CliBox& box);

} // namespace limpid::test
