#include "ui/charts/EffectCurve.h"
#include "ui/charts/PlotAxes.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text, int n = -1) { return QCoreApplication::translate("EffectPlots", text, nullptr, n); }

constexpr double top = 20.0, title = 20.0, foot = 20.0, gap = 16.0, tall = 132.0;

/// All columns in small on one scale of the output, so that what moves it little also looks like little.
class EffectOverview final : public Plot
{
public:
    EffectOverview(std::vector<EffectCurve> curves, QString output, int most)
        : m_curves(std::move(curves)), m_output(std::move(output)), m_order(m_curves.size())
    {
        std::iota(m_order.begin(), m_order.end(), std::size_t(0));
        std::erase_if(m_order, [&](std::size_t i) { return m_curves[i].lines.empty() || m_curves[i].grid.empty(); });
        std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) { return m_curves[a].range() > m_curves[b].range(); });
        m_shown = std::min(m_order.size(), static_cast<std::size_t>(std::max(1, most)));
        m_min = std::numeric_limits<double>::infinity();
        m_max = -m_min;
        for (std::size_t i = 0; i < m_shown; ++i)
            m_curves[m_order[i]].addTo(m_min, m_max, true, false);
        if (!(m_min <= m_max))
            m_min = m_max = 0.0;
        m_decimals = decimalsFor(std::max(m_max - m_min, 1e-12), 3);
        addBorder(m_min, m_max);
    }

    double preferredHeight(double width) const override
    {
        const double columns = columnsIn(width);
        return top + std::ceil(static_cast<double>(std::max<std::size_t>(1, m_shown)) / columns) * (tall + gap) + (hidden() > 0 ? 18.0 : 0.0);
    }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0));
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        const ThemeColors& colors = theme.colors();
        painter.setFont(theme.smallFont());
        painter.setPen(colors.dim);
        const bool isEffect = m_shown > 0 && m_curves[m_order[0]].isEffect;
        drawText(painter, QRectF(area.left(), area.top(), area.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter,
                 isEffect ? tr("effect on %1, largest first, all on one scale").arg(m_output) : tr("%1 on average, largest range first, all on one scale").arg(m_output));
        for (std::size_t i = 0; i < m_shown; ++i)
            paintPanel(painter, panel(i, area), m_curves[m_order[i]], theme);
        if (hidden() > 0) {
            painter.setPen(colors.dim);
            painter.setFont(theme.smallFont());
            drawText(painter, QRectF(area.left(), area.bottom() - 16.0, area.width(), 16.0), Qt::AlignRight | Qt::AlignVCenter,
                     tr("and %n more columns that move it less", hidden()));
        }
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_order.empty())
            return tr("No effect has been measured.");
        const EffectCurve& first = m_curves[m_order.front()];
        QString text = tr("“%1” moves %2 most, by up to %3").arg(first.column, m_output, fixedText(first.range(), m_decimals));
        if (m_order.size() > 1)
            text += tr("; then “%1”, by up to %2").arg(m_curves[m_order[1]].column, fixedText(m_curves[m_order[1]].range(), m_decimals));
        return text + QLatin1Char('.');
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{tr("column"), tr("value"), m_output, tr("standard error")}};
        for (const std::size_t index : m_order) {
            const EffectCurve& curve = m_curves[index];
            for (std::size_t i = 0; i < curve.grid.size(); ++i)
                lines.push_back({curve.column, curve.hasLevels() || curve.type == ColumnType::DateTime ? curve.pointText(i) : exactText(curve.grid[i]),
                                 exactText(curve.lines.front().values[i]), exactText(curve.lines.front().errors[i])});
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        for (std::size_t i = 0; i < m_shown; ++i)
            if (panel(i, area).contains(point))
                return static_cast<int>(m_order[i]);
        return -1;
    }

    QString tooltip(int item) const override
    {
        if (item < 0 || item >= static_cast<int>(m_curves.size()))
            return {};
        const EffectCurve& curve = m_curves[static_cast<std::size_t>(item)];
        return tr("%1\nmoves %2 by up to %3").arg(curve.column, m_output, fixedText(curve.range(), m_decimals));
    }

