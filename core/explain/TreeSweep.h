#pragma once

#include "core/base/Quadrature.h"
#include "core/explain/TreePaths.h"

namespace limpid {

/// The path-dependent values of a tree without tables, for trees that are too deep for them or too few rows: PathGame's integral for all
/// answers at once, as the products along a path are shared by all answers below it (Yu et al. 2022, Linear TreeShap, with the
/// polynomials given by their values at Gauss–Legendre points). Takes rows · nodes · points steps, with half as many points as players on
/// the longest path.
class TreeSweep
{
public:
    /// Keeps a reference to the paths.
    explicit TreeSweep(const TreePaths& paths);
    /// `sums`: [players, treeBlock].
    void addTo(double* sums, const TreeRowBlock& block);

private:
    static constexpr std::size_t lanes = 16;   // rows side by side
    using Lane = std::array<double, lanes>;
    struct Slot {
        double share = 1.0;
        bool asked = false;
        Lane goes{};        ///< 1 where the row goes this way
    };
    struct Level { std::vector<Lane> products, sums; };   ///< [points]

    void visit(std::size_t index, std::size_t level);
    void descend(std::size_t index, bool left, std::size_t level);
    /// Adds Σ over the points of sums · (o − z) / factor, times `sign`, to the player's sums.
    void addSlot(const Slot& slot, std::uint32_t player, const std::vector<Lane>& sums, double sign);
    double factor(const Slot& slot, std::size_t point, double goes) const { return (1.0 - m_rule.nodes[point]) * slot.share + m_rule.nodes[point] * goes; }
    static double inverse(double value) { return value > 0.0 ? 1.0 / value : 0.0; } ///< nothing comes here: all is 0

    const TreePaths& m_paths;
    Quadrature m_rule;
    std::vector<Slot> m_slots;
    std::vector<Level> m_levels;
    const TreeRowBlock* m_block = nullptr;
    std::size_t m_first = 0;         ///< of the lanes, in the block
    double* m_out = nullptr;
};

} // namespace limpid
