#pragma once

#include "core/explain/SurrogateSamples.h"

#include <cstdint>

namespace limpid {

/// Samples of which each player is as in the explained row (1) or not (0), a bit each. Sums over samples go eight players at a time, by
/// which of the 256 patterns a sample has, and Σ w x xᵀ by counting the bits of 64 samples of one weight at once.
class BinarySamples final : public SurrogateSamples
{
public:
    /// All 0.
    BinarySamples(std::size_t count, std::size_t players);

    void clear();
    /// Sample i of the `same.size()` from `begin` on is as the row in this player where same[i] is not 0.
    void add(std::size_t player, std::size_t begin, std::span<const std::uint8_t> same);
    /// In how many players a sample is as the row.
    std::size_t ones(std::size_t sample) const;

    std::size_t count() const override { return m_count; }
    std::size_t players() const override { return m_players; }
    double first(std::size_t player) const override { return at(0, player) ? 1.0 : 0.0; }
    /// Samples of as many ones weigh the same.
    Moments moments(std::span<const double> weights, const Task& task) const override;
    std::vector<double> pulled(std::span<const double> pulls, const Moments& moments) const override;
    void addScores(std::span<const std::size_t> kept, std::span<const double> coefficients, std::span<double> to) const override;
    std::vector<double> squares(std::span<const double> pulls, std::span<const std::size_t> kept, const Moments& moments,
                                const Task& task) const override;

private:
    bool at(std::size_t sample, std::size_t player) const { return (m_bits[sample * m_words + player / 64] >> (player % 64) & 1) != 0; }
    std::vector<double> sums(std::span<const double> pulls) const;

    std::size_t m_count = 0, m_players = 0;
    std::size_t m_words = 0;             ///< of one sample
    std::vector<std::uint64_t> m_bits;   ///< [count, words]
};

} // namespace limpid
