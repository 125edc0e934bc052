#include "core/metrics/Ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t insideTie = 16; ///< points at most between the ends of a tie

PicturePoint point(double x, double y)
{
    return {static_cast<float>(x), static_cast<float>(y)};
}

/// The points kept at one tolerance; empty where there would be more than `most`.
std::vector<PicturePoint> within(std::span<const PicturePoint> curve, std::size_t most, double tolerance)
{
    std::vector<PicturePoint> kept{curve.front()};
    std::size_t anchor = 0;
    while (anchor + 1 < curve.size()) {
        if (kept.size() == most)
            return {};
        // Directions, from the anchor, that pass every point since within the tolerance: between `right` and `left`.
        double rightX = 0.0, rightY = 0.0, leftX = 0.0, leftY = 0.0, reach = 0.0;
        bool open = true; // every direction does as yet
        std::size_t farthest = anchor + 1, i = anchor + 1;
        for (; i < curve.size(); ++i) {
            const double dx = static_cast<double>(curve[i].x) - curve[anchor].x, dy = static_cast<double>(curve[i].y) - curve[anchor].y;
            const double distance = std::sqrt(dx * dx + dy * dy);
            if (distance < reach - tolerance)
                break; // it has turned back: the line would not, so it ends where that was farthest
            if (!open && (rightX * dy - rightY * dx < 0.0 || dx * leftY - dy * leftX < 0.0))
                break;
            if (distance >= reach) {
                reach = distance;
                farthest = i;
            }
            if (distance <= tolerance)
                continue;
            const double sine = tolerance / distance, cosine = std::sqrt(1.0 - sine * sine);
            const double toRightX = dx * cosine + dy * sine, toRightY = dy * cosine - dx * sine;
            const double toLeftX = dx * cosine - dy * sine, toLeftY = dy * cosine + dx * sine;
            if (open || rightX * toRightY - rightY * toRightX > 0.0) {
                rightX = toRightX;
                rightY = toRightY;
            }
            if (open || toLeftX * leftY - toLeftY * leftX > 0.0) {
                leftX = toLeftX;
                leftY = toLeftY;
            }
            open = false;
        }
        // The last point is an end whatever lies behind it.
        anchor = i == curve.size() && reach - tolerance <= 0.0 ? curve.size() - 1 : farthest;
        kept.push_back(curve[anchor]);
    }
    return kept;
}

} // namespace

std::vector<ScoredRow> scoredRows(std::span<const int> labels, std::span<const double> scores)
{
    std::vector<ScoredRow> rows(std::min(labels.size(), scores.size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = {scores[i], labels[i] == 1};
    return rows;
}

Ranking::Ranking(std::vector<ScoredRow> rows)
{
    if (std::any_of(rows.begin(), rows.end(), [](const ScoredRow& row) { return std::isnan(row.score); }))
        return;
    std::sort(rows.begin(), rows.end(), [](const ScoredRow& a, const ScoredRow& b) { return a.score > b.score; });
    Cut now;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ++(rows[i].positive ? now.truePositives : now.falsePositives);
        if (i + 1 == rows.size() || rows[i + 1].score != rows[i].score)
            m_cuts.push_back(now);
    }
    m_positives = now.truePositives;
    m_negatives = now.falsePositives;
    m_defined = m_positives > 0 && m_negatives > 0;
}

double Ranking::rocAuc() const
{
    if (!m_defined)
        return undefined;
    // Pairs (positive above negative), half for ties. Counts stay exact in a double up to 2^53.
    double pairs = 0.0;
    Cut before;
    for (const Cut& cut : m_cuts) {
        const auto positives = static_cast<double>(cut.truePositives - before.truePositives);
        const auto negatives = static_cast<double>(cut.falsePositives - before.falsePositives);
        pairs += positives * (static_cast<double>(m_negatives - cut.falsePositives) + 0.5 * negatives);
        before = cut;
    }
    return pairs / (static_cast<double>(m_positives) * static_cast<double>(m_negatives));
}

double Ranking::averagePrecision() const
{
    if (!m_defined)
        return undefined;
    double sum = 0.0;
    std::int64_t before = 0;
    for (const Cut& cut : m_cuts) {
        const auto through = static_cast<double>(cut.truePositives + cut.falsePositives);
        sum += static_cast<double>(cut.truePositives - before) / static_cast<double>(m_positives) * (static_cast<double>(cut.truePositives) / through);
        before = cut.truePositives;
    }
    return sum;
}

std::vector<PicturePoint> Ranking::roc() const
{
    std::vector<PicturePoint> points;
    if (!m_defined)
        return points;
    points.reserve(m_cuts.size() + 1);
    points.push_back({});
    for (const Cut& cut : m_cuts)
        points.push_back(point(static_cast<double>(cut.falsePositives) / static_cast<double>(m_negatives),
                               static_cast<double>(cut.truePositives) / static_cast<double>(m_positives)));
    return points;
}

std::vector<PicturePoint> Ranking::precisionRecall() const
{
    std::vector<PicturePoint> points;
    if (!m_defined)
        return points;
    points.reserve(m_cuts.size() + 1);
    Cut before;
    for (const Cut& cut : m_cuts) {
        const std::int64_t positives = cut.truePositives - before.truePositives, negatives = cut.falsePositives - before.falsePositives;
        const auto at = [&](double share) { // of the tie's rows let through
            const double hits = static_cast<double>(before.truePositives) + share * static_cast<double>(positives);
            const double misses = static_cast<double>(before.falsePositives) + share * static_cast<double>(negatives);
            return point(hits / static_cast<double>(m_positives), hits / (hits + misses));
        };
        if (points.empty())
            points.push_back({0.0f, at(1.0).y});
        else if (negatives > 0)
            for (std::int64_t k = 1, parts = std::min(positives, insideTie); k < parts; ++k)
                points.push_back(at(static_cast<double>(k) / static_cast<double>(parts)));
        points.push_back(at(1.0));
        before = cut;
    }
    return points;
}

ThinCurve thinned(std::span<const PicturePoint> curve, std::size_t most, double tolerance)
{
    if (curve.size() <= 2)
        return {{curve.begin(), curve.end()}, 0.0};
    for (;; tolerance *= 2.0) {
        std::vector<PicturePoint> points = within(curve, std::max<std::size_t>(most, 2), tolerance);
        if (!points.empty())
            return {std::move(points), tolerance};
    }
}

} // namespace limpid
