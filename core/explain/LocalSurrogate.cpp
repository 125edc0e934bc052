#include "core/explain/LocalSurrogate.h"

#include "core/base/Error.h"
#include "core/explain/EffectGrid.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace limpid {

namespace {

/// Weighted means, and sums of products of what is left of players and output once these are taken off.
struct Moments {
    std::size_t players = 0;
    std::vector<double> means;       ///< [players]
    double outputMean = 0.0;
    std::vector<double> products;    ///< [players, players]
    std::vector<double> withOutput;  ///< [players]

    Moments(const LocalSamples& samples, std::span<const double> weights)
        : players(samples.players), means(players, 0.0), products(players * players, 0.0), withOutput(players, 0.0)
    {
        double total = 0.0;
        for (std::size_t i = 0; i < samples.count; ++i) {
            total += weights[i];
            outputMean += weights[i] * samples.outputs[i];
            for (std::size_t a = 0; a < players; ++a)
                means[a] += weights[i] * samples.row(i)[a];
        }
        outputMean /= total;
        for (double& mean : means)
            mean /= total;
        std::vector<double> centred(players);
        for (std::size_t i = 0; i < samples.count; ++i) {
            for (std::size_t a = 0; a < players; ++a)
                centred[a] = samples.row(i)[a] - means[a];
            for (std::size_t a = 0; a < players; ++a) {
                const double weighted = weights[i] * centred[a];
                withOutput[a] += weighted * (samples.outputs[i] - outputMean);
                for (std::size_t b = 0; b <= a; ++b)
                    products[a * players + b] += weighted * centred[b];
            }
        }
        for (std::size_t a = 0; a < players; ++a) {
            for (std::size_t b = 0; b < a; ++b)
                products[b * players + a] = products[a * players + b];
        }
    }

    /// Coefficients of the ridge regression on some players, by Cholesky. A player that the ones before it determine, as a
    /// constant is, has none.
    std::vector<double> solve(const std::vector<std::size_t>& kept, double ridge) const
    {
        const std::size_t n = kept.size();
        std::vector<double> factor(n * n, 0.0), solution(n, 0.0);
        for (std::size_t a = 0; a < n; ++a) {
            const double own = products[kept[a] * players + kept[a]] + ridge;
            for (std::size_t b = 0; b <= a; ++b) {
                double sum = products[kept[a] * players + kept[b]] + (a == b ? ridge : 0.0);
                for (std::size_t k = 0; k < b; ++k)
                    sum -= factor[a * n + k] * factor[b * n + k];
                if (a == b)
                    factor[a * n + a] = sum > 1e-12 * own ? std::sqrt(sum) : 0.0;
                else if (factor[b * n + b] > 0.0)
                    factor[a * n + b] = sum / factor[b * n + b];
            }
        }
        for (std::size_t a = 0; a < n; ++a) {
            double sum = withOutput[kept[a]];
            for (std::size_t k = 0; k < a; ++k)
                sum -= factor[a * n + k] * solution[k];
            solution[a] = factor[a * n + a] > 0.0 ? sum / factor[a * n + a] : 0.0;
        }
        for (std::size_t a = n; a-- > 0;) {
            double sum = solution[a];
            for (std::size_t k = a + 1; k < n; ++k)
                sum -= factor[k * n + a] * solution[k];
            solution[a] = factor[a * n + a] > 0.0 ? sum / factor[a * n + a] : 0.0;
        }
        return solution;
    }

