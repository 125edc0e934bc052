#pragma once

#include "core/engine/LayerSummary.h"
#include "ui/network/CanvasStyle.h"

#include <QImage>
#include <QList>
#include <QRectF>
#include <QString>

#include <optional>

class QPainter;

namespace limpid {

/// What a node carries below its texts while the canvas shows what layers give: how its outputs are distributed, and of
/// images the first one's first channel. Made once of a summary and painted with each frame; in the node's coordinates.
struct NodeStrip {
    /// How much higher a node is with it.
    static constexpr double height = 44.0;

    QList<QRectF> bars;
    QRectF base;                      ///< the line that the bars stand on
    std::optional<double> zero;       ///< where 0 is among them
    QImage image;                     ///< in the theme's colours
    QRectF imagePlace;
    QString low, high;                ///< what the bars reach from and to
    QString says;                     ///< in place of bars, or between low and high: what one should see at once
    QRectF saysPlace;
    enum class Tone { Plain, Warning, Error } tone = Tone::Plain;
    QString figures;                  ///< mean, deviation and what else there is, in a line
    QString tooltip;

    /// With nothing to show yet, or a word in place of bars.
    explicit NodeStrip(const QString& word = {});
    NodeStrip(const engine::LayerSummary& summary, const CanvasStyle& style);
};

/// `color`: of the bars. Faded: what it shows is of the network before the last edit.
void paintStrip(QPainter& painter, const NodeStrip& strip, const CanvasStyle& style, const QColor& color, bool faded, bool readable);

} // namespace limpid
