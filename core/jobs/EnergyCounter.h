#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace limpid {

/// The energy counters of Linux's power capping interface (RAPL; the kernel's Documentation/power/powercap/powercap.rst):
/// folders intel-rapl:N, one a package (AMD's have the same name), with their memory (dram) below them. A counter goes up
/// to max_energy_range_uj and begins again at 0. Since 2020 only root may read them on most systems.
class EnergyCounter
{
public:
    /// `folder`: /sys/class/powercap.
    explicit EnergyCounter(const std::filesystem::path& folder);

    /// Joules since the first call, of all packages and their memory; nothing where a counter can't be read. Right as
    /// long as no counter goes round twice between two calls (at 200 W the smallest of them, 65 kJ, takes 5 minutes).
    std::optional<double> joules();

    /// Thermal design power of all packages together in watts: constraint "long_term", its highest value or, where that is
    /// not given, the limit that is set. Readable by everyone.
    static std::optional<double> designWatts(const std::filesystem::path& folder);

private:
    struct Zone {
        std::filesystem::path folder;
        std::uint64_t range;
        std::optional<std::uint64_t> last;
    };
    std::vector<Zone> m_zones;
    double m_microjoules = 0.0;
};

} // namespace limpid
