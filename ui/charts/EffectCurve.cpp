#include "ui/charts/EffectCurve.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace limpid::plot {

namespace {

constexpr double perDigit = 6.4; // of the small font, about
constexpr double milliseconds = 86'400'000.0; // of a day

QDateTime dateOf(double value) { return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(value), QTimeZone::utc()); }

QString dateText(double value)
{
    const QDateTime date = dateOf(value);
    return date.time() == QTime(0, 0) ? date.toString(QStringLiteral("yyyy-MM-dd")) : date.toString(QStringLiteral("yyyy-MM-dd hh:mm"));
}

std::vector<AxisMark> dateMarks(double min, double max, int most)
{
    std::vector<AxisMark> marks;
    const double days = (max - min) / milliseconds;
    const QDate first = dateOf(min).date(), last = dateOf(max).date();
    const auto add = [&](const QDate& date, const QString& form) {
        const double at = static_cast<double>(QDateTime(date, QTime(0, 0), QTimeZone::utc()).toMSecsSinceEpoch());
        if (at >= min && at <= max)
            marks.push_back({at, date.toString(form)});
    };
    if (days > 365.0 * 3) {
        for (const double year : niceTicks(first.year(), last.year() + 1, most).values)
            if (year == std::floor(year))
                add(QDate(static_cast<int>(year), 1, 1), QStringLiteral("yyyy"));
    } else if (days > 90.0) {
        int step = 1;
        while (days / 30.0 / step > most && step < 12)
            step = step == 1 ? 3 : step == 3 ? 6 : 12;
        for (QDate date(first.year(), 1, 1); date <= last; date = date.addMonths(step))
            add(date, QStringLiteral("yyyy-MM"));
    } else if (days >= 2.0) {
        for (const double day : niceTicks(0.0, days + 1.0, most).values)
            if (day == std::floor(day))
                add(first.addDays(static_cast<qint64>(day)), QStringLiteral("MM-dd"));
    } else {
        for (const double minute : niceTicks(min / 60000.0, max / 60000.0, most).values)
            marks.push_back({minute * 60000.0, dateOf(minute * 60000.0).toString(QStringLiteral("hh:mm"))});
    }
    return marks;
}

QString tickText(const Ticks& ticks, double value)
{
    return std::max(std::abs(ticks.values.front()), std::abs(ticks.values.back())) >= 1e5 || ticks.decimals > 6 ? shortText(value, 3)
                                                                                                                : fixedText(value, ticks.decimals);
}

Ticks rowTicks(double min, double max, double height) { return niceTicks(min, max, std::clamp(static_cast<int>(height / 34.0), 2, 6)); }

/// What is known of the rows' values of the effect's column.
void addRows(EffectCurve& curve, const EffectScale& scale)
{
    const auto found = std::find_if(scale.columns.begin(), scale.columns.end(),
                                    [&](const EffectColumn& column) { return QString::fromStdString(column.name) == curve.column; });
    if (found == scale.columns.end())
        return;
    if (!curve.hasLevels()) {
        for (const double value : found->values)
            if (std::isfinite(value))
                curve.present.push_back(value);
        std::sort(curve.present.begin(), curve.present.end());
        return;
    }
    if (!curve.counts.empty())
        return;
    curve.counts.assign(curve.grid.size(), 0.0);
    for (const double value : found->values) {
        if (!(value >= 0.0) || value >= static_cast<double>(found->levels.size()))
            continue;
        const qsizetype level = curve.levels.indexOf(QString::fromStdString(found->levels[static_cast<std::size_t>(value)]));
        if (level >= 0)
            curve.counts[static_cast<std::size_t>(level)] += 1.0;
    }
}

template<class Effect>
EffectCurve frameOf(const Effect& effect)
{
    EffectCurve curve;
    curve.column = QString::fromStdString(effect.name);
    curve.type = effect.type;
    curve.grid = effect.grid;
    for (const std::string& level : effect.levels)
        curve.levels << QString::fromStdString(level);
    return curve;
}

