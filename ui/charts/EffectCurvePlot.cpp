#include "ui/charts/EffectCurve.h"
#include "ui/charts/PlotAxes.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text, int n = -1) { return QCoreApplication::translate("EffectPlots", text, nullptr, n); }

constexpr double head = 20.0, foot = 38.0, strip = 26.0; ///< above the axes, below them, and of the rows' distribution

/// What curves and levels have in common: what is said and told of them.
class EffectPlot : public Plot
{
public:
    EffectPlot(EffectCurve curve, std::vector<std::size_t> rows) : m_curve(std::move(curve)), m_rows(std::move(rows))
    {
        double min = std::numeric_limits<double>::infinity(), max = -min;
        m_curve.addTo(min, max, true, true);
        if (!(min <= max))
            min = max = 0.0;
        if (m_curve.isEffect) {
            min = std::min(min, 0.0);
            max = std::max(max, 0.0);
        }
        m_decimals = decimalsFor(std::max(max - min, 1e-12), 3);
        addBorder(min, max);
        m_min = min;
        m_max = max;
    }

    QString sentence() const override
    {
        if (m_curve.lines.empty() || m_curve.grid.empty())
            return tr("No effect has been measured.");
        std::size_t line = 0;
        for (std::size_t i = 1; i < m_curve.lines.size(); ++i)
            if (m_curve.range(i) > m_curve.range(line) * (1.0 + 1e-9)) // two outputs of one class move as far: the first
                line = i;
        const std::vector<double>& values = m_curve.lines[line].values;
        std::size_t low = values.size(), high = values.size();
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!std::isfinite(values[i]))
                continue;
            low = low == values.size() || values[i] < values[low] ? i : low;
            high = high == values.size() || values[i] > values[high] ? i : high;
        }
        if (low == values.size())
            return tr("No effect has been measured.");
        if (!(values[high] > values[low]))
            return tr("“%1” does not move %2.").arg(m_curve.column, m_curve.lines[line].output);
        return tr("“%1” moves %2 by up to %3: from %4 at %5 to %6 at %7%8.")
            .arg(m_curve.column, m_curve.lines[line].output, fixedText(values[high] - values[low], m_decimals), figure(values[low]),
                 m_curve.pointText(low), figure(values[high]), m_curve.pointText(high), m_curve.isEffect ? QString() : tr(", on average over the rows"));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{m_curve.column}};
        const bool several = m_curve.lines.size() != 1;
        for (const EffectCurve::Line& line : m_curve.lines)
            lines.front() << (several ? line.output : m_curve.isEffect ? tr("effect") : tr("mean"))
                          << (several ? tr("%1, standard error").arg(line.output) : tr("standard error"));
        if (!m_curve.counts.empty())
            lines.front() << tr("rows");
        for (std::size_t row = 0; row < m_curve.curves.size(); ++row)
            lines.front() << tr("row %1").arg(row < m_rows.size() ? m_rows[row] : row);
        for (std::size_t i = 0; i < m_curve.grid.size(); ++i) {
            QStringList line{m_curve.hasLevels() || m_curve.type == ColumnType::DateTime ? m_curve.pointText(i) : exactText(m_curve.grid[i])};
            for (const EffectCurve::Line& output : m_curve.lines)
                line << exactText(output.values[i]) << exactText(output.errors[i]);
            if (!m_curve.counts.empty()) // a bin stands with its right border
                line << countAt(i);
            for (const std::vector<double>& values : m_curve.curves)
                line << exactText(values[i]);
            lines.push_back(line);
        }
        return lines;
    }

    QString tooltip(int item) const override
    {
        const auto points = static_cast<int>(m_curve.grid.size());
        if (item < 0 || item >= points * static_cast<int>(m_curve.lines.size()))
            return {};
        const auto point = static_cast<std::size_t>(item % points);
        const EffectCurve::Line& line = m_curve.lines[static_cast<std::size_t>(item / points)];
        QString text = QStringLiteral("%1 = %2\n%3 %4").arg(m_curve.column, m_curve.pointText(point), line.output, figure(line.values[point]));
        if (line.errors[point] > 0.0)
            text += QStringLiteral(" ± %1").arg(shortText(line.errors[point], 2));
        if (!m_curve.curves.empty()) {
            std::vector<double> values;
            for (const std::vector<double>& curve : m_curve.curves)
                if (std::isfinite(curve[point]))
                    values.push_back(curve[point]);
            std::sort(values.begin(), values.end());
            if (!values.empty())
                text += QLatin1Char('\n') + tr("4 of 5 rows: %1 to %2").arg(figure(quantileOf(values, 0.1)), figure(quantileOf(values, 0.9)));
        }
        if (const QString rows = countAt(point); !rows.isEmpty())
            text += QLatin1Char('\n') + (m_curve.hasLevels() ? tr("%n rows", rows.toInt()) : tr("%n rows in the bin to its left", rows.toInt()));
        return text;
    }

