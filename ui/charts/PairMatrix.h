#pragma once

#include "ui/theme/Theme.h"

#include <QPainter>
#include <QStringList>

#include <optional>
#include <utility>

namespace limpid::plot {

/// A cell for each two of some names, which stand at the left and below. Does not depend on the font, so that hit() knows it too.
class PairMatrix
{
public:
    PairMatrix(QStringList names, const QRectF& box);

    /// The height that it likes, a line above the cells included.
    static double preferredHeight(std::size_t names);

    const QRectF& cells() const { return m_cells; }
    QRectF cell(std::size_t row, std::size_t column) const;
    /// Row and column under a point.
    std::optional<std::pair<std::size_t, std::size_t>> at(const QPointF& point) const;
    /// The figure fits a cell.
    bool hasRoom(double width) const { return m_width >= width && m_height >= 14.0; }
    void paintNames(QPainter& painter, const ThemeColors& colors) const;

private:
    QStringList m_names;
    QRectF m_box, m_cells;
    double m_width = 0.0, m_height = 0.0;   ///< of a cell
};

} // namespace limpid::plot
