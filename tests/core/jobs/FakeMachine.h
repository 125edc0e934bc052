#pragma once

#include "core/jobs/Machine.h"

#include <mutex>

namespace limpid::test {

/// A machine that says what a test tells it to. Any thread.
class FakeMachine : public Machine
{
public:
    struct Says {
        double seconds = 100.0;
        int cores = 2, hardwareCores = 2;
        std::optional<MachineMemory> memory;
        std::optional<ProcessMemory> process;
        std::optional<double> joules, designWatts;
    };

    template<class Change>
    void set(Change change)
    {
        const std::lock_guard lock(m_mutex);
        change(m_says);
    }

    double seconds() const override { return says().seconds; }
    int cores() const override { return says().cores; }
    int hardwareCores() const override { return says().hardwareCores; }
    std::optional<MachineMemory> memory() const override { return says().memory; }
    std::optional<ProcessMemory> process() const override { return says().process; }
    std::optional<double> joules() override { return says().joules; }
    std::optional<double> designWatts() const override { return says().designWatts; }

private:
    Says says() const
    {
        const std::lock_guard lock(m_mutex);
        return m_says;
    }
    mutable std::mutex m_mutex;
    Says m_says;
};

} // namespace limpid::test
