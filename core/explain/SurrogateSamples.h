#pragma once

#include "core/base/Task.h"

#include <cstddef>
#include <span>
#include <vector>

namespace limpid {

/// What a local regression asks of its samples, all of them at a time: x [count, players], the explained row being sample 0.
/// `task` is asked every few ms whether to go on.
class SurrogateSamples
{
public:
    struct Moments {
        double total = 0.0;             ///< Σ w
        std::vector<double> means;      ///< [players], weighted
        std::vector<double> products;   ///< [players, players]: Σ w (x − mean)(x − mean)ᵀ
    };

    virtual ~SurrogateSamples() = default;
    virtual std::size_t count() const = 0;
    virtual std::size_t players() const = 0;
    /// Of the explained row.
    virtual double first(std::size_t player) const = 0;
    /// Weights [count], not all 0.
    virtual Moments moments(std::span<const double> weights, const Task& task) const = 0;
    /// Σ pulls[i] · (x_i − mean): [players].
    virtual std::vector<double> pulled(std::span<const double> pulls, const Moments& moments) const = 0;
    /// Adds Σ coefficients[k] · x_i[kept[k]] to to[i], for each sample.
    virtual void addScores(std::span<const std::size_t> kept, std::span<const double> coefficients, std::span<double> to) const = 0;
    /// Σ pulls[i] · (x_i − mean)(x_i − mean)ᵀ of the players kept: [kept, kept]. Pulls are at least 0.
    virtual std::vector<double> squares(std::span<const double> pulls, std::span<const std::size_t> kept, const Moments& moments,
                                        const Task& task) const = 0;
};

} // namespace limpid
