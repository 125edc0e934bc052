#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

constexpr double head = 24.0;
constexpr std::size_t points = 160;

/// How densely each column's effects lie, in the colours of the column's own values there.
class Violin final : public Plot
{
public:
    Violin(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures)
        : m_explanation(std::move(explanation)), m_output(output), m_all(meanAbsolute(*m_explanation, output)), m_certain(placesResolved(m_all))
    {
        const Explanation& e = *m_explanation;
        const std::size_t rows = e.rowCount();
        const std::size_t shown = std::min(m_all.size(), static_cast<std::size_t>(std::max(1, maxFeatures)));
        m_min = m_max = 0.0;
        const int decimals = m_all.empty() ? 2 : decimalsFor(m_all.front().mean, 2);
        for (std::size_t i = 0; i < shown; ++i) {
            Lane lane;
            lane.name = featureName(e, m_all[i].feature);
            lane.figure = withError(m_all[i].mean, m_all[i].error, decimals);
            for (std::size_t row = 0; row < rows; ++row) {
                const double value = e.value(row, output, m_all[i].feature);
                lane.values.push_back(std::isfinite(value) ? value : 0.0);
                m_min = std::min(m_min, lane.values.back());
                m_max = std::max(m_max, lane.values.back());
            }
            m_names.push_back(lane.name);
            m_figures.push_back(lane.figure);
            m_lanes.push_back(std::move(lane));
        }
        const double border = m_max > m_min ? 0.04 * (m_max - m_min) : 1.0;
        m_min -= border;
        m_max += border;
        for (std::size_t i = 0; i < shown && rows > 0; ++i)
            shape(m_lanes[i], valueShares(e, m_all[i].feature));
    }

