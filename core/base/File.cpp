#include "core/base/File.h"

#include "core/base/Error.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace limpid {

namespace fs = std::filesystem;

std::string utf8(const fs::path& path)
{
    const auto text = path.u8string();
    return {text.begin(), text.end()};
}

namespace {

Error unreadable(const fs::path& path, int errorNumber)
{
    return Error(ErrorCode::FileUnreadable, {{"path", utf8(path)}, {"reason", std::strerror(errorNumber)}});
}

} // namespace

void requireFile(const fs::path& path)
{
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found)
        throw Error(ErrorCode::FileNotFound, {{"path", utf8(path)}});
    if (fs::is_directory(status))
        throw Error(ErrorCode::FileIsFolder, {{"path", utf8(path)}});
    if (error)
        throw unreadable(path, error.value());
}

std::ifstream openToRead(const fs::path& path)
{
    requireFile(path);
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        throw unreadable(path, errno);
    return stream;
}

std::string readFile(const fs::path& path, std::size_t most)
{
    constexpr std::size_t block = std::size_t{1} << 20;
    std::ifstream stream = openToRead(path);
    std::string bytes;
    // Grown as it comes: a pipe or a device does not say how long it is.
    while (stream && bytes.size() < most) {
        const std::size_t had = bytes.size();
        bytes.resize(had + std::min(block, most - had));
        stream.read(bytes.data() + had, static_cast<std::streamsize>(bytes.size() - had));
        bytes.resize(had + static_cast<std::size_t>(stream.gcount()));
    }
    if (stream.bad())
        throw unreadable(path, errno);
    return bytes;
}

void throwWriteError(const fs::path& path, int errorNumber)
{
    if (errorNumber == ENOSPC || errorNumber == EDQUOT)
        throw Error(ErrorCode::DiskFull, {{"path", utf8(path)}});
    throw Error(ErrorCode::FileUnwritable, {{"path", utf8(path)}, {"reason", std::strerror(errorNumber)}});
}

void writeFileAtomically(const fs::path& path, std::string_view bytes)
{
    fs::path folder = path.parent_path();
    if (folder.empty())
        folder = ".";
    const fs::path temporary = folder / (".limpid-" + std::to_string(::getpid()) + "-XXXXXX");
    std::string name = temporary.string();
    const int file = ::mkstemp(name.data());
    if (file < 0)
        throwWriteError(path, errno);
    const auto giveUp = [&](int errorNumber) {
        ::close(file);
        ::unlink(name.c_str());
        throwWriteError(path, errorNumber);
    };
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            giveUp(errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    // mkstemp makes it private; what we leave behind has the user's usual rights.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(file, 0666 & ~mask) != 0 || ::fsync(file) != 0)
        giveUp(errno);
    if (::close(file) != 0 || ::rename(name.c_str(), path.c_str()) != 0) {
        const int errorNumber = errno;
        ::unlink(name.c_str());
        throwWriteError(path, errorNumber);
    }
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
}

} // namespace limpid
