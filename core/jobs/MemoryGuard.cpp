#include "core/jobs/MemoryGuard.h"

#include <algorithm>

namespace limpid {

namespace {

std::uint64_t less(std::uint64_t a, std::uint64_t b) { return a - std::min(a, b); }

} // namespace

std::uint64_t MemoryGuard::reserve(const MachineMemory& machine)
{
    return std::min<std::uint64_t>(machine.total / 50, 256u << 20);
}

MemoryGuard::Answer MemoryGuard::judge(std::uint64_t needed, const std::optional<MachineMemory>& machine,
                                       std::uint64_t promised, std::uint64_t grown, bool canWait)
{
    if (!machine || needed == 0)
        return {Verdict::Fits, machine ? machine->available : 0};
    const std::uint64_t kept = reserve(*machine);
    if (needed > less(machine->total, kept))
        return {Verdict::Refused, less(machine->available, kept)};
    const std::uint64_t free = less(less(machine->available, less(promised, grown)), kept);
    if (needed <= free)
        return {Verdict::Fits, free};
    return {canWait ? Verdict::Waits : Verdict::Refused, free};
}

} // namespace limpid
