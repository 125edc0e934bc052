#include "ui/charts/DotLayer.h"
#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/PlotAxes.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace limpid {

using namespace plot;

namespace {

constexpr double keyHeight = 22.0, radius = 2.5;
constexpr std::size_t shades = 32, mostNames = 12, mostIntervals = 200;

/// A column's effect over its value.
class Dependence final : public Plot
{
public:
    Dependence(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t feature, int colorFeature)
        : m_explanation(std::move(explanation)), m_output(output), m_feature(feature),
          m_color(colorFeature >= 0 ? colorFeature : strongestInteraction(*m_explanation, output, feature)), m_isPicked(colorFeature < 0)
    {
        const Explanation& e = *m_explanation;
        const std::size_t rows = e.rowCount();
        auto points = std::make_shared<Points>();
        m_axes.xLabel = featureName(e, feature);
        m_axes.yLabel = QCoreApplication::translate("Plots", "%1 of %2: effect on %3").arg(effectName(e), m_axes.xLabel, outputText(e, output));
        m_isNumeric = isNumeric(e, feature);
        place(*points);
        m_axes.yMin = m_axes.yMax = 0.0;
        for (std::size_t row = 0; row < rows; ++row) {
            const double y = points->effect[row], error = intervals() ? 1.96 * e.error(row, output, feature) : 0.0;
            m_axes.yMin = std::min(m_axes.yMin, y - error);
            m_axes.yMax = std::max(m_axes.yMax, y + error);
        }
        addBorder(m_axes.yMin, m_axes.yMax);
        const std::vector<double> shares = m_color >= 0 ? valueShares(e, static_cast<std::size_t>(m_color)) : std::vector<double>();
        points->shade.assign(rows, shades + 1); // the accent: no colour column
        for (std::size_t row = 0; row < shares.size(); ++row)
            points->shade[row] = std::isnan(shares[row]) ? 0 : 1 + static_cast<std::size_t>(std::lround(shares[row] * (shades - 1)));
        m_points = std::move(points);
        m_whole = {m_axes.xLabel, {m_axes.xMin, m_axes.xMax}};
    }

    double preferredHeight(double) const override { return 420.0; }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const PlotAxes at = axes(area);
        at.paint(painter, colors);
        painter.setPen(QPen(mix(colors.line, colors.faint, 0.5), 1.5));
        painter.drawLine(at.at(at.xMin, 0.0), at.at(at.xMax, 0.0));
        if (m_color >= 0)
            paintValueKey(painter, QRectF(area.left(), area.top(), area.width(), keyHeight - 4.0), featureName(*m_explanation, static_cast<std::size_t>(m_color)), colors);
        if (m_anyMissing && isShown(m_missingX)) {
            painter.setPen(colors.dim);
            const double x = at.at(m_missingX, 0.0).x();
            painter.drawText(QRectF(x - 6.0, at.plot.top(), 60.0, 14.0), Qt::AlignLeft | Qt::TextDontClip, QCoreApplication::translate("Plots", "missing"));
        }
        if (intervals()) {
            painter.setPen(QPen(mix(colors.card, colors.faint, 0.7), 1.0));
            for (std::size_t row = 0; row < x().size(); ++row) {
                const double error = 1.96 * m_explanation->error(row, m_output, m_feature);
                if (isShown(x()[row]))
                    painter.drawLine(at.at(x()[row], effect(row) - error), at.at(x()[row], effect(row) + error));
            }
        }
        paintPoints(painter, at, colors, nullptr);
        painter.restore();
    }

    QString sentence() const override
    {
        const Explanation& e = *m_explanation;
        if (e.rowCount() == 0)
            return QCoreApplication::translate("Plots", "Nothing has been explained yet.");
        const auto [low, high] = std::minmax_element(m_points->effect.begin(), m_points->effect.end());
        QString text = QCoreApplication::translate("Plots", "“%1” moves the prediction of %2 by %3 to %4 over %n rows", nullptr, static_cast<int>(e.rowCount()))
                           .arg(featureName(e, m_feature), outputText(e, m_output), signedText(*low, decimalsFor(*low, 2)), signedText(*high, decimalsFor(*high, 2)));
        if (const double r = m_isNumeric ? valueCorrelation(e, m_output, m_feature) : 0.0; r > 0.5)
            text += QCoreApplication::translate("Plots", ": the higher its value, the higher.");
        else if (r < -0.5)
            text += QCoreApplication::translate("Plots", ": the higher its value, the lower.");
        else
            text += QLatin1Char('.');
        if (m_color >= 0)
            text += QLatin1Char(' ')
                    + (m_isPicked ? QCoreApplication::translate("Plots", "Colours are the values of “%1”, which goes with this effect most among rows that are alike in “%2” (a rough measure).")
                                        .arg(featureName(e, static_cast<std::size_t>(m_color)), featureName(e, m_feature))
                                  : QCoreApplication::translate("Plots", "Colours are the values of “%1”.").arg(featureName(e, static_cast<std::size_t>(m_color))));
        return text;
    }

