#include "ui/charts/DotLayer.h"
#include "ui/charts/Plot.h"
#include "ui/charts/PlotTools.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>
#include <QLocale>
#include <QPaintEngine>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace limpid {

using namespace plot;

namespace {

constexpr int bins = 100;          // as SHAP's summary plot
constexpr int shades = 32;         // colours between `lowers` and `raises`; more can't be told apart
constexpr double radius = 2.0;
constexpr double headerHeight = 24.0;
constexpr double axisHeight = 44.0;
constexpr int reach = 6;           // pixels around a point that are still it
constexpr std::size_t mostShapes = 50'000;

/// One column's points: where they lie does not depend on the picture's size, so it is worked out once.
struct Swarm {
    std::size_t feature = 0;
    std::vector<double> value;     ///< [rows] as drawn: 0 where it is not a number
    std::vector<int> lane;         ///< [rows] 0, 1, −1, 2, …: steps away from the middle line
    std::vector<int> shade;        ///< [rows] 0 … shades − 1, or −1 where the cell is missing
    std::vector<std::uint32_t> order; ///< rows in the order they are drawn
    int widest = 1;                ///< largest |lane|
};

class Beeswarm final : public Plot
{
public:
    Beeswarm(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures)
        : m_explanation(std::move(explanation)), m_output(output)
    {
        m_importances = meanAbsolute(*m_explanation, m_output);
        const std::size_t shown = std::min<std::size_t>(m_importances.size(), static_cast<std::size_t>(std::max(1, maxFeatures)));
        for (std::size_t i = shown; i < m_importances.size(); ++i)
            m_restMean += m_importances[i].mean;
        m_rest = static_cast<int>(m_importances.size() - shown);
        m_importances.resize(shown);
        m_min = m_max = 0.0;
        for (const FeatureImportance& importance : m_importances) {
            m_swarms.push_back(swarmOf(importance.feature));
            for (const double value : m_swarms.back().value) {
                m_min = std::min(m_min, value);
                m_max = std::max(m_max, value);
            }
        }
        if (m_max - m_min <= 0.0) {
            m_min = -1.0;
            m_max = 1.0;
        }
        m_sentence = makeSentence();
    }

    double preferredHeight(double) const override
    {
        return headerHeight + 48.0 * static_cast<double>(m_swarms.size()) + axisHeight + (m_rest > 0 ? 20.0 : 0.0);
    }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const Layout at = layout(area, QFontMetricsF(theme.smallFont(), painter.device()), theme);
        const ThemeColors& colors = theme.colors();

        paintKey(painter, QRectF(at.plot.left(), area.top(), at.plot.width(), headerHeight), theme);
        painter.setPen(colors.dim);
        drawText(painter, QRectF(at.figures, area.top(), area.right() - at.figures, headerHeight),
                 Qt::AlignRight | Qt::AlignVCenter, figuresTitle());
        paintAxis(painter, at, area, theme);

        const int decimals = importanceDecimals();
        for (std::size_t i = 0; i < m_swarms.size(); ++i) {
            const double middle = at.plot.top() + (static_cast<double>(i) + 0.5) * at.pitch;
            painter.setPen(QPen(colors.line, 1.0));
            painter.setOpacity(0.55);
            painter.drawLine(QPointF(at.plot.left(), middle), QPointF(at.plot.right(), middle));
            painter.setOpacity(1.0);
            painter.setPen(colors.text);
            drawText(painter, QRectF(area.left(), middle - 10, at.plot.left() - 12 - area.left(), 20),
                     Qt::AlignRight | Qt::AlignVCenter, name(m_swarms[i].feature), Qt::ElideMiddle);
            painter.setPen(colors.dim);
            drawText(painter, QRectF(at.figures, middle - 10, area.right() - at.figures, 20),
                     Qt::AlignRight | Qt::AlignVCenter, figure(m_importances[i], decimals));
        }
        painter.setPen(QPen(mix(colors.line, colors.faint, 0.5), 1.5));
        painter.drawLine(QPointF(at.x(0.0), at.plot.top()), QPointF(at.x(0.0), at.plot.bottom()));
        paintPoints(painter, at, theme);
        painter.restore();
    }

