#include "ui/charts/Plot.h"
#include "ui/charts/PlotTools.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

constexpr double axisHeight = 44.0;
constexpr double noteHeight = 20.0;

/// Mean |value| a column with its standard error. Columns whose place in the order is not certain at 95 % are outlined
/// instead of filled, and a line below says so.
class ImportanceBar final : public Plot
{
public:
    ImportanceBar(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures)
        : m_explanation(std::move(explanation)), m_output(output), m_all(meanAbsolute(*m_explanation, output))
    {
        m_certain = placesResolved(m_all);
        m_shown = std::min<std::size_t>(m_all.size(), static_cast<std::size_t>(std::max(1, maxFeatures)));
        for (std::size_t i = 0; i < m_all.size(); ++i) {
            m_max = std::max(m_max, m_all[i].mean + m_all[i].error);
            if (i >= m_shown)
                m_restMean += m_all[i].mean;
        }
        if (!(m_max > 0.0))
            m_max = 1.0;
    }

    double preferredHeight(double) const override { return 8.0 + 32.0 * static_cast<double>(m_shown) + axisHeight + notes(); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QFontMetricsF metrics(painter.font(), painter.device());
        const int decimals = m_all.empty() ? 2 : decimalsFor(m_all.front().mean, 2);
        double names = 0.0, figures = 0.0;
        for (std::size_t i = 0; i < m_shown; ++i) {
            names = std::max(names, textWidth(metrics, name(i)));
            figures = std::max(figures, textWidth(metrics, figure(i, decimals)));
        }
        names = std::min(names, area.width() * 0.35);
        const QRectF plot(area.left() + names + 12.0, area.top() + 8.0,
                          std::max(40.0, area.width() - names - 12.0 - figures - 12.0), m_shown * pitch(area));
        const auto x = [&](double value) { return plot.left() + value / m_max * plot.width(); };

        const Ticks ticks = niceTicks(0.0, m_max, std::clamp(static_cast<int>(plot.width() / 90.0), 2, 6));
        for (double value : ticks.values) {
            painter.setPen(QPen(colors.line, 1.0));
            painter.drawLine(QPointF(x(value), plot.top()), QPointF(x(value), plot.bottom()));
            const QString text = fixedText(value, ticks.decimals);
            const double width = textWidth(metrics, text);
            painter.setPen(colors.dim);
            painter.drawText(QRectF(x(value) - width / 2, plot.bottom() + 4, width, 16), Qt::AlignCenter | Qt::TextDontClip, text);
        }
        painter.setPen(colors.dim);
        drawText(painter, QRectF(plot.left(), plot.bottom() + 20, plot.width(), 18), Qt::AlignCenter,
                 QCoreApplication::translate("Plots", "%1: average effect on %2").arg(meanEffect(*m_explanation), outputText(*m_explanation, m_output)));

        for (std::size_t i = 0; i < m_shown; ++i) {
            const double middle = plot.top() + (static_cast<double>(i) + 0.5) * pitch(area);
            const double half = std::min(10.0, pitch(area) * 0.34);
            const QRectF bar(plot.left(), middle - half, std::max(1.0, x(m_all[i].mean) - plot.left()), 2 * half);
            painter.setPen(m_certain[i] ? Qt::NoPen : QPen(colors.accent, 1.0, Qt::DashLine));
            painter.setBrush(m_certain[i] ? colors.accent : colors.accentSoft);
            painter.drawRoundedRect(m_certain[i] ? bar : bar.adjusted(0.5, 0.5, -0.5, -0.5), 2.0, 2.0);
            if (m_all[i].error > 0.0) {
                const double from = x(std::max(0.0, m_all[i].mean - m_all[i].error)), to = x(m_all[i].mean + m_all[i].error);
                painter.setPen(QPen(colors.text, 1.0));
                painter.drawLine(QPointF(from, middle), QPointF(to, middle));
                painter.drawLine(QPointF(to, middle - 3), QPointF(to, middle + 3));
                painter.drawLine(QPointF(from, middle - 3), QPointF(from, middle + 3));
            }
            painter.setPen(colors.text);
            drawText(painter, QRectF(area.left(), middle - 10, names, 20), Qt::AlignRight | Qt::AlignVCenter, name(i), Qt::ElideMiddle);
            painter.setPen(colors.dim);
            drawText(painter, QRectF(area.right() - figures, middle - 10, figures, 20), Qt::AlignRight | Qt::AlignVCenter,
                     figure(i, decimals));
        }
        double y = plot.bottom() + 42.0;
        painter.setPen(colors.dim);
        if (m_shown < m_all.size()) {
            drawText(painter, QRectF(area.left(), y, area.width(), noteHeight), Qt::AlignRight | Qt::AlignVCenter,
                     QCoreApplication::translate("Plots", "and %n more columns, together %1", nullptr,
                                                 static_cast<int>(m_all.size() - m_shown)).arg(shortText(m_restMean, 2)));
            y += noteHeight;
        }
        if (hasUncertain())
            drawText(painter, QRectF(area.left(), y, area.width(), noteHeight), Qt::AlignRight | Qt::AlignVCenter,
                     QCoreApplication::translate("Plots", "dashed: place in the order not certain at 95 %"));
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_all.empty() || m_explanation->rowCount() == 0)
            return QCoreApplication::translate("Plots", "Nothing has been explained yet.");
        double total = 0.0;
        for (const FeatureImportance& importance : m_all)
            total += importance.mean;
        return QCoreApplication::translate("Plots", "“%1” moves the prediction of %2 most: %3 of all movement is its doing.")
            .arg(name(0), outputText(*m_explanation, m_output),
                 QCoreApplication::translate("Plots", "%1 %").arg(total > 0 ? std::lround(100.0 * m_all.front().mean / total) : 0));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{QCoreApplication::translate("Plots", "column"), meanEffect(*m_explanation),
                                        QCoreApplication::translate("Plots", "standard error")}};
        for (std::size_t i = 0; i < m_all.size(); ++i)
            lines.push_back({name(i), exactText(m_all[i].mean), exactText(m_all[i].error)});
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const double line = (point.y() - area.top() - 8.0) / pitch(area);
        if (!area.contains(point) || line < 0.0 || line >= static_cast<double>(m_shown))
            return -1;
        return static_cast<int>(m_all[static_cast<std::size_t>(line)].feature);
    }

    QString tooltip(int item) const override
    {
        for (std::size_t i = 0; i < m_all.size(); ++i)
            if (static_cast<int>(m_all[i].feature) == item)
                return QCoreApplication::translate("Plots", "%1\n%2 %3 ± %4\nplace %5 of %6%7")
                    .arg(name(i), meanEffect(*m_explanation), shortText(m_all[i].mean), shortText(m_all[i].error, 2)).arg(i + 1).arg(m_all.size())
                    .arg(m_certain[i] ? QString() : QCoreApplication::translate("Plots", ", not certain at 95 %"));
        return {};
    }

private:
    bool hasUncertain() const
    {
        const auto end = m_certain.begin() + static_cast<std::ptrdiff_t>(m_shown);
        return std::find(m_certain.begin(), end, false) != end;
    }
    double notes() const { return (m_shown < m_all.size() ? noteHeight : 0.0) + (hasUncertain() ? noteHeight : 0.0); }
    double pitch(const QRectF& area) const
    {
        const double lines = std::max<double>(1.0, static_cast<double>(m_shown));
        return std::clamp((area.height() - 8.0 - axisHeight - notes()) / lines, 12.0, 44.0);
    }
    QString name(std::size_t i) const { return QString::fromStdString(m_explanation->features[m_all[i].feature]); }
    QString figure(std::size_t i, int decimals) const
    {
        return withError(m_all[i].mean, m_all[i].error, decimals);
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output;
    std::vector<FeatureImportance> m_all;
    std::vector<bool> m_certain;
    std::size_t m_shown = 0;
    double m_max = 0.0, m_restMean = 0.0;
};

} // namespace

std::unique_ptr<Plot> makeImportanceBar(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures)
{
    return std::make_unique<ImportanceBar>(std::move(explanation), output, maxFeatures);
}

} // namespace limpid
