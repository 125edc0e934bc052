#pragma once

#include <QWidget>

namespace limpid {

class NetworkScene;
class NetworkView;

/// The whole network small in the corner, with what is seen of it framed; a click or a drag goes there. Hidden while all is seen.
class NetworkMap : public QWidget
{
    Q_OBJECT
public:
    NetworkMap(NetworkScene& scene, NetworkView& view);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void refresh();
    /// From the scene to the widget.
    QTransform toMap() const;
    NetworkScene& m_scene;
    NetworkView& m_view;
};

} // namespace limpid
