#include "core/explain/LocalSurrogate.h"

#include "core/base/Error.h"
#include "core/explain/EffectGrid.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace limpid {

namespace {

constexpr std::size_t checkedValues = 100'000;   // additions between two looks at the task

std::vector<std::size_t> allPlayers(std::size_t count)
{
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// L z = b in place, then Lᵀ x = z, of n × n. A player without a place on the diagonal gets 0.
void solveWith(const std::vector<double>& factor, std::vector<double>& values)
{
    const std::size_t n = values.size();
    for (std::size_t a = 0; a < n; ++a) {
        double sum = values[a];
        for (std::size_t k = 0; k < a; ++k)
            sum -= factor[a * n + k] * values[k];
        values[a] = factor[a * n + a] > 0.0 ? sum / factor[a * n + a] : 0.0;
    }
    for (std::size_t a = n; a-- > 0;) {
        double sum = values[a];
        for (std::size_t k = a + 1; k < n; ++k)
            sum -= factor[k * n + a] * values[k];
        values[a] = factor[a * n + a] > 0.0 ? sum / factor[a * n + a] : 0.0;
    }
}

/// Adds weight · x xᵀ to the lower half of `sums`.
void addSquare(const std::vector<double>& x, double weight, std::vector<double>& sums)
{
    const std::size_t n = x.size();
    for (std::size_t a = 0; a < n; ++a) {
        const double own = weight * x[a];
        double* const line = sums.data() + a * n;
        std::size_t b = 0;
        for (; b + 4 <= a + 1; b += 4) { // of a fixed length, so that compilers take them together
            for (std::size_t k = 0; k < 4; ++k)
                line[b + k] += own * x[b + k];
        }
        for (; b <= a; ++b)
            line[b] += own * x[b];
    }
}

void fillUpperHalf(std::size_t n, std::vector<double>& sums)
{
    for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = 0; b < a; ++b)
            sums[b * n + a] = sums[a * n + b];
    }
}

/// Samples of any values, as they come.
class DenseSamples final : public SurrogateSamples
{
public:
    explicit DenseSamples(const LocalSamples& samples) : m_samples(samples) {}

    std::size_t count() const override { return m_samples.count; }
    std::size_t players() const override { return m_samples.players; }
    double first(std::size_t player) const override { return m_samples.row(0)[player]; }

    Moments moments(std::span<const double> weights, const Task& task) const override
    {
        Moments made{0.0, std::vector<double>(players(), 0.0), {}};
        for (std::size_t i = 0; i < count(); ++i) {
            made.total += weights[i];
            for (std::size_t a = 0; a < players(); ++a)
                made.means[a] += weights[i] * m_samples.row(i)[a];
        }
        for (double& mean : made.means)
            mean /= made.total;
        made.products = squares(weights, allPlayers(players()), made, task);
        return made;
    }

    std::vector<double> pulled(std::span<const double> pulls, const Moments& moments) const override
    {
        std::vector<double> made(players(), 0.0);
        for (std::size_t i = 0; i < count(); ++i) {
            for (std::size_t a = 0; a < players(); ++a)
                made[a] += pulls[i] * (m_samples.row(i)[a] - moments.means[a]);
        }
        return made;
    }

    void addScores(std::span<const std::size_t> kept, std::span<const double> coefficients, std::span<double> to) const override
    {
        for (std::size_t i = 0; i < count(); ++i) {
            for (std::size_t k = 0; k < kept.size(); ++k)
                to[i] += coefficients[k] * m_samples.row(i)[kept[k]];
        }
    }

    std::vector<double> squares(std::span<const double> pulls, std::span<const std::size_t> kept, const Moments& moments,
                                const Task& task) const override
    {
        const std::size_t n = kept.size(), checked = checkedValues / (n * n + 1) + 1;
        std::vector<double> made(n * n, 0.0), x(n);
        for (std::size_t i = 0; i < count(); ++i) {
            if (i % checked == 0)
                task.checkpoint();
            for (std::size_t k = 0; k < n; ++k)
                x[k] = m_samples.row(i)[kept[k]] - moments.means[kept[k]];
            addSquare(x, pulls[i], made);
        }
        fillUpperHalf(n, made);
        return made;
    }

private:
    const LocalSamples& m_samples;
};

} // namespace

