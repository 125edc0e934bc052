#include "ui/network/NetworkView.h"

#include "ui/network/CanvasCommands.h"
#include "ui/network/CanvasEditor.h"
#include "ui/network/CommentItem.h"
#include "ui/network/EdgeItem.h"
#include "ui/network/LayerPicker.h"
#include "ui/network/NetworkMap.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NodeItem.h"
#include "ui/network/NodePorts.h"
#include "ui/theme/Theme.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr double dotPitch = 24.0, leastDotPixels = 14.0, leastZoom = 0.1, readable = 0.75, mostZoom = 2.5;
constexpr int mapMargin = 12;

} // namespace

NetworkView::NetworkView(NetworkScene& scene, const Theme& theme, QWidget* parent)
    : QGraphicsView(&scene, parent), m_scene(scene), m_theme(theme), m_commands(new CanvasCommands(scene, *this)),
      m_picker(new LayerPicker(theme, this)), m_name(new NameEditor(viewport())),
      m_comment(new CommentEditor(viewport())), m_map(new NetworkMap(scene, *this))
{
    m_commands->setParent(this);
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setDragMode(RubberBandDrag);
    setRubberBandSelectionMode(Qt::IntersectsItemShape);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setViewportUpdateMode(SmartViewportUpdate);
    setOptimizationFlags(DontSavePainterState | DontAdjustForAntialiasing);
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

    connect(&scene, &NetworkScene::layerWanted, this, [this](const edits::Opening& opening, const QPointF& at) { pick(opening, at); });
    connect(&scene, &NetworkScene::commentOpened, this, [this](std::size_t index) { editComment(index); });
    connect(&scene, &NetworkScene::stripsToggling, this, [this] { m_kept = {seen().center().x(), seen().center().y() / m_scene.rowStretch()}; });
    connect(&scene, &NetworkScene::stripsToggled, this, [this] {
        if (m_follows)
            return showFrom(m_leastScale);
        centerOn(m_kept.x(), m_kept.y() * m_scene.rowStretch()); // what was in the middle stays there
        emit viewChanged();
    });
    connect(m_picker, &LayerPicker::chosen, this, [this](const std::string& type) {
        std::optional<QPointF> centre = m_openingAt;
        if (centre && m_opening.kind == edits::Opening::Kind::Branch) // its port where the mouse was let go
            centre->ry() += m_scene.nodeHeight() / 2.0;
        else if (centre && m_opening.kind == edits::Opening::Kind::Above)
            centre->ry() -= m_scene.nodeHeight() / 2.0;
        else if (m_opening.kind == edits::Opening::Kind::Edge)
            centre.reset();
        m_scene.addInto(type, m_opening, centre);
        showSelected();
        setFocus();
    });
    connect(m_picker, &LayerPicker::closed, this, [this](bool withChoice) {
        if (!withChoice)
            m_scene.cancelWire();
    });
}

NetworkView::~NetworkView()
{
    m_picker->disconnect(this);
}

QString NetworkView::keysHelp() const { return m_commands->help(); }

QRectF NetworkView::seen() const { return mapToScene(viewport()->rect()).boundingRect(); }

// ---- zooming and panning

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
    // The buttons stand in the top right corner, what tells of the values in the lower left one: margins keep nodes from under them.
    const QRectF area = contents.adjusted(-28.0, -52.0, 28.0, m_scene.showsStrips() ? 44.0 : 12.0);
    const double scale = std::clamp(std::min(viewport()->width() / area.width(), viewport()->height() / area.height()), leastScale, 1.0);
    resetTransform();
    QGraphicsView::scale(scale, scale);
    // What is too high begins at its top.
    const double visible = viewport()->height() / scale;
    centerOn(area.center().x(), area.height() > visible ? area.top() + visible / 2.0 : area.center().y());
    emit viewChanged();
}

void NetworkView::zoom(double factor)
{
    const double now = zoomFactor();
    const double next = std::clamp(now * factor, leastZoom, mostZoom);
    m_follows = false;
    setTransformationAnchor(underMouse() ? AnchorUnderMouse : AnchorViewCenter);
    scale(next / now, next / now);
    setTransformationAnchor(NoAnchor);
    emit viewChanged();
}

void NetworkView::actualSize()
{
    zoom(1.0 / zoomFactor());
}

void NetworkView::panTo(const QPointF& sceneCentre)
{
    m_follows = false;
    centerOn(sceneCentre);
    emit viewChanged();
}

void NetworkView::panBy(const QPoint& pixels)
{
    m_follows = false;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - pixels.x());
    verticalScrollBar()->setValue(verticalScrollBar()->value() - pixels.y());
}

