#pragma once

#include "core/data/Table.h"

#include <span>

namespace limpid {

/// What a row's cell must be like: one of the conditions that make up a cohort.
struct RowCondition {
    enum class Comparison { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };
    std::string column;
    Comparison comparison = Comparison::Equal;
    std::string value;            ///< as written, without quotes; "" (only = and !=): missing
    bool operator==(const RowCondition&) const = default;
};

/// Conditions that must all hold, in the user's words: "age > 40, sex = Female", or with "and" between them. Comparisons:
/// = (==), !=, <, <=, >, >=. Names and values that hold a comma, an "and", a quote or (names) a comparison go in double quotes,
/// in which "" is one quote; "" alone as a value is a missing cell. Throws OptionInvalid (condition) with the piece that can't
/// be read, also for no condition at all.
std::vector<RowCondition> parseConditions(std::string_view text);

/// As a person would write them: `age > 40 and sex = Female`; parseConditions() reads it back.
std::string conditionsText(std::span<const RowCondition> conditions);

/// Those of `rows` (indices into the table) for which all conditions hold, in their order. Numbers and dates (ISO) can be compared
/// in every way, other columns with = and != alone; values are spelled as in the table, or in another case where it has no such one.
/// A missing cell is unequal to every value and neither less nor greater than any. Throws ColumnUnknown, and OptionInvalid
/// (condition) where a comparison or value does not suit the column; for no rows as well, so that conditions can be checked.
std::vector<std::size_t> matchingRows(const Table& table, std::span<const RowCondition> conditions, std::span<const std::size_t> rows);

} // namespace limpid
