#pragma once

#include "core/data/Pipeline.h"
#include "core/engine/Network.h"
#include "core/metrics/ValidationPicture.h"

namespace limpid::engine {

/// Finds the units of ReLU layers that give 0 for every row of a fixed sample, and so learn nothing any more (Maas, Hannun &
/// Ng 2013, "Rectifier nonlinearities improve neural network acoustic models", section 2). The other activations of that
/// family are never 0 for long, so they are not looked at.
class DeadUnitFinder
{
public:
    static constexpr std::size_t rowsLookedAt = 2048; ///< at most

    /// Copies the rows it will look at.
    explicit DeadUnitFinder(const Features& rows);
    /// One for each ReLU layer, in the network's order; of an image's a unit is a channel. Nothing where there are no rows.
    std::vector<DeadUnits> find(const Network& network) const;

private:
    std::size_t m_rows = 0;
    std::vector<float> m_numbers;             ///< [rows, numberWidth]
    std::vector<std::int32_t> m_categories;   ///< [rows, categoryWidth]
};

} // namespace limpid::engine
