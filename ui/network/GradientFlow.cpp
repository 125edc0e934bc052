#include "ui/network/GradientFlow.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

GradientFlow::GradientFlow(const NetworkAnalysis& analysis, const std::vector<std::string>& layers)
    : m_order(analysis.order.rbegin(), analysis.order.rend()), m_fed(analysis.flat.nodes.size()), m_layer(analysis.flat.nodes.size())
{
    for (std::size_t i = 0; i < analysis.flat.nodes.size(); ++i)
        m_index.emplace(analysis.flat.nodes[i].id, i);
    for (std::size_t i = 0; i < analysis.flat.nodes.size(); ++i)
        for (const std::string& input : analysis.flat.nodes[i].inputs)
            if (const auto from = indexOf(input))
                m_fed[*from].push_back(i);
    m_fits = !layers.empty();
    for (std::size_t layer = 0; layer < layers.size(); ++layer)
        if (const auto node = indexOf(layers[layer]))
            m_layer[*node] = layer;
        else
            m_fits = false;
}

std::optional<std::size_t> GradientFlow::indexOf(std::string_view id) const
{
    const auto found = m_index.find(id);
    return found == m_index.end() ? std::nullopt : std::optional(found->second);
}

std::vector<double> GradientFlow::into(std::span<const double> norms) const
{
    std::vector<double> into(m_fed.size(), -1.0);
    for (const std::size_t node : m_order) {
        if (m_layer[node] && *m_layer[node] < norms.size()) {
            const double norm = norms[*m_layer[node]];
            into[node] = std::isfinite(norm) ? norm : std::numeric_limits<double>::infinity();
            continue;
        }
        for (const std::size_t fed : m_fed[node])
            into[node] = std::max(into[node], into[fed]);
    }
    return into;
}

double GradientFlow::level(double norm, double largest)
{
    constexpr double decades = 3.0;
    return norm > 0.0 && largest > 0.0 ? std::clamp(1.0 + std::log10(norm / largest) / decades, 0.0, 1.0) : 0.0;
}

} // namespace limpid
