#include "ui/charts/EffectCurve.h"
#include "ui/charts/PairMatrix.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text, int n = -1) { return QCoreApplication::translate("EffectPlots", text, nullptr, n); }

constexpr double head = 22.0, gap = 28.0, figureRoom = 40.0, abreast = 620.0;

/// How much of the output columns make together that none makes alone.
class InteractionPlot final : public Plot
{
public:
    InteractionPlot(std::shared_ptr<const Interactions> interactions, QString output, std::size_t index, int most)
        : m_interactions(std::move(interactions)), m_output(std::move(output)), m_index(index)
    {
        const auto& columns = m_interactions->columns;
        m_order.resize(columns.size());
        std::iota(m_order.begin(), m_order.end(), std::size_t(0));
        std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) { return sortable(columns[a].h) > sortable(columns[b].h); });
        m_shown = std::min(m_order.size(), static_cast<std::size_t>(std::max(1, most)));
        for (const Interactions::Pair& pair : m_interactions->pairs)
            for (const std::size_t column : {pair.first, pair.second})
                if (std::find(m_members.begin(), m_members.end(), column) == m_members.end())
                    m_members.push_back(column);
        const auto place = [&](std::size_t column) {
            return std::find_if(m_order.begin(), m_order.end(), [&](std::size_t i) { return columns[i].column == column; }) - m_order.begin();
        };
        std::stable_sort(m_members.begin(), m_members.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
    }

    double preferredHeight(double width) const override
    {
        const double bars = head + 26.0 * static_cast<double>(std::max<std::size_t>(1, m_shown)) + 24.0;
        const double matrix = m_members.empty() ? 0.0 : PairMatrix::preferredHeight(m_members.size());
        return width >= abreast ? std::max(bars, matrix) : bars + (m_members.empty() ? 0.0 : matrix + 12.0);
    }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0));
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QRectF box = barBox(area);
        const double names = nameWidth(box);
        const QRectF plot(box.left() + names, box.top() + head, std::max(8.0, box.width() - names - figureRoom), pitch(box) * static_cast<double>(m_shown));
        painter.setPen(colors.dim);
        drawText(painter, QRectF(box.left(), box.top(), box.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter, tr("H with all other columns, of %1").arg(m_output));
        const double most = barMost();
        for (const double value : {0.0, most / 2, most}) {
            const double x = std::round(plot.left() + value / most * plot.width()) + 0.5;
            painter.setPen(QPen(colors.line, 1.0));
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
            painter.setPen(colors.dim);
            drawText(painter, QRectF(x - 20.0, plot.bottom() + 3.0, 40.0, 16.0), Qt::AlignCenter, shortText(value, 2));
        }
        for (std::size_t i = 0; i < m_shown; ++i) {
            const Interactions::Column& column = m_interactions->columns[m_order[i]];
            const double middle = plot.top() + (static_cast<double>(i) + 0.5) * pitch(box), half = std::min(9.0, pitch(box) * 0.34);
            const double h = valueOf(column.h);
            if (std::isfinite(h)) {
                painter.setPen(Qt::NoPen);
                painter.setBrush(colors.accent);
                painter.drawRoundedRect(QRectF(plot.left(), middle - half, std::clamp(h / most, 0.0, 1.0) * plot.width() + 1.0, 2 * half), 2.0, 2.0);
            }
            if (pitch(box) < 9.0)
                continue;
            painter.setPen(colors.text);
            drawText(painter, QRectF(box.left(), middle - 9.0, names - 10.0, 18.0), Qt::AlignRight | Qt::AlignVCenter, name(column.column), Qt::ElideMiddle);
            painter.setPen(colors.dim);
            drawText(painter, QRectF(plot.right() + 4.0, middle - 9.0, figureRoom - 4.0, 18.0), Qt::AlignRight | Qt::AlignVCenter, fixedText(h, 2));
        }
        paintMatrix(painter, area, theme);
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_order.empty())
            return tr("No interaction has been looked for.");
        if (m_interactions->names.size() == 1)
            return tr("There is one column alone, and none for it to interact with.");
        const Interactions::Column& first = m_interactions->columns[m_order.front()];
        QString text = tr("“%1” interacts most with the other columns: H %2 of %3.").arg(name(first.column), fixedText(valueOf(first.h), 2), m_output);
        const Interactions::Pair* strongest = nullptr;
        for (const Interactions::Pair& pair : m_interactions->pairs)
            if (!strongest || sortable(pair.strength) > sortable(strongest->strength))
                strongest = &pair;
        if (strongest && sortable(strongest->strength) > 0.0)
            text += QLatin1Char(' ') + tr("Of the pairs, “%1” and “%2” make most together: H %3.").arg(name(strongest->first), name(strongest->second),
                                                                                                       fixedText(valueOf(strongest->h), 2));
        return text;
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{tr("column"), tr("with"), tr("H"), tr("strength")}};
        for (const std::size_t index : m_order) {
            const Interactions::Column& column = m_interactions->columns[index];
            lines.push_back({name(column.column), tr("all others"), exactText(valueOf(column.h)), exactText(valueOf(column.strength))});
        }
        for (const Interactions::Pair& pair : m_interactions->pairs)
            lines.push_back({name(pair.first), name(pair.second), exactText(valueOf(pair.h)), exactText(valueOf(pair.strength))});
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const QRectF box = barBox(area);
        const double line = (point.y() - box.top() - head) / pitch(box);
        if (box.contains(point))
            return line >= 0.0 && line < static_cast<double>(m_shown) ? static_cast<int>(line) : -1;
        const auto cell = matrixIn(area).at(point);
        if (!cell)
            return -1;
        const std::ptrdiff_t pair = pairOf(m_members[cell->first], m_members[cell->second]);
        return pair < 0 ? -1 : static_cast<int>(m_shown) + static_cast<int>(pair);
    }

    QString tooltip(int item) const override
    {
        if (item < 0)
            return {};
        auto index = static_cast<std::size_t>(item);
        QString names;
        const std::vector<double>* h = nullptr;
        const std::vector<double>* strength = nullptr;
        if (index < m_shown) {
            const Interactions::Column& column = m_interactions->columns[m_order[index]];
            names = tr("%1 with all others").arg(name(column.column));
            h = &column.h;
            strength = &column.strength;
        } else if (index -= m_shown; index < m_interactions->pairs.size()) {
            const Interactions::Pair& pair = m_interactions->pairs[index];
            names = tr("%1 with %2").arg(name(pair.first), name(pair.second));
            h = &pair.h;
            strength = &pair.strength;
        } else {
            return {};
        }
        return tr("%1\nH %2, strength %3").arg(names, fixedText(valueOf(*h), 3), shortText(valueOf(*strength), 3));
    }

