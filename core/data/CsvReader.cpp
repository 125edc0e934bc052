#include "core/data/CsvReader.h"

#include "core/base/File.h"
#include "core/data/Cells.h"
#include "core/data/CsvParse.h"
#include "core/data/CsvReaderParts.h"
#include "core/data/CsvScan.h"
#include "core/data/TextSource.h"

#include <algorithm>
#include <cmath>
#include <thread>

namespace limpid::csv {

namespace {

constexpr std::size_t sampleRecords = 1000;
constexpr std::size_t fewValues = 20;        ///< so many distinct values are a category in any table
constexpr double categoryShare = 0.2;        ///< and more are one up to this share of the rows
constexpr double longestCategory = 100.0;    ///< mean bytes of a value; beyond that it is text
constexpr double freeTextLength = 40.0;      ///< mean bytes of a value from which text is called free text

std::string percent(double share)
{
    return std::to_string(static_cast<int>(std::lround(share * 100)));
}

/// One reading of one file.
class Reader
{
public:
    Reader(const std::filesystem::path& path, const CsvOptions& options, std::size_t chunkBytes, Task& task)
        : m_path(utf8(path)), m_options(options), m_chunkBytes(chunkBytes), m_task(task), m_source(path, task)
    {
        const int machine = static_cast<int>(std::thread::hardware_concurrency());
        m_threads = options.threads > 0 ? options.threads : std::max(1, machine);
    }

    CsvResult read();

private:
    /// What the whole file says about one column, from all chunks' parts.
    struct Summary {
        std::size_t misfit = nowhere, values = 0, firstValue = nowhere;
        std::size_t markCount = 0, notFinite = 0, firstNotFinite = nowhere, firstTooLarge = nowhere;
        std::vector<std::string> marksSeen;
        bool orderProven = false, overflow = false;
        std::uint64_t length = 0;
    };

    std::string_view text() const { return m_source.text(); }
    std::string lineOf(std::size_t offset) const { return std::to_string(lineAt(text(), offset)); }
    std::string valueAt(std::size_t offset) const;

    void takeSample();
    bool guessDecimalComma() const;
    void planColumns(const std::vector<std::string>& names);
    Kind firstKind(std::size_t index, std::optional<ColumnType> given) const;
    void parsePass(double from, double to);
    /// True where some column must be read again.
    bool widen();
    bool widenColumn(std::size_t index, const Summary& summary);
    Summary summarise(std::size_t index) const;

    struct Finished {
        std::optional<Column> column;
        TypeGuess guess;
        Issues issues;
    };
    Finished finish(std::size_t index);
    Column finishCodes(std::size_t index, const Summary& summary, TypeGuess& guess);
    Column finishText(std::size_t index, const Summary& summary, TypeGuess& guess);
    Column booleanColumn(ColumnPlan& plan, std::vector<std::string> dictionary,
                         const std::vector<std::uint64_t>& offsets);
    bool mostlyNumbers(std::size_t index, TypeGuess& guess) const;

    std::string m_path;
    const CsvOptions& m_options;
    std::size_t m_chunkBytes;
    Task& m_task;
    TextSource m_source;
    int m_threads = 1;

