#include "core/jobs/Machine.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#include <unistd.h>
#endif

namespace limpid {

namespace {

namespace fs = std::filesystem;

/// The number in a line such as "MemTotal:  16 kB".
std::optional<std::uint64_t> named(const fs::path& path, const std::string& name)
{
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string key;
        std::uint64_t value = 0;
        if (words >> key >> value && key == name)
            return value;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> kilobytes(const fs::path& path, const std::string& name)
{
    const std::optional<std::uint64_t> value = named(path, name);
    return value ? std::optional(*value * 1024) : std::nullopt;
}

/// A file that holds one number; nothing for "max".
std::optional<std::uint64_t> number(const fs::path& path)
{
    std::ifstream file(path);
    std::uint64_t value = 0;
    if (!(file >> value))
        return std::nullopt;
    return value;
}

/// cpu.max holds "QUOTA PERIOD" in microseconds, or "max PERIOD".
std::optional<int> quotaCores(const fs::path& path)
{
    std::ifstream file(path);
    double quota = 0.0, period = 0.0;
    if (!(file >> quota >> period) || quota <= 0.0 || period <= 0.0)
        return std::nullopt;
    return std::max(1, static_cast<int>(std::ceil(quota / period)));
}

int affineCores()
{
#ifdef __linux__
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) // fails beyond 1024 hardware threads
        return CPU_COUNT(&set);
#endif
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

} // namespace

SystemMachine::SystemMachine(const fs::path& root)
    : m_root(root), m_energy(root / "sys/class/powercap"),
      m_designWatts(EnergyCounter::designWatts(root / "sys/class/powercap"))
{
}

double SystemMachine::seconds() const
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::vector<fs::path> SystemMachine::groups() const
{
    // cgroups(7): the line of version 2 is "0::/path/of/the/group".
    std::ifstream file(m_root / "proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("0::/"))
            continue;
        const fs::path top = m_root / "sys/fs/cgroup";
        std::vector<fs::path> groups{top};
        for (const fs::path& part : fs::path(line.substr(4)))
            if (!part.empty())
                groups.insert(groups.begin(), groups.front() / part);
        return groups;
    }
    return {};
}

int SystemMachine::cores() const
{
    int cores = affineCores();
    for (const fs::path& group : groups())
        cores = std::min(cores, quotaCores(group / "cpu.max").value_or(cores));
    return cores;
}

int SystemMachine::hardwareCores() const
{
#ifdef __linux__
    return static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
#else
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
#endif
}

std::optional<MachineMemory> SystemMachine::memory() const
{
    const fs::path info = m_root / "proc/meminfo";
    const std::optional<std::uint64_t> total = kilobytes(info, "MemTotal:");
    const std::optional<std::uint64_t> available = kilobytes(info, "MemAvailable:");
    if (!total || !available)
        return std::nullopt;
    MachineMemory memory{*total, *available};
    for (const fs::path& group : groups()) {
        const std::optional<std::uint64_t> most = number(group / "memory.max");
        const std::optional<std::uint64_t> now = number(group / "memory.current");
        if (!most || !now)
            continue;
        const std::uint64_t pages = std::min(*now, named(group / "memory.stat", "inactive_file").value_or(0));
        memory.total = std::min(memory.total, *most);
        memory.available = std::min(memory.available, *most - std::min(*now - pages, *most));
    }
    return memory;
}

std::optional<ProcessMemory> SystemMachine::process() const
{
    const fs::path status = m_root / "proc/self/status";
    const std::optional<std::uint64_t> resident = kilobytes(status, "VmRSS:");
    const std::optional<std::uint64_t> peak = kilobytes(status, "VmHWM:");
    if (!resident || !peak)
        return std::nullopt;
    return ProcessMemory{*resident, std::max(*resident, *peak)};
}

std::optional<double> SystemMachine::joules()
{
    const std::lock_guard lock(m_energyMutex);
    return m_energy.joules();
}

} // namespace limpid
