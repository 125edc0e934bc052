#include "core/base/Error.h"
#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <functional>

namespace limpid {

using namespace plot;

namespace {

constexpr double barTop = 44.0, barHeight = 30.0, labelLine = 16.0, tip = 6.0;

/// One row: what raises its prediction pushes from the left, what lowers it from the right; they meet at the prediction.
class Force final : public Plot
{
public:
    Force(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t row, int maxFeatures)
        : m_explanation(std::move(explanation)), m_output(output), m_row(row)
    {
        const Explanation& e = *m_explanation;
        if (!addsUp(e))
            throw Error(ErrorCode::OptionInvalid, {{"name", "plot"}, {"value", "force"}, {"expected", "values that add up to the prediction"}});
        m_base = e.base[output];
        m_prediction = prediction(e, row, output);
        const std::vector<FeatureImportance> all = rowImportances(e, output, row);
        const std::vector<bool> certain = placesResolved(all);
        const std::size_t own = std::min(all.size(), static_cast<std::size_t>(std::max(1, maxFeatures)));
        double up = m_prediction, down = m_prediction;
        Segment upRest, downRest;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const double value = e.value(row, output, all[i].feature);
            if (value == 0.0 || !std::isfinite(value))
                continue;
            if (i < own) {
                m_segments.push_back({featureName(e, all[i].feature), cellText(e, row, all[i].feature), value, all[i].error, 0, certain[i], 0.0, 0.0});
                continue;
            }
            Segment& rest = value > 0.0 ? upRest : downRest;
            rest.column = featureName(e, all[i].feature);
            rest.cell = cellText(e, row, all[i].feature);
            rest.certain = certain[i];
            rest.value += value;
            rest.error = std::hypot(rest.error, all[i].error); // as if independent: the errors' covariances are not kept
            ++rest.others;
        }
        for (Segment& rest : {std::ref(upRest), std::ref(downRest)}) {
            if (rest.others == 0)
                continue;
            if (rest.others == 1)
                rest.others = 0; // a single one goes by its name
            else
                rest.certain = true;
            m_segments.push_back(rest);
        }
        for (Segment& segment : m_segments) {
            double& at = segment.value > 0.0 ? up : down;
            segment.to = at; // the end towards the prediction
            segment.from = at -= segment.value;
        }
        m_min = std::min({m_base, up, m_prediction});
        m_max = std::max({m_base, down, m_prediction});
        const double border = m_max > m_min ? 0.03 * (m_max - m_min) : 0.5;
        m_min -= border;
        m_max += border;
        m_decimals = decimalsFor(m_max - m_min, 3);
    }

    double preferredHeight(double) const override
    {
        return barTop + barHeight + 10.0 + labelLine * static_cast<double>(std::max<std::size_t>(1, m_segments.size())) + valueAxisHeight + notes();
    }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QRectF box = plotBox(area);
        paintValueAxis(painter, box, m_min, m_max, QCoreApplication::translate("Plots", "prediction of %1").arg(outputText(*m_explanation, m_output)), colors);
        painter.setPen(QPen(colors.faint, 1.0, Qt::DotLine));
        painter.drawLine(QPointF(x(box, m_base), area.top() + barTop - 8.0), QPointF(x(box, m_base), box.bottom()));
        for (const Segment& segment : m_segments) {
            const QColor color = segment.value > 0.0 ? colors.raises : colors.lowers;
            painter.setBrush(segment.certain ? mix(color, colors.card, segment.others ? 0.45 : 0.0) : mix(color, colors.card, 0.65));
            painter.setPen(segment.certain ? QPen(colors.card, 1.0) : QPen(color, 1.0, Qt::DashLine));
            painter.drawPath(arrow(box, segment));
        }
        painter.setPen(QPen(colors.text, 2.0));
        painter.drawLine(QPointF(x(box, m_prediction), area.top() + barTop - 8.0), QPointF(x(box, m_prediction), area.top() + barTop + barHeight + 4.0));
        paintHead(painter, area, box, theme);
        paintLabels(painter, area, box, colors);
        if (notes() > 0.0) {
            painter.setPen(colors.dim);
            drawText(painter, QRectF(area.left(), box.bottom() + valueAxisHeight, area.width(), 18.0), Qt::AlignRight | Qt::AlignVCenter,
                     QCoreApplication::translate("Plots", "dashed: place in the order not certain at 95 %"));
        }
        painter.restore();
    }