    QString sentence() const override { return m_sentence; }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines;
        QStringList head{QCoreApplication::translate("Plots", "row")};
        for (const std::string& feature : m_explanation->features)
            head << QString::fromStdString(feature) << QCoreApplication::translate("Plots", "%1 of %2").arg(effectTerm(*m_explanation), QString::fromStdString(feature));
        lines.push_back(head);
        for (std::size_t row = 0; row < m_explanation->rowCount(); ++row) {
            QStringList line{QString::number(m_explanation->rows[row])};
            for (std::size_t feature = 0; feature < m_explanation->features.size(); ++feature)
                line << cell(row, feature) << exactText(m_explanation->value(row, m_output, feature));
            lines.push_back(line);
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const Layout* at = lastLayout(area);
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
                const std::size_t rows = m_explanation->rowCount(), i = (top - 1) / rows, row = (top - 1) % rows;
                const QPointF away = position(*at, i, row) - point;
                const double distance = away.x() * away.x() + away.y() * away.y();
                if (distance < nearest) {
                    nearest = distance;
                    found = itemOf(i, row);
                }
            }
        return found;
    }

    std::size_t selectableRows() const override { return m_explanation->rowCount(); }

    int rowOf(int item) const override
    {
        return item < 0 || m_explanation->rowCount() == 0 ? -1 : item % static_cast<int>(m_explanation->rowCount());
    }

    std::vector<std::size_t> rowsIn(const QRectF& region, const QRectF& area) const override
    {
        const Layout* at = lastLayout(area);
        std::vector<bool> inside(m_explanation->rowCount(), false);
        for (std::size_t i = 0; at && i < m_swarms.size(); ++i) {
            const double middle = at->middle(i);
            if (middle + at->pitch < region.top() || middle - at->pitch > region.bottom())
                continue;
            for (std::size_t row = 0; row < inside.size(); ++row)
                if (!inside[row] && region.contains(position(*at, i, row)))
                    inside[row] = true;
        }
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < inside.size(); ++row)
            if (inside[row])
                rows.push_back(row);
        return rows;
    }

    void paintSelection(QPainter& painter, const QRectF& area, const Theme& theme, const std::vector<bool>& selected) const override
    {
        const Layout* at = lastLayout(area);
        if (!at || selected.size() != m_explanation->rowCount())
            return;
        paintVeil(painter, at->plot, theme.colors());
        paintPoints(painter, *at, theme, &selected);
    }

    /// Left and right along a column's values, up and down to the same row's point of another column.
    int itemAfter(int item, Qt::Key arrow) const override
    {
        if (m_swarms.empty() || m_explanation->rowCount() == 0)
            return -1;
        const std::size_t rows = m_explanation->rowCount();
        if (item < 0) {
            const auto& values = m_swarms.front().value;
            return itemOf(0, static_cast<std::size_t>(std::min_element(values.begin(), values.end()) - values.begin()));
        }
        const std::size_t row = static_cast<std::size_t>(item) % rows;
        std::size_t i = 0;
        while (i + 1 < m_swarms.size() && m_swarms[i].feature != static_cast<std::size_t>(item) / rows)
            ++i;
        if (arrow == Qt::Key_Up || arrow == Qt::Key_Down) {
            const bool fits = arrow == Qt::Key_Up ? i > 0 : i + 1 < m_swarms.size();
            return itemOf(!fits ? i : arrow == Qt::Key_Up ? i - 1 : i + 1, row);
        }
        const std::vector<double>& values = m_swarms[i].value;
        const bool up = arrow == Qt::Key_Right;
        const auto before = [&](std::size_t a, std::size_t b) { return values[a] < values[b] || (values[a] == values[b] && a < b); };
        std::size_t best = row;
        for (std::size_t other = 0; other < rows; ++other) {
            const bool beyond = up ? before(row, other) : before(other, row);
            if (beyond && (best == row || (up ? before(other, best) : before(best, other))))
                best = other;
        }
        return itemOf(i, best);
    }

    QRectF itemPlace(int item, const QRectF& area) const override
    {
        const Layout* at = lastLayout(area);
        const std::size_t rows = m_explanation->rowCount();
        for (std::size_t i = 0; at && item >= 0 && i < m_swarms.size(); ++i)
            if (m_swarms[i].feature == static_cast<std::size_t>(item) / rows)
                return QRectF(-radius, -radius, 2 * radius, 2 * radius).translated(position(*at, i, static_cast<std::size_t>(item) % rows));
        return {};
    }

    QString tooltip(int item) const override
    {
        const std::size_t rows = m_explanation->rowCount();
        if (item < 0 || rows == 0 || static_cast<std::size_t>(item) >= rows * m_explanation->features.size())
            return {};
        const std::size_t row = static_cast<std::size_t>(item) % rows, feature = static_cast<std::size_t>(item) / rows;
        const QString text = cell(row, feature);
        const double value = m_explanation->value(row, m_output, feature), error = m_explanation->error(row, m_output, feature);
        QString effect = signedText(value, decimalsFor(value, 3));
        if (error > 0.0)
            effect += QStringLiteral(" ± %1").arg(shortText(error, 2));
        return QCoreApplication::translate("Plots", "Row %1\n%2 = %3\n%4 %5")
            .arg(QLocale().toString(static_cast<qulonglong>(m_explanation->rows[row])), name(feature),
                 text.isEmpty() ? QCoreApplication::translate("Plots", "missing") : text, effectTerm(*m_explanation), effect);
    }

