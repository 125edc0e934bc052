#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace limpid::store {

/// Files named by the SHA-256 of their bytes: blobs/ab/cdef…. Safe among threads and processes: a blob appears whole
/// (temp file, fsync, rename, fsync of the folder) or not at all, and two writers of one blob write the same bytes.
class BlobStore
{
public:
    explicit BlobStore(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Durable on return. A damaged file of that name is replaced. Throws DiskFull, FileUnwritable.
    std::string put(std::string_view bytes) const;
    /// As put() for a hash that is known, when the file may have been collected meanwhile: only looks whether it is there.
    void ensure(const std::string& hash, std::string_view bytes) const;
    /// Verified. Throws BlobMissing, BlobDamaged.
    std::string get(const std::string& hash) const;
    void remove(const std::string& hash) const;

    enum class State { Good, Missing, Damaged };
    State check(const std::string& hash) const;
    std::uint64_t bytes(const std::string& hash) const; ///< 0 where missing

    std::filesystem::path path(const std::string& hash) const;
    const std::filesystem::path& folder() const { return m_folder; }

private:
    void write(const std::string& hash, std::string_view bytes) const;

    std::filesystem::path m_folder;
};

/// Removes what writeFileAtomically left behind in `folder` and its folders (".limpid-<pid>-…") when its process died:
/// older than a day, or the process is gone.
void removeStrayFiles(const std::filesystem::path& folder);

} // namespace limpid::store
