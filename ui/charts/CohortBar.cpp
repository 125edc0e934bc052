#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/PlotAxes.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

constexpr double legendHeight = 24.0;

/// Mean size of the columns' effects among the rows of each cohort, side by side.
class CohortBar final : public Plot
{
public:
    CohortBar(std::shared_ptr<const Explanation> explanation, std::size_t output, std::vector<Cohort> cohorts, int maxFeatures)
        : m_explanation(std::move(explanation)), m_output(output), m_all(meanAbsolute(*m_explanation, output)), m_certain(placesResolved(m_all))
    {
        for (Cohort& cohort : cohorts)
            if (!cohort.rows.empty())
                m_cohorts.push_back(std::move(cohort));
        const Explanation& e = *m_explanation;
        m_shown = std::min(m_all.size(), static_cast<std::size_t>(std::max(1, maxFeatures)));
        for (std::size_t i = 0; i < m_shown; ++i) {
            m_names.push_back(featureName(e, m_all[i].feature));
            for (const Cohort& cohort : m_cohorts) {
                const double n = static_cast<double>(cohort.rows.size());
                double sum = 0.0, squares = 0.0, error = 0.0;
                for (const std::size_t row : cohort.rows) {
                    sum += std::abs(e.value(row, output, m_all[i].feature));
                    error += e.error(row, output, m_all[i].feature);
                }
                for (const std::size_t row : cohort.rows)
                    squares += std::pow(std::abs(e.value(row, output, m_all[i].feature)) - sum / n, 2);
                // Rows share their coalitions: their own errors do not average out (see meanAbsolute).
                const double spread = n > 1.0 ? std::sqrt(squares / (n - 1.0) / n) : 0.0;
                m_bars.push_back({sum / n, 1.96 * std::hypot(spread, error / n)});
                m_max = std::max(m_max, m_bars.back().mean + m_bars.back().interval);
            }
        }
        if (!(m_max > 0.0))
            m_max = 1.0;
    }

