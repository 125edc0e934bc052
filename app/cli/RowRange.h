#pragma once

#include <cstddef>
#include <string>

namespace limpid {

/// Rows from `begin` up to but without `end`, counted from 0.
struct RowRange {
    std::size_t begin = 0, end = 0;
};

/// "A:B" (A up to but without B), "A:", ":B" or "A", of a table of `rows` rows; "": the first 200. Throws RowRangeInvalid.
RowRange rowRange(const std::string& text, std::size_t rows);

} // namespace limpid