template<class Effect>
void addLines(EffectCurve& curve, const Effect& effect, const EffectScale& scale, const std::vector<std::size_t>& outputs)
{
    for (const std::size_t output : outputs) {
        if (output >= effect.outputs)
            continue;
        EffectCurve::Line line{outputText(scale, output), {}, {}};
        for (std::size_t point = 0; point < effect.grid.size(); ++point) {
            line.values.push_back(effect.at(point, output));
            line.errors.push_back(point * effect.outputs + output < effect.errors.size() ? effect.errors[point * effect.outputs + output] : std::nan(""));
        }
        curve.lines.push_back(std::move(line));
    }
}

} // namespace

double EffectCurve::range(std::size_t line) const
{
    double min = 0.0, max = 0.0;
    bool any = false;
    for (const double value : lines[line].values) {
        if (!std::isfinite(value))
            continue;
        min = any ? std::min(min, value) : value;
        max = any ? std::max(max, value) : value;
        any = true;
    }
    return max - min;
}

QString EffectCurve::pointText(std::size_t point) const
{
    if (hasLevels())
        return levels.value(static_cast<qsizetype>(point));
    return type == ColumnType::DateTime ? dateText(grid[point]) : shortText(grid[point], 4);
}

void EffectCurve::addTo(double& min, double& max, bool withErrors, bool withCurves) const
{
    const auto add = [&](double value) {
        if (std::isfinite(value)) {
            min = std::min(min, value);
            max = std::max(max, value);
        }
    };
    for (const Line& line : lines)
        for (std::size_t i = 0; i < line.values.size(); ++i) {
            add(line.values[i]);
            if (withErrors) {
                add(line.values[i] - 1.96 * line.errors[i]);
                add(line.values[i] + 1.96 * line.errors[i]);
            }
        }
    if (withCurves)
        for (const std::vector<double>& curve : curves)
            for (const double value : curve)
                add(value);
}

EffectCurve curveOf(const PartialDependence& effect, const EffectScale& scale, const std::vector<std::size_t>& outputs)
{
    EffectCurve curve = frameOf(effect);
    addLines(curve, effect, scale, outputs);
    addRows(curve, scale);
    const std::size_t points = effect.grid.size();
    if (!outputs.empty() && outputs.front() < effect.outputs && points > 0) {
        const std::size_t rows = effect.curves.size() / (points * effect.outputs);
        curve.curves.assign(rows, std::vector<double>(points));
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t point = 0; point < points; ++point)
                curve.curves[row][point] = effect.curves[(row * points + point) * effect.outputs + outputs.front()];
    }
    return curve;
}

EffectCurve curveOf(const AccumulatedEffects& effect, const EffectScale& scale, const std::vector<std::size_t>& outputs)
{
    EffectCurve curve = frameOf(effect);
    curve.isEffect = true;
    curve.counts.assign(effect.counts.begin(), effect.counts.end());
    addLines(curve, effect, scale, outputs);
    addRows(curve, scale);
    return curve;
}

QString outputText(const EffectScale& scale, std::size_t output)
{
    const QString name = output < scale.outputs.size() ? QString::fromStdString(scale.outputs[output]) : QString();
    if (scale.space == "probability")
        return name.startsWith(QLatin1String("P(")) ? name : QStringLiteral("P(%1)").arg(name);
    return QCoreApplication::translate("Plots", "“%1”").arg(name);
}

std::vector<AxisMark> axisMarks(double min, double max, ColumnType type, int most)
{
    if (type == ColumnType::DateTime)
        return dateMarks(min, max, most);
    std::vector<AxisMark> marks;
    const Ticks ticks = niceTicks(min, max, most);
    for (const double value : ticks.values)
        marks.push_back({value, tickText(ticks, value)});
    return marks;
}

