#pragma once

#include "ui/network/CanvasStyle.h"
#include "ui/network/LayerFit.h"
#include "ui/network/NetworkEdits.h"

#include <QGraphicsScene>

#include <map>
#include <memory>
#include <optional>

namespace limpid {

class CommentItem;
class EdgeItem;
class NodeItem;
enum class NodeMark;
class Theme;
class WireTool;

/// The network as nodes and edges. Shows what it is given, and asks for edits: it never changes the network itself,
/// so that undo, redo and an edit made elsewhere look alike to it.
class NetworkScene : public QGraphicsScene
{
    Q_OBJECT
public:
    /// The mime type of a layer dragged from the palette; its data is the layer's name.
    static constexpr const char* layerMimeType = "application/x-limpid-layer";
    /// Of nodes in the clipboard: the JSON of a network, which stands there as plain text too.
    static constexpr const char* networkMimeType = "application/x-limpid-network";

    explicit NetworkScene(const Theme& theme, QObject* parent = nullptr);
    ~NetworkScene() override;

    /// Items of nodes and edges that stay are kept, and with them the selection. Takes time in proportion to what changed.
    void setNetwork(const NetworkSpec& network, const NetworkAnalysis& analysis);
    /// Whether what is shown is the inside of a block; before setNetwork.
    void setInside(bool inside) { m_inside = inside; }
    /// Of the nodes by id; those that are not named have none.
    void setMarks(const std::map<std::string, NodeMark, std::less<>>& marks);
    const NetworkSpec& network() const { return m_network; }
    const NetworkAnalysis& analysis() const { return m_analysis; }
    const CanvasStyle& style() const { return m_style; }

    /// Whether nodes have room for what they give (NodeItem::setStrip): they are higher then, and everything is drawn as much
    /// further apart from top to bottom. The network's own places stay as they are.
    bool showsStrips() const { return m_strips; }
    void setStripsShown(bool shown);
    double nodeHeight() const;
    /// By how much what is at a place in the network is drawn further down than that: 1 without strips.
    double rowStretch() const;

    std::vector<std::string> selectedNodes() const;                            ///< in the order of reading
    std::vector<std::pair<std::string, std::string>> selectedEdges() const;    ///< from, to
    /// Indices into NetworkSpec::comments.
    std::vector<std::size_t> selectedComments() const;
    void selectNodes(const std::vector<std::string>& ids);
    void selectComment(std::size_t index);
    void selectNextComment();
    void selectEdge(EdgeItem* edge);
    NodeItem* node(std::string_view id) const;
    EdgeItem* edge(std::string_view from, std::string_view to) const;
    NodeItem* nodeAt(const QPointF& point) const;
    EdgeItem* edgeAt(const QPointF& point) const;
    CommentItem* commentAt(const QPointF& point) const;
    const std::vector<EdgeItem*>& edges() const { return m_edges; }
    CommentItem* comment(std::size_t index) const { return index < m_comments.size() ? m_comments[index] : nullptr; }
    /// What nodes and comments cover.
    QRectF contents() const;

    /// Adds after the one selected node, else into the one selected edge, else below everything.
    void addLayer(const std::string& type);
    /// Adds at a point: into the edge there, else unwired with its centre there.
    void addLayerAt(const std::string& type, const QPointF& point);
    /// Adds where a layer was asked for; `centre`: where it should be, by itself it finds a place.
    void addInto(const std::string& type, const edits::Opening& opening, std::optional<QPointF> centre = std::nullopt);
    /// Where a layer goes that is added now: see addLayer.
    edits::Opening openingAtSelection() const;
    void deleteSelection();
    void unwireSelection();    ///< selected edges; of selected nodes all that comes in
    void duplicateSelection();
    void copySelection() const;
    void cutSelection();
    static bool canPaste();
    /// The centre of what is pasted, else beside where it was copied from. What can't be read is told by refused().
    void paste(std::optional<QPointF> centre = std::nullopt);
    void rename(const std::string& from, const std::string& to);
    /// An empty text takes the comment away.
    void setCommentText(std::size_t index, const QString& text);
    void addComment(const QString& text, const QRectF& place);
    void resizeComments(double dx, double dy); ///< the selected ones
    /// Makes one block of the selected nodes; told() says so where they can't be one.
    void fold(const std::string& name);
    void unfoldSelection();
    bool canUnfold() const;
    /// Another name for a block, wherever it is used.
    void renameBlock(const std::string& from, const std::string& to);
    void tidy();
    void nudge(double dx, double dy);

    /// Selects the neighbour in the order of reading; false past the end.
    bool selectNext(bool forward);
    /// Selects the nearest node in a direction, with `add` beside those selected. From an edge: its upper or lower node,
    /// or the next edge to the side.
    void selectTowards(const QPointF& direction, bool add = false);
    /// Selects an edge of the selected node, the next one each time.
    void selectNextEdge();

    // Drawing a wire by keyboard: begins at the selected node.
    bool beginWire();
    bool isWiring() const;
    void stepWire(const QPointF& direction);
    /// Draws it to where it has been led.
    void finishWire();
    void cancelWire();
    const NodeItem* wireTarget() const;

signals:
    /// Another selection, and never in the midst of setNetwork, as selectionChanged() would be.
    void picked();
    /// An edit asked for: the whole network after it, its name for the undo menu, and the merge id (-1: none).
    void edited(const limpid::NetworkSpec& network, const QString& text, int mergeId);
    /// A layer is wanted there: a list of what fits should open. cancelWire() when it closes.
    void layerWanted(const limpid::edits::Opening& opening, const QPointF& scenePoint);
    /// A node was double-clicked, or Enter pressed on it.
    void opened(const std::string& id);
    void refused(const limpid::Error& error);
    /// Something that could not be done, in a sentence.
    void told(const QString& sentence);
    /// A comment's text should be edited in place.
    void commentOpened(std::size_t index);
    void restyled();
    /// A network's file was dropped.
    void fileDropped(const QString& path);
    void stripsToggling();
    void stripsToggled(bool shown);

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseMoveEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;
    void dragEnterEvent(QGraphicsSceneDragDropEvent* event) override;
    void dragMoveEvent(QGraphicsSceneDragDropEvent* event) override;
    void dragLeaveEvent(QGraphicsSceneDragDropEvent* event) override;
    void dropEvent(QGraphicsSceneDragDropEvent* event) override;

private:
    void ask(const NetworkSpec& network, const QString& text, int mergeId = -1, std::vector<std::string> select = {});
    void removeStale(const NetworkSpec& network);
    void showFaces(const NetworkSpec& network, const NetworkAnalysis& analysis, bool edited);
    void showEdges();
    void showComments();
    void connectWire();
    QPointF shownAt(double x, double y) const;          ///< of a place in the network
    edits::Point placeOf(const QPointF& shown) const;   ///< and back
    void setRoom();
    void highlight(EdgeItem* edge);

    CanvasStyle m_style;
    NetworkSpec m_network;
    NetworkAnalysis m_analysis;
    std::map<std::string, NodeItem*, std::less<>> m_nodes;
    std::vector<EdgeItem*> m_edges;
    std::vector<CommentItem*> m_comments;
    std::unique_ptr<WireTool> m_wire;
    EdgeItem* m_dropEdge = nullptr;
    QPointF m_pressed;
    bool m_showing = false;            ///< setNetwork is at work: moves are not the user's
    bool m_wireByMouse = false, m_inside = false, m_strips = false;
    std::size_t m_nextEdge = 0;        ///< of selectNextEdge
    std::string m_edgesOf;
};

} // namespace limpid
