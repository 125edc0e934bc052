#include "core/data/CsvParse.h"

#include "core/data/Cells.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace limpid::csv {

namespace {

constexpr double missingNumber = std::numeric_limits<double>::quiet_NaN();

DateOrder orderOf(Kind kind)
{
    return kind == Kind::DateIso ? DateOrder::Iso
        : kind == Kind::DateDayMonth ? DateOrder::DayMonthYear
                                     : DateOrder::MonthDayYear;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Reads the plain decimal numbers that make up nearly every file without looking for the field's end first. They are
/// exact: up to 2^53 over a power of ten up to 22 is one correctly rounded division (Clinger 1990). Returns where the
/// field ends, or null where the general way must be taken.
const char* takePlainNumber(const char* p, const char* end, char separator, char mark, double& value)
{
    static constexpr double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    const bool negative = *p == '-';
    p += negative ? 1 : 0;
    const char* stop = p + std::min<std::ptrdiff_t>(end - p, 16);
    const char* begin = p;
    std::uint64_t digits = 0;
    while (p < stop && isDigit(*p))
        digits = digits * 10 + static_cast<std::uint64_t>(*p++ - '0');
    if (p == begin)
        return nullptr;
    std::size_t places = 0;
    if (p < stop && *p == mark && mark != separator) {
        const char* fraction = ++p;
        while (p < stop && isDigit(*p))
            digits = digits * 10 + static_cast<std::uint64_t>(*p++ - '0');
        places = static_cast<std::size_t>(p - fraction);
    }
    if (p == end || (*p != separator && *p != '\n' && !(*p == '\r' && p + 1 < end && p[1] == '\n')))
        return nullptr;
    if (places >= std::size(powers) || digits > (std::uint64_t{1} << 53))
        return nullptr;
    value = static_cast<double>(digits);
    if (places > 0)
        value /= powers[places];
    if (negative)
        value = -value;
    return *p == '\r' ? p + 1 : p;
}

/// Reads "2001-01-31 14:05" and remembers the day, which tends to repeat from row to row.
class PlainDates
{
public:
    const char* take(const char* p, const char* end, char separator, std::int64_t& ms)
    {
        if (end - p < 11)
            return nullptr;
        if (std::memcmp(p, m_day, sizeof m_day) != 0) {
            const auto midnight = parseDateTime({p, sizeof m_day});
            if (!midnight)
                return nullptr;
            m_midnight = *midnight;
            std::memcpy(m_day, p, sizeof m_day);
        }
        p += sizeof m_day;
        ms = m_midnight;
        if (*p == separator || *p == '\n')
            return p;
        if (end - p < 7 || *p != ' ' || p[3] != ':' || !isDigit(p[1]) || !isDigit(p[2]) || !isDigit(p[4])
            || !isDigit(p[5]) || (p[6] != separator && p[6] != '\n'))
            return nullptr;
        const int hour = (p[1] - '0') * 10 + (p[2] - '0');
        const int minute = (p[4] - '0') * 10 + (p[5] - '0');
        if (hour > 23 || minute > 59)
            return nullptr;
        ms += (std::int64_t{hour} * 60 + minute) * 60'000;
        return p + 6;
    }

private:
    char m_day[10] = {};
    std::int64_t m_midnight = 0;
};

class ChunkParser
{
public:
    ChunkParser(std::string_view text, const Format& format, std::vector<ColumnPlan>& columns)
        : m_text(text), m_format(format), m_mark(format.decimalComma ? ',' : '.'), m_columns(columns),
          m_dates(columns.size())
    {
        m_result.columns.resize(columns.size());
    }

    ChunkResult parse(const Chunk& chunk);

private:
    const char* takeCell(std::size_t index, const char* p, const char* end, std::size_t row);
    const char* takeCode(ColumnPlan& plan, ColumnPart& part, const char* p, const char* end, std::size_t row);
    void store(std::size_t index, const Field& field, std::size_t offset, std::size_t row);
    void storeMissing(std::size_t index, std::size_t row);
    void storeMark(ColumnPart& part, std::string_view text);
    void storeNumber(ColumnPlan& plan, ColumnPart& part, std::string_view content, std::size_t offset, std::size_t row);
    void storeDate(ColumnPlan& plan, ColumnPart& part, std::string_view content, std::size_t offset, std::size_t row);

    std::string_view m_text;
    const Format& m_format;
    char m_mark;
    std::vector<ColumnPlan>& m_columns;
    std::vector<PlainDates> m_dates;
    ChunkResult m_result;
};

ChunkResult ChunkParser::parse(const Chunk& chunk)
{
    const char* p = m_text.data() + chunk.begin;
    const char* end = m_text.data() + chunk.end;
    const std::size_t width = m_columns.size();
    std::size_t row = chunk.firstRow;
    for (skipBlankLines(p, end); p < end; skipBlankLines(p, end), ++row) {
        const char* record = p;
        for (std::size_t index = 0; index < width; ++index) {
            p = takeCell(index, p, end, row);
            const bool last = index + 1 == width;
            const bool more = p < end && *p == m_format.separator;
            if (last != more) {
                p += p < end ? 1 : 0;
                continue;
            }
            m_result.raggedOffset = static_cast<std::size_t>(record - m_text.data());
            std::vector<Field> fields;
            takeRecord(record, end, m_format.separator, fields);
            m_result.raggedFound = fields.size();
            return std::move(m_result);
        }
    }
    return std::move(m_result);
}

const char* ChunkParser::takeCell(std::size_t index, const char* p, const char* end, std::size_t row)
{
    ColumnPlan& plan = m_columns[index];
    ColumnPart& part = m_result.columns[index];
    const bool wanted = plan.active && part.misfit == nowhere && !part.overflow;
    const char* begin = p;
    if (wanted && p < end) {
        const char* next = nullptr;
        if (plan.kind == Kind::Number)
            next = takePlainNumber(p, end, m_format.separator, m_mark, plan.numbers[row]);
        else if (plan.kind == Kind::DateIso)
            next = m_dates[index].take(p, end, m_format.separator, plan.dates[row]);
        else if (plan.kind == Kind::Codes && *p != '"' && plan.marks.empty())
            return takeCode(plan, part, p, end, row);
        if (next && plan.marks.empty()) {
            if (part.values++ == 0)
                part.firstValue = static_cast<std::size_t>(begin - m_text.data());
            return next;
        }
    }
    const Field field = takeField(p, end, m_format.separator);
    if (wanted)
        store(index, field, static_cast<std::size_t>(begin - m_text.data()), row);
    return p;
}

/// store() for the usual value of a category, which has no quotes.
const char* ChunkParser::takeCode(ColumnPlan& plan, ColumnPart& part, const char* p, const char* end, std::size_t row)
{
    const auto offset = static_cast<std::size_t>(p - m_text.data());
    const std::string_view content = takeField(p, end, m_format.separator).content;
    if (content.empty()) {
        plan.codes[row] = -1;
        return p;
    }
    plan.codes[row] = part.pool.add(content, offset);
    part.overflow = part.pool.size() > plan.codeLimit;
    part.length += content.size();
    if (part.values++ == 0)
        part.firstValue = offset;
    return p;
}

void ChunkParser::storeMissing(std::size_t index, std::size_t row)
{
    ColumnPlan& plan = m_columns[index];
    ColumnPart& part = m_result.columns[index];
    switch (plan.kind) {
    case Kind::Number:
        plan.numbers[row] = missingNumber;
        break;
    case Kind::DateIso:
    case Kind::DateDayMonth:
    case Kind::DateMonthDay:
        plan.dates[row] = missingDate;
        break;
    case Kind::Codes:
        plan.codes[row] = -1;
        break;
    case Kind::Text:
        plan.offsets[row + 1] = part.bytes.size();
        part.missingRows.push_back(row);
        break;
    }
}

void ChunkParser::storeMark(ColumnPart& part, std::string_view text)
{
    ++part.markCount;
    const std::string mark(trimmed(text));
    if (std::find(part.marksSeen.begin(), part.marksSeen.end(), mark) == part.marksSeen.end())
        part.marksSeen.push_back(mark);
}

void ChunkParser::storeNumber(ColumnPlan& plan, ColumnPart& part, std::string_view content, std::size_t offset,
                              std::size_t row)
{
    const NumberCell cell = parseNumber(content, m_format.decimalComma);
    plan.numbers[row] = cell.kind == NumberKind::Finite ? cell.value : missingNumber;
    switch (cell.kind) {
    case NumberKind::Finite:
        break;
    case NumberKind::NotFinite:
        if (part.notFinite++ == 0)
            part.firstNotFinite = offset;
        return;
    case NumberKind::TooLarge:
        part.firstTooLarge = std::min(part.firstTooLarge, offset);
        break;
    case NumberKind::None:
        if (isMissingMark(content))
            storeMark(part, content);
        else if (!trimmed(content).empty())
            part.misfit = offset;
        return;
    }
    if (part.values++ == 0)
        part.firstValue = offset;
}

void ChunkParser::storeDate(ColumnPlan& plan, ColumnPart& part, std::string_view content, std::size_t offset,
                            std::size_t row)
{
    const auto ms = parseDateTime(content, orderOf(plan.kind));
    plan.dates[row] = ms.value_or(missingDate);
    if (ms) {
        if (part.values++ == 0)
            part.firstValue = offset;
        if (!part.orderProven && plan.kind == Kind::DateDayMonth)
            part.orderProven = !parseDateTime(content, DateOrder::MonthDayYear);
    } else if (isMissingMark(content)) {
        storeMark(part, content);
    } else if (!trimmed(content).empty()) {
        part.misfit = offset;
    }
}

void ChunkParser::store(std::size_t index, const Field& field, std::size_t offset, std::size_t row)
{
    ColumnPlan& plan = m_columns[index];
    ColumnPart& part = m_result.columns[index];
    std::string made;
    std::string_view content = field.content;
    if (field.escaped) {
        made = unescape(content);
        content = made;
    }
    if (content.empty()) {
        storeMissing(index, row);
        return;
    }
    if (!plan.marks.empty() && std::find(plan.marks.begin(), plan.marks.end(), content) != plan.marks.end()) {
        storeMissing(index, row);
        storeMark(part, content);
        return;
    }
    switch (plan.kind) {
    case Kind::Number:
        storeNumber(plan, part, content, offset, row);
        return;
    case Kind::DateIso:
    case Kind::DateDayMonth:
    case Kind::DateMonthDay:
        storeDate(plan, part, content, offset, row);
        return;
    case Kind::Codes:
        plan.codes[row] = part.pool.add(content, offset, field.escaped);
        part.overflow = part.pool.size() > plan.codeLimit;
        break;
    case Kind::Text:
        part.bytes += content;
        plan.offsets[row + 1] = part.bytes.size();
        break;
    }
    part.length += content.size();
    if (part.values++ == 0)
        part.firstValue = offset;
}

} // namespace

bool fits(std::string_view text, Kind kind, const Format& format)
{
    switch (kind) {
    case Kind::Number:
        return parseNumber(text, format.decimalComma).kind != NumberKind::None;
    case Kind::DateIso:
    case Kind::DateDayMonth:
    case Kind::DateMonthDay:
        return parseDateTime(text, orderOf(kind)).has_value();
    case Kind::Codes:
    case Kind::Text:
        break;
    }
    return true;
}

ChunkResult parseChunk(std::string_view text, const Chunk& chunk, const Format& format,
                       std::vector<ColumnPlan>& columns)
{
    return ChunkParser(text, format, columns).parse(chunk);
}

} // namespace limpid::csv
