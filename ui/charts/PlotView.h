#pragma once

#include "ui/charts/Plot.h"

#include <QWidget>

namespace limpid {

/// Shows a Plot in the window: hover tooltips, click, context menu (copy picture, save PNG or SVG, show the table).
class PlotView : public QWidget
{
    Q_OBJECT
public:
    explicit PlotView(const Theme& theme, QWidget* parent = nullptr);
    void setPlot(std::unique_ptr<Plot> plot);
    const Plot* plot() const { return m_plot.get(); }
    QSize sizeHint() const override;

signals:
    void clicked(int item);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    const Theme& m_theme;
    std::unique_ptr<Plot> m_plot;
};

} // namespace limpid
