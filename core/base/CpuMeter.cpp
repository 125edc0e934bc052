#include "core/base/CpuMeter.h"

#ifdef __linux__
#include <pthread.h>
#include <time.h>
#endif

namespace limpid {

namespace {

thread_local Metered* innermost = nullptr;

#ifdef __linux__
/// 0 where the clock can't be read, so that a difference never runs backwards into nonsense.
double reading(int clock)
{
    timespec time{};
    if (clock_gettime(clock, &time) != 0)
        return 0.0;
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::optional<int> clockOfThisThread()
{
    clockid_t clock = 0;
    if (pthread_getcpuclockid(pthread_self(), &clock) != 0)
        return std::nullopt;
    return clock;
}
#else
double reading(int) { return 0.0; }
std::optional<int> clockOfThisThread() { return std::nullopt; }
#endif

} // namespace

std::optional<double> CpuMeter::seconds() const
{
    const std::lock_guard lock(m_mutex);
    if (!m_known)
        return std::nullopt;
    double sum = m_ended;
    for (const Thread& thread : m_threads) // they live: a scope ends before its thread, and waits for this mutex
        sum += reading(thread.clock) - thread.start;
    return sum;
}

void CpuMeter::add(double seconds)
{
    const std::lock_guard lock(m_mutex);
    m_known = true;
    m_ended += seconds;
}

CpuMeter* CpuMeter::current() { return innermost ? innermost->m_meter : nullptr; }

Metered::Metered(CpuMeter* meter) : m_meter(meter), m_outer(innermost)
{
    if (!meter)
        return;
    bool open = false;
    for (const Metered* outer = m_outer; outer; outer = outer->m_outer)
        open = open || outer->m_meter == meter;
    innermost = this;
    const std::optional<int> clock = clockOfThisThread();
    if (open || !clock)
        return;
    const std::lock_guard lock(meter->m_mutex);
    meter->m_known = true;
    m_thread = meter->m_threads.insert(meter->m_threads.end(), {*clock, reading(*clock)});
    m_counts = true;
}

Metered::~Metered()
{
    if (!m_meter)
        return;
    innermost = m_outer;
    if (!m_counts)
        return;
    const std::lock_guard lock(m_meter->m_mutex);
    m_meter->m_ended += reading(m_thread->clock) - m_thread->start;
    m_meter->m_threads.erase(m_thread);
}

} // namespace limpid
