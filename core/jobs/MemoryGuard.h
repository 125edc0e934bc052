#pragma once

#include "core/jobs/Machine.h"

#include <cstdint>
#include <optional>

namespace limpid {

/// Decides whether a job's memory fits, so that the machine never begins to swap. Bytes throughout.
class MemoryGuard
{
public:
    enum class Verdict {
        Fits,
        Waits,   ///< until jobs that run have ended
        Refused, ///< beyond all that there is, or too much although nothing of ours runs that would free any
    };
    struct Answer {
        Verdict verdict;
        std::uint64_t available; ///< for this job, as judged
    };

    /// Left to the rest of the machine: 2 % of all memory, at most 256 MiB.
    static std::uint64_t reserve(const MachineMemory& machine);

    /// `machine`: nothing where it can't be told; then everything fits. `promised`: the estimates of the jobs that run,
    /// added up. `grown`: what the process took since the first of them began; that part of the promise is already gone
    /// from what is available. `canWait`: jobs run whose memory will come back.
    static Answer judge(std::uint64_t needed, const std::optional<MachineMemory>& machine, std::uint64_t promised,
                        std::uint64_t grown, bool canWait);
};

} // namespace limpid
