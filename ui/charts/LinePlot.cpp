#include "ui/charts/LinePlot.h"

#include "ui/charts/PlotAxes.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double above = 22.0, below = 36.0; ///< of the lines: room for labels

/// The part of a straight line inside the box (Liang and Barsky 1984); pictures without clipping, as SVG ones, need it too.
std::optional<QLineF> inside(const QPointF& from, const QPointF& to, const QRectF& box)
{
    double begin = 0.0, end = 1.0;
    const double dx = to.x() - from.x(), dy = to.y() - from.y();
    const std::pair<double, double> edges[] = {{-dx, from.x() - box.left()}, {dx, box.right() - from.x()},
                                               {-dy, from.y() - box.top()}, {dy, box.bottom() - from.y()}};
    for (const auto& [slope, distance] : edges) {
        if (slope == 0.0) {
            if (distance < 0.0)
                return std::nullopt;
        } else if (slope < 0.0) {
            begin = std::max(begin, distance / slope);
        } else {
            end = std::min(end, distance / slope);
        }
    }
    if (begin > end)
        return std::nullopt;
    return QLineF(from.x() + begin * dx, from.y() + begin * dy, from.x() + end * dx, from.y() + end * dy);
}

/// A dense line as one upright stroke a column, from its highest to its lowest there and on to where the column before it
/// ended. A column between two that have no point of their own takes what those share.
QList<QLineF> band(const LinePlot::Frame& frame, const LinePlot::Axes& axes, const std::vector<QPointF>& points)
{
    const double width = axes.gridWidth > 0.0 ? axes.gridWidth : (axes.xMax - axes.xMin) / std::ceil(frame.plot.width());
    const double from = axes.gridWidth > 0.0 ? axes.gridFrom : axes.xMin;
    const auto count = static_cast<std::size_t>(std::clamp((axes.xMax - from) / width + 1.0, 1.0, 1e5));
    std::vector<std::pair<double, double>> columns(count, {infinity, -infinity}); // top, bottom
    for (const QPointF& point : points) {
        const double column = std::floor((point.x() - from) / width);
        if (column < 0.0 || column >= static_cast<double>(count))
            continue;
        const double y = frame.at(point).y();
        auto& [top, bottom] = columns[static_cast<std::size_t>(column)];
        top = std::min(top, y);
        bottom = std::max(bottom, y);
    }
    const auto isEmpty = [](const std::pair<double, double>& column) { return column.first > column.second; };
    QList<QLineF> strokes;
    for (std::size_t i = 0; i < count; ++i) {
        if (isEmpty(columns[i])) {
            const auto next = std::find_if_not(columns.begin() + static_cast<std::ptrdiff_t>(i), columns.end(), isEmpty);
            if (i == 0 || isEmpty(columns[i - 1]) || next == columns.end())
                continue;
            const double top = std::max(columns[i - 1].first, next->first), bottom = std::min(columns[i - 1].second, next->second);
            columns[i] = std::minmax(top, bottom);
        }
        auto [top, bottom] = columns[i];
        if (i > 0 && !isEmpty(columns[i - 1])) {
            top = std::min(top, columns[i - 1].second);
            bottom = std::max(bottom, columns[i - 1].first);
        }
        if (bottom < frame.plot.top() || top > frame.plot.bottom())
            continue;
        const double middle = frame.at({from + (static_cast<double>(i) + 0.5) * width, 1.0}).x();
        const double x = std::clamp(middle, frame.plot.left(), frame.plot.right());
        strokes.emplace_back(x, std::max(top, frame.plot.top()), x, std::min(bottom, frame.plot.bottom()));
    }
    return strokes;
}

/// On a logarithmic axis: 1, 2, 3, 5 and 7 of each decade, thinned where there are many.
Ticks logTicks(double min, double max, int most)
{
    Ticks ticks;
    for (int level = 0; level < 3; ++level) {
        ticks.values.clear();
        for (int decade = static_cast<int>(std::floor(min)); decade <= static_cast<int>(std::ceil(max)); ++decade) {
            for (double factor : {1.0, 2.0, 3.0, 5.0, 7.0}) {
                if ((level > 0 && (factor == 3.0 || factor == 7.0)) || (level > 1 && factor != 1.0))
                    continue;
                const double value = decade + std::log10(factor);
                if (value >= min && value <= max)
                    ticks.values.push_back(value);
            }
        }
        if (static_cast<int>(ticks.values.size()) <= most)
            break;
    }
    return ticks;
}

} // namespace

