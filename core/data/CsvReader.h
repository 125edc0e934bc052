#pragma once

#include "core/base/Error.h"
#include "core/base/Task.h"
#include "core/data/Table.h"

#include <filesystem>
#include <map>

namespace limpid {

/// How a file is to be read. What is not set is found out.
struct CsvOptions {
    std::optional<char> separator;              ///< , ; tab or |
    std::optional<bool> decimalComma;
    std::map<std::string, ColumnType> types;    ///< by column name: the user's word against the guess
    std::map<std::string, std::vector<std::string>> missingMarks; ///< extra spellings of "missing" by column, e.g. "NA"
    int threads = 0;                            ///< 0: as many as the machine has

    bool operator==(const CsvOptions&) const = default;
};

/// Why a column got its type: a stable key with facts, worded by the window.
struct TypeGuess {
    ColumnType type = ColumnType::Text;
    /// given | all-numbers | two-values | few-values | many-values | all-dates | free-text | all-missing | mixed
    std::string reason;
    /// values (distinct), share (percent), example, line; and marks, marked: the spellings read as missing, and how many.
    Facts facts;
    bool operator==(const TypeGuess&) const = default;
};

struct CsvResult {
    Table table;
    std::vector<TypeGuess> guesses;  ///< one per column
    CsvOptions used;                 ///< every option as it was settled: reading with it gives the same table
    std::string encoding;            ///< "UTF-8", "UTF-8 with BOM", "UTF-16LE", "UTF-16BE"
    std::uint64_t bytes = 0;         ///< of the file as stored
    Issues issues;                   ///< warnings; errors are thrown
};

/// Reads a CSV or TSV file with a header line (RFC 4180: quotes, doubled quotes, newlines in quotes; LF, CRLF;
/// UTF-8 or UTF-16 with BOM; .gz by content). The file is mapped and parsed in chunks on several threads.
/// Empty cells are missing; "NA" and the like are missing only where the column's other values are all numbers or
/// dates, or options.missingMarks says so; either way the guess tells it. Empty lines are skipped. Dates: see Cells.h;
/// 03/04/2001 is a date only where another value of the column tells day and month apart, or the type was given.
/// Options for columns that the file does not have are passed over.
/// Throws Error: FileNotFound, FileIsFolder, FileUnreadable, FileEmpty, FileBinary, FileEncoding, FileCompression,
/// TableNoRows, TableRaggedRow, TableUnclosedQuote, TableDuplicateColumn, TableEmptyColumnName,
/// ColumnTypeMismatch (a type was given that a value does not fit), ColumnNumberTooLarge; and Cancelled.
/// NaN and infinity spelled out in a number column are reported as warnings (ColumnNotFinite) and read as missing.
CsvResult readCsv(const std::filesystem::path& path, const CsvOptions& options, Task& task);

} // namespace limpid
