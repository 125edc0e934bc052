#pragma once

#include "core/data/CsvReader.h"

// For tests and benchmarks of the reader, not for its users.
namespace limpid::csv {

/// About how many bytes one thread reads at a time. What is read never depends on it.
inline constexpr std::size_t defaultChunkBytes = std::size_t{1} << 20;

/// readCsv() with chunks of another size.
CsvResult readCsvInChunks(const std::filesystem::path& path, const CsvOptions& options, std::size_t chunkBytes,
                          Task& task);

} // namespace limpid::csv
