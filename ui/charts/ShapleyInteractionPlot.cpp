#include "ui/charts/ContributionScale.h"
#include "ui/charts/EffectCurve.h"
#include "ui/charts/PairMatrix.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text, int n = -1) { return QCoreApplication::translate("EffectPlots", text, nullptr, n); }

constexpr double footHeight = 40.0;
constexpr double strength = 0.6; // of the colours: figures stand on them

/// The lower triangle of players × players: what pairs do to predictions together, the main effects on the diagonal. An item is
/// a cell: its player's row · players + its column, by their places in the picture.
class ShapleyInteractionPlot final : public Plot
{
public:
    ShapleyInteractionPlot(std::shared_ptr<const ColumnInteractions> found, QString output, std::size_t index)
        : m_found(std::move(found)), m_output(std::move(output)), m_index(index)
    {
        const std::size_t players = m_index < m_found->outputs() ? m_found->players.size() : 0;
        std::vector<double> sizes(players, 0.0);
        for (std::size_t i = 0; i < players; ++i)
            for (std::size_t j = 0; j < players; ++j)
                sizes[i] += size(i, j);
        m_order.resize(players);
        std::iota(m_order.begin(), m_order.end(), std::size_t{0});
        // The columns that stand together come last: they were not asked about.
        std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) {
            return std::pair(isOthers(a), -sizes[a]) < std::pair(isOthers(b), -sizes[b]);
        });
        for (const std::size_t player : m_order)
            m_names << name(player);
        for (std::size_t row = 0; row < players; ++row)
            for (std::size_t column = 0; column < row; ++column)
                m_most = std::max(m_most, std::abs(value(m_order[row], m_order[column])));
        for (std::size_t i = 0; m_most == 0.0 && i < players; ++i)
            m_most = std::max(m_most, std::abs(value(i, i)));
    }

    double preferredHeight(double) const override { return PairMatrix::preferredHeight(m_order.size()) + footHeight; }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0));
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const PairMatrix matrix = matrixIn(area);
        painter.setPen(colors.dim);
        drawText(painter, QRectF(area.left(), area.top(), area.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter,
                 tr("Mean |value| of each pair, of %1; on the diagonal the main effects").arg(m_output));
        matrix.paintNames(painter, colors);
        for (std::size_t row = 0; row < m_order.size(); ++row) {
            for (std::size_t column = 0; column <= row; ++column) {
                const QRectF cell = matrix.cell(row, column).adjusted(1.0, 1.0, -1.0, -1.0);
                const double share = m_most > 0.0 ? value(m_order[row], m_order[column]) / m_most : 0.0;
                painter.setPen(row == column ? QPen(colors.faint, 1.0) : QPen(colors.line, 1.0));
                painter.setBrush(contributionColor(colors, share, colors.card, strength));
                painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), 3.0, 3.0);
                painter.setPen(colors.text);
                if (matrix.hasRoom(34.0))
                    drawText(painter, cell, Qt::AlignCenter, shortText(size(m_order[row], m_order[column]), 2));
            }
        }
        const double top = matrix.cells().bottom() + 24.0;
        if (m_most > 0.0 && top + 34.0 <= area.bottom()) {
            const QRectF scale(area.left(), top, area.width(), 30.0);
            paintContributionScale(painter, scale, m_most, colors, strength);
            painter.setPen(colors.dim);
            if (area.width() > 560.0)
                drawText(painter, QRectF(area.left(), top - 3.0, area.width() / 2 - 130.0, 16.0), Qt::AlignRight | Qt::AlignVCenter, tr("mean value"));
        }
        painter.restore();
    }

    QString sentence() const override
    {
        std::size_t first = 0, second = 0;
        std::pair best(false, 0.0);
        for (std::size_t row = 0; row < m_order.size(); ++row)
            for (std::size_t column = 0; column < row; ++column)
                if (const std::pair rank{!isOthers(m_order[row]), size(m_order[row], m_order[column])}; rank.second > 0.0 && rank > best) {
                    best = rank; // a pair that was asked about says more than one with all others
                    first = m_order[column];
                    second = m_order[row];
                }
        if (m_order.empty())
            return tr("No interaction has been looked for.");
        if (first == second)
            return tr("No two columns make anything of %1 together.").arg(m_output);
        return tr("“%1” and “%2” make most of %3 together: %4 up or down, on average over the rows; %5 on balance.")
            .arg(name(first), name(second), m_output, shortText(size(first, second), 3),
                 (value(first, second) > 0.0 ? QStringLiteral("+") : QString()) + shortText(value(first, second), 3));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{tr("column"), tr("with"), tr("mean value"), tr("mean |value|")}};
        for (std::size_t row = 0; row < m_order.size(); ++row)
            for (std::size_t column = 0; column <= row; ++column)
                lines.push_back({m_names[qsizetype(column)], row == column ? tr("itself") : m_names[qsizetype(row)],
                                 exactText(value(m_order[row], m_order[column])), exactText(size(m_order[row], m_order[column]))});
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const auto found = matrixIn(area).at(point);
        return found && found->second <= found->first ? item(found->first, found->second) : -1;
    }

    QString tooltip(int item) const override
    {
        if (item < 0 || static_cast<std::size_t>(item) >= m_order.size() * m_order.size())
            return {};
        const auto [row, column] = placeOf(item);
        const std::size_t a = m_order[column], b = m_order[row];
        QString text = a == b ? tr("%1: main effect").arg(name(a)) : tr("%1 with %2").arg(name(a), name(b));
        text += QLatin1Char('\n') + tr("mean value %1, mean |value| %2").arg(shortText(value(a, b), 3), shortText(size(a, b), 3));
        if (isOthers(a) || isOthers(b))
            text += QLatin1Char('\n') + tr("other columns: %n that count as one", static_cast<int>(m_found->others.size()));
        return text;
    }

    int itemAfter(int item, Qt::Key arrow) const override
    {
        if (m_order.empty())
            return -1;
        if (item < 0)
            return this->item(0, 0);
        auto [row, column] = placeOf(item);
        if (arrow == Qt::Key_Left && column > 0)
            --column;
        else if (arrow == Qt::Key_Right && column < row)
            ++column;
        else if (arrow == Qt::Key_Up && row > column)
            --row;
        else if (arrow == Qt::Key_Down && row + 1 < m_order.size())
            ++row;
        return this->item(row, column);
    }

    QRectF itemPlace(int item, const QRectF& area) const override
    {
        if (item < 0 || static_cast<std::size_t>(item) >= m_order.size() * m_order.size())
            return {};
        const auto [row, column] = placeOf(item);
        return matrixIn(area).cell(row, column);
    }

