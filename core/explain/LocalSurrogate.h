#pragma once

#include <cstddef>
#include <cstdint>
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
    double intercept = 0.0;
    double determination = 0.0;          ///< weighted R² over the samples; at most 1; of a constant output 1 where it is met, else 0
    double prediction = 0.0;             ///< of the explained row
};

/// sqrt(exp(−d²/w²)): how much a sample at that distance counts (Ribeiro et al. 2016, under a root).
double localWeight(double distance, double width);

/// The players that `selection` keeps, ascending; at most `features` of them, but all for None. Weights [count], not all 0.
std::vector<std::size_t> selectPlayers(const LocalSamples& samples, std::span<const double> weights,
                                       SurrogateSelection selection, std::size_t features);

/// Ridge regression of α = 1 with a free intercept, on these players alone.
LocalSurrogate fitPlayers(const LocalSamples& samples, std::span<const double> weights, std::vector<std::size_t> players);

/// LIME's last step (Ribeiro, Singh & Guestrin 2016, algorithm 1): weigh, select, fit. Throws OptionInvalid (width, features).
LocalSurrogate fitLocalSurrogate(const LocalSamples& samples, const SurrogateSpec& spec);

/// The quartiles of the present values, each once: edges of at most four bins. `sorted` ascending and not empty.
std::vector<double> quartileEdges(const std::vector<double>& sorted);
/// How many edges lie below the value: a value on an edge belongs to the lower bin.
std::size_t binOf(const std::vector<double>& edges, double value);

} // namespace limpid
