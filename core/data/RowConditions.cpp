#include "core/data/RowConditions.h"

#include "core/data/Cells.h"

#include <algorithm>
#include <array>
#include <functional>

namespace limpid {

namespace {

using Comparison = RowCondition::Comparison;

/// Longer signs first, so that "<=" is not read as "<".
struct Sign {
    std::string_view text;
    Comparison comparison;
};
constexpr std::array<Sign, 7> signs{{{"==", Comparison::Equal},
                                     {"!=", Comparison::NotEqual},
                                     {"<=", Comparison::LessEqual},
                                     {">=", Comparison::GreaterEqual},
                                     {"=", Comparison::Equal},
                                     {"<", Comparison::Less},
                                     {">", Comparison::Greater}}};

std::string_view signOf(Comparison comparison)
{
    // "=" rather than "==", which stands before it.
    const auto found = std::find_if(signs.rbegin(), signs.rend(), [&](const Sign& sign) { return sign.comparison == comparison; });
    return found->text;
}

[[noreturn]] void throwInvalid(std::string_view condition, const std::string& expected)
{
    throw Error(ErrorCode::OptionInvalid, {{"name", "condition"}, {"value", std::string(trimmed(condition))}, {"expected", expected}});
}

class ConditionParser
{
public:
    explicit ConditionParser(std::string_view text) : m_text(text) {}

    std::vector<RowCondition> parse()
    {
        std::vector<RowCondition> conditions;
        do {
            m_begin = m_at;
            RowCondition& condition = conditions.emplace_back();
            condition.column = piece([this] { return isSign(); });
            if (condition.column.empty())
                throwUnreadable();
            condition.comparison = takeSign();
            skipSpaces();
            const bool quoted = m_at < m_text.size() && m_text[m_at] == '"';
            condition.value = piece([this] { return isBorder(); });
            if (condition.value.empty()
                && (!quoted || (condition.comparison != Comparison::Equal && condition.comparison != Comparison::NotEqual)))
                throwUnreadable();
        } while (takeBorder());
        return conditions;
    }

private:
    [[noreturn]] void throwUnreadable() const
    {
        std::size_t end = m_at;
        while (end < m_text.size() && m_text[end] != ',')
            ++end;
        throwInvalid(m_text.substr(m_begin, end - m_begin), "COLUMN = VALUE, COLUMN != VALUE, COLUMN > NUMBER …, with a comma between conditions");
    }

    /// Up to where `isEnd` or the text's end, without spaces around; or what stands between quotes.
    std::string piece(const std::function<bool()>& isEnd)
    {
        skipSpaces();
        if (m_at >= m_text.size() || m_text[m_at] != '"') {
            const std::size_t begin = m_at;
            while (m_at < m_text.size() && !isEnd())
                ++m_at;
            return std::string(trimmed(m_text.substr(begin, m_at - begin)));
        }
        std::string inside;
        for (++m_at;; ++m_at) {
            if (m_at >= m_text.size())
                throwUnreadable();
            if (m_text[m_at] == '"' && (m_at + 1 >= m_text.size() || m_text[m_at + 1] != '"'))
                break;
            if (m_text[m_at] == '"')
                ++m_at;
            inside += m_text[m_at];
        }
        ++m_at;
        skipSpaces();
        if (m_at < m_text.size() && !isEnd())
            throwUnreadable();
        return inside;
    }

    bool isSign() const
    {
        return std::any_of(signs.begin(), signs.end(), [this](const Sign& sign) { return m_text.substr(m_at).starts_with(sign.text); });
    }
    Comparison takeSign()
    {
        for (const Sign& sign : signs) {
            if (m_text.substr(m_at).starts_with(sign.text)) {
                m_at += sign.text.size();
                return sign.comparison;
            }
        }
        throwUnreadable();
    }

    /// A comma, or "and" between spaces.
    std::size_t borderLength() const
    {
        if (m_text[m_at] == ',')
            return 1;
        const auto isSpace = [this](std::size_t at) { return at < m_text.size() && (m_text[at] == ' ' || m_text[at] == '\t'); };
        return m_at > 0 && isSpace(m_at - 1) && equalIgnoringCase(m_text.substr(m_at, 3), "and") && isSpace(m_at + 3) ? 3 : 0;
    }
    bool isBorder() const { return borderLength() > 0; }
    bool takeBorder()
    {
        if (m_at >= m_text.size())
            return false;
        m_at += borderLength();
        return true;
    }
    void skipSpaces()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t'))
            ++m_at;
    }

