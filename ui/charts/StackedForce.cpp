#include "core/base/Error.h"
#include "ui/charts/RowColumns.h"

#include <QCoreApplication>
#include <QLocale>

namespace limpid {

using namespace plot;

namespace {

constexpr double left = 52.0, top = 24.0, foot = 40.0, right = 4.0;

/// Force plots of all rows, upright: below the line of predictions what raises them, above it what lowers them.
class StackedForce final : public RowColumns
{
public:
    StackedForce(std::shared_ptr<const Explanation> explanation, std::size_t output, RowOrder order, int maxFeatures)
        : RowColumns(std::move(explanation), output, order), m_all(meanAbsolute(*m_explanation, output))
    {
        if (!addsUp(*m_explanation))
            throw Error(ErrorCode::OptionInvalid, {{"name", "plot"}, {"value", "stacked-force"}, {"expected", "values that add up to the prediction"}});
        m_own = std::min(m_all.size(), static_cast<std::size_t>(std::max(1, maxFeatures)));
        const Explanation& e = *m_explanation;
        m_min = m_max = e.base[output];
        for (std::size_t row = 0; row < e.rowCount(); ++row) {
            double up = 0.0, down = 0.0;
            for (std::size_t feature = 0; feature < e.features.size(); ++feature)
                (e.value(row, output, feature) > 0.0 ? up : down) += e.value(row, output, feature);
            m_min = std::min(m_min, prediction(e, row, output) - up);
            m_max = std::max(m_max, prediction(e, row, output) - down);
        }
        if (!(m_max > m_min))
            m_max = m_min + 1.0;
    }

    double preferredHeight(double) const override { return 360.0; }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const Explanation& e = *m_explanation;
        const QRectF box = columns(area);
        const auto y = [&](double value) { return box.bottom() - (value - m_min) / (m_max - m_min) * box.height(); };
        const Ticks ticks = niceTicks(m_min, m_max, std::clamp(static_cast<int>(box.height() / 40.0), 2, 6));
        for (const double value : ticks.values) {
            painter.setPen(QPen(colors.line, 1.0));
            painter.drawLine(QPointF(box.left(), y(value)), QPointF(box.right(), y(value)));
            painter.setPen(colors.dim);
            drawText(painter, QRectF(area.left(), y(value) - 8.0, left - 8.0, 16.0), Qt::AlignRight | Qt::AlignVCenter, fixedText(value, ticks.decimals));
        }
        const std::size_t count = m_order.empty() ? 0 : drawnColumns(box.width());
        QPolygonF line;
        painter.setPen(Qt::NoPen);
        painter.setRenderHint(QPainter::Antialiasing, false);
        for (std::size_t column = 0; column < count; ++column) {
            const auto [first, end] = drawn(column, count);
            const double n = static_cast<double>(end - first);
            const double x0 = std::round(box.left() + box.width() * static_cast<double>(column) / static_cast<double>(count));
            const double x1 = std::round(box.left() + box.width() * static_cast<double>(column + 1) / static_cast<double>(count));
            double mean = 0.0;
            std::vector<double> effects(m_own + 1, 0.0);
            for (std::size_t k = first; k < end; ++k) {
                mean += prediction(e, m_order[k], m_output) / n;
                for (std::size_t i = 0; i < m_all.size(); ++i)
                    effects[std::min(i, m_own)] += e.value(m_order[k], m_output, m_all[i].feature) / n;
            }
            // From the line away, the most important first; shades alternate, so that columns of the table can be told apart.
            double below = mean, above = mean;
            for (std::size_t i = 0; i <= m_own; ++i) {
                const bool raises = effects[i] > 0.0;
                double& at = raises ? below : above;
                const double next = at - effects[i];
                painter.setBrush(mix(raises ? colors.raises : colors.lowers, colors.card, i == m_own ? 0.75 : 0.12 + 0.3 * static_cast<double>(i % 2)));
                painter.drawRect(QRectF(QPointF(x0, std::round(y(std::max(at, next)))), QPointF(x1, std::round(y(std::min(at, next))))));
                at = next;
            }
            line << QPointF((x0 + x1) / 2, y(mean));
        }
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colors.text, 1.5));
        painter.drawPolyline(line);
        painter.setPen(QPen(colors.text, 1.0, Qt::DotLine));
        painter.drawLine(QPointF(box.left(), y(e.base[m_output])), QPointF(box.right(), y(e.base[m_output])));
        paintKey(painter, QRectF(box.left(), area.top(), box.width(), top - 6.0), colors);
        painter.setPen(colors.dim);
        drawText(painter, QRectF(box.left(), box.bottom() + 4.0, box.width(), 16.0), Qt::AlignCenter, orderText());
        drawText(painter, QRectF(area.left(), box.bottom() + 22.0, area.width(), 16.0), Qt::AlignCenter, namesText());
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_order.empty() || m_all.empty())
            return QCoreApplication::translate("Plots", "Nothing has been explained yet.");
        const Explanation& e = *m_explanation;
        qulonglong higher = 0;
        for (const std::size_t row : m_order)
            higher += prediction(e, row, m_output) > e.base[m_output];
        return QCoreApplication::translate("Plots", "%1 of %2 rows are predicted higher for %3 than the average of %4; “%5” matters most.")
            .arg(QLocale().toString(higher), QLocale().toString(static_cast<qulonglong>(m_order.size())), outputText(e, m_output),
                 fixedText(e.base[m_output], decimalsFor(m_max - m_min, 3)), featureName(e, m_all.front().feature));
    }

    std::vector<QStringList> table() const override { return makeHeatmap(m_explanation, m_output, m_rowOrder)->table(); }

    QString tooltip(int item) const override
    {
        const int row = rowOf(item);
        return row < 0 ? QString() : rowText(*m_explanation, m_output, static_cast<std::size_t>(row), decimalsFor(m_max - m_min, 3));
    }

