#include "ui/charts/EffectPlots.h"
#include "ui/charts/PlotTools.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text, int n = -1) { return QCoreApplication::translate("EffectPlots", text, nullptr, n); }

constexpr double head = 22.0, foot = 22.0, note = 18.0, figures = 136.0;

QString metricText(const std::string& name)
{
    if (name == "accuracy")
        return tr("accuracy");
    if (name == "r2")
        return tr("R²");
    return name == "roc_auc" ? tr("ROC AUC") : name == "macro_roc_auc" ? tr("macro ROC AUC") : QString::fromStdString(name);
}

/// How much the model's figure falls without a column. A drop below 0 is chance, and stands at the left of the line.
class PermutationImportancePlot final : public Plot
{
public:
    PermutationImportancePlot(std::shared_ptr<const ImportanceResult> importance, int most) : m_importance(std::move(importance))
    {
        const auto& columns = m_importance->columns;
        m_order.resize(columns.size());
        std::iota(m_order.begin(), m_order.end(), std::size_t(0));
        const auto size = [&](std::size_t i) { return std::isfinite(columns[i].mean) ? columns[i].mean : -std::numeric_limits<double>::infinity(); };
        std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
        m_shown = std::min(m_order.size(), static_cast<std::size_t>(std::max(1, most)));
        for (std::size_t i = 0; i < m_shown; ++i) {
            const ColumnImportance& column = columns[m_order[i]];
            const double spread = std::isfinite(column.deviation) ? column.deviation : 0.0;
            if (std::isfinite(column.mean)) {
                m_min = std::min(m_min, column.mean - spread);
                m_max = std::max(m_max, column.mean + spread);
            }
        }
        if (!(m_max > m_min))
            m_max = m_min + 1.0;
    }

