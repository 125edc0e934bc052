#pragma once

#include "core/base/Error.h"
#include "ui/network/NetworkEdits.h"

#include <QGraphicsItem>
#include <QString>

#include <optional>

namespace limpid {

class NetworkScene;
class Theme;

/// One layer on the canvas: 170×52 px, name, own name with its telling setting, output shape, and a port above and below.
class NodeItem : public QGraphicsItem
{
public:
    enum { Type = UserType + 1 };
    enum class Port { None, In, Out };

    /// What is written on it.
    struct Face {
        QString type, caption, shape, tooltip;
        bool hasInput = true;     ///< takes inputs: has a port above
        bool isInput = false;     ///< a source of data
        bool isOutput = false;    ///< gives the prediction
        std::optional<Severity> problem;
        bool operator==(const Face&) const = default;
    };

    NodeItem(std::string id, NetworkScene& scene, const Theme& theme);

    const std::string& id() const { return m_id; }
    void setFace(const Face& face);
    const Face& face() const { return m_face; }
    /// Lit while a wire or a layer is held over it.
    void setHighlighted(bool highlighted);

    QPointF inPort() const;    ///< in the scene's coordinates
    QPointF outPort() const;
    Port portAt(const QPointF& scenePoint) const;

    int type() const override { return Type; }
    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;

private:
    const std::string m_id;
    NetworkScene& m_scene;
    const Theme& m_theme;
    Face m_face;
    bool m_highlighted = false;
};

} // namespace limpid
