#include "ui/charts/PicturePlots.h"
#include "ui/charts/PlotAxes.h"
#include "ui/text/Messages.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Plots", text); }

constexpr int classStep = 1000;      ///< items count bins within a class
constexpr double reach = 16.0;       ///< px: how near to a point one must come
constexpr std::size_t deciles = 10;  ///< of the counts below

/// The larger a point, the more rows its bin has.
class CalibrationPlot final : public Plot
{
public:
    explicit CalibrationPlot(PicturePtr picture) : m_picture(std::move(picture))
    {
        m_axes.xLabel = tr("predicted probability");
        m_axes.yLabel = tr("observed share");
        for (const ClassPicture& one : m_picture->classes)
            for (const ReliabilityBin& bin : one.calibration)
                m_counts[std::min(deciles - 1, static_cast<std::size_t>(bin.predicted * deciles))] += bin.rows;
        m_most = std::max<std::int64_t>(1, *std::max_element(m_counts.begin(), m_counts.end()));
    }

    double preferredHeight(double width) const override { return std::clamp(width * 0.6, 180.0, 420.0); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const PlotAxes axes = placed(area);
        paintCounts(painter, axes, colors);
        axes.paint(painter, colors);
        painter.setPen(QPen(colors.faint, 1.0, Qt::DashLine));
        painter.drawLine(axes.at(0, 0), axes.at(1, 1));
        std::vector<LegendEntry> legend;
        for (std::size_t k = 0; k < m_picture->classes.size(); ++k) {
            const ClassPicture& one = m_picture->classes[k];
            const QColor color = seriesColor(k, colors);
            QPolygonF line;
            std::int64_t most = 1;
            for (const ReliabilityBin& bin : one.calibration) {
                line << axes.at(bin.predicted, bin.observed);
                most = std::max(most, bin.rows);
            }
            // With many classes the lines between bins of a few rows would hide the bins that count.
            const bool crowded = m_picture->classes.size() > 3;
            painter.setPen(QPen(crowded ? mix(colors.card, color, 0.35) : color, crowded ? 1.0 : 1.6, isDashed(k) ? Qt::DotLine : Qt::SolidLine));
            painter.setBrush(Qt::NoBrush);
            painter.drawPolyline(line);
            painter.setPen(QPen(colors.card, 1.0));
            painter.setBrush(color);
            for (std::size_t i = 0; i < one.calibration.size(); ++i) {
                const double radius = 2.0 + 2.5 * std::sqrt(static_cast<double>(one.calibration[i].rows) / static_cast<double>(most));
                painter.drawEllipse(line[static_cast<qsizetype>(i)], radius, radius);
            }
            legend.push_back({QString::fromStdString(one.name), fixedText(calibrationError(one.calibration), 3), color, isDashed(k)});
        }
        paintBeside(painter, area, axes, legend, colors);
        painter.restore();
    }

    QString sentence() const override
    {
        QStringList parts;
        for (const ClassPicture& one : m_picture->classes)
            parts << tr("Probabilities of %1 are off by %2 on average.").arg(QString::fromStdString(one.name), fixedText(calibrationError(one.calibration), 3));
        return parts.isEmpty() ? tr("There are no values yet.") : parts.join(QLatin1Char(' '));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> rows{{tr("class"), m_axes.xLabel, m_axes.yLabel, tr("rows")}};
        for (const ClassPicture& one : m_picture->classes)
            for (const ReliabilityBin& bin : one.calibration)
                rows.push_back({QString::fromStdString(one.name), exactText(bin.predicted), exactText(bin.observed), QString::number(bin.rows)});
        return rows;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const PlotAxes axes = placed(area);
        double nearest = reach;
        int item = -1;
        for (std::size_t k = 0; k < m_picture->classes.size(); ++k) {
            const std::vector<ReliabilityBin>& bins = m_picture->classes[k].calibration;
            for (std::size_t i = 0; i < bins.size(); ++i) {
                const QPointF away = axes.at(bins[i].predicted, bins[i].observed) - point;
                if (const double distance = std::hypot(away.x(), away.y()); distance < nearest) {
                    nearest = distance;
                    item = static_cast<int>(k) * classStep + static_cast<int>(i);
                }
            }
        }
        return item;
    }

    QString tooltip(int item) const override
    {
        const ClassPicture& one = m_picture->classes.at(static_cast<std::size_t>(item / classStep));
        const ReliabilityBin& bin = one.calibration.at(static_cast<std::size_t>(item % classStep));
        return tr("%1\npredicted %2 on average\nobserved %3\n%4 rows")
            .arg(QString::fromStdString(one.name), fixedText(bin.predicted, 3), fixedText(bin.observed, 3), countText(bin.rows));
    }

private:
    PlotAxes placed(const QRectF& area) const
    {
        PlotAxes axes = m_axes;
        axes.place(area, true);
        return axes;
    }

    /// How many rows a tenth of the axis has: faint bars behind the line, the fullest as high as a third.
    void paintCounts(QPainter& painter, const PlotAxes& axes, const ThemeColors& colors) const
    {
        painter.setPen(Qt::NoPen);
        painter.setBrush(mix(colors.card, colors.faint, 0.3));
        for (std::size_t k = 0; k < deciles; ++k) {
            const double height = static_cast<double>(m_counts[k]) / static_cast<double>(m_most) / 3.0;
            const QPointF from = axes.at(static_cast<double>(k) / deciles, height), to = axes.at(static_cast<double>(k + 1) / deciles, 0.0);
            painter.drawRect(QRectF(from, to).adjusted(1.0, 0.0, -1.0, 0.0));
        }
    }

    void paintBeside(QPainter& painter, const QRectF& area, const PlotAxes& axes, const std::vector<LegendEntry>& legend, const ThemeColors& colors) const
    {
        QRectF box(axes.plot.right() + 18.0, axes.plot.top(), area.right() - axes.plot.right() - 18.0, axes.plot.height());
        const bool beside = box.width() >= 90.0;
        if (!beside)
            box = QRectF(axes.plot.left() + 8.0, axes.plot.top() + 4.0, axes.plot.width() / 2, axes.plot.height() / 2);
        painter.setPen(colors.dim);
        double bottom = box.bottom();
        if (beside && box.height() > 100.0) {
            drawText(painter, QRectF(box.left(), box.top(), box.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter, tr("off on average"));
            box.setTop(box.top() + 20.0);
            for (const QString& note : {tr("– – as it should be"), tr("▮ rows, at most %1").arg(countText(m_most))}) {
                bottom -= 16.0;
                drawText(painter, QRectF(box.left(), bottom, box.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter, note);
            }
        }
        box.setBottom(bottom);
        paintLegend(painter, box, legend, colors);
    }

    PicturePtr m_picture;
    PlotAxes m_axes;
    std::array<std::int64_t, deciles> m_counts{}; ///< rows of all classes by tenth of the axis
    std::int64_t m_most = 1;
};

} // namespace

std::unique_ptr<Plot> makeCalibrationPlot(PicturePtr picture) { return std::make_unique<CalibrationPlot>(std::move(picture)); }

} // namespace limpid
