#pragma once

#include "ui/network/CanvasPainter.h"

#include <QByteArray>
#include <QPointF>
#include <QRectF>

#include <vector>

class QImage;

namespace limpid {

class NetworkScene;

/// What the canvas shows, as a value: without selection or other marks of editing, so that it can be painted and written on
/// a worker. Sizes are in canvas pixels; PNG pictures have two device pixels for each.
struct NetworkPicture {
    struct Node {
        NodeFace face;
        QPointF place;
    };
    CanvasStyle style;
    std::vector<Node> nodes;
    struct Comment {
        QString text;
        QRectF place;
    };
    std::vector<Comment> comments;
    std::vector<QPainterPath> edges;
    QRectF area;        ///< what all of it covers, with a margin
    QString title;

    static NetworkPicture of(const NetworkScene& scene);
    void paint(QPainter& painter) const;
    /// At most `mostPixels` along a side: a network that is larger is drawn smaller.
    QImage image(double scale = 2.0, int mostPixels = 16'384) const;
    QByteArray svg() const;
    /// Writes .png or .svg, atomically. Throws OptionInvalid for another ending, FileUnwritable, DiskFull.
    void save(const QString& path) const;
};

} // namespace limpid
