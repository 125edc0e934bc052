#pragma once

#include "core/explain/Explanation.h"
#include "ui/theme/Theme.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QString>

#include <vector>

namespace limpid::plot {

// What the painters share: ticks, numbers as text, text that never leaves its box.

/// Round numbers that divide [min, max]: multiples of 1, 2 or 5 · 10^k inside the range, at most `most` of them (>= 2).
struct Ticks {
    std::vector<double> values;
    double step = 1.0;
    int decimals = 0;     ///< that the labels need
};
Ticks niceTicks(double min, double max, int most);

/// In the locale's form with a true minus sign; `decimals` after the point.
QString fixedText(double value, int decimals);
/// The same with a plus where it is not negative.
QString signedText(double value, int decimals);
/// At most `digits` significant digits, without trailing zeros; "2·10⁻⁷" where it is very small or large.
QString shortText(double value, int digits = 3);
/// Decimals that show `digits` significant digits of a value of this size: 0.49 → 2 for 2 digits; never below 0.
int decimalsFor(double size, int digits);
/// The shortest text that reads back to the same number: for tables and files.
QString exactText(double value);

/// "0.490 ± 0.014", both to the error's second digit; the value alone, with `decimals`, where it is exact but for rounding.
QString withError(double value, double error, int decimals);

QColor mix(const QColor& from, const QColor& to, double share);

/// Draws one line of text inside `box`, elided at `mode` where it does not fit.
void drawText(QPainter& painter, const QRectF& box, int alignment, const QString& text,
              Qt::TextElideMode mode = Qt::ElideRight);

/// Width of the text in the painter's font, rounded up, with a pixel to spare.
double textWidth(const QFontMetricsF& metrics, const QString& text);

/// What is said of the prediction: “>50K”, or P(>50K) where values are probabilities.
QString outputText(const Explanation& explanation, std::size_t output);

/// Whether the column holds numbers rather than categories: its cells' text reads as the cells' number.
bool isNumeric(const Explanation& explanation, std::size_t feature);

} // namespace limpid::plot
