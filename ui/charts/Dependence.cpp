#include "ui/charts/DotLayer.h"
#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/PlotAxes.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

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
          m_color(colorFeature >= 0 ? colorFeature : strongestInteraction(*m_explanation, output, feature))
    {
        const Explanation& e = *m_explanation;
        const std::size_t rows = e.rowCount();
        m_axes.xLabel = featureName(e, feature);
        m_axes.yLabel = QCoreApplication::translate("Plots", "%1 of %2: effect on %3").arg(effectName(e), m_axes.xLabel, outputText(e, output));
        m_isNumeric = isNumeric(e, feature);
        placeX();
        m_axes.yMin = m_axes.yMax = 0.0;
        for (std::size_t row = 0; row < rows; ++row) {
            const double y = effect(row), error = intervals() ? 1.96 * e.error(row, output, feature) : 0.0;
            m_axes.yMin = std::min(m_axes.yMin, y - error);
            m_axes.yMax = std::max(m_axes.yMax, y + error);
        }
        addBorder(m_axes.yMin, m_axes.yMax);
        const std::vector<double> shares = m_color >= 0 ? valueShares(e, static_cast<std::size_t>(m_color)) : std::vector<double>();
        m_shade.assign(rows, shades + 1); // the accent: no colour column
        for (std::size_t row = 0; row < shares.size(); ++row)
            m_shade[row] = std::isnan(shares[row]) ? 0 : 1 + static_cast<std::size_t>(std::lround(shares[row] * (shades - 1)));
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
        if (m_anyMissing && m_isNumeric) {
            painter.setPen(colors.dim);
            const double x = at.at(m_missingX, 0.0).x();
            painter.drawText(QRectF(x - 6.0, at.plot.top(), 60.0, 14.0), Qt::AlignLeft | Qt::TextDontClip, QCoreApplication::translate("Plots", "missing"));
        }
        if (intervals()) {
            painter.setPen(QPen(mix(colors.card, colors.faint, 0.7), 1.0));
            for (std::size_t row = 0; row < m_x.size(); ++row) {
                const double error = 1.96 * m_explanation->error(row, m_output, m_feature);
                painter.drawLine(at.at(m_x[row], effect(row) - error), at.at(m_x[row], effect(row) + error));
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
        const auto [low, high] = std::minmax_element(m_effects.begin(), m_effects.end());
        QString text = QCoreApplication::translate("Plots", "“%1” moves the prediction of %2 by %3 to %4 over %n rows", nullptr, static_cast<int>(e.rowCount()))
                           .arg(featureName(e, m_feature), outputText(e, m_output), signedText(*low, decimalsFor(*low, 2)), signedText(*high, decimalsFor(*high, 2)));
        if (const double r = correlation(); r > 0.5)
            text += QCoreApplication::translate("Plots", ": the higher its value, the higher.");
        else if (r < -0.5)
            text += QCoreApplication::translate("Plots", ": the higher its value, the lower.");
        else
            text += QLatin1Char('.');
        if (m_color >= 0)
            text += QLatin1Char(' ') + QCoreApplication::translate("Plots", "Colours are the values of “%1”.").arg(featureName(e, static_cast<std::size_t>(m_color)));
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
        for (std::size_t row = 0; row < m_x.size(); ++row) {
            const QPointF away = at.at(m_x[row], effect(row)) - point;
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

    std::size_t selectableRows() const override { return m_x.size(); }
    int rowOf(int item) const override { return item; }

    std::vector<std::size_t> rowsIn(const QRectF& region, const QRectF& area) const override
    {
        const PlotAxes at = axes(area);
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < m_x.size(); ++row)
            if (region.contains(at.at(m_x[row], effect(row))))
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
        if (m_x.empty())
            return -1;
        const std::vector<double>& along = arrow == Qt::Key_Up || arrow == Qt::Key_Down ? m_effects : m_x;
        if (item < 0)
            return static_cast<int>(std::min_element(m_x.begin(), m_x.end()) - m_x.begin());
        const bool up = arrow == Qt::Key_Up || arrow == Qt::Key_Right;
        const auto row = static_cast<std::size_t>(item);
        const auto before = [&](std::size_t a, std::size_t b) { return along[a] < along[b] || (along[a] == along[b] && a < b); };
        std::size_t best = row;
        for (std::size_t other = 0; other < along.size(); ++other)
            if ((up ? before(row, other) : before(other, row)) && (best == row || (up ? before(other, best) : before(best, other))))
                best = other;
        return static_cast<int>(best);
    }

    QRectF itemPlace(int item, const QRectF& area) const override
    {
        if (item < 0 || static_cast<std::size_t>(item) >= m_x.size())
            return {};
        const auto row = static_cast<std::size_t>(item);
        return QRectF(-radius, -radius, 2 * radius, 2 * radius).translated(axes(area).at(m_x[row], effect(row)));
    }

private:
    bool intervals() const
    {
        const Explanation& e = *m_explanation;
        return e.rowCount() <= mostIntervals && std::any_of(e.errors.begin(), e.errors.end(), [](double error) { return error > 0.0; });
    }
    double effect(std::size_t row) const { return m_effects[row]; }

    PlotAxes axes(const QRectF& area) const
    {
        PlotAxes at = m_axes;
        at.place(area.adjusted(0.0, keyHeight, 0.0, 0.0), false);
        return at;
    }

    /// Numbers where they are; categories side by side, those of rarer ones together at the end, points spread within each.
    void placeX()
    {
        const Explanation& e = *m_explanation;
        const std::size_t rows = e.rowCount(), width = e.features.size();
        m_x.assign(rows, 0.0);
        for (std::size_t row = 0; row < rows; ++row) {
            const double value = e.value(row, m_output, m_feature);
            m_effects.push_back(std::isfinite(value) ? value : 0.0);
        }
        if (m_isNumeric) {
            double low = std::numeric_limits<double>::infinity(), high = -low;
            for (std::size_t row = 0; row < rows; ++row) {
                const double x = m_x[row] = e.cellNumber[row * width + m_feature];
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
                std::replace_if(m_x.begin(), m_x.end(), [](double x) { return std::isnan(x); }, m_missingX);
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
            m_x[row] = static_cast<double>(places[cellText(e, row, m_feature)]) + 0.6 * spread;
        }
    }

    double correlation() const
    {
        if (!m_isNumeric)
            return 0.0;
        double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
        for (std::size_t row = 0; row < m_x.size(); ++row) {
            const double x = m_explanation->cellNumber[row * m_explanation->features.size() + m_feature], y = effect(row);
            if (std::isnan(x))
                continue;
            n += 1, sx += x, sy += y, sxx += x * x, syy += y * y, sxy += x * y;
        }
        const double spread = std::sqrt(std::max(0.0, n * sxx - sx * sx)) * std::sqrt(std::max(0.0, n * syy - sy * sy));
        return spread > 0.0 ? (n * sxy - sx * sy) / spread : 0.0;
    }

    void paintPoints(QPainter& painter, const PlotAxes& at, const ThemeColors& colors, const std::vector<bool>* selected) const
    {
        std::vector<QColor> palette{colors.faint};
        for (std::size_t shade = 0; shade < shades; ++shade)
            palette.push_back(valueColor(static_cast<double>(shade) / (shades - 1), colors));
        palette.push_back(colors.accent);
        std::vector<ColoredDot> dots;
        dots.reserve(m_x.size());
        for (std::size_t row = 0; row < m_x.size(); ++row)
            if (!selected || (*selected)[row])
                dots.push_back({at.at(m_x[row], effect(row)), m_shade[row]});
        paintDots(painter, at.plot.adjusted(-5.0, -5.0, 5.0, 5.0), radius, palette, dots);
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output, m_feature;
    int m_color;
    bool m_isNumeric = false, m_anyMissing = false;
    double m_missingX = 0.0;
    std::vector<double> m_x, m_effects;  ///< [rows]
    std::vector<std::size_t> m_shade;    ///< [rows] into the palette: missing, the shades, no colour
    PlotAxes m_axes;
};

} // namespace

std::unique_ptr<Plot> makeDependence(std::shared_ptr<const Explanation> explanation, std::size_t output, std::size_t feature, int colorFeature)
{
    return std::make_unique<Dependence>(std::move(explanation), output, feature, colorFeature);
}

} // namespace limpid
