#include "ui/charts/PairFrame.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace limpid::plot {

PairFrame::PairFrame(const PairSide& first, const PairSide& second, const std::string& output, Comparison comparison, int maxFeatures, double headHeight, double axisHeight)
    : m_sides{first, second}, m_outputs{*outputNamed(*first.explanation, output), *outputNamed(*second.explanation, output)},
      m_comparison(std::move(comparison)), m_shown(m_comparison.leading(static_cast<std::size_t>(std::max(2, maxFeatures)))),
      m_range(m_comparison.range(m_shown)), m_head(headHeight), m_axis(axisHeight)
{
    for (const ComparedPlayer& player : m_shown) {
        m_hasErrors = m_hasErrors || player.errors[0] > 0.0 || player.errors[1] > 0.0;
        m_isUncertain = m_isUncertain || (player.inBoth() && player.difference() != 0.0 && !player.differs());
    }
    m_decimals = decimalsFor(m_range.second - m_range.first, 3);
}

QString PairFrame::effect() const
{
    const QString first = effectTerm(*m_sides[0].explanation);
    return first == effectTerm(*m_sides[1].explanation) ? first : QCoreApplication::translate("Plots", "contribution");
}

QString PairFrame::label(const ComparedPlayer& player) const
{
    if (player.others > 0)
        return QCoreApplication::translate("Plots", "%n others", nullptr, static_cast<int>(player.others));
    const QString column = QString::fromStdString(player.column);
    if (!m_comparison.sameCells)
        return column;
    const std::string& cell = player.cells[player.there[0] ? 0 : 1];
    return QStringLiteral("%1 = %2").arg(column, cell.empty() ? QCoreApplication::translate("Plots", "missing") : QString::fromStdString(cell));
}

QString PairFrame::widestSentence() const
{
    const std::optional<std::size_t> widest = m_comparison.widest();
    if (!widest)
        return QCoreApplication::translate("Plots", "No column's value differs.");
    const ComparedPlayer& player = m_comparison.players[*widest];
    return (player.differs() ? QCoreApplication::translate("Plots", "What differs most is “%1”: %2 against %3.")
                             : QCoreApplication::translate("Plots", "What differs most, though not certainly at 95 %, is “%1”: %2 against %3."))
        .arg(label(player), figure(player.values[0]), figure(player.values[1]));
}

double PairFrame::frameHeight(double lineHeight) const
{
    return m_head + lineHeight * static_cast<double>(m_shown.size()) + m_axis + (m_hasErrors ? noteHeight : 0.0);
}

double PairFrame::lineHeight(const QRectF& area) const
{
    return std::clamp((area.height() - frameHeight(0.0)) / std::max<double>(1.0, static_cast<double>(m_shown.size())), 18.0, 36.0);
}

double PairFrame::lineMiddle(std::size_t line, const QRectF& area) const { return area.top() + m_head + (static_cast<double>(line) + 0.5) * lineHeight(area); }

QRectF PairFrame::paintFrame(QPainter& painter, const QRectF& area, const ThemeColors& colors) const
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const QString head = QCoreApplication::translate("Plots", "difference");
    double names = 0.0, figures = textWidth(metrics, head);
    for (const ComparedPlayer& player : m_shown) {
        names = std::max(names, textWidth(metrics, label(player)));
        figures = std::max(figures, textWidth(metrics, signedText(player.difference(), m_decimals)));
    }
    names = std::min(names, area.width() * 0.26);
    painter.setPen(colors.dim);
    drawText(painter, QRectF(area.right() - figures, area.top() + m_head - 20.0, figures, 18.0), Qt::AlignRight | Qt::AlignVCenter, head);
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        const ComparedPlayer& player = m_shown[i];
        const double middle = lineMiddle(i, area);
        painter.setPen(colors.text);
        drawText(painter, QRectF(area.left(), middle - 10.0, names, 20.0), Qt::AlignRight | Qt::AlignVCenter, label(player), Qt::ElideMiddle);
        painter.setPen(player.differs() ? colors.text : colors.faint);
        drawText(painter, QRectF(area.right() - figures, middle - 10.0, figures, 20.0), Qt::AlignRight | Qt::AlignVCenter,
                 player.inBoth() ? signedText(player.difference(), m_decimals) : QStringLiteral("–"));
    }
    if (m_hasErrors) {
        painter.setPen(colors.dim);
        QString note = QCoreApplication::translate("Plots", "thin lines: 95 % intervals");
        if (m_isUncertain)
            note += QCoreApplication::translate("Plots", "; faint differences are not certain at 95 %");
        drawText(painter, QRectF(area.left(), linesBottom(area) + m_axis, area.width(), noteHeight), Qt::AlignRight | Qt::AlignVCenter, note);
    }
    const double left = area.left() + names + 14.0;
    return QRectF(left, area.top() + m_head, std::max(60.0, area.right() - figures - 14.0 - left), linesBottom(area) - area.top() - m_head);
}

