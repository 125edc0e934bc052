#include "ui/charts/PairFrame.h"
#include "ui/charts/PlotAxes.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace limpid {

using namespace plot;

namespace {

constexpr double headHeight = 24.0;

/// Mean size of the columns' effects in two explanations, two bars a column.
class PairedMeans final : public PairFrame
{
public:
    PairedMeans(const PairSide& first, const PairSide& second, const std::string& output, int maxFeatures)
        : PairFrame(first, second, output, compareMeans(*first.explanation, *second.explanation, output), maxFeatures, headHeight, valueAxisHeight)
    {
    }

    double preferredHeight(double) const override { return frameHeight(34.0); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QFontMetricsF metrics(painter.font(), painter.device());
        QRectF box = paintFrame(painter, area, colors);
        double figures = 0.0;
        for (const ComparedPlayer& player : m_shown)
            for (const double value : player.values)
                figures = std::max(figures, textWidth(metrics, figure(value)));
        box.setWidth(std::max(40.0, box.width() - figures - 8.0));
        paintValueAxis(painter, box, m_range.first, m_range.second,
                       QCoreApplication::translate("Plots", "mean |%1|: average effect on %2").arg(effect(), outputText(*m_sides[0].explanation, m_outputs[0])), colors);
        paintHead(painter, QRectF(area.left(), area.top(), box.right() - area.left(), headHeight - 4.0), colors);
        const auto x = [&](double value) { return box.left() + (value - m_range.first) / (m_range.second - m_range.first) * box.width(); };
        for (std::size_t i = 0; i < m_shown.size(); ++i)
            for (std::size_t side = 0; side < 2; ++side) {
                const ComparedPlayer& player = m_shown[i];
                const double height = std::min(13.0, lineHeight(area) * 0.42), top = lineMiddle(i, area) + (side == 0 ? -height : 0.0), middle = top + height / 2;
                double end = box.left();
                if (player.there[side]) {
                    painter.setPen(Qt::NoPen);
                    painter.setBrush(seriesColor(side, colors));
                    painter.drawRoundedRect(QRectF(box.left(), top + 0.5, std::max(1.0, x(player.values[side]) - box.left()), height - 1.5), 1.5, 1.5);
                    end = x(player.values[side]);
                    if (const double interval = 1.96 * player.errors[side]; interval > 0.0) {
                        paintInterval(painter, x(std::max(0.0, player.values[side] - interval)), x(player.values[side] + interval), middle, colors);
                        end = x(player.values[side] + interval);
                    }
                }
                painter.setPen(player.there[side] ? colors.dim : colors.faint);
                painter.drawText(QRectF(end + 5.0, middle - 8.0, 10.0, 16.0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                                 player.there[side] ? figure(player.values[side]) : QCoreApplication::translate("Plots", "not there"));
            }
        painter.restore();
    }

    QString sentence() const override
    {
        const QString over = m_comparison.sameRows
            ? QCoreApplication::translate("Plots", "Means over the %n rows that both explain.", nullptr, static_cast<int>(m_comparison.rows[0]))
            : QCoreApplication::translate("Plots", "They have no row in common: means over %1 rows of “%2” and %3 of “%4”.")
                  .arg(count(0), m_sides[0].name, count(1), m_sides[1].name);
        return over + QLatin1Char(' ') + widestSentence();
    }

protected:
    QString figure(double value) const override { return fixedText(value, m_decimals); }

private:
    QString count(std::size_t side) const { return QLocale().toString(static_cast<qulonglong>(m_comparison.rows[side])); }

    void paintHead(QPainter& painter, const QRectF& box, const ThemeColors& colors) const
    {
        const QFontMetricsF metrics(painter.font(), painter.device());
        double left = box.left();
        for (std::size_t side = 0; side < 2; ++side) {
            const QString text = QCoreApplication::translate("Plots", "%1 (%2 rows)").arg(m_sides[side].name, count(side));
            const double width = std::min(textWidth(metrics, text), box.width() / 2 - 34.0);
            painter.setPen(Qt::NoPen);
            painter.setBrush(seriesColor(side, colors));
            painter.drawRoundedRect(QRectF(left, box.center().y() - 4.0, 10.0, 8.0), 2.0, 2.0);
            painter.setPen(colors.text);
            drawText(painter, QRectF(left + 16.0, box.top(), width, box.height()), Qt::AlignLeft | Qt::AlignVCenter, text, Qt::ElideMiddle);
            left += width + 34.0;
        }
    }
};

} // namespace

std::unique_ptr<Plot> makePairedMeans(const PairSide& first, const PairSide& second, const std::string& output, int maxFeatures)
{
    return std::make_unique<PairedMeans>(first, second, output, maxFeatures);
}

} // namespace limpid
