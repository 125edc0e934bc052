#include "core/base/Error.h"
#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

constexpr double head = 22.0, noteHeight = 18.0;

/// A line a row from the base to its prediction, column by column.
class Decision final : public Plot
{
public:
    Decision(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures, int maxLines)
        : m_explanation(std::move(explanation)), m_output(output), m_mostLines(static_cast<std::size_t>(std::max(1, maxLines))),
          m_all(meanAbsolute(*m_explanation, output)), m_certain(placesResolved(m_all))
    {
        const Explanation& e = *m_explanation;
        if (!addsUp(e))
            throw Error(ErrorCode::OptionInvalid, {{"name", "plot"}, {"value", "decision"}, {"expected", "values that add up to the prediction"}});
        const std::size_t own = std::min(m_all.size(), static_cast<std::size_t>(std::max(1, maxFeatures)));
        m_hasRest = own < m_all.size();
        if (m_hasRest)
            m_names.push_back(QCoreApplication::translate("Plots", "%n others", nullptr, static_cast<int>(m_all.size() - own)));
        for (std::size_t i = own; i-- > 0;)
            m_names.push_back(featureName(e, m_all[i].feature));
        // Levels from the bottom: the base, after the others, …, after the most important column.
        const std::size_t rows = e.rowCount(), levels = m_names.size() + 1;
        m_levels.assign(rows * levels, e.base[output]);
        for (std::size_t row = 0; row < rows; ++row) {
            double at = e.base[output];
            std::size_t level = 0;
            if (m_hasRest) {
                for (std::size_t i = own; i < m_all.size(); ++i)
                    at += e.value(row, output, m_all[i].feature);
                m_levels[row * levels + ++level] = at;
            }
            for (std::size_t i = own; i-- > 0;)
                m_levels[row * levels + ++level] = at += e.value(row, output, m_all[i].feature);
        }
        m_min = m_max = e.base[output];
        for (const double value : m_levels)
            if (std::isfinite(value)) {
                m_min = std::min(m_min, value);
                m_max = std::max(m_max, value);
            }
        const double border = m_max > m_min ? 0.03 * (m_max - m_min) : 0.5;
        m_min -= border;
        m_max += border;
        m_order = orderByPrediction(e, output);
        for (std::size_t i = 0; i < std::min(rows, m_mostLines); ++i)
            m_drawn.push_back(m_order[i * rows / std::min(rows, m_mostLines)]);
        if (m_drawn.size() < rows)
            for (std::size_t level = 0; level < levels; ++level) {
                std::vector<double> values;
                for (std::size_t row = 0; row < rows; ++row)
                    values.push_back(m_levels[row * levels + level]);
                const double low = quantile(values, 0.05);
                m_band.emplace_back(low, quantile(values, 0.95));
            }
    }

