#include "ui/charts/ContributionScale.h"
#include "ui/charts/RowColumns.h"

#include <QCoreApplication>
#include <QLocale>

namespace limpid {

using namespace plot;

namespace {

constexpr double lineHeight = 56.0, gap = 10.0, footHeight = 58.0, barsWidth = 110.0;

/// A cell a row and column of the table, the predictions above, each column's importance at the right.
class Heatmap final : public RowColumns
{
public:
    Heatmap(std::shared_ptr<const Explanation> explanation, std::size_t output, RowOrder order, int maxFeatures)
        : RowColumns(std::move(explanation), output, order), m_all(meanAbsolute(*m_explanation, output)), m_certain(placesResolved(m_all))
    {
        const Explanation& e = *m_explanation;
        m_shown = std::min(m_all.size(), static_cast<std::size_t>(std::max(1, maxFeatures)));
        std::vector<double> sizes;
        for (std::size_t i = 0; i < m_shown; ++i) {
            m_names.push_back(featureName(e, m_all[i].feature));
            for (std::size_t row = 0; row < e.rowCount(); ++row)
                if (const double value = std::abs(e.value(row, output, m_all[i].feature)); std::isfinite(value))
                    sizes.push_back(value);
        }
        // A few extremes must not pale all else.
        m_most = sizes.empty() ? 1.0 : quantile(sizes, 0.99);
        if (!(m_most > 0.0))
            m_most = sizes.empty() ? 1.0 : std::max(1e-12, quantile(sizes, 1.0));
    }

    double preferredHeight(double) const override { return lineHeight + gap + 26.0 * static_cast<double>(m_shown) + footHeight + note(); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QRectF box = columns(area), cells = cellBox(area);
        const double pitch = cells.height() / static_cast<double>(std::max<std::size_t>(1, m_shown));
        paintLine(painter, QRectF(box.left(), box.top(), box.width(), lineHeight), area, colors);
        paintCells(painter, cells, pitch, colors);
        const double barLeft = cells.right() + 14.0, barRoom = std::max(0.0, area.right() - barLeft);
        const int decimals = m_all.empty() ? 2 : decimalsFor(m_all.front().mean, 2);
        for (std::size_t i = 0; i < m_shown; ++i) {
            const double middle = cells.top() + (static_cast<double>(i) + 0.5) * pitch, half = std::min(6.0, 0.3 * pitch);
            painter.setPen(colors.text);
            drawText(painter, QRectF(area.left(), middle - 9.0, cells.left() - 10.0 - area.left(), 18.0), Qt::AlignRight | Qt::AlignVCenter, m_names[i], Qt::ElideMiddle);
            const double share = m_all.front().mean > 0.0 ? m_all[i].mean / m_all.front().mean : 0.0;
            const QRectF bar(barLeft, middle - half, std::max(1.0, share * (barRoom - 56.0)), 2 * half);
            painter.setPen(m_certain[i] ? Qt::NoPen : QPen(colors.accent, 1.0, Qt::DashLine));
            painter.setBrush(m_certain[i] ? colors.accent : colors.accentSoft);
            painter.drawRoundedRect(m_certain[i] ? bar : bar.adjusted(0.5, 0.5, -0.5, -0.5), 2.0, 2.0);
            painter.setPen(colors.dim);
            drawText(painter, QRectF(area.right() - 52.0, middle - 9.0, 52.0, 18.0), Qt::AlignRight | Qt::AlignVCenter, fixedText(m_all[i].mean, decimals));
        }
        painter.setPen(colors.dim);
        drawText(painter, QRectF(barLeft, cells.top() - 20.0, barRoom, 18.0), Qt::AlignRight | Qt::AlignVCenter,
                 meanEffect(*m_explanation));
        drawText(painter, QRectF(cells.left(), cells.bottom() + 4.0, cells.width(), 18.0), Qt::AlignCenter, orderText());
        paintContributionScale(painter, QRectF(cells.left(), cells.bottom() + 26.0, cells.width(), 30.0), m_most, colors);
        painter.setPen(colors.dim);
        if (note() > 0.0)
            drawText(painter, QRectF(area.left(), cells.bottom() + footHeight, area.width(), 18.0), Qt::AlignRight | Qt::AlignVCenter,
                     QCoreApplication::translate("Plots", "dashed: place in the order not certain at 95 %"));
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_order.empty() || m_all.empty())
            return QCoreApplication::translate("Plots", "Nothing has been explained yet.");
        const Explanation& e = *m_explanation;
        int raised = 0, lowered = 0;
        for (const std::size_t row : m_order) {
            const double value = e.value(row, m_output, m_all.front().feature);
            raised += value > 0.0;
            lowered += value < 0.0;
        }
        return QCoreApplication::translate("Plots", "“%1” matters most for %2: of %3 rows it raises %4 and lowers %5.")
            .arg(m_names.front(), outputText(e, m_output), QLocale().toString(static_cast<qulonglong>(m_order.size())), QLocale().toString(raised), QLocale().toString(lowered));
    }

