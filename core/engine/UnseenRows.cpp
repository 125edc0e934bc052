#include "core/engine/UnseenRows.h"

#include <numeric>

namespace limpid::engine {

namespace {

void fillColumn(float* table, std::size_t width, const std::vector<std::size_t>& counts)
{
    const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
    for (std::size_t k = 0; k < width; ++k) {
        double mean = 0.0;
        for (std::size_t value = 0; value < counts.size(); ++value)
            mean += static_cast<double>(counts[value]) / total * table[value * width + k];
        for (std::size_t value = 0; value < counts.size(); ++value)
            if (counts[value] == 0)
                table[value * width + k] = static_cast<float>(mean);
    }
}

} // namespace

UnseenRows::UnseenRows(const Network& network, const Features& features)
{
    const std::size_t columns = features.categoryWidth - features.textWidth; // the embedded ones
    m_counts.resize(columns);
    for (const Layer& layer : network.layers())
        if (layer.kind == LayerKind::Embedding)
            for (std::size_t column = 0; column < columns; ++column)
                m_counts[column].resize(static_cast<std::size_t>(network.slots()[layer.tensors[column]].shape[0]), 0);
    if (!network.has(LayerKind::Embedding))
        return;
    for (std::size_t row = 0; row < features.rows; ++row)
        for (std::size_t column = 0; column < columns; ++column)
            ++m_counts[column].at(static_cast<std::size_t>(features.categories[row * features.categoryWidth + column]));
}

void UnseenRows::fill(const Network& network, std::span<float> values) const
{
    for (const Layer& layer : network.layers()) {
        if (layer.kind != LayerKind::Embedding)
            continue;
        for (std::size_t column = 0; column < layer.tensors.size(); ++column)
            fillColumn(values.data() + network.slots()[layer.tensors[column]].offset,
                       static_cast<std::size_t>(layer.widths[column]), m_counts[column]);
    }
}

} // namespace limpid::engine
