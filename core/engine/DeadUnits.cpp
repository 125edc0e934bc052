#include "core/engine/DeadUnits.h"

#include "core/engine/ForwardPlan.h"

#include <numeric>

namespace limpid::engine {

DeadUnitFinder::DeadUnitFinder(const Features& rows)
{
    const std::vector<std::size_t> sample = sampledRows(rows.rows, rowsLookedAt);
    m_rows = sample.size();
    m_numbers.reserve(m_rows * rows.numberWidth);
    m_categories.reserve(m_rows * rows.categoryWidth);
    for (const std::size_t row : sample) {
        const auto numbers = rows.numbers.begin() + static_cast<std::ptrdiff_t>(row * rows.numberWidth);
        m_numbers.insert(m_numbers.end(), numbers, numbers + static_cast<std::ptrdiff_t>(rows.numberWidth));
        const auto categories = rows.categories.begin() + static_cast<std::ptrdiff_t>(row * rows.categoryWidth);
        m_categories.insert(m_categories.end(), categories, categories + static_cast<std::ptrdiff_t>(rows.categoryWidth));
    }
}

std::vector<DeadUnits> DeadUnitFinder::find(const Network& network) const
{
    std::vector<DeadUnits> found;
    if (m_rows == 0 || !network.has(LayerKind::ReLU))
        return found;
    const ForwardPlan plan(network);
    ForwardPlan::Workspace workspace(plan, m_rows);
    const Batch batch{static_cast<std::int64_t>(m_rows), m_numbers.data(), m_categories.data()};
    const std::vector<Layer>& layers = network.layers();
    std::vector<bool> given(layers.size(), true);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        // Layer by layer, because a later one may write over this one's output.
        given[i] = false;
        plan.runFrom(given, batch, workspace);
        given[i] = true;
        if (layers[i].kind != LayerKind::ReLU)
            continue;
        const auto width = static_cast<std::size_t>(layers[i].width);
        std::vector<std::size_t> dead(width); // so far: soon few are left to look at
        std::iota(dead.begin(), dead.end(), std::size_t{0});
        const float* outputs = workspace.buffer(i);
        for (std::size_t row = 0; row < m_rows && !dead.empty(); ++row)
            std::erase_if(dead, [&](std::size_t unit) { return outputs[row * width + unit] > 0.0f; });
        found.push_back({layers[i].id, static_cast<std::int64_t>(dead.size()), layers[i].width});
    }
    return found;
}

} // namespace limpid::engine
