#include "ui/charts/Plot.h"
#include "ui/charts/PlotTools.h"

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

/// One column's points: where they lie does not depend on the picture's size, so it is worked out once.
struct Swarm {
    std::size_t feature = 0;
    std::vector<int> lane;         ///< [rows] 0, 1, −1, 2, …: steps away from the middle line
    std::vector<int> shade;        ///< [rows] 0 … shades − 1, or −1 where the cell is missing
    std::vector<std::size_t> order;///< rows in the order they are drawn
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
            for (std::size_t row = 0; row < m_explanation->rowCount(); ++row) {
                const double value = m_explanation->value(row, m_output, importance.feature);
                if (std::isfinite(value)) {
                    m_min = std::min(m_min, value);
                    m_max = std::max(m_max, value);
                }
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
            head << QString::fromStdString(feature) << QCoreApplication::translate("Plots", "SHAP of %1").arg(QString::fromStdString(feature));
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
        // The window's own small font stands for the painter's: both come from the same theme.
        const Layout at = m_lastLayout.area == area ? m_lastLayout : Layout{};
        if (at.pitch <= 0.0 || m_explanation->rowCount() == 0)
            return -1;
        double nearest = 6.0 * 6.0;
        int found = -1;
        for (std::size_t i = 0; i < m_swarms.size(); ++i) {
            const double middle = at.plot.top() + (static_cast<double>(i) + 0.5) * at.pitch;
            if (std::abs(point.y() - middle) > at.pitch)
                continue;
            for (std::size_t row = 0; row < m_explanation->rowCount(); ++row) {
                const QPointF away = position(at, i, row) - point;
                const double distance = away.x() * away.x() + away.y() * away.y();
                if (distance < nearest) {
                    nearest = distance;
                    found = static_cast<int>(m_swarms[i].feature * m_explanation->rowCount() + row);
                }
            }
        }
        return found;
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
        return QCoreApplication::translate("Plots", "Row %1\n%2 = %3\nSHAP %4")
            .arg(QLocale().toString(static_cast<qulonglong>(m_explanation->rows[row])), name(feature),
                 text.isEmpty() ? QCoreApplication::translate("Plots", "missing") : text, effect);
    }

private:
    struct Layout {
        QRectF area, plot;
        double figures = 0.0;  ///< left edge of the column of figures
        double pitch = 0.0;
        double min = 0.0, max = 1.0;
        double x(double value) const { return plot.left() + (value - min) / (max - min) * plot.width(); }
    };

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
        m_lastLayout = at;
        return at;
    }

    QPointF position(const Layout& at, std::size_t i, std::size_t row) const
    {
        const Swarm& swarm = m_swarms[i];
        const double step = std::min(2.0 * radius * 0.85, at.pitch * 0.42 / swarm.widest);
        const double value = m_explanation->value(row, m_output, swarm.feature);
        return {at.x(std::isfinite(value) ? value : 0.0),
                at.plot.top() + (static_cast<double>(i) + 0.5) * at.pitch - swarm.lane[row] * step};
    }

    void paintPoints(QPainter& painter, const Layout& at, const Theme& theme) const
    {
        const ThemeColors& colors = theme.colors();
        // Thousands of points: where they become pixels anyway, a stamp a shade is drawn instead of an ellipse each.
        const bool raster = painter.paintEngine() && painter.paintEngine()->type() == QPaintEngine::Raster;
        const double scale = painter.device()->devicePixelRatioF();
        std::vector<QImage> stamps;
        painter.setPen(Qt::NoPen);
        for (int shade = -1; shade < shades; ++shade) {
            const QColor color = colorOf(shade, colors);
            if (!raster) {
                stamps.emplace_back();
                continue;
            }
            QImage stamp((QSizeF(6.0, 6.0) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
            stamp.setDevicePixelRatio(scale);
            stamp.fill(Qt::transparent);
            QPainter dot(&stamp);
            dot.setRenderHint(QPainter::Antialiasing);
            dot.setPen(Qt::NoPen);
            dot.setBrush(color);
            dot.drawEllipse(QPointF(3.0, 3.0), radius, radius);
            dot.end();
            stamps.push_back(stamp);
        }
        for (std::size_t i = 0; i < m_swarms.size(); ++i) {
            for (std::size_t row : m_swarms[i].order) {
                const QPointF center = position(at, i, row);
                const int shade = m_swarms[i].shade[row];
                if (raster) {
                    // Whole device pixels: blending a stamp between pixels costs ten times as much and looks the same.
                    const QPointF corner = center - QPointF(3.0, 3.0);
                    painter.drawImage(QPointF(std::round(corner.x() * scale) / scale, std::round(corner.y() * scale) / scale),
                                      stamps[static_cast<std::size_t>(shade + 1)]);
                } else {
                    painter.setBrush(colorOf(shade, colors));
                    painter.drawEllipse(center, radius, radius);
                }
            }
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
                 QCoreApplication::translate("Plots", "SHAP value: effect on %1").arg(outputText(*m_explanation, m_output)));
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
        const std::size_t rows = e.rowCount(), width = e.features.size();
        Swarm swarm;
        swarm.feature = feature;
        swarm.lane.assign(rows, 0);
        swarm.shade.assign(rows, -1);

        // Lanes: rows of one of 100 bins stand above and below the middle line in turn, in the order of the rows.
        double low = std::numeric_limits<double>::infinity(), high = -low;
        for (std::size_t row = 0; row < rows; ++row) {
            low = std::min(low, e.value(row, m_output, feature));
            high = std::max(high, e.value(row, m_output, feature));
        }
        std::vector<int> filled(bins + 1, 0);
        for (std::size_t row = 0; row < rows; ++row) {
            const double share = (e.value(row, m_output, feature) - low) / (high - low + 1e-8 * std::max(1e-30, std::abs(high)));
            const int bin = std::isfinite(share) ? std::clamp(static_cast<int>(std::lround(bins * share)), 0, bins) : 0;
            const int place = filled[static_cast<std::size_t>(bin)]++;
            swarm.lane[row] = (place + 1) / 2 * (place % 2 == 1 ? 1 : -1);
            swarm.widest = std::max(swarm.widest, std::abs(swarm.lane[row]));
        }

        // Shades: from the 5th to the 95th percentile of the column's own values, so that outliers do not take them all.
        std::vector<double> known;
        for (std::size_t row = 0; row < rows && row * width + feature < e.cellNumber.size(); ++row)
            if (const double number = e.cellNumber[row * width + feature]; !std::isnan(number))
                known.push_back(number);
        std::sort(known.begin(), known.end());
        if (!known.empty()) {
            const auto percentile = [&known](double share) {
                const double place = share * static_cast<double>(known.size() - 1);
                const std::size_t below = static_cast<std::size_t>(place);
                const std::size_t above = std::min(below + 1, known.size() - 1);
                return known[below] + (known[above] - known[below]) * (place - static_cast<double>(below));
            };
            double from = percentile(0.05), to = percentile(0.95);
            if (from == to) {
                from = percentile(0.01);
                to = percentile(0.99);
            }
            if (from == to) {
                from = known.front();
                to = known.back();
            }
            for (std::size_t row = 0; row < rows; ++row) {
                const double number = e.cellNumber[row * width + feature];
                if (std::isnan(number))
                    continue;
                const double share = from == to ? 0.5 : std::clamp((number - from) / (to - from), 0.0, 1.0);
                swarm.shade[row] = static_cast<int>(std::lround(share * (shades - 1)));
            }
        }
        m_anyMissing = m_anyMissing || known.size() < rows;
        swarm.order.resize(rows);
        std::iota(swarm.order.begin(), swarm.order.end(), std::size_t(0));
        // Missing values lie beneath: they are the least telling.
        std::stable_partition(swarm.order.begin(), swarm.order.end(), [&swarm](std::size_t row) { return swarm.shade[row] < 0; });
        return swarm;
    }

    QString name(std::size_t feature) const { return QString::fromStdString(m_explanation->features[feature]); }
    QString cell(std::size_t row, std::size_t feature) const
    {
        const std::size_t index = row * m_explanation->features.size() + feature;
        return index < m_explanation->cellText.size() ? QString::fromStdString(m_explanation->cellText[index]) : QString();
    }
    static QString figuresTitle() { return QCoreApplication::translate("Plots", "mean |SHAP|"); }
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
    mutable Layout m_lastLayout; ///< of the last painting, so that hit() measures as the painter did
};

} // namespace

std::unique_ptr<Plot> makeBeeswarm(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures)
{
    return std::make_unique<Beeswarm>(std::move(explanation), output, maxFeatures);
}

} // namespace limpid
