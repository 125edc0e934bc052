#include "core/explain/OrderStatistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace limpid {

namespace {

constexpr std::size_t buckets = 1024;

} // namespace

std::vector<double> orderStatistics(std::span<const double> values, std::span<const std::size_t> places)
{
    if (values.empty() || places.empty())
        return {};
    double least = values.front(), most = least;
    for (const double value : values) {
        least = std::min(least, value);
        most = std::max(most, value);
    }
    double scale = static_cast<double>(buckets - 1) / (most - least);
    if (!std::isfinite(scale) || !std::isfinite(least)) // all the same, or infinite: one bucket
        scale = 0.0;
    const auto bucketOf = [&](double value) {
        return scale > 0.0 ? static_cast<std::size_t>(static_cast<std::int32_t>((value - least) * scale)) : std::size_t{0};
    };
    std::vector<std::uint16_t> bucket(values.size());
    std::array<std::size_t, buckets> counts{}, begins{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        bucket[i] = static_cast<std::uint16_t>(bucketOf(values[i]));
        ++counts[bucket[i]];
    }
    for (std::size_t k = 1; k < buckets; ++k)
        begins[k] = begins[k - 1] + counts[k - 1];
    std::array<std::uint8_t, buckets> wanted{};
    std::vector<std::size_t> from;
    for (const std::size_t place : places) {
        // The last bucket that begins no later is the one: those after it that begin there too are empty.
        std::size_t k = static_cast<std::size_t>(std::upper_bound(begins.begin(), begins.end(), place) - begins.begin()) - 1;
        while (counts[k] == 0)
            --k;
        wanted[k] = 1;
        from.push_back(k);
    }
    std::vector<double> chosen; // of the wanted buckets, which sorting puts one behind the other
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (wanted[bucket[i]] != 0)
            chosen.push_back(values[i]);
    }
    std::sort(chosen.begin(), chosen.end());
    std::array<std::size_t, buckets> own{}; // where a wanted bucket begins among the chosen
    for (std::size_t k = 0, before = 0; k < buckets; ++k) {
        own[k] = before;
        before += wanted[k] != 0 ? counts[k] : 0;
    }
    std::vector<double> found;
    for (std::size_t i = 0; i < places.size(); ++i)
        found.push_back(chosen[own[from[i]] + places[i] - begins[from[i]]]);
    return found;
}

} // namespace limpid
