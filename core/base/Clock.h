#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace limpid {

/// Milliseconds since 1970-01-01 UTC.
std::int64_t nowMs();
/// "2026-03-01T14:05:09Z".
std::string isoTime(std::int64_t ms);

/// Seconds since it was made, from the monotonic clock.
class Stopwatch
{
public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - m_start).count(); }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point m_start = Clock::now();
};

} // namespace limpid
