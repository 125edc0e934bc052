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

constexpr int classStep = 10'000; ///< items count points within a class
constexpr double reach = 14.0;    ///< px: how near to a point one must come

/// The ROC curves or the precision-recall curves of the classes.
class RatePlot final : public Plot
{
public:
    enum class Kind { Roc, PrecisionRecall };
    RatePlot(PicturePtr picture, Kind kind) : m_picture(std::move(picture)), m_kind(kind)
    {
        m_axes.xLabel = kind == Kind::Roc ? tr("false positive rate") : tr("recall");
        m_axes.yLabel = kind == Kind::Roc ? tr("true positive rate") : tr("precision");
    }

    double preferredHeight(double width) const override { return std::clamp(width * 0.6, 160.0, 420.0); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        if (!hasCurves()) {
            painter.setPen(colors.dim);
            painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, tr("The validation rows are all of one class: there is nothing to tell apart."));
            painter.restore();
            return;
        }
        const PlotAxes axes = placed(area);
        axes.paint(painter, colors);
        painter.setPen(QPen(colors.faint, 1.0, Qt::DashLine));
        if (m_kind == Kind::Roc)
            painter.drawLine(axes.at(0, 0), axes.at(1, 1));
        else if (m_picture->classes.size() == 1)
            painter.drawLine(axes.at(0, chance()), axes.at(1, chance()));
        std::vector<LegendEntry> legend;
        for (std::size_t k = 0; k < m_picture->classes.size(); ++k) {
            const ClassPicture& one = m_picture->classes[k];
            const QColor color = seriesColor(k, colors);
            painter.setPen(QPen(color, m_picture->classes.size() > 4 ? 1.3 : 1.8, isDashed(k) ? Qt::DotLine : Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            QPolygonF line;
            for (const PicturePoint& point : curve(one).points)
                line << axes.at(point.x, point.y);
            painter.drawPolyline(line);
            legend.push_back({QString::fromStdString(one.name), fixedText(areaUnder(one), 3), color, isDashed(k)});
        }
        if (const auto mark = threshold()) {
            painter.setPen(QPen(colors.card, 1.5));
            painter.setBrush(seriesColor(0, colors));
            painter.drawEllipse(axes.at(mark->x(), mark->y()), 4.5, 4.5);
        }
        paintBeside(painter, area, axes, legend, colors);
        painter.restore();
    }

    QString sentence() const override
    {
        if (!hasCurves())
            return tr("There is no curve: the validation rows are all of one class.");
        QStringList parts;
        for (const ClassPicture& one : m_picture->classes)
            parts << (m_kind == Kind::Roc ? tr("The area under the ROC curve of %1 is %2.") : tr("The average precision of %1 is %2."))
                         .arg(QString::fromStdString(one.name), fixedText(areaUnder(one), 3));
        return parts.join(QLatin1Char(' '));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> rows{{tr("class"), m_axes.xLabel, m_axes.yLabel}};
        for (const ClassPicture& one : m_picture->classes)
            for (const PicturePoint& point : curve(one).points)
                rows.push_back({QString::fromStdString(one.name), QString::number(point.x), QString::number(point.y)});
        return rows;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const PlotAxes axes = placed(area);
        double nearest = reach;
        int item = -1;
        for (std::size_t k = 0; k < m_picture->classes.size(); ++k) {
            const std::vector<PicturePoint>& points = curve(m_picture->classes[k]).points;
            for (std::size_t i = 0; i < points.size(); ++i) {
                const QPointF away = axes.at(points[i].x, points[i].y) - point;
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
        const PicturePoint& point = curve(one).points.at(static_cast<std::size_t>(item % classStep));
        return tr("%1\n%2 %3\n%4 %5").arg(QString::fromStdString(one.name), m_axes.xLabel, fixedText(point.x, 3), m_axes.yLabel, fixedText(point.y, 3));
    }

private:
    const ThinCurve& curve(const ClassPicture& one) const { return m_kind == Kind::Roc ? one.roc : one.precisionRecall; }
    double areaUnder(const ClassPicture& one) const { return m_kind == Kind::Roc ? one.rocAuc : one.averagePrecision; }
    bool hasCurves() const
    {
        return std::any_of(m_picture->classes.begin(), m_picture->classes.end(), [this](const ClassPicture& one) { return !curve(one).points.empty(); });
    }
    /// The precision of guessing.
    double chance() const
    {
        const ClassPicture& one = m_picture->classes.front();
        return static_cast<double>(one.positives) / static_cast<double>(std::max<std::int64_t>(one.rows, 1));
    }
    /// Of a binary task: where it stands at 0.5, as its confusion matrix tells.
    std::optional<QPointF> threshold() const
    {
        const std::vector<std::int64_t>& counts = m_picture->confusion;
        if (m_picture->classes.size() != 1 || counts.size() != 4)
            return std::nullopt;
        const auto share = [](std::int64_t part, std::int64_t rest) { return static_cast<double>(part) / static_cast<double>(part + rest); };
        const double recall = share(counts[3], counts[2]);
        const QPointF point = m_kind == Kind::Roc ? QPointF(share(counts[1], counts[0]), recall) : QPointF(recall, share(counts[3], counts[1]));
        return std::isfinite(point.x()) && std::isfinite(point.y()) ? std::optional(point) : std::nullopt;
    }
    PlotAxes placed(const QRectF& area) const
    {
        PlotAxes axes = m_axes;
        axes.place(area, true);
        return axes;
    }

    /// Beside the square: names with their areas, and what the marks mean.
    void paintBeside(QPainter& painter, const QRectF& area, const PlotAxes& axes, const std::vector<LegendEntry>& legend, const ThemeColors& colors) const
    {
        QRectF box(axes.plot.right() + 18.0, axes.plot.top(), area.right() - axes.plot.right() - 18.0, axes.plot.height());
        if (box.width() < 90.0) // in the corner that a good curve leaves free
            box = m_kind == Kind::Roc ? QRectF(axes.plot.center().x(), axes.plot.center().y(), axes.plot.width() / 2 - 4.0, axes.plot.height() / 2 - 4.0)
                                      : QRectF(axes.plot.left() + 6.0, axes.plot.center().y(), axes.plot.width() / 2, axes.plot.height() / 2 - 4.0);
        const bool tall = box.height() > 100.0 && box.width() > 120.0;
        painter.setPen(colors.dim);
        if (tall) {
            drawText(painter, QRectF(box.left(), box.top(), box.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter,
                     m_kind == Kind::Roc ? tr("area under the curve") : tr("average precision"));
            box.setTop(box.top() + 20.0);
        }
        QStringList notes;
        if (tall && threshold())
            notes << tr("● threshold 0.5");
        if (tall && (m_kind == Kind::Roc || m_picture->classes.size() == 1))
            notes << tr("– – guessing");
        if (tall && m_picture->classes.size() < m_picture->classCount && m_picture->classes.size() > 1)
            notes << tr("%1 of %2 classes").arg(m_picture->classes.size()).arg(m_picture->classCount);
        QRectF names = box;
        names.setHeight(box.height() - 16.0 * static_cast<double>(notes.size()));
        paintLegend(painter, names, legend, colors);
        painter.setPen(colors.dim);
        double y = names.bottom();
        for (const QString& note : notes) {
            drawText(painter, QRectF(box.left(), y, box.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter, note);
            y += 16.0;
        }
    }

    PicturePtr m_picture;
    Kind m_kind;
    PlotAxes m_axes;
};

} // namespace

std::unique_ptr<Plot> makeRocPlot(PicturePtr picture) { return std::make_unique<RatePlot>(std::move(picture), RatePlot::Kind::Roc); }

std::unique_ptr<Plot> makePrecisionRecallPlot(PicturePtr picture)
{
    return std::make_unique<RatePlot>(std::move(picture), RatePlot::Kind::PrecisionRecall);
}

} // namespace limpid
