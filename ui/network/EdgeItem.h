#pragma once

#include "ui/network/CanvasPainter.h"

#include <QGraphicsPathItem>
#include <QString>

namespace limpid {

class NetworkScene;
class NodeItem;

/// A smooth line from the port below one node to a port above another. Tells the shape of what flows along it while it is
/// selected or under the mouse, and in its tooltip the gradient that flows back.
class EdgeItem : public QGraphicsPathItem
{
public:
    enum { Type = UserType + 2 };
    EdgeItem(NodeItem& from, NodeItem& to, int port, const NetworkScene& scene);
    ~EdgeItem() override;

    const NodeItem& from() const { return m_from; }
    const NodeItem& to() const { return m_to; }
    /// Which of the inputs it feeds, counted from 0.
    int port() const { return m_port; }
    void setPort(int port);
    /// "N×16×14×14 · channels × height × width".
    void setText(const QString& text);
    const QString& text() const { return m_text; }
    /// Whether the text is seen.
    bool tells() const;
    QPointF middle() const;
    /// Follows its nodes.
    void follow();
    void setHighlighted(bool highlighted);
    /// The gradient that flows back along it, where that is known.
    void setFlow(const std::optional<EdgeFlow>& flow);
    const std::optional<EdgeFlow>& flow() const { return m_flow; }

    int type() const override { return Type; }
    QRectF boundingRect() const override;
    QPainterPath shape() const override;    ///< wide enough to be hit
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;
    void hoverEnterEvent(QGraphicsSceneHoverEvent* event) override;
    void hoverLeaveEvent(QGraphicsSceneHoverEvent* event) override;

private:
    void raise();
    NodeItem& m_from;
    NodeItem& m_to;
    int m_port;
    const NetworkScene& m_scene;
    QString m_text;
    mutable QRectF m_bounds;   ///< null: to be found; kept, as it is asked for many times a frame
    std::optional<EdgeFlow> m_flow;
    bool m_highlighted = false, m_hovered = false;
};

} // namespace limpid