    QString sentence() const override
    {
        double up = 0.0, down = 0.0;
        for (const Segment& segment : m_segments)
            (segment.value > 0.0 ? up : down) += segment.value;
        return QCoreApplication::translate("Plots", "%1 is predicted %2 for %3: from the average %4, %5 in all raise it and %6 lower it.")
            .arg(rowName(*m_explanation, m_row), fixedText(m_prediction, m_decimals), outputText(*m_explanation, m_output), fixedText(m_base, m_decimals),
                 fixedText(up, m_decimals), fixedText(-down, m_decimals));
    }

    std::vector<QStringList> table() const override
    {
        const auto translate = [](const char* text) { return QCoreApplication::translate("Plots", text); };
        std::vector<QStringList> lines{{translate("column"), translate("value"), effectTerm(*m_explanation), translate("standard error")},
                                       {translate("average"), QString(), exactText(m_base), QString()}};
        for (const Segment& segment : m_segments)
            lines.push_back({segment.others ? label(segment) : segment.column, segment.cell, exactText(segment.value), exactText(segment.error)});
        lines.push_back({translate("this row"), QString(), exactText(m_prediction), QString()});
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const QRectF box = plotBox(area);
        const double top = area.top() + barTop;
        for (std::size_t i = 0; i < m_segments.size(); ++i) {
            const auto [from, to] = std::minmax({x(box, m_segments[i].from), x(box, m_segments[i].to)}); // by value
            if (point.y() >= top && point.y() <= top + barHeight && point.x() >= from && point.x() <= to)
                return static_cast<int>(i);
            if (labelBox(area, i).contains(point))
                return static_cast<int>(i);
        }
        return -1;
    }

    QString tooltip(int item) const override
    {
        if (item < 0 || static_cast<std::size_t>(item) >= m_segments.size())
            return {};
        const Segment& segment = m_segments[static_cast<std::size_t>(item)];
        return QStringLiteral("%1\n%2").arg(label(segment), effectText(segment.value, segment.error));
    }

private:
    struct Segment {
        QString column, cell;
        double value = 0.0, error = 0.0;
        int others = 0;        ///< > 0: the sum of that many columns
        bool certain = true;   ///< its place among the row's columns
        double from = 0.0, to = 0.0;
    };

    double notes() const { return std::any_of(m_segments.begin(), m_segments.end(), [](const Segment& s) { return !s.certain; }) ? 18.0 : 0.0; }
    /// The bar and the labels; hairlines run through both.
    QRectF plotBox(const QRectF& area) const
    {
        return QRectF(area.left() + 14.0, area.top() + barTop, std::max(40.0, area.width() - 28.0), std::max(barHeight + 20.0, area.height() - barTop - valueAxisHeight - notes()));
    }
    double x(const QRectF& box, double value) const { return box.left() + (value - m_min) / (m_max - m_min) * box.width(); }
    double pitch(const QRectF& area) const
    {
        return std::min(labelLine, (plotBox(area).height() - barHeight - 14.0) / static_cast<double>(std::max<std::size_t>(1, m_segments.size())));
    }
    static QString label(const Segment& segment)
    {
        return segment.others ? QCoreApplication::translate("Plots", "%n others", nullptr, segment.others) : QStringLiteral("%1 = %2").arg(segment.column, segment.cell);
    }
    QString labelText(const Segment& segment) const
    {
        const QString effect = segment.error > 0.0 ? QStringLiteral("%1 ± %2").arg(signedText(segment.value, m_decimals), shortText(segment.error, 2))
                                                   : signedText(segment.value, m_decimals);
        return QStringLiteral("%1  %2").arg(label(segment), effect);
    }
    QRectF labelBox(const QRectF& area, std::size_t i) const
    {
        const QRectF box = plotBox(area);
        const double top = box.top() + barHeight + 10.0 + static_cast<double>(i) * pitch(area);
        return {area.left(), top, area.width(), pitch(area)};
    }

    /// Pointing where it pushes: a notch at one end, a tip at the other.
    QPainterPath arrow(const QRectF& box, const Segment& segment) const
    {
        const double from = x(box, segment.from), to = x(box, segment.to), top = box.top(), bottom = box.top() + barHeight, middle = (top + bottom) / 2;
        const double reach = std::copysign(std::min(tip, std::abs(to - from)), to - from);
        QPainterPath path(QPointF(from - reach, top));
        path.lineTo(to - reach, top);
        path.lineTo(to, middle);
        path.lineTo(to - reach, bottom);
        path.lineTo(from - reach, bottom);
        path.lineTo(from, middle);
        path.closeSubpath();
        return path;
    }

