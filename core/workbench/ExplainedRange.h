#pragma once

#include <cstddef>

namespace limpid {

/// How many rows are explained where nobody says which: the first ones.
constexpr std::size_t usualExplainedRows = 200;

/// Rows of a table from `begin` up to but without `end`.
struct ExplainedRange {
    std::size_t begin = 0, end = 0;
    std::size_t count() const { return end - begin; }
};

/// The rows asked for, of a table of `rows` rows; 0, 0: the usual ones. Throws RowRangeInvalid.
ExplainedRange explainedRange(std::size_t begin, std::size_t end, std::size_t rows);

} // namespace limpid
