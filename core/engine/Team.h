#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace limpid::engine {

/// Threads that stay from one step to the next. They are started as they are first needed.
class Team
{
public:
    Team() = default;
    ~Team();
    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;

    /// work(0) … work(count − 1), on `threads` threads with the calling one among them: thread t takes t, t + threads, ….
    /// Waits for all, then rethrows the first exception by thread. Each call is guarded as Runtime.h says.
    void run(int count, int threads, const std::function<void(int)>& work);

private:
    void serve(int index);
    void take(int thread);

    std::mutex m_mutex;
    std::condition_variable m_begin, m_end;
    std::vector<std::thread> m_threads;      ///< of thread 1 and on
    std::vector<std::exception_ptr> m_failures;
    const std::function<void(int)>* m_work = nullptr;
    int m_count = 0, m_active = 0, m_left = 0;
    std::uint64_t m_round = 0;
    bool m_over = false;
};

} // namespace limpid::engine