    Format m_format;
    std::size_t m_bodyOffset = 0;
    std::size_t m_rows = 0;
    std::vector<Chunk> m_chunks;
    std::vector<std::vector<std::string>> m_sample;      ///< [column][record], what the first records hold
    std::vector<std::vector<std::size_t>> m_sampleOffsets;
    std::vector<ColumnPlan> m_plans;
    std::vector<ChunkResult> m_results;
    std::vector<std::size_t> m_notNumber;                ///< by column: the value that stopped it being a number
};

std::string Reader::valueAt(std::size_t offset) const
{
    const char* p = text().data() + offset;
    const Field field = takeField(p, text().data() + text().size(), m_format.separator);
    return field.escaped ? unescape(field.content) : std::string(field.content);
}

CsvResult Reader::read()
{
    m_task.report(0.0, "read");
    m_format.separator = m_options.separator.value_or(guessSeparator(text()));
    const std::vector<std::string> names = readHeader(text(), m_format.separator, m_path, m_bodyOffset);
    m_chunks = scanBody(m_source, m_bodyOffset, m_format.separator, m_chunkBytes, m_threads, m_path, m_task);
    for (const Chunk& chunk : m_chunks)
        m_rows += chunk.rows;
    if (m_rows == 0)
        throw Error(ErrorCode::TableNoRows, {{"path", m_path}});
    m_sample.resize(names.size());
    m_sampleOffsets.resize(names.size());
    takeSample();
    m_format.decimalComma = m_options.decimalComma.value_or(guessDecimalComma());
    planColumns(names);

    double done = 0.3;
    do {
        parsePass(done, done + (0.95 - done) * 0.8);
        done += (0.95 - done) * 0.8;
    } while (widen());

    std::vector<Finished> finished(m_plans.size());
    parallelFor(m_plans.size(), m_threads, m_task, 0.95, 1.0, [&](std::size_t i) { finished[i] = finish(i); });

    CsvResult result;
    result.encoding = m_source.encoding();
    result.bytes = m_source.storedBytes();
    result.used = m_options;
    result.used.separator = m_format.separator;
    result.used.decimalComma = m_format.decimalComma;
    std::vector<Column> columns;
    columns.reserve(finished.size());
    for (Finished& one : finished) {
        result.used.types[one.column->name()] = one.guess.type;
        result.guesses.push_back(std::move(one.guess));
        result.issues.insert(result.issues.end(), one.issues.begin(), one.issues.end());
        columns.push_back(std::move(*one.column));
    }
    result.table = Table(std::move(columns));
    m_task.report(1.0, "read");
    return result;
}

void Reader::takeSample()
{
    const char* p = text().data() + m_bodyOffset;
    const char* end = text().data() + text().size();
    std::size_t records = 0;
    for (skipBlankLines(p, end); p < end && records < sampleRecords; skipBlankLines(p, end), ++records) {
        for (std::size_t index = 0; index < m_sample.size(); ++index) {
            const auto offset = static_cast<std::size_t>(p - text().data());
            const Field field = takeField(p, end, m_format.separator);
            m_sample[index].push_back(field.escaped ? unescape(field.content) : std::string(field.content));
            m_sampleOffsets[index].push_back(offset);
            const bool ended = p == end || *p == '\n';
            p += p < end ? 1 : 0;
            if (ended)
                break; // a short record: the parser proper complains
        }
        if (p > text().data() && p < end && p[-1] == m_format.separator) {
            std::vector<Field> rest; // a long one
            takeRecord(p, end, m_format.separator, rest);
        }
    }
}

/// Whether the sample has numbers with a comma and none with a point.
bool Reader::guessDecimalComma() const
{
    bool found = false;
    for (const std::vector<std::string>& column : m_sample) {
        for (const std::string& value : column) {
            if (value.find('.') != std::string::npos && parseNumber(value).kind == NumberKind::Finite)
                return false;
            const std::size_t comma = value.find(',');
            if (comma == std::string::npos || parseNumber(value, true).kind != NumberKind::Finite)
                continue;
            // Between commas a quoted "1,234" may as well be a thousand.
            found = found || m_format.separator != ',' || value.size() - comma != 4;
        }
    }
    return found;
}

Kind Reader::firstKind(std::size_t index, std::optional<ColumnType> given) const
{
    if (given == ColumnType::Text)
        return Kind::Text;
    if (given == ColumnType::Category || given == ColumnType::Boolean)
        return Kind::Codes;
    if (given == ColumnType::Number)
        return Kind::Number;
    std::vector<Kind> open{Kind::Number, Kind::DateIso, Kind::DateDayMonth, Kind::DateMonthDay};
    if (given == ColumnType::DateTime)
        open.erase(open.begin());
    const auto marks = m_options.missingMarks.find(m_plans[index].name);
    for (const std::string& value : m_sample[index]) {
        if (trimmed(value).empty() || isMissingMark(value)
            || (marks != m_options.missingMarks.end()
                && std::find(marks->second.begin(), marks->second.end(), value) != marks->second.end()))
            continue;
        std::erase_if(open, [&](Kind kind) { return !fits(value, kind, m_format); });
    }
    if (open.empty())
        return given == ColumnType::DateTime ? Kind::DateIso : Kind::Codes;
    return open.front();
}

void Reader::planColumns(const std::vector<std::string>& names)
{
    m_plans.resize(names.size());
    m_notNumber.assign(names.size(), nowhere);
    for (std::size_t i = 0; i < names.size(); ++i) {
        ColumnPlan& plan = m_plans[i];
        plan.name = names[i];
        if (const auto given = m_options.types.find(names[i]); given != m_options.types.end())
            plan.given = given->second;
        if (const auto marks = m_options.missingMarks.find(names[i]); marks != m_options.missingMarks.end())
            plan.marks = marks->second;
        plan.kind = firstKind(i, plan.given);
        if (!plan.given)
            plan.codeLimit = std::max(fewValues, static_cast<std::size_t>(categoryShare * static_cast<double>(m_rows)));
    }
}

void Reader::parsePass(double from, double to)
{
    parallelFor(m_plans.size(), m_threads, m_task, from, from, [&](std::size_t i) {
        ColumnPlan& plan = m_plans[i];
        if (!plan.active)
            return;
        plan.numbers = {};
        plan.dates = {};
        plan.codes = {};
        plan.offsets = {};
        switch (plan.kind) {
        case Kind::Number:
            plan.numbers.resize(m_rows);
            break;
        case Kind::DateIso:
        case Kind::DateDayMonth:
        case Kind::DateMonthDay:
            plan.dates.resize(m_rows);
            break;
        case Kind::Codes:
            plan.codes.resize(m_rows);
            break;
        case Kind::Text:
            plan.offsets.resize(m_rows + 1);
            break;
        }
    });
    std::vector<ChunkResult> results(m_chunks.size());
    parallelFor(m_chunks.size(), m_threads, m_task, from, to, [&](std::size_t i) {
        results[i] = parseChunk(text(), m_chunks[i], m_format, m_plans);
        m_source.release(m_chunks[i].begin, m_chunks[i].end);
    });
    for (const ChunkResult& result : results)
        if (result.raggedOffset != nowhere)
            throw Error(ErrorCode::TableRaggedRow, {{"path", m_path},
                                                    {"line", lineOf(result.raggedOffset)},
                                                    {"found", std::to_string(result.raggedFound)},
                                                    {"expected", std::to_string(m_plans.size())}});
    if (m_results.empty()) {
        m_results = std::move(results);
        return;
    }
    for (std::size_t c = 0; c < m_results.size(); ++c)
        for (std::size_t i = 0; i < m_plans.size(); ++i)
            if (m_plans[i].active)
                m_results[c].columns[i] = std::move(results[c].columns[i]);
}

Reader::Summary Reader::summarise(std::size_t index) const
{
    Summary all;
    for (const ChunkResult& result : m_results) {
        const ColumnPart& part = result.columns[index];
        all.misfit = std::min(all.misfit, part.misfit);
        all.values += part.values;
        all.firstValue = std::min(all.firstValue, part.firstValue);
        all.markCount += part.markCount;
        all.notFinite += part.notFinite;
        all.firstNotFinite = std::min(all.firstNotFinite, part.firstNotFinite);
        all.firstTooLarge = std::min(all.firstTooLarge, part.firstTooLarge);
        all.orderProven = all.orderProven || part.orderProven;
        all.overflow = all.overflow || part.overflow;
        all.length += part.length;
        for (const std::string& mark : part.marksSeen)
            if (std::find(all.marksSeen.begin(), all.marksSeen.end(), mark) == all.marksSeen.end())
                all.marksSeen.push_back(mark);
    }
    return all;
}

bool Reader::widen()
{
    bool again = false;
    for (std::size_t i = 0; i < m_plans.size(); ++i) {
        if (!m_plans[i].active)
            continue;
        m_plans[i].active = widenColumn(i, summarise(i));
        again = again || m_plans[i].active;
    }
    return again;
}

bool Reader::widenColumn(std::size_t index, const Summary& summary)
{
    ColumnPlan& plan = m_plans[index];
    const bool dates = plan.kind == Kind::DateIso || plan.kind == Kind::DateDayMonth || plan.kind == Kind::DateMonthDay;
    if (summary.misfit != nowhere) {
        const std::string value = valueAt(summary.misfit);
        Kind next = plan.kind;
        do
            next = static_cast<Kind>(static_cast<int>(next) + 1);
        while (!fits(value, next, m_format));
        if (plan.given && (plan.given == ColumnType::Number || next == Kind::Codes))
            throw Error(ErrorCode::ColumnTypeMismatch, {{"column", plan.name},
                                                        {"line", lineOf(summary.misfit)},
                                                        {"value", value},
                                                        {"type", std::string(columnTypeName(*plan.given))}});
        if (plan.kind == Kind::Number)
            m_notNumber[index] = summary.misfit;
        plan.kind = next;
        return true;
    }
    if (plan.kind == Kind::Number && summary.firstTooLarge != nowhere)
        throw Error(ErrorCode::ColumnNumberTooLarge, {{"column", plan.name},
                                                      {"line", lineOf(summary.firstTooLarge)},
                                                      {"value", valueAt(summary.firstTooLarge)}});
    if (plan.kind == Kind::Codes && summary.overflow) {
        plan.kind = Kind::Text;
        return true;
    }
    if (plan.given)
        return false;
    // Nothing but "NA" is not a column of numbers; and 03/04/2001 alone does not say which is the month.
    const bool onlyMarks = (plan.kind == Kind::Number || dates) && summary.values == 0 && summary.notFinite == 0
        && summary.markCount > 0 && plan.marks.empty();
    if (onlyMarks || (plan.kind == Kind::DateDayMonth && !summary.orderProven)) {
        plan.kind = Kind::Codes;
        return true;
    }
    return false;
}

/// Whether most of the sample is numbers; then `guess` says "mixed" and shows the value that is none.
bool Reader::mostlyNumbers(std::size_t index, TypeGuess& guess) const
{
    std::size_t numbers = 0, others = 0;
    std::size_t misfit = m_notNumber[index];
    for (std::size_t i = 0; i < m_sample[index].size(); ++i) {
        const std::string& value = m_sample[index][i];
        if (trimmed(value).empty() || isMissingMark(value))
            continue;
        if (fits(value, Kind::Number, m_format)) {
            ++numbers;
        } else {
            ++others;
            misfit = std::min(misfit, m_sampleOffsets[index][i]);
        }
    }
    if (numbers == 0 || numbers < others || misfit == nowhere)
        return false;
    guess.reason = "mixed";
    guess.facts.push_back({"share", percent(static_cast<double>(numbers) / static_cast<double>(numbers + others))});
    guess.facts.push_back({"example", valueAt(misfit)});
    guess.facts.push_back({"line", lineOf(misfit)});
    return true;
}

Reader::Finished Reader::finish(std::size_t index)
{
    ColumnPlan& plan = m_plans[index];
    const Summary summary = summarise(index);
    Finished result;
    TypeGuess& guess = result.guess;
    if (summary.notFinite > 0)
        result.issues.push_back({Severity::Warning, plan.name, ErrorCode::ColumnNotFinite,
                                 {{"column", plan.name},
                                  {"line", lineOf(summary.firstNotFinite)},
                                  {"value", valueAt(summary.firstNotFinite)},
                                  {"count", std::to_string(summary.notFinite)}}});
    if (summary.values == 0 && !plan.given) {
        guess = {ColumnType::Text, "all-missing", {}};
        result.column = Column::texts(plan.name, {}, std::vector<std::uint64_t>(m_rows + 1), std::vector<bool>(m_rows, true));
        return result;
    }
    switch (plan.kind) {
    case Kind::Number:
        guess.type = ColumnType::Number;
        guess.reason = "all-numbers";
        result.column = Column::numbers(plan.name, std::move(plan.numbers));
        break;
    case Kind::DateIso:
    case Kind::DateDayMonth:
    case Kind::DateMonthDay: {
        guess.type = ColumnType::DateTime;
        guess.reason = "all-dates";
        guess.facts.push_back({"example", summary.values > 0 ? valueAt(summary.firstValue) : ""});
        std::vector<bool> missing;
        if (summary.values < m_rows) {
            missing.resize(m_rows);
            for (std::size_t row = 0; row < m_rows; ++row) {
                missing[row] = plan.dates[row] == missingDate;
                if (missing[row])
                    plan.dates[row] = 0;
            }
        }
        result.column = Column::dateTimes(plan.name, std::move(plan.dates), std::move(missing));
        break;
    }
    case Kind::Codes:
        result.column = finishCodes(index, summary, guess);
        break;
    case Kind::Text:
        result.column = finishText(index, summary, guess);
        break;
    }
    if (plan.given)
        guess = {*plan.given, "given", {}};
    if (summary.markCount > 0) {
        std::string marks;
        for (const std::string& mark : summary.marksSeen)
            marks += (marks.empty() ? "" : ", ") + mark;
        guess.facts.push_back({"marks", marks});
        guess.facts.push_back({"marked", std::to_string(summary.markCount)});
    }
    return result;
}

Column Reader::finishCodes(std::size_t index, const Summary& summary, TypeGuess& guess)
{
    ColumnPlan& plan = m_plans[index];
    // Chunks in the file's order, each in order of first appearance: so is the whole.
    StringPool pool;
    for (std::size_t c = 0; c < m_results.size(); ++c) {
        std::vector<std::int32_t> merged;
        const auto& entries = m_results[c].columns[index].pool.entries();
        merged.reserve(entries.size());
        for (const StringPool::Entry& entry : entries)
            merged.push_back(pool.add(entry.text, entry.offset));
        const Chunk& chunk = m_chunks[c];
        if (c > 0)
            for (std::size_t row = chunk.firstRow; row < chunk.firstRow + chunk.rows; ++row)
                if (plan.codes[row] >= 0)
                    plan.codes[row] = merged[static_cast<std::size_t>(plan.codes[row])];
    }
    const std::size_t distinct = pool.size();
    std::vector<std::string> dictionary;
    std::vector<std::uint64_t> offsets;
    dictionary.reserve(distinct);
    for (const StringPool::Entry& entry : pool.entries()) {
        dictionary.emplace_back(entry.text);
        offsets.push_back(entry.offset);
    }
    if (plan.given == ColumnType::Boolean)
        return booleanColumn(plan, std::move(dictionary), offsets);

    const double mean = static_cast<double>(summary.length) / static_cast<double>(std::max<std::size_t>(1, summary.values));
    const bool unique = distinct == summary.values && distinct > 2;
    const bool few = distinct <= std::max(fewValues, static_cast<std::size_t>(categoryShare * static_cast<double>(summary.values)));
    const bool booleans = distinct == 2 && isBooleanPair(dictionary[0], dictionary[1]);
    if (!plan.given && (unique || !few || mean > longestCategory)) {
        guess.type = ColumnType::Text;
        if (!mostlyNumbers(index, guess)) {
            guess.reason = mean > freeTextLength ? "free-text" : "many-values";
            guess.facts.push_back({"values", std::to_string(distinct)});
            guess.facts.push_back({"share", percent(static_cast<double>(distinct) / static_cast<double>(summary.values))});
            guess.facts.push_back({"example", dictionary.front()});
        }
        std::string bytes;
        bytes.reserve(summary.length);
        std::vector<std::uint64_t> ends(m_rows + 1);
        std::vector<bool> missing(summary.values < m_rows ? m_rows : 0);
        for (std::size_t row = 0; row < m_rows; ++row) {
            if (plan.codes[row] >= 0)
                bytes += dictionary[static_cast<std::size_t>(plan.codes[row])];
            else
                missing[row] = true;
            ends[row + 1] = bytes.size();
        }
        return Column::texts(plan.name, std::move(bytes), std::move(ends), std::move(missing));
    }
    if (booleans && !plan.given) {
        guess = {ColumnType::Boolean, "two-values", {{"values", dictionary[0] + ", " + dictionary[1]}}};
        return booleanColumn(plan, std::move(dictionary), offsets);
    }
    guess.type = ColumnType::Category;
    if (!mostlyNumbers(index, guess)) {
        guess.reason = "few-values";
        guess.facts.push_back({"values", std::to_string(distinct)});
        guess.facts.push_back({"example", distinct > 0 ? dictionary.front() : ""});
    }
    return Column::categories(plan.name, std::move(plan.codes), std::move(dictionary));
}

Column Reader::booleanColumn(ColumnPlan& plan, std::vector<std::string> dictionary,
                             const std::vector<std::uint64_t>& offsets)
{
    const bool known = !dictionary.empty()
        && std::all_of(dictionary.begin(), dictionary.end(), [](const std::string& s) { return booleanValue(s) >= 0; });
    if (dictionary.size() > 2 && !known)
        throw Error(ErrorCode::ColumnTypeMismatch, {{"column", plan.name},
                                                    {"line", lineOf(offsets[2])},
                                                    {"value", dictionary[2]},
                                                    {"type", std::string(columnTypeName(ColumnType::Boolean))}});
    // The new code of each spelling, and the two spellings that are kept.
    std::vector<std::int32_t> codes(dictionary.size());
    std::vector<std::string> two;
    if (known) {
        two.resize(2);
        for (std::size_t i = 0; i < dictionary.size(); ++i) {
            codes[i] = booleanValue(dictionary[i]);
            std::string& spelling = two[static_cast<std::size_t>(codes[i])];
            if (spelling.empty())
                spelling = dictionary[i];
        }
        if (two[0].empty())
            two[0] = booleanCounterpart(two[1]);
        if (two[1].empty())
            two[1] = booleanCounterpart(two[0]);
    } else {
        two = dictionary;
        if (two.size() == 2) {
            const NumberCell a = parseNumber(two[0]), b = parseNumber(two[1]);
            const bool numbers = a.kind == NumberKind::Finite && b.kind == NumberKind::Finite;
            if (numbers ? a.value > b.value : two[0] > two[1])
                std::swap(two[0], two[1]);
        }
        for (std::size_t i = 0; i < dictionary.size(); ++i)
            codes[i] = dictionary[i] == two[0] ? 0 : 1;
    }
    for (std::int32_t& code : plan.codes)
        if (code >= 0)
            code = codes[static_cast<std::size_t>(code)];
    return Column::booleans(plan.name, std::move(plan.codes), std::move(two));
}

Column Reader::finishText(std::size_t index, const Summary& summary, TypeGuess& guess)
{
    ColumnPlan& plan = m_plans[index];
    guess.type = ColumnType::Text;
    if (!mostlyNumbers(index, guess)) {
        const double mean = static_cast<double>(summary.length) / static_cast<double>(std::max<std::size_t>(1, summary.values));
        guess.reason = mean > freeTextLength ? "free-text" : "many-values";
        guess.facts.push_back({"example", summary.values > 0 ? valueAt(summary.firstValue) : ""});
    }
    std::string bytes;
    bytes.reserve(summary.length);
    std::vector<bool> missing(summary.values < m_rows ? m_rows : 0);
    for (std::size_t c = 0; c < m_results.size(); ++c) {
        ColumnPart& part = m_results[c].columns[index];
        const std::uint64_t base = bytes.size();
        for (std::size_t row = m_chunks[c].firstRow; row < m_chunks[c].firstRow + m_chunks[c].rows; ++row)
            plan.offsets[row + 1] += base;
        bytes += part.bytes;
        part.bytes = {};
        for (const std::size_t row : part.missingRows)
            missing[row] = true;
    }
    return Column::texts(plan.name, std::move(bytes), std::move(plan.offsets), std::move(missing));
}

} // namespace

CsvResult readCsvInChunks(const std::filesystem::path& path, const CsvOptions& options, std::size_t chunkBytes,
                          Task& task)
{
    return Reader(path, options, chunkBytes, task).read();
}

} // namespace limpid::csv

namespace limpid {

CsvResult readCsv(const std::filesystem::path& path, const CsvOptions& options, Task& task)
{
    return csv::readCsvInChunks(path, options, csv::defaultChunkBytes, task);
}

} // namespace limpid
