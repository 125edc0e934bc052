#pragma once

#include "core/base/Error.h"
#include "ui/network/CanvasStyle.h"
#include "ui/network/NodeStrip.h"

#include <QPainterPath>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

class QPainter;
class QPen;

namespace limpid {

/// What is written on a node.
struct NodeFace {
    QString type, caption, shape, tooltip;
    bool isInput = false;     ///< a source of data
    bool isOutput = false;    ///< gives the prediction, or what a block gives
    QString below;            ///< what an output is called
    int inputs = 1;           ///< ports above: 0 for a source
    QStringList ports;        ///< their names, where each has its own meaning
    int repeat = 0;           ///< of a block how often it is repeated, else 0; a block is drawn as a stack
    std::optional<Severity> problem;
    std::shared_ptr<const NodeStrip> strip; ///< what it gives; null: not shown, and the node is as low as can be
    bool stripFaded = false;
    bool operator==(const NodeFace&) const = default;

    bool hasInput() const { return inputs > 0; }
};

// Where things are on a node, in its own coordinates.
namespace nodeGeometry {
inline constexpr double portRadius = 4.5, portReach = 11.0;
QRectF body(const NodeFace& face);
QPointF inPort(const NodeFace& face, int port);
QPointF outPort(const NodeFace& face);
QRectF bounds(const NodeFace& face); ///< with ports and what stands below
} // namespace nodeGeometry

/// A face with its texts cut to the room they have: made once for each face, not for each frame.
struct NodeTextFit {
    QString title, caption;
    bool shapeBelow = false;    ///< the name needs the first line: the shape stands at the end of the second
    NodeTextFit() = default;
    NodeTextFit(const NodeFace& face, const CanvasStyle& style);
};

enum class Emphasis { None, Selected, Faded };

/// `scale`: device pixels per unit; texts too small to be read are left out, as Canvas pictures far away are of shapes only.
void paintNode(QPainter& painter, const NodeFace& face, const NodeTextFit& fit, const CanvasStyle& style, Emphasis emphasis, double scale);

/// A note of that size, its corner at the origin.
void paintComment(QPainter& painter, const QString& text, const QSizeF& size, const CanvasStyle& style, Emphasis emphasis, double scale);

/// A smooth line from port to port: it leaves and arrives upright.
QPainterPath edgeCurve(const QPointF& from, const QPointF& to);
/// The same for an edge that stays: one that skips layers goes beside those between, or down its own column and across below them.
QPainterPath edgeRoute(const QPointF& from, const QPointF& to);
/// How much gradient flows back along an edge.
struct EdgeFlow {
    double norm = 0.0;   ///< infinite where it is not finite
    double level = 0.0;  ///< 0 … 1, on a logarithmic scale
    bool operator==(const EdgeFlow&) const = default;
};
/// The pen for it: wider and stronger with the level, dashed where nothing flows, red where it is not finite.
QPen flowPen(const EdgeFlow& flow, const CanvasStyle& style);
inline constexpr double widestFlow = 6.0;
void paintEdge(QPainter& painter, const QPainterPath& curve, const CanvasStyle& style, Emphasis emphasis,
               const std::optional<EdgeFlow>& flow = std::nullopt);
/// A text on an edge, centred at `at`; gives what it covers.
QRectF edgeLabelRect(const QString& text, const QPointF& at, const CanvasStyle& style);
void paintEdgeLabel(QPainter& painter, const QString& text, const QPointF& at, const CanvasStyle& style);

} // namespace limpid
