#include "ui/charts/PicturePlots.h"
#include "ui/charts/PlotAxes.h"
#include "ui/text/Messages.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Plots", text); }

constexpr double reach = 8.0;         ///< px: how near to a point one must come
constexpr double countsShare = 0.24;  ///< of the width: the histogram

/// A point a row: predicted over true values, or residuals over predicted ones with their histogram.
class ResidualPlot final : public Plot
{
public:
    enum class Kind { Predicted, Residuals };
    ResidualPlot(PicturePtr picture, std::size_t target, Kind kind) : m_picture(std::move(picture)), m_rows(m_picture->residuals.at(target)), m_kind(kind)
    {
        const QString name = QString::fromStdString(m_rows.name);
        m_axes.xLabel = kind == Kind::Predicted ? tr("true %1").arg(name) : tr("predicted %1").arg(name);
        m_axes.yLabel = kind == Kind::Predicted ? tr("predicted %1").arg(name) : tr("true − predicted");
        double xMin = 0.0, xMax = 0.0, yMin = 0.0, yMax = 0.0;
        for (std::size_t i = 0; i < m_rows.points.size(); ++i) {
            const QPointF point = pointAt(i);
            xMin = i == 0 ? point.x() : std::min(xMin, point.x());
            xMax = i == 0 ? point.x() : std::max(xMax, point.x());
            yMin = i == 0 ? point.y() : std::min(yMin, point.y());
            yMax = i == 0 ? point.y() : std::max(yMax, point.y());
        }
        if (kind == Kind::Predicted) { // the same axis twice, so that the diagonal is where they agree
            xMin = yMin = std::min(xMin, yMin);
            xMax = yMax = std::max(xMax, yMax);
        } else { // all rows' residuals, not only those drawn; 0 among them
            yMin = std::min(m_rows.low, 0.0);
            yMax = std::max(m_rows.high, 0.0);
        }
        addBorder(xMin, xMax);
        addBorder(yMin, yMax);
        m_axes.xMin = xMin;
        m_axes.xMax = xMax;
        m_axes.yMin = yMin;
        m_axes.yMax = yMax;
        m_whole = {m_axes.xLabel, {xMin, xMax}};
    }

    double preferredHeight(double width) const override { return std::clamp(width * 0.6, 160.0, 420.0); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const PlotAxes axes = placed(area);
        axes.paint(painter, colors);
        drawText(painter, QRectF(area.left() + area.width() / 2, area.top(), area.width() / 2, 16.0), Qt::AlignRight | Qt::AlignVCenter, sampleNote());
        QColor ink = colors.accent;
        ink.setAlphaF(m_rows.points.size() > 300 ? 0.35 : 0.6);
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink);
        const double radius = m_rows.points.size() > 300 ? 2.0 : 2.6;
        for (std::size_t i = 0; i < m_rows.points.size(); ++i) {
            const QPointF point = pointAt(i), at = axes.at(point.x(), point.y());
            if (axes.plot.contains(at))
                painter.drawEllipse(at, radius, radius);
        }
        painter.setPen(QPen(colors.dim, 1.0, Qt::DashLine));
        if (m_kind == Kind::Predicted) { // the diagonal, as far as both axes reach
            const double from = std::max(axes.xMin, axes.yMin), to = std::min(axes.xMax, axes.yMax);
            painter.drawLine(axes.at(from, from), axes.at(to, to));
            paintBeside(painter, area, axes, colors);
        } else {
            painter.drawLine(axes.at(axes.xMin, 0.0), axes.at(axes.xMax, 0.0));
            paintCounts(painter, area, axes, colors);
        }
        painter.restore();
    }

    QString sentence() const override
    {
        return tr("%1 is off by %2 on average, with a standard deviation of %3; the extremes are %4 and %5.")
            .arg(QString::fromStdString(m_rows.name), shortText(m_rows.mean), shortText(m_rows.deviation), shortText(m_rows.low), shortText(m_rows.high));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> rows;
        if (m_kind == Kind::Predicted) {
            rows.push_back({m_axes.xLabel, m_axes.yLabel});
            for (const PicturePoint& point : m_rows.points)
                rows.push_back({QString::number(point.x, 'g', 9), QString::number(point.y, 'g', 9)});
            return rows;
        }
        rows.push_back({tr("residual from"), tr("to"), tr("rows")});
        for (std::size_t bin = 0; bin < m_rows.counts.size(); ++bin)
            rows.push_back({exactText(edge(bin)), exactText(edge(bin + 1)), QString::number(m_rows.counts[bin])});
        return rows;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const PlotAxes axes = placed(area);
        double nearest = reach;
        int item = -1;
        for (std::size_t i = 0; i < m_rows.points.size(); ++i) {
            const QPointF value = pointAt(i), place = axes.at(value.x(), value.y()), away = place - point;
            if (!axes.plot.contains(place))
                continue;
            if (const double distance = std::hypot(away.x(), away.y()); distance < nearest) {
                nearest = distance;
                item = static_cast<int>(i);
            }
        }
        return item;
    }

    PlotAxis zoomAxis() const override { return m_rows.points.empty() ? PlotAxis() : m_whole; }
    std::unique_ptr<Plot> zoomed(const AxisRange& shown) const override
    {
        auto other = std::make_unique<ResidualPlot>(*this);
        other->m_axes.xMin = shown.min;
        other->m_axes.xMax = shown.max;
        return other;
    }
    QRectF axisPlace(const QRectF& area) const override { return placed(area).plot; }

    QString tooltip(int item) const override
    {
        const PicturePoint& point = m_rows.points.at(static_cast<std::size_t>(item));
        return tr("true %1\npredicted %2\nresidual %3").arg(shortText(point.x, 5), shortText(point.y, 5), shortText(static_cast<double>(point.x) - point.y, 4));
    }

