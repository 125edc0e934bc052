#include "tests/app/CliSupport.h"

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcessEnvironment>
#include <QTest>

namespace limpid::test {

namespace {

constexpr int patience = 120'000; // ms, for sanitizers on a busy machine

QProcessEnvironment environment()
{
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "LIMPID_WORKSPACE"})
        variables.remove(QString::fromLatin1(name));
    return variables;
}

CliResult finish(QProcess& process)
{
    if (!process.waitForFinished(patience)) {
        process.kill();
        process.waitForFinished();
        return {-3, process.readAllStandardOutput(), process.readAllStandardError()};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

} // namespace

nlohmann::json CliResult::json() const
{
    const nlohmann::json document = nlohmann::json::parse(out.toStdString(), nullptr, false);
    return document.is_discarded() ? nlohmann::json() : document;
}

CliBox::CliBox()
{
    if (!m_dir.isValid())
        qFatal("no temporary folder");
}

bool CliBox::workspaceExists() const
{
    return QFile::exists(workspace());
}

QString CliBox::write(const QString& name, const QByteArray& bytes) const
{
    return QString::fromStdString(test::write(m_dir, name, bytes).string());
}

QByteArray CliBox::fingerprint() const
{
    QStringList lines;
    QDirIterator files(m_dir.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.fileName().endsWith(QStringLiteral("-shm")) || file.fileName().endsWith(QStringLiteral("-wal")) || file.fileName().endsWith(QStringLiteral(".lock")))
            continue;
        if (!file.open(QIODevice::ReadOnly))
            continue;
        lines << file.fileName() + u' ' + QString::fromLatin1(QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex());
    }
    lines.sort();
    return lines.join(u'\n').toUtf8();
}

std::unique_ptr<QProcess> CliBox::start(const QStringList& arguments) const
{
    auto process = std::make_unique<QProcess>();
    QProcessEnvironment variables = environment();
    variables.insert(QStringLiteral("LIMPID_WORKSPACE"), workspace());
    process->setProcessEnvironment(variables);
    process->setWorkingDirectory(m_dir.path());
    process->start(QStringLiteral(LIMPID_PROGRAM), arguments);
    return process;
}

CliResult CliBox::run(const QStringList& arguments) const
{
    const std::unique_ptr<QProcess> process = start(arguments);
    return finish(*process);
}

CliResult CliBox::runBare(const QStringList& arguments) const
{
    QProcess process;
    QProcessEnvironment variables = environment();
    variables.insert(QStringLiteral("XDG_DATA_HOME"), path(QStringLiteral("data")));
    process.setProcessEnvironment(variables);
    process.setWorkingDirectory(m_dir.path());
    process.start(QStringLiteral(LIMPID_PROGRAM), arguments);
    return finish(process);
}

QByteArray smallTable(int rows)
{
    QByteArray text = "a,c,y\n";
    const char* const categories[] = {"red", "green", "blue"};
    for (int i = 0; i < rows; ++i) {
        const int a = (i * 37) % 101;
        text += QByteArray::number(a) + ',' + categories[i % 3] + ',' + (a + 20 * (i % 3) > 65 ? "yes" : "no") + '\n';
    }
    return text;
}

QString penguins()
{
    return QString::fromStdString(project("resources/samples/penguins.csv").string());
}

void trainBirds(const CliBox& box)
{
    const CliResult trained = box.run({QStringLiteral("train"), penguins(), QStringLiteral("--target"), QStringLiteral("species"), QStringLiteral("--epochs"),
                                       QStringLiteral("5"), QStringLiteral("--name"), QStringLiteral("birds"), QStringLiteral("--quiet")});
    QVERIFY2(trained.code == 0, trained.err.constData());
}

} // namespace limpid::test
