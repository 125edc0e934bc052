#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace limpid {

/// How busy the machine is and how much memory we hold, read once a second on a thread of its own, so that the window
/// never waits for the system. Linux only; elsewhere nothing is known.
class SystemLoad
{
public:
    SystemLoad();
    ~SystemLoad();
    SystemLoad(const SystemLoad&) = delete;
    SystemLoad& operator=(const SystemLoad&) = delete;

    /// Busy share of all cores in the last second, 0 to 100; -1: not known.
    int cpuPercent() const { return m_cpuPercent; }
    /// Resident memory of this process in bytes; 0: not known.
    std::uint64_t memoryBytes() const { return m_memoryBytes; }

private:
    void measure();

    std::atomic<int> m_cpuPercent{-1};
    std::atomic<std::uint64_t> m_memoryBytes{0};
    std::uint64_t m_busy = 0, m_total = 0; ///< jiffies at the last reading; the thread's own
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_ending = false;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace limpid