double LinePlot::Frame::drawn(double y) const
{
    return !log ? y : y > 0.0 ? std::log10(y) : -infinity;
}

QPointF LinePlot::Frame::at(const QPointF& point) const
{
    return {plot.left() + (point.x() - xMin) / (xMax - xMin) * plot.width(),
            plot.bottom() - (drawn(point.y()) - yMin) / (yMax - yMin) * plot.height()};
}

double LinePlot::Frame::valueAt(double pixel) const
{
    return xMin + (pixel - plot.left()) / std::max(1.0, plot.width()) * (xMax - xMin);
}

LinePlot::LinePlot(std::vector<Line> lines, Axes axes) : m_lines(std::move(lines)), m_axes(std::move(axes))
{
    double low = infinity, high = -infinity;
    const auto add = [&](double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    };
    for (const Line& line : m_lines) {
        std::vector<double> values;
        for (const QPointF& point : line.points)
            if (point.x() >= m_axes.xMin && point.x() <= m_axes.xMax && (!m_axes.log || point.y() > 0.0))
                values.push_back(m_axes.log ? std::log10(point.y()) : point.y());
        if (values.empty())
            continue;
        // A few wild steps must not squeeze everything else.
        const std::size_t cut = line.faint ? values.size() / 100 : 0;
        for (const std::size_t n : {cut, values.size() - 1 - cut}) {
            std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n), values.end());
            add(values[n]);
        }
    }
    if (low <= high) {
        const double border = high > low ? (high - low) * 0.06 : std::max(0.05, std::abs(high) * 0.1);
        m_yMin = low - border;
        m_yMax = high + border;
    }
    if (!std::isfinite(m_yMax - m_yMin)) { // the ends of what a number can be
        m_yMin = std::max(m_yMin, -std::numeric_limits<double>::max() / 4);
        m_yMax = std::min(m_yMax, std::numeric_limits<double>::max() / 4);
    }
}

QColor LinePlot::colorOf(const Line& line, const ThemeColors& colors)
{
    const QColor others[] = {colors.warn, colors.accent, colors.dim, colors.bad};
    const QColor color = line.role == LineRole::Train        ? colors.lowers
                         : line.role == LineRole::Validation ? colors.raises
                         : line.role == LineRole::Other      ? colors.good
                         : line.role == LineRole::Layer      ? seriesColor(static_cast<std::size_t>(line.shade), colors)
                                                             : others[static_cast<std::size_t>(line.shade) % std::size(others)];
    return line.faint ? mix(colors.card, color, 0.35) : color;
}

QString LinePlot::tickText(const Frame& frame, double value) const
{
    return frame.log ? shortText(std::pow(10.0, value), 2) : fixedText(value, frame.yTicks.decimals);
}

LinePlot::Frame LinePlot::frame(const QRectF& area, const QFontMetricsF& metrics) const
{
    Frame frame;
    frame.whole = area;
    frame.xMin = m_axes.xMin;
    frame.xMax = m_axes.xMax;
    frame.yMin = m_yMin;
    frame.yMax = m_yMax;
    frame.log = m_axes.log;
    const double height = std::max(30.0, area.height() - above - below);
    const int most = std::clamp(static_cast<int>(height / 44.0), 2, 7);
    if (frame.log)
        frame.yTicks = logTicks(m_yMin, m_yMax, most);
    if (frame.yTicks.values.size() < 2) { // within less than an octave a decade's marks say nothing
        frame.yTicks = niceTicks(m_yMin, m_yMax, most);
    }
    double labels = 0.0, names = 0.0, last = -infinity;
    for (double value : frame.yTicks.values)
        labels = std::max(labels, textWidth(metrics, tickText(frame, value)));
    for (const Line& line : m_lines) {
        if (line.points.empty())
            continue;
        last = std::max(last, line.points.back().x());
        if (!line.faint)
            names = std::max(names, textWidth(metrics, line.name));
    }
    // Where the axis goes on beyond the lines, their names stand inside it.
    const double width = area.width() - labels - 10.0 - 8.0;
    const double room = (m_axes.xMax - last) / (m_axes.xMax - m_axes.xMin) * width;
    const double right = names > 0.0 && room < names + 10.0 ? std::min(names + 10.0, area.width() * 0.3) : 8.0;
    frame.plot = QRectF(area.left() + labels + 10.0, area.top() + above, std::max(40.0, area.width() - labels - 10.0 - right), height);
    frame.xTicks = niceTicks(m_axes.xMin, m_axes.xMax, std::clamp(static_cast<int>(frame.plot.width() / 80.0), 2, 8));
    return frame;
}