    std::vector<QStringList> table() const override
    {
        const Explanation& e = *m_explanation;
        const QString name = featureName(e, m_feature);
        std::vector<QStringList> lines{{QCoreApplication::translate("Plots", "row"), name, QCoreApplication::translate("Plots", "%1 of %2").arg(effectName(e), name),
                                        QCoreApplication::translate("Plots", "standard error")}};
        if (m_color >= 0)
            lines.front() << featureName(e, static_cast<std::size_t>(m_color));
        for (std::size_t row = 0; row < e.rowCount(); ++row) {
            lines.push_back({QString::number(e.rows[row]), cellText(e, row, m_feature), exactText(e.value(row, m_output, m_feature)), exactText(e.error(row, m_output, m_feature))});
            if (m_color >= 0)
                lines.back() << cellText(e, row, static_cast<std::size_t>(m_color));
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const PlotAxes at = axes(area);
        double nearest = 7.0 * 7.0;
        int found = -1;
        for (std::size_t row = 0; row < x().size(); ++row) {
            if (!isShown(x()[row]))
                continue;
            const QPointF away = at.at(x()[row], effect(row)) - point;
            if (const double distance = QPointF::dotProduct(away, away); distance <= nearest) {
                nearest = distance;
                found = static_cast<int>(row);
            }
        }
        return found;
    }

    QString tooltip(int item) const override
    {
        const Explanation& e = *m_explanation;
        if (item < 0 || static_cast<std::size_t>(item) >= e.rowCount())
            return {};
        const auto row = static_cast<std::size_t>(item);
        QString text = QStringLiteral("%1\n%2 = %3\n%4 %5").arg(rowName(e, row), featureName(e, m_feature), cellText(e, row, m_feature), effectName(e),
                                                              effectText(e.value(row, m_output, m_feature), e.error(row, m_output, m_feature)));
        if (m_color >= 0)
            text += QStringLiteral("\n%1 = %2").arg(featureName(e, static_cast<std::size_t>(m_color)), cellText(e, row, static_cast<std::size_t>(m_color)));
        return text;
    }

    std::size_t selectableRows() const override { return x().size(); }
    int rowOf(int item) const override { return item; }

    std::vector<std::size_t> rowsIn(const QRectF& region, const QRectF& area) const override
    {
        const PlotAxes at = axes(area);
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < x().size(); ++row)
            if (isShown(x()[row]) && region.contains(at.at(x()[row], effect(row))))
                rows.push_back(row);
        return rows;
    }

    void paintSelection(QPainter& painter, const QRectF& area, const Theme& theme, const std::vector<bool>& selected) const override
    {
        const PlotAxes at = axes(area);
        paintVeil(painter, at.plot, theme.colors());
        paintPoints(painter, at, theme.colors(), &selected);
    }

    /// Left and right by the column's value, up and down by its effect.
    int itemAfter(int item, Qt::Key arrow) const override
    {
        if (x().empty())
            return -1;
        if (item < 0)
            return static_cast<int>(std::min_element(x().begin(), x().end()) - x().begin());
        const bool isUpright = arrow == Qt::Key_Up || arrow == Qt::Key_Down;
        return static_cast<int>(rowBeside(isUpright ? m_points->effect : x(), static_cast<std::size_t>(item), arrow == Qt::Key_Up || arrow == Qt::Key_Right));
    }

    QRectF itemPlace(int item, const QRectF& area) const override
    {
        if (const double value = axisValue(item); !isShown(value))
            return {};
        const auto row = static_cast<std::size_t>(item);
        return QRectF(-radius, -radius, 2 * radius, 2 * radius).translated(axes(area).at(x()[row], effect(row)));
    }

    PlotAxis zoomAxis() const override { return x().empty() ? PlotAxis() : m_whole; }
    std::unique_ptr<Plot> zoomed(const AxisRange& shown) const override
    {
        auto other = std::make_unique<Dependence>(*this);
        other->m_axes.xMin = shown.min;
        other->m_axes.xMax = shown.max;
        return other;
    }
    QRectF axisPlace(const QRectF& area) const override { return axes(area).plot; }
    double axisValue(int item) const override
    {
        return item < 0 || static_cast<std::size_t>(item) >= x().size() ? std::numeric_limits<double>::quiet_NaN() : x()[static_cast<std::size_t>(item)];
    }

private:
    bool intervals() const
    {
        const Explanation& e = *m_explanation;
        return e.rowCount() <= mostIntervals && std::any_of(e.errors.begin(), e.errors.end(), [](double error) { return error > 0.0; });
    }
    /// What does not depend on the part that is shown.
    struct Points {
        std::vector<double> x, effect;   ///< [rows]
        std::vector<std::size_t> shade;  ///< [rows] into the palette: missing, the shades, no colour
    };
    const std::vector<double>& x() const { return m_points->x; }
    double effect(std::size_t row) const { return m_points->effect[row]; }
    bool isShown(double value) const { return value >= m_axes.xMin && value <= m_axes.xMax; }

