#pragma once

#include "core/base/ResourceUse.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <limits>
#include <string>

namespace limpid {

/// Thrown by Task::checkpoint() once the task has been cancelled.
class Cancelled : public std::exception
{
public:
    const char* what() const noexcept override { return "cancelled"; }
};

/// What long work is handed: a place to report progress and to be told to end, and its present share of the machine.
/// One thread works; any thread may call cancel(), finish(), setCores() and the getters.
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
    /// A part of another task's work with reports of its own: cancelled with the whole, on its cores. The whole's finish() is not
    /// passed on, as the whole knows what of it to keep. Must not outlive it.
    Task(const Task& whole, Listener listener) : m_listener(std::move(listener)), m_whole(&whole) {}
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;

    void report(double fraction, std::string stage = {})
    {
        if (m_listener)
            m_listener({fraction, std::move(stage)});
    }
    /// Give up: checkpoint() throws, nothing is kept.
    void cancel() { m_cancelled = true; }
    bool isCancelled() const { return m_cancelled || (m_whole && m_whole->isCancelled()); }
    /// Stop early and keep what there is. Not a cancel: work that understands it returns a shorter result.
    void finish() { m_finishing = true; }
    bool isFinishing() const { return m_finishing; }
    /// To be called often (every few ms) by the worker. Throws Cancelled.
    void checkpoint() const
    {
        if (isCancelled())
            throw Cancelled();
    }


    /// Nobody shares out the cores: the work uses as many threads as its own settings say.
    static constexpr int allCores = std::numeric_limits<int>::max();
    /// How many threads the work may use at this moment, at least 1. It changes while the work runs, so ask again every
    /// few ms; what comes out must not depend on it: split the work into a fixed number of parts, and let
    /// `std::min(parts, task.cores())` threads take them.
    int cores() const { return m_whole ? m_whole->cores() : m_cores.load(std::memory_order_relaxed); }
    void setCores(int cores) { m_cores.store(std::max(1, cores), std::memory_order_relaxed); }

    /// What the work has used so far, read anew; every figure is unavailable where nobody meters it. Costs some 0.1 ms.
    ResourceUse use() const { return m_use ? m_use() : ResourceUse(); }
    /// Before the work begins, and again once it is over (with nothing): not while it runs.
    void setMeter(std::function<ResourceUse()> use) { m_use = std::move(use); }

private:
    Listener m_listener;
    std::function<ResourceUse()> m_use;
    const Task* m_whole = nullptr;
    std::atomic<bool> m_cancelled{false};
    std::atomic<bool> m_finishing{false};
    std::atomic<int> m_cores{allCores};
};

} // namespace limpid
