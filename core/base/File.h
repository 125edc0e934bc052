#pragma once

#include <filesystem>
#include <iosfwd>
#include <limits>
#include <string>
#include <string_view>

namespace limpid {

/// That there is a file to be opened; a pipe or a device is one, too. Throws FileNotFound, FileIsFolder, FileUnreadable.
void requireFile(const std::filesystem::path& path);

/// Open for reading, as bytes. Throws FileNotFound, FileIsFolder, FileUnreadable.
std::ifstream openToRead(const std::filesystem::path& path);

/// The whole file, or its first `most` bytes. Throws FileNotFound, FileIsFolder, FileUnreadable.
std::string readFile(const std::filesystem::path& path, std::size_t most = std::numeric_limits<std::size_t>::max());

/// Writes beside `path`, fsyncs, renames over it and fsyncs the folder: after a crash there is the old file or the
/// new one, never half. Throws DiskFull, FileUnwritable.
void writeFileAtomically(const std::filesystem::path& path, std::string_view bytes);

/// The Error for a failed call on `path`, from errno: DiskFull for ENOSPC and EDQUOT, else FileUnwritable.
[[noreturn]] void throwWriteError(const std::filesystem::path& path, int errorNumber);

/// UTF-8 text of a path.
std::string utf8(const std::filesystem::path& path);

} // namespace limpid