protected:
    QString figure(double value) const { return m_curve.isEffect ? signedText(value, m_decimals) : fixedText(value, m_decimals); }

    QString countAt(std::size_t point) const
    {
        if (m_curve.counts.size() == m_curve.grid.size())
            return QString::number(m_curve.counts[point], 'f', 0);
        return point > 0 && point - 1 < m_curve.counts.size() ? QString::number(m_curve.counts[point - 1], 'f', 0) : QString();
    }

    QString valueLabel() const
    {
        const QString output = m_curve.lines.size() == 1 ? m_curve.lines.front().output : tr("the outputs");
        if (!m_curve.curves.empty())
            return m_curve.isEffect ? tr("change of %1 from the first point on, for each row and on average").arg(output)
                                    : tr("%1 for each row and on average").arg(output);
        return m_curve.isEffect ? tr("effect on %1").arg(output) : tr("%1, on average").arg(output);
    }

    QColor colorOf(std::size_t line, const ThemeColors& colors) const { return seriesColor(line, colors); }

    /// Names of several outputs, in one line from the right; what has no room is left to the tooltip.
    void paintNames(QPainter& painter, const QRectF& box, const ThemeColors& colors) const
    {
        if (m_curve.lines.size() < 2)
            return;
        const QFontMetricsF metrics(painter.font(), painter.device());
        double right = box.right();
        for (std::size_t i = m_curve.lines.size(); i-- > 0;) {
            const double width = std::min(120.0, textWidth(metrics, m_curve.lines[i].output));
            if (right - width - 16.0 < box.left())
                break;
            painter.setPen(colors.text);
            drawText(painter, QRectF(right - width, box.top(), width, box.height()), Qt::AlignLeft | Qt::AlignVCenter, m_curve.lines[i].output);
            painter.setPen(QPen(colorOf(i, colors), 2.0, isDashed(i) ? Qt::DotLine : Qt::SolidLine));
            painter.drawLine(QPointF(right - width - 14.0, box.center().y()), QPointF(right - width - 4.0, box.center().y()));
            right -= width + 26.0;
        }
    }

    EffectCurve m_curve;
    std::vector<std::size_t> m_rows;
    double m_min = 0.0, m_max = 1.0;
    int m_decimals = 2;
};

