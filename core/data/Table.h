#pragma once

#include "core/base/Error.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace limpid {

enum class ColumnType { Number, Category, Boolean, DateTime, Text };

/// "number", "category", "boolean", "date-time", "text".
std::string_view columnTypeName(ColumnType type);
std::optional<ColumnType> columnTypeFromName(std::string_view name);

/// One typed column. What it holds, by type:
///   Number    double; missing is NaN (and its bit)
///   Boolean   code 0 or 1 into dictionary() = the file's two spellings, false first; missing is -1
///   Category  code into dictionary(), in order of first appearance in the file; missing is -1
///   DateTime  int64 milliseconds since 1970-01-01 UTC; missing is its bit
///   Text      the bytes, UTF-8; missing is its bit
/// Immutable once built, so it is shared among threads without locks.
class Column
{
public:
    static Column numbers(std::string name, std::vector<double> values);
    static Column categories(std::string name, std::vector<std::int32_t> codes, std::vector<std::string> dictionary);
    static Column booleans(std::string name, std::vector<std::int32_t> codes, std::vector<std::string> dictionary);
    static Column dateTimes(std::string name, std::vector<std::int64_t> values, std::vector<bool> missing);
    /// Row i is bytes[offsets[i], offsets[i+1]); offsets has rows + 1 entries.
    static Column texts(std::string name, std::string bytes, std::vector<std::uint64_t> offsets,
                        std::vector<bool> missing);

    const std::string& name() const { return m_name; }
    ColumnType type() const { return m_type; }
    std::size_t rows() const { return m_rows; }

    bool isMissing(std::size_t row) const { return (m_missing[row >> 6] >> (row & 63)) & 1; }
    std::size_t missingCount() const { return m_missingCount; }

    std::span<const double> numbers() const { return m_numbers; }
    std::span<const std::int32_t> codes() const { return m_codes; }
    const std::vector<std::string>& dictionary() const { return m_dictionary; }
    std::span<const std::int64_t> dateTimes() const { return m_dateTimes; }
    std::string_view text(std::size_t row) const;

    /// The cell as a person would read it (shortest exact number, ISO date); "" where missing.
    std::string display(std::size_t row) const;

    /// The rows at these indices, in their order.
    Column select(std::span<const std::size_t> rows) const;

private:
    Column(std::string name, ColumnType type, std::size_t rows);
    void setMissing(std::size_t row);

    std::string m_name;
    ColumnType m_type = ColumnType::Number;
    std::size_t m_rows = 0;
    std::size_t m_missingCount = 0;
    std::vector<std::uint64_t> m_missing; ///< one bit a row, set = missing
    std::vector<double> m_numbers;
    std::vector<std::int32_t> m_codes;
    std::vector<std::string> m_dictionary;
    std::vector<std::int64_t> m_dateTimes;
    std::string m_bytes;
    std::vector<std::uint64_t> m_offsets;
};

/// Columns of equal length. Cheap to copy: columns are shared.
class Table
{
public:
    Table() = default;
    explicit Table(std::vector<Column> columns);

    std::size_t rows() const { return m_rows; }
    std::size_t columnCount() const { return m_columns.size(); }
    const Column& column(std::size_t index) const { return *m_columns[index]; }
    /// Index of the column of that name.
    std::optional<std::size_t> find(std::string_view name) const;
    std::vector<std::string> names() const;
    Table select(std::span<const std::size_t> rows) const;

private:
    std::size_t m_rows = 0;
    std::vector<std::shared_ptr<const Column>> m_columns;
};

} // namespace limpid