    double preferredHeight(double) const override { return head + 28.0 * static_cast<double>(m_names.size()) + valueAxisHeight + notes(); }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        const QRectF box = plotBox(area);
        paintValueAxis(painter, box, m_min, m_max, QCoreApplication::translate("Plots", "prediction of %1").arg(outputText(*m_explanation, m_output)), colors);
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            const double middle = box.bottom() - (static_cast<double>(i) + 0.5) / static_cast<double>(m_names.size()) * box.height();
            const bool certain = m_hasRest && i == 0 ? true : m_certain[m_names.size() - 1 - i];
            painter.setPen(certain ? colors.text : colors.dim);
            drawText(painter, QRectF(area.left(), middle - 9.0, box.left() - 10.0 - area.left(), 18.0), Qt::AlignRight | Qt::AlignVCenter,
                     certain ? m_names[i] : m_names[i] + QStringLiteral(" ?"), Qt::ElideMiddle);
        }
        if (!m_band.empty()) {
            QPolygonF band;
            for (std::size_t level = 0; level < m_band.size(); ++level)
                band << at(box, level, m_band[level].first);
            for (std::size_t level = m_band.size(); level-- > 0;)
                band << at(box, level, m_band[level].second);
            QColor fill = colors.faint;
            fill.setAlphaF(0.18f);
            painter.setPen(Qt::NoPen);
            painter.setBrush(fill);
            painter.drawPolygon(band);
        }
        painter.setPen(QPen(mix(colors.line, colors.faint, 0.5), 1.5));
        painter.drawLine(at(box, 0, m_explanation->base[m_output]), at(box, levels() - 1, m_explanation->base[m_output]));
        paintLines(painter, box, colors, m_drawn, m_drawn.size() > 60 ? 0.55 : 0.85);
        paintValueKey(painter, QRectF(area.left(), area.top(), area.width(), head - 4.0), QCoreApplication::translate("Plots", "prediction"), colors);
        double y = box.bottom() + valueAxisHeight;
        painter.setPen(colors.dim);
        const auto note = [&](const QString& text) {
            drawText(painter, QRectF(area.left(), y, area.width(), noteHeight), Qt::AlignRight | Qt::AlignVCenter, text);
            y += noteHeight;
        };
        if (!m_band.empty())
            note(QCoreApplication::translate("Plots", "%1 of %2 rows drawn, evenly by prediction; nine of ten rows pass through the grey band")
                     .arg(QLocale().toString(static_cast<qulonglong>(m_drawn.size())), QLocale().toString(static_cast<qulonglong>(m_order.size()))));
        if (anyUncertain())
            note(QCoreApplication::translate("Plots", "?: place in the order not certain at 95 %"));
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_order.empty() || m_all.empty())
            return QCoreApplication::translate("Plots", "Nothing has been explained yet.");
        const Explanation& e = *m_explanation;
        const int decimals = decimalsFor(m_max - m_min, 3);
        return QCoreApplication::translate("Plots", "From the average %1 of %2 predictions part to between %3 and %4; “%5” parts them most on average.")
            .arg(fixedText(e.base[m_output], decimals), outputText(e, m_output), fixedText(prediction(e, m_order.front(), m_output), decimals),
                 fixedText(prediction(e, m_order.back(), m_output), decimals), m_names.back());
    }

    std::vector<QStringList> table() const override
    {
        const Explanation& e = *m_explanation;
        QStringList first{QCoreApplication::translate("Plots", "row"), QCoreApplication::translate("Plots", "average")};
        for (const QString& name : m_names)
            first << QCoreApplication::translate("Plots", "after %1").arg(name);
        std::vector<QStringList> lines{first};
        for (std::size_t row = 0; row < e.rowCount(); ++row) {
            QStringList line{QString::number(e.rows[row])};
            for (std::size_t level = 0; level < levels(); ++level)
                line << exactText(m_levels[row * levels() + level]);
            lines.push_back(line);
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const QRectF box = plotBox(area);
        if (!box.adjusted(-4.0, 0.0, 4.0, 0.0).contains(point))
            return -1;
        double nearest = 6.0;
        int found = -1;
        for (const std::size_t row : m_drawn)
            if (const double away = std::abs(crossing(box, row, point.y()) - point.x()); away <= nearest) {
                nearest = away;
                found = static_cast<int>(row);
            }
        return found;
    }

    QString tooltip(int item) const override
    {
        const Explanation& e = *m_explanation;
        if (item < 0 || static_cast<std::size_t>(item) >= e.rowCount())
            return {};
        const auto row = static_cast<std::size_t>(item);
        return rowText(e, m_output, row, decimalsFor(m_max - m_min, 3));
    }

    std::size_t selectableRows() const override { return m_order.size(); }
    int rowOf(int item) const override { return item; }

    std::vector<std::size_t> rowsIn(const QRectF& region, const QRectF& area) const override
    {
        const QRectF box = plotBox(area), inside = region.intersected(box.adjusted(-4.0, 0.0, 4.0, 0.0));
        std::vector<std::size_t> rows;
        if (inside.isEmpty())
            return rows;
        // A line crosses the band where it is inside at one of its edges or levels, or passes from one side to the other between two of them.
        std::vector<double> heights{inside.top(), inside.bottom()};
        for (std::size_t level = 0; level < levels(); ++level)
            if (const double y = at(box, level, m_min).y(); y > inside.top() && y < inside.bottom())
                heights.push_back(y);
        for (const std::size_t row : m_drawn) {
            bool isLeft = false, isRight = false;
            for (const double y : heights) {
                const double x = crossing(box, row, y);
                isLeft = isLeft || x <= inside.right();
                isRight = isRight || x >= inside.left();
            }
            if (isLeft && isRight)
                rows.push_back(row);
        }
        std::sort(rows.begin(), rows.end());
        return rows;
    }

    void paintSelection(QPainter& painter, const QRectF& area, const Theme& theme, const std::vector<bool>& selected) const override
    {
        if (selected.size() != m_order.size())
            return;
        const QRectF box = plotBox(area);
        paintVeil(painter, box, theme.colors());
        std::vector<std::size_t> chosen, drawn;
        for (const std::size_t row : m_order)
            if (selected[row])
                chosen.push_back(row);
        // Rows that another plot selected are drawn too, up to as many as there are lines.
        for (std::size_t i = 0; i < std::min(chosen.size(), m_mostLines); ++i)
            drawn.push_back(chosen[i * chosen.size() / std::min(chosen.size(), m_mostLines)]);
        painter.setRenderHint(QPainter::Antialiasing);
        paintLines(painter, box, theme.colors(), drawn, 1.0);
    }

    int itemAfter(int item, Qt::Key arrow) const override
    {
        if (m_drawn.empty())
            return -1;
        const auto here = std::find(m_drawn.begin(), m_drawn.end(), static_cast<std::size_t>(std::max(0, item)));
        if (item < 0 || here == m_drawn.end())
            return static_cast<int>(m_drawn.front());
        if (arrow == Qt::Key_Right || arrow == Qt::Key_Up)
            return static_cast<int>(here + 1 == m_drawn.end() ? *here : *(here + 1));
        return static_cast<int>(here == m_drawn.begin() ? *here : *(here - 1));
    }

    QRectF itemPlace(int item, const QRectF& area) const override
    {
        if (item < 0 || static_cast<std::size_t>(item) >= m_order.size())
            return {};
        const QPointF end = at(plotBox(area), levels() - 1, m_levels[(static_cast<std::size_t>(item) + 1) * levels() - 1]);
        return {end.x() - 3.0, end.y() - 1.0, 6.0, 6.0};
    }

private:
    std::size_t levels() const { return m_names.size() + 1; }
    bool anyUncertain() const
    {
        for (std::size_t i = 0; i < m_names.size() - m_hasRest; ++i)
            if (!m_certain[i])
                return true;
        return false;
    }
    double notes() const { return (m_band.empty() ? 0.0 : noteHeight) + (anyUncertain() ? noteHeight : 0.0); }

    QRectF plotBox(const QRectF& area) const
    {
        const double left = area.left() + roomFor(m_names, area.width() * 0.3) + 22.0;
        return QRectF(left, area.top() + head, std::max(40.0, area.right() - 20.0 - left), std::max(30.0, area.height() - head - valueAxisHeight - notes()));
    }
    QPointF at(const QRectF& box, std::size_t level, double value) const
    {
        return {box.left() + (value - m_min) / (m_max - m_min) * box.width(),
                box.bottom() - static_cast<double>(level) / static_cast<double>(std::max<std::size_t>(1, levels() - 1)) * box.height()};
    }
    /// Where a row's line is at that height.
    double crossing(const QRectF& box, std::size_t row, double y) const
    {
        const double place = std::clamp((box.bottom() - y) / box.height(), 0.0, 1.0) * static_cast<double>(levels() - 1);
        const std::size_t below = std::min(static_cast<std::size_t>(place), levels() - 2);
        const double* values = &m_levels[row * levels()];
        return at(box, 0, values[below] + (values[below + 1] - values[below]) * (place - static_cast<double>(below))).x();
    }

    void paintLines(QPainter& painter, const QRectF& box, const ThemeColors& colors, const std::vector<std::size_t>& rows, double opacity) const
    {
        const double low = m_order.empty() ? 0.0 : prediction(*m_explanation, m_order[m_order.size() / 20], m_output);
        const double high = m_order.empty() ? 0.0 : prediction(*m_explanation, m_order[m_order.size() - 1 - m_order.size() / 20], m_output);
        painter.setOpacity(opacity);
        painter.setBrush(Qt::NoBrush);
        for (const std::size_t row : rows) {
            const double share = high > low ? std::clamp((prediction(*m_explanation, row, m_output) - low) / (high - low), 0.0, 1.0) : 0.5;
            QPolygonF line;
            for (std::size_t level = 0; level < levels(); ++level)
                line << at(box, level, m_levels[row * levels() + level]);
            painter.setPen(QPen(valueColor(share, colors), rows.size() > 60 ? 1.0 : 1.4));
            painter.drawPolyline(line);
        }
        painter.setOpacity(1.0);
    }

    std::shared_ptr<const Explanation> m_explanation;
    std::size_t m_output, m_mostLines;
    std::vector<FeatureImportance> m_all;
    std::vector<bool> m_certain;
    bool m_hasRest = false;
    std::vector<QString> m_names;               ///< from the bottom
    std::vector<double> m_levels;               ///< [rows, names + 1]
    std::vector<std::size_t> m_order, m_drawn;  ///< rows by prediction: all, and those with a line
    std::vector<std::pair<double, double>> m_band; ///< [names + 1]: the 5 % and 95 % quantiles; empty where every row is drawn
    double m_min = 0.0, m_max = 1.0;
};

} // namespace

std::unique_ptr<Plot> makeDecision(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures, int maxLines)
{
    return std::make_unique<Decision>(std::move(explanation), output, maxFeatures, maxLines);
}

} // namespace limpid
