#pragma once

#include "core/data/CsvScan.h"
#include "core/data/StringPool.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Turning fields into typed values, chunk by chunk. Internal to the reader.
namespace limpid::csv {

inline constexpr std::size_t nowhere = ~std::size_t{0};
inline constexpr std::int64_t missingDate = INT64_MIN;

/// How a column is being read. A value that does not fit moves the column to a later one, and it is read again.
enum class Kind { Number, DateIso, DateDayMonth, DateMonthDay, Codes, Text };

/// A column being read. The threads write disjoint rows of the one vector that its kind uses.
struct ColumnPlan {
    std::string name;
    std::optional<ColumnType> given;
    std::vector<std::string> marks;      ///< extra spellings of "missing"
    Kind kind = Kind::Number;
    bool active = true;                  ///< to be read in this pass
    std::size_t codeLimit = nowhere;     ///< more distinct values than this can't be a category

    std::vector<double> numbers;
    std::vector<std::int64_t> dates;
    std::vector<std::int32_t> codes;     ///< numbered within the chunk, until they are merged
    std::vector<std::uint64_t> offsets;  ///< of text: where row i ends, counted within the chunk, at [i + 1]
};

/// What one chunk found in one column.
struct ColumnPart {
    std::size_t misfit = nowhere;        ///< offset of the first value that is not of this kind
    std::size_t values = 0;              ///< that are not missing
    std::size_t firstValue = nowhere;
    std::size_t markCount = 0;           ///< cells that spell "missing", such as NA
    std::vector<std::string> marksSeen;  ///< in order of first appearance
    std::size_t notFinite = 0, firstNotFinite = nowhere;
    std::size_t firstTooLarge = nowhere;
    bool orderProven = false;            ///< a date that can be read in one order only
    std::uint64_t length = 0;            ///< bytes of all values
    StringPool pool;
    bool overflow = false;               ///< the pool went over the column's limit
    std::string bytes;                   ///< Text: the chunk's values
    std::vector<std::size_t> missingRows;///< Text
};

struct ChunkResult {
    std::vector<ColumnPart> columns;
    std::size_t raggedOffset = nowhere;
    std::size_t raggedFound = 0;
};

struct Format {
    char separator = ',';
    bool decimalComma = false;
};

/// Whether the text is a value of that kind: for guessing, and for where to go from a misfit.
bool fits(std::string_view text, Kind kind, const Format& format);

/// Reads the active columns of one chunk.
ChunkResult parseChunk(std::string_view text, const Chunk& chunk, const Format& format,
                       std::vector<ColumnPlan>& columns);

} // namespace limpid::csv