private:
    QPointF pointAt(std::size_t i) const
    {
        const PicturePoint& row = m_rows.points[i];
        return m_kind == Kind::Predicted ? QPointF(row.x, row.y) : QPointF(row.y, static_cast<double>(row.x) - row.y);
    }
    double edge(std::size_t bin) const
    {
        return m_rows.low + (m_rows.high - m_rows.low) * static_cast<double>(bin) / static_cast<double>(m_rows.counts.size());
    }
    PlotAxes placed(const QRectF& area) const
    {
        PlotAxes axes = m_axes;
        axes.place(m_kind == Kind::Residuals ? area.adjusted(0.0, 0.0, -area.width() * countsShare, 0.0) : area, m_kind == Kind::Predicted);
        return axes;
    }

    /// How often each residual occurs, lying on its side along the same axis.
    void paintCounts(QPainter& painter, const QRectF& area, const PlotAxes& axes, const ThemeColors& colors) const
    {
        const double left = axes.plot.right() + 14.0, width = area.right() - left;
        const std::int64_t most = m_rows.counts.empty() ? 1 : std::max<std::int64_t>(1, *std::max_element(m_rows.counts.begin(), m_rows.counts.end()));
        painter.setPen(Qt::NoPen);
        painter.setBrush(mix(colors.card, colors.accent, 0.55));
        for (std::size_t bin = 0; bin < m_rows.counts.size(); ++bin) {
            const double top = axes.at(0.0, edge(bin + 1)).y(), bottom = axes.at(0.0, edge(bin)).y();
            const double length = width * static_cast<double>(m_rows.counts[bin]) / static_cast<double>(most);
            painter.drawRect(QRectF(left, top, length, std::max(1.0, bottom - top - (bottom - top > 3.0 ? 1.0 : 0.0))));
        }
        painter.setPen(colors.dim);
        drawText(painter, QRectF(left, axes.plot.bottom() + 3.0, width, 16.0), Qt::AlignLeft | Qt::AlignVCenter, tr("to %1 rows").arg(countText(most)));
    }

    QString sampleNote() const
    {
        const auto drawn = static_cast<std::int64_t>(m_rows.points.size());
        return drawn < m_rows.rows ? tr("%1 of %2 rows").arg(countText(drawn), countText(m_rows.rows)) : QString();
    }

    void paintBeside(QPainter& painter, const QRectF& area, const PlotAxes& axes, const ThemeColors& colors) const
    {
        const QRectF box(axes.plot.right() + 18.0, axes.plot.top(), area.right() - axes.plot.right() - 18.0, axes.plot.height());
        if (box.width() < 90.0)
            return;
        double y = box.top();
        const auto line = [&](const QString& name, const QString& figure) {
            if (y + 30.0 > box.bottom())
                return;
            painter.setPen(colors.dim);
            drawText(painter, QRectF(box.left(), y, box.width(), 15.0), Qt::AlignLeft | Qt::AlignVCenter, name);
            painter.setPen(colors.text);
            drawText(painter, QRectF(box.left(), y + 15.0, box.width(), 15.0), Qt::AlignLeft | Qt::AlignVCenter, figure);
            y += 36.0;
        };
        line(tr("off on average"), shortText(m_rows.mean, 3));
        line(tr("standard deviation"), shortText(m_rows.deviation, 4));
    }

    PicturePtr m_picture;
    const ResidualPicture& m_rows;
    Kind m_kind;
    PlotAxis m_whole;
    PlotAxes m_axes;   ///< x: the part that is shown
};

} // namespace

std::unique_ptr<Plot> makePredictedPlot(PicturePtr picture, std::size_t target)
{
    return std::make_unique<ResidualPlot>(std::move(picture), target, ResidualPlot::Kind::Predicted);
}

std::unique_ptr<Plot> makeResidualPlot(PicturePtr picture, std::size_t target)
{
    return std::make_unique<ResidualPlot>(std::move(picture), target, ResidualPlot::Kind::Residuals);
}

} // namespace limpid