    double preferredHeight(double) const override { return head + 44.0 * static_cast<double>(m_lanes.size()) + valueAxisHeight + note(); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QRectF box = plotBox(area);
        paintValueAxis(painter, box, m_min, m_max, QCoreApplication::translate("Plots", "%1: effect on %2").arg(effectName(*m_explanation), outputText(*m_explanation, m_output)), colors);
        paintValueKey(painter, QRectF(box.left(), area.top(), box.width(), head - 4.0), QCoreApplication::translate("Plots", "value of the column"), colors);
        painter.setPen(colors.dim);
        drawText(painter, QRectF(box.right() + 12.0, area.top(), area.right() - box.right() - 12.0, head - 4.0), Qt::AlignRight | Qt::AlignVCenter,
                 meanEffect(*m_explanation));
        painter.setPen(QPen(mix(colors.line, colors.faint, 0.5), 1.5));
        painter.drawLine(QPointF(x(box, 0.0), box.top()), QPointF(x(box, 0.0), box.bottom()));
        for (std::size_t i = 0; i < m_lanes.size(); ++i) {
            const Lane& lane = m_lanes[i];
            const double middle = laneMiddle(box, i);
            painter.setPen(colors.text);
            drawText(painter, QRectF(area.left(), middle - 9.0, box.left() - 12.0 - area.left(), 18.0), Qt::AlignRight | Qt::AlignVCenter,
                     m_certain[i] ? lane.name : lane.name + QStringLiteral(" ?"), Qt::ElideMiddle);
            painter.setPen(colors.dim);
            drawText(painter, QRectF(box.right() + 12.0, middle - 9.0, area.right() - box.right() - 12.0, 18.0), Qt::AlignRight | Qt::AlignVCenter, lane.figure);
            paintShape(painter, box, i, lane.density, colors);
            // The middle half of the rows, and the middle one.
            painter.setPen(QPen(colors.text, 3.0, Qt::SolidLine, Qt::FlatCap));
            painter.setOpacity(0.75);
            painter.drawLine(QPointF(x(box, lane.lower), middle), QPointF(x(box, lane.upper), middle));
            painter.setOpacity(1.0);
            painter.setPen(QPen(colors.text, 1.0));
            painter.setBrush(colors.card);
            painter.drawEllipse(QPointF(x(box, lane.median), middle), 3.0, 3.0);
        }
        if (note() > 0.0) {
            painter.setPen(colors.dim);
            drawText(painter, QRectF(area.left(), box.bottom() + valueAxisHeight, area.width(), 18.0), Qt::AlignRight | Qt::AlignVCenter,
                     QCoreApplication::translate("Plots", "?: place in the order not certain at 95 %"));
        }
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_lanes.empty() || m_lanes.front().values.empty())
            return QCoreApplication::translate("Plots", "Nothing has been explained yet.");
        const Lane& lane = m_lanes.front();
        return QCoreApplication::translate("Plots", "“%1” moves the prediction of %2 most: for half of the rows by %3 to %4.")
            .arg(lane.name, outputText(*m_explanation, m_output), signedText(lane.lower, decimalsFor(lane.upper - lane.lower, 2)),
                 signedText(lane.upper, decimalsFor(lane.upper - lane.lower, 2)));
    }

    std::vector<QStringList> table() const override
    {
        const auto translate = [](const char* text) { return QCoreApplication::translate("Plots", text); };
        std::vector<QStringList> lines{{translate("column"), translate("least"), translate("lower quartile"), translate("median"), translate("upper quartile"),
                                        translate("most"), translate("mean of the size"), translate("standard error")}};
        for (std::size_t i = 0; i < m_lanes.size(); ++i) {
            const Lane& lane = m_lanes[i];
            if (!lane.values.empty())
                lines.push_back({lane.name, exactText(lane.least), exactText(lane.lower), exactText(lane.median), exactText(lane.upper), exactText(lane.most),
                                 exactText(m_all[i].mean), exactText(m_all[i].error)});
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const QRectF box = plotBox(area);
        if (m_lanes.empty() || point.y() < box.top() || point.y() >= box.bottom() || !area.contains(point))
            return -1;
        return static_cast<int>(m_all[static_cast<std::size_t>((point.y() - box.top()) / box.height() * static_cast<double>(m_lanes.size()))].feature);
    }

    QString tooltip(int item) const override
    {
        for (std::size_t i = 0; i < m_lanes.size(); ++i)
            if (static_cast<int>(m_all[i].feature) == item && !m_lanes[i].values.empty()) {
                const Lane& lane = m_lanes[i];
                const int decimals = decimalsFor(lane.most - lane.least, 3);
                return QCoreApplication::translate("Plots", "%1\nhalf of the rows %2 to %3, median %4\nall rows %5 to %6\nmean size %7")
                    .arg(lane.name, signedText(lane.lower, decimals), signedText(lane.upper, decimals), signedText(lane.median, decimals), signedText(lane.least, decimals),
                         signedText(lane.most, decimals), lane.figure);
            }
        return {};
    }

    std::size_t selectableRows() const override { return m_explanation->rowCount(); }

    /// Rows whose value of a column that the band touches lies between its sides.
    std::vector<std::size_t> rowsIn(const QRectF& region, const QRectF& area) const override
    {
        const QRectF box = plotBox(area);
        std::vector<bool> inside(m_explanation->rowCount(), false);
        const double half = 0.45 * box.height() / static_cast<double>(std::max<std::size_t>(1, m_lanes.size()));
        for (std::size_t i = 0; i < m_lanes.size(); ++i) {
            const double middle = laneMiddle(box, i);
            if (middle + half < region.top() || middle - half > region.bottom())
                continue;
            for (std::size_t row = 0; row < inside.size(); ++row)
                if (const double at = x(box, m_lanes[i].values[row]); at >= region.left() && at <= region.right())
                    inside[row] = true;
        }
        return chosenRows(inside);
    }

    /// The part of each shape that the selected rows make up.
    void paintSelection(QPainter& painter, const QRectF& area, const Theme& theme, const std::vector<bool>& selected) const override
    {
        if (selected.size() != m_explanation->rowCount())
            return;
        const QRectF box = plotBox(area);
        paintVeil(painter, box, theme.colors());
        painter.setRenderHint(QPainter::Antialiasing);
        for (std::size_t i = 0; i < m_lanes.size(); ++i) {
            std::vector<double> values;
            for (std::size_t row = 0; row < selected.size(); ++row)
                if (selected[row])
                    values.push_back(m_lanes[i].values[row]);
            if (values.empty())
                return;
            const std::vector<double> density = kernelDensity(values, m_lanes[i].values, m_min, m_max, points);
            paintShape(painter, box, i, density, theme.colors());
        }
    }

    int itemAfter(int item, Qt::Key arrow) const override
    {
        if (m_lanes.empty())
            return -1;
        std::size_t i = 0;
        while (item >= 0 && i + 1 < m_lanes.size() && static_cast<int>(m_all[i].feature) != item)
            ++i;
        if (item >= 0 && (arrow == Qt::Key_Down || arrow == Qt::Key_Right))
            i = std::min(i + 1, m_lanes.size() - 1);
        else if (item >= 0 && i > 0)
            --i;
        return static_cast<int>(m_all[i].feature);
    }

    QRectF itemPlace(int item, const QRectF& area) const override
    {
        const QRectF box = plotBox(area);
        const double pitch = box.height() / static_cast<double>(std::max<std::size_t>(1, m_lanes.size()));
        for (std::size_t i = 0; i < m_lanes.size(); ++i)
            if (static_cast<int>(m_all[i].feature) == item)
                return QRectF(box.left(), laneMiddle(box, i) - 0.4 * pitch, box.width(), 0.8 * pitch);
        return {};
    }

private:
    struct Lane {
        QString name, figure;
        std::vector<double> values;                                   ///< [rows]
        std::vector<double> density;                                  ///< [points] 0 … 1
        std::vector<double> share;                                    ///< [points] of the value's colour; NaN: none known
        double least = 0, lower = 0, median = 0, upper = 0, most = 0; ///< of the values
    };

    void shape(Lane& lane, const std::vector<double>& shares) const
    {
        lane.density = kernelDensity(lane.values, lane.values, m_min, m_max, points);
        std::vector<double> sums(points, 0.0), counts(points, 0.0);
        for (std::size_t row = 0; row < lane.values.size(); ++row) {
            if (std::isnan(shares[row]))
                continue;
            const auto k = static_cast<std::size_t>(std::clamp((lane.values[row] - m_min) / (m_max - m_min) * (points - 1), 0.0, static_cast<double>(points - 1)));
            sums[k] += shares[row];
            counts[k] += 1.0;
        }
        lane.share.assign(points, std::nan(""));
        for (std::size_t k = 0; k < points; ++k) {
            double sum = 0.0, count = 0.0; // of the nearest places that have any
            for (std::size_t away = 2; away < points && count == 0.0; away *= 2)
                for (std::size_t j = k > away ? k - away : 0; j <= std::min(points - 1, k + away); ++j) {
                    sum += sums[j];
                    count += counts[j];
                }
            if (count > 0.0)
                lane.share[k] = sum / count;
        }
        std::vector<double> values = lane.values;
        lane.least = quantile(values, 0.0);
        lane.lower = quantile(values, 0.25);
        lane.median = quantile(values, 0.5);
        lane.upper = quantile(values, 0.75);
        lane.most = quantile(values, 1.0);
    }

    double note() const { return std::find(m_certain.begin(), m_certain.begin() + static_cast<std::ptrdiff_t>(m_lanes.size()), false) != m_certain.begin() + static_cast<std::ptrdiff_t>(m_lanes.size()) ? 18.0 : 0.0; }
    QRectF plotBox(const QRectF& area) const
    {
        const double left = area.left() + roomFor(m_names, area.width() * 0.28) + 24.0, figures = std::max(roomFor(m_figures, area.width() * 0.25), 70.0);
        return QRectF(left, area.top() + head, std::max(40.0, area.right() - figures - 12.0 - left), std::max(20.0, area.height() - head - valueAxisHeight - note()));
    }
    double x(const QRectF& box, double value) const { return box.left() + (value - m_min) / (m_max - m_min) * box.width(); }
    double laneMiddle(const QRectF& box, std::size_t i) const { return box.top() + (static_cast<double>(i) + 0.5) * box.height() / static_cast<double>(m_lanes.size()); }

    void paintShape(QPainter& painter, const QRectF& box, std::size_t i, const std::vector<double>& density, const ThemeColors& colors) const
    {
        const Lane& lane = m_lanes[i];
        const double middle = laneMiddle(box, i), half = std::min(22.0, 0.45 * box.height() / static_cast<double>(m_lanes.size()));
        QPolygonF outline;
        QLinearGradient fill(box.left(), 0.0, box.right(), 0.0);
        const auto step = box.width() / static_cast<double>(points - 1);
        for (std::size_t k = 0; k < density.size(); ++k) {
            outline << QPointF(box.left() + step * static_cast<double>(k), middle - half * density[k]);
            if (k % 4 == 0 || k + 1 == density.size())
                fill.setColorAt(static_cast<double>(k) / (points - 1), valueColor(lane.share[k], colors));
        }
        for (std::size_t k = density.size(); k-- > 0;)
            outline << QPointF(box.left() + step * static_cast<double>(k), middle + half * density[k]);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(outline);
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output;
    std::vector<FeatureImportance> m_all;
    std::vector<bool> m_certain;
    std::vector<Lane> m_lanes;
    std::vector<QString> m_names, m_figures;
    double m_min = 0.0, m_max = 1.0;
};

} // namespace

std::unique_ptr<Plot> makeViolin(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures)
{
    return std::make_unique<Violin>(std::move(explanation), output, maxFeatures);
}

} // namespace limpid
