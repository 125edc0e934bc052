#pragma once

#include <QColor>
#include <QImage>
#include <QPainter>

#include <cstdint>
#include <vector>

namespace limpid::plot {

/// A great many dots of one size in a few colours, blended into one image: a million take some ten milliseconds. Dots stand on
/// whole pixels; of those on the same pixel only the last is drawn. The same calls give the same bytes.
class DotLayer
{
public:
    /// `area` in the painter's units, `scale` pixels of the image for each; dots beyond the area are left out.
    DotLayer(const QRectF& area, double scale, double radius, const std::vector<QColor>& palette);
    void add(const QPointF& center, std::size_t color)
    {
        // The stamp's corner; rounded by adding a half, as a call a dot would cost as much as the rest.
        const double x = (center.x() - m_half) * m_scale - m_origin.x() + 0.5, y = (center.y() - m_half) * m_scale - m_origin.y() + 0.5;
        if (x >= 0.0 && y >= 0.0 && x < m_right && y < m_bottom && color < m_stamps.size())
            m_dots.push_back({static_cast<std::uint32_t>(static_cast<int>(y) * m_width + static_cast<int>(x)), static_cast<std::uint32_t>(color)});
    }
    /// Blends what was added since the last call. Dots of which none stands on another's pixel may be blended in parts: what a
    /// part needs then stays in the processor's cache.
    void blend();
    void paint(QPainter& painter);

private:
    struct Dot { std::uint32_t corner, color; };                  ///< the stamp's first pixel in the image
    struct Pixel { std::uint32_t offset, value; };                ///< from that pixel; premultiplied ARGB, never empty
    QPointF m_origin;
    double m_scale, m_half;
    int m_width, m_height, m_stamp;
    double m_right, m_bottom;                 ///< where stamps no longer fit
    std::vector<std::vector<Pixel>> m_stamps; ///< by colour
    std::vector<Dot> m_dots;                  ///< not blended yet
    std::vector<std::uint32_t> m_last;        ///< of each pixel the number of the last dot there, counted over all parts
    std::uint32_t m_blended = 0;              ///< how many dots earlier parts had
    QImage m_image;
};

struct ColoredDot { QPointF center; std::size_t color = 0; };
/// Dots in their order: as one image on screens and in bitmaps, as shapes in files of shapes unless they are too many for any program.
void paintDots(QPainter& painter, const QRectF& area, double radius, const std::vector<QColor>& palette, const std::vector<ColoredDot>& dots);

} // namespace limpid::plot
