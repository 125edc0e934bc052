#include "ui/charts/Plot.h"
#include "ui/charts/PlotTools.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

using namespace plot;

namespace {

constexpr double footHeight = 30.0;

/// One row's way from the average prediction to its own, largest effect first.
class Waterfall final : public Plot
{
public:
    Waterfall(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t row, int maxFeatures)
        : m_explanation(std::move(explanation)), m_output(output), m_row(row)
    {
        const Explanation& e = *m_explanation;
        m_base = e.base[m_output];
        m_prediction = e.predictions[m_row * e.outputs.size() + m_output];
        std::vector<std::size_t> order(e.features.size());
        std::iota(order.begin(), order.end(), std::size_t(0));
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return std::abs(e.value(m_row, m_output, a)) > std::abs(e.value(m_row, m_output, b));
        });
        const std::size_t most = static_cast<std::size_t>(std::max(2, maxFeatures));
        const std::size_t own = order.size() <= most ? order.size() : most - 1;
        double at = m_base;
        for (std::size_t i = 0; i < own; ++i) {
            const std::size_t feature = order[i];
            const std::size_t cell = m_row * e.features.size() + feature;
            Bar bar;
            bar.column = QString::fromStdString(e.features[feature]);
            bar.cell = cell < e.cellText.size() ? QString::fromStdString(e.cellText[cell]) : QString();
            bar.value = e.value(m_row, m_output, feature);
            bar.error = e.error(m_row, m_output, feature);
            bar.from = at;
            bar.to = at += bar.value;
            m_bars.push_back(bar);
        }
        if (own < order.size()) {
            Bar rest;
            rest.others = static_cast<int>(order.size() - own);
            double variance = 0.0;
            for (std::size_t i = own; i < order.size(); ++i) {
                rest.value += e.value(m_row, m_output, order[i]);
                variance += std::pow(e.error(m_row, m_output, order[i]), 2);
            }
            rest.error = std::sqrt(variance); // as if independent: the errors' covariances are not kept
            rest.from = at;
            rest.to = at + rest.value;
            m_bars.push_back(rest);
        }
        m_min = std::min(m_base, m_prediction);
        m_max = std::max(m_base, m_prediction);
        for (const Bar& bar : m_bars) {
            m_min = std::min({m_min, bar.from, bar.to - bar.error});
            m_max = std::max({m_max, bar.from, bar.to + bar.error});
        }
        if (!(m_max > m_min)) {
            m_min -= 0.5;
            m_max += 0.5;
        }
        // As many decimals as tell the effects apart: three digits of the largest step.
        m_decimals = decimalsFor(std::max(m_max - m_min, 1e-300), 3);
    }

    double preferredHeight(double) const override { return 34.0 * static_cast<double>(m_bars.size()) + footHeight + 6.0; }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QFontMetricsF metrics(painter.font(), painter.device());
        double names = 0.0, effects = 0.0;
        for (const Bar& bar : m_bars) {
            names = std::max(names, textWidth(metrics, label(bar)));
            effects = std::max(effects, textWidth(metrics, signedText(bar.value, m_decimals)));
        }
        names = std::min(names, area.width() * 0.45);
        const QRectF plot(area.left() + names + 16.0, area.top(), std::max(30.0, area.width() - names - 16.0 - effects - 8.0),
                          pitch(area) * static_cast<double>(m_bars.size()));
        const auto x = [&](double value) { return plot.left() + (value - m_min) / (m_max - m_min) * plot.width(); };

        for (std::size_t i = 0; i < m_bars.size(); ++i) {
            const Bar& bar = m_bars[i];
            const double middle = plot.top() + (static_cast<double>(i) + 0.5) * pitch(area);
            const double half = std::min(11.0, pitch(area) * 0.34);
            const bool raises = bar.value >= 0.0;
            const double left = std::min(x(bar.from), x(bar.to));
            const double width = std::max(1.5, std::abs(x(bar.to) - x(bar.from)));
            const double next = i + 1 < m_bars.size() ? middle + pitch(area) - half : plot.bottom() + 2.0;
            painter.setPen(QPen(colors.faint, 1.0, Qt::DotLine));
            painter.drawLine(QPointF(x(bar.to), middle + half), QPointF(x(bar.to), next));
            painter.setPen(Qt::NoPen);
            painter.setBrush(raises ? colors.raises : colors.lowers);
            painter.drawRoundedRect(QRectF(left, middle - half, width, 2 * half), 2.0, 2.0);
            double end = std::max(x(bar.from), x(bar.to));
            if (bar.error > 0.0) {
                painter.setPen(QPen(colors.text, 1.2));
                painter.drawLine(QPointF(x(bar.to - bar.error), middle), QPointF(x(bar.to + bar.error), middle));
                end = std::max(end, x(bar.to + bar.error));
            }
            painter.setPen(colors.text);
            paintLabel(painter, bar, QRectF(area.left(), middle - 10, names, 20), metrics);
            painter.setPen(colors.dim);
            painter.drawText(QRectF(end + 6.0, middle - 10, effects, 20), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                             signedText(bar.value, m_decimals));
        }
        paintFoot(painter, area, plot.bottom() + 8.0, x(m_base), x(m_prediction), theme);
        painter.restore();
    }

    QString sentence() const override
    {
        const QString row = QLocale().toString(static_cast<qulonglong>(m_explanation->rows[m_row]));
        QString text = QCoreApplication::translate("Plots", "Row %1 is predicted %2 for %3, against %4 on average.")
                           .arg(row, fixedText(m_prediction, m_decimals), outputText(*m_explanation, m_output), fixedText(m_base, m_decimals));
        if (!m_bars.empty() && m_bars.front().value != 0.0) {
            const QString share = m_bars.front().value > 0 ? QCoreApplication::translate("Plots", "“%1” raises it most, by %2.")
                                                           : QCoreApplication::translate("Plots", "“%1” lowers it most, by %2.");
            text += QLatin1Char(' ') + share.arg(label(m_bars.front()), fixedText(std::abs(m_bars.front().value), m_decimals));
        }
        return text;
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{QCoreApplication::translate("Plots", "column"), QCoreApplication::translate("Plots", "value"),
                                        effectTerm(*m_explanation), QCoreApplication::translate("Plots", "standard error")}};
        lines.push_back({QCoreApplication::translate("Plots", "average"), QString(), exactText(m_base), QString()});
        for (const Bar& bar : m_bars)
            lines.push_back({bar.others ? label(bar) : bar.column, bar.cell, exactText(bar.value), exactText(bar.error)});
        lines.push_back({QCoreApplication::translate("Plots", "this row"), QString(), exactText(m_prediction), QString()});
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const double line = (point.y() - area.top()) / pitch(area);
        return area.contains(point) && line >= 0.0 && line < static_cast<double>(m_bars.size()) ? static_cast<int>(line) : -1;
    }

    QString tooltip(int item) const override
    {
        if (item < 0 || item >= static_cast<int>(m_bars.size()))
            return {};
        const Bar& bar = m_bars[static_cast<std::size_t>(item)];
        QString effect = signedText(bar.value, decimalsFor(bar.value, 4));
        if (bar.error > 0.0)
            effect += QStringLiteral(" ± %1").arg(shortText(bar.error, 2));
        return QStringLiteral("%1\n%2").arg(label(bar), effect);
    }

