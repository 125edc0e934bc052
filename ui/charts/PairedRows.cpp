#include "ui/charts/PairFrame.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

constexpr double headHeight = 44.0, axisHeight = 24.0, paneGap = 20.0;

/// A row of each of two explanations, each in a pane of its own with the same scale.
class PairedRows final : public PairFrame
{
public:
    PairedRows(const PairSide& first, const PairSide& second, const std::string& output, int maxFeatures)
        : PairFrame(first, second, output, compareRows(*first.explanation, first.row, *second.explanation, second.row, output), maxFeatures, headHeight, axisHeight)
    {
    }

    double preferredHeight(double) const override { return frameHeight(30.0); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QFontMetricsF metrics(painter.font(), painter.device());
        const QRectF inner = paintFrame(painter, area, colors);
        const double width = (inner.width() - paneGap) / 2;
        double cells = 0.0, figures = 0.0;
        for (const ComparedPlayer& player : m_shown)
            for (std::size_t side = 0; side < 2; ++side) {
                if (!m_comparison.sameCells)
                    cells = std::max(cells, textWidth(metrics, cell(player, side)));
                figures = std::max(figures, textWidth(metrics, figure(player.values[side])));
            }
        cells = std::min(cells, width * 0.3);
        for (std::size_t side = 0; side < 2; ++side) {
            const double left = inner.left() + static_cast<double>(side) * (width + paneGap);
            paintHead(painter, QRectF(left, area.top(), width, headHeight - 4.0), side, theme);
            const double start = left + (cells > 0.0 ? cells + 10.0 : 0.0);
            paintPane(painter, area, QRectF(start, inner.top(), std::max(30.0, left + width - start - figures - 8.0), inner.height()),
                      QRectF(left, inner.top(), cells, inner.height()), side, colors);
        }
        painter.restore();
    }

    QString sentence() const override
    {
        const auto predicted = [this](std::size_t side) { return fixedText(m_comparison.predictions[side], m_decimals); };
        return QCoreApplication::translate("Plots", "Predicted for %1: %2 (%3) and %4 (%5).")
                   .arg(outputText(*m_sides[0].explanation, m_outputs[0]), predicted(0), m_sides[0].name, predicted(1), m_sides[1].name)
            + QLatin1Char(' ') + widestSentence();
    }

protected:
    QString figure(double value) const override { return signedText(value, m_decimals); }

private:
    static QString cell(const ComparedPlayer& player, std::size_t side)
    {
        if (!player.there[side] || player.others > 0)
            return {};
        return player.cells[side].empty() ? QCoreApplication::translate("Plots", "missing") : QString::fromStdString(player.cells[side]);
    }

    void paintHead(QPainter& painter, const QRectF& box, std::size_t side, const Theme& theme) const
    {
        QFont bold = theme.smallFont();
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.setPen(theme.colors().text);
        drawText(painter, QRectF(box.left(), box.top(), box.width(), 18.0), Qt::AlignLeft | Qt::AlignVCenter, m_sides[side].name, Qt::ElideMiddle);
        painter.setFont(theme.smallFont());
        painter.setPen(theme.colors().dim);
        const QString predicted = fixedText(m_comparison.predictions[side], m_decimals);
        drawText(painter, QRectF(box.left(), box.top() + 18.0, box.width(), 18.0), Qt::AlignLeft | Qt::AlignVCenter,
                 m_comparison.additive ? QCoreApplication::translate("Plots", "average %1, predicted %2").arg(fixedText(m_comparison.base[side], m_decimals), predicted)
                                       : QCoreApplication::translate("Plots", "predicted %1").arg(predicted));
    }

    void paintPane(QPainter& painter, const QRectF& area, const QRectF& box, const QRectF& cells, std::size_t side, const ThemeColors& colors) const
    {
        const auto [least, most] = m_range;
        const auto x = [&, from = least, to = most](double value) { return box.left() + (value - from) / (to - from) * box.width(); };
        const QFontMetricsF metrics(painter.font(), painter.device());
        const Ticks ticks = niceTicks(least, most, std::clamp(static_cast<int>(box.width() / 64.0), 2, 6));
        for (const double value : ticks.values) {
            painter.setPen(QPen(colors.line, 1.0));
            painter.drawLine(QPointF(x(value), box.top()), QPointF(x(value), box.bottom()));
            const QString text = fixedText(value, ticks.decimals);
            const double width = textWidth(metrics, text);
            painter.setPen(colors.dim);
            painter.drawText(QRectF(x(value) - width / 2, box.bottom() + 3.0, width, 16.0), Qt::AlignCenter | Qt::TextDontClip, text);
        }
        double at = m_comparison.additive ? m_comparison.base[side] : 0.0;
        painter.setPen(QPen(colors.faint, 1.0, Qt::DashLine));
        painter.drawLine(QPointF(x(at), box.top()), QPointF(x(at), box.bottom()));
        for (std::size_t i = 0; i < m_shown.size(); ++i) {
            const ComparedPlayer& player = m_shown[i];
            const double middle = lineMiddle(i, area), half = std::min(10.0, lineHeight(area) * 0.34);
            if (cells.width() > 0.0) {
                painter.setPen(colors.dim);
                drawText(painter, QRectF(cells.left(), middle - 10.0, cells.width(), 20.0), Qt::AlignRight | Qt::AlignVCenter, cell(player, side));
            }
            if (!player.there[side]) {
                painter.setPen(colors.faint);
                drawText(painter, QRectF(box.left(), middle - 10.0, box.width(), 20.0), Qt::AlignCenter, QCoreApplication::translate("Plots", "not there"));
                continue;
            }
            const double value = player.values[side], to = at + value;
            painter.setPen(Qt::NoPen);
            painter.setBrush(value >= 0.0 ? colors.raises : colors.lowers);
            painter.drawRoundedRect(QRectF(std::min(x(at), x(to)), middle - half, std::max(1.5, std::abs(x(to) - x(at))), 2 * half), 2.0, 2.0);
            double end = std::max(x(at), x(to));
            if (const double interval = 1.96 * player.errors[side]; interval > 0.0) {
                paintInterval(painter, x(to - interval), x(to + interval), middle, colors);
                end = std::max(end, x(to + interval));
            }
            const QRectF place(end + 5.0, middle - 8.0, textWidth(metrics, figure(value)), 16.0);
            painter.fillRect(place, colors.card); // no line strikes it through
            painter.setPen(colors.dim);
            painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, figure(value));
            if (!m_comparison.additive)
                continue;
            painter.setPen(QPen(colors.faint, 1.0, Qt::DotLine));
            painter.drawLine(QPointF(x(to), middle + half), QPointF(x(to), i + 1 < m_shown.size() ? lineMiddle(i + 1, area) - half : box.bottom()));
            at = to;
        }
    }
};

} // namespace

std::unique_ptr<Plot> makePairedRows(const PairSide& first, const PairSide& second, const std::string& output, int maxFeatures)
{
    return std::make_unique<PairedRows>(first, second, output, maxFeatures);
}

} // namespace limpid
