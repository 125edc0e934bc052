#pragma once

#include "ui/charts/Plot.h"

#include <string>

namespace limpid {

// Two explanations side by side: their columns in one order, on one scale, with what they differ by (core/explain/Comparison.h).
// Lines that stand for ± 95 % are drawn where values have errors; a difference that is not certain at 95 % is dim. An item is a
// line, from the top. All throw Error OptionInvalid where the two cannot be compared for that output.

struct PairSide {
    std::shared_ptr<const Explanation> explanation;
    std::size_t row = 0;     ///< of the explanation
    QString name;            ///< what tells it from the other, e.g. "row 17"
};

/// A row of each: two waterfalls, or where values do not add up two row bars.
std::unique_ptr<Plot> makePairedRows(const PairSide& first, const PairSide& second, const std::string& output, int maxFeatures = 10);

/// Whether both rows are pictures of pixels, as makePairedPictures() needs.
bool canPairPictures(const PairSide& first, const PairSide& second);
/// A row of each over its picture, in one scale of colours. An item is a pixel of the first's two pictures, then of the second's.
std::unique_ptr<Plot> makePairedPictures(const PairSide& first, const PairSide& second, const std::string& output);

/// Mean |value| of each over the rows that both explain, two bars a column; where they have none in common, over each one's own.
std::unique_ptr<Plot> makePairedMeans(const PairSide& first, const PairSide& second, const std::string& output, int maxFeatures = 12);

} // namespace limpid
