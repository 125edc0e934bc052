#include "core/engine/DeadUnits.h"

#include "core/engine/ForwardPlan.h"

#include <algorithm>
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
    const std::size_t atOnce = std::min(m_rows, chunkRows(network));
    ForwardPlan::Workspace workspace(plan, atOnce);
    const std::vector<Layer>& layers = network.layers();
    std::vector<std::vector<std::size_t>> dead(layers.size()); // so far: soon few are left to look at
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (layers[i].kind == LayerKind::ReLU) {
            dead[i].resize(static_cast<std::size_t>(layers[i].dims.front()));
            std::iota(dead[i].begin(), dead[i].end(), std::size_t{0});
        }
    for (std::size_t begin = 0; begin < m_rows; begin += atOnce) {
        const std::size_t rows = std::min(atOnce, m_rows - begin);
        const Batch batch{static_cast<std::int64_t>(rows), m_numbers.data() + begin * (m_numbers.size() / m_rows),
                          m_categories.data() + begin * (m_categories.size() / m_rows)};
        std::vector<bool> given(layers.size(), true);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            // Layer by layer, because a later one may write over this one's output.
            given[i] = false;
            plan.runFrom(given, batch, workspace);
            given[i] = true;
            if (dead[i].empty())
                continue;
            const auto width = static_cast<std::size_t>(layers[i].width), area = static_cast<std::size_t>(layers[i].area());
            const float* output = workspace.buffer(i);
            for (std::size_t row = 0; row < rows && !dead[i].empty(); ++row, output += width)
                std::erase_if(dead[i], [&](std::size_t unit) {
                    const float* values = output + unit * area;
                    return std::any_of(values, values + area, [](float value) { return value > 0.0f; });
                });
        }
    }
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (layers[i].kind == LayerKind::ReLU)
            found.push_back({layers[i].id, static_cast<std::int64_t>(dead[i].size()), layers[i].dims.front()});
    return found;
}

} // namespace limpid::engine
