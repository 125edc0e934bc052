#pragma once

#include <cstdint>
#include <filesystem>

namespace limpid::store {

/// An OS lock on a file, held by the process that runs a run. The system gives it up when the process ends in any way, so
/// whoever gets it knows that the run is dead. Bound to the open file (flock), so two Workspaces in one process differ.
class RunLock
{
public:
    RunLock() = default;
    ~RunLock() { release(); }
    RunLock(RunLock&& other) noexcept;
    RunLock& operator=(RunLock&& other) noexcept;

    /// Creates the file and takes the lock. Throws WorkspaceUnwritable, DiskFull, WorkspaceBusy (someone has it).
    static RunLock take(const std::filesystem::path& file);
    /// Whether a living process (or another Workspace) holds the lock. False where there is no file.
    static bool isHeld(const std::filesystem::path& file);

    /// Takes up that much of the disk, to be given back when the run's result is to be written: a disk that fills up
    /// meanwhile then costs no result. Throws DiskFull.
    void reserve(std::uint64_t bytes);
    void giveBackReserve();

    /// Gives it up and removes the file.
    void release();

private:
    std::filesystem::path m_path;
    int m_file = -1;
};

} // namespace limpid::store
