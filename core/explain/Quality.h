#pragma once

#include "core/explain/Game.h"

#include <limits>
#include <span>

namespace limpid {

// How far the values of an explanation can be trusted. Each measure looks at one side of it; there is no score of all. Values are those of one
// row and one output: [players].

/// A mean with its standard error: NaN where there are not two to tell it from.
struct QualityFigure {
    double mean = std::numeric_limits<double>::quiet_NaN();
    double error = std::numeric_limits<double>::quiet_NaN();
    std::size_t count = 0;
};
/// Of those that are numbers.
QualityFigure meanFigure(std::span<const double> values);

/// In which order players are revealed. Value: the largest first; for values that say which way a player moves the output.
/// Size: the largest |value| first; for slopes and the like.
enum class RevealOrder { Value, Size };

/// Insertion and deletion (Petsiuk et al. 2018, algorithm 1), against the background instead of a blurred or grey picture: players take the
/// row's values one after another, or lose them. Curves are the output less v(∅); by Size towards the prediction, that is times the sign of
/// v(all) − v(∅). A good order has a large area under its insertion curve and a small one under its deletion curve.
struct RevealCurves {
    std::vector<double> shares;        ///< [points]: of the players that were added, or taken out; from 0 to 1
    std::vector<double> insertion;     ///< [points]
    std::vector<double> deletion;      ///< [points]
    std::vector<double> random;        ///< [points]: adding in random orders, their mean. Taking out in random orders is this backwards.
    double insertionArea = 0.0, deletionArea = 0.0;   ///< by trapezoids
    double randomArea = 0.0;           ///< of random orders, for insertion and for deletion alike: a random order backwards is one
    double randomError = 0.0;          ///< its standard error
};
/// `orders`: random ones, at least 2. Ties go by the players' order. More than 64 players are added some at a time.
RevealCurves revealCurves(const Game& game, std::size_t row, std::size_t output, std::span<const double> values, RevealOrder order, std::size_t orders,
                          std::uint64_t seed, Task& task);

/// Infidelity (Yeh et al. 2019, definition 2.1): the mean of (Σ values of the players taken out − how much the output falls)² over random sets of
/// players that are put back to the background. Values of another unit, such as slopes, are judged by their best multiple: section 2.3 of the
/// paper does so, too; a negative multiple is not allowed, as it would praise an explanation that has every sign wrong.
struct Infidelity {
    double infidelity = 0.0;        ///< in the output's unit, squared
    double scale = 0.0;             ///< the multiple of the values that fits best, at least 0
    double scaled = 0.0;            ///< the infidelity of that multiple
    double unexplained = 0.0;       ///< scaled, as a share of the mean of the falls squared: 0 perfect, 1 as good as no values at all; NaN: nothing falls
};
/// `taken`: members are taken out. `falls` [taken.count]: v(all) − v(all but these).
Infidelity infidelityOf(std::span<const double> values, const Coalitions& taken, std::span<const double> falls);
/// `draws` random sets: every size from 1 to all as often.
Infidelity infidelity(const Game& game, std::size_t row, std::size_t output, std::span<const double> values, std::size_t draws, std::uint64_t seed, Task& task);

/// ‖after − before‖ / ‖before‖, Euclidean: what max-sensitivity (Yeh et al. 2019, definition 2.3) takes the largest of, over the norm of the
/// explanation as captum has it. NaN where `before` is all 0.
double relativeChange(std::span<const double> before, std::span<const double> after);

/// Spearman's rank correlation of |a| and |b|, ties with their mean rank (Adebayo et al. 2018 compare explanations by it). NaN where either has but
/// one size.
double sizeRankCorrelation(std::span<const double> a, std::span<const double> b);
/// The share of the `top` players of largest |value| that both name; ties by the players' order.
double topOverlap(std::span<const double> a, std::span<const double> b, std::size_t top);

} // namespace limpid