/// Along numbers or dates.
class EffectLinePlot final : public EffectPlot
{
public:
    using EffectPlot::EffectPlot;
    double preferredHeight(double width) const override { return std::clamp(width * 0.5, 200.0, 380.0); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0));
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const EffectFrame frame = frameIn(area);
        painter.setPen(colors.dim);
        const double names = m_curve.lines.size() > 1 ? 0.4 : 1.0;
        drawText(painter, QRectF(frame.plot.left(), area.top(), frame.plot.width() * names, 16.0), Qt::AlignLeft | Qt::AlignVCenter, valueLabel());
        paintNames(painter, QRectF(frame.plot.left() + frame.plot.width() * names, area.top(), frame.plot.width() * (1 - names), 16.0), colors);
        frame.paintRows(painter, colors, m_curve.isEffect);
        frame.paintColumns(painter, colors, m_curve.type, area.bottom() - foot + 2.0, true);
        painter.setPen(colors.dim);
        drawText(painter, QRectF(frame.plot.left(), area.bottom() - 18.0, frame.plot.width(), 16.0), Qt::AlignCenter, m_curve.column, Qt::ElideMiddle);
        paintRowsBelow(painter, frame, colors);

        if (!m_curve.curves.empty()) {
            QColor faint = colors.accent;
            faint.setAlphaF(static_cast<float>(std::clamp(12.0 / static_cast<double>(m_curve.curves.size()), 0.05, 0.35)));
            painter.setPen(QPen(faint, 1.0));
            for (const std::vector<double>& curve : m_curve.curves) {
                QPolygonF points;
                for (std::size_t i = 0; i < m_curve.grid.size(); ++i)
                    if (std::isfinite(curve[i]))
                        points << frame.at(m_curve.grid[i], curve[i]);
                painter.drawPolyline(points);
            }
        }
        for (std::size_t i = 0; i < m_curve.lines.size(); ++i)
            paintCurve(painter, frame, m_curve.grid, m_curve.lines[i], colorOf(i, colors), m_curve.curves.empty() ? 2.0 : 2.6);
        painter.restore();
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const EffectFrame frame = frameIn(area);
        if (!frame.plot.adjusted(-6, -6, 6, strip).contains(point) || m_curve.lines.empty() || m_curve.grid.empty())
            return -1;
        const double x = frame.xOf(point.x());
        std::size_t nearest = 0;
        for (std::size_t i = 1; i < m_curve.grid.size(); ++i)
            if (std::abs(m_curve.grid[i] - x) < std::abs(m_curve.grid[nearest] - x))
                nearest = i;
        std::size_t line = 0;
        double best = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < m_curve.lines.size(); ++i) {
            const double distance = std::abs(frame.at(x, m_curve.lines[i].values[nearest]).y() - point.y());
            if (distance < best) {
                best = distance;
                line = i;
            }
        }
        return static_cast<int>(line * m_curve.grid.size() + nearest);
    }

private:
    EffectFrame frameIn(const QRectF& area) const
    {
        EffectFrame frame;
        frame.yMin = m_min;
        frame.yMax = m_max;
        if (!m_curve.grid.empty()) {
            frame.xMin = m_curve.grid.front();
            frame.xMax = m_curve.grid.back();
        }
        if (!(frame.xMax > frame.xMin)) {
            frame.xMin -= 0.5;
            frame.xMax += 0.5;
        }
        frame.plot = QRectF(area.left(), area.top() + head, area.width() - 8.0, std::max(20.0, area.height() - head - foot - strip));
        frame.plot.setLeft(std::min(area.left() + EffectFrame::labelWidth(m_min, m_max, frame.plot.height()), area.center().x()));
        return frame;
    }

    /// How the rows lie along the column: their histogram, how many each bin of the method has, or at least where its points are.
    void paintRowsBelow(QPainter& painter, const EffectFrame& frame, const ThemeColors& colors) const
    {
        const double bottom = frame.plot.bottom() + strip - 4.0, height = strip - 8.0;
        const QColor fill = mix(colors.card, colors.dim, 0.35);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        if (m_curve.counts.size() + 1 == m_curve.grid.size() && !m_curve.counts.empty()) {
            const double most = std::max(1.0, *std::max_element(m_curve.counts.begin(), m_curve.counts.end()));
            for (std::size_t i = 0; i < m_curve.counts.size(); ++i) {
                const double left = frame.at(m_curve.grid[i], m_min).x(), right = frame.at(m_curve.grid[i + 1], m_min).x();
                const double tall = height * m_curve.counts[i] / most;
                painter.drawRect(QRectF(left + 0.5, bottom - tall, std::max(0.5, right - left - 1.0), tall));
            }
        } else if (!m_curve.present.empty()) {
            const auto bins = static_cast<std::size_t>(std::clamp(frame.plot.width() / 8.0, 8.0, 60.0));
            const std::vector<double> shares = histogram(m_curve.present, frame.xMin, frame.xMax, bins);
            const double width = frame.plot.width() / static_cast<double>(bins);
            for (std::size_t i = 0; i < bins; ++i)
                painter.drawRect(QRectF(frame.plot.left() + width * static_cast<double>(i) + 0.5, bottom - height * shares[i], width - 1.0, height * shares[i]));
        } else {
            painter.setPen(QPen(colors.faint, 1.0));
            for (const double value : m_curve.grid) {
                const double x = std::round(frame.at(value, m_min).x()) + 0.5;
                painter.drawLine(QPointF(x, bottom - 8.0), QPointF(x, bottom));
            }
        }
    }
};

