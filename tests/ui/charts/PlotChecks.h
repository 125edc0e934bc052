#pragma once

#include "ui/charts/Plot.h"

#include <map>

namespace limpid::test {

/// What a plot paints of itself in a canvas that is larger than its area: the pixels outside that it touched.
inline int pixelsOutside(const Plot& plot, const QSize& size, const Theme& theme)
{
    constexpr int around = 60;
    QImage image(size + QSize(2 * around, 2 * around), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    const QRect area(QPoint(around, around), size);
    plot.paint(painter, area, theme);
    painter.end();
    int touched = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            touched += !area.adjusted(-2, -2, 2, 2).contains(x, y) && image.pixelColor(x, y).alpha() > 0;
    return touched;
}

/// Every item that is found somewhere in the area (painted there first), and what is told of it.
inline std::map<int, QString> itemsOf(const Plot& plot, const QSize& size, const Theme& theme)
{
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    QPainter painter(&image);
    const QRectF area(QPointF(), size);
    plot.paint(painter, area, theme);
    std::map<int, QString> items;
    for (int y = 0; y < size.height(); y += 2)
        for (int x = 0; x < size.width(); x += 2)
            if (const int item = plot.hit(QPointF(x, y), area); item >= 0 && !items.contains(item))
                items[item] = plot.tooltip(item);
    return items;
}

} // namespace limpid::test
