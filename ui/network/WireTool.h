#pragma once

#include "ui/network/LayerFit.h"

#include <QPointF>

#include <set>
#include <string>

class QGraphicsPathItem;

namespace limpid {

class NetworkScene;
class NodeItem;

/// A wire on its way from a port to wherever the mouse is or the arrow keys lead. While it is drawn, the nodes where it
/// can't end are faded.
class WireTool
{
public:
    explicit WireTool(NetworkScene& scene) : m_scene(scene) {}
    ~WireTool();

    void begin(NodeItem& start, bool fromOutput, int port);
    bool isActive() const { return m_start != nullptr; }
    /// The wire's free end, or what it snaps to there.
    void moveTo(const QPointF& point);
    /// By keyboard: the next node in that direction where it may end; false where there is none.
    bool step(const QPointF& direction);
    void end();

    const NodeItem* start() const { return m_start; }
    NodeItem* target() const { return m_target; }
    bool fromOutput() const { return m_fromOutput; }
    /// Of the node that is fed.
    int port() const { return m_fromOutput ? m_targetPort : m_port; }
    /// What a layer dropped into the open would be to the network.
    edits::Opening opening() const;

private:
    void setTarget(NodeItem* target, int port);
    void draw(const QPointF& end);
    NetworkScene& m_scene;
    NodeItem* m_start = nullptr;
    NodeItem* m_target = nullptr;
    bool m_fromOutput = true;
    int m_port = 0, m_targetPort = 0;
    std::set<std::string> m_allowed;
    QGraphicsPathItem* m_line = nullptr;
};

} // namespace limpid
