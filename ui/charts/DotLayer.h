#pragma once

#include <QColor>
#include <QImage>
#include <QPainter>

#include <cstdint>
#include <vector>

namespace limpid::plot {

/// A great many dots of one size in a few colours, blended into one image: a million take tens of milliseconds. Dots stand on
/// whole pixels; of those on the same pixel only the last is drawn. The same calls give the same bytes.
class DotLayer
{
public:
    /// `area` in the painter's units, `scale` pixels of the image for each; dots beyond the area are left out.
    DotLayer(const QRectF& area, double scale, double radius, const std::vector<QColor>& palette);
    void reserve(std::size_t dots) { m_dots.reserve(dots); }
    void add(const QPointF& center, std::size_t color);
    void paint(QPainter& painter) const;

private:
    struct Dot { std::int32_t x, y; std::uint32_t color; };    ///< the stamp's corner in the image
    struct Pixel { std::int32_t x, y; std::uint32_t value; };  ///< premultiplied ARGB, never empty
    QPointF m_origin;
    double m_scale, m_half;
    int m_width, m_height, m_stamp;
    std::vector<std::vector<Pixel>> m_stamps; ///< by colour
    std::vector<Dot> m_dots;
};

struct ColoredDot { QPointF center; std::size_t color = 0; };
/// Dots in their order: as one image on screens and in bitmaps, as shapes in files of shapes unless they are too many for any program.
void paintDots(QPainter& painter, const QRectF& area, double radius, const std::vector<QColor>& palette, const std::vector<ColoredDot>& dots);

} // namespace limpid::plot