double localWeight(double distance, double width)
{
    return std::sqrt(std::exp(-distance * distance / (width * width)));
}

struct LocalRegression::Output {
    double mean = 0.0;
    std::vector<double> products;   ///< [players]: with what is left of the output once its mean is taken off
};

LocalRegression::LocalRegression(const SurrogateSamples& samples, std::span<const double> weights, const Task& task)
    : m_samples(samples), m_weights(weights), m_task(task), m_moments(samples.moments(weights, task))
{
}

LocalRegression::LocalRegression(const LocalSamples& samples, std::span<const double> weights, const Task& task)
    : LocalRegression(std::make_unique<const DenseSamples>(samples), weights, task)
{
}

LocalRegression::LocalRegression(std::unique_ptr<const SurrogateSamples> own, std::span<const double> weights, const Task& task)
    : m_own(std::move(own)), m_samples(*m_own), m_weights(weights), m_task(task), m_moments(m_samples.moments(weights, task))
{
}

LocalRegression::Output LocalRegression::output(std::span<const double> outputs) const
{
    Output made;
    for (std::size_t i = 0; i < m_samples.count(); ++i)
        made.mean += m_weights[i] * outputs[i];
    made.mean /= m_moments.total;
    std::vector<double> pulls(m_samples.count());
    for (std::size_t i = 0; i < pulls.size(); ++i)
        pulls[i] = m_weights[i] * (outputs[i] - made.mean);
    m_task.checkpoint();
    made.products = m_samples.pulled(pulls, m_moments);
    m_task.checkpoint();
    return made;
}

/// Cholesky's factor of some players' products. A player that the ones before it determine, as a constant is, has no place in it.
std::vector<double> LocalRegression::factor(const std::vector<std::size_t>& kept, double ridge) const
{
    const std::size_t n = kept.size();
    std::vector<double> factor(n * n, 0.0);
    for (std::size_t a = 0; a < n; ++a) {
        m_task.checkpoint();
        const double own = m_moments.products[kept[a] * m_samples.players() + kept[a]] + ridge;
        for (std::size_t b = 0; b <= a; ++b) {
            double sum = m_moments.products[kept[a] * m_samples.players() + kept[b]] + (a == b ? ridge : 0.0);
            for (std::size_t k = 0; k < b; ++k)
                sum -= factor[a * n + k] * factor[b * n + k];
            if (a == b)
                factor[a * n + a] = sum > 1e-12 * own ? std::sqrt(sum) : 0.0;
            else if (factor[b * n + b] > 0.0)
                factor[a * n + b] = sum / factor[b * n + b];
        }
    }
    return factor;
}

std::vector<double> LocalRegression::coefficients(const Output& output, const std::vector<std::size_t>& kept, double ridge) const
{
    std::vector<double> values;
    for (const std::size_t player : kept)
        values.push_back(output.products[player]);
    solveWith(factor(kept, ridge), values);
    return values;
}

/// How much of the output's weighted sum of squares least squares on these players takes away.
double LocalRegression::explained(const Output& output, const std::vector<std::size_t>& kept) const
{
    const std::vector<double> values = coefficients(output, kept, 0.0);
    double sum = 0.0;
    for (std::size_t a = 0; a < kept.size(); ++a)
        sum += values[a] * output.products[kept[a]];
    return sum;
}

std::vector<std::size_t> LocalRegression::forward(const Output& output, std::size_t features) const
{
    std::vector<std::size_t> kept;
    while (kept.size() < std::min(features, m_samples.players())) {
        std::size_t best = m_samples.players();
        double most = 0.0;
        for (std::size_t player = 0; player < m_samples.players(); ++player) {
            if (std::find(kept.begin(), kept.end(), player) != kept.end())
                continue;
            kept.push_back(player);
            const double now = explained(output, kept);
            kept.pop_back();
            if (best == m_samples.players() || now > most) {
                best = player;
                most = now;
            }
        }
        kept.push_back(best);
    }
    return kept;
}