    /// How much of the output's weighted sum of squares least squares on these players takes away.
    double explained(const std::vector<std::size_t>& kept) const
    {
        const std::vector<double> coefficients = solve(kept, 0.0);
        double sum = 0.0;
        for (std::size_t a = 0; a < kept.size(); ++a)
            sum += coefficients[a] * withOutput[kept[a]];
        return sum;
    }
};

std::vector<std::size_t> allPlayers(std::size_t count)
{
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

std::vector<std::size_t> forward(const Moments& moments, std::size_t features)
{
    std::vector<std::size_t> kept;
    while (kept.size() < std::min(features, moments.players)) {
        std::size_t best = moments.players;
        double most = 0.0;
        for (std::size_t player = 0; player < moments.players; ++player) {
            if (std::find(kept.begin(), kept.end(), player) != kept.end())
                continue;
            kept.push_back(player);
            const double explained = moments.explained(kept);
            kept.pop_back();
            if (best == moments.players || explained > most) {
                best = player;
                most = explained;
            }
        }
        kept.push_back(best);
    }
    return kept;
}

std::vector<std::size_t> highestWeights(const Moments& moments, const double* row, std::size_t features)
{
    std::vector<std::size_t> order = allPlayers(moments.players);
    constexpr double ridge = 0.01;
    const std::vector<double> coefficients = moments.solve(order, ridge);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::abs(coefficients[a] * row[a]) > std::abs(coefficients[b] * row[b]);
    });
    order.resize(std::min(features, order.size()));
    return order;
}

} // namespace

double localWeight(double distance, double width)
{
    return std::sqrt(std::exp(-distance * distance / (width * width)));
}

std::vector<std::size_t> selectPlayers(const LocalSamples& samples, std::span<const double> weights,
                                       SurrogateSelection selection, std::size_t features)
{
    constexpr std::size_t mostForward = 6;
    if (selection == SurrogateSelection::Auto)
        selection = features <= mostForward ? SurrogateSelection::Forward : SurrogateSelection::HighestWeights;
    if (selection == SurrogateSelection::None)
        return allPlayers(samples.players);
    const Moments moments(samples, weights);
    std::vector<std::size_t> kept = selection == SurrogateSelection::Forward ? forward(moments, features)
                                                                            : highestWeights(moments, samples.row(0), features);
    std::sort(kept.begin(), kept.end());
    return kept;
}

LocalSurrogate fitPlayers(const LocalSamples& samples, std::span<const double> weights, std::vector<std::size_t> players)
{
    const Moments moments(samples, weights);
    LocalSurrogate result;
    result.players = std::move(players);
    result.coefficients = moments.solve(result.players, 1.0);
    result.intercept = moments.outputMean;
    for (std::size_t k = 0; k < result.players.size(); ++k)
        result.intercept -= result.coefficients[k] * moments.means[result.players[k]];
    double left = 0.0, whole = 0.0;
    for (std::size_t i = 0; i < samples.count; ++i) {
        double value = result.intercept;
        for (std::size_t k = 0; k < result.players.size(); ++k)
            value += result.coefficients[k] * samples.row(i)[result.players[k]];
        if (i == 0)
            result.prediction = value;
        const double gap = samples.outputs[i] - value, deviation = samples.outputs[i] - moments.outputMean;
        left += weights[i] * gap * gap;
        whole += weights[i] * deviation * deviation;
    }
    if (whole > 0.0)
        result.determination = 1.0 - left / whole;
    else
        result.determination = left > 0.0 ? 0.0 : 1.0;
    return result;
}

LocalSurrogate fitLocalSurrogate(const LocalSamples& samples, const SurrogateSpec& spec)
{
    if (!(spec.width > 0.0))
        throw Error(ErrorCode::OptionInvalid, {{"name", "width"}, {"value", std::to_string(spec.width)}, {"expected", "> 0"}});
    if (spec.features == 0)
        throw Error(ErrorCode::OptionInvalid, {{"name", "features"}, {"value", "0"}, {"expected", ">= 1"}});
    std::vector<double> weights;
    for (const double distance : samples.distances)
        weights.push_back(localWeight(distance, spec.width));
    return fitPlayers(samples, weights, selectPlayers(samples, weights, spec.selection, spec.features));
}

std::vector<double> quartileEdges(const std::vector<double>& sorted)
{
    std::vector<double> edges{quantileOf(sorted, 0.25), quantileOf(sorted, 0.5), quantileOf(sorted, 0.75)};
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
}

std::size_t binOf(const std::vector<double>& edges, double value)
{
    return static_cast<std::size_t>(std::lower_bound(edges.begin(), edges.end(), value) - edges.begin());
}

} // namespace limpid
