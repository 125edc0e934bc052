#pragma once

#include "ui/network/LayerFit.h"

#include <QGraphicsView>

#include <optional>

namespace limpid {

class CanvasCommands;
class CommentEditor;
class LayerPicker;
class NameEditor;
class NetworkMap;
class NetworkScene;
class Theme;

/// The window onto the scene: zoom with the wheel, pan with the middle button, the space bar or the small map, and every
/// edit by keyboard.
class NetworkView : public QGraphicsView
{
    Q_OBJECT
public:
    NetworkView(NetworkScene& scene, const Theme& theme, QWidget* parent = nullptr);
    ~NetworkView() override;

    /// Shows all nodes, at most at their own size.
    void fit();
    /// Shows the network from its inputs on, all of it or as much as can be read.
    void showStart();
    void zoom(double factor);
    void actualSize();
    /// 1: a unit of the scene is a pixel.
    double zoomFactor() const { return transform().m11(); }
    /// What of the scene is seen.
    QRectF seen() const;
    void panTo(const QPointF& sceneCentre);
    void showSelected();

    /// Opens the list of layers that fit there, at `scenePoint` or beside what is selected. The layer chosen is added, wired.
    void pick(const edits::Opening& opening, std::optional<QPointF> scenePoint = std::nullopt);
    void pickAtSelection();
    void renameSelected();
    /// Asks for the name of a block made of what is selected.
    void foldSelected();
    void renameSelectedBlock();
    /// Opens a comment's text; without an index a new one's, at the mouse or in the middle.
    void editComment(std::optional<std::size_t> index = std::nullopt);
    /// Where the mouse is, if it is over the canvas; else beside what was copied.
    void paste();
    /// Goes back from the inside of a block; false where one is not in one.
    bool leaveInside();
    void setInside(bool inside) { m_inside = inside; }

    CanvasCommands& commands() { return *m_commands; }
    LayerPicker& picker() { return *m_picker; }
    /// The keys, a line each.
    QString keysHelp() const;

signals:
    void viewChanged();    ///< zoomed or panned
    void leaveWanted();    ///< from the inside of a block, back out

protected:
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void showFrom(double leastScale);
    void panBy(const QPoint& pixels);
    QString headingOf(const edits::Opening& opening) const;
    void placeMap();
    QRect namePlace(const QRectF& sceneRect) const;
    std::optional<QPointF> mousePoint() const; ///< in the scene, while it is over the canvas

    NetworkScene& m_scene;
    const Theme& m_theme;
    CanvasCommands* m_commands;
    LayerPicker* m_picker;
    NameEditor* m_name;
    CommentEditor* m_comment;
    NetworkMap* m_map;
    edits::Opening m_opening;              ///< what the open list is for
    std::optional<QPointF> m_openingAt;
    bool m_space = false, m_panning = false, m_inside = false;
    bool m_follows = true;   ///< fitted, and not zoomed or panned since: fits again when resized
    double m_leastScale = 0.75;
    QPoint m_panStart;
    QPointF m_kept;          ///< the place in the network that is in the middle while rows move apart
};

} // namespace limpid
