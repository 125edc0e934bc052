#include "core/base/File.h"
#include "ui/charts/Plot.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QPageLayout>
#include <QPageSize>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSvgGenerator>

#include <cmath>

namespace limpid {

namespace {

constexpr double border = 16.0; // on each side, in the picture's own pixels

/// One page of the picture's size, a pixel a point, with its fonts in the file.
QByteArray pdfOf(const Plot& plot, const QSizeF& size, const Theme& theme)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(72); // before the page, whose size in pixels follows from it
    writer.setPageLayout(QPageLayout(QPageSize(size, QPageSize::Point, QString(), QPageSize::ExactMatch), QPageLayout::Portrait, QMarginsF()));
    writer.setTitle(plot.sentence());
    writer.setCreator(QStringLiteral("Limpid"));
    QPainter painter(&writer);
    const QRectF area(QPointF(), size);
    painter.fillRect(area, theme.colors().card);
    plot.paint(painter, area.adjusted(border, border, -border, -border), theme);
    painter.end();
    return bytes;
}

} // namespace

QSize plotSize(const Plot& plot, int width)
{
    return {width, static_cast<int>(std::ceil(plot.preferredHeight(width - 2 * border) + 2 * border))};
}

QByteArray plotSvg(const Plot& plot, const QSize& size, const Theme& theme)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRectF(QPointF(), QSizeF(size)));
    generator.setResolution(72); // so that a font's pixels are the picture's pixels
    QPainter painter(&generator);
    const QRectF area(QPointF(), size);
    painter.fillRect(area, theme.colors().card);
    plot.paint(painter, area.adjusted(border, border, -border, -border), theme);
    painter.end();
    // Qt writes the size in millimetres of its own resolution; in pixels it is the same everywhere.
    QString text = QString::fromUtf8(buffer.data());
    static const QRegularExpression millimetres(QStringLiteral("width=\"[0-9.]+mm\" height=\"[0-9.]+mm\""));
    if (const QRegularExpressionMatch match = millimetres.match(text); match.hasMatch())
        text.replace(match.capturedStart(), match.capturedLength(),
                     QStringLiteral("width=\"%1\" height=\"%2\"").arg(generator.size().width()).arg(generator.size().height()));
    // Qt 6.4 writes title and description as they are, and in these stand the names of columns and classes.
    text.insert(text.indexOf(QLatin1Char('>'), text.indexOf(QLatin1String("<svg"))) + 1,
                QStringLiteral("\n<title>%1</title>\n<desc>%2</desc>")
                    .arg(QCoreApplication::translate("Plots", "Limpid chart").toHtmlEscaped(), plot.sentence().toHtmlEscaped()));
    return text.toUtf8();
}

QImage plotImage(const Plot& plot, const QSize& size, double scale, const Theme& theme)
{
    QImage image((QSizeF(size) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(theme.colors().card);
    QPainter painter(&image);
    plot.paint(painter, QRectF(QPointF(), QSizeF(size)).adjusted(border, border, -border, -border), theme);
    painter.end();
    return image;
}

void savePlot(const Plot& plot, const QString& path, const QSize& size, const Theme& theme)
{
    QSize whole = size;
    if (whole.height() <= 0)
        whole = plotSize(plot, size.width());
    QByteArray bytes;
    if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)) {
        bytes = plotSvg(plot, whole, theme);
    } else if (path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive)) {
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        plotImage(plot, whole, 2.0, theme).save(&buffer, "PNG");
    } else if (path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive)) {
        bytes = pdfOf(plot, whole, theme);
    } else {
        throw Error(ErrorCode::OptionInvalid, {{"name", "plot"}, {"value", path.toStdString()}, {"expected", ".png, .svg, .pdf"}});
    }
    writeFileAtomically(std::filesystem::path(path.toStdU16String()),
                        std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

} // namespace limpid
