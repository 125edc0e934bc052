#pragma once

#include "ui/charts/PlotTools.h"

#include <algorithm>
#include <cmath>

namespace limpid::plot {

/// −1: lowers as much as anything; 1: raises so. At 0 the colour of what lies below.
inline QColor contributionColor(const ThemeColors& colors, double share, const QColor& ground, double strength = 0.85)
{
    return std::isfinite(share) ? mix(ground, share >= 0.0 ? colors.raises : colors.lowers, strength * std::min(1.0, std::abs(share))) : ground;
}

/// A bar from −most to +most, coloured as contributionColor() does it, with its three figures below; 30 high.
inline void paintContributionScale(QPainter& painter, const QRectF& box, double most, const ThemeColors& colors, double strength = 0.85)
{
    const double width = std::min(box.width(), 240.0);
    const QRectF bar(box.center().x() - width / 2, box.top(), width, 8.0);
    constexpr int steps = 48;
    painter.setPen(Qt::NoPen);
    for (int i = 0; i < steps; ++i) {
        painter.setBrush(contributionColor(colors, (i + 0.5) / steps * 2.0 - 1.0, colors.card, strength));
        painter.drawRect(QRectF(bar.left() + width * i / steps, bar.top(), width / steps + 0.4, bar.height()));
    }
    painter.setPen(colors.dim);
    const double top = bar.bottom() + 3.0;
    drawText(painter, QRectF(bar.left(), top, width / 2 - 8.0, 16.0), Qt::AlignLeft | Qt::AlignVCenter, shortText(-most, 2));
    drawText(painter, QRectF(bar.center().x() - 8.0, top, 16.0, 16.0), Qt::AlignCenter, QStringLiteral("0"));
    drawText(painter, QRectF(bar.center().x() + 8.0, top, width / 2 - 8.0, 16.0), Qt::AlignRight | Qt::AlignVCenter, QLatin1Char('+') + shortText(most, 2));
}

} // namespace limpid::plot
