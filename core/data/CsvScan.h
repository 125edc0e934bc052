#pragma once

#include "core/data/CsvReader.h"
#include "core/data/TextSource.h"

#include <string_view>
#include <vector>

// The first look at a CSV text: where its fields, records and chunks begin. Internal to the reader.
namespace limpid::csv {

/// One field as it stands in the text.
struct Field {
    std::string_view content;  ///< without its quotes; doubled quotes still doubled
    bool quoted = false;
    bool escaped = false;      ///< content needs unescape()
    bool closed = true;        ///< false: the text ended within quotes
};

/// Reads the field at `p` and leaves `p` at its end: a separator, a newline, or `end`. A carriage return before the
/// newline is no part of it. A quote opens a field only as its first byte.
Field takeField(const char*& p, const char* end, char separator);
/// Content with doubled quotes made single, and with what follows the closing quote.
std::string unescape(std::string_view content);

/// Reads the record at `p` and leaves `p` after its newline.
void takeRecord(const char*& p, const char* end, char separator, std::vector<Field>& fields);

/// Leaves `p` at the first byte that is not part of an empty line.
void skipBlankLines(const char*& p, const char* end);

/// 1-based line of the byte at `offset`.
std::size_t lineAt(std::string_view text, std::size_t offset);

/// The separator that cuts the first records most evenly.
char guessSeparator(std::string_view text);

/// The column names, cut and trimmed. Throws TableDuplicateColumn, TableEmptyColumnName, TableUnclosedQuote.
/// `bodyOffset` is set to where the rows begin.
std::vector<std::string> readHeader(std::string_view text, char separator, const std::string& path,
                                    std::size_t& bodyOffset);

/// Records [firstRow, firstRow + rows) of the body, in text [begin, end); `begin` is the start of a record.
struct Chunk {
    std::size_t begin = 0, end = 0;
    std::size_t firstRow = 0, rows = 0;
};

/// Cuts the body into chunks of about `chunkBytes` at the borders of records, counts the rows and checks every byte.
/// Throws FileBinary, FileEncoding, TableUnclosedQuote.
std::vector<Chunk> scanBody(const TextSource& source, std::size_t bodyOffset, char separator, std::size_t chunkBytes,
                            int threads, const std::string& path, Task& task);

/// Calls work(i) for i in [0, count) on up to `threads` threads, this one included, each i once. `task` is asked before
/// each call, and told of progress on this thread only. The first exception ends the work and is thrown here.
void parallelFor(std::size_t count, int threads, Task& task, double from, double to,
                 const std::function<void(std::size_t)>& work);

} // namespace limpid::csv