private:
    struct Layout {
        QRectF area, plot;
        double figures = 0.0;  ///< left edge of the column of figures
        double pitch = 0.0;
        double min = 0.0, max = 1.0, perUnit = 0.0;
        std::vector<double> laneStep; ///< of each swarm
        double x(double value) const { return plot.left() + (value - min) / (max - min) * plot.width(); }
        double middle(std::size_t i) const { return plot.top() + (static_cast<double>(i) + 0.5) * pitch; }
    };

    /// A cell a pixel of the plot with the point that lies on top there, for finding points by their place.
    struct Grid {
        QRectF area;
        int width = 0, height = 0;
        std::vector<std::uint32_t> top; ///< index into m_swarms · rows + row + 1, or 0
    };

    int itemOf(std::size_t i, std::size_t row) const { return static_cast<int>(m_swarms[i].feature * m_explanation->rowCount() + row); }

    /// How paint() last laid it out in that area, with the fonts that were there; null before.
    const Layout* lastLayout(const QRectF& area) const
    {
        const auto at = std::find_if(m_layouts.begin(), m_layouts.end(), [&](const Layout& layout) { return layout.area == area; });
        return at == m_layouts.end() || m_explanation->rowCount() == 0 ? nullptr : &*at;
    }

    void prepareGrid(const Layout& at) const
    {
        if (m_grid.area == at.area && !m_grid.top.empty())
            return;
        m_grid = {at.area, static_cast<int>(std::ceil(at.plot.width())) + 1, static_cast<int>(std::ceil(at.plot.height())) + 1, {}};
        m_grid.top.assign(static_cast<std::size_t>(m_grid.width) * static_cast<std::size_t>(m_grid.height), 0);
        for (std::size_t i = 0; i < m_swarms.size(); ++i)
            for (const std::uint32_t row : m_swarms[i].order) {
                const QPointF place = position(at, i, row) - at.plot.topLeft();
                const int x = std::clamp(static_cast<int>(place.x()), 0, m_grid.width - 1), y = std::clamp(static_cast<int>(place.y()), 0, m_grid.height - 1);
                m_grid.top[static_cast<std::size_t>(y) * static_cast<std::size_t>(m_grid.width) + static_cast<std::size_t>(x)] =
                    static_cast<std::uint32_t>(i * m_explanation->rowCount() + row + 1);
            }
    }

    Layout layout(const QRectF& area, const QFontMetricsF& metrics, const Theme&) const
    {
        Layout at;
        at.area = area;
        double names = 0.0, figures = textWidth(metrics, figuresTitle());
        const int decimals = importanceDecimals();
        for (const FeatureImportance& importance : m_importances) {
            names = std::max(names, textWidth(metrics, name(importance.feature)));
            figures = std::max(figures, textWidth(metrics, figure(importance, decimals)));
        }
        names = std::min(names, area.width() * 0.3);
        at.figures = area.right() - figures;
        const double rows = std::max<double>(1.0, static_cast<double>(m_swarms.size()));
        const double free = area.height() - headerHeight - axisHeight - (m_rest > 0 ? 20.0 : 0.0);
        at.pitch = std::clamp(free / rows, 12.0, 60.0);
        const double left = area.left() + names + 12.0;
        at.plot = QRectF(left, area.top() + headerHeight, std::max(40.0, at.figures - 16.0 - left), at.pitch * rows);
        const double border = (m_max - m_min) * 0.04;
        at.min = m_min - border;
        at.max = m_max + border;
        at.perUnit = at.plot.width() / (at.max - at.min);
        for (const Swarm& swarm : m_swarms)
            at.laneStep.push_back(std::min(2.0 * radius * 0.85, at.pitch * 0.42 / swarm.widest));
        // The window's layout must outlive that of a picture saved from it.
        m_layouts.erase(std::remove_if(m_layouts.begin(), m_layouts.end(), [&](const Layout& one) { return one.area == area; }), m_layouts.end());
        m_layouts.insert(m_layouts.begin(), at);
        m_layouts.resize(std::min<std::size_t>(m_layouts.size(), 4));
        m_grid = {};
        return at;
    }

    QPointF position(const Layout& at, std::size_t i, std::size_t row) const
    {
        const Swarm& swarm = m_swarms[i];
        return {at.plot.left() + (swarm.value[row] - at.min) * at.perUnit, at.middle(i) - swarm.lane[row] * at.laneStep[i]};
    }

    /// All points, or those of the selected rows only.
    void paintPoints(QPainter& painter, const Layout& at, const Theme& theme, const std::vector<bool>* selected = nullptr) const
    {
        const ThemeColors& colors = theme.colors();
        // Where points become pixels anyway they are stamped into one image; so they are in files of shapes where there are
        // more than any program opens.
        const bool isRaster = painter.paintEngine() && painter.paintEngine()->type() == QPaintEngine::Raster;
        if (isRaster || m_swarms.size() * m_explanation->rowCount() > mostShapes) {
            std::vector<QColor> palette;
            for (int shade = -1; shade < shades; ++shade)
                palette.push_back(colorOf(shade, colors));
            DotLayer layer(at.plot.adjusted(-4.0, -4.0, 4.0, 4.0), isRaster ? painter.device()->devicePixelRatioF() : 3.0, radius, palette);
            std::vector<char> chosen(m_explanation->rowCount(), 1); // asked a million times: bytes, not bits
            if (selected)
                std::copy(selected->begin(), selected->end(), chosen.begin());
            layer.reserve(m_swarms.size() * static_cast<std::size_t>(std::count(chosen.begin(), chosen.end(), 1)));
            for (std::size_t i = 0; i < m_swarms.size(); ++i)
                for (const std::uint32_t row : m_swarms[i].order)
                    if (chosen[row])
                        layer.add(position(at, i, row), static_cast<std::size_t>(m_swarms[i].shade[row] + 1));
            layer.paint(painter);
            return;
        }
        painter.setPen(Qt::NoPen);
        for (std::size_t i = 0; i < m_swarms.size(); ++i)
            for (const std::uint32_t row : m_swarms[i].order)
                if (!selected || (*selected)[row]) {
                    painter.setBrush(colorOf(m_swarms[i].shade[row], colors));
                    painter.drawEllipse(position(at, i, row), radius, radius);
                }
    }

    void paintAxis(QPainter& painter, const Layout& at, const QRectF& area, const Theme& theme) const
    {
        const ThemeColors& colors = theme.colors();
        const QFontMetricsF metrics(painter.font(), painter.device());
        const Ticks ticks = niceTicks(at.min, at.max, std::clamp(static_cast<int>(at.plot.width() / 110.0), 2, 7));
        painter.setPen(colors.dim);
        for (double value : ticks.values) {
            const QString text = fixedText(value, ticks.decimals);
            const double width = textWidth(metrics, text);
            painter.drawText(QRectF(at.x(value) - width / 2, at.plot.bottom() + 4, width, 16),
                             Qt::AlignCenter | Qt::TextDontClip, text);
        }
        drawText(painter, QRectF(at.plot.left(), at.plot.bottom() + 20, at.plot.width(), 18), Qt::AlignCenter,
                 QCoreApplication::translate("Plots", "%1: effect on %2").arg(effectName(*m_explanation), outputText(*m_explanation, m_output)));
        if (m_rest > 0) {
            painter.setPen(colors.dim);
            drawText(painter, QRectF(area.left(), at.plot.bottom() + 40, area.width(), 18), Qt::AlignRight | Qt::AlignVCenter,
                     QCoreApplication::translate("Plots", "and %n more columns, together %1", nullptr, m_rest)
                         .arg(shortText(m_restMean, 2)));
        }
    }

    /// "value: low ▬▬▬ high ● missing", at the left of the header where it fits.
    void paintKey(QPainter& painter, const QRectF& box, const Theme& theme) const
    {
        const ThemeColors& colors = theme.colors();
        const QFontMetricsF metrics(painter.font(), painter.device());
        const QString low = QCoreApplication::translate("Plots", "low value"), high = QCoreApplication::translate("Plots", "high value");
        const QString missing = QCoreApplication::translate("Plots", "missing");
        const double lowWidth = textWidth(metrics, low), highWidth = textWidth(metrics, high), missingWidth = textWidth(metrics, missing);
        double x = box.left();
        if (lowWidth + highWidth + 72.0 > box.width())
            return;
        painter.setPen(colors.dim);
        painter.drawText(QRectF(x, box.top(), lowWidth, box.height()), Qt::AlignVCenter | Qt::TextDontClip, low);
        x += lowWidth + 6.0;
        QLinearGradient gradient(x, 0, x + 60.0, 0);
        gradient.setColorAt(0.0, colors.lowers);
        gradient.setColorAt(1.0, colors.raises);
        painter.setPen(Qt::NoPen);
        painter.setBrush(gradient);
        painter.drawRoundedRect(QRectF(x, box.center().y() - 2.0, 60.0, 4.0), 2.0, 2.0);
        x += 66.0;
        painter.setPen(colors.dim);
        painter.drawText(QRectF(x, box.top(), highWidth, box.height()), Qt::AlignVCenter | Qt::TextDontClip, high);
        x += highWidth + 16.0;
        if (!m_anyMissing || x + 10.0 + missingWidth > box.right())
            return;
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.faint);
        painter.drawEllipse(QPointF(x + radius, box.center().y()), radius, radius);
        painter.setPen(colors.dim);
        painter.drawText(QRectF(x + 10.0, box.top(), missingWidth, box.height()), Qt::AlignVCenter | Qt::TextDontClip, missing);
    }

    static QColor colorOf(int shade, const ThemeColors& colors)
    {
        return shade < 0 ? colors.faint : mix(colors.lowers, colors.raises, shade / double(shades - 1));
    }

    Swarm swarmOf(std::size_t feature)
    {
        const Explanation& e = *m_explanation;
        const std::size_t rows = e.rowCount();
        Swarm swarm;
        swarm.feature = feature;
        swarm.value.resize(rows);
        for (std::size_t row = 0; row < rows; ++row) {
            const double value = e.value(row, m_output, feature);
            swarm.value[row] = std::isfinite(value) ? value : 0.0;
        }
        swarm.lane.assign(rows, 0);
        swarm.shade.assign(rows, -1);

        // Lanes: rows of one of 100 bins stand above and below the middle line in turn, in the order of the rows.
        double low = std::numeric_limits<double>::infinity(), high = -low;
        for (std::size_t row = 0; row < rows; ++row) {
            low = std::min(low, swarm.value[row]);
            high = std::max(high, swarm.value[row]);
        }
        std::vector<int> filled(bins + 1, 0);
        for (std::size_t row = 0; row < rows; ++row) {
            const double share = (swarm.value[row] - low) / (high - low + 1e-8 * std::max(1e-30, std::abs(high)));
            const int bin = std::isfinite(share) ? std::clamp(static_cast<int>(std::lround(bins * share)), 0, bins) : 0;
            const int place = filled[static_cast<std::size_t>(bin)]++;
            swarm.lane[row] = (place + 1) / 2 * (place % 2 == 1 ? 1 : -1);
            swarm.widest = std::max(swarm.widest, std::abs(swarm.lane[row]));
        }

        // Shades: from the 5th to the 95th percentile of the column's own values, so that outliers do not take them all.
        const std::vector<double> shares = valueShares(e, feature);
        for (std::size_t row = 0; row < rows; ++row)
            if (!std::isnan(shares[row]))
                swarm.shade[row] = static_cast<int>(std::lround(shares[row] * (shades - 1)));
            else
                m_anyMissing = true;
        swarm.order.resize(rows);
        std::iota(swarm.order.begin(), swarm.order.end(), std::uint32_t(0));
        // Missing values lie beneath: they are the least telling.
        std::stable_partition(swarm.order.begin(), swarm.order.end(), [&swarm](std::uint32_t row) { return swarm.shade[row] < 0; });
        return swarm;
    }

    QString name(std::size_t feature) const { return QString::fromStdString(m_explanation->features[feature]); }
    QString cell(std::size_t row, std::size_t feature) const
    {
        const std::size_t index = row * m_explanation->features.size() + feature;
        return index < m_explanation->cellText.size() ? QString::fromStdString(m_explanation->cellText[index]) : QString();
    }
    QString figuresTitle() const { return meanEffect(*m_explanation); }
    int importanceDecimals() const { return m_importances.empty() ? 2 : decimalsFor(m_importances.front().mean, 2); }
    static QString figure(const FeatureImportance& importance, int decimals)
    {
        return withError(importance.mean, importance.error, decimals);
    }

    QString makeSentence() const
    {
        if (m_importances.empty() || m_explanation->rowCount() == 0)
            return QCoreApplication::translate("Plots", "Nothing has been explained yet.");
        const FeatureImportance& first = m_importances.front();
        QString text = QCoreApplication::translate("Plots", "“%1” moves the prediction of %2 most, by %3 on average")
                           .arg(name(first.feature), outputText(*m_explanation, m_output), shortText(first.mean, 2));
        text += direction(first.feature);
        if (m_importances.size() > 1)
            text += QLatin1Char(' ') + QCoreApplication::translate("Plots", "Next comes “%1” with %2.")
                                           .arg(name(m_importances[1].feature), shortText(m_importances[1].mean, 2));
        return text;
    }

    /// Which way the column's values push: by correlation for numbers, by the mean of each value for categories.
    QString direction(std::size_t feature) const
    {
        const Explanation& e = *m_explanation;
        const std::size_t rows = e.rowCount(), width = e.features.size();
        if (isNumeric(e, feature)) {
            double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
            for (std::size_t row = 0; row < rows; ++row) {
                const double x = e.cellNumber[row * width + feature], y = e.value(row, m_output, feature);
                if (std::isnan(x) || std::isnan(y))
                    continue;
                n += 1, sx += x, sy += y, sxx += x * x, syy += y * y, sxy += x * y;
            }
            const double spread = std::sqrt(std::max(0.0, n * sxx - sx * sx)) * std::sqrt(std::max(0.0, n * syy - sy * sy));
            const double r = spread > 0 ? (n * sxy - sx * sy) / spread : 0.0;
            if (r > 0.5)
                return QCoreApplication::translate("Plots", ": high values push it up, low values down.");
            if (r < -0.5)
                return QCoreApplication::translate("Plots", ": high values push it down, low values up.");
            return QStringLiteral(".");
        }
        std::map<std::string, std::pair<double, int>> sums;
        for (std::size_t row = 0; row < rows && row * width + feature < e.cellText.size(); ++row) {
            auto& [sum, count] = sums[e.cellText[row * width + feature]];
            sum += e.value(row, m_output, feature);
            ++count;
        }
        QString up, down;
        double most = 0.0, least = 0.0;
        for (const auto& [text, sum] : sums) {
            if (text.empty() || sum.second < 2)
                continue;
            const double mean = sum.first / sum.second;
            if (mean > most) {
                most = mean;
                up = QString::fromStdString(text);
            }
            if (mean < least) {
                least = mean;
                down = QString::fromStdString(text);
            }
        }
        if (up.isEmpty() || down.isEmpty())
            return QStringLiteral(".");
        return QCoreApplication::translate("Plots", ": “%1” pushes it up, “%2” down.").arg(up, down);
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output;
    std::vector<FeatureImportance> m_importances;
    std::vector<Swarm> m_swarms;
    double m_min = 0.0, m_max = 0.0, m_restMean = 0.0;
    int m_rest = 0;
    bool m_anyMissing = false;
    QString m_sentence;
    mutable std::vector<Layout> m_layouts; ///< of the last paintings, newest first, so that hit() measures as the painter did
    mutable Grid m_grid;
};

} // namespace

std::unique_ptr<Plot> makeBeeswarm(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures)
{
    return std::make_unique<Beeswarm>(std::move(explanation), output, maxFeatures);
}

} // namespace limpid
