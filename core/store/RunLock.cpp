#include "core/store/RunLock.h"

#include "core/base/Error.h"
#include "core/base/File.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace limpid::store {

RunLock::RunLock(RunLock&& other) noexcept
    : m_path(std::move(other.m_path)), m_file(std::exchange(other.m_file, -1))
{
}

RunLock& RunLock::operator=(RunLock&& other) noexcept
{
    if (this != &other) {
        release();
        m_path = std::move(other.m_path);
        m_file = std::exchange(other.m_file, -1);
    }
    return *this;
}

RunLock RunLock::take(const std::filesystem::path& file)
{
    RunLock lock;
    lock.m_path = file;
    lock.m_file = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock.m_file < 0) {
        const Facts facts = {{"path", utf8(file)}, {"reason", std::strerror(errno)}};
        throw Error(errno == ENOSPC || errno == EDQUOT ? ErrorCode::DiskFull : ErrorCode::WorkspaceUnwritable, facts);
    }
    if (::flock(lock.m_file, LOCK_EX | LOCK_NB) != 0) {
        ::close(std::exchange(lock.m_file, -1)); // theirs: the file stays
        throw Error(ErrorCode::WorkspaceBusy, {{"path", utf8(file)}});
    }
    return lock;
}

bool RunLock::isHeld(const std::filesystem::path& path)
{
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0)
        return errno != ENOENT;
    const bool held = ::flock(file, LOCK_SH | LOCK_NB) != 0;
    ::close(file);
    return held;
}

void RunLock::reserve(std::uint64_t bytes)
{
    const int failed = bytes > 0 ? ::posix_fallocate(m_file, 0, static_cast<off_t>(bytes)) : 0;
    if (failed == ENOSPC || failed == EDQUOT || failed == EFBIG)
        throw Error(ErrorCode::DiskFull, {{"path", utf8(m_path)}}); // other failures: a file system that can't, so be it
}

void RunLock::giveBackReserve()
{
    if (m_file >= 0 && ::ftruncate(m_file, 0) != 0)
        return; // shrinking a file of our own has no way to fail that could be helped here
}

void RunLock::release()
{
    if (m_file < 0)
        return;
    ::unlink(m_path.c_str()); // before the lock goes, so that nobody locks a file that is about to vanish
    ::close(std::exchange(m_file, -1));
}

} // namespace limpid::store
