#pragma once

#include "core/data/Pipeline.h"
#include "core/engine/Network.h"

namespace limpid::engine {

/// Embedding rows that no training row points to, "unseen" above all, get the mean of the trained ones weighted by how
/// often each occurs: a value never met is taken for an average one.
class UnseenRows
{
public:
    UnseenRows(const Network& network, const Features& features);
    void fill(const Network& network, std::span<float> values) const;

private:
    void countWords(const Features& features);
    void fillWords(const Network& network, const Layer& layer, std::span<float> values) const;

    std::vector<std::vector<std::size_t>> m_counts; ///< by column and value
    std::vector<std::size_t> m_words;               ///< by word; padding is not counted
};

} // namespace limpid::engine
