#include "core/model/Predictor.h"

#include <algorithm>
#include <numeric>

namespace limpid {

namespace {

constexpr std::size_t chunkRows = 8192;

/// Composite rows, filled up one by one.
struct Composites {
    Features features;

    Composites(const Features& like, std::size_t capacity)
    {
        features.numberWidth = like.numberWidth;
        features.categoryWidth = like.categoryWidth;
        features.textWidth = like.textWidth;
        features.numbers.resize(capacity * like.numberWidth);
        features.categories.resize(capacity * like.categoryWidth);
    }

    /// Row `at` takes the background's values, then the explained row's in the coalition's groups.
    void fill(std::size_t at, const Features& rows, std::size_t row, const Features& background, std::size_t reference,
              std::span<const std::uint8_t> members, const std::vector<FeatureGroup>& groups)
    {
        const std::size_t numberWidth = features.numberWidth;
        const std::size_t categoryWidth = features.categoryWidth;
        float* numbers = features.numbers.data() + at * numberWidth;
        std::int32_t* categories = features.categories.data() + at * categoryWidth;
        std::copy_n(background.numbers.data() + reference * numberWidth, numberWidth, numbers);
        std::copy_n(background.categories.data() + reference * categoryWidth, categoryWidth, categories);
        const float* ownNumbers = rows.numbers.data() + row * numberWidth;
        const std::int32_t* ownCategories = rows.categories.data() + row * categoryWidth;
        for (std::size_t player = 0; player < groups.size(); ++player) {
            if (!members[player])
                continue;
            const FeatureGroup& group = groups[player];
            std::copy(ownNumbers + group.numberBegin, ownNumbers + group.numberEnd, numbers + group.numberBegin);
            std::copy(ownCategories + group.categoryBegin, ownCategories + group.categoryEnd, categories + group.categoryBegin);
        }
    }
};

} // namespace

std::vector<double> Predictor::coalitionMeans(const Features& rows, const Features& background,
                                              const Coalitions& coalitions, OutputSpace space, Task& task,
                                              std::span<const double> weights) const
{
    const std::vector<FeatureGroup>& groups = pipeline().groups();
    const std::size_t outputs = outputCount(space);
    const std::size_t cells = rows.rows * coalitions.count;
    std::vector<double> means(cells * outputs, 0.0);
    const std::size_t total = cells * background.rows;
    if (total == 0)
        return means;

    // Composite k is (row, coalition, background row) counted in that order; chunks ignore the borders between them.
    Composites composites(rows, std::min(chunkRows, total));
    for (std::size_t begin = 0; begin < total; begin += chunkRows) {
        task.checkpoint();
        const std::size_t count = std::min(chunkRows, total - begin);
        for (std::size_t k = 0; k < count; ++k) {
            const std::size_t cell = (begin + k) / background.rows;
            composites.fill(k, rows, cell / coalitions.count, background, (begin + k) % background.rows,
                            coalitions.row(cell % coalitions.count), groups);
        }
        composites.features.rows = count;
        composites.features.numbers.resize(count * rows.numberWidth);
        composites.features.categories.resize(count * rows.categoryWidth);
        const Predictions predictions = predict(composites.features, space, task);
        for (std::size_t k = 0; k < count; ++k) {
            const double weight = weights.empty() ? 1.0 : weights[(begin + k) % background.rows];
            for (std::size_t output = 0; output < outputs; ++output)
                means[(begin + k) / background.rows * outputs + output] += weight * predictions.at(k, output);
        }
    }
    const double divisor = weights.empty() ? static_cast<double>(background.rows) : std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& mean : means)
        mean /= divisor;
    return means;
}

Features sliceRows(const Features& features, std::size_t begin, std::size_t end)
{
    end = std::min(end, features.rows);
    begin = std::min(begin, end);
    Features slice;
    slice.rows = end - begin;
    slice.numberWidth = features.numberWidth;
    slice.categoryWidth = features.categoryWidth;
    slice.textWidth = features.textWidth;
    const auto numbers = features.numbers.begin();
    slice.numbers.assign(numbers + static_cast<std::ptrdiff_t>(begin * features.numberWidth),
                         numbers + static_cast<std::ptrdiff_t>(end * features.numberWidth));
    const auto categories = features.categories.begin();
    slice.categories.assign(categories + static_cast<std::ptrdiff_t>(begin * features.categoryWidth),
                            categories + static_cast<std::ptrdiff_t>(end * features.categoryWidth));
    return slice;
}

} // namespace limpid
