#pragma once

#include "core/model/NetworkSpec.h"
#include "ui/network/NetworkEdits.h"

#include <QGraphicsScene>

#include <map>
#include <memory>

namespace limpid {

class EdgeItem;
class NodeItem;
class Theme;

/// The network as nodes and edges. Shows what it is given, and asks for edits: it never changes the network itself,
/// so that undo, redo and an edit made elsewhere look alike to it.
class NetworkScene : public QGraphicsScene
{
    Q_OBJECT
public:
    /// The mime type of a layer dragged from the palette; its data is the layer's name.
    static constexpr const char* layerMimeType = "application/x-limpid-layer";

    explicit NetworkScene(const Theme& theme, QObject* parent = nullptr);
    ~NetworkScene() override;

    /// Items of nodes that stay are kept, and with them the selection.
    void setNetwork(const NetworkSpec& network, const NetworkAnalysis& analysis);
    const NetworkSpec& network() const { return m_network; }

    std::vector<std::string> selectedNodes() const;                            ///< in the order of reading
    std::vector<std::pair<std::string, std::string>> selectedEdges() const;    ///< from, to
    void selectNodes(const std::vector<std::string>& ids);
    NodeItem* node(std::string_view id) const;
    EdgeItem* edge(std::string_view from, std::string_view to) const;
    /// What nodes and edges cover.
    QRectF contents() const;

    /// Adds after the one selected node, else into the one selected edge, else below everything.
    void addLayer(const std::string& type);
    /// Adds at a point: into the edge there, else unwired with its centre there.
    void addLayerAt(const std::string& type, const QPointF& point);
    void deleteSelection();
    void duplicateSelection();
    void tidy();
    void nudge(double dx, double dy);

    /// Selects the neighbour in the order of reading; false past the end.
    bool selectNext(bool forward);
    /// Selects the nearest node in a direction.
    void selectTowards(const QPointF& direction);

    void nodeMoved(const NodeItem& node); ///< called by the item

signals:
    /// Another selection, and never in the midst of setNetwork, as selectionChanged() would be.
    void picked();
    /// An edit asked for: the whole network after it, its name for the undo menu, and the merge id (-1: none).
    void edited(const limpid::NetworkSpec& network, const QString& text, int mergeId);

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseMoveEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent* event) override;
    void dragEnterEvent(QGraphicsSceneDragDropEvent* event) override;
    void dragMoveEvent(QGraphicsSceneDragDropEvent* event) override;
    void dragLeaveEvent(QGraphicsSceneDragDropEvent* event) override;
    void dropEvent(QGraphicsSceneDragDropEvent* event) override;

private:
    struct Wire;
    void ask(const NetworkSpec& network, const QString& text, int mergeId = -1, std::vector<std::string> select = {});
    void rebuildEdges();
    NodeItem* nodeAt(const QPointF& point) const;
    EdgeItem* edgeAt(const QPointF& point) const;
    void highlight(EdgeItem* edge);
    void endWire();

    const Theme& m_theme;
    NetworkSpec m_network;
    std::map<std::string, NodeItem*, std::less<>> m_nodes;
    std::vector<EdgeItem*> m_edges;
    std::unique_ptr<Wire> m_wire;      ///< while one is drawn
    EdgeItem* m_dropEdge = nullptr;
    bool m_showing = false;            ///< setNetwork is at work: moves are not the user's
};

} // namespace limpid
