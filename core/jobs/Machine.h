#pragma once

#include "core/jobs/EnergyCounter.h"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

namespace limpid {

struct MachineMemory {
    std::uint64_t total = 0;     ///< bytes that this process could ever have
    std::uint64_t available = 0; ///< bytes that it could take now without anything being swapped out
};

struct ProcessMemory {
    std::uint64_t resident = 0; ///< bytes now
    std::uint64_t peak = 0;     ///< the most since the process began
};

/// What the job queue asks about the machine; tests answer in its place. Any thread may ask. Nothing where it can't tell.
class Machine
{
public:
    virtual ~Machine() = default;
    virtual double seconds() const = 0; ///< a clock that never runs backwards
    virtual int cores() const = 0;      ///< that this process may use; at least 1
    virtual int hardwareCores() const = 0; ///< that the machine has, whoever may use them; at least 1
    virtual std::optional<MachineMemory> memory() const = 0;
    virtual std::optional<ProcessMemory> process() const = 0;
    /// Energy since the first call, wrap-around undone as long as it is asked every minute or so.
    virtual std::optional<double> joules() = 0;
    virtual std::optional<double> designWatts() const = 0; ///< thermal design power of all packages
};

/// This machine, from the clock, the scheduler's affinity and Linux's /proc and /sys.
/// - cores: hardware threads, less what sched_getaffinity(2) withholds and what a cgroup v2 quota (cpu.max, here and in
///   the groups above) leaves, rounded up.
/// - memory: MemTotal and MemAvailable of /proc/meminfo; where that is less, memory.max less memory.current of a cgroup v2
///   here or above, whose file pages out of use (inactive_file of memory.stat) count as free.
/// - process: VmRSS and VmHWM of /proc/self/status.
class SystemMachine : public Machine
{
public:
    /// `root` holds proc/ and sys/.
    explicit SystemMachine(const std::filesystem::path& root = "/");

    double seconds() const override;
    int cores() const override;
    int hardwareCores() const override;
    std::optional<MachineMemory> memory() const override;
    std::optional<ProcessMemory> process() const override;
    std::optional<double> joules() override;
    std::optional<double> designWatts() const override { return m_designWatts; }

private:
    /// This process's cgroup v2 folder and those above it, the innermost first.
    std::vector<std::filesystem::path> groups() const;

    std::filesystem::path m_root;
    std::mutex m_energyMutex;
    EnergyCounter m_energy;
    std::optional<double> m_designWatts;
};

} // namespace limpid
