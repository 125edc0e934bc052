#include "core/data/Table.h"

#include "core/data/Cells.h"

#include <cmath>

namespace limpid {

namespace {

constexpr std::string_view typeNames[] = {"number", "category", "boolean", "date-time", "text"};

} // namespace

std::string_view columnTypeName(ColumnType type)
{
    return typeNames[static_cast<std::size_t>(type)];
}

std::optional<ColumnType> columnTypeFromName(std::string_view name)
{
    for (std::size_t i = 0; i < std::size(typeNames); ++i)
        if (typeNames[i] == name)
            return static_cast<ColumnType>(i);
    return {};
}

Column::Column(std::string name, ColumnType type, std::size_t rows)
    : m_name(std::move(name)), m_type(type), m_rows(rows), m_missing((rows + 63) / 64)
{
}

void Column::setMissing(std::size_t row)
{
    m_missing[row >> 6] |= std::uint64_t{1} << (row & 63);
    ++m_missingCount;
}

Column Column::numbers(std::string name, std::vector<double> values)
{
    Column column(std::move(name), ColumnType::Number, values.size());
    column.m_numbers = std::move(values);
    for (std::size_t row = 0; row < column.m_rows; ++row)
        if (std::isnan(column.m_numbers[row]))
            column.setMissing(row);
    return column;
}

Column Column::categories(std::string name, std::vector<std::int32_t> codes, std::vector<std::string> dictionary)
{
    Column column(std::move(name), ColumnType::Category, codes.size());
    column.m_codes = std::move(codes);
    column.m_dictionary = std::move(dictionary);
    for (std::size_t row = 0; row < column.m_rows; ++row)
        if (column.m_codes[row] < 0)
            column.setMissing(row);
    return column;
}

Column Column::booleans(std::string name, std::vector<std::int32_t> codes, std::vector<std::string> dictionary)
{
    Column column = categories(std::move(name), std::move(codes), std::move(dictionary));
    column.m_type = ColumnType::Boolean;
    return column;
}

Column Column::dateTimes(std::string name, std::vector<std::int64_t> values, std::vector<bool> missing)
{
    Column column(std::move(name), ColumnType::DateTime, values.size());
    column.m_dateTimes = std::move(values);
    for (std::size_t row = 0; row < missing.size(); ++row)
        if (missing[row])
            column.setMissing(row);
    return column;
}

Column Column::texts(std::string name, std::string bytes, std::vector<std::uint64_t> offsets,
                     std::vector<bool> missing)
{
    Column column(std::move(name), ColumnType::Text, offsets.empty() ? 0 : offsets.size() - 1);
    column.m_bytes = std::move(bytes);
    column.m_offsets = std::move(offsets);
    for (std::size_t row = 0; row < missing.size(); ++row)
        if (missing[row])
            column.setMissing(row);
    return column;
}

std::string_view Column::text(std::size_t row) const
{
    return std::string_view(m_bytes).substr(m_offsets[row], m_offsets[row + 1] - m_offsets[row]);
}

std::string Column::display(std::size_t row) const
{
    if (isMissing(row))
        return {};
    switch (m_type) {
    case ColumnType::Number:
        return formatNumber(m_numbers[row]);
    case ColumnType::Category:
    case ColumnType::Boolean:
        return m_dictionary[static_cast<std::size_t>(m_codes[row])];
    case ColumnType::DateTime:
        return formatDateTime(m_dateTimes[row]);
    case ColumnType::Text:
        return std::string(text(row));
    }
    return {};
}

Column Column::select(std::span<const std::size_t> rows) const
{
    Column column(m_name, m_type, rows.size());
    column.m_dictionary = m_dictionary;
    switch (m_type) {
    case ColumnType::Number:
        column.m_numbers.reserve(rows.size());
        for (const std::size_t row : rows)
            column.m_numbers.push_back(m_numbers[row]);
        break;
    case ColumnType::Category:
    case ColumnType::Boolean:
        column.m_codes.reserve(rows.size());
        for (const std::size_t row : rows)
            column.m_codes.push_back(m_codes[row]);
        break;
    case ColumnType::DateTime:
        column.m_dateTimes.reserve(rows.size());
        for (const std::size_t row : rows)
            column.m_dateTimes.push_back(m_dateTimes[row]);
        break;
    case ColumnType::Text:
        column.m_offsets.reserve(rows.size() + 1);
        column.m_offsets.push_back(0);
        for (const std::size_t row : rows) {
            column.m_bytes += text(row);
            column.m_offsets.push_back(column.m_bytes.size());
        }
        break;
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (isMissing(rows[i]))
            column.setMissing(i);
    return column;
}

Table::Table(std::vector<Column> columns)
{
    m_rows = columns.empty() ? 0 : columns.front().rows();
    m_columns.reserve(columns.size());
    for (Column& column : columns) {
        if (column.rows() != m_rows)
            throw Error(ErrorCode::Internal, {{"reason", "columns of different length"}}, column.name());
        m_columns.push_back(std::make_shared<const Column>(std::move(column)));
    }
}

std::optional<std::size_t> Table::find(std::string_view name) const
{
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        if (m_columns[i]->name() == name)
            return i;
    return {};
}

std::vector<std::string> Table::names() const
{
    std::vector<std::string> names;
    names.reserve(m_columns.size());
    for (const auto& column : m_columns)
        names.push_back(column->name());
    return names;
}

Table Table::select(std::span<const std::size_t> rows) const
{
    Table table;
    table.m_rows = rows.size();
    for (const auto& column : m_columns)
        table.m_columns.push_back(std::make_shared<const Column>(column->select(rows)));
    return table;
}

} // namespace limpid
