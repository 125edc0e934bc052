#include "core/explain/Quality.h"

#include "core/base/Random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

constexpr std::size_t mostSteps = 64;
constexpr std::size_t coalitionsAtOnce = 64;

/// How many players are in at each point of a curve, from none to all.
std::vector<std::size_t> revealedAt(std::size_t players)
{
    const std::size_t steps = std::min(players, mostSteps);
    std::vector<std::size_t> sizes;
    for (std::size_t i = 0; i <= steps; ++i)
        sizes.push_back(steps == 0 ? 0 : (i * players + steps / 2) / steps);
    return sizes;
}

/// The first `size` of the order, for each size; or all but these.
Coalitions prefixes(const std::vector<std::size_t>& order, const std::vector<std::size_t>& sizes, bool without)
{
    Coalitions made{sizes.size(), order.size(), std::vector<std::uint8_t>(sizes.size() * order.size(), without ? 1 : 0)};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        for (std::size_t k = 0; k < sizes[i]; ++k)
            made.members[i * order.size() + order[k]] = without ? 0 : 1;
    }
    return made;
}

std::vector<std::size_t> bySize(std::span<const double> values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::abs(values[a]) > std::abs(values[b]); });
    return order;
}

double areaUnder(const std::vector<double>& x, const std::vector<double>& y)
{
    double area = 0.0;
    for (std::size_t i = 1; i < x.size(); ++i)
        area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2.0;
    return area;
}

/// Ranks of the sizes, those of one size with their mean.
std::vector<double> sizeRanks(std::span<const double> values)
{
    const std::vector<std::size_t> order = bySize(values);
    std::vector<double> ranks(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && std::abs(values[order[end]]) == std::abs(values[order[begin]]))
            ++end;
        for (std::size_t i = begin; i < end; ++i)
            ranks[order[i]] = static_cast<double>(begin + end - 1) / 2.0;
        begin = end;
    }
    return ranks;
}

} // namespace

QualityFigure meanFigure(std::span<const double> values)
{
    QualityFigure figure;
    double sum = 0.0, squares = 0.0;
    for (const double value : values) {
        if (std::isnan(value))
            continue;
        sum += value;
        ++figure.count;
    }
    if (figure.count == 0)
        return figure;
    const auto count = static_cast<double>(figure.count);
    figure.mean = sum / count;
    for (const double value : values)
        squares += std::isnan(value) ? 0.0 : (value - figure.mean) * (value - figure.mean);
    if (figure.count > 1)
        figure.error = std::sqrt(squares / (count - 1.0) / count);
    return figure;
}

RevealCurves revealCurves(const Game& game, std::size_t row, std::size_t output, std::span<const double> values, RevealOrder order, std::size_t orders,
                          std::uint64_t seed, Task& task)
{
    const std::size_t players = game.players(), outputs = game.outputs();
    const std::vector<std::size_t> sizes = revealedAt(players);
    const auto curve = [&](const std::vector<std::size_t>& way, bool without) {
        task.checkpoint();
        const std::vector<double> found = game.valuesOfRow(row, prefixes(way, sizes, without), task);
        std::vector<double> points(sizes.size());
        for (std::size_t i = 0; i < points.size(); ++i)
            points[i] = found[i * outputs + output];
        return points;
    };
    std::vector<std::size_t> way = bySize(values);
    if (order == RevealOrder::Value)
        std::stable_sort(way.begin(), way.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });

    RevealCurves made;
    for (const std::size_t size : sizes)
        made.shares.push_back(static_cast<double>(size) / static_cast<double>(std::max<std::size_t>(1, players)));
    made.insertion = curve(way, false);
    made.deletion = curve(way, true);
    const double none = made.insertion.front();
    const double sign = order == RevealOrder::Size && made.insertion.back() < none ? -1.0 : 1.0;
    const auto fromNone = [&](std::vector<double>& points) {
        for (double& point : points)
            point = sign * (point - none);
    };
    fromNone(made.insertion);
    fromNone(made.deletion);
    made.insertionArea = areaUnder(made.shares, made.insertion);
    made.deletionArea = areaUnder(made.shares, made.deletion);

    Random random(seed, "quality/orders");
    made.random.assign(sizes.size(), 0.0);
    std::vector<double> areas;
    std::iota(way.begin(), way.end(), std::size_t{0});
    for (std::size_t i = 0; i < orders; ++i) {
        random.shuffle(way);
        std::vector<double> points = curve(way, false);
        fromNone(points);
        areas.push_back(areaUnder(made.shares, points));
        for (std::size_t k = 0; k < points.size(); ++k)
            made.random[k] += points[k] / static_cast<double>(orders);
    }
    const QualityFigure area = meanFigure(areas);
    made.randomArea = area.mean;
    made.randomError = area.error;
    return made;
}