void PairFrame::paintInterval(QPainter& painter, double from, double to, double y, const ThemeColors& colors) const
{
    painter.setPen(QPen(colors.text, 1.2));
    painter.drawLine(QPointF(from, y), QPointF(to, y));
    for (const double end : {from, to})
        painter.drawLine(QPointF(end, y - 2.5), QPointF(end, y + 2.5));
}

int PairFrame::hit(const QPointF& point, const QRectF& area) const
{
    const double line = (point.y() - area.top() - m_head) / lineHeight(area);
    return area.contains(point) && line >= 0.0 && line < static_cast<double>(m_shown.size()) ? static_cast<int>(line) : -1;
}

QString PairFrame::tooltip(int item) const
{
    if (item < 0 || item >= static_cast<int>(m_shown.size()))
        return {};
    const ComparedPlayer& player = m_shown[static_cast<std::size_t>(item)];
    QStringList lines{label(player)};
    for (std::size_t side = 0; side < 2; ++side) {
        QString text = player.there[side] ? effectText(player.values[side], 1.96 * player.errors[side]) : QCoreApplication::translate("Plots", "not there");
        if (!m_comparison.sameCells && player.there[side] && player.others == 0 && !player.cells[side].empty())
            text += QStringLiteral("  (%1)").arg(QString::fromStdString(player.cells[side]));
        lines << QStringLiteral("%1: %2").arg(m_sides[side].name, text);
    }
    if (player.inBoth())
        lines << (player.differs() || player.difference() == 0.0 ? QCoreApplication::translate("Plots", "difference %1")
                                                                 : QCoreApplication::translate("Plots", "difference %1, not certain at 95 %"))
                     .arg(effectText(player.difference(), 1.96 * player.differenceError()));
    return lines.join(QLatin1Char('\n'));
}

std::vector<QStringList> PairFrame::table() const
{
    const bool rows = m_comparison.rows[0] == 0 && m_comparison.rows[1] == 0;
    QStringList first{QCoreApplication::translate("Plots", "column")};
    for (const PairSide& side : m_sides) {
        if (rows)
            first << QCoreApplication::translate("Plots", "value, %1").arg(side.name);
        first << QStringLiteral("%1, %2").arg(rows ? effect() : QCoreApplication::translate("Plots", "mean |%1|").arg(effect()), side.name)
              << QCoreApplication::translate("Plots", "standard error, %1").arg(side.name);
    }
    first << QCoreApplication::translate("Plots", "difference") << QCoreApplication::translate("Plots", "± 95 %");
    std::vector<QStringList> lines{first};
    for (const ComparedPlayer& player : m_comparison.players) {
        QStringList line{QString::fromStdString(player.column)};
        for (std::size_t side = 0; side < 2; ++side) {
            if (rows)
                line << QString::fromStdString(player.cells[side]);
            line << (player.there[side] ? exactText(player.values[side]) : QString()) << (player.there[side] ? exactText(player.errors[side]) : QString());
        }
        line << (player.inBoth() ? exactText(player.difference()) : QString()) << (player.inBoth() ? exactText(1.96 * player.differenceError()) : QString());
        lines.push_back(line);
    }
    return lines;
}

} // namespace limpid::plot
