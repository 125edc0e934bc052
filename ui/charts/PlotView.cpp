#include "ui/charts/PlotView.h"

#include "ui/charts/PlotMenu.h"
#include "ui/charts/RowMarks.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

bool isAny(const std::vector<bool>& rows) { return std::find(rows.begin(), rows.end(), true) != rows.end(); }

/// A plot as it is on the screen, with its selected rows: what is copied and saved.
class MarkedPlot final : public Plot
{
public:
    MarkedPlot(std::shared_ptr<const Plot> plot, std::vector<bool> selected) : m_plot(std::move(plot)), m_selected(std::move(selected)) {}
    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        m_plot->paint(painter, area, theme);
        if (isAny(m_selected))
            m_plot->paintSelection(painter, area, theme, m_selected);
    }
    double preferredHeight(double width) const override { return m_plot->preferredHeight(width); }
    QString sentence() const override { return m_plot->sentence(); }
    std::vector<QStringList> table() const override { return m_plot->table(); }

private:
    std::shared_ptr<const Plot> m_plot;
    std::vector<bool> m_selected;
};

} // namespace

PlotView::PlotView(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_reset(new QToolButton(this))
{
    m_reset->setObjectName("plotReset");
    m_reset->setAutoRaise(true);
    m_reset->setFocusPolicy(Qt::NoFocus); // by keyboard it is a key
    m_reset->setCursor(Qt::ArrowCursor);
    m_reset->setAccessibleName(tr("Show everything"));
    m_reset->setToolTip(tr("Show everything (0, or a double click)"));
    m_reset->setIconSize({14, 14});
    m_reset->setGeometry(0, 1, 18, 18); // where no plot that can be zoomed has anything
    m_reset->setIcon(theme.icon("fit", theme.colors().accent));
    m_reset->hide();
    connect(m_reset, &QToolButton::clicked, this, &PlotView::fit);
    connect(&theme, &Theme::changed, m_reset, [this] { m_reset->setIcon(m_theme.icon("fit", m_theme.colors().accent)); });
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&theme, &Theme::changed, this, &PlotView::repaintPlot);
}

void PlotView::setPlot(std::unique_ptr<Plot> plot)
{
    const QString axis = m_whole ? m_whole->zoomAxis().name : QString();
    m_whole = std::move(plot);
    m_plot = m_whole;
    if (isZoomable() && m_whole->zoomAxis().name == axis)
        m_zoom.keepWithin(wholeAxis());
    else
        m_zoom.reset();
    // Another picture of the same rows keeps what is selected of them.
    if (const std::size_t rows = m_plot ? m_plot->selectableRows() : 0; rows != m_selected.size())
        m_selected.assign(rows, false);
    m_press.reset();
    m_isBand = m_isPan = false;
    m_cursor = -1;
    setAccessibleDescription(m_plot ? m_plot->sentence() : QString());
    if (m_fills)
        return showZoomed();
    limitHeight();
    updateGeometry();
    showZoomed();
}

/// Plots may be squeezed to less than half of what they like; below that their owner scrolls.
void PlotView::limitHeight()
{
    setMinimumHeight(m_plot ? static_cast<int>(std::ceil(m_plot->preferredHeight(std::max(width(), 200)) * 0.45)) : 0);
}

QRectF PlotView::plotArea() const { return QRectF(rect()).adjusted(0.0, 2.0, 0.0, -2.0); }

QSize PlotView::sizeHint() const
{
    return {480, m_plot && !m_fills ? static_cast<int>(std::ceil(m_plot->preferredHeight(std::max(width(), 200)))) + 4 : 120};
}

void PlotView::repaintPlot()
{
    m_isPainted = m_isMarked = false;
    update();
}

/// Made ready to be painted on: kept where it can be, as a new one a frame would cost as much as what is on it.
void PlotView::clear(QPixmap& layer) const
{
    const QSize pixels = (QSizeF(size()) * devicePixelRatioF()).toSize();
    if (layer.size() != pixels)
        layer = QPixmap(pixels);
    layer.setDevicePixelRatio(devicePixelRatioF());
    layer.fill(Qt::transparent);
}

AxisRange PlotView::wholeAxis() const { return m_whole ? m_whole->zoomAxis().range : AxisRange(); }

double PlotView::valuesPerPixel() const
{
    const QRectF place = m_plot->axisPlace(plotArea());
    return place.width() > 0.0 ? shownAxis().span() / place.width() : 0.0;
}

double PlotView::valueAt(double pixel) const
{
    return shownAxis().min + (pixel - m_plot->axisPlace(plotArea()).left()) * valuesPerPixel();
}

void PlotView::showZoomed()
{
    m_plot = m_whole;
    if (!m_zoom.isWhole())
        m_plot = m_whole->zoomed(shownAxis());
    m_reset->setVisible(!m_zoom.isWhole());
    repaintPlot();
}

