#include "core/base/CurvePyramid.h"
#include "core/base/Random.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace limpid;

namespace {

using Points = std::vector<CurvePoint>;

/// Irregular steps, pauses, a clock set back, NaN, infinities, and spikes at the blocks' borders.
Points randomCurve(std::uint64_t seed, std::int64_t count)
{
    Random random(seed, "curve");
    Points points;
    std::int64_t step = static_cast<std::int64_t>(random.below(1000)) - 500;
    double seconds = 0.0, level = 2.0;
    for (std::int64_t i = 0; i < count; ++i) {
        step += 1 + (random.uniform() < 0.02 ? static_cast<std::int64_t>(random.below(5000)) : 0);
        seconds += random.uniform() < 0.001 ? 500.0 : 0.001 * random.uniform();
        if (random.uniform() < 0.0005)
            seconds = std::max(0.0, seconds - 100.0);
        level *= 0.9999;
        double value = level + 0.3 * random.normal();
        const auto inBlock = static_cast<std::size_t>(i) % CurvePyramid::blockPoints;
        if ((inBlock == 0 || inBlock == CurvePyramid::blockPoints - 1) && random.uniform() < 0.3)
            value = random.uniform() < 0.5 ? 50.0 : -50.0;
        if (random.uniform() < 0.01)
            value = random.uniform() < 0.8 ? std::nan("") : std::numeric_limits<double>::infinity();
        points.push_back({step, seconds, value});
    }
    if (seed % 3 == 0) // a block without any value
        for (std::size_t i = CurvePyramid::blockPoints; i < std::min(points.size(), 2 * CurvePyramid::blockPoints); ++i)
            points[i].value = std::nan("");
    return points;
}

std::vector<CurveNode> nodesOf(const Points& points)
{
    std::vector<CurveNode> nodes;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (i % CurvePyramid::blockPoints == 0)
            nodes.emplace_back();
        nodes.back().add(points[i]);
    }
    return nodes;
}

Points blockOf(const Points& points, std::size_t block)
{
    const std::size_t from = block * CurvePyramid::blockPoints, to = std::min(points.size(), from + CurvePyramid::blockPoints);
    return Points(points.begin() + static_cast<std::ptrdiff_t>(from), points.begin() + static_cast<std::ptrdiff_t>(to));
}

using Extremes = std::vector<std::pair<double, double>>;

/// The lowest and highest of each bucket among `points`, looking at every one of them.
Extremes extremes(const Points& points, const CurveView& view)
{
    Extremes all(static_cast<std::size_t>(view.buckets), {INFINITY, -INFINITY});
    double clock = -INFINITY;
    for (const CurvePoint& point : points) {
        clock = std::max(clock, point.seconds);
        const double at = view.x == CurveX::Step ? static_cast<double>(point.step) : clock;
        if (!std::isfinite(point.value) || (view.positive && point.value <= 0.0) || at < view.from || at > view.to)
            continue;
        const int bucket = std::min(view.buckets - 1, static_cast<int>((at - view.from) / (view.to - view.from) * view.buckets));
        auto& [low, high] = all[static_cast<std::size_t>(bucket)];
        low = std::min(low, point.value);
        high = std::max(high, point.value);
    }
    return all;
}

} // namespace

