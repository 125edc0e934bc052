#include "core/data/CsvWriter.h"

namespace limpid {

namespace {

void appendCell(std::string& text, std::string_view cell, bool alone)
{
    // An empty line would be skipped on reading, so the only cell of a row is quoted where it is empty.
    const bool quote = cell.find_first_of(",\"\r\n") != std::string_view::npos || (alone && cell.empty());
    if (!quote) {
        text += cell;
        return;
    }
    text += '"';
    for (const char c : cell) {
        if (c == '"')
            text += '"';
        text += c;
    }
    text += '"';
}

} // namespace

std::string writeCsv(const Table& table)
{
    std::string text;
    const std::size_t columns = table.columnCount();
    for (std::size_t i = 0; i < columns; ++i) {
        if (i > 0)
            text += ',';
        appendCell(text, table.column(i).name(), columns == 1);
    }
    text += '\n';
    for (std::size_t row = 0; row < table.rows(); ++row) {
        for (std::size_t i = 0; i < columns; ++i) {
            if (i > 0)
                text += ',';
            const Column& column = table.column(i);
            if (column.type() == ColumnType::Text && !column.isMissing(row))
                appendCell(text, column.text(row), columns == 1);
            else
                appendCell(text, column.display(row), columns == 1);
        }
        text += '\n';
    }
    return text;
}

} // namespace limpid
