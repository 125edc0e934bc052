#include "ui/charts/DotLayer.h"
#include "ui/charts/Plot.h"
#include "ui/charts/PlotTools.h"
#include "ui/charts/RowMarks.h"
#include "ui/charts/SwarmLayout.h"

#include <QCoreApplication>
#include <QPaintEngine>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

constexpr double radius = 2.0;
constexpr double headerHeight = 24.0;
constexpr double axisHeight = 44.0;
constexpr int reach = 6;           // pixels around a point that are still it
constexpr std::size_t mostShapes = 50'000;

class Beeswarm final : public Plot
{
public:
    explicit Beeswarm(std::shared_ptr<const SwarmLayout> layout) : m_layout(std::move(layout))
    {
        const double border = (m_layout->max - m_layout->min) * 0.04;
        m_shown = {m_layout->min - border, m_layout->max + border};
        m_whole = {axisTitle(), m_shown};
    }

    double preferredHeight(double) const override { return headerHeight + 48.0 * static_cast<double>(swarms().size()) + axisHeight + restHeight(); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const Places at = place(area, QFontMetricsF(theme.smallFont(), painter.device()));
        const ThemeColors& colors = theme.colors();

        paintKey(painter, QRectF(at.plot.left(), area.top(), at.plot.width(), headerHeight), colors);
        painter.setPen(colors.dim);
        drawText(painter, QRectF(at.figures, area.top(), area.right() - at.figures, headerHeight),
                 Qt::AlignRight | Qt::AlignVCenter, figuresTitle());
        paintAxis(painter, at, area, colors);

        for (std::size_t i = 0; i < swarms().size(); ++i) {
            const double middle = at.middle(i);
            painter.setPen(QPen(colors.line, 1.0));
            painter.setOpacity(0.55);
            painter.drawLine(QPointF(at.plot.left(), middle), QPointF(at.plot.right(), middle));
            painter.setOpacity(1.0);
            painter.setPen(colors.text);
            drawText(painter, QRectF(area.left(), middle - 10, at.plot.left() - 12 - area.left(), 20),
                     Qt::AlignRight | Qt::AlignVCenter, featureName(explanation(), swarms()[i].feature), Qt::ElideMiddle);
            painter.setPen(colors.dim);
            drawText(painter, QRectF(at.figures, middle - 10, area.right() - at.figures, 20),
                     Qt::AlignRight | Qt::AlignVCenter, figure(m_layout->importances[i]));
        }
        if (m_shown.contains(0.0)) {
            painter.setPen(QPen(mix(colors.line, colors.faint, 0.5), 1.5));
            painter.drawLine(QPointF(x(at, 0.0), at.plot.top()), QPointF(x(at, 0.0), at.plot.bottom()));
        }
        paintPoints(painter, at, colors);
        painter.restore();
    }

    QString sentence() const override { return m_layout->sentence; }