class TestCurvePyramid : public QObject
{
    Q_OBJECT
private slots:
    void equalsBruteForce_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<int>("count");
        int seed = 0;
        for (int count : {1, 2, 1023, 1024, 1025, 5000, 40'000})
            for (int i = 0; i < 3; ++i)
                QTest::addRow("%d points, %d", count, i) << ++seed << count;
    }

    /// Against brute force over all points: whole in memory, and read from a store as the envelope asks for it.
    void equalsBruteForce()
    {
        QFETCH(int, seed);
        QFETCH(int, count);
        const Points points = randomCurve(static_cast<std::uint64_t>(seed), count);
        CurvePyramid whole, stored;
        Random random(static_cast<std::uint64_t>(seed), "views");
        for (std::size_t i = 0; i < points.size();) { // in pieces of any size, as a run brings them
            const std::size_t n = std::min<std::size_t>(points.size() - i, 1 + random.below(3000));
            whole.append(std::span(points).subspan(i, n));
            i += n;
        }
        QCOMPARE(whole.size(), static_cast<std::int64_t>(count));
        stored.setNodes(nodesOf(points));
        for (int round = 0; round < 40; ++round) {
            CurveView view;
            view.x = round % 2 == 0 ? CurveX::Step : CurveX::Seconds;
            view.positive = round % 5 == 4;
            const double begin = whole.begin(view.x), span = std::max(1.0, whole.end(view.x) - begin);
            view.from = begin + span * (random.uniform() * 1.2 - 0.2);
            view.to = view.from + span * (round % 3 == 0 ? 1.4 : std::pow(10.0, -4.0 * random.uniform()));
            view.buckets = 1 + static_cast<int>(random.below(round % 4 == 0 ? 5 : 1500));
            const Extremes expected = extremes(points, view);
            const CurveEnvelope envelope = whole.envelope(view);
            QVERIFY(envelope.missing.empty());
            QVERIFY(envelope.points.size() <= static_cast<std::size_t>(2 * view.buckets + 2));
            QCOMPARE(extremes(envelope.points, view), expected);
            QVERIFY(std::is_sorted(envelope.points.begin(), envelope.points.end(), [](const CurvePoint& a, const CurvePoint& b) { return a.step < b.step; }));

            // What stands in for blocks that are not here never goes beyond the truth.
            CurveEnvelope coarse = stored.envelope(view);
            const Extremes known = extremes(coarse.points, view);
            for (std::size_t i = 0; i < known.size(); ++i)
                QVERIFY(known[i].first >= expected[i].first && known[i].second <= expected[i].second);
            for (const std::size_t block : coarse.missing)
                stored.setPart(block, CurvePyramid::part(blockOf(points, block), stored.floor(block)), 64);
            coarse = stored.envelope(view);
            QVERIFY(coarse.missing.empty());
            QCOMPARE(extremes(coarse.points, view), expected);
        }
    }

    /// The line runs out of the picture on both sides.
    void reachesBeyondTheEnds()
    {
        CurvePyramid curve;
        curve.append(Points{{1, 0.1, 5}, {2, 0.2, NAN}, {3, 0.3, 6}, {4, 0.4, 7}, {5, 0.5, NAN}, {6, 0.6, 8}});
        const CurveEnvelope envelope = curve.envelope({CurveX::Step, 2.5, 4.5, 10, false});
        std::vector<std::int64_t> steps;
        for (const CurvePoint& point : envelope.points)
            steps.push_back(point.step);
        QCOMPARE(steps, (std::vector<std::int64_t>{1, 3, 4, 6}));
        QCOMPARE(curve.envelope({CurveX::Step, 5, 5, 10, false}).points.size(), std::size_t(0));
        QCOMPARE(CurvePyramid().envelope({CurveX::Step, 0, 5, 10, false}).points.size(), std::size_t(0));
    }

    void stepsThatDoNotAscendAreLeftOut()
    {
        CurvePyramid curve;
        curve.append(Points{{1, 0, 1}, {2, 0, 2}, {2, 0, 3}, {1, 0, 4}, {3, 0, 5}});
        QCOMPARE(curve.size(), std::int64_t(3));
        QCOMPARE(curve.part(0)->points.back().value, 5.0);
    }

    /// Against a search through all points.
    void nearest()
    {
        const Points points = randomCurve(3, 5000); // with a block of NaN
        CurvePyramid whole, stored;
        whole.append(points);
        stored.setNodes(nodesOf(points));
        Random random(4, "cursor");
        for (int round = 0; round < 200; ++round) {
            const double at = whole.begin(CurveX::Step) - 10 + random.uniform() * (20 + whole.end(CurveX::Step) - whole.begin(CurveX::Step));
            double expected = INFINITY;
            for (const CurvePoint& point : points)
                if (std::isfinite(point.value))
                    expected = std::min(expected, std::abs(static_cast<double>(point.step) - at));
            const auto distance = [at](const std::optional<CurvePyramid::Near>& near) { return std::abs(static_cast<double>(near->point.step) - at); };
            QCOMPARE(distance(whole.nearest(CurveX::Step, at)), expected);
            auto near = stored.nearest(CurveX::Step, at);
            if (near->missing) {
                stored.setPart(*near->missing, CurvePyramid::part(blockOf(points, *near->missing), stored.floor(*near->missing)), 2);
                near = stored.nearest(CurveX::Step, at);
            }
            QCOMPARE(distance(near), expected);
        }
        QVERIFY(!CurvePyramid().nearest(CurveX::Step, 1));
    }

    /// What is read from a store and not looked at any more makes room.
    void forgetsWhatWasNotUsed()
    {
        const Points points = randomCurve(1, 40 * 1024);
        CurvePyramid stored;
        stored.setNodes(nodesOf(points));
        for (std::size_t block = 0; block < 40; ++block)
            stored.setPart(block, CurvePyramid::part(blockOf(points, block), stored.floor(block)), 8);
        std::size_t here = 0;
        for (std::size_t block = 0; block < 40; ++block)
            here += stored.part(block) ? 1 : 0;
        QVERIFY(here >= 8 && here <= 10);
        QVERIFY(stored.part(39));
        QVERIFY(!stored.part(0));
    }
};

QTEST_MAIN(TestCurvePyramid)
#include "tst_curve_pyramid.moc"
