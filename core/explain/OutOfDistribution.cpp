#include "core/explain/OutOfDistribution.h"

#include "core/base/Random.h"
#include "core/explain/RowSpace.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr double innerShare = 0.99;
constexpr std::size_t judgedRows = 500;   // whose distances to their neighbours say what is usual

Features copiedRows(const Features& from, const std::vector<std::size_t>& rows)
{
    Features copy;
    copy.rows = rows.size();
    copy.numberWidth = from.numberWidth;
    copy.categoryWidth = from.categoryWidth;
    copy.textWidth = from.textWidth;
    for (const std::size_t row : rows) {
        const float* numbers = from.numbers.data() + row * from.numberWidth;
        copy.numbers.insert(copy.numbers.end(), numbers, numbers + from.numberWidth);
        const std::int32_t* categories = from.categories.data() + row * from.categoryWidth;
        copy.categories.insert(copy.categories.end(), categories, categories + from.categoryWidth);
    }
    return copy;
}

std::vector<std::size_t> drawn(std::size_t count, std::size_t of, Random& random)
{
    std::vector<std::size_t> rows(of);
    for (std::size_t i = 0; i < of; ++i)
        rows[i] = i;
    random.shuffle(rows);
    rows.resize(std::min(count, of));
    return rows;
}

/// A row by its weight.
std::size_t drawRow(const WeightedRows& rows, Random& random)
{
    if (rows.weights.empty())
        return random.below(rows.rows.rows);
    double left = random.uniform();
    std::size_t row = 0;
    while (row + 1 < rows.weights.size() && left >= rows.weights[row])
        left -= rows.weights[row++];
    return row;
}

/// One composite row a coalition.
Features composites(const std::vector<FeatureGroup>& groups, const Features& explained, const WeightedRows& background,
                    const Coalitions& coalitions, Random& random)
{
    std::vector<std::size_t> references;
    for (std::size_t i = 0; i < coalitions.count; ++i)
        references.push_back(drawRow(background, random));
    Features made = copiedRows(background.rows, references);
    for (std::size_t i = 0; i < coalitions.count; ++i) {
        const std::size_t row = random.below(explained.rows);
        const float* numbers = explained.numbers.data() + row * explained.numberWidth;
        const std::int32_t* categories = explained.categories.data() + row * explained.categoryWidth;
        for (std::size_t player = 0; player < groups.size(); ++player) {
            if (!coalitions.row(i)[player])
                continue;
            const FeatureGroup& group = groups[player];
            std::copy(numbers + group.numberBegin, numbers + group.numberEnd, made.numbers.data() + i * made.numberWidth + group.numberBegin);
            std::copy(categories + group.categoryBegin, categories + group.categoryEnd,
                      made.categories.data() + i * made.categoryWidth + group.categoryBegin);
        }
    }
    return made;
}

/// Squared; `except`: a row of `data` that does not count.
double nearestDistance(const RowSpace& space, const Features& rows, std::size_t row, const Features& data, std::size_t except)
{
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t other = 0; other < data.rows; ++other) {
        if (other != except)
            nearest = std::min(nearest, space.squaredDistance(rows, row, data, other, nearest));
    }
    return nearest;
}

} // namespace

std::size_t outsideReferenceRows(std::size_t values)
{
    constexpr std::size_t valuesOfAllLooks = 80'000;   // times some thousand rows that are looked at: about 0.1 s
    return std::clamp<std::size_t>(valuesOfAllLooks / std::max<std::size_t>(1, values), 200, 10'000);
}

OutsideShare estimateOutside(const std::vector<FeatureGroup>& groups, const Features& data, const Features& explained,
                             const WeightedRows& background, const Coalitions& coalitions, std::uint64_t seed, Task& task)
{
    OutsideShare found;
    if (coalitions.count == 0 || data.rows < 2)
        return found;
    Random random(seed, "explain/outside");
    const Features sample = copiedRows(data, drawn(outsideReferenceRows(data.numberWidth + data.categoryWidth), data.rows, random));
    const RowSpace space(groups, sample);
    const Features reference = space.scaled(sample);
    const Features hybrids = space.scaled(composites(groups, explained, background, coalitions, random));

    std::vector<double> own;
    for (std::size_t row = 0; row < std::min(judgedRows, reference.rows); ++row) { // they are in random order
        task.checkpoint();
        own.push_back(nearestDistance(space, reference, row, reference, row));
    }
    const auto at = static_cast<std::ptrdiff_t>(std::ceil(innerShare * static_cast<double>(own.size()))) - 1;
    std::nth_element(own.begin(), own.begin() + at, own.end());
    const double border = own[static_cast<std::size_t>(at)];

    std::size_t outside = 0;
    for (std::size_t row = 0; row < hybrids.rows; ++row) {
        task.checkpoint();
        outside += nearestDistance(space, hybrids, row, reference, reference.rows) > border ? 1 : 0;
    }
    found.looked = hybrids.rows;
    found.share = static_cast<double>(outside) / static_cast<double>(found.looked);
    found.error = std::sqrt(found.share * (1.0 - found.share) / static_cast<double>(found.looked));
    return found;
}

} // namespace limpid
