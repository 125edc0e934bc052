#include "core/engine/Team.h"

#include "core/base/CpuMeter.h"
#include "core/engine/Runtime.h"

#include <algorithm>

namespace limpid::engine {

Team::~Team()
{
    {
        const std::lock_guard lock(m_mutex);
        m_over = true;
    }
    m_begin.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

void Team::run(int count, int threads, const std::function<void(int)>& work)
{
    threads = std::clamp(threads, 1, std::max(1, count));
    if (threads == 1) {
        guarded([&] {
            for (int i = 0; i < count; ++i)
                work(i);
        });
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_work = &work;
        m_count = count;
        m_active = threads;
        m_left = threads - 1;
        m_failures.assign(static_cast<std::size_t>(threads), nullptr);
        ++m_round;
        while (static_cast<int>(m_threads.size()) < threads - 1)
            m_threads.emplace_back([this, index = static_cast<int>(m_threads.size()) + 1, meter = CpuMeter::current()] {
                const Metered metered(meter);
                serve(index);
            });
    }
    m_begin.notify_all();
    take(0);
    {
        std::unique_lock lock(m_mutex);
        m_end.wait(lock, [&] { return m_left == 0; });
    }
    for (const std::exception_ptr& failure : m_failures)
        if (failure)
            std::rethrow_exception(failure);
}

void Team::serve(int index)
{
    std::uint64_t seen = 0;
    std::unique_lock lock(m_mutex);
    for (;;) {
        // A thread that this round does without waits for the next.
        m_begin.wait(lock, [&] { return m_over || (m_round != seen && index < m_active); });
        if (m_over)
            return;
        seen = m_round;
        lock.unlock();
        take(index);
        lock.lock();
        if (--m_left == 0)
            m_end.notify_one();
    }
}

void Team::take(int thread)
{
    try {
        guarded([&] {
            for (int i = thread; i < m_count; i += m_active)
                (*m_work)(i);
        });
    } catch (...) {
        m_failures[static_cast<std::size_t>(thread)] = std::current_exception();
    }
}

} // namespace limpid::engine