std::vector<std::size_t> LocalRegression::select(std::span<const double> outputs, SurrogateSelection selection, std::size_t features) const
{
    constexpr std::size_t mostForward = 6;
    if (selection == SurrogateSelection::Auto)
        selection = features <= mostForward ? SurrogateSelection::Forward : SurrogateSelection::HighestWeights;
    std::vector<std::size_t> kept = allPlayers(m_samples.players());
    if (selection == SurrogateSelection::None)
        return kept;
    if (selection == SurrogateSelection::Forward) {
        kept = forward(output(outputs), features);
    } else {
        constexpr double ridge = 0.01;
        const std::vector<double> values = coefficients(output(outputs), kept, ridge);
        std::stable_sort(kept.begin(), kept.end(), [&](std::size_t a, std::size_t b) {
            return std::abs(values[a] * m_samples.first(a)) > std::abs(values[b] * m_samples.first(b));
        });
        kept.resize(std::min(features, kept.size()));
    }
    std::sort(kept.begin(), kept.end());
    return kept;
}

std::vector<double> LocalRegression::errors(std::span<const double> left, const std::vector<std::size_t>& kept, const std::vector<double>& factor) const
{
    const std::size_t n = kept.size(), count = m_samples.count();
    std::vector<double> pulls(count);
    for (std::size_t i = 0; i < count; ++i)
        pulls[i] = m_weights[i] * left[i] * (m_weights[i] * left[i]);
    const std::vector<double> middle = m_samples.squares(pulls, kept, m_moments, m_task);
    const double freedom = count > n + 1 ? static_cast<double>(count) / static_cast<double>(count - n - 1) : 1.0;
    std::vector<double> made(n, 0.0), row(n);
    for (std::size_t k = 0; k < n; ++k) {
        m_task.checkpoint();
        std::fill(row.begin(), row.end(), 0.0);
        row[k] = 1.0;
        solveWith(factor, row);
        double sum = 0.0;
        for (std::size_t a = 0; a < n; ++a) {
            double own = 0.0;
            for (std::size_t b = 0; b < n; ++b)
                own += middle[a * n + b] * row[b];
            sum += row[a] * own;
        }
        made[k] = std::sqrt(std::max(0.0, sum) * freedom);
    }
    return made;
}

LocalSurrogate LocalRegression::fit(std::span<const double> outputs, std::vector<std::size_t> players) const
{
    const Output own = output(outputs);
    LocalSurrogate result;
    result.players = std::move(players);
    const std::vector<double> lower = factor(result.players, 1.0);
    for (const std::size_t player : result.players)
        result.coefficients.push_back(own.products[player]);
    solveWith(lower, result.coefficients);
    result.intercept = own.mean;
    for (std::size_t k = 0; k < result.players.size(); ++k)
        result.intercept -= result.coefficients[k] * m_moments.means[result.players[k]];
    double left = 0.0, whole = 0.0, largest = 0.0;
    std::vector<double> gaps(m_samples.count(), result.intercept); // first what the line says
    m_samples.addScores(result.players, result.coefficients, gaps);
    result.prediction = gaps.front();
    m_task.checkpoint();
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        gaps[i] = outputs[i] - gaps[i];
        const double deviation = outputs[i] - own.mean;
        left += m_weights[i] * gaps[i] * gaps[i];
        whole += m_weights[i] * deviation * deviation;
        largest = std::max(largest, std::abs(outputs[i]));
    }
    // Means of the same number many times over are off by rounding, and nothing explains that.
    constexpr double rounding = 1e-12;
    const double nothing = m_moments.total * rounding * largest * rounding * largest;
    if (whole > nothing)
        result.determination = 1.0 - left / whole;
    else
        result.determination = left > nothing ? 0.0 : 1.0;
    m_task.checkpoint();
    result.errors = errors(gaps, result.players, lower);
    return result;
}

LocalSurrogate fitLocalSurrogate(const LocalSamples& samples, const SurrogateSpec& spec, const Task& task)
{
    if (!(spec.width > 0.0))
        throw Error(ErrorCode::OptionInvalid, {{"name", "width"}, {"value", std::to_string(spec.width)}, {"expected", "> 0"}});
    if (spec.features == 0)
        throw Error(ErrorCode::OptionInvalid, {{"name", "features"}, {"value", "0"}, {"expected", ">= 1"}});
    std::vector<double> weights;
    for (const double distance : samples.distances)
        weights.push_back(localWeight(distance, spec.width));
    const LocalRegression regression(samples, weights, task);
    return regression.fit(samples.outputs, regression.select(samples.outputs, spec.selection, spec.features));
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
