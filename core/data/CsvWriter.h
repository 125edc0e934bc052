#pragma once

#include "core/data/Table.h"

#include <filesystem>
#include <string>

namespace limpid {

/// RFC 4180 text of the table with a header line: shortest exact numbers, quotes only where needed.
std::string writeCsv(const Table& table);

} // namespace limpid