/// Levels below each other: a dot with its interval for each output.
class EffectLevelPlot final : public EffectPlot
{
public:
    using EffectPlot::EffectPlot;
    double preferredHeight(double) const override { return head + 20.0 + 28.0 * static_cast<double>(std::max<std::size_t>(1, m_curve.grid.size())); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0));
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        EffectFrame frame;
        frame.plot = plotIn(area);
        frame.xMin = m_min;
        frame.xMax = m_max;
        painter.setPen(colors.dim);
        const double names = m_curve.lines.size() > 1 ? 0.4 : 1.0;
        drawText(painter, QRectF(frame.plot.left(), area.top(), frame.plot.width() * names, 16.0), Qt::AlignLeft | Qt::AlignVCenter, valueLabel());
        paintNames(painter, QRectF(frame.plot.left() + frame.plot.width() * names, area.top(), frame.plot.width() * (1 - names), 16.0), colors);
        frame.paintColumns(painter, colors, ColumnType::Number, frame.plot.bottom() + 2.0, true);
        const double zero = frame.at(0.0, 0.0).x();
        if (m_curve.isEffect) {
            painter.setPen(QPen(colors.faint, 1.0));
            painter.drawLine(QPointF(zero, frame.plot.top()), QPointF(zero, frame.plot.bottom()));
        }
        const bool hasCounts = m_curve.counts.size() == m_curve.grid.size() && area.width() > 260.0;
        const double line = pitch(area);
        for (std::size_t i = 0; i < m_curve.grid.size(); ++i) {
            const double middle = frame.plot.top() + (static_cast<double>(i) + 0.5) * line;
            painter.setPen(colors.text);
            if (line >= 9.0) {
                drawText(painter, QRectF(area.left(), middle - 9.0, frame.plot.left() - area.left() - 10.0, 18.0), Qt::AlignRight | Qt::AlignVCenter,
                         m_curve.pointText(i), Qt::ElideMiddle);
                painter.setPen(colors.dim);
                if (hasCounts)
                    drawText(painter, QRectF(area.right() - countRoom + 8.0, middle - 9.0, countRoom - 8.0, 18.0), Qt::AlignRight | Qt::AlignVCenter,
                             tr("%n rows", static_cast<int>(m_curve.counts[i])));
            }
            if (!m_curve.curves.empty()) {
                QColor faint = colors.accent;
                faint.setAlphaF(0.22f);
                painter.setPen(QPen(faint, 1.0));
                for (const std::vector<double>& curve : m_curve.curves)
                    if (std::isfinite(curve[i]))
                        painter.drawLine(QPointF(frame.at(curve[i], 0).x(), middle - line * 0.32), QPointF(frame.at(curve[i], 0).x(), middle + line * 0.32));
            }
            for (std::size_t k = 0; k < m_curve.lines.size(); ++k) {
                const double value = m_curve.lines[k].values[i], error = m_curve.lines[k].errors[i];
                if (!std::isfinite(value))
                    continue;
                const double y = yOf(k, middle, line), x = frame.at(value, 0.0).x();
                const QColor color = colorOf(k, colors);
                if (m_curve.isEffect && m_curve.lines.size() == 1) {
                    painter.setPen(Qt::NoPen);
                    painter.setBrush(value >= 0.0 ? colors.raises : colors.lowers);
                    painter.drawRoundedRect(QRectF(std::min(zero, x), y - line * 0.3, std::max(1.5, std::abs(x - zero)), line * 0.6), 2.0, 2.0);
                }
                painter.setPen(QPen(m_curve.isEffect && m_curve.lines.size() == 1 ? colors.text : color, 1.2));
                if (std::isfinite(error))
                    painter.drawLine(QPointF(frame.at(value - 1.96 * error, 0.0).x(), y), QPointF(frame.at(value + 1.96 * error, 0.0).x(), y));
                if (m_curve.isEffect && m_curve.lines.size() == 1)
                    continue;
                painter.setPen(Qt::NoPen);
                painter.setBrush(color);
                const double radius = std::min(4.5, line * 0.3 / std::sqrt(static_cast<double>(m_curve.lines.size())) + 1.0);
                painter.drawEllipse(QPointF(x, y), radius, radius);
            }
        }
        painter.restore();
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const QRectF plot = plotIn(area);
        const double place = (point.y() - plot.top()) / pitch(area);
        if (!area.contains(point) || place < 0.0 || place >= static_cast<double>(m_curve.grid.size()) || m_curve.lines.empty())
            return -1;
        const auto level = static_cast<std::size_t>(place);
        const double middle = plot.top() + (static_cast<double>(level) + 0.5) * pitch(area);
        std::size_t best = 0;
        for (std::size_t k = 1; k < m_curve.lines.size(); ++k)
            if (std::abs(yOf(k, middle, pitch(area)) - point.y()) < std::abs(yOf(best, middle, pitch(area)) - point.y()))
                best = k;
        return static_cast<int>(best * m_curve.grid.size() + level);
    }