protected:
    QRectF columns(const QRectF& area) const override
    {
        return {area.left() + left, area.top() + top, std::max(30.0, area.width() - left - right), std::max(30.0, area.height() - top - foot)};
    }

private:
    QString namesText() const
    {
        QStringList names;
        for (std::size_t i = 0; i < m_own; ++i)
            names << featureName(*m_explanation, m_all[i].feature);
        const QString text = QCoreApplication::translate("Plots", "from the line away: %1").arg(names.join(QStringLiteral(", ")));
        return m_own < m_all.size() ? QCoreApplication::translate("Plots", "%1, %n others", nullptr, static_cast<int>(m_all.size() - m_own)).arg(text) : text;
    }

    void paintKey(QPainter& painter, const QRectF& box, const ThemeColors& colors) const
    {
        const QFontMetricsF metrics(painter.font(), painter.device());
        const QString average = QCoreApplication::translate("Plots", "average %1").arg(fixedText(m_explanation->base[m_output], decimalsFor(m_max - m_min, 3)));
        const std::pair<QString, QColor> entries[] = {{QCoreApplication::translate("Plots", "prediction"), colors.text},
                                                      {QCoreApplication::translate("Plots", "raises it, below"), colors.raises},
                                                      {QCoreApplication::translate("Plots", "lowers it, above"), colors.lowers},
                                                      {average, colors.text}};
        double x = box.left();
        for (std::size_t i = 0; i < std::size(entries); ++i) {
            const double width = textWidth(metrics, entries[i].first);
            if (x + 20.0 + width > box.right())
                return;
            painter.setPen(QPen(entries[i].second, i == 0 || i == 3 ? 1.5 : 6.0, i == 3 ? Qt::DotLine : Qt::SolidLine, Qt::FlatCap));
            painter.drawLine(QPointF(x, box.center().y()), QPointF(x + 14.0, box.center().y()));
            painter.setPen(colors.dim);
            painter.drawText(QRectF(x + 20.0, box.top(), width, box.height()), Qt::AlignVCenter | Qt::TextDontClip, entries[i].first);
            x += 38.0 + width;
        }
    }

    std::vector<FeatureImportance> m_all;
    std::size_t m_own = 0; ///< columns that are drawn by themselves
    double m_min = 0.0, m_max = 1.0;
};

} // namespace

std::unique_ptr<Plot> makeStackedForce(std::shared_ptr<const Explanation> explanation, std::size_t output, RowOrder order, int maxFeatures)
{
    return std::make_unique<StackedForce>(std::move(explanation), output, order, maxFeatures);
}

} // namespace limpid
