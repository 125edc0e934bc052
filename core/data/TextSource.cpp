#include "core/data/TextSource.h"

#include "core/base/Error.h"
#include "core/base/File.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace limpid {

namespace fs = std::filesystem;

namespace {

Error unreadable(const fs::path& path, int errorNumber)
{
    return Error(ErrorCode::FileUnreadable, {{"path", utf8(path)}, {"reason", std::strerror(errorNumber)}});
}

/// Closes a file descriptor, or ends zlib's state, on every way out.
struct FileHandle {
    int descriptor;
    ~FileHandle()
    {
        if (descriptor >= 0)
            ::close(descriptor);
    }
};

struct Inflater {
    z_stream stream{};
    ~Inflater() { inflateEnd(&stream); }
};

std::string inflated(std::string_view packed, const fs::path& path, const Task& task)
{
    const auto broken = [&](const char* reason) {
        return Error(ErrorCode::FileCompression, {{"path", utf8(path)}, {"reason", reason}});
    };
    Inflater inflater;
    z_stream& stream = inflater.stream;
    if (inflateInit2(&stream, 15 + 16) != Z_OK) // 16: gzip only
        throw broken("zlib");
    std::string text;
    std::string block(std::size_t{1} << 18, '\0');
    std::size_t taken = 0;
    for (bool ended = false; !ended || taken < packed.size() || stream.avail_in > 0;) {
        task.checkpoint();
        if (stream.avail_in == 0) {
            const std::size_t size = std::min<std::size_t>(packed.size() - taken, std::size_t{1} << 18);
            if (size == 0)
                throw broken("the end is missing");
            // zlib's interface takes a non-const pointer and does not write to it.
            stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken));
            stream.avail_in = static_cast<uInt>(size);
            taken += size;
        }
        if (ended) { // one gzip file may be several, one after another; what else follows is padding
            if (*stream.next_in != 0x1f)
                break;
            inflateReset(&stream);
            ended = false;
        }
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = static_cast<uInt>(block.size());
        const int result = ::inflate(&stream, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            throw broken(stream.msg ? stream.msg : "damaged");
        text.append(block.data(), block.size() - stream.avail_out);
        ended = result == Z_STREAM_END;
    }
    return text;
}

void appendUtf8(std::string& text, std::uint32_t c)
{
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xc0 | (c >> 6));
        text += static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        text += static_cast<char>(0xe0 | (c >> 12));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (c & 0x3f));
    } else {
        text += static_cast<char>(0xf0 | (c >> 18));
        text += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (c & 0x3f));
    }
}

std::string fromUtf16(std::string_view bytes, bool bigEndian, const fs::path& path, const Task& task)
{
    const auto unit = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(bytes[at]);
        const auto second = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<std::uint32_t>(bigEndian ? first << 8 | second : second << 8 | first);
    };
    std::string text;
    text.reserve(bytes.size() / 2 + bytes.size() / 8);
    std::size_t line = 1;
    const auto broken = [&](std::size_t at) {
        return Error(ErrorCode::FileEncoding, {{"path", utf8(path)},
                                               {"line", std::to_string(line)},
                                               {"offset", std::to_string(at)}});
    };
    for (std::size_t at = 2; at < bytes.size(); at += 2) {
        if ((at & 0xfffff) == 0)
            task.checkpoint();
        if (at + 1 == bytes.size())
            throw broken(at);
        std::uint32_t c = unit(at);
        if (c >= 0xdc00 && c < 0xe000)
            throw broken(at);
        if (c >= 0xd800 && c < 0xdc00) {
            const std::uint32_t low = at + 3 < bytes.size() ? unit(at + 2) : 0;
            if (low < 0xdc00 || low >= 0xe000)
                throw broken(at);
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            at += 2;
        }
        line += c == '\n' ? 1 : 0;
        appendUtf8(text, c);
    }
    return text;
}

} // namespace

TextSource::TextSource(const fs::path& path, const Task& task)
{
    map(path);
    if (m_text.starts_with("\x1f\x8b"))
        own(inflated(m_text, path, task));
    if (m_text.starts_with("\xff\xfe") || m_text.starts_with("\xfe\xff")) {
        const bool bigEndian = m_text.front() == '\xfe';
        m_encoding = bigEndian ? "UTF-16BE" : "UTF-16LE";
        own(fromUtf16(m_text, bigEndian, path, task));
    } else if (m_text.starts_with("\xef\xbb\xbf")) {
        m_encoding = "UTF-8 with BOM";
        m_text.remove_prefix(3);
    }
    if (m_text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        throw Error(ErrorCode::FileEmpty, {{"path", utf8(path)}});
    // Lines ended by CR alone, as old spreadsheets on a Mac still write them.
    if (m_text.find('\n') == std::string_view::npos && m_text.find('\r') != std::string_view::npos) {
        std::string text(m_text);
        std::replace(text.begin(), text.end(), '\r', '\n');
        own(std::move(text));
    }
}

TextSource::~TextSource()
{
    if (m_mapping)
        ::munmap(const_cast<char*>(m_mapping), m_mappedBytes);
}

void TextSource::map(const fs::path& path)
{
    requireFile(path);
    const FileHandle file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.descriptor < 0)
        throw unreadable(path, errno);
    struct stat facts {};
    if (::fstat(file.descriptor, &facts) != 0)
        throw unreadable(path, errno);
    if (S_ISREG(facts.st_mode) && facts.st_size > 0) {
        const auto size = static_cast<std::size_t>(facts.st_size);
        void* mapping = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor, 0);
        if (mapping != MAP_FAILED) {
            m_mapping = static_cast<const char*>(mapping);
            m_mappedBytes = size;
            m_text = {m_mapping, size};
            m_storedBytes = size;
            return;
        }
    }
    // A pipe, or a file system that can't map.
    std::string bytes;
    std::string block(std::size_t{1} << 16, '\0');
    for (;;) {
        const ssize_t got = ::read(file.descriptor, block.data(), block.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            throw unreadable(path, errno);
        if (got == 0)
            break;
        bytes.append(block.data(), static_cast<std::size_t>(got));
    }
    m_storedBytes = bytes.size();
    own(std::move(bytes));
}

void TextSource::own(std::string text)
{
    m_owned = std::move(text);
    m_text = m_owned;
    if (m_mapping)
        ::munmap(const_cast<char*>(m_mapping), m_mappedBytes);
    m_mapping = nullptr;
}

void TextSource::release(std::size_t begin, std::size_t end) const
{
    if (!m_mapping)
        return;
    static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const auto shift = static_cast<std::size_t>(m_text.data() - m_mapping);
    const std::size_t first = (begin + shift + page - 1) / page * page;
    const std::size_t last = (end + shift) / page * page;
    if (first < last)
        ::madvise(const_cast<char*>(m_mapping) + first, last - first, MADV_DONTNEED);
}

} // namespace limpid
