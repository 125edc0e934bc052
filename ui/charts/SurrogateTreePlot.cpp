#include "ui/charts/EffectCurve.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QPainterPath>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text, int n = -1) { return QCoreApplication::translate("EffectPlots", text, nullptr, n); }

constexpr double head = 24.0, level = 76.0, boxHeight = 40.0;

/// The small tree that says about what the model says. Left is always "yes".
class SurrogateTreePlot final : public Plot
{
public:
    SurrogateTreePlot(std::shared_ptr<const SurrogateTree> tree, QString output, std::size_t index)
        : m_tree(std::move(tree)), m_output(std::move(output)), m_index(index), m_places(m_tree->nodes.size())
    {
        if (!m_places.empty())
            place(0, 0);
        m_min = std::numeric_limits<double>::infinity();
        m_max = -m_min;
        for (const SurrogateNode& node : m_tree->nodes)
            if (node.left == 0 && std::isfinite(valueOf(node))) {
                m_min = std::min(m_min, valueOf(node));
                m_max = std::max(m_max, valueOf(node));
            }
        m_decimals = decimalsFor(m_max > m_min ? m_max - m_min : 1.0, 3);
    }

    double preferredHeight(double) const override { return head + level * static_cast<double>(m_depth) + boxHeight + 4.0; }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0));
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        painter.setPen(colors.dim);
        drawText(painter, QRectF(area.left(), area.top(), area.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter, fidelity());
        const auto& nodes = m_tree->nodes;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (nodes[i].left == 0)
                continue;
            const QRectF from = boxOf(i, area);
            for (const std::size_t child : {nodes[i].left, nodes[i].right}) {
                const QRectF to = boxOf(child, area);
                const double share = nodes[0].rows > 0 ? static_cast<double>(nodes[child].rows) / static_cast<double>(nodes[0].rows) : 0.0;
                const double middle = (from.bottom() + to.top()) / 2;
                QPainterPath path(QPointF(from.center().x(), from.bottom()));
                path.cubicTo(QPointF(from.center().x(), middle), QPointF(to.center().x(), middle), QPointF(to.center().x(), to.top()));
                painter.setBrush(Qt::NoBrush);
                painter.setPen(QPen(mix(colors.card, colors.dim, 0.45), 1.0 + 7.0 * share, Qt::SolidLine, Qt::FlatCap));
                painter.drawPath(path);
            }
            // Where the line comes down from within, there is room at the outside.
            const QRectF yes = boxOf(nodes[i].left, area), no = boxOf(nodes[i].right, area);
            if (yes.top() - from.bottom() >= 24.0) {
                painter.setPen(colors.dim);
                drawText(painter, QRectF(yes.center().x() - 48.0, yes.top() - 17.0, 40.0, 16.0), Qt::AlignRight | Qt::AlignVCenter, tr("yes"));
                drawText(painter, QRectF(no.center().x() + 8.0, no.top() - 17.0, 40.0, 16.0), Qt::AlignLeft | Qt::AlignVCenter, tr("no"));
            }
        }
        for (std::size_t i = 0; i < nodes.size(); ++i)
            paintNode(painter, boxOf(i, area), nodes[i], theme);
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_tree->nodes.empty())
            return tr("No tree has been grown.");
        if (m_tree->nodes.front().left == 0)
            return tr("No question explains enough of %1: the tree is a single answer.").arg(m_output);
        return tr("The tree first asks whether %1. %2.").arg(question(m_tree->nodes.front()), fidelity());
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{tr("node"), tr("question"), tr("yes"), tr("no"), tr("rows"), m_output, tr("explained share")}};
        for (std::size_t i = 0; i < m_tree->nodes.size(); ++i) {
            const SurrogateNode& node = m_tree->nodes[i];
            const bool asks = node.left != 0;
            lines.push_back({QString::number(i), asks ? question(node) : QString(), asks ? QString::number(node.left) : QString(),
                             asks ? QString::number(node.right) : QString(), QString::number(node.rows), exactText(valueOf(node)),
                             asks ? exactText(node.gain) : QString()});
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        for (std::size_t i = 0; i < m_tree->nodes.size(); ++i)
            if (boxOf(i, area).contains(point))
                return static_cast<int>(i);
        return -1;
    }

    QString tooltip(int item) const override
    {
        if (item < 0 || item >= static_cast<int>(m_tree->nodes.size()))
            return {};
        const SurrogateNode& node = m_tree->nodes[static_cast<std::size_t>(item)];
        QString text = tr("%1 %2\n%3 of all rows (%4)").arg(m_output, fixedText(valueOf(node), m_decimals), shareText(node), QLocale().toString(static_cast<qulonglong>(node.rows)));
        if (node.left != 0) {
            text.prepend(tr("%1?").arg(question(node)) + QLatin1Char('\n'));
            text += QLatin1Char('\n') + tr("explains %1 % of the variance").arg(fixedText(100.0 * node.gain, 1));
            if (node.missingRows > 0)
                text += QLatin1Char('\n') + (node.missingLeft ? tr("%n rows without a value: yes", static_cast<int>(node.missingRows))
                                                              : tr("%n rows without a value: no", static_cast<int>(node.missingRows)));
        }
        return text;
    }

