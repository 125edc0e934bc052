#include "ui/charts/DotLayer.h"

#include <QPaintEngine>

#include <algorithm>
#include <cmath>

namespace limpid::plot {

namespace {

/// s over d, both premultiplied: two channels at a time, each product rounded as x/255 ≈ (x + (x >> 8) + 128) >> 8.
std::uint32_t over(std::uint32_t s, std::uint32_t d)
{
    const std::uint32_t left = 255u - (s >> 24);
    std::uint32_t even = (d & 0x00ff00ffu) * left;
    even = ((even + ((even >> 8) & 0x00ff00ffu) + 0x00800080u) >> 8) & 0x00ff00ffu;
    std::uint32_t odd = ((d >> 8) & 0x00ff00ffu) * left;
    odd = (odd + ((odd >> 8) & 0x00ff00ffu) + 0x00800080u) & 0xff00ff00u;
    return s + (even | odd);
}

} // namespace

DotLayer::DotLayer(const QRectF& area, double scale, double radius, const std::vector<QColor>& palette)
    : m_origin(std::floor(area.left() * scale), std::floor(area.top() * scale)), m_scale(scale), m_half(std::ceil(radius) + 1.0),
      m_width(std::max(1, static_cast<int>(std::ceil(area.width() * scale)) + 1)),
      m_height(std::max(1, static_cast<int>(std::ceil(area.height() * scale)) + 1)), m_stamp(static_cast<int>(2.0 * m_half * scale)),
      m_right(m_width - m_stamp + 1), m_bottom(m_height - m_stamp + 1),
      m_last(static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_height), 0), m_image(m_width, m_height, QImage::Format_ARGB32_Premultiplied)
{
    m_image.fill(Qt::transparent);
    for (const QColor& color : palette) {
        QImage image(m_stamp, m_stamp, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.scale(scale, scale);
        painter.drawEllipse(QPointF(m_half, m_half), radius, radius);
        painter.end();
        std::vector<Pixel>& pixels = m_stamps.emplace_back();
        for (int y = 0; y < m_stamp; ++y) {
            const auto* line = reinterpret_cast<const std::uint32_t*>(image.constScanLine(y));
            for (int x = 0; x < m_stamp; ++x)
                if (line[x] != 0)
                    pixels.push_back({static_cast<std::uint32_t>(y * m_width + x), line[x]});
        }
    }
}

void DotLayer::blend()
{
    for (std::size_t i = 0; i < m_dots.size(); ++i)
        m_last[m_dots[i].corner] = m_blended + static_cast<std::uint32_t>(i) + 1;
    auto* bits = reinterpret_cast<std::uint32_t*>(m_image.bits()); // whole pixels of 32 bits: a line is as long as the image is wide
    for (std::size_t i = 0; i < m_dots.size(); ++i) {
        const Dot& dot = m_dots[i];
        if (m_last[dot.corner] != m_blended + static_cast<std::uint32_t>(i) + 1)
            continue;
        for (const Pixel& pixel : m_stamps[dot.color]) {
            std::uint32_t& at = bits[dot.corner + pixel.offset];
            at = pixel.value >> 24 == 255u ? pixel.value : over(pixel.value, at);
        }
    }
    m_blended += static_cast<std::uint32_t>(m_dots.size());
    m_dots.clear();
}

void DotLayer::paint(QPainter& painter)
{
    blend();
    m_image.setDevicePixelRatio(m_scale);
    painter.drawImage(m_origin / m_scale, m_image);
}

void paintDots(QPainter& painter, const QRectF& area, double radius, const std::vector<QColor>& palette, const std::vector<ColoredDot>& dots)
{
    const bool isRaster = painter.paintEngine() && painter.paintEngine()->type() == QPaintEngine::Raster;
    if (isRaster || dots.size() > 50'000) {
        DotLayer layer(area, isRaster ? painter.device()->devicePixelRatioF() : 3.0, radius, palette);
        for (const ColoredDot& dot : dots)
            layer.add(dot.center, dot.color);
        layer.paint(painter);
        return;
    }
    painter.setPen(Qt::NoPen);
    for (const ColoredDot& dot : dots) {
        painter.setBrush(palette[dot.color]);
        painter.drawEllipse(dot.center, radius, radius);
    }
}

} // namespace limpid::plot
