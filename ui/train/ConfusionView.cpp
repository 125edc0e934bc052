#include "ui/train/ConfusionView.h"

#include "ui/charts/PlotTools.h"
#include "ui/text/Messages.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {
constexpr double headHeight = 20.0;
constexpr double labelShare = 0.26;
} // namespace

ConfusionView::ConfusionView(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void ConfusionView::setMatrix(std::vector<std::int64_t> counts, QStringList classes)
{
    if (counts.size() != static_cast<std::size_t>(classes.size() * classes.size()))
        counts.clear();
    m_counts = std::move(counts);
    m_classes = std::move(classes);
    QStringList lines;
    for (qsizetype row = 0; row < m_classes.size() && !m_counts.empty(); ++row)
        for (qsizetype column = 0; column < m_classes.size(); ++column)
            lines << tr("true %1, predicted %2: %3").arg(m_classes[row], m_classes[column],
                                                       countText(m_counts[static_cast<std::size_t>(row * m_classes.size() + column)]));
    setAccessibleName(tr("Confusion matrix"));
    setAccessibleDescription(lines.join(QStringLiteral("; ")));
    setVisible(!m_counts.empty());
    updateGeometry();
    update();
}

QSize ConfusionView::sizeHint() const
{
    const int classes = std::max<int>(2, static_cast<int>(m_classes.size()));
    return {200, static_cast<int>(headHeight) + 18 + std::min(220, classes * (classes <= 3 ? 48 : 28))};
}

QRectF ConfusionView::cellsArea() const
{
    const double left = std::ceil(width() * labelShare);
    return QRectF(left, headHeight + 18.0, width() - left, height() - headHeight - 18.0);
}

void ConfusionView::paintEvent(QPaintEvent*)
{
    if (m_counts.empty())
        return;
    using namespace plot;
    const ThemeColors& colors = m_theme.colors();
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.setFont(m_theme.smallFont());
    const QFontMetricsF metrics(painter.font());
    const QRectF area = cellsArea();
    const std::size_t classes = static_cast<std::size_t>(m_classes.size());
    const double width = area.width() / static_cast<double>(classes), height = area.height() / static_cast<double>(classes);
    painter.setPen(colors.dim);
    drawText(painter, QRectF(area.left(), 0, area.width(), 18), Qt::AlignCenter, tr("predicted"));
    drawText(painter, QRectF(0, 18, area.left() - 6, headHeight), Qt::AlignRight | Qt::AlignVCenter, tr("true"));
    for (std::size_t row = 0; row < classes; ++row) {
        std::int64_t total = 0;
        for (std::size_t column = 0; column < classes; ++column)
            total += m_counts[row * classes + column];
        const double top = area.top() + static_cast<double>(row) * height;
        painter.setPen(colors.dim);
        if (height >= 11.0)
            drawText(painter, QRectF(0, top, area.left() - 6, height), Qt::AlignRight | Qt::AlignVCenter, m_classes[static_cast<qsizetype>(row)], Qt::ElideMiddle);
        if (width >= 20.0)
            drawText(painter, QRectF(area.left() + static_cast<double>(row) * width + 2, 18, width - 4, headHeight), Qt::AlignCenter,
                     m_classes[static_cast<qsizetype>(row)], Qt::ElideMiddle);
        for (std::size_t column = 0; column < classes; ++column) {
            const std::int64_t count = m_counts[row * classes + column];
            const double share = total > 0 ? static_cast<double>(count) / static_cast<double>(total) : 0.0;
            const QRectF cell(area.left() + static_cast<double>(column) * width, top, width, height);
            const double gap = classes <= 6 ? 2.0 : 0.5;
            painter.setPen(Qt::NoPen);
            painter.setBrush(mix(colors.card, colors.accent, 0.08 + 0.42 * share));
            painter.drawRoundedRect(cell.adjusted(gap, gap, -gap, -gap), 3.0, 3.0);
            const QString text = countText(count);
            if (textWidth(metrics, text) < width - 4.0 && height >= 14.0) {
                painter.setPen(colors.text);
                painter.drawText(cell, Qt::AlignCenter, text);
            }
        }
    }
}

bool ConfusionView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && !m_counts.empty()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QRectF area = cellsArea();
        const qsizetype classes = m_classes.size();
        const auto column = static_cast<qsizetype>((help->pos().x() - area.left()) / area.width() * static_cast<double>(classes));
        const auto row = static_cast<qsizetype>((help->pos().y() - area.top()) / area.height() * static_cast<double>(classes));
        if (area.contains(help->pos()) && row < classes && column < classes)
            QToolTip::showText(help->globalPos(),
                               tr("true %1, predicted %2: %3 rows").arg(m_classes[row], m_classes[column],
                                                                       countText(m_counts[static_cast<std::size_t>(row * classes + column)])),
                               this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace limpid