    std::vector<QStringList> table() const override
    {
        const Explanation& e = explanation();
        std::vector<QStringList> lines;
        QStringList head{QCoreApplication::translate("Plots", "row")};
        for (std::size_t feature = 0; feature < e.features.size(); ++feature)
            head << featureName(e, feature) << QCoreApplication::translate("Plots", "%1 of %2").arg(effectTerm(e), featureName(e, feature));
        lines.push_back(head);
        for (std::size_t row = 0; row < e.rowCount(); ++row) {
            QStringList line{QString::number(e.rows[row])};
            for (std::size_t feature = 0; feature < e.features.size(); ++feature) {
                const std::size_t cell = row * e.features.size() + feature;
                line << (cell < e.cellText.size() ? QString::fromStdString(e.cellText[cell]) : QString()) << exactText(e.value(row, m_layout->output, feature));
            }
            lines.push_back(line);
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const Places* at = lastPlaces(area);
        if (!at || !at->plot.adjusted(-reach, -reach, reach, reach).contains(point))
            return -1;
        prepareGrid(*at);
        const int x0 = static_cast<int>(std::floor(point.x() - at->plot.left())), y0 = static_cast<int>(std::floor(point.y() - at->plot.top()));
        double nearest = reach * reach;
        int found = -1;
        for (int y = std::max(0, y0 - reach); y <= std::min(m_grid.height - 1, y0 + reach); ++y)
            for (int x = std::max(0, x0 - reach); x <= std::min(m_grid.width - 1, x0 + reach); ++x) {
                const std::uint32_t top = m_grid.top[static_cast<std::size_t>(y) * static_cast<std::size_t>(m_grid.width) + static_cast<std::size_t>(x)];
                if (top == 0)
                    continue;
                const std::size_t i = (top - 1) / rows(), row = (top - 1) % rows();
                const QPointF away = position(*at, i, row) - point;
                const double distance = away.x() * away.x() + away.y() * away.y();
                if (distance < nearest) {
                    nearest = distance;
                    found = itemOf(i, row);
                }
            }
        return found;
    }

    std::size_t selectableRows() const override { return rows(); }

    int rowOf(int item) const override { return item < 0 || rows() == 0 ? -1 : item % static_cast<int>(rows()); }

    std::vector<std::size_t> rowsIn(const QRectF& region, const QRectF& area) const override
    {
        const Places* at = lastPlaces(area);
        std::vector<bool> inside(rows(), false);
        for (std::size_t i = 0; at && i < swarms().size(); ++i) {
            const double middle = at->middle(i);
            if (middle + at->pitch < region.top() || middle - at->pitch > region.bottom())
                continue;
            for (std::size_t row = 0; row < inside.size(); ++row)
                if (!inside[row] && m_shown.contains(swarms()[i].value[row]) && region.contains(position(*at, i, row)))
                    inside[row] = true;
        }
        return chosenRows(inside);
    }

    void paintSelection(QPainter& painter, const QRectF& area, const Theme& theme, const std::vector<bool>& selected) const override
    {
        const Places* at = lastPlaces(area);
        if (!at || selected.size() != rows())
            return;
        paintVeil(painter, at->plot, theme.colors());
        paintPoints(painter, *at, theme.colors(), &selected);
    }

    /// Left and right along a column's values, up and down to the same row's point of another column.
    int itemAfter(int item, Qt::Key arrow) const override
    {
        if (swarms().empty() || rows() == 0)
            return -1;
        if (item < 0) {
            const auto& values = swarms().front().value;
            return itemOf(0, static_cast<std::size_t>(std::min_element(values.begin(), values.end()) - values.begin()));
        }
        const std::size_t row = static_cast<std::size_t>(item) % rows(), i = std::min(swarmOf(item), swarms().size() - 1);
        if (arrow == Qt::Key_Up || arrow == Qt::Key_Down) {
            const bool fits = arrow == Qt::Key_Up ? i > 0 : i + 1 < swarms().size();
            return itemOf(!fits ? i : arrow == Qt::Key_Up ? i - 1 : i + 1, row);
        }
        return itemOf(i, rowBeside(swarms()[i].value, row, arrow == Qt::Key_Right));
    }

    QRectF itemPlace(int item, const QRectF& area) const override
    {
        const Places* at = lastPlaces(area);
        if (const double value = axisValue(item); !at || !m_shown.contains(value))
            return {};
        return QRectF(-radius, -radius, 2 * radius, 2 * radius).translated(position(*at, swarmOf(item), static_cast<std::size_t>(item) % rows()));
    }

    PlotAxis zoomAxis() const override { return rows() > 0 ? m_whole : PlotAxis(); }
    std::unique_ptr<Plot> zoomed(const AxisRange& shown) const override
    {
        auto other = std::make_unique<Beeswarm>(m_layout);
        other->m_shown = shown;
        other->m_places = m_places;
        return other;
    }
    QRectF axisPlace(const QRectF& area) const override
    {
        const Places* at = lastPlaces(area);
        return at ? at->plot : QRectF();
    }
    double axisValue(int item) const override
    {
        const std::size_t i = item < 0 || rows() == 0 ? swarms().size() : swarmOf(item);
        return i < swarms().size() ? swarms()[i].value[static_cast<std::size_t>(item) % rows()] : std::numeric_limits<double>::quiet_NaN();
    }

    QString tooltip(int item) const override
    {
        const Explanation& e = explanation();
        if (item < 0 || rows() == 0 || static_cast<std::size_t>(item) >= rows() * e.features.size())
            return {};
        const std::size_t row = static_cast<std::size_t>(item) % rows(), feature = static_cast<std::size_t>(item) / rows();
        return QCoreApplication::translate("Plots", "%1\n%2 = %3\n%4 %5")
            .arg(rowName(e, row), featureName(e, feature), cellText(e, row, feature), effectTerm(e),
                 effectText(e.value(row, m_layout->output, feature), e.error(row, m_layout->output, feature)));
    }

private:
    /// Where things stand in a picture, whichever part of the axis it shows.
    struct Places {
        QRectF area, plot;
        double figures = 0.0;  ///< left edge of the column of figures
        double pitch = 0.0;
        std::vector<double> laneStep; ///< of each swarm
        double middle(std::size_t i) const { return plot.top() + (static_cast<double>(i) + 0.5) * pitch; }
    };

    /// A cell a pixel of the plot with the point that lies on top there, for finding points by their place.
    struct Grid {
        QRectF area;
        int width = 0, height = 0;
        std::vector<std::uint32_t> top; ///< index into swarms() · rows + row + 1, or 0
    };

    const Explanation& explanation() const { return *m_layout->explanation; }
    const std::vector<Swarm>& swarms() const { return m_layout->swarms; }
    std::size_t rows() const { return explanation().rowCount(); }
    double restHeight() const { return m_layout->rest > 0 ? 20.0 : 0.0; }
    int itemOf(std::size_t i, std::size_t row) const { return static_cast<int>(swarms()[i].feature * rows() + row); }
    /// Index of the item's swarm; their number where its column is not shown.
    std::size_t swarmOf(int item) const
    {
        const std::size_t feature = static_cast<std::size_t>(item) / rows();
        return static_cast<std::size_t>(std::find_if(swarms().begin(), swarms().end(), [feature](const Swarm& swarm) { return swarm.feature == feature; })
                                        - swarms().begin());
    }

    /// How paint() last laid it out in that area, with the fonts that were there; null before.
    const Places* lastPlaces(const QRectF& area) const
    {
        const auto at = std::find_if(m_places.begin(), m_places.end(), [&](const Places& places) { return places.area == area; });
        return at == m_places.end() || rows() == 0 ? nullptr : &*at;
    }

    void prepareGrid(const Places& at) const
    {
        if (m_grid.area == at.area && !m_grid.top.empty())
            return;
        m_grid = {at.area, static_cast<int>(std::ceil(at.plot.width())) + 1, static_cast<int>(std::ceil(at.plot.height())) + 1, {}};
        m_grid.top.assign(static_cast<std::size_t>(m_grid.width) * static_cast<std::size_t>(m_grid.height), 0);
        for (std::size_t i = 0; i < swarms().size(); ++i)
            for (const std::uint32_t row : swarms()[i].order) {
                if (!m_shown.contains(swarms()[i].value[row]))
                    continue;
                const QPointF place = position(at, i, row) - at.plot.topLeft();
                const int x = std::clamp(static_cast<int>(place.x()), 0, m_grid.width - 1), y = std::clamp(static_cast<int>(place.y()), 0, m_grid.height - 1);
                m_grid.top[static_cast<std::size_t>(y) * static_cast<std::size_t>(m_grid.width) + static_cast<std::size_t>(x)] =
                    static_cast<std::uint32_t>(i * rows() + row + 1);
            }
    }

    Places place(const QRectF& area, const QFontMetricsF& metrics) const
    {
        Places at;
        at.area = area;
        double names = 0.0, figures = textWidth(metrics, figuresTitle());
        for (const FeatureImportance& importance : m_layout->importances) {
            names = std::max(names, textWidth(metrics, featureName(explanation(), importance.feature)));
            figures = std::max(figures, textWidth(metrics, figure(importance)));
        }
        names = std::min(names, area.width() * 0.3);
        at.figures = area.right() - figures;
        const double count = std::max<double>(1.0, static_cast<double>(swarms().size()));
        at.pitch = std::clamp((area.height() - headerHeight - axisHeight - restHeight()) / count, 12.0, 60.0);
        const double left = area.left() + names + 12.0;
        at.plot = QRectF(left, area.top() + headerHeight, std::max(40.0, at.figures - 16.0 - left), at.pitch * count);
        for (const Swarm& swarm : swarms())
            at.laneStep.push_back(std::min(2.0 * radius * 0.85, at.pitch * 0.42 / swarm.widest));
        // The window's places must outlive those of a picture saved from it.
        m_places.erase(std::remove_if(m_places.begin(), m_places.end(), [&](const Places& one) { return one.area == area; }), m_places.end());
        m_places.insert(m_places.begin(), at);
        m_places.resize(std::min<std::size_t>(m_places.size(), 4));
        m_grid = {};
        return at;
    }

    double x(const Places& at, double value) const { return at.plot.left() + (value - m_shown.min) * (at.plot.width() / m_shown.span()); }
    QPointF position(const Places& at, std::size_t i, std::size_t row) const
    {
        return {x(at, swarms()[i].value[row]), at.middle(i) - swarms()[i].lane[row] * at.laneStep[i]};
    }

    /// All points, or those of the selected rows only.
    void paintPoints(QPainter& painter, const Places& at, const ThemeColors& colors, const std::vector<bool>* selected = nullptr) const
    {
        std::vector<char> chosen(rows(), 1); // asked a million times: bytes, not bits
        if (selected)
            std::copy(selected->begin(), selected->end(), chosen.begin());
        // Where points become pixels anyway they are stamped into one image; so they are in files of shapes where there are
        // more than any program opens.
        const bool isRaster = painter.paintEngine() && painter.paintEngine()->type() == QPaintEngine::Raster;
        if (isRaster || swarms().size() * rows() > mostShapes) {
            std::vector<QColor> palette;
            for (int shade = -1; shade < swarmShades; ++shade)
                palette.push_back(colorOf(shade, colors));
            DotLayer layer(at.plot.adjusted(-4.0, -4.0, 4.0, 4.0), isRaster ? painter.device()->devicePixelRatioF() : 3.0, radius, palette);
            const double perUnit = at.plot.width() / m_shown.span();
            for (std::size_t i = 0; i < swarms().size(); ++i) {
                const Swarm& swarm = swarms()[i];
                const double middle = at.middle(i), step = at.laneStep[i];
                for (const std::uint32_t row : swarm.order)
                    if (chosen[row] && m_shown.contains(swarm.value[row]))
                        layer.add(QPointF(at.plot.left() + (swarm.value[row] - m_shown.min) * perUnit, middle - swarm.lane[row] * step),
                                  static_cast<std::size_t>(swarm.shade[row] + 1));
                layer.blend(); // swarms keep clear of each other
            }
            layer.paint(painter);
            return;
        }
        painter.setPen(Qt::NoPen);
        for (std::size_t i = 0; i < swarms().size(); ++i)
            for (const std::uint32_t row : swarms()[i].order)
                if (chosen[row] && m_shown.contains(swarms()[i].value[row])) {
                    painter.setBrush(colorOf(swarms()[i].shade[row], colors));
                    painter.drawEllipse(position(at, i, row), radius, radius);
                }
    }

    void paintAxis(QPainter& painter, const Places& at, const QRectF& area, const ThemeColors& colors) const
    {
        const QFontMetricsF metrics(painter.font(), painter.device());
        const Ticks ticks = niceTicks(m_shown.min, m_shown.max, std::clamp(static_cast<int>(at.plot.width() / 110.0), 2, 7));
        painter.setPen(colors.dim);
        for (const double value : ticks.values) {
            const QString text = fixedText(value, ticks.decimals);
            const double width = textWidth(metrics, text);
            painter.drawText(QRectF(x(at, value) - width / 2, at.plot.bottom() + 4, width, 16),
                             Qt::AlignCenter | Qt::TextDontClip, text);
        }
        drawText(painter, QRectF(at.plot.left(), at.plot.bottom() + 20, at.plot.width(), 18), Qt::AlignCenter, axisTitle());
        if (m_layout->rest > 0)
            drawText(painter, QRectF(area.left(), at.plot.bottom() + 40, area.width(), 18), Qt::AlignRight | Qt::AlignVCenter,
                     QCoreApplication::translate("Plots", "and %n more columns, together %1", nullptr, m_layout->rest)
                         .arg(shortText(m_layout->restMean, 2)));
    }

    /// "low value ▬▬▬ high value ● missing", at the left of the header where it fits.
    void paintKey(QPainter& painter, const QRectF& box, const ThemeColors& colors) const
    {
        const QFontMetricsF metrics(painter.font(), painter.device());
        const QString low = QCoreApplication::translate("Plots", "low value"), high = QCoreApplication::translate("Plots", "high value");
        const QString missing = QCoreApplication::translate("Plots", "missing");
        const double width = valueScaleWidth(metrics, low, high), missingWidth = textWidth(metrics, missing);
        if (width > box.width())
            return;
        paintValueScale(painter, box, low, high, colors);
        const double x = box.left() + width + 16.0;
        if (!m_layout->anyMissing || x + 10.0 + missingWidth > box.right())
            return;
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.faint);
        painter.drawEllipse(QPointF(x + radius, box.center().y()), radius, radius);
        painter.setPen(colors.dim);
        painter.drawText(QRectF(x + 10.0, box.top(), missingWidth, box.height()), Qt::AlignVCenter | Qt::TextDontClip, missing);
    }

    static QColor colorOf(int shade, const ThemeColors& colors)
    {
        return shade < 0 ? colors.faint : mix(colors.lowers, colors.raises, shade / double(swarmShades - 1));
    }

    QString axisTitle() const { return QCoreApplication::translate("Plots", "%1: effect on %2").arg(effectName(explanation()), outputText(explanation(), m_layout->output)); }
    QString figuresTitle() const { return meanEffect(explanation()); }
    QString figure(const FeatureImportance& importance) const
    {
        return withError(importance.mean, importance.error, decimalsFor(m_layout->importances.front().mean, 2));
    }

    std::shared_ptr<const SwarmLayout> m_layout;
    PlotAxis m_whole;
    AxisRange m_shown;                    ///< the part of it that is painted
    mutable std::vector<Places> m_places; ///< of the last paintings, newest first, so that hit() measures as the painter did
    mutable Grid m_grid;
};

} // namespace

std::unique_ptr<Plot> makeBeeswarm(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures)
{
    return std::make_unique<Beeswarm>(layOutSwarms(std::move(explanation), output, maxFeatures));
}

} // namespace limpid