void NetworkView::scrollContentsBy(int dx, int dy)
{
    QGraphicsView::scrollContentsBy(dx, dy);
    emit viewChanged();
}

void NetworkView::showSelected()
{
    const QList<QGraphicsItem*> items = m_scene.selectedItems();
    if (!items.isEmpty())
        ensureVisible(items.front(), 24, 24);
}

void NetworkView::drawBackground(QPainter* painter, const QRectF& rect)
{
    double pitch = dotPitch;
    while (pitch * zoomFactor() < leastDotPixels)
        pitch *= 2.0;
    QList<QPointF> dots;
    for (double x = std::floor(rect.left() / pitch) * pitch; x < rect.right(); x += pitch)
        for (double y = std::floor(rect.top() / pitch) * pitch; y < rect.bottom(); y += pitch)
            dots << QPointF(x, y);
    QPen pen(m_theme.colors().line, 1.5);
    pen.setCosmetic(true);
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(pen);
    painter->drawPoints(dots.constData(), static_cast<int>(dots.size()));
    painter->setRenderHint(QPainter::Antialiasing);
    if (m_scene.network().nodes.empty()) { // what to do next
        painter->save();
        painter->resetTransform();
        painter->setFont(m_theme.bodyFont());
        painter->setPen(m_theme.colors().dim);
        painter->drawText(viewport()->rect(), Qt::AlignCenter, tr("Double-click here, or press A, to add the first layer."));
        painter->restore();
    }
}

