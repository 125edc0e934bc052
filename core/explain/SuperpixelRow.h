#pragma once

#include "core/explain/Explanation.h"

namespace limpid {

/// What the superpixels of one explained picture do: the values of its columns, taken together again. Arrays row-major.
struct SuperpixelEffects {
    std::size_t count = 0;
    std::vector<std::uint32_t> labels;     ///< [height, width]: which superpixel a pixel is in
    std::vector<std::size_t> pixels;       ///< [count]: how many it has
    std::vector<double> row, column;       ///< [count]: its middle, in pixels from the top left
    std::vector<double> values, errors;    ///< [outputs, count]
    double value(std::size_t output, std::size_t superpixel) const { return values[output * count + superpixel]; }
    double error(std::size_t output, std::size_t superpixel) const { return errors[output * count + superpixel]; }
    /// The largest |value| first; ties by place.
    std::vector<std::size_t> largestFirst(std::size_t output) const;
};

/// Of an explanation that has segments. `row`: of the explanation.
SuperpixelEffects superpixelEffects(const Explanation& explanation, std::size_t row);

/// What stood in the place of a superpixel that was left out: its own mean colour, or the background's pixels.
bool masksByMeanColour(const Explanation& explanation);

} // namespace limpid
