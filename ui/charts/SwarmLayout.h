#pragma once

#include "core/explain/Explanation.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <vector>

namespace limpid::plot {

constexpr int swarmShades = 32; ///< colours between `lowers` and `raises`; more can't be told apart

/// One column's points of a beeswarm, in the order of the rows.
struct Swarm {
    std::size_t feature = 0;
    std::vector<double> value;        ///< [rows] as drawn: 0 where it is not a number
    std::vector<std::int32_t> lane;   ///< [rows] 0, 1, −1, 2, …: steps away from the middle line
    std::vector<std::int8_t> shade;   ///< [rows] 0 … swarmShades − 1, or −1 where the cell is missing
    std::vector<std::uint32_t> order; ///< rows in the order they are drawn
    int widest = 1;                   ///< largest |lane|
};

/// What of a beeswarm depends on neither the picture's size nor the part that is shown: worked out once, by whichever thread
/// makes the plot, and shared by its zoomed copies.
struct SwarmLayout {
    std::shared_ptr<const Explanation> explanation;
    std::size_t output = 0;
    std::vector<FeatureImportance> importances; ///< of the columns that are shown, largest first
    std::vector<Swarm> swarms;                  ///< of the same
    double min = 0.0, max = 0.0;                ///< of all values and 0; apart
    double restMean = 0.0;                      ///< mean |value| of the columns that are not shown, summed up
    int rest = 0;                               ///< how many these are
    bool anyMissing = false;
    QString sentence;
};

/// The `maxFeatures` columns that matter most.
std::shared_ptr<const SwarmLayout> layOutSwarms(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures);

} // namespace limpid::plot
