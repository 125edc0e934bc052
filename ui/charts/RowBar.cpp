#include "ui/charts/Plot.h"
#include "ui/charts/PlotTools.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

using namespace plot;

namespace {

/// One row's values from zero, largest first: for methods whose values do not add up to a prediction.
class RowBar final : public Plot
{
public:
    RowBar(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t row, int maxFeatures)
        : m_explanation(std::move(explanation)), m_output(output), m_row(row)
    {
        const Explanation& e = *m_explanation;
        m_order.resize(e.features.size());
        std::iota(m_order.begin(), m_order.end(), std::size_t(0));
        std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) { return std::abs(valueOf(a)) > std::abs(valueOf(b)); });
        m_order.resize(std::min(m_order.size(), static_cast<std::size_t>(std::max(1, maxFeatures))));
        for (const std::size_t feature : m_order) {
            m_min = std::min(m_min, valueOf(feature) - errorOf(feature));
            m_max = std::max(m_max, valueOf(feature) + errorOf(feature));
        }
        if (!(m_max > m_min))
            m_max = 1.0;
        m_decimals = decimalsFor(m_max - m_min, 3);
    }

    double preferredHeight(double) const override { return 34.0 * static_cast<double>(m_order.size()) + 6.0; }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QFontMetricsF metrics(painter.font(), painter.device());
        double names = 0.0, figures = 0.0;
        for (const std::size_t feature : m_order) {
            names = std::max(names, textWidth(metrics, label(feature)));
            figures = std::max(figures, textWidth(metrics, signedText(valueOf(feature), m_decimals)));
        }
        names = std::min(names, area.width() * 0.45);
        const QRectF plot(area.left() + names + 16.0, area.top(), std::max(30.0, area.width() - names - 16.0 - figures - 8.0),
                          pitch(area) * static_cast<double>(m_order.size()));
        const auto x = [&](double value) { return plot.left() + (value - m_min) / (m_max - m_min) * plot.width(); };
        painter.setPen(QPen(colors.line, 1.0));
        painter.drawLine(QPointF(x(0.0), plot.top()), QPointF(x(0.0), plot.bottom()));
        for (std::size_t i = 0; i < m_order.size(); ++i) {
            const double value = valueOf(m_order[i]), error = errorOf(m_order[i]);
            const double middle = plot.top() + (static_cast<double>(i) + 0.5) * pitch(area);
            const double half = std::min(11.0, pitch(area) * 0.34);
            painter.setPen(Qt::NoPen);
            painter.setBrush(value >= 0.0 ? colors.raises : colors.lowers);
            painter.drawRoundedRect(QRectF(std::min(x(0.0), x(value)), middle - half, std::max(1.5, std::abs(x(value) - x(0.0))), 2 * half), 2.0, 2.0);
            double end = std::max(x(0.0), x(value));
            if (error > 0.0) {
                painter.setPen(QPen(colors.text, 1.2));
                painter.drawLine(QPointF(x(value - error), middle), QPointF(x(value + error), middle));
                end = std::max(end, x(value + error));
            }
            painter.setPen(colors.text);
            drawText(painter, QRectF(area.left(), middle - 10, names, 20), Qt::AlignRight | Qt::AlignVCenter, label(m_order[i]), Qt::ElideMiddle);
            painter.setPen(colors.dim);
            painter.drawText(QRectF(end + 6.0, middle - 10, figures, 20), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                             signedText(value, m_decimals));
        }
        painter.restore();
    }

    QString sentence() const override
    {
        const QString row = QLocale().toString(static_cast<qulonglong>(m_explanation->rows[m_row]));
        if (m_order.empty() || valueOf(m_order.front()) == 0.0)
            return QCoreApplication::translate("Plots", "In row %1 no column has a value.").arg(row);
        return QCoreApplication::translate("Plots", "In row %1 the prediction of %2 is most sensitive to “%3”.")
            .arg(row, outputText(*m_explanation, m_output), label(m_order.front()));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{QCoreApplication::translate("Plots", "column"), QCoreApplication::translate("Plots", "value"),
                                        QCoreApplication::translate("Plots", "attribution"), QCoreApplication::translate("Plots", "standard error")}};
        for (const std::size_t feature : m_order)
            lines.push_back({QString::fromStdString(m_explanation->features[feature]), cell(feature), exactText(valueOf(feature)), exactText(errorOf(feature))});
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const double line = (point.y() - area.top()) / pitch(area);
        return area.contains(point) && line >= 0.0 && line < static_cast<double>(m_order.size()) ? static_cast<int>(line) : -1;
    }

    QString tooltip(int item) const override
    {
        if (item < 0 || item >= static_cast<int>(m_order.size()))
            return {};
        const std::size_t feature = m_order[static_cast<std::size_t>(item)];
        QString value = signedText(valueOf(feature), decimalsFor(valueOf(feature), 4));
        if (errorOf(feature) > 0.0)
            value += QStringLiteral(" ± %1").arg(shortText(errorOf(feature), 2));
        return QStringLiteral("%1\n%2").arg(label(feature), value);
    }

private:
    double valueOf(std::size_t feature) const { return m_explanation->value(m_row, m_output, feature); }
    double errorOf(std::size_t feature) const { return m_explanation->error(m_row, m_output, feature); }
    QString cell(std::size_t feature) const
    {
        const std::size_t at = m_row * m_explanation->features.size() + feature;
        return at < m_explanation->cellText.size() ? QString::fromStdString(m_explanation->cellText[at]) : QString();
    }
    QString label(std::size_t feature) const
    {
        const QString text = cell(feature);
        return QStringLiteral("%1 = %2").arg(QString::fromStdString(m_explanation->features[feature]),
                                             text.isEmpty() ? QCoreApplication::translate("Plots", "missing") : text);
    }
    double pitch(const QRectF& area) const
    {
        return std::clamp((area.height() - 6.0) / std::max<double>(1.0, static_cast<double>(m_order.size())), 14.0, 36.0);
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output, m_row;
    std::vector<std::size_t> m_order;
    double m_min = 0.0, m_max = 0.0;
    int m_decimals = 2;
};

} // namespace

std::unique_ptr<Plot> makeRowBar(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t row, int maxFeatures)
{
    return std::make_unique<RowBar>(std::move(explanation), output, row, maxFeatures);
}

} // namespace limpid