void LinePlot::paint(QPainter& painter, const QRectF& area, const Theme& theme) const
{
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.setFont(theme.smallFont());
    const ThemeColors& colors = theme.colors();
    if (std::all_of(m_lines.begin(), m_lines.end(), [](const Line& line) { return line.points.empty(); })) {
        // Axes without values would be invented ones.
        painter.setPen(colors.dim);
        painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap,
                         m_axes.whenEmpty.isEmpty() ? QCoreApplication::translate("Plots", "Appears with the first values of a run") : m_axes.whenEmpty);
        painter.restore();
        return;
    }
    const QFontMetricsF metrics(painter.font(), painter.device());
    const Frame where = frame(area, metrics);
    paintGrid(painter, where, metrics, colors);
    for (bool faint : {true, false})
        for (const Line& line : m_lines)
            if (line.faint == faint)
                paintLine(painter, where, line, colors);
    if (std::isfinite(m_axes.best) && m_axes.best >= m_axes.xMin && m_axes.best <= m_axes.xMax) {
        const double at = std::round(where.at({m_axes.best, 1.0}).x()) + 0.5;
        painter.setPen(QPen(colors.faint, 1.0, Qt::DashLine));
        painter.drawLine(QPointF(at, where.plot.top()), QPointF(at, where.plot.bottom()));
        // Above the lines, so that neither crosses the other, and clear of the axis' name.
        const double width = textWidth(metrics, m_axes.bestLabel);
        const double from = area.left() + (m_axes.yLabel.isEmpty() ? 0.0 : textWidth(metrics, m_axes.yLabel) + 10.0);
        const double left = std::max(from, std::min(at - width / 2, area.right() - width));
        painter.setPen(colors.dim);
        drawText(painter, QRectF(left, area.top() + 2.0, std::max(0.0, area.right() - left), 16), Qt::AlignVCenter, m_axes.bestLabel);
    }
    paintNames(painter, where, colors);
    painter.restore();
}

void LinePlot::paintGrid(QPainter& painter, const Frame& frame, const QFontMetricsF& metrics, const ThemeColors& colors) const
{
    const QRectF& area = frame.whole;
    painter.setPen(colors.dim);
    drawText(painter, QRectF(area.left(), area.top(), area.width(), 18), Qt::AlignLeft | Qt::AlignVCenter, m_axes.yLabel);
    for (double value : frame.yTicks.values) {
        const double y = frame.plot.bottom() - (value - frame.yMin) / (frame.yMax - frame.yMin) * frame.plot.height();
        const double at = std::round(y) + 0.5;
        painter.setPen(QPen(colors.line, 1.0));
        painter.drawLine(QPointF(frame.plot.left(), at), QPointF(frame.plot.right(), at));
        painter.setPen(colors.dim);
        painter.drawText(QRectF(area.left(), at - 9, std::max(0.0, frame.plot.left() - 8 - area.left()), 18),
                         Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, tickText(frame, value));
    }
    painter.setPen(colors.dim);
    for (double value : frame.xTicks.values) {
        const QString text = fixedText(value, frame.xTicks.decimals);
        const double width = textWidth(metrics, text);
        const double left = std::clamp(frame.at({value, 1.0}).x() - width / 2, area.left(), std::max(area.left(), area.right() - width));
        painter.drawText(QRectF(left, frame.plot.bottom() + 4, width, 16), Qt::AlignCenter | Qt::TextDontClip, text);
    }
    drawText(painter, QRectF(frame.plot.left(), frame.plot.bottom() + 19, frame.plot.width(), 16), Qt::AlignCenter, m_axes.xLabel);
}

