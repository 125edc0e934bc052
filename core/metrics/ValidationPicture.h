#pragma once

#include "core/metrics/Ranking.h"

#include <limits>
#include <string>

namespace limpid {

/// How often a class was right where the network gave it a probability of about this much.
struct ReliabilityBin {
    double predicted = 0.0;   ///< mean probability of its rows
    double observed = 0.0;    ///< share of them that are of the class
    std::int64_t rows = 0;
};

/// A reliability diagram (Niculescu-Mizil & Caruana 2005, "Predicting good probabilities with supervised learning", section
/// 2): `bins` of equal width over [0, 1], closed at their upper end, without those that no row falls into: scikit-learn's
/// calibration_curve(strategy="uniform").
std::vector<ReliabilityBin> reliability(std::span<const ScoredRow> rows, int bins = 10);
/// Expected calibration error: Σ rows · |observed − predicted| ÷ Σ rows (Guo et al. 2017, equation 3). NaN without rows.
double calibrationError(std::span<const ReliabilityBin> bins);

/// One class against all others.
struct ClassPicture {
    std::string name;
    std::int64_t positives = 0, rows = 0;
    double rocAuc = std::numeric_limits<double>::quiet_NaN();            ///< of all rows, as is the next
    double averagePrecision = std::numeric_limits<double>::quiet_NaN();
    ThinCurve roc, precisionRecall;                                      ///< without points where one class has no row
    std::vector<ReliabilityBin> calibration;
};

/// True and predicted values of one target, in its own unit. A residual is true − predicted (scikit-learn's).
struct ResidualPicture {
    std::string name;
    std::int64_t rows = 0;
    std::vector<PicturePoint> points;   ///< (true, predicted) of some rows, the same ones each time
    std::vector<std::int64_t> counts;   ///< of all rows, by residual: bins of equal width, the last one closed
    double low = 0.0, high = 0.0;       ///< the first bin's lower and the last one's upper edge: the extreme residuals
    double mean = 0.0, deviation = 0.0; ///< of the residuals of all rows
};

/// Units of a layer that gave 0 for every row looked at.
struct DeadUnits {
    std::string layer;
    std::int64_t dead = 0, units = 0;
};

/// What one sees of the validation rows under the weights of one epoch. Bounded: some 10 KB a class or target.
struct ValidationPicture {
    static constexpr std::size_t curvePoints = 512;      ///< of a curve, at most
    static constexpr double tolerance = 0.0005;          ///< of the whole axis; see thinned()
    static constexpr std::size_t scatterPoints = 1000;   ///< of a residual picture, at most
    static constexpr std::size_t classesShown = 10;      ///< at most: those with the most rows, in their own order

    int epoch = 0;
    std::vector<ClassPicture> classes;      ///< of a binary task its second class alone
    std::size_t classCount = 0;             ///< how many there are in all
    std::vector<std::string> names;         ///< of all classes: of the confusion matrix' rows
    std::vector<std::int64_t> confusion;    ///< [true, predicted]
    std::vector<ResidualPicture> residuals; ///< of regression: one a target
    std::vector<DeadUnits> deadUnits;       ///< one a ReLU layer
};

/// Scores in [0, 1], not NaN.
ClassPicture classPicture(std::string name, std::vector<ScoredRow> rows);
/// Of two spans of the same length, finite. Points: one row out of each of `scatterPoints` equal stretches, chosen by a
/// seed of its own. Bins: as wide as Freedman & Diaconis 1981 have it, 8 to 64 of them.
ResidualPicture residualPicture(std::string name, std::span<const double> truth, std::span<const double> predicted);

/// One of each of `count` equal stretches of `rows` rows, ascending; all of them where there are no more. Always the same ones.
std::vector<std::size_t> sampledRows(std::size_t rows, std::size_t count);

} // namespace limpid
