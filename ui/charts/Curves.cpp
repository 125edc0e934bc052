#include "ui/charts/Plot.h"
#include "ui/charts/PlotTools.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

using namespace plot;

namespace {

/// Lines over a common x, each named at its end.
class Curves final : public Plot
{
public:
    Curves(std::vector<Curve> curves, const QString& xLabel, const QString& yLabel)
        : m_curves(std::move(curves)), m_xLabel(xLabel), m_yLabel(yLabel)
    {
        const double infinity = std::numeric_limits<double>::infinity();
        m_xMin = m_yMin = infinity;
        m_xMax = m_yMax = -infinity;
        for (const Curve& curve : m_curves) {
            for (const QPointF& point : curve.points) {
                if (!std::isfinite(point.x()) || !std::isfinite(point.y()))
                    continue;
                m_xMin = std::min(m_xMin, point.x());
                m_xMax = std::max(m_xMax, point.x());
                m_yMin = std::min(m_yMin, point.y());
                m_yMax = std::max(m_yMax, point.y());
            }
        }
        if (!(m_xMin <= m_xMax)) {
            m_xMin = m_yMin = 0.0;
            m_xMax = m_yMax = 1.0;
        }
        if (m_xMax == m_xMin)
            m_xMax = m_xMin + 1.0;
        const double border = m_yMax > m_yMin ? (m_yMax - m_yMin) * 0.05 : std::max(0.5, std::abs(m_yMax) * 0.1);
        m_yMin -= border;
        m_yMax += border;
    }

    double preferredHeight(double width) const override { return std::clamp(width * 0.5, 160.0, 420.0); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QFontMetricsF metrics(painter.font(), painter.device());
        const Ticks yTicks = niceTicks(m_yMin, m_yMax, std::clamp(static_cast<int>(area.height() / 50.0), 2, 6));
        const Ticks xTicks = niceTicks(m_xMin, m_xMax, std::clamp(static_cast<int>(area.width() / 90.0), 2, 8));
        double labels = 0.0, names = 0.0;
        for (double value : yTicks.values)
            labels = std::max(labels, textWidth(metrics, fixedText(value, yTicks.decimals)));
        for (const Curve& curve : m_curves)
            if (!curve.faint)
                names = std::max(names, textWidth(metrics, curve.name));
        names = std::min(names, area.width() * 0.3);
        const QRectF plot(area.left() + labels + 10.0, area.top() + 24.0, std::max(40.0, area.width() - labels - 10.0 - names - 10.0),
                          std::max(40.0, area.height() - 24.0 - 40.0));
        const auto x = [&](double value) { return plot.left() + (value - m_xMin) / (m_xMax - m_xMin) * plot.width(); };
        const auto y = [&](double value) { return plot.bottom() - (value - m_yMin) / (m_yMax - m_yMin) * plot.height(); };

        painter.setPen(colors.dim);
        drawText(painter, QRectF(area.left(), area.top(), area.width(), 20), Qt::AlignLeft | Qt::AlignVCenter, m_yLabel);
        for (double value : yTicks.values) {
            painter.setPen(QPen(colors.line, 1.0));
            painter.drawLine(QPointF(plot.left(), y(value)), QPointF(plot.right(), y(value)));
            painter.setPen(colors.dim);
            painter.drawText(QRectF(area.left(), y(value) - 9, labels, 18), Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
                             fixedText(value, yTicks.decimals));
        }
        painter.setPen(colors.dim);
        for (double value : xTicks.values) {
            const QString text = fixedText(value, xTicks.decimals);
            const double width = textWidth(metrics, text);
            painter.drawText(QRectF(x(value) - width / 2, plot.bottom() + 4, width, 16), Qt::AlignCenter | Qt::TextDontClip, text);
        }
        drawText(painter, QRectF(plot.left(), plot.bottom() + 22, plot.width(), 18), Qt::AlignCenter, m_xLabel);

        std::vector<std::pair<double, std::size_t>> ends; // where a line's name would like to stand
        for (bool faint : {true, false}) {
            for (std::size_t i = 0; i < m_curves.size(); ++i) {
                const Curve& curve = m_curves[i];
                if (curve.faint != faint)
                    continue;
                QColor color = colorOf(i, colors);
                if (faint)
                    color = mix(colors.card, color, 0.35);
                painter.setPen(QPen(color, faint ? 1.0 : 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
                QPolygonF line;
                for (const QPointF& point : curve.points)
                    if (std::isfinite(point.x()) && std::isfinite(point.y()))
                        line << QPointF(x(point.x()), y(point.y()));
                painter.setBrush(Qt::NoBrush);
                if (line.size() == 1)
                    painter.drawPoint(line.front());
                else
                    painter.drawPolyline(line);
                if (!faint && !line.isEmpty())
                    ends.emplace_back(line.back().y(), i);
            }
        }
        std::sort(ends.begin(), ends.end());
        double free = plot.top() - 8.0;
        for (auto& [at, index] : ends) {
            free = std::max(at - 8.0, free);
            painter.setPen(colorOf(index, colors));
            drawText(painter, QRectF(plot.right() + 8.0, free, names + 2.0, 16.0), Qt::AlignLeft | Qt::AlignVCenter, m_curves[index].name);
            free += 16.0;
        }
        painter.restore();
    }

    QString sentence() const override
    {
        QStringList parts;
        for (const Curve& curve : m_curves) {
            if (curve.faint || curve.points.empty())
                continue;
            const auto lower = [](const QPointF& a, const QPointF& b) { return a.y() < b.y(); };
            const QPointF least = *std::min_element(curve.points.begin(), curve.points.end(), lower);
            parts << QCoreApplication::translate("Plots", "%1 goes from %2 to %3; its lowest is %4 at %5 %6.")
                         .arg(curve.name, shortText(curve.points.front().y()), shortText(curve.points.back().y()),
                              shortText(least.y()), m_xLabel.toLower(), shortText(least.x()));
        }
        return parts.isEmpty() ? QCoreApplication::translate("Plots", "There are no values yet.") : parts.join(QLatin1Char(' '));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{QCoreApplication::translate("Plots", "curve"), m_xLabel, m_yLabel}};
        for (const Curve& curve : m_curves)
            for (const QPointF& point : curve.points)
                lines.push_back({curve.name, exactText(point.x()), exactText(point.y())});
        return lines;
    }

private:
    /// A faint curve takes the colour of the one that follows it: it is that one's raw values.
    QColor colorOf(std::size_t index, const ThemeColors& colors) const
    {
        std::size_t strong = 0;
        for (std::size_t i = 0; i < index; ++i)
            strong += m_curves[i].faint ? 0 : 1;
        const QColor wheel[] = {colors.lowers, colors.raises, colors.good, colors.warn, colors.accent, colors.dim};
        return wheel[strong % std::size(wheel)];
    }

    std::vector<Curve> m_curves;
    QString m_xLabel, m_yLabel;
    double m_xMin = 0, m_xMax = 1, m_yMin = 0, m_yMax = 1;
};

} // namespace

std::unique_ptr<Plot> makeCurves(std::vector<Curve> curves, const QString& xLabel, const QString& yLabel)
{
    return std::make_unique<Curves>(std::move(curves), xLabel, yLabel);
}

} // namespace limpid
