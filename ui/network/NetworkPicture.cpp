#include "ui/network/NetworkPicture.h"

#include "core/base/File.h"
#include "ui/network/CommentItem.h"
#include "ui/network/EdgeItem.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NodeItem.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgGenerator>

#include <algorithm>

namespace limpid {

namespace {
constexpr double margin = 32.0;
}

NetworkPicture NetworkPicture::of(const NetworkScene& scene)
{
    NetworkPicture picture;
    picture.style = scene.style();
    for (const NodeSpec& spec : scene.network().nodes)
        if (const NodeItem* item = scene.node(spec.id))
            picture.nodes.push_back({item->face(), item->pos()});
    for (std::size_t i = 0; const CommentItem* comment = scene.comment(i); ++i)
        picture.comments.push_back({comment->text(), {comment->pos(), comment->size()}});
    for (const EdgeItem* edge : scene.edges())
        picture.edges.push_back(edge->path());
    picture.area = scene.contents();
    for (const QPainterPath& edge : picture.edges)
        picture.area |= edge.boundingRect();
    picture.area = picture.area.adjusted(-margin, -margin, margin, margin);
    picture.title = QCoreApplication::translate("NetworkPicture", "Network of %n layers", nullptr, static_cast<int>(picture.nodes.size()));
    return picture;
}

void NetworkPicture::paint(QPainter& painter) const
{
    painter.fillRect(area, style.colors.ground);
    for (const Comment& comment : comments) {
        painter.save();
        painter.translate(comment.place.topLeft());
        paintComment(painter, comment.text, comment.place.size(), style, Emphasis::None, 1.0);
        painter.restore();
    }
    for (const QPainterPath& edge : edges)
        paintEdge(painter, edge, style, Emphasis::None);
    for (const Node& node : nodes) {
        painter.save();
        painter.translate(node.place);
        paintNode(painter, node.face, NodeTextFit(node.face, style), style, Emphasis::None, 1.0);
        painter.restore();
    }
}

QImage NetworkPicture::image(double scale, int mostPixels) const
{
    const double longest = std::max({1.0, area.width(), area.height()});
    const double fitting = std::min(scale, mostPixels / longest);
    QImage picture((area.size() * fitting).toSize().expandedTo({1, 1}), QImage::Format_ARGB32_Premultiplied);
    picture.fill(style.colors.ground);
    QPainter painter(&picture);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.scale(fitting, fitting);
    painter.translate(-area.topLeft());
    paint(painter);
    painter.end();
    return picture;
}

QByteArray NetworkPicture::svg() const
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(area.size().toSize());
    generator.setViewBox(QRectF(QPointF(), area.size()));
    generator.setResolution(72); // so that a font's pixels are the picture's pixels
    generator.setTitle(title);
    QPainter painter(&generator);
    painter.translate(-area.topLeft());
    paint(painter);
    painter.end();
    // Qt writes the size in millimetres of its own resolution; in pixels it is the same everywhere.
    QString text = QString::fromUtf8(buffer.data());
    static const QRegularExpression millimetres(QStringLiteral("width=\"[0-9.]+mm\" height=\"[0-9.]+mm\""));
    if (const QRegularExpressionMatch match = millimetres.match(text); match.hasMatch())
        text.replace(match.capturedStart(), match.capturedLength(),
                     QStringLiteral("width=\"%1\" height=\"%2\"").arg(generator.size().width()).arg(generator.size().height()));
    return text.toUtf8();
}

void NetworkPicture::save(const QString& path) const
{
    QByteArray bytes;
    if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)) {
        bytes = svg();
    } else if (path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive)) {
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        image().save(&buffer, "PNG");
    } else {
        throw Error(ErrorCode::OptionInvalid, {{"name", "picture"}, {"value", path.toStdString()}, {"expected", ".png, .svg"}});
    }
    writeFileAtomically(std::filesystem::path(path.toStdU16String()), std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

} // namespace limpid