private:
    struct Place { double x = 0.0; std::size_t depth = 0; };

    /// Answers stand side by side, a question in the middle above its two.
    void place(std::size_t node, std::size_t depth)
    {
        m_depth = std::max(m_depth, depth);
        const SurrogateNode& at = m_tree->nodes[node];
        m_places[node].depth = depth;
        if (at.left == 0) {
            m_places[node].x = static_cast<double>(m_leaves++) + 0.5;
            return;
        }
        place(at.left, depth + 1);
        place(at.right, depth + 1);
        m_places[node].x = (m_places[at.left].x + m_places[at.right].x) / 2;
    }

    double valueOf(const SurrogateNode& node) const { return m_index < node.value.size() ? node.value[m_index] : std::nan(""); }

    QRectF boxOf(std::size_t node, const QRectF& area) const
    {
        const double slot = area.width() / static_cast<double>(std::max<std::size_t>(1, m_leaves));
        const double pitch = m_depth > 0 ? std::clamp((area.height() - head - boxHeight - 2.0) / static_cast<double>(m_depth), 1.0, 110.0) : 0.0;
        const double high = std::clamp(m_depth > 0 ? pitch * 0.56 : boxHeight, 1.0, boxHeight);
        const bool asks = m_tree->nodes[node].left != 0;
        // A question has the room of the answers below it.
        const double width = std::max(2.0, std::min({asks ? 190.0 : 120.0, (asks ? 1.9 : 1.0) * slot - 6.0, area.width()}));
        const double left = std::clamp(area.left() + m_places[node].x * slot - width / 2, area.left(), std::max(area.left(), area.right() - width));
        return {left, area.top() + head + pitch * static_cast<double>(m_places[node].depth), width, high};
    }

    QString question(const SurrogateNode& node) const
    {
        if (node.column >= m_tree->columns.size())
            return {};
        const SurrogateTree::Column& column = m_tree->columns[node.column];
        const QString name = QString::fromStdString(column.name);
        if (column.type == ColumnType::Category || column.type == ColumnType::Boolean) {
            QStringList levels;
            for (const std::size_t l : node.levels)
                levels << (l < column.levels.size() ? QString::fromStdString(column.levels[l]) : tr("missing"));
            if (levels.size() == 1)
                return QStringLiteral("%1 = %2").arg(name, levels.front());
            return tr("%1 is %2").arg(name, levels.join(tr(" or ")));
        }
        const QString limit = column.type == ColumnType::DateTime
            ? QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(node.threshold), QTimeZone::utc()).toString(QStringLiteral("yyyy-MM-dd hh:mm"))
            : shortText(node.threshold, 4);
        return QStringLiteral("%1 ≤ %2").arg(name, limit);
    }

    QString shareText(const SurrogateNode& node) const
    {
        const std::size_t all = m_tree->nodes.front().rows;
        const double percent = all > 0 ? 100.0 * static_cast<double>(node.rows) / static_cast<double>(all) : 0.0;
        return tr("%1 %").arg(fixedText(percent, percent < 10.0 ? 1 : 0));
    }

    QString fidelity() const
    {
        const double r2 = m_index < m_tree->r2.size() ? m_tree->r2[m_index] : std::nan("");
        QStringList parts;
        if (std::isfinite(r2))
            parts << tr("R² %1 of %2").arg(fixedText(r2, 2), m_output);
        if (std::isfinite(m_tree->agreement))
            parts << tr("says the same as the model for %1 %").arg(fixedText(100.0 * m_tree->agreement, 1));
        if (parts.isEmpty())
            return tr("How faithful the tree is to the model can't be told");
        return tr("Fidelity on %n rows it was not grown on: %1", static_cast<int>(m_tree->heldOut)).arg(parts.join(QStringLiteral("; ")));
    }

    void paintNode(QPainter& painter, const QRectF& box, const SurrogateNode& node, const Theme& theme) const
    {
        const ThemeColors& colors = theme.colors();
        const bool asks = node.left != 0;
        const double value = valueOf(node);
        const double place = m_max > m_min && std::isfinite(value) ? std::clamp((value - m_min) / (m_max - m_min), 0.0, 1.0) : 0.5;
        const QColor tone = place >= 0.5 ? colors.raises : colors.lowers;
        painter.setPen(QPen(asks ? colors.line : tone, 1.0));
        painter.setBrush(asks ? colors.card : mix(colors.card, tone, 0.06 + 0.44 * std::abs(place - 0.5)));
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6.0, 6.0);
        if (box.height() < 14.0 || box.width() < 24.0)
            return;
        const bool two = box.height() >= 30.0;
        const QRectF inner = box.adjusted(5.0, two ? 3.0 : 0.0, -5.0, two ? -3.0 : 0.0);
        const QRectF upper = two ? QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2) : inner;
        QFont bold = theme.smallFont();
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.setPen(colors.text);
        drawText(painter, upper, Qt::AlignCenter, asks ? question(node) : fixedText(value, m_decimals), Qt::ElideMiddle);
        painter.setFont(theme.smallFont());
        if (two) {
            painter.setPen(asks ? colors.dim : colors.text);
            drawText(painter, QRectF(inner.left(), inner.center().y(), inner.width(), inner.height() / 2), Qt::AlignCenter,
                     asks ? QStringLiteral("%1 · %2").arg(fixedText(value, m_decimals), shareText(node)) : shareText(node));
        }
    }

    std::shared_ptr<const SurrogateTree> m_tree;
    QString m_output;
    std::size_t m_index;
    std::vector<Place> m_places;
    std::size_t m_leaves = 0, m_depth = 0;
    double m_min = 0.0, m_max = 1.0;
    int m_decimals = 2;
};

} // namespace

std::unique_ptr<Plot> makeSurrogateTreePlot(std::shared_ptr<const SurrogateTree> tree, EffectScale scale, std::size_t output)
{
    return std::make_unique<SurrogateTreePlot>(std::move(tree), outputText(scale, output), output);
}

} // namespace limpid
