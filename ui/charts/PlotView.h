#pragma once

#include "ui/charts/Plot.h"

#include <QPixmap>
#include <QWidget>

#include <optional>
#include <vector>

class QToolButton;

namespace limpid {

/// Shows a Plot in the window: hover tooltips, click, context menu (copy picture, save it, show the table, and the
/// widget's own actions), also by the menu key and Ctrl+C. Painted once per size, theme and plot; then only copied to the screen.
///
/// Where marks are rows, a rubber band selects them, and with Shift adds to them. By keyboard: arrows move a cursor from
/// item to item, Space selects its row or gives it up, Escape gives up all.
///
/// Where the plot has an axis of numbers, Ctrl and the wheel zoom along it, Ctrl and a drag (or the middle button's) pan, as
/// do Shift and the wheel; a double click shows everything, and so does the button that stands in the corner meanwhile. By
/// keyboard: + and −, Ctrl with left and right, 0. Where the cursor goes, what is shown follows. LineChart, which has no rows to
/// select, takes the same, without Ctrl too.
class PlotView : public QWidget
{
    Q_OBJECT
public:
    explicit PlotView(const Theme& theme, QWidget* parent = nullptr);
    /// What is selected stays where the plot has as many rows, and the part that is shown where it has the same axis.
    void setPlot(std::unique_ptr<Plot> plot);
    /// The plot takes the room that there is, so that another one moves nothing; else it asks for as much as it likes.
    void setFills(bool fills) { m_fills = fills; }
    /// As it is shown: zoomed where one has zoomed.
    const Plot* plot() const { return m_plot.get(); }
    void fit();             ///< shows everything
    bool isFitted() const { return m_zoom.isWhole(); }
    /// What of the widget the plot is painted into, as Plot::hit() wants it.
    QRectF plotArea() const;
    QSize sizeHint() const override;
    /// Rows of the explanation, in any order; those that the plot does not have are left out. Emits nothing.
    void setSelection(const std::vector<std::size_t>& rows);
    /// Ascending.
    std::vector<std::size_t> selection() const;

signals:
    void clicked(int item);
    /// All rows that are selected now, ascending: after a rubber band, Space or Escape.
    void rowsSelected(const std::vector<std::size_t>& rows);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void repaintPlot();
    void limitHeight();
    void clear(QPixmap& layer) const;
    AxisRange wholeAxis() const;
    AxisRange shownAxis() const { return m_zoom.shown(wholeAxis()); }
    bool isZoomable() const { return m_whole && wholeAxis().span() > 0.0; }
    double valueAt(double pixel) const;
    double valuesPerPixel() const;
    void showZoomed();
    bool zoomByKey(const QKeyEvent& event);
    void select(std::vector<bool> rows);
    void moveCursor(Qt::Key arrow);
    bool selectByKey(int key);

    const Theme& m_theme;
    std::shared_ptr<const Plot> m_whole; ///< what was set
    std::shared_ptr<const Plot> m_plot;  ///< what is shown: the same, or the part that one has zoomed to
    AxisZoom m_zoom;
    QToolButton* m_reset;
    QPixmap m_picture, m_overlay;    ///< the plot, and what selected rows add to it
    bool m_isPainted = false, m_isMarked = false; ///< whether these are up to date
    std::vector<bool> m_selected;    ///< [rows of the plot]
    std::optional<QPointF> m_press;  ///< where the left button went down
    QPointF m_pointer;
    bool m_isBand = false;           ///< a rubber band from m_press to m_pointer
    bool m_isPan = false;            ///< what is shown follows the pointer
    int m_cursor = -1;               ///< the keyboard's item
    bool m_fills = false;
};

} // namespace limpid
