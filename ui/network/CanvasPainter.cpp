#include "ui/network/CanvasPainter.h"

#include "ui/network/NetworkEdits.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

constexpr double readableScale = 0.42; // below it an 11 px text is a smear
constexpr double plainScale = 0.3;     // below it round corners and ports are

QFont sized(QFont font, QFont::Weight weight, int pixels = 0)
{
    font.setWeight(weight);
    if (pixels > 0)
        font.setPixelSize(pixels);
    return font;
}

QRectF inner() { return QRectF(0.0, 0.0, edits::nodeWidth, edits::nodeHeight).adjusted(14.0, 7.0, -10.0, -7.0); }

QColor mixed(const QColor& from, const QColor& to, double share)
{
    const auto part = [share](int a, int b) { return static_cast<int>(std::lround(a + share * (b - a))); };
    return {part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue())};
}

} // namespace

CanvasStyle::CanvasStyle(const Theme& theme)
    : colors(theme.colors()), title(sized(theme.bodyFont(), QFont::DemiBold)), body(theme.bodyFont()), small(theme.smallFont()),
      mark(sized(theme.smallFont(), QFont::Bold, 9))
{
}

namespace nodeGeometry {

QRectF body(const NodeFace& face) { return {0.0, 0.0, edits::nodeWidth, edits::nodeHeight + (face.strip ? NodeStrip::height : 0.0)}; }

QPointF inPort(const NodeFace& face, int port)
{
    const int count = std::max<int>(1, static_cast<int>(face.ports.size()));
    const double step = std::min(44.0, (edits::nodeWidth - 32.0) / count);
    return {edits::nodeWidth / 2.0 + step * (std::clamp(port, 0, count - 1) - (count - 1) / 2.0), 0.0};
}

QPointF outPort(const NodeFace& face) { return {edits::nodeWidth / 2.0, body(face).bottom()}; }

QRectF bounds(const NodeFace& face) { return body(face).adjusted(-3.0, -portReach, 9.0, portReach + 14.0); }

} // namespace nodeGeometry

NodeTextFit::NodeTextFit(const NodeFace& face, const CanvasStyle& style)
{
    const double shapeWidth = QFontMetricsF(style.small).horizontalAdvance(face.shape);
    const QString times = face.repeat > 1 ? QStringLiteral(" ×%1").arg(face.repeat) : QString();
    const QFontMetricsF name(style.title);
    const double gap = 6.0, titleWidth = inner().width() - name.horizontalAdvance(times);
    shapeBelow = name.horizontalAdvance(face.type) > titleWidth - shapeWidth - gap;
    title = name.elidedText(face.type, Qt::ElideRight, titleWidth) + times;
    caption = QFontMetricsF(style.small).elidedText(face.caption, Qt::ElideRight,
                                                    inner().width() - (face.problem ? 16.0 : 0.0) - (shapeBelow ? shapeWidth + gap : 0.0));
}

void paintNode(QPainter& painter, const NodeFace& face, const NodeTextFit& fit, const CanvasStyle& style, Emphasis emphasis, double scale)
{
    const ThemeColors& colors = style.colors;
    const QRectF body = nodeGeometry::body(face);
    const bool lit = emphasis == Emphasis::Selected;
    QColor bar = face.isInput ? colors.good : colors.accent;
    if (face.problem)
        bar = *face.problem == Severity::Error ? colors.bad : colors.warn;
    if (emphasis == Emphasis::Faded)
        painter.setOpacity(0.4);

    if (scale < plainScale) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        QPen outline(lit ? colors.accent : face.problem ? bar : colors.faint, lit ? 2.0 : 1.0);
        outline.setCosmetic(true);
        painter.setPen(outline);
        painter.setBrush(colors.card);
        painter.drawRect(body);
        painter.fillRect(QRectF(0.0, 0.0, 14.0, body.height()), bar);
        painter.setOpacity(1.0);
        return;
    }

    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(lit ? colors.accent : colors.line, lit ? 2.0 : 1.0));
    painter.setBrush(colors.card);
    for (int sheet = face.repeat > 0 ? 2 : 0; sheet > 0; --sheet) { // what lies under a block: it is a pile
        const double way = 3.5 * sheet;
        painter.drawRoundedRect(body.adjusted(way + 0.5, way + 0.5, way - 0.5, way - 0.5), Theme::radius, Theme::radius);
    }
    const double inset = lit ? 0.0 : 0.5;
    painter.drawRoundedRect(body.adjusted(inset, inset, -inset, -inset), Theme::radius, Theme::radius);
    painter.setPen(Qt::NoPen);
    painter.setBrush(bar);
    painter.drawRoundedRect(QRectF(0.0, 8.0, 3.0, body.height() - 16.0), 1.5, 1.5);

    const QRectF room = inner();
    const bool readable = scale >= readableScale;
    if (readable) {
        painter.setFont(style.small);
        painter.setPen(colors.faint);
        const QRectF shape = fit.shapeBelow ? QRectF(room.left(), room.top() + 20.0, room.width() - (face.problem ? 16.0 : 0.0), 18.0)
                                            : QRectF(room.left(), room.top(), room.width(), 19.0);
        painter.drawText(shape, Qt::AlignRight | Qt::AlignVCenter, face.shape);
        painter.setPen(colors.dim);
        painter.drawText(QRectF(room.left(), room.top() + 20.0, room.width(), 18.0), Qt::AlignLeft | Qt::AlignVCenter, fit.caption);
        painter.setFont(style.title);
        painter.setPen(colors.text);
        painter.drawText(QRectF(room.left(), room.top(), room.width(), 19.0), Qt::AlignLeft | Qt::AlignVCenter, fit.title);
    } else { // lines where the texts are
        painter.fillRect(QRectF(room.left(), room.top() + 6.0, 70.0, 7.0), colors.faint);
        painter.fillRect(QRectF(room.left(), room.top() + 26.0, 104.0, 5.0), colors.line);
    }
    if (face.problem) { // a sign beside the colour
        const QRectF sign(room.right() - 12.0, room.top() + 23.0, 12.0, 12.0);
        painter.setPen(Qt::NoPen);
        painter.setBrush(bar);
        painter.drawEllipse(sign);
        painter.setFont(style.mark);
        painter.setPen(colors.card);
        painter.drawText(sign, Qt::AlignCenter, QStringLiteral("!"));
    }

    if (face.strip)
        paintStrip(painter, *face.strip, style, face.isInput ? colors.good : colors.accent, face.stripFaded, readable);

    painter.setBrush(colors.card);
    painter.setPen(QPen(lit ? colors.accent : colors.faint, 1.5));
    for (int port = 0; face.hasInput() && port < std::max<int>(1, static_cast<int>(face.ports.size())); ++port)
        painter.drawEllipse(nodeGeometry::inPort(face, port), nodeGeometry::portRadius, nodeGeometry::portRadius);
    if (face.isOutput)
        painter.setBrush(painter.pen().color());
    painter.drawEllipse(nodeGeometry::outPort(face), nodeGeometry::portRadius, nodeGeometry::portRadius);
    if (face.isOutput && readable && !face.below.isEmpty()) {
        painter.setFont(style.small);
        painter.setPen(colors.dim);
        painter.drawText(QRectF(body.left(), body.bottom() + 7.0, body.width(), 16.0), Qt::AlignCenter, face.below);
    }
    painter.setOpacity(1.0);
}

