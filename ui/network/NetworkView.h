#pragma once

#include <QGraphicsView>

namespace limpid {

class NetworkScene;
class Theme;

/// The window onto the scene: zoom with the wheel, pan with the middle button or the space bar, and every edit by keyboard.
class NetworkView : public QGraphicsView
{
    Q_OBJECT
public:
    NetworkView(NetworkScene& scene, const Theme& theme, QWidget* parent = nullptr);

    /// Shows all nodes, at most at their own size.
    void fit();
    /// Shows the network from its inputs on, all of it or as much as can be read.
    void showStart();
    void zoom(double factor);
    /// The keys, for tooltips.
    static QString keysHelp();

protected:
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void showFrom(double leastScale);
    void panBy(const QPoint& pixels);
    void showSelected();

    NetworkScene& m_scene;
    const Theme& m_theme;
    bool m_space = false, m_panning = false;
    bool m_follows = true;   ///< fitted, and not zoomed or panned since: fits again when resized
    double m_leastScale = 0.75;
    QPoint m_panStart;
};

} // namespace limpid