void NetworkView::wheelEvent(QWheelEvent* event)
{
    const int steps = event->angleDelta().y();
    if (steps != 0)
        zoom(std::pow(1.0015, steps));
    event->accept();
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

void NetworkView::resizeEvent(QResizeEvent* event)
{
    QGraphicsView::resizeEvent(event);
    placeMap();
    if (m_follows)
        showFrom(m_leastScale);
    else
        emit viewChanged();
}

void NetworkView::showEvent(QShowEvent* event)
{
    QGraphicsView::showEvent(event);
    if (m_follows)
        showFrom(m_leastScale);
}

void NetworkView::placeMap()
{
    m_map->move(width() - m_map->width() - mapMargin, height() - m_map->height() - mapMargin);
    m_map->raise();
}

// ---- lists, names, menus

QString NetworkView::headingOf(const edits::Opening& opening) const
{
    using Kind = edits::Opening::Kind;
    const QString node = QString::fromStdString(opening.node);
    switch (opening.kind) {
    case Kind::Below:
        return tr("Fits below %1").arg(node);
    case Kind::Branch: {
        const auto fed = [&](const NodeSpec& one) { return std::find(one.inputs.begin(), one.inputs.end(), opening.node) != one.inputs.end(); };
        const std::vector<NodeSpec>& nodes = m_scene.network().nodes;
        return (std::any_of(nodes.begin(), nodes.end(), fed) ? tr("Fits below %1, beside what is there") : tr("Fits below %1")).arg(node);
    }
    case Kind::Above:
        return tr("Fits above %1").arg(node);
    case Kind::Edge:
        return tr("Fits between %1 and %2").arg(node, QString::fromStdString(opening.to));
    case Kind::Free:
        break;
    }
    return tr("All layers");
}

void NetworkView::pick(const edits::Opening& opening, std::optional<QPointF> scenePoint)
{
    m_opening = opening;
    m_openingAt = scenePoint;
    QPointF at = scenePoint.value_or(seen().center());
    if (!scenePoint) {
        if (const NodeItem* node = m_scene.node(opening.node)) {
            const bool above = opening.kind == edits::Opening::Kind::Above;
            at = above ? node->inPort() - QPointF(-24.0, 24.0) : node->outPort() + QPointF(24.0, 16.0);
            if (const EdgeItem* edge = m_scene.edge(opening.node, opening.to))
                at = edge->middle();
        } else if (opening.kind == edits::Opening::Kind::Free && !m_scene.network().nodes.empty()) {
            m_openingAt.reset(); // below everything
        }
    }
    const QPoint pixels = mapFromScene(at);
    const QRect room = viewport()->rect().adjusted(0, 0, -40, -40);
    const QPoint kept(std::clamp(pixels.x(), room.left(), room.right()), std::clamp(pixels.y(), room.top(), room.bottom()));
    m_picker->open(viewport()->mapToGlobal(kept), edits::fittingLayers(m_scene.network(), m_scene.analysis(), opening), headingOf(opening));
}

void NetworkView::pickAtSelection()
{
    pick(m_scene.openingAtSelection());
}

QRect NetworkView::namePlace(const QRectF& sceneRect) const
{
    const QPoint corner = mapFromScene(sceneRect.topLeft());
    const int width = std::max(150, static_cast<int>(edits::nodeWidth * zoomFactor()));
    QRect place(corner.x(), corner.y() + static_cast<int>(22.0 * zoomFactor()), width, Theme::control);
    place.moveLeft(std::clamp(place.left(), 4, std::max(4, viewport()->width() - width - 4)));
    place.moveTop(std::clamp(place.top(), 4, std::max(4, viewport()->height() - Theme::control - 4)));
    return place;
}

std::optional<QPointF> NetworkView::mousePoint() const
{
    const QPoint mouse = viewport()->mapFromGlobal(QCursor::pos());
    return underMouse() && viewport()->rect().contains(mouse) ? std::optional(mapToScene(mouse)) : std::nullopt;
}

void NetworkView::renameSelected()
{
    const auto nodes = m_scene.selectedNodes();
    if (nodes.size() != 1)
        return;
    const NodeItem* item = m_scene.node(nodes.front());
    ensureVisible(item, 24, 24);
    m_name->open(QString::fromStdString(nodes.front()), namePlace({item->pos(), QSizeF()}),
                 [this, id = nodes.front()](const std::string& name) { return name == id || (!name.empty() && !m_scene.network().find(name)); },
                 [this, id = nodes.front()](const std::string& name) { m_scene.rename(id, name); });
}

void NetworkView::foldSelected()
{
    const auto nodes = m_scene.selectedNodes();
    if (nodes.empty())
        return;
    std::string name = "block";
    for (int number = 2; m_scene.network().findBlock(name); ++number)
        name = "block" + std::to_string(number);
    m_name->open(QString::fromStdString(name), namePlace({m_scene.node(nodes.front())->pos(), QSizeF()}),
                 [this](const std::string& typed) { return !typed.empty() && !m_scene.network().findBlock(typed); },
                 [this](const std::string& typed) { m_scene.fold(typed); });
}

void NetworkView::renameSelectedBlock()
{
    if (!m_scene.canUnfold())
        return;
    const NodeItem* item = m_scene.node(m_scene.selectedNodes().front());
    const std::string block = edits::blockOf(*m_scene.network().find(item->id()));
    m_name->open(QString::fromStdString(block), namePlace({item->pos() - QPointF(0.0, 20.0), QSizeF()}),
                 [this, block](const std::string& typed) { return typed == block || (!typed.empty() && !m_scene.network().findBlock(typed)); },
                 [this, block](const std::string& typed) { m_scene.renameBlock(block, typed); });
}

void NetworkView::editComment(std::optional<std::size_t> index)
{
    if (const CommentItem* item = index ? m_scene.comment(*index) : nullptr) {
        ensureVisible(item, 24, 24);
        const QRect place = mapFromScene(item->sceneBoundingRect()).boundingRect();
        m_comment->open(item->text(), place.united(QRect(place.topLeft(), QSize(160, 64))),
                        [this, at = *index](const QString& text) { m_scene.setCommentText(at, text); });
        return;
    }
    const CommentSpec usual;
    const QPointF middle = seen().center() - QPointF(usual.width, usual.height) / 2.0;
    const QRectF place(mousePoint().value_or(middle), QSizeF(usual.width, usual.height));
    const QRect pixels = mapFromScene(place).boundingRect();
    m_comment->open({}, pixels.united(QRect(pixels.topLeft(), QSize(160, 64))), [this, place](const QString& text) { m_scene.addComment(text, place); });
}

void NetworkView::paste()
{
    m_scene.paste(mousePoint());
    showSelected();
}

bool NetworkView::leaveInside()
{
    if (m_inside)
        emit leaveWanted();
    return m_inside;
}

void NetworkView::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setObjectName("canvasMenu");
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_commands->fill(*menu);
    QPoint at = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const QList<QGraphicsItem*> items = m_scene.selectedItems();
        at = viewport()->mapToGlobal(items.isEmpty() ? viewport()->rect().center() : mapFromScene(items.front()->sceneBoundingRect().center()));
    }
    menu->popup(at);
    event->accept();
}

// ---- keys

bool NetworkView::event(QEvent* event)
{
    // Our keys come here even where the window has a shortcut of the same name.
    if (event->type() == QEvent::ShortcutOverride && m_commands->wants(static_cast<QKeyEvent&>(*event))) {
        event->accept();
        return true;
    }
    return QGraphicsView::event(event);
}

void NetworkView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space) {
        if (!event->isAutoRepeat() && !m_space) {
            m_space = true;
            viewport()->setCursor(Qt::OpenHandCursor);
        }
        return;
    }
    if (!m_commands->handle(*event))
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

} // namespace limpid