Infidelity infidelityOf(std::span<const double> values, const Coalitions& taken, std::span<const double> falls)
{
    double said2 = 0.0, both = 0.0, fell2 = 0.0;
    Infidelity found;
    std::vector<double> said(taken.count, 0.0);
    const auto count = static_cast<double>(taken.count);
    for (std::size_t i = 0; i < taken.count; ++i) {
        const auto members = taken.row(i);
        for (std::size_t player = 0; player < values.size(); ++player)
            said[i] += members[player] ? values[player] : 0.0;
        said2 += said[i] * said[i];
        both += said[i] * falls[i];
        fell2 += falls[i] * falls[i];
        found.infidelity += (said[i] - falls[i]) * (said[i] - falls[i]) / count;
    }
    found.scale = said2 > 0.0 ? std::max(0.0, both / said2) : 0.0;
    for (std::size_t i = 0; i < taken.count; ++i)
        found.scaled += (found.scale * said[i] - falls[i]) * (found.scale * said[i] - falls[i]) / count;
    found.unexplained = fell2 > 0.0 ? found.scaled / (fell2 / count) : std::numeric_limits<double>::quiet_NaN();
    return found;
}

Infidelity infidelity(const Game& game, std::size_t row, std::size_t output, std::span<const double> values, std::size_t draws, std::uint64_t seed, Task& task)
{
    const std::size_t players = game.players(), outputs = game.outputs();
    Random random(seed, "quality/taken");
    Coalitions taken{draws, players, std::vector<std::uint8_t>(draws * players, 0)};
    std::vector<std::size_t> order(players);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i < draws && players > 0; ++i) {
        if (i % coalitionsAtOnce == 0)
            task.checkpoint();
        const auto size = static_cast<std::size_t>(1 + random.below(players));
        random.shuffle(order);
        for (std::size_t k = 0; k < size; ++k)
            taken.members[i * players + order[k]] = 1;
    }
    const double full = game.valuesOfRow(row, {1, players, std::vector<std::uint8_t>(players, 1)}, task)[output];
    std::vector<double> falls;
    for (std::size_t begin = 0; begin < draws; begin += coalitionsAtOnce) {
        task.checkpoint();
        Coalitions left{std::min(coalitionsAtOnce, draws - begin), players, {}};
        for (std::size_t i = begin * players; i < (begin + left.count) * players; ++i)
            left.members.push_back(taken.members[i] ? 0 : 1);
        const std::vector<double> found = game.valuesOfRow(row, left, task);
        for (std::size_t i = 0; i < left.count; ++i)
            falls.push_back(full - found[i * outputs + output]);
    }
    return infidelityOf(values, taken, falls);
}

double relativeChange(std::span<const double> before, std::span<const double> after)
{
    double change = 0.0, size = 0.0;
    for (std::size_t i = 0; i < before.size(); ++i) {
        change += (after[i] - before[i]) * (after[i] - before[i]);
        size += before[i] * before[i];
    }
    return size > 0.0 ? std::sqrt(change / size) : std::numeric_limits<double>::quiet_NaN();
}

double sizeRankCorrelation(std::span<const double> a, std::span<const double> b)
{
    const std::vector<double> x = sizeRanks(a), y = sizeRanks(b);
    const double middle = (static_cast<double>(x.size()) - 1.0) / 2.0; // ties keep the mean
    double xx = 0.0, yy = 0.0, xy = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - middle) * (x[i] - middle);
        yy += (y[i] - middle) * (y[i] - middle);
        xy += (x[i] - middle) * (y[i] - middle);
    }
    return xx > 0.0 && yy > 0.0 ? xy / std::sqrt(xx * yy) : std::numeric_limits<double>::quiet_NaN();
}

double topOverlap(std::span<const double> a, std::span<const double> b, std::size_t top)
{
    const std::vector<std::size_t> first = bySize(a), second = bySize(b);
    top = std::min(top, first.size());
    std::size_t shared = 0;
    for (std::size_t i = 0; i < top; ++i)
        shared += static_cast<std::size_t>(std::count(second.begin(), second.begin() + static_cast<std::ptrdiff_t>(top), first[i]));
    return top > 0 ? static_cast<double>(shared) / static_cast<double>(top) : std::numeric_limits<double>::quiet_NaN();
}

} // namespace limpid
