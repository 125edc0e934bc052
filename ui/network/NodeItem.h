#pragma once

#include "ui/network/CanvasPainter.h"

#include <QGraphicsItem>

#include <string>
#include <vector>

namespace limpid {

class EdgeItem;
class NetworkScene;

/// What became of a layer since the network that the canvas is compared with.
enum class NodeMark { None, Added, Changed };

/// One layer on the canvas: 170×52 px, or higher with what it gives: name, own name with its telling setting, output shape, and ports above and below.
class NodeItem : public QGraphicsItem
{
public:
    enum { Type = UserType + 1 };
    enum class Port { None, In, Out };
    using Face = NodeFace;

    NodeItem(std::string id, NetworkScene& scene);

    const std::string& id() const { return m_id; }
    void setFace(const Face& face);
    const Face& face() const { return m_face; }
    /// What it gives; null: nothing of the kind is shown. Edges have to follow where there was none or is none now.
    void setStrip(std::shared_ptr<const NodeStrip> strip, bool faded = false);
    /// The canvas's fonts or colours changed.
    void restyle();
    /// Lit while a wire or a layer is held over it.
    void setHighlighted(bool highlighted);
    /// Faded while a wire is drawn that can't end here.
    void setFaded(bool faded);

    void setMark(NodeMark mark);

    QPointF inPort(int port = 0) const;    ///< in the scene's coordinates
    QPointF outPort() const;
    Port portAt(const QPointF& scenePoint, int* index = nullptr) const;
    /// The input port nearest to a point.
    int nearestInPort(const QPointF& scenePoint) const;
    /// The first input port without an edge, else 0.
    int firstFreePort() const;

    // The edges that begin or end here follow it.
    void attach(EdgeItem* edge);
    void detach(EdgeItem* edge);

    int type() const override { return Type; }
    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;
    void hoverMoveEvent(QGraphicsSceneHoverEvent* event) override;

private:
    QString tip() const;
    const std::string m_id;
    NetworkScene& m_scene;
    Face m_face;
    NodeTextFit m_fit;
    std::vector<EdgeItem*> m_edges;
    bool m_highlighted = false, m_faded = false;
    NodeMark m_mark = NodeMark::None;
};

} // namespace limpid
