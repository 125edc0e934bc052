#include "core/data/Cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

namespace limpid {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/// Whether a decimal text that double can't hold is out of range upwards: by the power of ten of its first digit.
bool overflows(std::string_view digits)
{
    long magnitude = 0;
    bool fraction = false;
    bool leading = true;
    std::size_t i = 0;
    for (; i < digits.size() && (isDigit(digits[i]) || digits[i] == '.'); ++i) {
        if (digits[i] == '.') {
            fraction = true;
            continue;
        }
        leading = leading && digits[i] == '0';
        if (!fraction && !leading)
            ++magnitude;
        if (fraction && leading)
            --magnitude;
    }
    if (i < digits.size())
        return digits.size() <= i + 1 || digits[i + 1] != '-';
    return magnitude > 0;
}

/// Reads exactly `count` digits.
bool takeDigits(std::string_view& text, int count, int& value)
{
    if (text.size() < static_cast<std::size_t>(count))
        return false;
    value = 0;
    for (int i = 0; i < count; ++i) {
        if (!isDigit(text[i]))
            return false;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return true;
}

/// Reads one or two digits.
bool takeShort(std::string_view& text, int& value)
{
    return takeDigits(text, text.size() > 1 && isDigit(text[1]) ? 2 : 1, value);
}

bool takeChar(std::string_view& text, char c)
{
    if (text.empty() || text.front() != c)
        return false;
    text.remove_prefix(1);
    return true;
}

/// What may follow a date: the milliseconds to add to its midnight.
std::optional<std::int64_t> parseTimeOfDay(std::string_view text)
{
    if (!takeChar(text, ' ') && !takeChar(text, 'T') && !takeChar(text, 't'))
        return {};
    int hour = 0, minute = 0, second = 0, millisecond = 0;
    if (!takeDigits(text, 2, hour) || !takeChar(text, ':') || !takeDigits(text, 2, minute))
        return {};
    if (takeChar(text, ':')) {
        if (!takeDigits(text, 2, second))
            return {};
        if (takeChar(text, '.') || takeChar(text, ',')) {
            int digits = 0;
            for (; !text.empty() && isDigit(text.front()); text.remove_prefix(1), ++digits)
                if (digits < 3)
                    millisecond = millisecond * 10 + (text.front() - '0');
            if (digits == 0)
                return {};
            for (; digits < 3; ++digits)
                millisecond *= 10;
        }
    }
    if (hour > 23 || minute > 59 || second > 59)
        return {};
    int offset = 0;
    if (!takeChar(text, 'Z') && !takeChar(text, 'z') && !text.empty()) {
        const int sign = text.front() == '+' ? 1 : text.front() == '-' ? -1 : 0;
        text.remove_prefix(1);
        int hours = 0, minutes = 0;
        if (sign == 0 || !takeDigits(text, 2, hours))
            return {};
        if (!text.empty()) {
            takeChar(text, ':');
            if (!takeDigits(text, 2, minutes))
                return {};
        }
        if (hours > 23 || minutes > 59)
            return {};
        offset = sign * (hours * 60 + minutes);
    }
    if (!text.empty())
        return {};
    return ((std::int64_t{hour} * 60 + minute - offset) * 60 + second) * 1000 + millisecond;
}

struct BooleanPair {
    std::string_view no, yes;
};

constexpr std::array<BooleanPair, 5> booleanPairs{
    {{"false", "true"}, {"no", "yes"}, {"n", "y"}, {"f", "t"}, {"off", "on"}}};

/// Index of the pair and the value, or {-1, -1}.
std::pair<int, int> findBoolean(std::string_view text)
{
    for (std::size_t i = 0; i < booleanPairs.size(); ++i) {
        if (equalIgnoringCase(text, booleanPairs[i].no))
            return {static_cast<int>(i), 0};
        if (equalIgnoringCase(text, booleanPairs[i].yes))
            return {static_cast<int>(i), 1};
    }
    return {-1, -1};
}

} // namespace

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool equalIgnoringCase(std::string_view a, std::string_view b)
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

NumberCell parseNumber(std::string_view text, bool decimalComma)
{
    text = trimmed(text);
    std::string_view digits = text;
    const bool negative = takeChar(digits, '-');
    if (!negative)
        takeChar(digits, '+');
    if (digits.empty())
        return {};
    const char mark = decimalComma ? ',' : '.';
    if (!isDigit(digits.front()) && digits.front() != mark) {
        if (equalIgnoringCase(digits, "nan"))
            return {NumberKind::NotFinite, std::numeric_limits<double>::quiet_NaN()};
        if (equalIgnoringCase(digits, "inf") || equalIgnoringCase(digits, "infinity"))
            return {NumberKind::NotFinite, negative ? -std::numeric_limits<double>::infinity()
                                                    : std::numeric_limits<double>::infinity()};
        return {};
    }
    char buffer[64];
    std::string longer;
    if (decimalComma) {
        if (digits.find('.') != std::string_view::npos)
            return {};
        const std::size_t comma = digits.find(',');
        if (comma != std::string_view::npos) {
            char* copy = buffer;
            if (digits.size() > sizeof buffer) {
                longer.resize(digits.size());
                copy = longer.data();
            }
            digits.copy(copy, digits.size());
            copy[comma] = '.';
            digits = {copy, digits.size()};
        }
    }
    double value = 0.0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::invalid_argument || end != digits.data() + digits.size())
        return {};
    if (error == std::errc::result_out_of_range) {
        if (overflows(digits))
            return {NumberKind::TooLarge, 0.0};
        value = 0.0;
    }
    return {NumberKind::Finite, negative ? -value : value};
}

