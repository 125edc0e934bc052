#pragma once

#include "core/model/NetworkSpec.h"

#include <QGraphicsItem>

namespace limpid {

class NetworkScene;

/// A note on the canvas, below the layers: moved as they are, resized by its lower right corner.
class CommentItem : public QGraphicsItem
{
public:
    enum { Type = UserType + 3 };
    static constexpr double leastWidth = 80.0, leastHeight = 32.0;

    explicit CommentItem(NetworkScene& scene);

    /// `stretch`: how much further apart things are drawn from top to bottom than the network says.
    void setComment(const CommentSpec& comment, double stretch);
    const QString& text() const { return m_text; }
    const QSizeF& size() const { return m_size; }
    /// Where it can be taken to resize it, in its own coordinates.
    QRectF grip() const;

    int type() const override { return Type; }
    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;
    void hoverMoveEvent(QGraphicsSceneHoverEvent* event) override;
    void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseMoveEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent* event) override;

private:
    NetworkScene& m_scene;
    QString m_text;
    QSizeF m_size{200.0, 80.0};
    bool m_resizing = false;
};

} // namespace limpid
