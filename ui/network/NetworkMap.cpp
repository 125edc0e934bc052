#include "ui/network/NetworkMap.h"

#include "ui/network/CanvasPainter.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NetworkView.h"
#include "ui/network/NodeItem.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace limpid {

namespace {
constexpr int mapWidth = 150, mapHeight = 110;
constexpr double border = 8.0;
} // namespace

NetworkMap::NetworkMap(NetworkScene& scene, NetworkView& view) : QWidget(&view), m_scene(scene), m_view(view)
{
    setObjectName("networkMap");
    setAccessibleName(tr("Map of the network"));
    setToolTip(tr("The whole network. Click or drag to go there."));
    setFixedSize(mapWidth, mapHeight);
    setCursor(Qt::PointingHandCursor);
    hide();
    connect(&view, &NetworkView::viewChanged, this, &NetworkMap::refresh);
    connect(&scene, &NetworkScene::picked, this, &NetworkMap::refresh);
    connect(&scene, &NetworkScene::restyled, this, qOverload<>(&QWidget::update));
}

void NetworkMap::refresh()
{
    const QRectF contents = m_scene.contents();
    setVisible(!contents.isEmpty() && !m_view.seen().contains(contents));
    update();
}

QTransform NetworkMap::toMap() const
{
    const QRectF area = m_scene.contents();
    const double scale = std::min((width() - 2.0 * border) / std::max(1.0, area.width()), (height() - 2.0 * border) / std::max(1.0, area.height()));
    QTransform transform;
    transform.translate(width() / 2.0, height() / 2.0);
    transform.scale(scale, scale);
    transform.translate(-area.center().x(), -area.center().y());
    return transform;
}

void NetworkMap::paintEvent(QPaintEvent*)
{
    const ThemeColors& colors = m_scene.style().colors;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors.line, 1.0));
    painter.setBrush(colors.card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::cardRadius, Theme::cardRadius);
    painter.setClipRect(rect().adjusted(3, 3, -3, -3));

    const QTransform map = toMap();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const NodeSpec& node : m_scene.network().nodes) {
        const NodeItem* item = m_scene.node(node.id);
        if (!item)
            continue;
        QRectF place = map.mapRect(nodeGeometry::body(item->face()).translated(item->pos()));
        place.setWidth(std::max(2.0, place.width()));
        place.setHeight(std::max(1.5, place.height()));
        const NodeFace& face = item->face();
        QColor color = face.isInput ? colors.good : colors.faint;
        if (face.problem)
            color = *face.problem == Severity::Error ? colors.bad : colors.warn;
        if (item->isSelected())
            color = colors.accent;
        painter.fillRect(place, color);
    }
    QColor veil = colors.accent;
    veil.setAlpha(28);
    painter.setPen(QPen(colors.accent, 1.0));
    painter.setBrush(veil);
    painter.drawRect(map.mapRect(m_view.seen()));
}

void NetworkMap::mousePressEvent(QMouseEvent* event)
{
    m_view.panTo(toMap().inverted().map(event->position()));
}

void NetworkMap::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton)
        m_view.panTo(toMap().inverted().map(event->position()));
}

} // namespace limpid