private:
    static constexpr double countRoom = 74.0;

    double pitch(const QRectF& area) const
    {
        return std::clamp((area.height() - head - 20.0) / static_cast<double>(std::max<std::size_t>(1, m_curve.grid.size())), 1.0, 34.0);
    }
    double yOf(std::size_t line, double middle, double height) const
    {
        const auto lines = static_cast<double>(m_curve.lines.size());
        return middle + ((static_cast<double>(line) + 0.5) / lines - 0.5) * height * 0.8;
    }
    QRectF plotIn(const QRectF& area) const
    {
        double names = 0.0;
        for (const QString& level : m_curve.levels)
            names = std::max(names, 6.6 * static_cast<double>(level.size()));
        names = std::min(std::max(names, 24.0), area.width() * 0.35) + 12.0;
        const double counts = m_curve.counts.size() == m_curve.grid.size() && area.width() > 260.0 ? countRoom : 8.0;
        return {area.left() + names, area.top() + head, std::max(10.0, area.width() - names - counts), pitch(area) * static_cast<double>(m_curve.grid.size())};
    }
};

std::unique_ptr<Plot> plotOf(EffectCurve curve, std::vector<std::size_t> rows)
{
    if (curve.hasLevels())
        return std::make_unique<EffectLevelPlot>(std::move(curve), std::move(rows));
    return std::make_unique<EffectLinePlot>(std::move(curve), std::move(rows));
}

} // namespace

std::unique_ptr<Plot> makePartialDependencePlot(PartialDependencePtr effects, std::size_t index, EffectScale scale, std::vector<std::size_t> outputs)
{
    EffectCurve curve = curveOf(effects->at(index), scale, outputs);
    curve.curves.clear();
    return plotOf(std::move(curve), {});
}

std::unique_ptr<Plot> makeAlePlot(AccumulatedEffectsPtr effects, std::size_t index, EffectScale scale, std::vector<std::size_t> outputs)
{
    return plotOf(curveOf(effects->at(index), scale, outputs), {});
}

std::unique_ptr<Plot> makeIcePlot(PartialDependencePtr effects, std::size_t index, EffectScale scale, std::size_t output, bool centred)
{
    EffectCurve curve = curveOf(effects->at(index), scale, {output});
    curve.isEffect = centred;
    if (centred && !curve.grid.empty()) {
        for (std::vector<double>& values : curve.curves)
            for (std::size_t i = values.size(); i-- > 0;)
                values[i] -= values.front();
        // The mean's error is of means; of differences it follows from the curves.
        for (EffectCurve::Line& line : curve.lines) {
            for (std::size_t i = line.values.size(); i-- > 0;)
                line.values[i] -= line.values.front();
            const auto rows = static_cast<double>(curve.curves.size());
            for (std::size_t i = 0; i < line.errors.size(); ++i) {
                double squares = 0.0;
                for (const std::vector<double>& values : curve.curves)
                    squares += std::pow(values[i] - line.values[i], 2);
                line.errors[i] = rows > 1.0 ? std::sqrt(squares / (rows - 1.0) / rows) : std::nan("");
            }
        }
    }
    return plotOf(std::move(curve), std::move(scale.rows));
}

} // namespace limpid