private:
    double valueOf(const std::vector<double>& values) const { return m_index < values.size() ? values[m_index] : std::nan(""); }
    double sortable(const std::vector<double>& values) const { return std::isfinite(valueOf(values)) ? valueOf(values) : -1.0; }
    QString name(std::size_t column) const { return column < m_interactions->names.size() ? QString::fromStdString(m_interactions->names[column]) : QString(); }
    /// Round, and never beyond what the bars need.
    double barMost() const
    {
        const double largest = m_order.empty() ? 0.0 : sortable(m_interactions->columns[m_order.front()].h);
        for (const double most : {0.1, 0.2, 0.5, 1.0})
            if (largest <= most)
                return most;
        return largest;
    }
    std::ptrdiff_t pairOf(std::size_t a, std::size_t b) const
    {
        const auto& pairs = m_interactions->pairs;
        const auto found = std::find_if(pairs.begin(), pairs.end(), [&](const Interactions::Pair& pair) {
            return (pair.first == a && pair.second == b) || (pair.first == b && pair.second == a);
        });
        return found == pairs.end() ? -1 : found - pairs.begin();
    }

    QRectF barBox(const QRectF& area) const
    {
        if (m_members.empty())
            return area;
        if (area.width() >= abreast)
            return {area.left(), area.top(), (area.width() - gap) / 2, area.height()};
        const double bars = static_cast<double>(m_shown) * 26.0 + head + 24.0, matrix = PairMatrix::preferredHeight(m_members.size());
        return {area.left(), area.top(), area.width(), std::max(1.0, area.height() - 12.0) * bars / (bars + matrix)};
    }
    double pitch(const QRectF& box) const
    {
        return std::clamp((box.height() - head - 24.0) / static_cast<double>(std::max<std::size_t>(1, m_shown)), 1.0, 30.0);
    }
    double nameWidth(const QRectF& box) const
    {
        double names = 0.0;
        for (std::size_t i = 0; i < m_shown; ++i)
            names = std::max(names, 6.6 * static_cast<double>(name(m_interactions->columns[m_order[i]].column).size()));
        return std::min(names, box.width() * 0.4) + 12.0;
    }
    QRectF matrixBox(const QRectF& area) const
    {
        const QRectF bars = barBox(area);
        if (area.width() >= abreast)
            return {bars.right() + gap, area.top(), area.right() - bars.right() - gap, area.height()};
        return {area.left(), bars.bottom() + 12.0, area.width(), std::max(1.0, area.bottom() - bars.bottom() - 12.0)};
    }
    PairMatrix matrixIn(const QRectF& area) const
    {
        QStringList names;
        for (const std::size_t member : m_members)
            names << name(member);
        return {names, matrixBox(area)};
    }

    void paintMatrix(QPainter& painter, const QRectF& area, const Theme& theme) const
    {
        if (m_members.empty())
            return;
        const ThemeColors& colors = theme.colors();
        const QRectF box = matrixBox(area);
        const PairMatrix matrix = matrixIn(area);
        painter.setPen(colors.dim);
        drawText(painter, QRectF(box.left(), box.top(), box.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter, tr("H of two columns with each other"));
        matrix.paintNames(painter, colors);
        for (std::size_t row = 0; row < m_members.size(); ++row) {
            for (std::size_t column = 0; column < m_members.size(); ++column) {
                const std::ptrdiff_t pair = pairOf(m_members[row], m_members[column]);
                if (pair < 0)
                    continue;
                const double h = valueOf(m_interactions->pairs[static_cast<std::size_t>(pair)].h);
                const QRectF cell = matrix.cell(row, column);
                painter.setPen(Qt::NoPen);
                painter.setBrush(std::isfinite(h) ? mix(colors.card, colors.accent, 0.06 + 0.5 * std::clamp(h, 0.0, 1.0)) : colors.line);
                painter.drawRoundedRect(cell.adjusted(1.0, 1.0, -1.0, -1.0), 3.0, 3.0);
                painter.setPen(colors.text);
                if (matrix.hasRoom(28.0))
                    drawText(painter, cell, Qt::AlignCenter, fixedText(h, 2));
            }
        }
    }

    std::shared_ptr<const Interactions> m_interactions;
    QString m_output;
    std::size_t m_index;
    std::vector<std::size_t> m_order;     ///< indices into columns, largest H first
    std::vector<std::size_t> m_members;   ///< columns that stand in a pair
    std::size_t m_shown = 0;
};

} // namespace

std::unique_ptr<Plot> makeInteractionPlot(std::shared_ptr<const Interactions> interactions, EffectScale scale, std::size_t output, int mostBars)
{
    return std::make_unique<InteractionPlot>(std::move(interactions), outputText(scale, output), output, mostBars);
}

} // namespace limpid
