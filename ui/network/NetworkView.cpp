#include "ui/network/NetworkView.h"

#include "ui/network/NetworkScene.h"
#include "ui/network/NodeItem.h"
#include "ui/theme/Theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr double dotPitch = 24.0, nudgeStep = 8.0, leastZoom = 0.15, readable = 0.75, mostZoom = 2.5;

bool isOurs(const QKeyEvent& event)
{
    const bool control = event.modifiers() & Qt::ControlModifier;
    switch (event.key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
    case Qt::Key_Escape:
        return true;
    case Qt::Key_A:
    case Qt::Key_D:
    case Qt::Key_L:
    case Qt::Key_0:
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
        return control;
    default:
        return false;
    }
}

} // namespace

NetworkView::NetworkView(NetworkScene& scene, const Theme& theme, QWidget* parent)
    : QGraphicsView(&scene, parent), m_scene(scene), m_theme(theme)
{
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setDragMode(RubberBandDrag);
    setRubberBandSelectionMode(Qt::IntersectsItemShape);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setViewportUpdateMode(SmartViewportUpdate);
    setTransformationAnchor(NoAnchor);
    setResizeAnchor(NoAnchor);
    setFocusPolicy(Qt::StrongFocus);
    setAcceptDrops(true);
    setMinimumSize(200, 160);
    setAccessibleName(tr("Network canvas"));
    setAccessibleDescription(keysHelp());
    setStyleSheet("QGraphicsView { background: transparent; border: none; }");
    viewport()->setAutoFillBackground(false);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

QString NetworkView::keysHelp()
{
    return tr("Tab and the arrows select, Ctrl+arrows move, Delete removes, Ctrl+D duplicates, Ctrl+A selects all, "
              "Ctrl+L tidies, Ctrl+0 fits, Ctrl+plus and Ctrl+minus zoom.");
}

void NetworkView::fit()
{
    showFrom(leastZoom);
}

void NetworkView::showStart()
{
    showFrom(readable);
}

void NetworkView::showFrom(double leastScale)
{
    m_follows = true;
    m_leastScale = leastScale;
    const QRectF contents = m_scene.contents();
    if (contents.isEmpty() || viewport()->width() < 40)
        return;
    // The buttons stand in the top right corner; a margin above keeps nodes from under them.
    const QRectF area = contents.adjusted(-28.0, -52.0, 28.0, 12.0);
    const double scale = std::clamp(std::min(viewport()->width() / area.width(), viewport()->height() / area.height()), leastScale, 1.0);
    resetTransform();
    setTransformationAnchor(NoAnchor);
    QGraphicsView::scale(scale, scale);
    // What is too high begins at its top.
    const double visible = viewport()->height() / scale;
    centerOn(area.center().x(), area.height() > visible ? area.top() + visible / 2.0 : area.center().y());
}

void NetworkView::zoom(double factor)
{
    const double now = transform().m11();
    const double next = std::clamp(now * factor, leastZoom, mostZoom);
    m_follows = false;
    setTransformationAnchor(underMouse() ? AnchorUnderMouse : AnchorViewCenter);
    scale(next / now, next / now);
    setTransformationAnchor(NoAnchor);
}

void NetworkView::drawBackground(QPainter* painter, const QRectF& rect)
{
    const double scale = transform().m11();
    const double pitch = scale < 0.5 ? dotPitch * 2.0 : dotPitch;
    QList<QPointF> dots;
    for (double x = std::floor(rect.left() / pitch) * pitch; x < rect.right(); x += pitch)
        for (double y = std::floor(rect.top() / pitch) * pitch; y < rect.bottom(); y += pitch)
            dots << QPointF(x, y);
    QPen pen(m_theme.colors().line, 1.5);
    pen.setCosmetic(true);
    pen.setCapStyle(Qt::RoundCap);
    painter->setPen(pen);
    painter->drawPoints(dots.constData(), static_cast<int>(dots.size()));
}

void NetworkView::wheelEvent(QWheelEvent* event)
{
    const int steps = event->angleDelta().y();
    if (steps != 0)
        zoom(std::pow(1.0015, steps));
    event->accept();
}

void NetworkView::panBy(const QPoint& pixels)
{
    m_follows = false;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - pixels.x());
    verticalScrollBar()->setValue(verticalScrollBar()->value() - pixels.y());
}