    std::string_view m_text;
    std::size_t m_at = 0, m_begin = 0;
};

std::string quoted(const std::string& text, bool isName)
{
    std::string lower = ' ' + text + ' ';
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const bool plain = !text.empty() && trimmed(text) == text && text.find_first_of(isName ? ",\"=<>!" : ",\"") == std::string::npos
                       && lower.find(" and ") == std::string::npos && (isName || text.front() != '=');
    if (plain)
        return text;
    std::string all = "\"";
    for (const char c : text)
        all += c == '"' ? "\"\"" : std::string(1, c);
    return all + '"';
}

std::string textOf(const RowCondition& condition)
{
    return quoted(condition.column, true) + ' ' + std::string(signOf(condition.comparison)) + ' ' + quoted(condition.value, false);
}

template<class T>
bool holds(Comparison comparison, T cell, T value)
{
    switch (comparison) {
    case Comparison::Equal: return cell == value;
    case Comparison::NotEqual: return cell != value;
    case Comparison::Less: return cell < value;
    case Comparison::LessEqual: return cell <= value;
    case Comparison::Greater: return cell > value;
    case Comparison::GreaterEqual: return cell >= value;
    }
    return false;
}

using RowTest = std::function<bool(std::size_t row)>;

/// The index of the value, also in another case where there is none in this one.
std::int32_t codeOf(const Column& column, const RowCondition& condition)
{
    const std::vector<std::string>& values = column.dictionary();
    auto found = std::find(values.begin(), values.end(), condition.value);
    if (found == values.end())
        found = std::find_if(values.begin(), values.end(), [&](const std::string& value) { return equalIgnoringCase(value, condition.value); });
    if (found == values.end()) {
        const std::string nearest = nearestName(condition.value, values);
        throwInvalid(textOf(condition), "a value that “" + condition.column + "” has"
                                            + (values.empty() ? "" : ", such as " + (nearest.empty() ? values.front() : nearest)));
    }
    return static_cast<std::int32_t>(found - values.begin());
}

RowTest testFor(const Table& table, const RowCondition& condition)
{
    const std::optional<std::size_t> index = table.find(condition.column);
    if (!index)
        throw Error(ErrorCode::ColumnUnknown, {{"column", condition.column}, {"nearest", nearestName(condition.column, table.names())}, {"path", ""}});
    const Column& column = table.column(*index);
    const Comparison comparison = condition.comparison;
    const bool unequal = comparison == Comparison::NotEqual;
    if (condition.value.empty())
        return [&column, unequal](std::size_t row) { return column.isMissing(row) != unequal; };
    switch (column.type()) {
    case ColumnType::Number: {
        const NumberCell number = parseNumber(condition.value);
        if (number.kind != NumberKind::Finite)
            throwInvalid(textOf(condition), "a number, as “" + condition.column + "” holds numbers");
        return [&column, comparison, unequal, value = number.value](std::size_t row) {
            return column.isMissing(row) ? unequal : holds(comparison, column.numbers()[row], value);
        };
    }
    case ColumnType::DateTime: {
        const std::optional<std::int64_t> date = parseDateTime(condition.value);
        if (!date)
            throwInvalid(textOf(condition), "a date such as 2001-01-31, as “" + condition.column + "” holds dates");
        return [&column, comparison, unequal, value = *date](std::size_t row) {
            return column.isMissing(row) ? unequal : holds(comparison, column.dateTimes()[row], value);
        };
    }
    case ColumnType::Category:
    case ColumnType::Boolean:
    case ColumnType::Text: break;
    }
    if (comparison != Comparison::Equal && !unequal)
        throwInvalid(textOf(condition), "= or !=, as “" + condition.column + "” holds neither numbers nor dates");
    if (column.type() == ColumnType::Text)
        return [&column, unequal, value = condition.value](std::size_t row) {
            return (!column.isMissing(row) && column.text(row) == value) != unequal;
        };
    return [&column, unequal, code = codeOf(column, condition)](std::size_t row) { return (column.codes()[row] == code) != unequal; };
}

} // namespace

std::vector<RowCondition> parseConditions(std::string_view text)
{
    return ConditionParser(text).parse();
}

std::string conditionsText(std::span<const RowCondition> conditions)
{
    std::string all;
    for (const RowCondition& condition : conditions)
        all += (all.empty() ? "" : " and ") + textOf(condition);
    return all;
}

std::vector<std::size_t> matchingRows(const Table& table, std::span<const RowCondition> conditions, std::span<const std::size_t> rows)
{
    std::vector<RowTest> tests;
    for (const RowCondition& condition : conditions)
        tests.push_back(testFor(table, condition));
    std::vector<std::size_t> matching;
    for (const std::size_t row : rows) {
        if (std::all_of(tests.begin(), tests.end(), [row](const RowTest& test) { return test(row); }))
            matching.push_back(row);
    }
    return matching;
}

} // namespace limpid