void paintComment(QPainter& painter, const QString& text, const QSizeF& size, const CanvasStyle& style, Emphasis emphasis, double scale)
{
    const ThemeColors& colors = style.colors;
    const bool lit = emphasis == Emphasis::Selected;
    const QRectF room(QPointF(), size);
    QColor ground = colors.accentSoft;
    ground.setAlpha(110); // calm: it lies under the layers
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(lit ? colors.accent : colors.line, lit ? 2.0 : 1.0));
    painter.setBrush(ground);
    painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), Theme::radius, Theme::radius);
    if (scale >= readableScale) {
        painter.setFont(style.small);
        painter.setPen(colors.dim);
        painter.drawText(room.adjusted(10.0, 8.0, -10.0, -8.0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, text);
    }
    if (lit) { // the corner that resizes it
        painter.setPen(QPen(colors.accent, 1.5));
        for (const double way : {5.0, 9.0})
            painter.drawLine(room.bottomRight() - QPointF(way, 3.0), room.bottomRight() - QPointF(3.0, way));
    }
}

QPainterPath edgeCurve(const QPointF& from, const QPointF& to)
{
    // An edge that runs back up swings out further.
    const double rise = to.y() - from.y();
    const double bend = rise >= 0.0 ? std::max(rise / 2.0, std::min(24.0, std::abs(to.x() - from.x()))) : 40.0 - rise / 3.0;
    QPainterPath path(from);
    path.cubicTo(from + QPointF(0.0, bend), to - QPointF(0.0, bend), to);
    return path;
}

QPainterPath edgeRoute(const QPointF& from, const QPointF& to)
{
    constexpr double turn = 40.0, beside = edits::nodeWidth / 2.0 + 18.0;
    if (to.y() - from.y() < edits::rowPitch + 20.0)
        return edgeCurve(from, to);
    const bool sameColumn = std::abs(to.x() - from.x()) < edits::nodeWidth;
    const double x = sameColumn ? std::max(from.x(), to.x()) + beside : from.x();
    const QPointF top(x, from.y() + turn), bottom(x, to.y() - turn);
    QPainterPath path(from);
    path.cubicTo(from + QPointF(0.0, turn / 2.0), top - QPointF(0.0, turn / 2.0), top);
    path.lineTo(bottom);
    path.cubicTo(bottom + QPointF(0.0, turn / 2.0), to - QPointF(0.0, turn / 2.0), to);
    return path;
}

QPen flowPen(const EdgeFlow& flow, const CanvasStyle& style)
{
    if (!std::isfinite(flow.norm))
        return {style.colors.bad, widestFlow};
    if (flow.norm == 0.0)
        return {style.colors.faint, 1.5, Qt::DashLine};
    constexpr double thinnest = 1.2;
    return {mixed(style.colors.faint, style.colors.accent, flow.level), thinnest + (widestFlow - thinnest) * flow.level};
}

void paintEdge(QPainter& painter, const QPainterPath& curve, const CanvasStyle& style, Emphasis emphasis, const std::optional<EdgeFlow>& flow)
{
    QPen pen = flow ? flowPen(*flow, style) : QPen(style.colors.faint, 1.5);
    if (emphasis == Emphasis::Selected)
        pen = QPen(style.colors.accent, std::max(2.5, pen.widthF()));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(pen);
    painter.drawPath(curve);
}

QRectF edgeLabelRect(const QString& text, const QPointF& at, const CanvasStyle& style)
{
    const double width = QFontMetricsF(style.small).horizontalAdvance(text) + 16.0;
    return {at.x() - width / 2.0, at.y() - 10.0, width, 20.0};
}

void paintEdgeLabel(QPainter& painter, const QString& text, const QPointF& at, const CanvasStyle& style)
{
    const QRectF room = edgeLabelRect(text, at, style);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(style.colors.line, 1.0));
    painter.setBrush(style.colors.card);
    painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), 9.5, 9.5);
    painter.setFont(style.small);
    painter.setPen(style.colors.dim);
    painter.drawText(room, Qt::AlignCenter, text);
}

} // namespace limpid