void LinePlot::paintLine(QPainter& painter, const Frame& frame, const Line& line, const ThemeColors& colors) const
{
    if (line.points.empty())
        return;
    // With a column for every pixel the line is a band: smoothing its edges would cost much and show nothing. A thick
    // smooth line is dear as well (some 40 µs a point as high as the picture), so it is for lines of which one sees the points.
    const auto points = static_cast<double>(line.points.size());
    const bool isBand = points > frame.plot.width(), isThin = line.faint || points > frame.plot.width() / 4.0;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, !isBand);
    const bool dotted = line.role == LineRole::Layer && isDashed(static_cast<std::size_t>(line.shade));
    QPen pen(colorOf(line, colors), isThin ? 1.0 : 1.8,
             isThin ? Qt::SolidLine : line.role == LineRole::Compared ? Qt::DashLine : dotted ? Qt::DotLine : Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    pen.setCosmetic(isThin);
    painter.setPen(pen);
    if (isBand) {
        painter.drawLines(band(frame, m_axes, line.points));
        painter.restore();
        return;
    }
    QPolygonF run;
    const auto flush = [&] {
        if (run.size() > 1)
            painter.drawPolyline(run);
        run.clear();
    };
    QPointF before = frame.at(line.points.front());
    if (line.points.size() == 1 && frame.plot.contains(before)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colorOf(line, colors));
        painter.drawEllipse(before, 2.0, 2.0);
    }
    for (std::size_t i = 1; i < line.points.size(); ++i) {
        const QPointF here = frame.at(line.points[i]);
        if (const auto part = inside(before, here, frame.plot)) {
            if (run.isEmpty() || run.back() != part->p1()) {
                flush();
                run << part->p1();
            }
            run << part->p2();
        }
        before = here;
    }
    flush();
    painter.restore();
}

void LinePlot::paintNames(QPainter& painter, const Frame& frame, const ThemeColors& colors) const
{
    std::vector<std::pair<QPointF, const Line*>> ends;
    for (const Line& line : m_lines) {
        const auto last = std::find_if(line.points.rbegin(), line.points.rend(), [&](const QPointF& point) { return point.x() <= frame.xMax; });
        if (!line.faint && last != line.points.rend())
            ends.emplace_back(frame.at(*last), &line);
    }
    std::sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.first.y() < b.first.y(); });
    double free = frame.plot.top() - 8.0;
    for (const auto& [end, line] : ends) {
        if (free > frame.plot.bottom()) // the rest are told apart by the crosshair
            break;
        free = std::clamp(end.y() - 8.0, free, std::max(free, frame.plot.bottom() - 12.0));
        const double left = std::min(end.x() + 6.0, frame.plot.right() + 6.0);
        painter.setPen(colorOf(*line, colors));
        drawText(painter, QRectF(left, free, std::max(0.0, frame.whole.right() - left), 16.0), Qt::AlignLeft | Qt::AlignVCenter, line->name);
        free += 15.0;
    }
}

double LinePlot::preferredHeight(double width) const { return std::clamp(width * 0.5, 160.0, 420.0); }

QString LinePlot::sentence() const
{
    QStringList parts;
    for (const Line& line : m_lines) {
        if (line.faint || line.points.empty())
            continue;
        const auto lower = [](const QPointF& a, const QPointF& b) { return a.y() < b.y(); };
        const QPointF least = *std::min_element(line.points.begin(), line.points.end(), lower);
        const QPointF first = line.first.value_or(line.points.front()), last = line.last.value_or(line.points.back());
        parts << QCoreApplication::translate("Plots", "%1 goes from %2 to %3; its lowest is %4 at %5 %6.")
                     .arg(line.name, shortText(first.y()), shortText(last.y()), shortText(least.y()), m_axes.xLabel.toLower(), shortText(least.x()));
    }
    if (parts.isEmpty())
        return QCoreApplication::translate("Plots", "There are no values yet.");
    if (std::isfinite(m_axes.best))
        parts << QCoreApplication::translate("Plots", "Marked: %1.").arg(m_axes.bestLabel);
    return parts.join(QLatin1Char(' '));
}

std::vector<QStringList> LinePlot::table() const
{
    std::vector<QStringList> rows{{QCoreApplication::translate("Plots", "curve"), m_axes.xLabel, m_axes.yLabel}};
    for (const Line& line : m_lines)
        for (const QPointF& point : line.points)
            rows.push_back({line.name, exactText(point.x()), exactText(point.y())});
    return rows;
}

} // namespace limpid