    std::vector<QStringList> table() const override
    {
        const Explanation& e = *m_explanation;
        QStringList head{QCoreApplication::translate("Plots", "row"), QCoreApplication::translate("Plots", "prediction")};
        for (const FeatureImportance& one : m_all)
            head << featureName(e, one.feature);
        std::vector<QStringList> lines{head};
        for (const std::size_t row : m_order) {
            QStringList line{QString::number(e.rows[row]), exactText(prediction(e, row, m_output))};
            for (const FeatureImportance& one : m_all)
                line << exactText(e.value(row, m_output, one.feature));
            lines.push_back(line);
        }
        return lines;
    }

    QString tooltip(int item) const override
    {
        const Explanation& e = *m_explanation;
        if (item < 0 || m_order.empty() || static_cast<std::size_t>(item) >= e.features.size() * m_order.size())
            return {};
        const std::size_t row = static_cast<std::size_t>(item) % m_order.size(), feature = static_cast<std::size_t>(item) / m_order.size();
        const double value = prediction(e, row, m_output);
        return QCoreApplication::translate("Plots", "%1: predicted %2\n%3 = %4\n%5 %6")
            .arg(rowName(e, row), fixedText(value, decimalsFor(value, 3)), featureName(e, feature), cellText(e, row, feature), effectName(e),
                 effectText(e.value(row, m_output, feature), e.error(row, m_output, feature)));
    }

protected:
    /// The line of predictions and the cells below it.
    QRectF columns(const QRectF& area) const override
    {
        const double names = std::max(roomFor(m_names, area.width() * 0.25), roomFor({predictionLabel()}, area.width() * 0.25));
        const double left = area.left() + names + 10.0;
        return QRectF(left, area.top() + 4.0, std::max(40.0, area.right() - std::min(barsWidth + 14.0, area.width() * 0.25) - left),
                      std::max(lineHeight + gap + 20.0, area.height() - 4.0 - footHeight - note()));
    }
    QRectF cellBox(const QRectF& area) const { return columns(area).adjusted(0.0, lineHeight + gap, 0.0, 0.0); }
    std::size_t laneAt(double y, const QRectF& area) const override
    {
        const QRectF cells = cellBox(area);
        const double i = std::clamp((y - cells.top()) / cells.height() * static_cast<double>(m_shown), 0.0, static_cast<double>(m_shown - 1));
        return m_all[static_cast<std::size_t>(i)].feature;
    }
    std::size_t placeOf(std::size_t feature) const
    {
        std::size_t i = 0;
        while (i + 1 < m_shown && m_all[i].feature != feature)
            ++i;
        return i;
    }
    std::size_t laneBeside(std::size_t lane, bool below) const override
    {
        const std::size_t i = placeOf(lane);
        return m_all[below ? std::min(i + 1, m_shown - 1) : i - (i > 0)].feature;
    }
    std::pair<double, double> lanePlace(std::size_t lane, const QRectF& area) const override
    {
        const QRectF cells = cellBox(area);
        const double pitch = cells.height() / static_cast<double>(m_shown);
        return {cells.top() + pitch * static_cast<double>(placeOf(lane)), pitch};
    }

private:
    static QString predictionLabel() { return QCoreApplication::translate("Plots", "prediction"); }
    double note() const { return std::find(m_certain.begin(), m_certain.begin() + static_cast<std::ptrdiff_t>(m_shown), false) != m_certain.begin() + static_cast<std::ptrdiff_t>(m_shown) ? 20.0 : 0.0; }

