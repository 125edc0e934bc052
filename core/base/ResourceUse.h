#pragma once

#include <string_view>

namespace limpid {

/// How a figure came to be. A figure that is not available has no value: whoever shows it says so, never "0".
enum class FigureKind { Unavailable, Estimated, Measured };

/// "unavailable", "estimated" or "measured": for JSON and tests.
constexpr std::string_view figureKindName(FigureKind kind)
{
    constexpr std::string_view names[] = {"unavailable", "estimated", "measured"};
    return names[static_cast<int>(kind)];
}

struct Figure {
    FigureKind kind = FigureKind::Unavailable;
    double value = 0.0;
    double low = 0.0, high = 0.0; ///< bounds that hold; both equal to value where it is exact

    bool operator==(const Figure&) const = default;
};

/// What one job took of the machine.
struct ResourceUse {
    double seconds = 0.0; ///< wall clock, from the start of its work
    Figure cpuSeconds;    ///< of the job's own threads, added up
    /// Bytes by which the process's resident memory grew at most while the job ran. The process's: see `shared`.
    Figure peakBytes;
    /// Of the processor's packages and their memory, where it has a counter: their energy while the job ran, shared by
    /// CPU time among the jobs that ran. low: by the job's share of all cores; high: all of it. Without a counter but
    /// with a known thermal design power: that power × the job's share of all cores; low 0, high that power all the time.
    Figure joules;
    bool shared = false;  ///< another job ran meanwhile, so memory and energy are not this job's alone

    bool operator==(const ResourceUse&) const = default;
};

} // namespace limpid