void PlotView::fit()
{
    m_zoom.reset();
    showZoomed();
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
    m_isMarked = false;
    update();
}

std::vector<std::size_t> PlotView::selection() const { return plot::chosenRows(m_selected); }

void PlotView::select(std::vector<bool> rows)
{
    if (rows == m_selected)
        return;
    m_selected = std::move(rows);
    m_isMarked = false;
    update();
    emit rowsSelected(selection());
}

void PlotView::paintEvent(QPaintEvent* event)
{
    if (!m_plot || size().isEmpty())
        return;
    const double scale = devicePixelRatioF();
    if (!m_isPainted || m_picture.devicePixelRatio() != scale) {
        clear(m_picture);
        QPainter painter(&m_picture);
        m_plot->paint(painter, plotArea(), m_theme);
        m_isPainted = true;
        m_isMarked = false;
    }
    const bool anySelected = isAny(m_selected);
    if (anySelected && !m_isMarked) {
        clear(m_overlay);
        QPainter painter(&m_overlay);
        m_plot->paintSelection(painter, plotArea(), m_theme, m_selected);
        m_isMarked = true;
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
    if (!m_fills && event->size().width() != event->oldSize().width())
        limitHeight();
    repaintPlot();
}

void PlotView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_press && m_isPan) {
        if (m_zoom.panBy(wholeAxis(), (m_pointer.x() - event->position().x()) * valuesPerPixel()))
            showZoomed();
        m_pointer = event->position();
        return;
    }
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
    const bool isLeft = event->button() == Qt::LeftButton;
    if (!m_plot || m_press || (!isLeft && event->button() != Qt::MiddleButton))
        return QWidget::mousePressEvent(event);
    const bool isPan = !isFitted() && (!isLeft || event->modifiers().testFlag(Qt::ControlModifier));
    if (!isLeft && !isPan)
        return QWidget::mousePressEvent(event);
    m_press = m_pointer = event->position();
    m_isPan = isPan;
    if (isPan)
        setCursor(Qt::ClosedHandCursor);
}

void PlotView::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_press && m_isPan && !event->buttons().testFlag(Qt::LeftButton) && !event->buttons().testFlag(Qt::MiddleButton)) {
        m_press.reset();
        m_isPan = false;
        setCursor(Qt::ArrowCursor);
        return;
    }
    if (event->button() != Qt::LeftButton || !m_plot || !m_press || m_isPan)
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

void PlotView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && !isFitted())
        fit();
    else
        QWidget::mouseDoubleClickEvent(event);
}

void PlotView::wheelEvent(QWheelEvent* event)
{
    const bool zooms = event->modifiers().testFlag(Qt::ControlModifier), pans = event->modifiers().testFlag(Qt::ShiftModifier);
    if (!isZoomable() || valuesPerPixel() <= 0.0 || (!zooms && (!pans || isFitted())))
        return QWidget::wheelEvent(event); // whatever it stands in scrolls
    // Some systems turn the wheel's direction where Shift is held.
    const int turned = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x();
    if (zooms ? m_zoom.zoomBy(wholeAxis(), shownAxis(), AxisZoom::factor(*event), valueAt(event->position().x()))
              : m_zoom.panBy(wholeAxis(), -turned / 120.0 * 0.1 * shownAxis().span()))
        showZoomed();
    event->accept();
}

/// Arrows alone move the cursor.
bool PlotView::zoomByKey(const QKeyEvent& event)
{
    const bool isArrow = event.key() == Qt::Key_Left || event.key() == Qt::Key_Right;
    if (!isZoomable() || (isArrow && !event.modifiers().testFlag(Qt::ControlModifier)))
        return false;
    const std::optional<bool> moved = m_zoom.pressed(event, wholeAxis(), shownAxis());
    if (moved.value_or(false))
        showZoomed();
    return moved.has_value();
}

void PlotView::moveCursor(Qt::Key arrow)
{
    m_cursor = m_plot->itemAfter(m_cursor, arrow);
    if (m_cursor >= 0 && m_zoom.panTo(wholeAxis(), m_plot->axisValue(m_cursor)))
        showZoomed();
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
        if (!isAny(m_selected))
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
        copyPicture(MarkedPlot(m_plot, m_selected), size(), m_theme);
    else if (!zoomByKey(*event) && !selectByKey(event->key()))
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
    if (!m_plot)
        return;
    const auto extend = [this](QMenu& menu) {
        if (isZoomable())
            addZoomActions(menu, isFitted(), [this](Qt::Key key) { zoomByKey(QKeyEvent(QEvent::KeyPress, key, Qt::NoModifier)); });
        if (!actions().isEmpty())
            menu.addSeparator();
        menu.addActions(actions()); // those that whoever uses the view has given it
    };
    showPlotMenu(std::make_shared<const MarkedPlot>(m_plot, m_selected), size(), m_theme, this,
                 event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : mapToGlobal(rect().center()), {}, extend);
}

} // namespace limpid
