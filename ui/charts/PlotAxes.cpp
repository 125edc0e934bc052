#include "ui/charts/PlotAxes.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace limpid::plot {

namespace {
constexpr double above = 20.0, below = 36.0, rightOf = 10.0; ///< of the axes: room for labels
constexpr double perDigit = 6.4, legendLine = 16.0;
} // namespace

QPointF PlotAxes::at(double x, double y) const
{
    return {plot.left() + (x - xMin) / (xMax - xMin) * plot.width(), plot.bottom() - (y - yMin) / (yMax - yMin) * plot.height()};
}

Ticks PlotAxes::xTicks() const { return niceTicks(xMin, xMax, std::clamp(static_cast<int>(plot.width() / 44.0), 3, 6)); }
Ticks PlotAxes::yTicks() const { return niceTicks(yMin, yMax, std::clamp(static_cast<int>(plot.height() / 28.0), 3, 6)); }

QString PlotAxes::text(const Ticks& ticks, double value) const
{
    return std::max(std::abs(ticks.values.front()), std::abs(ticks.values.back())) >= 1e5 ? shortText(value, 3) : fixedText(value, ticks.decimals);
}

void PlotAxes::place(const QRectF& area, bool square)
{
    plot = QRectF(area.left(), area.top() + above, std::max(40.0, area.width() - rightOf), std::max(30.0, area.height() - above - below));
    double labels = 0.0;
    const Ticks ticks = yTicks();
    for (const double value : ticks.values)
        labels = std::max(labels, perDigit * static_cast<double>(text(ticks, value).size()) + 10.0);
    plot.setLeft(plot.left() + std::min(labels, area.width() / 3));
    if (square)
        plot.setWidth(std::min(plot.width(), plot.height()));
}

void PlotAxes::paint(QPainter& painter, const ThemeColors& colors) const
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    painter.setPen(colors.dim);
    painter.drawText(QRectF(plot.left(), plot.top() - above, plot.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, yLabel);
    const Ticks rows = yTicks(), columns = xTicks();
    for (const double value : rows.values) {
        const double y = std::round(at(xMin, value).y()) + 0.5;
        painter.setPen(QPen(colors.line, 1.0));
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        painter.setPen(colors.dim);
        painter.drawText(QRectF(plot.left() - 80.0, y - 9.0, 73.0, 18.0), Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, text(rows, value));
    }
    if (!xNames.empty()) {
        const double slot = plot.width() / (xMax - xMin);
        for (std::size_t i = 0; i < xNames.size(); ++i) {
            // In the middle of what is shown of it.
            const double middle = at(static_cast<double>(i), yMin).x();
            const double from = std::max(plot.left(), middle - slot / 2) + 2.0, to = std::min(plot.right(), middle + slot / 2) - 2.0;
            if (to - from > perDigit)
                drawText(painter, QRectF(from, plot.bottom() + 3.0, to - from, 16.0), Qt::AlignCenter, xNames[i]);
        }
    }
    double free = plot.left() - 40.0; // from here on there is room for a label
    for (const double value : xNames.empty() ? columns.values : std::vector<double>()) {
        const double x = std::round(at(value, yMin).x()) + 0.5;
        painter.setPen(QPen(colors.line, 1.0));
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        const QString label = text(columns, value);
        const double width = textWidth(metrics, label);
        const double place = std::min(x - width / 2, plot.right() + rightOf - width);
        if (place < free)
            continue;
        free = place + width + 6.0;
        painter.setPen(colors.dim);
        painter.drawText(QRectF(place, plot.bottom() + 3.0, width, 16.0), Qt::AlignCenter | Qt::TextDontClip, label);
    }
    painter.setPen(colors.dim);
    const double width = textWidth(metrics, xLabel), left = plot.center().x() - width / 2;
    painter.drawText(QRectF(std::max(plot.left() - 30.0, left), plot.bottom() + 18.0, width, 16.0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, xLabel);
}

void addBorder(double& min, double& max)
{
    const double border = max > min ? (max - min) * 0.05 : 0.5;
    min -= border;
    max += border;
}

QColor seriesColor(std::size_t index, const ThemeColors& colors)
{
    const QColor all[] = {colors.accent, colors.raises, colors.good, colors.warn, mix(colors.accent, colors.raises, 0.5)};
    return all[index % std::size(all)];
}

bool isDashed(std::size_t index) { return index / 5 % 2 == 1; }

void paintLegend(QPainter& painter, const QRectF& box, const std::vector<LegendEntry>& entries, const ThemeColors& colors)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const auto room = static_cast<std::size_t>(std::max(1.0, std::floor(box.height() / legendLine)));
    const std::size_t shown = entries.size() <= room ? entries.size() : room - 1;
    double figures = 0.0;
    for (std::size_t i = 0; i < shown; ++i)
        figures = std::max(figures, textWidth(metrics, entries[i].figure));
    double y = box.top();
    for (std::size_t i = 0; i < shown; ++i, y += legendLine) {
        const LegendEntry& entry = entries[i];
        painter.setPen(QPen(entry.color, 2.0, entry.dashed ? Qt::DotLine : Qt::SolidLine));
        painter.drawLine(QPointF(box.left(), y + legendLine / 2), QPointF(box.left() + 14.0, y + legendLine / 2));
        const double left = box.left() + 20.0, names = std::max(16.0, box.right() - left - figures - 8.0);
        painter.setPen(colors.text);
        drawText(painter, QRectF(left, y, names, legendLine), Qt::AlignLeft | Qt::AlignVCenter, entry.name);
        const double name = std::min(names, textWidth(metrics, entry.name));
        painter.setPen(colors.dim);
        painter.drawText(QRectF(left + name + 8.0, y, figures, legendLine), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, entry.figure);
    }
    if (shown < entries.size()) {
        painter.setPen(colors.dim);
        drawText(painter, QRectF(box.left() + 20.0, y, box.width() - 20.0, legendLine), Qt::AlignLeft | Qt::AlignVCenter,
                 QCoreApplication::translate("Plots", "and %1 more").arg(entries.size() - shown));
    }
}

} // namespace limpid::plot