private:
    double value(std::size_t i, std::size_t j) const { return m_found->mean[m_found->cell(m_index, i, j)]; }
    double size(std::size_t i, std::size_t j) const { return m_found->meanAbsolute[m_found->cell(m_index, i, j)]; }
    bool isOthers(std::size_t player) const { return !m_found->others.empty() && player + 1 == m_found->players.size(); }
    QString name(std::size_t player) const { return isOthers(player) ? tr("other columns") : QString::fromStdString(m_found->players[player]); }
    int item(std::size_t row, std::size_t column) const { return static_cast<int>(row * m_order.size() + column); }
    std::pair<std::size_t, std::size_t> placeOf(int item) const
    {
        return {static_cast<std::size_t>(item) / m_order.size(), static_cast<std::size_t>(item) % m_order.size()};
    }
    PairMatrix matrixIn(const QRectF& area) const { return {m_names, area.adjusted(0.0, 0.0, 0.0, -footHeight)}; }

    std::shared_ptr<const ColumnInteractions> m_found;
    QString m_output;
    std::size_t m_index;
    std::vector<std::size_t> m_order;   ///< players, those that do most first
    QStringList m_names;                ///< in that order
    double m_most = 0.0;                ///< the mean value of the strongest colour: the largest of a pair
};

} // namespace

std::unique_ptr<Plot> makeShapleyInteractionPlot(std::shared_ptr<const ColumnInteractions> interactions, EffectScale scale, std::size_t output)
{
    return std::make_unique<ShapleyInteractionPlot>(std::move(interactions), outputText(scale, output), output);
}

} // namespace limpid
