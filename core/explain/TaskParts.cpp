#include "core/explain/TaskParts.h"

#include "core/base/CpuMeter.h"

#include <thread>
#include <vector>

namespace limpid {

void forParts(std::size_t count, const Task& task, const std::function<void(std::size_t)>& work)
{
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    std::exception_ptr failure;
    std::mutex mutex;
    const auto loop = [&] {
        try {
            for (std::size_t i = next++; i < count && !failed; i = next++) {
                task.checkpoint();
                work(i);
            }
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failed.exchange(true))
                failure = std::current_exception();
        }
    };
    const int threads = std::min(task.cores(), static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < std::min(count, static_cast<std::size_t>(threads)); ++i) {
            helpers.emplace_back([&, meter = CpuMeter::current()] {
                const Metered metered(meter);
                loop();
            });
        }
        loop();
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace limpid
