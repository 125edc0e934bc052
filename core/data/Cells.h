#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// What a single cell may spell. Used by the reader, by the Pipeline and by whatever shows a value; no allocation on
// the way in, no locale anywhere.
namespace limpid {

enum class NumberKind {
    Finite,
    NotFinite, ///< NaN, inf, Infinity, with or without a sign, any case
    TooLarge,  ///< a number beyond the range of double, such as 1e999
    None,      ///< not a number
};

struct NumberCell {
    NumberKind kind = NumberKind::None;
    double value = 0.0; ///< correctly rounded
};

/// A decimal number: sign, digits, one decimal mark, exponent; spaces around it are allowed. No thousands separators.
NumberCell parseNumber(std::string_view text, bool decimalComma = false);

/// How the dates of a column are written. Iso: 2001-01-31 or 2001/01/31; the others with / . or - and the year last.
enum class DateOrder { Iso, DayMonthYear, MonthDayYear };

/// Milliseconds since 1970-01-01 UTC. After the date may come "T" or a space and hh:mm[:ss[.fraction]], and then
/// "Z" or ±hh[:]mm. Without an offset the time is taken as UTC. Finer than a millisecond is cut off.
std::optional<std::int64_t> parseDateTime(std::string_view text, DateOrder order = DateOrder::Iso);

/// "2001-01-31", or "2001-01-31 14:05", with :ss and .fff where these are not zero: what parseDateTime reads back.
std::string formatDateTime(std::int64_t ms);

/// The shortest decimal text that reads back as this very number.
std::string formatNumber(double value);

/// NA, N/A, #N/A, null, none, nil, ?, -, --, . in any case: "missing" in a column of numbers or dates.
bool isMissingMark(std::string_view text);

/// 0 (false) or 1 (true) for true/false, yes/no, y/n, t/f, on/off in any case; -1 for anything else.
int booleanValue(std::string_view text);

/// The other of the pair in the same case, e.g. "Yes" → "No"; "" where it is not a known spelling.
std::string booleanCounterpart(std::string_view text);

/// Whether these two spell one pair of booleans, in the same or another case: "yes" and "No", not "yes" and "false".
bool isBooleanPair(std::string_view a, std::string_view b);

/// The text without spaces and tabs at either end.
std::string_view trimmed(std::string_view text);

/// Equal but for the case of ASCII letters.
bool equalIgnoringCase(std::string_view a, std::string_view b);

} // namespace limpid
