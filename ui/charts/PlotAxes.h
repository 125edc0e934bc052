#pragma once

#include "ui/charts/PlotTools.h"

#include <optional>
#include <vector>

namespace limpid::plot {

/// Two linear axes and where they stand. Their places do not depend on the font, so that a plot's hit() knows them too.
struct PlotAxes {
    QString xLabel, yLabel;
    double xMin = 0.0, xMax = 1.0, yMin = 0.0, yMax = 1.0;
    QRectF plot = {};                       ///< set by place()
    std::vector<QString> xNames = {};       ///< of categories at x = 0, 1, …: stand there instead of figures

    /// Inside `area`, with room for the labels. `square`: both axes are equally long, at the left of the area.
    void place(const QRectF& area, bool square);
    QPointF at(double x, double y) const;
    /// Hairlines, figures and names.
    void paint(QPainter& painter, const ThemeColors& colors) const;

private:
    Ticks xTicks() const;
    Ticks yTicks() const;
    QString text(const Ticks& ticks, double value) const;
};

/// Widens [min, max] to what is around it by a twentieth; to 1 around a single value.
void addBorder(double& min, double& max);

/// Colours that tell lines of one kind apart, and whether that one is dashed: from the sixth on.
QColor seriesColor(std::size_t index, const ThemeColors& colors);
bool isDashed(std::size_t index);

/// Names with their colours and figures, from the top of `box` downwards: as many as there is room for, then how many more.
struct LegendEntry {
    QString name, figure;
    QColor color;
    bool dashed = false;
};
void paintLegend(QPainter& painter, const QRectF& box, const std::vector<LegendEntry>& entries, const ThemeColors& colors);

} // namespace limpid::plot