std::optional<std::int64_t> parseDateTime(std::string_view text, DateOrder order)
{
    text = trimmed(text);
    int year = 0, month = 0, day = 0;
    if (order == DateOrder::Iso) {
        if (!takeDigits(text, 4, year) || text.empty())
            return {};
        const char separator = text.front();
        if ((separator != '-' && separator != '/') || !takeChar(text, separator) || !takeDigits(text, 2, month)
            || !takeChar(text, separator) || !takeDigits(text, 2, day))
            return {};
    } else {
        int first = 0, second = 0;
        if (!takeShort(text, first) || text.empty())
            return {};
        const char separator = text.front();
        if ((separator != '/' && separator != '.' && separator != '-') || !takeChar(text, separator)
            || !takeShort(text, second) || !takeChar(text, separator) || !takeDigits(text, 4, year))
            return {};
        day = order == DateOrder::DayMonthYear ? first : second;
        month = order == DateOrder::DayMonthYear ? second : first;
    }
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok())
        return {};
    const std::int64_t midnight = std::int64_t{std::chrono::sys_days(date).time_since_epoch().count()} * 86'400'000;
    if (text.empty())
        return midnight;
    const std::optional<std::int64_t> time = parseTimeOfDay(text);
    if (!time)
        return {};
    return midnight + *time;
}

std::string formatDateTime(std::int64_t ms)
{
    using namespace std::chrono;
    const sys_time<milliseconds> time{milliseconds(ms)};
    const sys_days midnight = floor<days>(time);
    const year_month_day date(midnight);
    std::int64_t rest = (time - midnight).count();
    std::string text;
    const auto append = [&](std::int64_t value, int width) {
        std::string digits = std::to_string(value);
        text.append(static_cast<std::size_t>(std::max(0, width - static_cast<int>(digits.size()))), '0');
        text += digits;
    };
    append(static_cast<int>(date.year()), 4);
    text += '-';
    append(static_cast<unsigned>(date.month()), 2);
    text += '-';
    append(static_cast<unsigned>(date.day()), 2);
    if (rest == 0)
        return text;
    text += ' ';
    append(rest / 3'600'000, 2);
    text += ':';
    append(rest / 60'000 % 60, 2);
    rest %= 60'000;
    if (rest == 0)
        return text;
    text += ':';
    append(rest / 1000, 2);
    if (rest % 1000 != 0) {
        text += '.';
        append(rest % 1000, 3);
    }
    return text;
}

std::string formatNumber(double value)
{
    if (value == std::trunc(value) && std::abs(value) < 1e15 && !(value == 0.0 && std::signbit(value)))
        return std::to_string(static_cast<std::int64_t>(value));
    char buffer[32];
    const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
    return {buffer, result.ptr};
}

bool isMissingMark(std::string_view text)
{
    static constexpr std::array<std::string_view, 10> marks{"na",  "n/a", "#n/a", "null", "none",
                                                            "nil", "?",   "-",    "--",   "."};
    text = trimmed(text);
    if (text.size() > 4)
        return false;
    for (const std::string_view mark : marks)
        if (equalIgnoringCase(text, mark))
            return true;
    return false;
}

int booleanValue(std::string_view text)
{
    return findBoolean(text).second;
}

std::string booleanCounterpart(std::string_view text)
{
    const auto [pair, value] = findBoolean(text);
    if (pair < 0)
        return {};
    std::string other(value == 1 ? booleanPairs[pair].no : booleanPairs[pair].yes);
    const bool shout = isUpper(text.back());
    for (std::size_t i = 0; i < other.size(); ++i)
        if (shout || (i == 0 && isUpper(text.front())))
            other[i] = static_cast<char>(other[i] - ('a' - 'A'));
    return other;
}

bool isBooleanPair(std::string_view a, std::string_view b)
{
    const auto [pairA, valueA] = findBoolean(a);
    const auto [pairB, valueB] = findBoolean(b);
    return pairA >= 0 && pairA == pairB && valueA != valueB;
}

} // namespace limpid