void NetworkView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::MiddleButton || (m_space && event->button() == Qt::LeftButton)) {
        m_panning = true;
        m_panStart = event->pos();
        viewport()->setCursor(Qt::ClosedHandCursor);
        event->accept();
        return;
    }
    QGraphicsView::mousePressEvent(event);
}

void NetworkView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_panning) {
        panBy(event->pos() - m_panStart);
        m_panStart = event->pos();
        event->accept();
        return;
    }
    QGraphicsView::mouseMoveEvent(event);
}

void NetworkView::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_panning) {
        m_panning = false;
        viewport()->setCursor(m_space ? Qt::OpenHandCursor : Qt::ArrowCursor);
        event->accept();
        return;
    }
    QGraphicsView::mouseReleaseEvent(event);
}

bool NetworkView::event(QEvent* event)
{
    // Our keys come here even where the window has a shortcut of the same name.
    if (event->type() == QEvent::ShortcutOverride && isOurs(static_cast<QKeyEvent&>(*event))) {
        event->accept();
        return true;
    }
    return QGraphicsView::event(event);
}

void NetworkView::showSelected()
{
    const std::vector<std::string> ids = m_scene.selectedNodes();
    if (!ids.empty())
        ensureVisible(m_scene.node(ids.front()), 24, 24);
}

void NetworkView::keyPressEvent(QKeyEvent* event)
{
    const bool control = event->modifiers() & Qt::ControlModifier;
    QPointF direction;
    switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        m_scene.deleteSelection();
        return;
    case Qt::Key_Escape:
        m_scene.clearSelection();
        return;
    case Qt::Key_Space:
        if (!event->isAutoRepeat() && !m_space) {
            m_space = true;
            viewport()->setCursor(Qt::OpenHandCursor);
        }
        return;
    case Qt::Key_Left:
        direction = {-1.0, 0.0};
        break;
    case Qt::Key_Right:
        direction = {1.0, 0.0};
        break;
    case Qt::Key_Up:
        direction = {0.0, -1.0};
        break;
    case Qt::Key_Down:
        direction = {0.0, 1.0};
        break;
    default:
        break;
    }
    if (!direction.isNull()) {
        if (control)
            m_scene.nudge(direction.x() * nudgeStep, direction.y() * nudgeStep);
        else
            m_scene.selectTowards(direction);
        showSelected();
        return;
    }
    if (control) {
        switch (event->key()) {
        case Qt::Key_A: {
            std::vector<std::string> all;
            for (const NodeSpec& node : m_scene.network().nodes)
                all.push_back(node.id);
            m_scene.selectNodes(all);
            return;
        }
        case Qt::Key_D:
            m_scene.duplicateSelection();
            return;
        case Qt::Key_L:
            m_scene.tidy();
            fit();
            return;
        case Qt::Key_0:
            fit();
            return;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            zoom(1.2);
            return;
        case Qt::Key_Minus:
            zoom(1.0 / 1.2);
            return;
        default:
            break;
        }
    }
    QGraphicsView::keyPressEvent(event);
}

void NetworkView::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_space = false;
        viewport()->setCursor(Qt::ArrowCursor);
        return;
    }
    QGraphicsView::keyReleaseEvent(event);
}

bool NetworkView::focusNextPrevChild(bool next)
{
    // Tab walks through the nodes, and past the last one leaves the canvas as everywhere.
    if (hasFocus() && m_scene.selectNext(next)) {
        showSelected();
        return true;
    }
    return QGraphicsView::focusNextPrevChild(next);
}

void NetworkView::resizeEvent(QResizeEvent* event)
{
    QGraphicsView::resizeEvent(event);
    if (m_follows)
        showFrom(m_leastScale);
}

void NetworkView::showEvent(QShowEvent* event)
{
    QGraphicsView::showEvent(event);
    if (m_follows)
        showFrom(m_leastScale);
}

} // namespace limpid
