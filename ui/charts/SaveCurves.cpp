#include "ui/charts/SaveCurves.h"

#include "core/base/File.h"

#include <QSaveFile>

#include <cerrno>
#include <charconv>
#include <cmath>

namespace limpid {

namespace {

template<class Number>
void append(std::string& text, Number value)
{
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    text.append(digits, end);
}

std::string quoted(const QString& name)
{
    QString text = name;
    if (text.contains(QLatin1Char('"')) || text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('\n')))
        text = QLatin1Char('"') + text.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
    return text.toStdString();
}

} // namespace

void saveCurvesCsv(const std::vector<CurveColumn>& columns, const QString& path, Task& task)
{
    QSaveFile file(path);
    const auto require = [&](bool ok) {
        if (!ok)
            throwWriteError(std::filesystem::path(path.toStdU16String()), errno);
    };
    errno = 0;
    require(file.open(QIODevice::WriteOnly));
    std::string text = "curve,step,seconds,value\n";
    for (const CurveColumn& column : columns) {
        const std::string name = quoted(column.name);
        for (std::vector<CurvePoint> points = column.reader(); !points.empty(); points = column.reader()) {
            task.checkpoint();
            for (const CurvePoint& point : points) {
                text += name;
                text += ',';
                append(text, point.step);
                text += ',';
                append(text, point.seconds);
                text += ',';
                if (std::isnan(point.value))
                    text += "nan";
                else
                    append(text, point.value);
                text += '\n';
            }
            require(file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()));
            text.clear();
        }
    }
    require(file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()));
    require(file.commit());
}

} // namespace limpid
