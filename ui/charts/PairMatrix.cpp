#include "ui/charts/PairMatrix.h"

#include "ui/charts/PlotTools.h"

#include <algorithm>

namespace limpid::plot {

namespace {

constexpr double head = 22.0, foot = 20.0, pitch = 32.0, largestPitch = 44.0;

} // namespace

PairMatrix::PairMatrix(QStringList names, const QRectF& box)
    : m_names(std::move(names)), m_box(box)
{
    double room = 0.0;
    for (const QString& name : m_names)
        room = std::max(room, 6.6 * static_cast<double>(name.size()));
    room = std::min(room, box.width() * 0.35) + 10.0;
    const auto count = static_cast<double>(std::max<qsizetype>(1, m_names.size()));
    m_cells = {box.left() + room, box.top() + head, std::max(4.0, box.width() - room), std::clamp(box.height() - head - foot, 4.0, largestPitch * count)};
    m_width = m_cells.width() / count;
    m_height = m_cells.height() / count;
}

double PairMatrix::preferredHeight(std::size_t names) { return head + pitch * static_cast<double>(names) + foot; }

QRectF PairMatrix::cell(std::size_t row, std::size_t column) const
{
    return {m_cells.left() + static_cast<double>(column) * m_width, m_cells.top() + static_cast<double>(row) * m_height, m_width, m_height};
}

std::optional<std::pair<std::size_t, std::size_t>> PairMatrix::at(const QPointF& point) const
{
    if (m_names.isEmpty() || !m_cells.contains(point))
        return std::nullopt;
    const auto last = static_cast<std::size_t>(m_names.size()) - 1;
    return std::pair(std::min(last, static_cast<std::size_t>((point.y() - m_cells.top()) / m_height)),
                     std::min(last, static_cast<std::size_t>((point.x() - m_cells.left()) / m_width)));
}

void PairMatrix::paintNames(QPainter& painter, const ThemeColors& colors) const
{
    painter.setPen(colors.text);
    for (qsizetype i = 0; i < m_names.size(); ++i) {
        const QRectF own = cell(static_cast<std::size_t>(i), static_cast<std::size_t>(i));
        if (m_height >= 11.0)
            drawText(painter, QRectF(m_box.left(), own.top(), m_cells.left() - m_box.left() - 8.0, m_height), Qt::AlignRight | Qt::AlignVCenter, m_names[i], Qt::ElideMiddle);
        if (m_width >= 20.0)
            drawText(painter, QRectF(own.left() + 2.0, m_cells.bottom() + 2.0, m_width - 4.0, 16.0), Qt::AlignCenter, m_names[i], Qt::ElideMiddle);
    }
}

} // namespace limpid::plot