    void paintCells(QPainter& painter, const QRectF& cells, double pitch, const ThemeColors& colors) const
    {
        const std::size_t count = drawnColumns(cells.width());
        painter.setPen(Qt::NoPen);
        painter.setRenderHint(QPainter::Antialiasing, false); // cells touch: no seams between them
        for (std::size_t column = 0; column < count && !m_order.empty(); ++column) {
            const auto [first, end] = drawn(column, count);
            const double left = cells.left() + cells.width() * static_cast<double>(column) / static_cast<double>(count);
            const double right = cells.left() + cells.width() * static_cast<double>(column + 1) / static_cast<double>(count);
            for (std::size_t i = 0; i < m_shown; ++i) {
                double sum = 0.0;
                for (std::size_t k = first; k < end; ++k)
                    sum += m_explanation->value(m_order[k], m_output, m_all[i].feature);
                painter.setBrush(contributionColor(colors, sum / static_cast<double>(end - first) / m_most, colors.card));
                const double top = cells.top() + static_cast<double>(i) * pitch;
                painter.drawRect(QRectF(QPointF(std::round(left), std::round(top) + 1.0), QPointF(std::round(right), std::round(top + pitch))));
            }
        }
        painter.setRenderHint(QPainter::Antialiasing);
    }

    /// f(x): the predictions in the rows' order, with the base as a hairline.
    void paintLine(QPainter& painter, const QRectF& box, const QRectF& area, const ThemeColors& colors) const
    {
        const Explanation& e = *m_explanation;
        if (m_order.empty() || e.predictions.size() < e.rowCount() * e.outputs.size())
            return;
        const std::size_t count = drawnColumns(box.width());
        std::vector<double> means(count, 0.0);
        for (std::size_t column = 0; column < count; ++column) {
            const auto [first, end] = drawn(column, count);
            for (std::size_t k = first; k < end; ++k)
                means[column] += prediction(e, m_order[k], m_output) / static_cast<double>(end - first);
        }
        double low = *std::min_element(means.begin(), means.end()), high = *std::max_element(means.begin(), means.end());
        const bool hasBase = addsUp(e);
        if (hasBase) {
            low = std::min(low, e.base[m_output]);
            high = std::max(high, e.base[m_output]);
        }
        if (!(high > low))
            high = low + 1.0;
        const auto y = [&](double value) { return box.bottom() - 4.0 - (value - low) / (high - low) * (box.height() - 8.0); };
        const int decimals = decimalsFor(high - low, 3);
        painter.setPen(colors.dim);
        const QRectF names(area.left(), 0.0, box.left() - 10.0 - area.left(), 16.0);
        drawText(painter, names.translated(0.0, box.top() - 4.0), Qt::AlignRight | Qt::AlignVCenter, fixedText(high, decimals));
        drawText(painter, names.translated(0.0, box.bottom() - 12.0), Qt::AlignRight | Qt::AlignVCenter, fixedText(low, decimals));
        painter.setPen(colors.text);
        drawText(painter, names.translated(0.0, box.center().y() - 8.0), Qt::AlignRight | Qt::AlignVCenter, predictionLabel());
        if (hasBase) {
            painter.setPen(QPen(colors.faint, 1.0, Qt::DotLine));
            painter.drawLine(QPointF(box.left(), y(e.base[m_output])), QPointF(box.right(), y(e.base[m_output])));
            painter.setPen(colors.dim);
            drawText(painter, QRectF(box.right() + 14.0, y(e.base[m_output]) - 8.0, area.right() - box.right() - 14.0, 16.0), Qt::AlignLeft | Qt::AlignVCenter,
                     QCoreApplication::translate("Plots", "average %1").arg(fixedText(e.base[m_output], decimals)));
        }
        QPolygonF line;
        for (std::size_t column = 0; column < count; ++column)
            line << QPointF(box.left() + box.width() * (static_cast<double>(column) + 0.5) / static_cast<double>(count), y(means[column]));
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colors.accent, 1.4));
        painter.drawPolyline(line);
    }

    std::vector<FeatureImportance> m_all;
    std::vector<bool> m_certain;
    std::size_t m_shown = 0;
    std::vector<QString> m_names;
    double m_most = 1.0; ///< the value of the strongest colour
};

} // namespace

std::unique_ptr<Plot> makeHeatmap(std::shared_ptr<const Explanation> explanation, std::size_t output, RowOrder order, int maxFeatures)
{
    return std::make_unique<Heatmap>(std::move(explanation), output, order, maxFeatures);
}

} // namespace limpid