private:
    int hidden() const { return static_cast<int>(m_order.size() - m_shown); }
    double columnsIn(double width) const
    {
        return std::clamp(std::floor((width + gap) / (190.0 + gap)), 1.0, std::min(4.0, static_cast<double>(std::max<std::size_t>(1, m_shown))));
    }
    QRectF panel(std::size_t place, const QRectF& area) const
    {
        const auto columns = static_cast<std::size_t>(columnsIn(area.width()));
        const auto lines = static_cast<double>((m_shown + columns - 1) / columns);
        const double width = (area.width() - gap * static_cast<double>(columns - 1)) / static_cast<double>(columns);
        const double room = area.height() - top - (hidden() > 0 ? 18.0 : 0.0) - gap * (lines - 1.0);
        const double height = std::clamp(room / lines, 8.0, 220.0);
        return {area.left() + (width + gap) * static_cast<double>(place % columns), area.top() + top + (height + gap) * static_cast<double>(place / columns),
                width, height};
    }

    void paintPanel(QPainter& painter, const QRectF& box, const EffectCurve& curve, const Theme& theme) const
    {
        const ThemeColors& colors = theme.colors();
        EffectFrame frame{box.adjusted(0.0, title, -4.0, -foot), 0.0, 1.0, m_min, m_max};
        if (frame.plot.height() < 4.0)
            return;
        frame.plot.setLeft(std::min(box.left() + EffectFrame::labelWidth(m_min, m_max, frame.plot.height()), box.center().x()));
        painter.setFont(theme.smallFont());
        const QString range = fixedText(curve.range(), m_decimals);
        const double figure = textWidth(QFontMetricsF(painter.font(), painter.device()), range);
        painter.setPen(colors.dim);
        drawText(painter, QRectF(box.right() - figure - 4.0, box.top(), figure, title - 2.0), Qt::AlignRight | Qt::AlignVCenter, range);
        QFont bold = theme.smallFont();
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.setPen(colors.text);
        drawText(painter, QRectF(frame.plot.left(), box.top(), box.right() - frame.plot.left() - figure - 12.0, title - 2.0), Qt::AlignLeft | Qt::AlignVCenter,
                 curve.column, Qt::ElideMiddle);
        painter.setFont(theme.smallFont());
        frame.paintRows(painter, colors, curve.isEffect);
        if (curve.hasLevels()) {
            paintLevels(painter, frame, curve, box, colors);
            return;
        }
        frame.xMin = curve.grid.front();
        frame.xMax = curve.grid.back();
        if (!(frame.xMax > frame.xMin)) {
            frame.xMin -= 0.5;
            frame.xMax += 0.5;
        }
        painter.setPen(QPen(mix(colors.card, colors.dim, 0.5), 1.0));
        for (const double value : curve.grid) {
            const double x = std::round(frame.at(value, m_min).x()) + 0.5;
            painter.drawLine(QPointF(x, frame.plot.bottom() - 4.0), QPointF(x, frame.plot.bottom()));
        }
        frame.paintColumns(painter, colors, curve.type, box.bottom() - foot + 2.0, false);
        paintCurve(painter, frame, curve.grid, curve.lines.front(), colors.accent, 1.8);
    }

    static void paintLevels(QPainter& painter, const EffectFrame& frame, const EffectCurve& curve, const QRectF& box, const ThemeColors& colors)
    {
        const EffectCurve::Line& line = curve.lines.front();
        const auto levels = static_cast<double>(curve.grid.size());
        const double slot = frame.plot.width() / levels;
        // Where names have no room their number stands instead: the large plot has them all.
        for (std::size_t i = 0; i < curve.grid.size(); ++i) {
            const double x = frame.plot.left() + (static_cast<double>(i) + 0.5) * slot;
            if (slot >= 26.0) {
                painter.setPen(colors.dim);
                drawText(painter, QRectF(x - slot / 2 + 1.0, box.bottom() - foot + 2.0, slot - 2.0, 16.0), Qt::AlignCenter, curve.pointText(i));
            }
            if (!std::isfinite(line.values[i]))
                continue;
            const double y = frame.at(0.0, line.values[i]).y();
            painter.setPen(QPen(colors.accent, 1.2));
            if (std::isfinite(line.errors[i]))
                painter.drawLine(QPointF(x, frame.at(0.0, line.values[i] - 1.96 * line.errors[i]).y()),
                                 QPointF(x, frame.at(0.0, line.values[i] + 1.96 * line.errors[i]).y()));
            painter.setPen(Qt::NoPen);
            painter.setBrush(colors.accent);
            const double radius = std::clamp(slot * 0.3, 1.5, 4.0);
            painter.drawEllipse(QPointF(x, y), radius, radius);
        }
        if (slot < 26.0) {
            painter.setPen(colors.dim);
            drawText(painter, QRectF(frame.plot.left(), box.bottom() - foot + 2.0, frame.plot.width(), 16.0), Qt::AlignCenter, tr("%n levels", static_cast<int>(levels)));
        }
    }

    std::vector<EffectCurve> m_curves;
    QString m_output;
    std::vector<std::size_t> m_order;   ///< indices into m_curves, those that move the output most first
    std::size_t m_shown = 0;
    double m_min = 0.0, m_max = 1.0;
    int m_decimals = 2;
};

template<class Effects>
std::unique_ptr<Plot> overview(const Effects& effects, const EffectScale& scale, std::size_t output, int most)
{
    std::vector<EffectCurve> curves;
    for (const auto& effect : effects) {
        curves.push_back(curveOf(effect, scale, {output}));
        curves.back().curves.clear();
    }
    return std::make_unique<EffectOverview>(std::move(curves), outputText(scale, output), most);
}

} // namespace

std::unique_ptr<Plot> makePartialDependenceOverview(PartialDependencePtr effects, EffectScale scale, std::size_t output, int most)
{
    return overview(*effects, scale, output, most);
}

std::unique_ptr<Plot> makeAleOverview(AccumulatedEffectsPtr effects, EffectScale scale, std::size_t output, int most)
{
    return overview(*effects, scale, output, most);
}

} // namespace limpid
