#pragma once

#include "core/base/Task.h"

namespace limpid {

/// While it lives, Ctrl+C (SIGINT) and SIGTERM end `task`: the first asks it to stop and keep what there is, where it can,
/// else to give up; the second to give up; the third ends the program at once.
class Interrupt
{
public:
    enum class First { Cancel, Keep };
    explicit Interrupt(Task& task, First first = First::Cancel);
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    /// Once, at the start: from then on a signal without a task under way ends the program with interruptedExitCode.
    static void listen();
    /// Whether a signal came at any time since the program's start.
    static bool happened();
};

inline constexpr int interruptedExitCode = 130;

} // namespace limpid
