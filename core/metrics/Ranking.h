#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace limpid {

/// A point of a picture: single precision, because it is looked at and not computed with.
struct PicturePoint {
    float x = 0.0f, y = 0.0f;
    bool operator==(const PicturePoint&) const = default;
};

/// A row's score for a class, and whether it is of that class.
struct ScoredRow {
    double score = 0.0;
    bool positive = false;
};

/// Rows in the order of their scores: one sort, from which everything about how well they are ranked is read. Rows of equal
/// score are one tie: no threshold parts them. Undefined (areas NaN, no points) where a score is NaN or one of the two
/// classes has no row.
class Ranking
{
public:
    explicit Ranking(std::vector<ScoredRow> rows);

    bool isDefined() const { return m_defined; }
    std::int64_t positives() const { return m_positives; }
    std::int64_t negatives() const { return m_negatives; }

    /// Area under the ROC curve, ties counted half (the Mann–Whitney U statistic over all pairs).
    double rocAuc() const;
    /// Σ (recall_n − recall_{n−1}) · precision_n over the distinct scores, from the highest: scikit-learn's
    /// average_precision_score, without interpolation.
    double averagePrecision() const;

    /// Fawcett 2006, "An introduction to ROC analysis", algorithm 1: (false positive rate, true positive rate) from (0, 0) to
    /// (1, 1), a point for each distinct score; a tie is a straight line.
    std::vector<PicturePoint> roc() const;
    /// (recall, precision) by ascending recall. Within a tie, points on the curve that random choice among its rows reaches: a
    /// straight line would promise too much (Davis & Goadrich 2006, "The relationship between precision-recall and ROC
    /// curves", section 4). Before the first score it begins at recall 0 with that one's precision.
    std::vector<PicturePoint> precisionRecall() const;

private:
    /// True and false positives where the threshold lets a score and all above it through.
    struct Cut {
        std::int64_t truePositives = 0, falsePositives = 0;
    };
    std::vector<Cut> m_cuts;  ///< one a distinct score, from the highest
    std::int64_t m_positives = 0, m_negatives = 0;
    bool m_defined = false;
};

/// The labels 0 or 1 with their scores; the shorter of the two counts.
std::vector<ScoredRow> scoredRows(std::span<const int> labels, std::span<const double> scores);

/// A curve with fewer points, all of them its own.
struct ThinCurve {
    std::vector<PicturePoint> points;
    double tolerance = 0.0;   ///< no point of the whole curve is farther than this from the thin one
};

/// At most `most` (>= 2) of the curve's points, of which the ends are two. The tolerance is `tolerance` where so many
/// points are enough, else it is doubled until they are. One pass a tolerance: the cone of directions that stay near all
/// points left out (Sklansky & Gonzalez 1980, "Fast polygonal approximation of digitized curves").
ThinCurve thinned(std::span<const PicturePoint> curve, std::size_t most, double tolerance);

} // namespace limpid
