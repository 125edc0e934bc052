#pragma once

#include <QGraphicsPathItem>

#include <string>

namespace limpid {

class NodeItem;
class Theme;

/// A smooth line from the port below one node to the port above another.
class EdgeItem : public QGraphicsPathItem
{
public:
    enum { Type = UserType + 2 };
    EdgeItem(const NodeItem& from, const NodeItem& to, const Theme& theme);

    const NodeItem& from() const { return m_from; }
    const NodeItem& to() const { return m_to; }
    /// Follows its nodes.
    void follow();
    void setHighlighted(bool highlighted);

    static QPainterPath curve(const QPointF& from, const QPointF& to);

    int type() const override { return Type; }
    QRectF boundingRect() const override;
    QPainterPath shape() const override;    ///< wide enough to be hit
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    const NodeItem& m_from;
    const NodeItem& m_to;
    const Theme& m_theme;
    bool m_highlighted = false;
};

} // namespace limpid
