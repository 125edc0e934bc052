#pragma once

#include "core/model/NetworkSpec.h"

#include <span>
#include <string_view>

namespace limpid {

/// How the gradient norms of the trained layers are told along a network's edges: what leads into a trained layer has that layer's
/// norm, what leads into any other node the largest of the next trained layers below.
class GradientFlow
{
public:
    GradientFlow() = default;
    /// `layers`: the trained ones' ids in the flat network, in the order of their norms.
    GradientFlow(const NetworkAnalysis& analysis, const std::vector<std::string>& layers);

    /// Whether each of the layers is in the network.
    bool fits() const { return m_fits; }
    /// The index of a flat node; nothing where it is not there.
    std::optional<std::size_t> indexOf(std::string_view id) const;
    /// By flat node: √Σ gradient² of what an edge into it leads to; infinite where it is not finite, negative where no trained
    /// layer is below. `norms`: of the layers.
    std::vector<double> into(std::span<const double> norms) const;

    /// Of a norm beside the largest one: 1 for that, 0 for a thousandth of it and less, a third less for each tenth.
    static double level(double norm, double largest);

private:
    std::map<std::string, std::size_t, std::less<>> m_index;
    std::vector<std::size_t> m_order;                  ///< so that what a node feeds comes before it
    std::vector<std::vector<std::size_t>> m_fed;       ///< by flat node: what it feeds
    std::vector<std::optional<std::size_t>> m_layer;   ///< by flat node: its place among the layers
    bool m_fits = false;
};

} // namespace limpid
