#pragma once

#include "core/explain/Explanation.h"
#include "ui/charts/PlotTools.h"

#include <QColor>
#include <QString>

#include <vector>

namespace limpid::plot {

// What plots of an explanation's rows share: cells in words, the colour of a value, orders of rows.

/// The user's name of a column.
QString featureName(const Explanation& explanation, std::size_t feature);
/// The row's value of it in the user's words, or “missing”.
QString cellText(const Explanation& explanation, std::size_t row, std::size_t feature);
/// "Row 17": by its number in the explained file.
QString rowName(const Explanation& explanation, std::size_t row);
/// "+0.42 ± 0.03"
QString effectText(double value, double error);
double prediction(const Explanation& explanation, std::size_t row, std::size_t output);

/// The `share` quantile (0 … 1), linear between neighbours (numpy's default). Reorders `values`, which must not be empty.
double quantile(std::vector<double>& values, double share);

/// Where each row's value of a column lies between the column's 5th and 95th percentile: 0 … 1, NaN where it is missing.
std::vector<double> valueShares(const Explanation& explanation, std::size_t feature);
/// lowers … raises, faint where missing.
QColor valueColor(double share, const ThemeColors& colors);

/// Explanation::additive, and base and predictions there for it: what plots of a way from base to prediction need.
bool addsUp(const Explanation& explanation);

/// Rows from the lowest prediction to the highest; ties in their order.
std::vector<std::size_t> orderByPrediction(const Explanation& explanation, std::size_t output);
/// Rows whose values are alike beside each other: the leaves of a hierarchical clustering of the rows' values (average
/// linkage, Euclidean; nearest-neighbour chain), each node's half with the lower mean Σ values first. Of more than 2,000 rows
/// 2,000 evenly spaced by prediction are clustered and each other row joins the nearest by its place in that order.
std::vector<std::size_t> orderBySimilarity(const Explanation& explanation, std::size_t output);

/// The column whose values tell most about what the dependence plot of `feature` does not show. A simple measure, as SHAP's
/// approximate_interactions: rows in the order of the feature's values are cut in groups of 50 at most; in each, |correlation|
/// of the feature's effect with the other column's value, summed up weighted by the group's rows and the spread of its
/// effects. -1 where nothing correlates.
int strongestInteraction(const Explanation& explanation, std::size_t output, std::size_t feature);

/// Gaussian kernel density of `values` at `points` places from `from` to `to`, binned linearly. Bandwidth by Scott's rule
/// (n^(−1/5) · deviation), at least the distance of two places; both it and the scale are those of `whole`, whose largest
/// density is 1: so a part of `whole` is nowhere denser than the whole. Empty values, or fewer than two places, are 0.
std::vector<double> kernelDensity(const std::vector<double>& values, const std::vector<double>& whole, double from, double to, std::size_t points);

/// What the values are called: "SHAP value", "contribution" where they add up but are no Shapley values, else "attribution".
QString effectName(const Explanation& explanation);
/// The same in a word: "SHAP", …
QString effectTerm(const Explanation& explanation);
/// "mean |SHAP|", …
QString meanEffect(const Explanation& explanation);
/// mean |value| of one row's columns, as placesResolved() wants it: the row's own values and errors, largest first.
std::vector<FeatureImportance> rowImportances(const Explanation& explanation, std::size_t output, std::size_t row);

/// Pearson's correlation of a column's values with its effects, over the rows that have both; 0 where one does not vary.
double valueCorrelation(const Explanation& explanation, std::size_t output, std::size_t feature);

/// Indices of those that are true, ascending.
std::vector<std::size_t> chosenRows(const std::vector<bool>& chosen);
/// The row with the next larger value, or smaller where not `up`; equal ones in the rows' order. `row` itself at the end.
std::size_t rowBeside(const std::vector<double>& values, std::size_t row, bool up);

/// "Row 17: predicted 0.82", with so many decimals, and below it the four columns that matter most to it.
QString rowText(const Explanation& explanation, std::size_t output, std::size_t row, int decimals);

/// Room for texts in the small font, at most `most`: by their lengths, so that hit() knows it without a font.
double roomFor(const std::vector<QString>& texts, double most);

/// Hairlines from the top to the bottom of `plot`, figures and a title below it: 44 high.
void paintValueAxis(QPainter& painter, const QRectF& plot, double min, double max, const QString& title, const ThemeColors& colors);
constexpr double valueAxisHeight = 44.0;

/// "low ▬▬ high" from the left of `box`, which is at least valueScaleWidth() wide.
void paintValueScale(QPainter& painter, const QRectF& box, const QString& low, const QString& high, const ThemeColors& colors);
double valueScaleWidth(const QFontMetricsF& metrics, const QString& low, const QString& high);
/// "name: low ▬▬ high", right-aligned where it fits.
void paintValueKey(QPainter& painter, const QRectF& box, const QString& name, const ThemeColors& colors);

/// Translucent card over `area`, so that what is painted next stands out.
void paintVeil(QPainter& painter, const QRectF& area, const ThemeColors& colors);

} // namespace limpid::plot
