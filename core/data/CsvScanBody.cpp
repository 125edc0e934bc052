#include "core/base/Error.h"
#include "core/data/CsvScan.h"

#include <algorithm>
#include <cstring>

namespace limpid::csv {

namespace {

constexpr std::size_t nowhere = ~std::size_t{0};

/// What a stretch of text holds, seen from either state that it may begin in.
struct Stretch {
    struct FromState {
        std::size_t rows = 0;              ///< records that begin here and are no empty lines
        std::size_t firstRecord = nowhere; ///< where the first line begins that begins outside quotes
        bool endsQuoted = false;
    };
    std::size_t begin = 0, end = 0;
    bool suspicious = false;               ///< holds NUL or invalid UTF-8
    FromState outside, inside;             ///< beginning at a record's start, or within quotes
};

/// Sixteen bytes at once, in the compilers' portable vectors.
using Bytes = unsigned char __attribute__((vector_size(16)));
using Words = unsigned long long __attribute__((vector_size(16)));

Bytes load(const char* p)
{
    Bytes bytes;
    std::memcpy(&bytes, p, sizeof bytes);
    return bytes;
}

bool any(Bytes bytes)
{
    Words words;
    std::memcpy(&words, &bytes, sizeof words);
    return (words[0] | words[1]) != 0;
}

struct Survey {
    std::size_t lines = 0;     ///< that are not empty
    bool quotes = false;
    bool nul = false;
    bool highBytes = false;
};

/// Counts lines as if there were no quotes, and tells whether that was right to do. The two bytes before `begin` are
/// readable: the header is there.
Survey survey(const char* begin, const char* end)
{
    Survey result;
    const char* p = begin;
    Bytes quotes{}, nul{}, high{};
    while (end - p >= 16) {
        // Counts are kept per lane, which holds 255 at most.
        Bytes counts{};
        const char* stop = p + std::min<std::ptrdiff_t>((end - p) / 16, 255) * 16;
        for (; p < stop; p += 16) {
            const Bytes here = load(p);
            const Bytes before = load(p - 1);
            const auto newline = reinterpret_cast<Bytes>(here == '\n');
            const auto empty = reinterpret_cast<Bytes>(before == '\n')
                | (reinterpret_cast<Bytes>(before == '\r') & reinterpret_cast<Bytes>(load(p - 2) == '\n'));
            counts += newline & ~empty & 1;
            quotes |= reinterpret_cast<Bytes>(here == '"');
            nul |= reinterpret_cast<Bytes>(here == 0);
            high |= here;
        }
        for (int lane = 0; lane < 16; ++lane)
            result.lines += counts[lane];
    }
    result.quotes = any(quotes);
    result.nul = any(nul);
    result.highBytes = any(high & 0x80);
    for (; p < end; ++p) {
        if (*p == '\n' && p[-1] != '\n' && !(p[-1] == '\r' && p[-2] == '\n'))
            ++result.lines;
        result.quotes |= *p == '"';
        result.nul |= *p == 0;
        result.highBytes |= static_cast<unsigned char>(*p) >= 0x80;
    }
    const char* tail = end; // a last line without a newline
    if (tail > begin && tail[-1] == '\r')
        --tail;
    if (end > begin && end[-1] != '\n' && tail > begin && tail[-1] != '\n')
        ++result.lines;
    return result;
}

/// Offset of the first byte that is not UTF-8, or `nowhere`. Overlong forms, surrogates and what lies beyond U+10FFFF
/// are not (RFC 3629).
std::size_t firstInvalid(std::string_view text)
{
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const auto continues = [&](std::size_t i) { return (at(i) & 0xc0) == 0x80; };
    for (std::size_t i = 0; i < text.size();) {
        std::uint64_t word;
        if (i + 8 <= text.size()) {
            std::memcpy(&word, text.data() + i, 8);
            if ((word & 0x8080808080808080ULL) == 0) {
                i += 8;
                continue;
            }
        }
        const unsigned c = at(i);
        if (c < 0x80)
            i += 1;
        else if (c >= 0xc2 && c < 0xe0 && continues(i + 1))
            i += 2;
        else if (c >= 0xe0 && c < 0xf0 && continues(i + 1) && continues(i + 2) && !(c == 0xe0 && at(i + 1) < 0xa0)
                 && !(c == 0xed && at(i + 1) >= 0xa0))
            i += 3;
        else if (c >= 0xf0 && c < 0xf5 && continues(i + 1) && continues(i + 2) && continues(i + 3)
                 && !(c == 0xf0 && at(i + 1) < 0x90) && !(c == 0xf4 && at(i + 1) >= 0x90))
            i += 4;
        else
            return i;
    }
    return nowhere;
}

/// Follows the quotes byte by byte, as takeField() does.
Stretch::FromState follow(std::string_view text, std::size_t begin, std::size_t end, char separator, bool quoted)
{
    Stretch::FromState result;
    enum { FieldStart, Plain, Quoted, QuoteSeen } state = quoted ? Quoted : FieldStart;
    const auto recordStarts = [&](std::size_t at) {
        if (at >= end)
            return;
        if (result.firstRecord == nowhere)
            result.firstRecord = at;
        const bool empty = text[at] == '\n' || (text[at] == '\r' && (at + 1 == end || text[at + 1] == '\n'));
        result.rows += empty ? 0 : 1;
    };
    if (!quoted)
        recordStarts(begin);
    for (std::size_t i = begin; i < end; ++i) {
        const char c = text[i];
        if (state == Quoted) {
            if (c == '"')
                state = QuoteSeen;
        } else if (c == '\n') {
            state = FieldStart;
            recordStarts(i + 1);
        } else if (c == '"' && (state == FieldStart || state == QuoteSeen)) {
            state = Quoted;
        } else if (c == separator) {
            state = FieldStart;
        } else {
            state = Plain;
        }
    }
    result.endsQuoted = state == Quoted;
    return result;
}

void scan(Stretch& stretch, std::string_view text, char separator)
{
    const Survey found = survey(text.data() + stretch.begin, text.data() + stretch.end);
    if (found.nul
        || (found.highBytes
            && firstInvalid(text.substr(stretch.begin, stretch.end - stretch.begin)) != nowhere))
        stretch.suspicious = true;
    if (found.quotes) {
        stretch.outside = follow(text, stretch.begin, stretch.end, separator, false);
        stretch.inside = follow(text, stretch.begin, stretch.end, separator, true);
    } else {
        stretch.outside = {found.lines, stretch.begin, false};
        stretch.inside = {0, nowhere, true};
    }
}

[[noreturn]] void throwInvalid(std::string_view text, const std::string& path)
{
    const std::size_t invalid = firstInvalid(text);
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f'; };
    const std::string_view start = text.substr(0, 4096);
    const auto controls = static_cast<std::size_t>(std::count_if(start.begin(), start.end(), isControl));
    if (invalid == nowhere || text.find('\0') != std::string_view::npos || controls * 20 > start.size())
        throw Error(ErrorCode::FileBinary, {{"path", path}});
    throw Error(ErrorCode::FileEncoding, {{"path", path},
                                          {"line", std::to_string(lineAt(text, invalid))},
                                          {"offset", std::to_string(invalid)}});
}

/// Where the quote opens that nothing closes.
std::size_t unclosedQuote(std::string_view text, std::size_t bodyOffset, char separator)
{
    const char* p = text.data() + bodyOffset;
    const char* end = text.data() + text.size();
    std::size_t opened = bodyOffset;
    while (p < end) {
        if (*p == '"')
            opened = static_cast<std::size_t>(p - text.data());
        takeField(p, end, separator);
        if (p < end)
            ++p;
    }
    return opened;
}

} // namespace

std::vector<Chunk> scanBody(const TextSource& source, std::size_t bodyOffset, char separator, std::size_t chunkBytes,
                            int threads, const std::string& path, Task& task)
{
    const std::string_view text = source.text();
    std::vector<Stretch> stretches;
    for (std::size_t begin = bodyOffset; begin < text.size();) {
        const std::size_t newline = text.find('\n', std::min(begin + chunkBytes, text.size()) - 1);
        const std::size_t end = newline == std::string_view::npos ? text.size() : newline + 1;
        stretches.push_back({begin, end, false, {}, {}});
        begin = end;
    }
    parallelFor(stretches.size(), threads, task, 0.0, 0.3, [&](std::size_t i) {
        scan(stretches[i], text, separator);
        source.release(stretches[i].begin, stretches[i].end);
    });
    const bool suspicious = std::any_of(stretches.begin(), stretches.end(), [](const Stretch& s) { return s.suspicious; });
    if (suspicious || text.substr(0, bodyOffset).find('\0') != std::string_view::npos
        || firstInvalid(text.substr(0, bodyOffset)) != nowhere)
        throwInvalid(text, path);

    std::vector<Chunk> chunks;
    bool quoted = false;
    std::size_t row = 0;
    for (const Stretch& stretch : stretches) {
        const Stretch::FromState& seen = quoted ? stretch.inside : stretch.outside;
        if (seen.firstRecord != nowhere) {
            if (!chunks.empty())
                chunks.back().end = seen.firstRecord;
            chunks.push_back({seen.firstRecord, text.size(), row, seen.rows});
            row += seen.rows;
        }
        quoted = seen.endsQuoted;
    }
    if (quoted)
        throw Error(ErrorCode::TableUnclosedQuote,
                    {{"path", path}, {"line", std::to_string(lineAt(text, unclosedQuote(text, bodyOffset, separator)))}});
    return chunks;
}

} // namespace limpid::csv
