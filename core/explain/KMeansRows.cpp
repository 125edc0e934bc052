#include "core/explain/KMeansRows.h"

#include "core/base/Random.h"
#include "core/explain/RowSpace.h"

#include <algorithm>
#include <map>

namespace limpid {

namespace {

constexpr int mostRounds = 20;
constexpr std::size_t rowsBetweenLooks = 256;

class Clusters
{
public:
    Clusters(const std::vector<FeatureGroup>& groups, const Features& features)
        : m_rows(RowSpace(groups, features).scaled(features)), m_numbers(features.numberWidth),
          m_columns(features.categoryWidth - features.textWidth), m_own(features.rows, 0)
    {
        m_offsets.push_back(m_numbers);
        for (std::size_t column = 0; column < m_columns; ++column) {
            std::int32_t largest = 0;
            for (std::size_t row = 0; row < m_rows.rows; ++row)
                largest = std::max(largest, category(row, column));
            m_offsets.push_back(m_offsets.back() + static_cast<std::size_t>(largest) + 1);
        }
    }

    /// Rows chosen one by one, each with a chance that grows with the square of its distance to those there are.
    void seed(std::size_t centres, Random& random, const Task& task)
    {
        std::vector<double> nearest(m_rows.rows, 0.0);
        std::size_t chosen = random.below(m_rows.rows);
        while (true) {
            addCentre(chosen);
            double total = 0.0;
            for (std::size_t row = 0; row < m_rows.rows; ++row) {
                look(row, task);
                const double distance = squaredDistance(row, count() - 1);
                nearest[row] = count() == 1 ? distance : std::min(nearest[row], distance);
                total += nearest[row];
            }
            if (count() >= centres || !(total > 0.0))
                return;
            double left = random.uniform() * total;
            for (chosen = 0; chosen + 1 < m_rows.rows && left >= nearest[chosen]; ++chosen)
                left -= nearest[chosen];
        }
    }

    /// Every row to its nearest centre. Whether any has changed.
    bool assign(const Task& task)
    {
        bool changed = false;
        for (std::size_t row = 0; row < m_rows.rows; ++row) {
            look(row, task);
            std::size_t best = 0;
            double least = squaredDistance(row, 0);
            for (std::size_t centre = 1; centre < count(); ++centre) {
                if (const double distance = squaredDistance(row, centre); distance < least) {
                    least = distance;
                    best = centre;
                }
            }
            changed = changed || best != m_own[row];
            m_own[row] = best;
        }
        return changed;
    }

    /// Every centre to the mean of its rows; one without rows stays.
    void move()
    {
        const std::size_t width = m_offsets.back();
        std::vector<double> sums(m_centres.size(), 0.0);
        const std::vector<std::size_t> sizes = clusterSizes();
        for (std::size_t row = 0; row < m_rows.rows; ++row)
            forValues(row, [&](std::size_t at, double value) { sums[m_own[row] * width + at] += value; });
        for (std::size_t centre = 0; centre < count(); ++centre) {
            for (std::size_t at = 0; at < width && sizes[centre] > 0; ++at)
                m_centres[centre * width + at] = sums[centre * width + at] / static_cast<double>(sizes[centre]);
            m_norms[centre] = normOf(centre);
        }
    }

    RepresentativeRows nearestRows() const
    {
        const std::vector<std::size_t> sizes = clusterSizes();
        std::vector<std::size_t> nearest(count(), m_rows.rows);
        std::vector<double> least(count(), 0.0);
        for (std::size_t row = 0; row < m_rows.rows; ++row) {
            const std::size_t own = m_own[row];
            if (const double distance = squaredDistance(row, own); nearest[own] == m_rows.rows || distance < least[own]) {
                nearest[own] = row;
                least[own] = distance;
            }
        }
        std::map<std::size_t, double> weights;
        for (std::size_t centre = 0; centre < count(); ++centre) {
            if (sizes[centre] > 0)
                weights[nearest[centre]] = static_cast<double>(sizes[centre]) / static_cast<double>(m_rows.rows);
        }
        RepresentativeRows found;
        for (const auto& [row, weight] : weights) {
            found.rows.push_back(row);
            found.weights.push_back(weight);
        }
        return found;
    }

private:
    std::size_t count() const { return m_norms.size(); }
    std::int32_t category(std::size_t row, std::size_t column) const { return m_rows.categories[row * m_rows.categoryWidth + column]; }
    static void look(std::size_t row, const Task& task)
    {
        if (row % rowsBetweenLooks == 0)
            task.checkpoint();
    }