    /// "average −1.35" and "this row 0.94" above their places, pushed apart where they would touch.
    void paintHead(QPainter& painter, const QRectF& area, const QRectF& box, const Theme& theme) const
    {
        QFont bold = theme.smallFont();
        bold.setWeight(QFont::DemiBold);
        const QString average = QCoreApplication::translate("Plots", "average %1").arg(fixedText(m_base, m_decimals));
        const QString row = QCoreApplication::translate("Plots", "this row %1").arg(fixedText(m_prediction, m_decimals));
        const double averageWidth = textWidth(QFontMetricsF(theme.smallFont(), painter.device()), average), rowWidth = textWidth(QFontMetricsF(bold, painter.device()), row);
        double a = std::clamp(x(box, m_base) - averageWidth / 2, area.left(), std::max(area.left(), area.right() - averageWidth));
        const double b = std::clamp(x(box, m_prediction) - rowWidth / 2, area.left(), std::max(area.left(), area.right() - rowWidth));
        if (a < b + rowWidth + 10.0 && b < a + averageWidth + 10.0) {
            const bool isLeft = m_base <= m_prediction ? b - averageWidth - 10.0 >= area.left() : b + rowWidth + 10.0 + averageWidth > area.right();
            a = isLeft ? b - averageWidth - 10.0 : b + rowWidth + 10.0;
        }
        painter.setPen(theme.colors().dim);
        painter.drawText(QRectF(a, area.top() + 16.0, averageWidth, 16.0), Qt::AlignCenter | Qt::TextDontClip, average);
        painter.setFont(bold);
        painter.setPen(theme.colors().text);
        painter.drawText(QRectF(b, area.top() + 16.0, rowWidth, 16.0), Qt::AlignCenter | Qt::TextDontClip, row);
        painter.setFont(theme.smallFont());
        const QString higher = QCoreApplication::translate("Plots", "raises →"), lower = QCoreApplication::translate("Plots", "← lowers");
        painter.setPen(theme.colors().raises);
        const double middle = x(box, m_prediction);
        drawText(painter, QRectF(area.left(), area.top(), std::max(0.0, middle - 6.0 - area.left()), 16.0), Qt::AlignRight | Qt::AlignVCenter, higher);
        painter.setPen(theme.colors().lowers);
        drawText(painter, QRectF(middle + 6.0, area.top(), std::max(0.0, area.right() - middle - 6.0), 16.0), Qt::AlignLeft | Qt::AlignVCenter, lower);
    }

    /// A line a segment, below its middle, with a hairline up to it.
    void paintLabels(QPainter& painter, const QRectF& area, const QRectF& box, const ThemeColors& colors) const
    {
        if (pitch(area) < 10.0)
            return; // the tooltips have them
        const QFontMetricsF metrics(painter.font(), painter.device());
        const auto middleOf = [&](const Segment& segment) { return (x(box, segment.from) + x(box, segment.to)) / 2; };
        const auto hairline = [&](const Segment& segment) { return QPen(mix(segment.value > 0.0 ? colors.raises : colors.lowers, colors.card, 0.5), 1.0); };
        for (std::size_t i = 0; i < m_segments.size(); ++i) { // all before any text
            painter.setPen(hairline(m_segments[i]));
            painter.drawLine(QPointF(middleOf(m_segments[i]), box.top() + barHeight), QPointF(middleOf(m_segments[i]), labelBox(area, i).center().y()));
        }
        for (std::size_t i = 0; i < m_segments.size(); ++i) {
            const Segment& segment = m_segments[i];
            const double middle = middleOf(segment), y = labelBox(area, i).center().y();
            painter.setPen(hairline(segment));
            const QString text = labelText(segment);
            const double width = std::min(textWidth(metrics, text), area.width());
            // Towards the side that it comes from, where there is room.
            const bool left = (segment.value > 0.0 && middle - 8.0 - width >= area.left()) || middle + 8.0 + width > area.right();
            const double at = std::max(area.left(), left ? middle - 8.0 - width : middle + 8.0);
            painter.drawLine(QPointF(middle, y), QPointF(left ? middle - 5.0 : middle + 5.0, y));
            painter.fillRect(QRectF(at - 2.0, y - 7.0, width + 4.0, 14.0), colors.card);
            painter.setPen(colors.text);
            drawText(painter, QRectF(at, y - 8.0, width, 16.0), Qt::AlignLeft | Qt::AlignVCenter, text, Qt::ElideMiddle);
        }
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output, m_row;
    double m_base = 0.0, m_prediction = 0.0, m_min = 0.0, m_max = 1.0;
    int m_decimals = 2;
    std::vector<Segment> m_segments;
};

} // namespace

std::unique_ptr<Plot> makeForce(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t row, int maxFeatures)
{
    return std::make_unique<Force>(std::move(explanation), output, row, maxFeatures);
}

} // namespace limpid
