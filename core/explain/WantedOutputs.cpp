#include "core/explain/WantedOutputs.h"

#include <algorithm>

namespace limpid {

bool WantedOutputs::isReached(std::span<const double> outputs) const
{
    const double value = outputs[output];
    if (!(value >= atLeast && value <= atMost))
        return false;
    const bool largest = std::max_element(outputs.begin(), outputs.end()) == outputs.begin() + static_cast<std::ptrdiff_t>(output);
    return rank == Rank::Any || largest == (rank == Rank::Largest);
}

double WantedOutputs::shortfall(std::span<const double> outputs) const
{
    const double value = outputs[output];
    double lack = std::max(atLeast - value, value - atMost);
    if (rank != Rank::Any && outputs.size() > 1) {
        double other = -std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < outputs.size(); ++i)
            if (i != output)
                other = std::max(other, outputs[i]);
        lack = std::max(lack, rank == Rank::Largest ? other - value : value - other);
    }
    return lack;
}

} // namespace limpid
