#include "core/explain/SuperpixelRow.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

std::vector<std::size_t> SuperpixelEffects::largestFirst(std::size_t output) const
{
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::abs(value(output, a)) > std::abs(value(output, b)); });
    return order;
}

SuperpixelEffects superpixelEffects(const Explanation& explanation, std::size_t row)
{
    const std::size_t width = explanation.image->width, size = explanation.image->height * width, outputs = explanation.outputs.size();
    SuperpixelEffects effects;
    const auto first = explanation.segments.begin() + static_cast<std::ptrdiff_t>(row * size);
    effects.labels.assign(first, first + static_cast<std::ptrdiff_t>(size));
    effects.count = size > 0 ? *std::max_element(effects.labels.begin(), effects.labels.end()) + std::size_t{1} : 0;
    effects.pixels.assign(effects.count, 0);
    effects.row.assign(effects.count, 0.0);
    effects.column.assign(effects.count, 0.0);
    for (std::size_t pixel = 0; pixel < size; ++pixel) {
        const std::uint32_t own = effects.labels[pixel];
        ++effects.pixels[own];
        effects.row[own] += static_cast<double>(pixel / width);
        effects.column[own] += static_cast<double>(pixel % width);
    }
    for (std::size_t k = 0; k < effects.count; ++k) {
        const double pixels = std::max(1.0, static_cast<double>(effects.pixels[k]));
        effects.row[k] /= pixels;
        effects.column[k] /= pixels;
    }
    effects.values.assign(outputs * effects.count, 0.0);
    effects.errors = effects.values;
    for (std::size_t output = 0; output < outputs; ++output) {
        for (std::size_t feature = 0; feature < explanation.features.size(); ++feature) {
            const std::size_t place = output * effects.count + effects.labels[feature % size];
            effects.values[place] += explanation.value(row, output, feature);
            effects.errors[place] += explanation.error(row, output, feature);
        }
    }
    return effects;
}

bool masksByMeanColour(const Explanation& explanation) { return !explanation.segments.empty() && explanation.baseline == "mean colour"; }

} // namespace limpid
