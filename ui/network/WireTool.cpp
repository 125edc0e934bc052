#include "ui/network/WireTool.h"

#include "ui/network/NetworkScene.h"
#include "ui/network/NodeItem.h"

#include <QGraphicsPathItem>
#include <QPen>

#include <cmath>
#include <limits>

namespace limpid {

WireTool::~WireTool()
{
    // The scene takes its items with it.
}

void WireTool::begin(NodeItem& start, bool fromOutput, int port)
{
    end();
    m_start = &start;
    m_fromOutput = fromOutput;
    m_port = port;
    m_line = m_scene.addPath({}, QPen(m_scene.style().colors.accent, 2.0, Qt::DashLine));
    m_line->setZValue(2.0);
    const auto allowed = edits::connectable(m_scene.network(), start.id(), fromOutput);
    m_allowed = {allowed.begin(), allowed.end()};
    for (const NodeSpec& node : m_scene.network().nodes)
        if (NodeItem* item = m_scene.node(node.id); item && item != &start)
            item->setFaded(!m_allowed.contains(node.id));
    draw(fromOutput ? start.outPort() + QPointF(0.0, 24.0) : start.inPort(port) - QPointF(0.0, 24.0));
}

void WireTool::setTarget(NodeItem* target, int port)
{
    m_targetPort = port;
    if (target == m_target)
        return;
    if (m_target)
        m_target->setHighlighted(false);
    m_target = target;
    if (m_target)
        m_target->setHighlighted(true);
}

void WireTool::moveTo(const QPointF& point)
{
    NodeItem* over = m_scene.nodeAt(point);
    if (over && !m_allowed.contains(over->id()))
        over = nullptr;
    setTarget(over, over ? over->nearestInPort(point) : 0);
    draw(point);
}

bool WireTool::step(const QPointF& direction)
{
    const QPointF from = (m_target ? m_target : m_start)->pos();
    NodeItem* nearest = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (const std::string& id : m_allowed) {
        NodeItem* item = m_scene.node(id);
        if (!item || item == m_target)
            continue;
        const QPointF way = item->pos() - from;
        const double along = QPointF::dotProduct(way, direction);
        const double across = std::abs(way.x() * direction.y() - way.y() * direction.x());
        if (along > 1.0 && along + 2.0 * across < least) {
            least = along + 2.0 * across;
            nearest = item;
        }
    }
    if (!nearest)
        return false;
    setTarget(nearest, nearest->firstFreePort());
    draw({});
    return true;
}

void WireTool::draw(const QPointF& end)
{
    const QPointF near = m_fromOutput ? m_start->outPort() : m_start->inPort(m_port);
    const QPointF far = !m_target ? end : m_fromOutput ? m_target->inPort(m_targetPort) : m_target->outPort();
    m_line->setPath(m_fromOutput ? edgeCurve(near, far) : edgeCurve(far, near));
}

void WireTool::end()
{
    if (!m_start)
        return;
    setTarget(nullptr, 0);
    delete m_line;
    m_line = nullptr;
    m_start = nullptr;
    m_allowed.clear();
    for (const NodeSpec& node : m_scene.network().nodes)
        if (NodeItem* item = m_scene.node(node.id))
            item->setFaded(false);
}

edits::Opening WireTool::opening() const
{
    using Kind = edits::Opening::Kind;
    return {m_fromOutput ? Kind::Branch : Kind::Above, m_start->id(), {}, m_port};
}

} // namespace limpid