    double preferredHeight(double) const override
    {
        return head + 30.0 * static_cast<double>(std::max<std::size_t>(1, m_shown)) + foot + (hidden() > 0 ? note : 0.0);
    }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0));
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QFontMetricsF metrics(painter.font(), painter.device());
        double names = 0.0;
        for (std::size_t i = 0; i < m_shown; ++i)
            names = std::max(names, textWidth(metrics, name(i)));
        names = std::min(names, area.width() * 0.35);
        const double room = area.width() >= 300.0 ? figures : 4.0;
        const QRectF plot(area.left() + names + 12.0, area.top() + head, std::max(8.0, area.width() - names - 12.0 - room),
                          pitch(area) * static_cast<double>(m_shown));
        const auto x = [&](double value) { return plot.left() + (value - m_min) / (m_max - m_min) * plot.width(); };
        painter.setPen(colors.dim);
        drawText(painter, QRectF(area.left(), area.top(), area.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter,
                 tr("how much %1 (%2) falls when a column is shuffled").arg(metricText(m_importance->metric), fixedText(m_importance->score, 3)));
        const Ticks ticks = niceTicks(m_min, m_max, std::clamp(static_cast<int>(plot.width() / 80.0), 2, 6));
        for (const double value : ticks.values) {
            const double at = std::round(x(value)) + 0.5;
            painter.setPen(QPen(value == 0.0 ? colors.faint : colors.line, 1.0));
            painter.drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()));
            painter.setPen(colors.dim);
            drawText(painter, QRectF(at - 30.0, plot.bottom() + 3.0, 60.0, 16.0), Qt::AlignCenter, fixedText(value, ticks.decimals));
        }
        for (std::size_t i = 0; i < m_shown; ++i) {
            const ColumnImportance& column = m_importance->columns[m_order[i]];
            const double middle = plot.top() + (static_cast<double>(i) + 0.5) * pitch(area), half = std::min(9.0, pitch(area) * 0.34);
            if (std::isfinite(column.mean)) {
                painter.setPen(Qt::NoPen);
                painter.setBrush(column.mean > 0.0 ? colors.accent : colors.faint);
                painter.drawRoundedRect(QRectF(std::min(x(0.0), x(column.mean)), middle - half, std::max(1.0, std::abs(x(column.mean) - x(0.0))), 2 * half), 2.0, 2.0);
                if (column.deviation > 0.0) {
                    painter.setPen(QPen(colors.text, 1.0));
                    const double from = x(column.mean - column.deviation), to = x(column.mean + column.deviation);
                    painter.drawLine(QPointF(from, middle), QPointF(to, middle));
                    painter.drawLine(QPointF(from, middle - 3.0), QPointF(from, middle + 3.0));
                    painter.drawLine(QPointF(to, middle - 3.0), QPointF(to, middle + 3.0));
                }
            }
            if (pitch(area) < 9.0)
                continue;
            painter.setPen(colors.text);
            drawText(painter, QRectF(area.left(), middle - 9.0, names, 18.0), Qt::AlignRight | Qt::AlignVCenter, name(i), Qt::ElideMiddle);
            painter.setPen(colors.dim);
            if (room == figures)
                drawText(painter, QRectF(area.right() - figures + 8.0, middle - 9.0, figures - 8.0, 18.0), Qt::AlignRight | Qt::AlignVCenter, figure(i));
        }
        if (hidden() > 0) {
            painter.setPen(colors.dim);
            drawText(painter, QRectF(area.left(), std::min(plot.bottom() + foot, area.bottom() - 16.0), area.width(), 16.0), Qt::AlignRight | Qt::AlignVCenter,
                     tr("and %n more columns", hidden()));
        }
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_order.empty())
            return tr("No column has been shuffled.");
        const ColumnImportance& first = m_importance->columns[m_order.front()];
        const QString metric = metricText(m_importance->metric);
        if (!(first.mean > 0.0))
            return tr("No column matters to %1 (%2) on these rows.").arg(metric, fixedText(m_importance->score, 3));
        return tr("Shuffling “%1” costs most: %2 falls from %3 by %4.").arg(name(0), metric, fixedText(m_importance->score, 3), figure(0));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{tr("column"), tr("mean drop of %1").arg(metricText(m_importance->metric)), tr("deviation over the repeats")}};
        for (std::size_t i = 0; i < m_order.size(); ++i) {
            const ColumnImportance& column = m_importance->columns[m_order[i]];
            lines.push_back({name(i), exactText(column.mean), exactText(column.deviation)});
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const double line = (point.y() - area.top() - head) / pitch(area);
        return area.contains(point) && line >= 0.0 && line < static_cast<double>(m_shown) ? static_cast<int>(line) : -1;
    }

    QString tooltip(int item) const override
    {
        if (item < 0 || item >= static_cast<int>(m_shown))
            return {};
        return tr("%1\n%2 falls by %3").arg(name(static_cast<std::size_t>(item)), metricText(m_importance->metric), figure(static_cast<std::size_t>(item)));
    }

private:
    int hidden() const { return static_cast<int>(m_order.size() - m_shown); }
    QString name(std::size_t place) const { return QString::fromStdString(m_importance->columns[m_order[place]].column); }
    QString figure(std::size_t place) const
    {
        const ColumnImportance& column = m_importance->columns[m_order[place]];
        return std::isfinite(column.deviation) ? withError(column.mean, column.deviation, 3) : fixedText(column.mean, 3);
    }
    double pitch(const QRectF& area) const
    {
        const double room = area.height() - head - foot - (hidden() > 0 ? note : 0.0);
        return std::clamp(room / static_cast<double>(std::max<std::size_t>(1, m_shown)), 1.0, 34.0);
    }

    std::shared_ptr<const ImportanceResult> m_importance;
    std::vector<std::size_t> m_order;
    std::size_t m_shown = 0;
    double m_min = 0.0, m_max = 0.0;
};

} // namespace

std::unique_ptr<Plot> makePermutationImportancePlot(std::shared_ptr<const ImportanceResult> importance, int mostColumns)
{
    return std::make_unique<PermutationImportancePlot>(std::move(importance), mostColumns);
}

} // namespace limpid
