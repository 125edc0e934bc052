#pragma once

#include "core/data/CsvReader.h"
#include "core/data/CsvReaderParts.h"
#include "tests/support/TestSupport.h"

#include <QByteArray>
#include <QStringList>

namespace limpid::test {

/// Reads bytes as a file, in chunks of the given size.
inline CsvResult readBytes(const QByteArray& bytes, const CsvOptions& options = {},
                           std::size_t chunkBytes = csv::defaultChunkBytes)
{
    const QTemporaryDir dir;
    Task task;
    return csv::readCsvInChunks(write(dir, "table.csv", bytes), options, chunkBytes, task);
}

/// What a column shows, joined by "|"; missing cells as "~".
inline QString shown(const Column& column)
{
    QStringList cells;
    for (std::size_t row = 0; row < column.rows(); ++row)
        cells.append(column.isMissing(row) ? QStringLiteral("~") : QString::fromStdString(column.display(row)));
    return cells.join('|');
}

/// All of a table, a column a line: "name type: cells".
inline QString shown(const Table& table)
{
    QStringList lines;
    for (std::size_t i = 0; i < table.columnCount(); ++i) {
        const std::string_view type = columnTypeName(table.column(i).type());
        lines.append(QString::fromStdString(table.column(i).name()) + ' '
                     + QString::fromUtf8(type.data(), static_cast<qsizetype>(type.size())) + ": "
                     + shown(table.column(i)));
    }
    return lines.join('\n');
}

} // namespace limpid::test
