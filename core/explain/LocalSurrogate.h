#pragma once

#include "core/explain/SurrogateSamples.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace limpid {

/// Which players a local surrogate keeps.
enum class SurrogateSelection {
    None,             ///< all of them
    Forward,          ///< one after the other, each the one that raises the weighted R² most
    HighestWeights,   ///< those of the largest |coefficient · explained row's value| of one regression on all
    Auto              ///< Forward for at most 6 features, else HighestWeights
};

/// Samples about an explained row, which is sample 0, in players that people understand: 1 where a player is as in the row,
/// or its scaled value.
struct LocalSamples {
    std::size_t count = 0;            ///< at least 1
    std::size_t players = 0;
    std::vector<double> values;       ///< [count, players], row-major
    std::vector<double> outputs;      ///< [count]: the model's answer
    std::vector<double> distances;    ///< [count]: from the explained row
    const double* row(std::size_t sample) const { return values.data() + sample * players; }
};

struct SurrogateSpec {
    double width = 0.25;              ///< of the kernel, in units of the distances, > 0
    SurrogateSelection selection = SurrogateSelection::Auto;
    std::size_t features = 10;        ///< how many players are kept, at least 1
};

/// A weighted linear model of the samples.
struct LocalSurrogate {
    std::vector<std::size_t> players;    ///< those kept, ascending
    std::vector<double> coefficients;    ///< one for each of `players`
    /// One for each of `players`: standard error, how much other samples drawn alike would move the coefficient. By the sandwich
    /// A⁻¹ (Σ w² e² x xᵀ) A⁻¹ of the ridge regression, A = Σ w x xᵀ + αI, x less its mean, e what is left over, times
    /// n / (n − players − 1) (White 1980, of degrees of freedom as MacKinnon & White 1985, HC1). Given the choice of players.
    std::vector<double> errors;
    double intercept = 0.0;
    /// Weighted R² over the samples; at most 1. Of an output that is constant but for rounding 1 where it is met, else 0.
    double determination = 0.0;
    double prediction = 0.0;             ///< of the explained row
};

/// sqrt(exp(−d²/w²)): how much a sample at that distance counts (Ribeiro et al. 2016, under a root).
double localWeight(double distance, double width);

/// Weighted regressions of several outputs on the same samples: what the players have in common is added up once.
/// Keeps references to the samples and weights. `task` is asked every few ms whether to go on.
class LocalRegression
{
public:
    /// Weights [count], not all 0.
    LocalRegression(const SurrogateSamples& samples, std::span<const double> weights, const Task& task);
    /// LocalSamples::outputs is not looked at.
    LocalRegression(const LocalSamples& samples, std::span<const double> weights, const Task& task);

    /// The players that `selection` keeps for outputs [count], ascending; at most `features` of them, but all for None.
    std::vector<std::size_t> select(std::span<const double> outputs, SurrogateSelection selection, std::size_t features) const;
    /// Ridge regression of α = 1 with a free intercept, on these players alone.
    LocalSurrogate fit(std::span<const double> outputs, std::vector<std::size_t> players) const;

private:
    struct Output;
    Output output(std::span<const double> outputs) const;
    std::vector<double> factor(const std::vector<std::size_t>& kept, double ridge) const;
    std::vector<double> coefficients(const Output& output, const std::vector<std::size_t>& kept, double ridge) const;
    double explained(const Output& output, const std::vector<std::size_t>& kept) const;
    std::vector<std::size_t> forward(const Output& output, std::size_t features) const;
    std::vector<double> errors(std::span<const double> left, const std::vector<std::size_t>& kept, const std::vector<double>& factor) const;

    LocalRegression(std::unique_ptr<const SurrogateSamples> own, std::span<const double> weights, const Task& task);

    std::unique_ptr<const SurrogateSamples> m_own;
    const SurrogateSamples& m_samples;
    std::span<const double> m_weights;
    const Task& m_task;
    SurrogateSamples::Moments m_moments;
};

/// LIME's last step (Ribeiro, Singh & Guestrin 2016, algorithm 1): weigh, select, fit. Throws OptionInvalid (width, features).
LocalSurrogate fitLocalSurrogate(const LocalSamples& samples, const SurrogateSpec& spec, const Task& task);

/// The quartiles of the present values, each once: edges of at most four bins. `sorted` ascending and not empty.
std::vector<double> quartileEdges(const std::vector<double>& sorted);
/// How many edges lie below the value: a value on an edge belongs to the lower bin.
std::size_t binOf(const std::vector<double>& edges, double value);

} // namespace limpid
