#pragma once

#include "ui/charts/EffectPlots.h"
#include "ui/charts/PlotTools.h"

#include <QStringList>

namespace limpid::plot {

/// What a column does to some outputs, whichever method measured it.
struct EffectCurve {
    struct Line {
        QString output;                     ///< with its space: "P(yes)"
        std::vector<double> values, errors; ///< [grid]; an error may be NaN
    };
    QString column;
    ColumnType type = ColumnType::Number;
    std::vector<double> grid;
    QStringList levels;                     ///< [grid], of categories and booleans
    std::vector<Line> lines;
    std::vector<double> counts;             ///< rows of each level [grid] or of each bin [grid − 1]; empty: not known
    std::vector<double> present;            ///< the rows' numbers or dates, ascending; may be empty
    std::vector<std::vector<double>> curves; ///< [rows][grid]: of the first line, of single rows
    bool isEffect = false;                  ///< differences around 0, not means

    bool hasLevels() const { return type == ColumnType::Category || type == ColumnType::Boolean; }
    /// Largest less smallest value of the line.
    double range(std::size_t line = 0) const;
    /// The grid's point in words: its number, date or level.
    QString pointText(std::size_t point) const;
    /// Its values (with their bands of 95 % and single rows, where asked for) into [min, max].
    void addTo(double& min, double& max, bool withErrors, bool withCurves) const;
};

EffectCurve curveOf(const PartialDependence& effect, const EffectScale& scale, const std::vector<std::size_t>& outputs);
EffectCurve curveOf(const AccumulatedEffects& effect, const EffectScale& scale, const std::vector<std::size_t>& outputs);

/// "P(yes)" of probabilities, else “price”.
QString outputText(const EffectScale& scale, std::size_t output);

/// Where numbers or dates of an axis are marked, and what stands there.
struct AxisMark { double value; QString text; };
std::vector<AxisMark> axisMarks(double min, double max, ColumnType type, int most);

/// Linear axes in a rectangle that does not depend on the font, so that hit() knows it too.
struct EffectFrame {
    QRectF plot;
    double xMin = 0.0, xMax = 1.0, yMin = 0.0, yMax = 1.0;
    QPointF at(double x, double y) const;
    /// From the point, within the plot.
    double xOf(double pixel) const;
    /// Hairlines with the figures at the left; 0 is drawn stronger where `zero`.
    void paintRows(QPainter& painter, const ThemeColors& colors, bool zero) const;
    /// Figures of the columns; `hairlines` through the plot too.
    void paintColumns(QPainter& painter, const ThemeColors& colors, ColumnType type, double top, bool hairlines) const;
    /// Room the figures at the left want.
    static double labelWidth(double yMin, double yMax, double height);
};

/// A line through all finite points with its band of 95 %.
void paintCurve(QPainter& painter, const EffectFrame& frame, const std::vector<double>& grid, const EffectCurve::Line& line,
                const QColor& color, double width);

/// Share of the largest bin, [bins], of ascending values between two borders.
std::vector<double> histogram(const std::vector<double>& ascending, double min, double max, std::size_t bins);

} // namespace limpid::plot