QPointF EffectFrame::at(double x, double y) const
{
    return {plot.left() + (x - xMin) / (xMax - xMin) * plot.width(), plot.bottom() - (y - yMin) / (yMax - yMin) * plot.height()};
}

double EffectFrame::xOf(double pixel) const { return xMin + (pixel - plot.left()) / std::max(plot.width(), 1e-9) * (xMax - xMin); }

void EffectFrame::paintRows(QPainter& painter, const ThemeColors& colors, bool zero) const
{
    const Ticks ticks = rowTicks(yMin, yMax, plot.height());
    const double room = labelWidth(yMin, yMax, plot.height());
    for (const double value : ticks.values) {
        const double y = std::round(at(xMin, value).y()) + 0.5;
        painter.setPen(QPen(zero && value == 0.0 ? colors.faint : colors.line, 1.0));
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        painter.setPen(colors.dim);
        drawText(painter, QRectF(plot.left() - room, y - 9.0, room - 6.0, 18.0), Qt::AlignRight | Qt::AlignVCenter, tickText(ticks, value));
    }
}

void EffectFrame::paintColumns(QPainter& painter, const ThemeColors& colors, ColumnType type, double top, bool hairlines) const
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    double free = plot.left() - 30.0;
    for (const AxisMark& mark : axisMarks(xMin, xMax, type, std::clamp(static_cast<int>(plot.width() / 60.0), 2, 8))) {
        const double x = std::round(at(mark.value, yMin).x()) + 0.5;
        if (hairlines) {
            painter.setPen(QPen(colors.line, 1.0));
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        }
        const double width = textWidth(metrics, mark.text), left = std::min(x - width / 2, plot.right() + 4.0 - width); // no plot ends nearer to its edge
        if (left < free)
            continue;
        free = left + width + 8.0;
        painter.setPen(colors.dim);
        painter.drawText(QRectF(left, top, width, 16.0), Qt::AlignCenter | Qt::TextDontClip, mark.text);
    }
}

double EffectFrame::labelWidth(double yMin, double yMax, double height)
{
    const Ticks ticks = rowTicks(yMin, yMax, height);
    double width = 0.0;
    for (const double value : ticks.values)
        width = std::max(width, perDigit * static_cast<double>(tickText(ticks, value).size()));
    return width + 10.0;
}

void paintCurve(QPainter& painter, const EffectFrame& frame, const std::vector<double>& grid, const EffectCurve::Line& line,
                const QColor& color, double width)
{
    QPolygonF points, upper, lower;
    for (std::size_t i = 0; i < grid.size(); ++i) {
        if (!std::isfinite(line.values[i]))
            continue;
        points << frame.at(grid[i], line.values[i]);
        if (std::isfinite(line.errors[i])) {
            upper << frame.at(grid[i], line.values[i] + 1.96 * line.errors[i]);
            lower << frame.at(grid[i], line.values[i] - 1.96 * line.errors[i]);
        }
    }
    std::reverse(lower.begin(), lower.end());
    QColor soft = color;
    soft.setAlphaF(0.16f);
    painter.setPen(Qt::NoPen);
    painter.setBrush(soft);
    painter.drawPolygon(upper + lower);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    if (points.size() == 1)
        painter.drawPoint(points.front());
    else
        painter.drawPolyline(points);
}

std::vector<double> histogram(const std::vector<double>& ascending, double min, double max, std::size_t bins)
{
    std::vector<double> shares(bins, 0.0);
    for (const double value : ascending) {
        if (value < min || value > max)
            continue;
        const double place = max > min ? (value - min) / (max - min) * static_cast<double>(bins) : 0.0;
        shares[std::min(bins - 1, static_cast<std::size_t>(place))] += 1.0;
    }
    const double most = std::max(1.0, *std::max_element(shares.begin(), shares.end()));
    for (double& share : shares)
        share /= most;
    return shares;
}

} // namespace limpid::plot
