#include "ui/charts/PlotView.h"

#include "ui/charts/PlotMenu.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
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
    // Another picture of the same rows keeps what is selected of them.
    if (const std::size_t rows = m_plot ? m_plot->selectableRows() : 0; rows != m_selected.size())
        m_selected.assign(rows, false);
    m_press.reset();
    m_isBand = false;
    m_cursor = -1;
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
    m_overlay = QPixmap();
    update();
}

QPixmap PlotView::layer() const
{
    QPixmap pixmap((QSizeF(size()) * devicePixelRatioF()).toSize());
    pixmap.setDevicePixelRatio(devicePixelRatioF());
    pixmap.fill(Qt::transparent);
    return pixmap;
}

void PlotView::setSelection(const std::vector<std::size_t>& rows)
{
    std::vector<bool> selected(m_plot ? m_plot->selectableRows() : 0, false);
    for (const std::size_t row : rows)
        if (row < selected.size())
            selected[row] = true;
    if (selected == m_selected)
        return;
    m_selected = std::move(selected);
    m_overlay = QPixmap();
    update();
}

std::vector<std::size_t> PlotView::selection() const
{
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < m_selected.size(); ++row)
        if (m_selected[row])
            rows.push_back(row);
    return rows;
}

void PlotView::select(std::vector<bool> rows)
{
    if (rows == m_selected)
        return;
    m_selected = std::move(rows);
    m_overlay = QPixmap();
    update();
    emit rowsSelected(selection());
}

void PlotView::paintEvent(QPaintEvent* event)
{
    if (!m_plot || size().isEmpty())
        return;
    const double scale = devicePixelRatioF();
    if (m_picture.isNull() || m_picture.devicePixelRatio() != scale) {
        m_picture = layer();
        m_overlay = QPixmap();
        QPainter painter(&m_picture);
        m_plot->paint(painter, plotArea(), m_theme);
    }
    const bool anySelected = std::find(m_selected.begin(), m_selected.end(), true) != m_selected.end();
    if (anySelected && m_overlay.isNull()) {
        m_overlay = layer();
        QPainter painter(&m_overlay);
        m_plot->paintSelection(painter, plotArea(), m_theme, m_selected);
    }
    QPainter painter(this);
    const QRectF dirty = event->rect();
    const QRectF source(dirty.topLeft() * scale, dirty.size() * scale);
    painter.drawPixmap(dirty, m_picture, source);
    if (anySelected)
        painter.drawPixmap(dirty, m_overlay, source);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.colors().accent, 1.0));
    if (m_isBand) {
        QColor fill = m_theme.colors().accent;
        fill.setAlphaF(0.12f);
        painter.setBrush(fill);
        painter.drawRect(QRectF(*m_press, m_pointer).normalized());
        painter.setBrush(Qt::NoBrush);
    }
    if (const QRectF place = hasFocus() && m_cursor >= 0 ? m_plot->itemPlace(m_cursor, plotArea()) : QRectF(); !place.isEmpty()) {
        painter.setPen(QPen(m_theme.colors().text, 1.5));
        painter.drawRoundedRect(place.adjusted(-3.0, -3.0, 3.0, 3.0), 3.0, 3.0);
        painter.setPen(QPen(m_theme.colors().accent, 1.0));
    }
    if (hasFocus()) {
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
    if (m_press && m_plot && m_plot->selectableRows() > 0) {
        m_pointer = event->position();
        m_isBand = m_isBand || (m_pointer - *m_press).manhattanLength() >= QApplication::startDragDistance();
        if (m_isBand) {
            QToolTip::hideText();
            update();
            return;
        }
    }
    const int item = m_plot ? m_plot->hit(event->position(), plotArea()) : -1;
    setCursor(item >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (item < 0)
        QToolTip::hideText();
}

void PlotView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_plot)
        return QWidget::mousePressEvent(event);
    m_press = m_pointer = event->position();
}

void PlotView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_plot || !m_press)
        return QWidget::mouseReleaseEvent(event);
    const QRectF band = QRectF(*m_press, event->position()).normalized();
    const QPointF press = *m_press;
    m_press.reset();
    if (!m_isBand) {
        if (const int item = m_plot->hit(press, plotArea()); item >= 0)
            emit clicked(item); // it may set another plot
        return;
    }
    m_isBand = false;
    update();
    std::vector<bool> rows(m_selected.size(), false);
    if (event->modifiers().testFlag(Qt::ShiftModifier))
        rows = m_selected;
    for (const std::size_t row : m_plot->rowsIn(band, plotArea()))
        rows[row] = true;
    select(std::move(rows));
}

void PlotView::moveCursor(Qt::Key arrow)
{
    m_cursor = m_plot->itemAfter(m_cursor, arrow);
    update();
    if (const QRectF place = m_cursor >= 0 ? m_plot->itemPlace(m_cursor, plotArea()) : QRectF(); !place.isEmpty())
        QToolTip::showText(mapToGlobal(place.bottomRight().toPoint()), m_plot->tooltip(m_cursor), this);
}

bool PlotView::selectByKey(int key)
{
    if (!m_plot || m_plot->selectableRows() == 0)
        return false;
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        moveCursor(static_cast<Qt::Key>(key));
        return true;
    case Qt::Key_Space:
        if (const int row = m_cursor >= 0 ? m_plot->rowOf(m_cursor) : -1; row >= 0) {
            std::vector<bool> rows = m_selected;
            rows[static_cast<std::size_t>(row)] = !rows[static_cast<std::size_t>(row)];
            select(std::move(rows));
        }
        return true;
    case Qt::Key_Escape:
        if (m_isBand) {
            m_press.reset();
            m_isBand = false;
            update();
            return true;
        }
        if (std::find(m_selected.begin(), m_selected.end(), true) == m_selected.end())
            return false; // whoever else waits for Escape
        select(std::vector<bool>(m_selected.size(), false));
        return true;
    default:
        return false;
    }
}

void PlotView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy) && m_plot)
        copyPicture(*m_plot, size(), m_theme);
    else if (!selectByKey(event->key()))
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
        showPlotMenu(m_plot, size(), m_theme, this, event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : mapToGlobal(rect().center()), {},
                     [this](QMenu& menu) {
                         if (!actions().isEmpty())
                             menu.addSeparator();
                         menu.addActions(actions()); // those that whoever uses the view has given it
                     });
}

} // namespace limpid