    double preferredHeight(double) const override
    {
        return legendHeight + static_cast<double>(m_shown) * (12.0 + 14.0 * static_cast<double>(m_cohorts.size())) + valueAxisHeight + note();
    }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QRectF box = plotBox(area);
        paintValueAxis(painter, box, 0.0, m_max, QCoreApplication::translate("Plots", "mean size of the effect on %1, with 95 % interval").arg(outputText(*m_explanation, m_output)), colors);
        paintNames(painter, QRectF(area.left(), area.top(), area.width(), legendHeight - 4.0), colors);
        for (std::size_t i = 0; i < m_shown; ++i) {
            const double middle = box.top() + (static_cast<double>(i) + 0.5) * pitch(box);
            painter.setPen(colors.text);
            drawText(painter, QRectF(area.left(), middle - 9.0, box.left() - 10.0 - area.left(), 18.0), Qt::AlignRight | Qt::AlignVCenter, m_names[i], Qt::ElideMiddle);
            for (std::size_t c = 0; c < m_cohorts.size(); ++c) {
                const QRectF bar = barPlace(box, i, c);
                const QColor color = seriesColor(c, colors);
                painter.setPen(m_certain[i] ? Qt::NoPen : QPen(color, 1.0, Qt::DashLine));
                painter.setBrush(m_certain[i] ? color : mix(color, colors.card, 0.7));
                painter.drawRoundedRect(m_certain[i] ? bar : bar.adjusted(0.5, 0.5, -0.5, -0.5), 1.5, 1.5);
                const Bar& one = this->bar(i, c);
                if (one.interval <= 0.0)
                    continue;
                const double from = x(box, std::max(0.0, one.mean - one.interval)), to = x(box, one.mean + one.interval), y = bar.center().y();
                painter.setPen(QPen(colors.text, 1.0));
                painter.drawLine(QPointF(from, y), QPointF(to, y));
                painter.drawLine(QPointF(from, y - 2.5), QPointF(from, y + 2.5));
                painter.drawLine(QPointF(to, y - 2.5), QPointF(to, y + 2.5));
            }
        }
        if (note() > 0.0) {
            painter.setPen(colors.dim);
            drawText(painter, QRectF(area.left(), box.bottom() + valueAxisHeight, area.width(), 18.0), Qt::AlignRight | Qt::AlignVCenter,
                     QCoreApplication::translate("Plots", "dashed: place in the order not certain at 95 %"));
        }
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_cohorts.empty() || m_shown == 0)
            return QCoreApplication::translate("Plots", "There are no rows to compare.");
        if (m_cohorts.size() == 1)
            return QCoreApplication::translate("Plots", "Only “%1” has rows that are explained: there is nothing to compare it with.").arg(m_cohorts.front().name);
        // The column in which two cohorts differ most beyond their intervals.
        double widest = 0.0;
        std::size_t at = 0, more = 0, less = 0;
        for (std::size_t i = 0; i < m_shown; ++i)
            for (std::size_t a = 0; a < m_cohorts.size(); ++a)
                for (std::size_t b = 0; b < m_cohorts.size(); ++b)
                    if (const double apart = bar(i, a).mean - bar(i, b).mean - std::hypot(bar(i, a).interval, bar(i, b).interval); apart > widest) {
                        widest = apart;
                        at = i, more = a, less = b;
                    }
        if (!(widest > 0.0))
            return QCoreApplication::translate("Plots", "No column matters differently for these groups of rows, at 95 %.");
        return QCoreApplication::translate("Plots", "“%1” matters more for “%2” (%3 on average) than for “%4” (%5).")
            .arg(m_names[at], m_cohorts[more].name, shortText(bar(at, more).mean, 2), m_cohorts[less].name, shortText(bar(at, less).mean, 2));
    }

    std::vector<QStringList> table() const override
    {
        QStringList first{QCoreApplication::translate("Plots", "column")};
        for (const Cohort& cohort : m_cohorts)
            first << cohort.name << QCoreApplication::translate("Plots", "± of %1").arg(cohort.name);
        std::vector<QStringList> lines{first};
        for (std::size_t i = 0; i < m_shown; ++i) {
            QStringList line{m_names[i]};
            for (std::size_t c = 0; c < m_cohorts.size(); ++c)
                line << exactText(bar(i, c).mean) << exactText(bar(i, c).interval);
            lines.push_back(line);
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const QRectF box = plotBox(area);
        for (std::size_t i = 0; i < m_shown; ++i)
            for (std::size_t c = 0; c < m_cohorts.size(); ++c)
                if (const QRectF bar = barPlace(box, i, c); point.y() >= bar.top() && point.y() < bar.bottom() && point.x() >= box.left() && point.x() <= box.right())
                    return static_cast<int>(m_all[i].feature * m_cohorts.size() + c);
        return -1;
    }

    QString tooltip(int item) const override
    {
        for (std::size_t i = 0; i < m_shown && item >= 0 && !m_cohorts.empty(); ++i)
            if (m_all[i].feature == static_cast<std::size_t>(item) / m_cohorts.size()) {
                const std::size_t c = static_cast<std::size_t>(item) % m_cohorts.size();
                return QCoreApplication::translate("Plots", "%1, %2 (%3 rows)\nmean size %4 ± %5")
                    .arg(m_names[i], m_cohorts[c].name, QLocale().toString(static_cast<qulonglong>(m_cohorts[c].rows.size())), shortText(bar(i, c).mean), shortText(bar(i, c).interval, 2));
            }
        return {};
    }

private:
    struct Bar { double mean = 0.0, interval = 0.0; }; ///< interval: half of the 95 % one

    const Bar& bar(std::size_t i, std::size_t cohort) const { return m_bars[i * m_cohorts.size() + cohort]; }
    double note() const { return std::find(m_certain.begin(), m_certain.begin() + static_cast<std::ptrdiff_t>(m_shown), false) != m_certain.begin() + static_cast<std::ptrdiff_t>(m_shown) ? 18.0 : 0.0; }
    QRectF plotBox(const QRectF& area) const
    {
        const double left = area.left() + roomFor(m_names, area.width() * 0.3) + 12.0;
        return QRectF(left, area.top() + legendHeight, std::max(40.0, area.right() - 16.0 - left), std::max(20.0, area.height() - legendHeight - valueAxisHeight - note()));
    }
    double pitch(const QRectF& box) const { return box.height() / static_cast<double>(std::max<std::size_t>(1, m_shown)); }
    double x(const QRectF& box, double value) const { return box.left() + value / m_max * box.width(); }
    QRectF barPlace(const QRectF& box, std::size_t i, std::size_t cohort) const
    {
        const double height = std::min(14.0, 0.8 * pitch(box) / static_cast<double>(m_cohorts.size()));
        const double top = box.top() + (static_cast<double>(i) + 0.5) * pitch(box) - height * static_cast<double>(m_cohorts.size()) / 2 + static_cast<double>(cohort) * height;
        return QRectF(box.left(), top + 0.5, std::max(1.0, x(box, bar(i, cohort).mean) - box.left()), std::max(1.0, height - 1.5));
    }

    void paintNames(QPainter& painter, const QRectF& box, const ThemeColors& colors) const
    {
        const QFontMetricsF metrics(painter.font(), painter.device());
        double left = box.left();
        for (std::size_t c = 0; c < m_cohorts.size(); ++c) {
            const QString text = QCoreApplication::translate("Plots", "%1 (%2 rows)").arg(m_cohorts[c].name, QLocale().toString(static_cast<qulonglong>(m_cohorts[c].rows.size())));
            const double width = std::min(textWidth(metrics, text), box.right() - left - 16.0);
            if (width < 30.0)
                return;
            painter.setPen(Qt::NoPen);
            painter.setBrush(seriesColor(c, colors));
            painter.drawRoundedRect(QRectF(left, box.center().y() - 4.0, 10.0, 8.0), 2.0, 2.0);
            painter.setPen(colors.text);
            drawText(painter, QRectF(left + 16.0, box.top(), width, box.height()), Qt::AlignLeft | Qt::AlignVCenter, text);
            left += width + 34.0;
        }
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output;
    std::vector<FeatureImportance> m_all;
    std::vector<bool> m_certain;
    std::vector<Cohort> m_cohorts;
    std::size_t m_shown = 0;
    std::vector<QString> m_names;
    std::vector<Bar> m_bars; ///< [shown, cohorts]
    double m_max = 0.0;
};

} // namespace

std::unique_ptr<Plot> makeCohortBar(std::shared_ptr<const Explanation> explanation, std::size_t output, std::vector<Cohort> cohorts, int maxFeatures)
{
    return std::make_unique<CohortBar>(std::move(explanation), output, std::move(cohorts), maxFeatures);
}

} // namespace limpid
