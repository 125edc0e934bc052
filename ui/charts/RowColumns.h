#pragma once

#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace limpid::plot {

/// What plots share in which each row stands in a column of its own, side by side in some order: finding, selecting and
/// walking rows. An item is lane · rows + row; lane 0 where a plot has no lanes.
class RowColumns : public Plot
{
public:
    RowColumns(std::shared_ptr<const Explanation> explanation, std::size_t output, RowOrder order)
        : m_explanation(std::move(explanation)), m_output(output), m_rowOrder(order),
          m_order(order == RowOrder::Prediction ? orderByPrediction(*m_explanation, output) : orderBySimilarity(*m_explanation, output)),
          m_place(m_order.size())
    {
        for (std::size_t i = 0; i < m_order.size(); ++i)
            m_place[m_order[i]] = i;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const QRectF box = columns(area);
        if (m_order.empty() || !box.contains(point))
            return -1;
        const auto i = static_cast<std::size_t>((point.x() - box.left()) / box.width() * static_cast<double>(m_order.size()));
        return static_cast<int>(laneAt(point.y(), area) * m_order.size() + m_order[std::min(i, m_order.size() - 1)]);
    }

    std::size_t selectableRows() const override { return m_order.size(); }
    int rowOf(int item) const override { return item < 0 || m_order.empty() ? -1 : static_cast<int>(static_cast<std::size_t>(item) % m_order.size()); }

    std::vector<std::size_t> rowsIn(const QRectF& region, const QRectF& area) const override
    {
        const QRectF box = columns(area);
        std::vector<std::size_t> rows;
        if (m_order.empty() || !region.intersects(box))
            return rows;
        const double perPixel = static_cast<double>(m_order.size()) / box.width();
        const auto from = static_cast<std::size_t>(std::max(0.0, std::floor((region.left() - box.left()) * perPixel)));
        const auto to = static_cast<std::size_t>(std::max(0.0, std::ceil((region.right() - box.left()) * perPixel)));
        for (std::size_t i = from; i < std::min(to, m_order.size()); ++i)
            rows.push_back(m_order[i]);
        std::sort(rows.begin(), rows.end());
        return rows;
    }

    void paintSelection(QPainter& painter, const QRectF& area, const Theme& theme, const std::vector<bool>& selected) const override
    {
        if (selected.size() != m_order.size())
            return;
        const QRectF box = columns(area);
        for (std::size_t i = 0; i < m_order.size();) {
            std::size_t end = i;
            while (end < m_order.size() && selected[m_order[end]] == selected[m_order[i]])
                ++end;
            const double left = std::round(box.left() + box.width() * static_cast<double>(i) / static_cast<double>(m_order.size()));
            const double right = std::round(box.left() + box.width() * static_cast<double>(end) / static_cast<double>(m_order.size()));
            if (!selected[m_order[i]]) {
                paintVeil(painter, QRectF(left, box.top(), right - left, box.height()), theme.colors());
            } else { // a bar above says so where columns are thinner than a pixel
                painter.fillRect(QRectF(left, box.top() - 3.0, std::max(1.0, right - left), 2.0), theme.colors().accent);
            }
            i = end;
        }
    }

    int itemAfter(int item, Qt::Key arrow) const override
    {
        if (m_order.empty())
            return -1;
        if (item < 0)
            return static_cast<int>(m_order.front());
        std::size_t lane = static_cast<std::size_t>(item) / m_order.size(), i = m_place[static_cast<std::size_t>(item) % m_order.size()];
        if (arrow == Qt::Key_Left || arrow == Qt::Key_Right)
            i = arrow == Qt::Key_Right ? std::min(i + 1, m_order.size() - 1) : i - (i > 0);
        else
            lane = laneBeside(lane, arrow == Qt::Key_Down);
        return static_cast<int>(lane * m_order.size() + m_order[i]);
    }

    QRectF itemPlace(int item, const QRectF& area) const override
    {
        if (item < 0 || m_order.empty())
            return {};
        const QRectF box = columns(area);
        const double width = box.width() / static_cast<double>(m_order.size());
        const double i = static_cast<double>(m_place[static_cast<std::size_t>(item) % m_order.size()]);
        const auto [top, height] = lanePlace(static_cast<std::size_t>(item) / m_order.size(), area);
        return {box.left() + i * width, top, std::max(1.0, width), height};
    }

protected:
    /// Where the rows' columns stand: must not depend on fonts.
    virtual QRectF columns(const QRectF& area) const = 0;
    virtual std::size_t laneAt(double y, const QRectF& area) const { (void)y; (void)area; return 0; }
    virtual std::size_t laneBeside(std::size_t lane, bool below) const { (void)below; return lane; }
    virtual std::pair<double, double> lanePlace(std::size_t lane, const QRectF& area) const { (void)lane; const QRectF box = columns(area); return {box.top(), box.height()}; }

    /// How many columns are drawn in so many pixels, and which of m_order one of them is of: [first, end).
    std::size_t drawnColumns(double width) const { return std::min(m_order.size(), static_cast<std::size_t>(std::max(1.0, std::floor(width)))); }
    std::pair<std::size_t, std::size_t> drawn(std::size_t column, std::size_t of) const
    { return {column * m_order.size() / of, (column + 1) * m_order.size() / of}; }

    /// "200 rows, alike ones side by side"
    QString orderText() const
    {
        const QString rows = QCoreApplication::translate("Plots", "%1 rows").arg(QLocale().toString(static_cast<qulonglong>(m_order.size())));
        return m_rowOrder == RowOrder::Prediction ? QCoreApplication::translate("Plots", "%1, from the lowest prediction to the highest").arg(rows)
                                                  : QCoreApplication::translate("Plots", "%1, alike ones side by side").arg(rows);
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output;
    RowOrder m_rowOrder;
    std::vector<std::size_t> m_order;  ///< rows from the left
    std::vector<std::size_t> m_place;  ///< [rows] where each is in m_order
};

} // namespace limpid::plot
