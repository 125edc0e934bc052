#include "tests/support/TestSupport.h"

#include <QFile>

namespace limpid::test {

namespace fs = std::filesystem;

fs::path shared(const std::string& relative)
{
    const QByteArray root = qgetenv("LIMPID_SHARED");
    if (root.isEmpty())
        return {};
    const fs::path path = fs::path(root.toStdString()) / relative;
    return fs::exists(path) ? path : fs::path();
}

fs::path project(const std::string& relative)
{
    return fs::path(LIMPID_SOURCE_DIR) / relative;
}

fs::path write(const QTemporaryDir& dir, const QString& name, const QByteArray& bytes)
{
    const QString path = dir.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
    return path.toStdString();
}

std::string errorNameOf(const std::function<void()>& call)
{
    try {
        call();
    } catch (const Error& error) {
        return std::string(errorName(error.code()));
    }
    return "(no error)";
}

} // namespace limpid::test
