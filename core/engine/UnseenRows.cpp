#include "core/engine/UnseenRows.h"

#include "core/data/Vocabulary.h"

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
                m_counts[column].resize(static_cast<std::size_t>(network.weightSlots()[layer.tensors[column]].shape[0]), 0);
    if (features.textWidth > 0)
        countWords(features);
    if (!network.has(LayerKind::Embedding))
        return;
    for (std::size_t row = 0; row < features.rows; ++row)
        for (std::size_t column = 0; column < columns; ++column)
            ++m_counts[column].at(static_cast<std::size_t>(features.categories[row * features.categoryWidth + column]));
}

void UnseenRows::countWords(const Features& features)
{
    for (std::size_t row = 0; row < features.rows; ++row)
        for (std::size_t place = features.categoryWidth - features.textWidth; place < features.categoryWidth; ++place) {
            const auto word = static_cast<std::size_t>(features.categories[row * features.categoryWidth + place]);
            if (word >= m_words.size())
                m_words.resize(word + 1, 0);
            ++m_words[word];
        }
    if (m_words.empty()) // no row
        return;
    m_words[std::size_t{Vocabulary::padding}] = 0;
}

/// Where the vocabulary holds every word of the training rows, the index for others is the mean of all.
void UnseenRows::fillWords(const Network& network, const Layer& layer, std::span<float> values) const
{
    if (m_words.size() <= std::size_t{Vocabulary::firstWord} || m_words[std::size_t{Vocabulary::unseen}] > 0)
        return;
    const Slot& slot = network.weightSlots()[layer.tensors[0]];
    const auto width = static_cast<std::size_t>(slot.shape[1]);
    float* const table = values.data() + slot.offset;
    const auto total = static_cast<double>(std::accumulate(m_words.begin(), m_words.end(), std::size_t{0}));
    for (std::size_t k = 0; k < width && total > 0.0; ++k) {
        double mean = 0.0;
        for (std::size_t word = 0; word < m_words.size(); ++word)
            mean += static_cast<double>(m_words[word]) / total * table[word * width + k];
        table[std::size_t{Vocabulary::unseen} * width + k] = static_cast<float>(mean);
    }
}

void UnseenRows::fill(const Network& network, std::span<float> values) const
{
    for (const Layer& layer : network.layers()) {
        if (layer.kind == LayerKind::Other && layer.type->name.starts_with("Embedding"))
            fillWords(network, layer, values);
        if (layer.kind != LayerKind::Embedding)
            continue;
        for (std::size_t column = 0; column < layer.tensors.size(); ++column)
            fillColumn(values.data() + network.weightSlots()[layer.tensors[column]].offset,
                       static_cast<std::size_t>(layer.widths[column]), m_counts[column]);
    }
}

} // namespace limpid::engine
