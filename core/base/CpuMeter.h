#pragma once

#include <list>
#include <mutex>
#include <optional>

namespace limpid {

/// CPU time of the threads that work for one thing. They say so themselves, by a Metered scope. Any thread may ask.
class CpuMeter
{
public:
    CpuMeter() = default;
    CpuMeter(const CpuMeter&) = delete;
    CpuMeter& operator=(const CpuMeter&) = delete;

    /// Seconds so far, of threads that ended and of those that still work; nothing where the system can't tell
    /// (anything but Linux) and nobody added any.
    std::optional<double> seconds() const;
    /// Adds time that was measured elsewhere, such as a child process's.
    void add(double seconds);

    /// The meter of the calling thread's innermost Metered scope; null: none. Work that starts threads takes it along:
    /// `[meter = CpuMeter::current()] { const Metered metered(meter); … }`.
    static CpuMeter* current();

private:
    friend class Metered;
    struct Thread {
        int clock;    ///< clockid_t of that thread's CPU time
        double start; ///< its reading as the scope opened
    };
    mutable std::mutex m_mutex;
    std::list<Thread> m_threads;
    double m_ended = 0.0;
    bool m_known = false;
};

/// While it lives, the calling thread's CPU time goes to the meter. Opened again for the same meter within itself it
/// does nothing more, so that nested work is counted once. Belongs to the thread that made it.
class Metered
{
public:
    explicit Metered(CpuMeter* meter); ///< null: does nothing
    ~Metered();
    Metered(const Metered&) = delete;
    Metered& operator=(const Metered&) = delete;

private:
    friend class CpuMeter;
    CpuMeter* m_meter;
    Metered* m_outer;
    std::list<CpuMeter::Thread>::iterator m_thread;
    bool m_counts = false;
};

} // namespace limpid
