#include "ui/charts/PlotView.h"

#include "ui/charts/PlotMenu.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

namespace limpid {

PlotView::PlotView(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&theme, &Theme::changed, this, &PlotView::repaintPlot);
}

void PlotView::setPlot(std::unique_ptr<Plot> plot)
{
    m_plot = std::move(plot);
    setAccessibleDescription(m_plot ? m_plot->sentence() : QString());
    if (m_fills)
        return repaintPlot();
    if (m_plot) {
        // Plots may be squeezed to less than half of what they like; below that their owner scrolls.
        setMinimumHeight(static_cast<int>(std::ceil(m_plot->preferredHeight(std::max(width(), 200)) * 0.45)));
    } else {
        setMinimumHeight(0);
    }
    updateGeometry();
    repaintPlot();
}

QRectF PlotView::plotArea() const { return QRectF(rect()).adjusted(0.0, 2.0, 0.0, -2.0); }

QSize PlotView::sizeHint() const
{
    return {480, m_plot && !m_fills ? static_cast<int>(std::ceil(m_plot->preferredHeight(std::max(width(), 200)))) + 4 : 120};
}

void PlotView::repaintPlot()
{
    m_picture = QPixmap();
    update();
}

void PlotView::paintEvent(QPaintEvent*)
{
    if (!m_plot || size().isEmpty())
        return;
    const double scale = devicePixelRatioF();
    if (m_picture.isNull() || m_picture.devicePixelRatio() != scale) {
        m_picture = QPixmap((QSizeF(size()) * scale).toSize());
        m_picture.setDevicePixelRatio(scale);
        m_picture.fill(Qt::transparent);
        QPainter painter(&m_picture);
        m_plot->paint(painter, plotArea(), m_theme);
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_picture);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(m_theme.colors().accent, 1.0));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::radius, Theme::radius);
    }
}

void PlotView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    repaintPlot();
}

void PlotView::mouseMoveEvent(QMouseEvent* event)
{
    const int item = m_plot ? m_plot->hit(event->position(), plotArea()) : -1;
    setCursor(item >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (item < 0)
        QToolTip::hideText();
}

void PlotView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_plot)
        return QWidget::mousePressEvent(event);
    if (const int item = m_plot->hit(event->position(), plotArea()); item >= 0)
        emit clicked(item);
}

void PlotView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy) && m_plot)
        copyPicture(*m_plot, size(), m_theme);
    else
        QWidget::keyPressEvent(event);
}

bool PlotView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && m_plot) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int item = m_plot->hit(help->pos(), plotArea());
        if (item >= 0)
            QToolTip::showText(help->globalPos(), m_plot->tooltip(item), this, QRect(help->pos() - QPoint(4, 4), QSize(9, 9)));
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

void PlotView::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_plot)
        showPlotMenu(m_plot, size(), m_theme, this, event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : mapToGlobal(rect().center()));
}

} // namespace limpid
