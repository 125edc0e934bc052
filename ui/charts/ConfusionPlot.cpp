#include "ui/charts/PicturePlots.h"
#include "ui/charts/PlotTools.h"
#include "ui/text/Messages.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Plots", text); }

constexpr double head = 38.0;          ///< above the cells: "predicted" and the classes
constexpr double labelShare = 0.26;    ///< of the width: the true classes, at most 120 px

class ConfusionPlot final : public Plot
{
public:
    ConfusionPlot(std::vector<std::int64_t> counts, QStringList classes) : m_counts(std::move(counts)), m_classes(std::move(classes)) {}

    double preferredHeight(double) const override
    {
        const auto classes = std::max<qsizetype>(2, m_classes.size());
        return head + std::min(220.0, static_cast<double>(classes) * (classes <= 3 ? 48.0 : 28.0));
    }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        const ThemeColors& colors = theme.colors();
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const QFontMetricsF metrics(painter.font(), painter.device());
        const QRectF cells = cellsIn(area);
        const double width = cells.width() / classes(), height = cells.height() / classes();
        painter.setPen(colors.dim);
        drawText(painter, QRectF(cells.left(), area.top(), cells.width(), 18), Qt::AlignCenter, tr("predicted"));
        const double labels = cells.left() - area.left() - 6;
        drawText(painter, QRectF(area.left(), area.top() + 18, labels, 20), Qt::AlignRight | Qt::AlignVCenter, tr("true"));
        for (qsizetype row = 0; row < m_classes.size(); ++row) {
            std::int64_t total = 0;
            for (qsizetype column = 0; column < m_classes.size(); ++column)
                total += count(row, column);
            const double top = cells.top() + static_cast<double>(row) * height;
            painter.setPen(colors.dim);
            if (height >= 11.0)
                drawText(painter, QRectF(area.left(), top, labels, height), Qt::AlignRight | Qt::AlignVCenter, m_classes[row], Qt::ElideMiddle);
            if (width >= 20.0)
                drawText(painter, QRectF(cells.left() + static_cast<double>(row) * width + 2, area.top() + 18, width - 4, 20), Qt::AlignCenter,
                         m_classes[row], Qt::ElideMiddle);
            for (qsizetype column = 0; column < m_classes.size(); ++column) {
                const double share = total > 0 ? static_cast<double>(count(row, column)) / static_cast<double>(total) : 0.0;
                const QRectF cell(cells.left() + static_cast<double>(column) * width, top, width, height);
                const double gap = m_classes.size() <= 6 ? 2.0 : 0.5;
                painter.setPen(Qt::NoPen);
                painter.setBrush(mix(colors.card, colors.accent, 0.08 + 0.42 * share));
                painter.drawRoundedRect(cell.adjusted(gap, gap, -gap, -gap), 3.0, 3.0);
                const QString text = countText(count(row, column));
                if (textWidth(metrics, text) < width - 4.0 && height >= 14.0) {
                    painter.setPen(colors.text);
                    painter.drawText(cell, Qt::AlignCenter, text);
                }
            }
        }
        painter.restore();
    }

    QString sentence() const override
    {
        QStringList lines;
        for (qsizetype row = 0; row < m_classes.size(); ++row)
            for (qsizetype column = 0; column < m_classes.size(); ++column)
                lines << tr("true %1, predicted %2: %3").arg(m_classes[row], m_classes[column], countText(count(row, column)));
        return lines.join(QStringLiteral("; "));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> rows{{tr("true \\ predicted")}};
        rows.front() += m_classes;
        for (qsizetype row = 0; row < m_classes.size(); ++row) {
            QStringList line{m_classes[row]};
            for (qsizetype column = 0; column < m_classes.size(); ++column)
                line << QString::number(count(row, column));
            rows.push_back(line);
        }
        return rows;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const QRectF cells = cellsIn(area);
        if (!cells.contains(point))
            return -1;
        const auto at = [this](double share) { return std::clamp(static_cast<int>(share * classes()), 0, static_cast<int>(m_classes.size()) - 1); };
        return at((point.y() - cells.top()) / cells.height()) * static_cast<int>(m_classes.size()) + at((point.x() - cells.left()) / cells.width());
    }

    QString tooltip(int item) const override
    {
        const qsizetype row = item / m_classes.size(), column = item % m_classes.size();
        return tr("true %1, predicted %2: %3 rows").arg(m_classes[row], m_classes[column], countText(count(row, column)));
    }

private:
    double classes() const { return static_cast<double>(m_classes.size()); }
    std::int64_t count(qsizetype row, qsizetype column) const { return m_counts[static_cast<std::size_t>(row * m_classes.size() + column)]; }
    static QRectF cellsIn(const QRectF& area)
    {
        const double labels = std::ceil(std::min(area.width() * labelShare, 120.0));
        return area.adjusted(labels, head, 0.0, 0.0);
    }

    std::vector<std::int64_t> m_counts;
    QStringList m_classes;
};

} // namespace

std::unique_ptr<Plot> makeConfusionPlot(std::vector<std::int64_t> counts, QStringList classes)
{
    return std::make_unique<ConfusionPlot>(std::move(counts), std::move(classes));
}

} // namespace limpid