    /// A row as a centre has it: its numbers, then a 1 in the place of each of its categories.
    template<class Use>
    void forValues(std::size_t row, const Use& use) const
    {
        for (std::size_t k = 0; k < m_numbers; ++k)
            use(k, static_cast<double>(m_rows.numbers[row * m_numbers + k]));
        for (std::size_t column = 0; column < m_columns; ++column)
            use(m_offsets[column] + static_cast<std::size_t>(category(row, column)), 1.0);
    }

    void addCentre(std::size_t row)
    {
        const std::size_t begin = m_centres.size();
        m_centres.resize(begin + m_offsets.back(), 0.0);
        forValues(row, [&](std::size_t at, double value) { m_centres[begin + at] = value; });
        m_norms.push_back(0.0);
        m_norms.back() = normOf(count() - 1);
    }

    /// The part of a squared distance that is the same for all rows: ½ Σ over columns (1 + Σ shares²).
    double normOf(std::size_t centre) const
    {
        double norm = static_cast<double>(m_columns);
        for (std::size_t at = m_numbers; at < m_offsets.back(); ++at) {
            const double share = m_centres[centre * m_offsets.back() + at];
            norm += share * share;
        }
        return 0.5 * norm;
    }

    /// Half the squared distance of a row's 0s and a 1 from the shares, for each column: 0 or 1 between two rows, as in RowSpace.
    double squaredDistance(std::size_t row, std::size_t centre) const
    {
        const double* to = m_centres.data() + centre * m_offsets.back();
        const float* numbers = m_rows.numbers.data() + row * m_numbers;
        double sum = m_norms[centre];
        for (std::size_t k = 0; k < m_numbers; ++k) {
            const double step = static_cast<double>(numbers[k]) - to[k];
            sum += step * step;
        }
        for (std::size_t column = 0; column < m_columns; ++column)
            sum -= to[m_offsets[column] + static_cast<std::size_t>(category(row, column))];
        return std::max(0.0, sum);
    }

    std::vector<std::size_t> clusterSizes() const
    {
        std::vector<std::size_t> sizes(count(), 0);
        for (const std::size_t own : m_own)
            ++sizes[own];
        return sizes;
    }

    Features m_rows;
    std::size_t m_numbers, m_columns;
    std::vector<std::size_t> m_offsets;   ///< where each column's shares begin in a centre, and the width of a centre
    std::vector<std::size_t> m_own;       ///< the cluster of each row
    std::vector<double> m_centres;        ///< [centres, width]
    std::vector<double> m_norms;          ///< [centres]
};

} // namespace

RepresentativeRows kMeansRows(const std::vector<FeatureGroup>& groups, const Features& features, std::size_t centres,
                              std::uint64_t seed, Task& task)
{
    if (features.numberWidth == 0 && features.categoryWidth == features.textWidth)
        throw Error(ErrorCode::OptionInvalid, {{"name", "background"}, {"value", "kmeans"}, {"expected", "rows of a sample, as texts have no mean"}});
    Clusters clusters(groups, features);
    Random random(seed, "explain/k-means");
    clusters.seed(std::min(centres, features.rows), random, task);
    clusters.assign(task);
    for (int round = 0; round < mostRounds; ++round) {
        clusters.move();
        if (!clusters.assign(task))
            break;
    }
    return clusters.nearestRows();
}

} // namespace limpid
