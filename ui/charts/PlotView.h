#pragma once

#include "ui/charts/Plot.h"

#include <QPixmap>
#include <QWidget>

namespace limpid {

/// Shows a Plot in the window: hover tooltips, click, context menu (copy picture, save PNG or SVG, show the table),
/// also by the menu key and Ctrl+C. Painted once per size, theme and plot; then only copied to the screen.
class PlotView : public QWidget
{
    Q_OBJECT
public:
    explicit PlotView(const Theme& theme, QWidget* parent = nullptr);
    void setPlot(std::unique_ptr<Plot> plot);
    /// The plot takes the room that there is, so that another one moves nothing; else it asks for as much as it likes.
    void setFills(bool fills) { m_fills = fills; }
    const Plot* plot() const { return m_plot.get(); }
    /// What of the widget the plot is painted into, as Plot::hit() wants it.
    QRectF plotArea() const;
    QSize sizeHint() const override;

signals:
    void clicked(int item);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void repaintPlot();
    const Theme& m_theme;
    std::shared_ptr<const Plot> m_plot;
    QPixmap m_picture;
    bool m_fills = false;
};

} // namespace limpid
