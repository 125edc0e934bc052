#include "core/jobs/EnergyCounter.h"

#include <fstream>
#include <string>

namespace limpid {

namespace {

namespace fs = std::filesystem;

template<class T>
std::optional<T> read(const fs::path& path)
{
    std::ifstream file(path);
    T value{};
    if (!(file >> value))
        return std::nullopt;
    return value;
}

/// Folders of zones directly in `folder`: their names are `prefix` and a number.
std::vector<fs::path> zones(const fs::path& folder, const std::string& prefix)
{
    std::vector<fs::path> found;
    for (int number = 0;; ++number) {
        fs::path zone = folder / (prefix + std::to_string(number));
        std::error_code ignored;
        if (!fs::is_directory(zone, ignored))
            return found;
        found.push_back(std::move(zone));
    }
}

/// Not the zone "psys", which holds the packages once more.
std::vector<fs::path> packages(const fs::path& folder)
{
    std::vector<fs::path> found = zones(folder, "intel-rapl:");
    std::erase_if(found, [](const fs::path& zone) {
        return !read<std::string>(zone / "name").value_or("").starts_with("package");
    });
    return found;
}

} // namespace

EnergyCounter::EnergyCounter(const fs::path& folder)
{
    const auto add = [this](const fs::path& zone) {
        m_zones.push_back({zone, read<std::uint64_t>(zone / "max_energy_range_uj").value_or(0), std::nullopt});
    };
    for (const fs::path& package : packages(folder)) {
        add(package);
        for (const fs::path& part : zones(package, package.filename().string() + ":"))
            if (read<std::string>(part / "name") == "dram")
                add(part);
    }
}

std::optional<double> EnergyCounter::joules()
{
    if (m_zones.empty())
        return std::nullopt;
    for (Zone& zone : m_zones) {
        const std::optional<std::uint64_t> now = read<std::uint64_t>(zone.folder / "energy_uj");
        if (!now)
            return std::nullopt; // a part would be a figure that is too small
        if (zone.last) {
            const std::uint64_t round = *now >= *zone.last ? 0 : zone.range;
            m_microjoules += static_cast<double>(round + *now - *zone.last);
        }
        zone.last = now;
    }
    return m_microjoules * 1e-6;
}

std::optional<double> EnergyCounter::designWatts(const fs::path& folder)
{
    double watts = 0.0;
    for (const fs::path& package : packages(folder)) {
        std::uint64_t microwatts = 0;
        for (int i = 0; i < 4 && microwatts == 0; ++i) {
            const std::string constraint = "constraint_" + std::to_string(i) + "_";
            if (read<std::string>(package / (constraint + "name")) != "long_term")
                continue;
            microwatts = read<std::uint64_t>(package / (constraint + "max_power_uw")).value_or(0);
            if (microwatts == 0)
                microwatts = read<std::uint64_t>(package / (constraint + "power_limit_uw")).value_or(0);
        }
        if (microwatts == 0)
            return std::nullopt;
        watts += static_cast<double>(microwatts) * 1e-6;
    }
    return watts > 0.0 ? std::optional(watts) : std::nullopt;
}

} // namespace limpid
