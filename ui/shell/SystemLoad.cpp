#include "ui/shell/SystemLoad.h"

#include <chrono>
#include <fstream>
#include <string>

#ifdef __linux__
#include <unistd.h>
#endif

namespace limpid {

SystemLoad::SystemLoad()
    : m_thread([this] {
          std::unique_lock lock(m_mutex);
          while (!m_ending) {
              measure();
              m_wake.wait_for(lock, std::chrono::seconds(1), [this] { return m_ending; });
          }
      })
{
}

SystemLoad::~SystemLoad()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void SystemLoad::measure()
{
#ifdef __linux__
    // proc(5): "cpu user nice system idle iowait irq softirq steal …" in jiffies since the start.
    std::ifstream stat("/proc/stat");
    std::string name;
    stat >> name;
    std::uint64_t total = 0, idle = 0;
    for (int field = 0; field < 8; ++field) {
        std::uint64_t jiffies = 0;
        if (!(stat >> jiffies))
            break;
        total += jiffies;
        if (field == 3 || field == 4)
            idle += jiffies;
    }
    const std::uint64_t busy = total - idle;
    if (m_total > 0 && total > m_total && busy >= m_busy)
        m_cpuPercent = static_cast<int>(100 * (busy - m_busy) / (total - m_total));
    m_busy = busy;
    m_total = total;

    // proc(5): "size resident shared …" in pages.
    std::ifstream statm("/proc/self/statm");
    std::uint64_t size = 0, resident = 0;
    if (statm >> size >> resident)
        m_memoryBytes = resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
#endif
}

} // namespace limpid
