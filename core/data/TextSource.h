#pragma once

#include "core/base/Task.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace limpid {

/// A text file's bytes as UTF-8 without its byte order mark: mapped into memory where they are stored so, and otherwise
/// (.gz, UTF-16, lines that end in a lone CR) brought into that form in memory.
/// Whether the bytes are valid is not checked here, but for UTF-16.
class TextSource
{
public:
    /// Throws FileNotFound, FileIsFolder, FileUnreadable, FileEmpty (also where there is nothing but white space),
    /// FileCompression, FileEncoding, Cancelled.
    TextSource(const std::filesystem::path& path, const Task& task);
    ~TextSource();
    TextSource(const TextSource&) = delete;
    TextSource& operator=(const TextSource&) = delete;

    std::string_view text() const { return m_text; }
    /// "UTF-8", "UTF-8 with BOM", "UTF-16LE", "UTF-16BE".
    const std::string& encoding() const { return m_encoding; }
    /// Of the file as stored.
    std::uint64_t storedBytes() const { return m_storedBytes; }

    /// Lets the machine take back the memory of text [begin, end). Reading it again brings it back from the file.
    void release(std::size_t begin, std::size_t end) const;

private:
    void map(const std::filesystem::path& path);
    void own(std::string text);

    const char* m_mapping = nullptr;
    std::size_t m_mappedBytes = 0;
    std::string m_owned;
    std::string_view m_text;
    std::string m_encoding = "UTF-8";
    std::uint64_t m_storedBytes = 0;
};

} // namespace limpid
