#include "core/data/CsvScan.h"

#include "core/data/Cells.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>

namespace limpid::csv {

Field takeField(const char*& p, const char* end, char separator)
{
    Field field;
    if (p < end && *p == '"') {
        field.quoted = true;
        const char* begin = ++p;
        for (;;) {
            p = static_cast<const char*>(std::memchr(p, '"', static_cast<std::size_t>(end - p)));
            if (!p) {
                p = end;
                field.closed = false;
                field.content = {begin, static_cast<std::size_t>(end - begin)};
                return field;
            }
            if (p + 1 < end && p[1] == '"') {
                field.escaped = true;
                p += 2;
                continue;
            }
            break;
        }
        const char* closing = p++;
        const char* after = p;
        while (p < end && *p != separator && *p != '\n')
            ++p;
        const char* last = p;
        if (last > after && last[-1] == '\r' && (p == end || *p == '\n'))
            --last;
        if (last == after) {
            field.content = {begin, static_cast<std::size_t>(closing - begin)};
        } else { // something follows the closing quote: it is kept, as other readers do
            field.escaped = true;
            field.content = {begin, static_cast<std::size_t>(last - begin)};
        }
        return field;
    }
    const char* begin = p;
    while (p < end && *p != separator && *p != '\n')
        ++p;
    const char* last = p;
    if (last > begin && last[-1] == '\r' && (p == end || *p == '\n'))
        --last;
    field.content = {begin, static_cast<std::size_t>(last - begin)};
    return field;
}

std::string unescape(std::string_view content)
{
    std::string text;
    text.reserve(content.size());
    bool inside = true;
    for (std::size_t i = 0; i < content.size(); ++i) {
        if (content[i] != '"' || !inside) {
            text += content[i];
        } else if (i + 1 < content.size() && content[i + 1] == '"') {
            text += '"';
            ++i;
        } else {
            inside = false; // the closing quote
        }
    }
    return text;
}

void takeRecord(const char*& p, const char* end, char separator, std::vector<Field>& fields)
{
    fields.clear();
    for (;;) {
        fields.push_back(takeField(p, end, separator));
        if (p == end)
            return;
        if (*p++ == '\n')
            return;
        if (p == end) { // the text ends in a separator: one more, empty field
            fields.push_back({});
            return;
        }
    }
}

void skipBlankLines(const char*& p, const char* end)
{
    for (; p < end; ++p) {
        if (*p == '\r' && (p + 1 == end || p[1] == '\n'))
            continue;
        if (*p != '\n')
            return;
    }
}

std::size_t lineAt(std::string_view text, std::size_t offset)
{
    return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

char guessSeparator(std::string_view text)
{
    constexpr std::size_t sampleBytes = std::size_t{1} << 18;
    constexpr std::size_t sampleRecords = 100;
    constexpr std::array<char, 4> candidates{',', ';', '\t', '|'};
    const bool cut = text.size() > sampleBytes;
    text = text.substr(0, sampleBytes);
    char best = ',';
    double bestShare = 0.0;
    std::size_t bestWidth = 1;
    std::vector<Field> fields;
    for (const char candidate : candidates) {
        const char* p = text.data();
        const char* end = p + text.size();
        std::size_t width = 0, records = 0, even = 0;
        for (skipBlankLines(p, end); p < end && records < sampleRecords; skipBlankLines(p, end)) {
            takeRecord(p, end, candidate, fields);
            if (p == end && cut && records > 0)
                break; // the sample's end cut it
            if (records++ == 0)
                width = fields.size();
            even += fields.size() == width ? 1 : 0;
        }
        if (width < 2)
            continue;
        const double share = static_cast<double>(even) / static_cast<double>(records);
        if (share > bestShare || (share == bestShare && width > bestWidth)) {
            best = candidate;
            bestShare = share;
            bestWidth = width;
        }
    }
    return best;
}

std::vector<std::string> readHeader(std::string_view text, char separator, const std::string& path,
                                    std::size_t& bodyOffset)
{
    const char* p = text.data();
    const char* end = p + text.size();
    skipBlankLines(p, end);
    const auto start = static_cast<std::size_t>(p - text.data());
    std::vector<Field> fields;
    takeRecord(p, end, separator, fields);
    if (!fields.back().closed)
        throw Error(ErrorCode::TableUnclosedQuote,
                    {{"path", path}, {"line", std::to_string(lineAt(text, start))}});
    bodyOffset = static_cast<std::size_t>(p - text.data());

    std::vector<std::string> names;
    std::set<std::string, std::less<>> seen;
    for (const Field& field : fields) {
        std::string name(trimmed(field.escaped ? unescape(field.content) : std::string(field.content)));
        if (name.empty())
            throw Error(ErrorCode::TableEmptyColumnName,
                        {{"path", path}, {"position", std::to_string(names.size() + 1)}});
        if (!seen.insert(name).second)
            throw Error(ErrorCode::TableDuplicateColumn, {{"path", path}, {"column", name}});
        names.push_back(std::move(name));
    }
    return names;
}

void parallelFor(std::size_t count, int threads, Task& task, double from, double to,
                 const std::function<void(std::size_t)>& work)
{
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    std::exception_ptr failure;
    std::mutex mutex;
    const auto loop = [&](bool reports) {
        try {
            for (std::size_t i = next++; i < count && !failed; i = next++) {
                task.checkpoint();
                work(i);
                if (reports && to > from)
                    task.report(from + (to - from) * static_cast<double>(i + 1) / static_cast<double>(count), "read");
            }
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failed.exchange(true))
                failure = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < std::min(count, static_cast<std::size_t>(std::max(1, threads))); ++i)
            helpers.emplace_back(loop, false);
        loop(true);
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace limpid::csv