private:
    struct Bar {
        QString column, cell;
        int others = 0;          ///< > 0: the sum of that many columns
        double value = 0.0, error = 0.0, from = 0.0, to = 0.0;
    };

    double pitch(const QRectF& area) const
    {
        const double lines = std::max<double>(1.0, static_cast<double>(m_bars.size()));
        return std::clamp((area.height() - footHeight - 6.0) / lines, 14.0, 36.0);
    }

    static QString label(const Bar& bar)
    {
        if (bar.others > 0)
            return QCoreApplication::translate("Plots", "%n others", nullptr, bar.others);
        return QStringLiteral("%1 = %2").arg(bar.column, bar.cell.isEmpty() ? QCoreApplication::translate("Plots", "missing") : bar.cell);
    }

    /// Where both do not fit, the column's name gives way before the value does.
    static void paintLabel(QPainter& painter, const Bar& bar, const QRectF& box, const QFontMetricsF& metrics)
    {
        QString text = label(bar);
        if (metrics.horizontalAdvance(text) > box.width() && bar.others == 0) {
            const QString value = metrics.elidedText(text.mid(bar.column.size()), Qt::ElideRight, box.width() * 0.6);
            text = metrics.elidedText(bar.column, Qt::ElideMiddle, box.width() - metrics.horizontalAdvance(value) - 1.0) + value;
        }
        painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextDontClip, text);
    }

    /// "average −1.35" under the start and "this row 1.42" under the end, pushed apart where they would touch.
    void paintFoot(QPainter& painter, const QRectF& area, double top, double xBase, double xRow, const Theme& theme) const
    {
        QFont bold = theme.smallFont();
        bold.setWeight(QFont::DemiBold);
        const QString average = QCoreApplication::translate("Plots", "average %1").arg(fixedText(m_base, m_decimals));
        const QString row = QCoreApplication::translate("Plots", "this row %1").arg(fixedText(m_prediction, m_decimals));
        const double wBase = textWidth(QFontMetricsF(theme.smallFont(), painter.device()), average);
        const double wRow = textWidth(QFontMetricsF(bold, painter.device()), row);
        const double apart = 12.0;
        double left = xBase - wBase / 2, right = xRow - wRow / 2;
        const bool baseFirst = xBase <= xRow;
        double& first = baseFirst ? left : right;
        double& second = baseFirst ? right : left;
        const double wFirst = baseFirst ? wBase : wRow, wSecond = baseFirst ? wRow : wBase;
        if (const double overlap = first + wFirst + apart - second; overlap > 0) {
            first -= overlap / 2;
            second += overlap / 2;
        }
        second = std::min(second, area.right() - wSecond);
        first = std::max(area.left(), std::min(first, second - apart - wFirst));
        second = std::max(second, first + wFirst + apart);
        painter.setFont(theme.smallFont());
        painter.setPen(theme.colors().dim);
        painter.drawText(QRectF(left, top, wBase, 18), Qt::AlignCenter | Qt::TextDontClip, average);
        painter.setFont(bold);
        painter.setPen(theme.colors().text);
        painter.drawText(QRectF(right, top, wRow, 18), Qt::AlignCenter | Qt::TextDontClip, row);
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output, m_row;
    std::vector<Bar> m_bars;
    double m_base = 0.0, m_prediction = 0.0, m_min = 0.0, m_max = 0.0;
    int m_decimals = 2;
};

} // namespace

std::unique_ptr<Plot> makeWaterfall(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t row, int maxFeatures)
{
    return std::make_unique<Waterfall>(std::move(explanation), output, row, maxFeatures);
}

} // namespace limpid
