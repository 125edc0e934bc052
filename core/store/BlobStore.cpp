#include "core/store/BlobStore.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/base/Hash.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace limpid::store {

namespace fs = std::filesystem;

namespace {

void syncFolder(const fs::path& folder)
{
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
}

} // namespace

fs::path BlobStore::path(const std::string& hash) const
{
    return m_folder / hash.substr(0, 2) / hash.substr(2);
}

void BlobStore::write(const std::string& hash, std::string_view bytes) const
{
    const fs::path file = path(hash);
    std::error_code error;
    if (fs::create_directories(file.parent_path(), error))
        syncFolder(m_folder);
    if (error)
        throwWriteError(file, error.value());
    writeFileAtomically(file, bytes);
}

std::string BlobStore::put(std::string_view bytes) const
{
    std::string hash = sha256(bytes);
    if (check(hash) != State::Good)
        write(hash, bytes);
    return hash;
}

void BlobStore::ensure(const std::string& hash, std::string_view bytes) const
{
    std::error_code error;
    if (!fs::exists(path(hash), error))
        write(hash, bytes);
}

std::string BlobStore::get(const std::string& hash) const
{
    const Facts facts = {{"hash", hash}};
    std::string bytes;
    try {
        bytes = readFile(path(hash));
    } catch (const Error& error) {
        throw Error(error.code() == ErrorCode::FileNotFound ? ErrorCode::BlobMissing : ErrorCode::BlobDamaged, facts,
                    error.what());
    }
    if (sha256(bytes) != hash)
        throw Error(ErrorCode::BlobDamaged, facts);
    return bytes;
}

void BlobStore::remove(const std::string& hash) const
{
    std::error_code ignored;
    fs::remove(path(hash), ignored);
}

BlobStore::State BlobStore::check(const std::string& hash) const
{
    std::error_code error;
    if (!fs::exists(path(hash), error))
        return State::Missing;
    try {
        return sha256OfFile(path(hash)) == hash ? State::Good : State::Damaged;
    } catch (const Error&) {
        return State::Damaged;
    }
}

std::uint64_t BlobStore::bytes(const std::string& hash) const
{
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path(hash), error);
    return error ? 0 : size;
}

void removeStrayFiles(const fs::path& folder)
{
    constexpr std::string_view prefix = ".limpid-";
    std::error_code error;
    fs::recursive_directory_iterator files(folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && files != fs::recursive_directory_iterator(); files.increment(error)) {
        const std::string name = utf8(files->path().filename());
        std::error_code ignored;
        if (!name.starts_with(prefix) || !files->is_regular_file(ignored))
            continue;
        const long process = std::strtol(name.c_str() + prefix.size(), nullptr, 10);
        const bool gone = process > 0 && ::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH;
        const fs::file_time_type written = files->last_write_time(ignored);
        const bool old = !ignored && fs::file_time_type::clock::now() - written > std::chrono::hours(24);
        if (gone || old)
            fs::remove(files->path(), ignored);
    }
}

} // namespace limpid::store
