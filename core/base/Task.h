#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <string>

namespace limpid {

/// Thrown by Task::checkpoint() once the task has been cancelled.
class Cancelled : public std::exception
{
public:
    const char* what() const noexcept override { return "cancelled"; }
};

/// What long work is handed: a place to report progress and to be told to end.
/// One thread works; any thread may call cancel(), finish() and the getters.
class Task
{
public:
    struct Progress {
        double fraction = 0.0;  ///< in [0, 1]; negative where it can't be known
        std::string stage;      ///< a stable key such as "read", "epoch 3/20": worded by whoever shows it
    };
    using Listener = std::function<void(const Progress&)>;

    Task() = default;
    /// `listener` is called on the working thread and must be quick.
    explicit Task(Listener listener) : m_listener(std::move(listener)) {}
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;

    void report(double fraction, std::string stage = {})
    {
        if (m_listener)
            m_listener({fraction, std::move(stage)});
    }
    /// Give up: checkpoint() throws, nothing is kept.
    void cancel() { m_cancelled = true; }
    bool isCancelled() const { return m_cancelled; }
    /// Stop early and keep what there is. Not a cancel: work that understands it returns a shorter result.
    void finish() { m_finishing = true; }
    bool isFinishing() const { return m_finishing; }
    /// To be called often (every few ms) by the worker. Throws Cancelled.
    void checkpoint() const
    {
        if (m_cancelled)
            throw Cancelled();
    }

private:
    Listener m_listener;
    std::atomic<bool> m_cancelled{false};
    std::atomic<bool> m_finishing{false};
};

} // namespace limpid