    PlotAxes axes(const QRectF& area) const
    {
        PlotAxes at = m_axes;
        at.place(area.adjusted(0.0, keyHeight, 0.0, 0.0), false);
        return at;
    }

    /// Numbers where they are; categories side by side, those of rarer ones together at the end, points spread within each.
    void place(Points& points)
    {
        const Explanation& e = *m_explanation;
        const std::size_t rows = e.rowCount(), width = e.features.size();
        points.x.assign(rows, 0.0);
        for (std::size_t row = 0; row < rows; ++row) {
            const double value = e.value(row, m_output, m_feature);
            points.effect.push_back(std::isfinite(value) ? value : 0.0);
        }
        if (m_isNumeric) {
            double low = std::numeric_limits<double>::infinity(), high = -low;
            for (std::size_t row = 0; row < rows; ++row) {
                const double x = points.x[row] = e.cellNumber[row * width + m_feature];
                if (std::isnan(x)) {
                    m_anyMissing = true;
                    continue;
                }
                low = std::min(low, x);
                high = std::max(high, x);
            }
            m_axes.xMin = low;
            m_axes.xMax = high;
            addBorder(m_axes.xMin, m_axes.xMax);
            if (m_anyMissing) {
                m_missingX = m_axes.xMin - 0.05 * (m_axes.xMax - m_axes.xMin);
                std::replace_if(points.x.begin(), points.x.end(), [](double x) { return std::isnan(x); }, m_missingX);
                m_axes.xMin = m_missingX - 0.03 * (m_axes.xMax - m_axes.xMin);
            }
            return;
        }
        std::map<QString, std::size_t> counts;
        for (std::size_t row = 0; row < rows; ++row)
            ++counts[cellText(e, row, m_feature)];
        std::vector<std::pair<QString, std::size_t>> names(counts.begin(), counts.end());
        std::stable_sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
        std::map<QString, std::size_t> places;
        for (std::size_t i = 0; i < names.size(); ++i)
            places[names[i].first] = names.size() > mostNames ? std::min(i, mostNames - 1) : i;
        for (std::size_t i = 0; i < std::min(names.size(), mostNames); ++i)
            m_axes.xNames.push_back(i + 1 == mostNames && names.size() > mostNames ? QCoreApplication::translate("Plots", "%n others", nullptr, static_cast<int>(names.size() - mostNames + 1)) : names[i].first);
        if (m_axes.xNames.empty())
            m_axes.xNames.emplace_back();
        m_axes.xMin = -0.5;
        m_axes.xMax = static_cast<double>(m_axes.xNames.size()) - 0.5;
        for (std::size_t row = 0; row < rows; ++row) {
            double whole = 0.0; // spread by the golden ratio: even, and the same each time
            const double spread = std::modf(static_cast<double>(row) * 0.6180339887498949, &whole) - 0.5;
            points.x[row] = static_cast<double>(places[cellText(e, row, m_feature)]) + 0.6 * spread;
        }
    }

    void paintPoints(QPainter& painter, const PlotAxes& at, const ThemeColors& colors, const std::vector<bool>* selected) const
    {
        std::vector<QColor> palette{colors.faint};
        for (std::size_t shade = 0; shade < shades; ++shade)
            palette.push_back(valueColor(static_cast<double>(shade) / (shades - 1), colors));
        palette.push_back(colors.accent);
        std::vector<ColoredDot> dots;
        dots.reserve(x().size());
        for (std::size_t row = 0; row < x().size(); ++row)
            if (isShown(x()[row]) && (!selected || (*selected)[row]))
                dots.push_back({at.at(x()[row], effect(row)), m_points->shade[row]});
        paintDots(painter, at.plot.adjusted(-5.0, -5.0, 5.0, 5.0), radius, palette, dots);
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output, m_feature;
    int m_color;
    bool m_isPicked;    ///< the colour's column is strongestInteraction()'s
    bool m_isNumeric = false, m_anyMissing = false;
    double m_missingX = 0.0;
    std::shared_ptr<const Points> m_points;
    PlotAxis m_whole;
    PlotAxes m_axes;                     ///< x: the part that is shown
};

} // namespace

std::unique_ptr<Plot> makeDependence(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t feature, int colorFeature)
{
    return std::make_unique<Dependence>(std::move(explanation), output, feature, colorFeature);
}

} // namespace limpid
