#include "ui/charts/RowMarks.h"

#include "core/explain/Attribution.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace limpid::plot {

namespace {
constexpr double scaleLength = 60.0, scaleGap = 6.0; ///< of the scale of values: its bar, and beside it
} // namespace

QString featureName(const Explanation& explanation, std::size_t feature) { return QString::fromStdString(explanation.features[feature]); }

QString cellText(const Explanation& explanation, std::size_t row, std::size_t feature)
{
    const std::size_t index = row * explanation.features.size() + feature;
    const QString text = index < explanation.cellText.size() ? QString::fromStdString(explanation.cellText[index]) : QString();
    return text.isEmpty() ? QCoreApplication::translate("Plots", "missing") : text;
}

QString rowName(const Explanation& explanation, std::size_t row)
{
    return QCoreApplication::translate("Plots", "Row %1").arg(QLocale().toString(static_cast<qulonglong>(explanation.rows[row])));
}

QString effectText(double value, double error)
{
    const QString text = signedText(value, decimalsFor(value, 3));
    return error > 0.0 ? QStringLiteral("%1 ± %2").arg(text, shortText(error, 2)) : text;
}

double prediction(const Explanation& explanation, std::size_t row, std::size_t output)
{
    return explanation.predictions[row * explanation.outputs.size() + output];
}

double quantile(std::vector<double>& values, double share)
{
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = values.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), below, values.end());
    const double low = *below, rest = place - std::floor(place);
    if (rest == 0.0 || below + 1 == values.end())
        return low;
    return low + (*std::min_element(below + 1, values.end()) - low) * rest;
}

std::vector<double> valueShares(const Explanation& e, std::size_t feature)
{
    const std::size_t rows = e.rowCount(), width = e.features.size();
    std::vector<double> shares(rows, std::numeric_limits<double>::quiet_NaN()), known;
    if (e.cellNumber.size() < rows * width)
        return shares;
    known.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row)
        if (const double number = e.cellNumber[row * width + feature]; !std::isnan(number))
            known.push_back(number);
    if (known.empty())
        return shares;
    // Outliers must not take all the colours; a column that hardly varies is shown over its whole range.
    double from = 0.0, to = 0.0;
    for (const double outside : {0.05, 0.01, 0.0}) {
        from = quantile(known, outside);
        to = quantile(known, 1.0 - outside);
        if (from != to)
            break;
    }
    for (std::size_t row = 0; row < rows; ++row)
        if (const double number = e.cellNumber[row * width + feature]; !std::isnan(number))
            shares[row] = from == to ? 0.5 : std::clamp((number - from) / (to - from), 0.0, 1.0);
    return shares;
}

QColor valueColor(double share, const ThemeColors& colors)
{
    return std::isnan(share) ? colors.faint : mix(colors.lowers, colors.raises, share);
}

bool addsUp(const Explanation& e)
{
    return e.additive && e.base.size() == e.outputs.size() && e.predictions.size() == e.rowCount() * e.outputs.size();
}

std::vector<std::size_t> orderByPrediction(const Explanation& e, std::size_t output)
{
    std::vector<std::size_t> order(e.rowCount());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return prediction(e, a, output) < prediction(e, b, output); });
    return order;
}

namespace {

/// Leaves of the average-linkage tree of `count` points by a full matrix of distances: nearest-neighbour chain (Murtagh 1983),
/// O(count²). `level`: what decides which half comes first.
std::vector<std::size_t> clusteredLeaves(std::vector<float> distance, const std::vector<double>& level)
{
    const std::size_t count = level.size();
    struct Node { std::vector<std::size_t> leaves; double sum = 0.0; };
    std::vector<Node> nodes(count);
    for (std::size_t i = 0; i < count; ++i)
        nodes[i] = {{i}, level[i]};
    std::vector<bool> alive(count, true);
    std::vector<std::size_t> chain;
    for (std::size_t left = count; left > 1;) {
        if (chain.empty())
            chain.push_back(static_cast<std::size_t>(std::find(alive.begin(), alive.end(), true) - alive.begin()));
        const std::size_t a = chain.back();
        // The one before wins ties, or the chain could go round for ever.
        std::size_t b = chain.size() > 1 ? chain[chain.size() - 2] : count;
        float nearest = b < count ? distance[a * count + b] : std::numeric_limits<float>::infinity();
        for (std::size_t other = 0; other < count; ++other)
            if (alive[other] && other != a && (distance[a * count + other] < nearest || b == count)) {
                nearest = distance[a * count + other];
                b = other;
            }
        if (chain.size() < 2 || b != chain[chain.size() - 2]) {
            chain.push_back(b);
            continue;
        }
        chain.resize(chain.size() - 2);
        const auto na = static_cast<float>(nodes[a].leaves.size()), nb = static_cast<float>(nodes[b].leaves.size());
        for (std::size_t other = 0; other < count; ++other)
            if (alive[other] && other != a && other != b)
                distance[a * count + other] = distance[other * count + a] =
                    (na * distance[a * count + other] + nb * distance[b * count + other]) / (na + nb);
        const bool aFirst = nodes[a].sum / static_cast<double>(na) <= nodes[b].sum / static_cast<double>(nb);
        Node joined = aFirst ? std::move(nodes[a]) : std::move(nodes[b]);
        const Node& second = aFirst ? nodes[b] : nodes[a];
        joined.leaves.insert(joined.leaves.end(), second.leaves.begin(), second.leaves.end());
        joined.sum += second.sum;
        nodes[a] = std::move(joined);
        nodes[b] = {};
        alive[b] = false;
        --left;
    }
    return nodes[static_cast<std::size_t>(std::find(alive.begin(), alive.end(), true) - alive.begin())].leaves;
}

} // namespace

std::vector<std::size_t> orderBySimilarity(const Explanation& e, std::size_t output)
{
    constexpr std::size_t most = 2000;
    const std::vector<std::size_t> byPrediction = orderByPrediction(e, output);
    const std::size_t rows = byPrediction.size(), width = e.features.size(), count = std::min(rows, most);
    if (rows < 3)
        return byPrediction;
    std::vector<std::size_t> chosen(count);
    for (std::size_t i = 0; i < count; ++i)
        chosen[i] = byPrediction[i * rows / count];
    std::vector<double> level(count, 0.0);
    std::vector<float> distance(count * count, 0.0f);
    for (std::size_t a = 0; a < count; ++a) {
        const double* one = &e.values[(chosen[a] * e.outputs.size() + output) * width];
        level[a] = std::accumulate(one, one + width, 0.0);
        for (std::size_t b = a + 1; b < count; ++b) {
            const double* other = &e.values[(chosen[b] * e.outputs.size() + output) * width];
            double sum = 0.0;
            for (std::size_t feature = 0; feature < width; ++feature)
                sum += (one[feature] - other[feature]) * (one[feature] - other[feature]);
            distance[a * count + b] = distance[b * count + a] = static_cast<float>(std::sqrt(sum));
        }
    }
    std::vector<std::size_t> order;
    order.reserve(rows);
    for (const std::size_t leaf : clusteredLeaves(std::move(distance), level))
        for (std::size_t i = leaf * rows / count; i < (leaf + 1) * rows / count; ++i)
            order.push_back(byPrediction[i]);
    return order;
}

int strongestInteraction(const Explanation& e, std::size_t output, std::size_t feature)
{
    const std::size_t rows = e.rowCount(), width = e.features.size();
    if (e.cellNumber.size() < rows * width || rows < 3)
        return -1;
    std::vector<std::size_t> order;
    for (std::size_t row = 0; row < rows; ++row)
        if (!std::isnan(e.cellNumber[row * width + feature]))
            order.push_back(row);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return e.cellNumber[a * width + feature] < e.cellNumber[b * width + feature]; });
    const std::size_t group = std::clamp<std::size_t>(order.size() / 10, 3, 50);
    double best = 1e-9;
    int found = -1;
    for (std::size_t other = 0; other < width; ++other) {
        if (other == feature)
            continue;
        double score = 0.0;
        for (std::size_t begin = 0; begin < order.size(); begin += group) {
            double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
            for (std::size_t i = begin; i < std::min(order.size(), begin + group); ++i) {
                const double x = e.cellNumber[order[i] * width + other], y = e.value(order[i], output, feature);
                if (std::isnan(x) || !std::isfinite(y))
                    continue;
                n += 1, sx += x, sy += y, sxx += x * x, syy += y * y, sxy += x * y;
            }
            const double vx = n * sxx - sx * sx, vy = n * syy - sy * sy;
            if (n >= 3.0 && vx > 1e-12 * n * sxx && vy > 0.0)
                score += std::abs(n * sxy - sx * sy) / std::sqrt(vx); // n · |correlation| · deviation of the effect
        }
        if (score > best) {
            best = score;
            found = static_cast<int>(other);
        }
    }
    return found;
}

std::vector<double> kernelDensity(const std::vector<double>& values, const std::vector<double>& whole, double from, double to, std::size_t points)
{
    if (whole.empty() || points < 2 || !(to > from))
        return std::vector<double>(points, 0.0);
    const double step = (to - from) / static_cast<double>(points - 1), n = static_cast<double>(whole.size());
    double mean = 0.0, squares = 0.0;
    for (const double value : whole)
        mean += value / n;
    for (const double value : whole)
        squares += (value - mean) * (value - mean);
    const double width = std::max(std::sqrt(squares / std::max(1.0, n - 1.0)) * std::pow(n, -0.2), step);
    std::vector<double> kernel;
    for (std::size_t k = 0; k < points && static_cast<double>(k) * step <= 5.0 * width; ++k)
        kernel.push_back(std::exp(-0.5 * std::pow(static_cast<double>(k) * step / width, 2)));
    const auto smoothed = [&](const std::vector<double>& of) {
        std::vector<double> bins(points, 0.0), density(points, 0.0);
        for (const double value : of) {
            const double place = std::clamp((value - from) / step, 0.0, static_cast<double>(points - 1));
            const auto below = std::min(static_cast<std::size_t>(place), points - 2);
            bins[below] += 1.0 - (place - static_cast<double>(below));
            bins[below + 1] += place - static_cast<double>(below);
        }
        for (std::size_t i = 0; i < points; ++i)
            for (std::size_t j = 0; j < points; ++j)
                if (const std::size_t k = i > j ? i - j : j - i; k < kernel.size())
                    density[i] += kernel[k] * bins[j];
        return density;
    };
    const std::vector<double> all = smoothed(whole);
    std::vector<double> density = &values == &whole ? all : smoothed(values);
    const double largest = *std::max_element(all.begin(), all.end());
    for (double& one : density)
        one /= largest;
    return density;
}

QString effectName(const Explanation& e)
{
    return e.additive && isShapley(e.method) ? QCoreApplication::translate("Plots", "SHAP value") : effectTerm(e);
}

QString effectTerm(const Explanation& e)
{
    if (e.additive && isShapley(e.method))
        return QCoreApplication::translate("Plots", "SHAP");
    return e.additive ? QCoreApplication::translate("Plots", "contribution") : QCoreApplication::translate("Plots", "attribution");
}

QString meanEffect(const Explanation& e) { return QCoreApplication::translate("Plots", "mean |%1|").arg(effectTerm(e)); }

std::vector<FeatureImportance> rowImportances(const Explanation& e, std::size_t output, std::size_t row)
{
    std::vector<FeatureImportance> all;
    for (std::size_t feature = 0; feature < e.features.size(); ++feature)
        all.push_back({feature, std::abs(e.value(row, output, feature)), e.error(row, output, feature)});
    std::stable_sort(all.begin(), all.end(), [](const FeatureImportance& a, const FeatureImportance& b) { return a.mean > b.mean; });
    return all;
}

QString rowText(const Explanation& e, std::size_t output, std::size_t row, int decimals)
{
    QString text = QCoreApplication::translate("Plots", "%1: predicted %2").arg(rowName(e, row), fixedText(prediction(e, row, output), decimals));
    const std::vector<FeatureImportance> all = rowImportances(e, output, row);
    for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 4); ++i)
        text += QStringLiteral("\n%1 = %2  %3").arg(featureName(e, all[i].feature), cellText(e, row, all[i].feature),
                                                   effectText(e.value(row, output, all[i].feature), all[i].error));
    return text;
}

double valueCorrelation(const Explanation& e, std::size_t output, std::size_t feature)
{
    double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
    for (std::size_t row = 0; row < e.rowCount(); ++row) {
        const double x = e.cellNumber[row * e.features.size() + feature], y = e.value(row, output, feature);
        if (std::isnan(x) || !std::isfinite(y))
            continue;
        n += 1, sx += x, sy += y, sxx += x * x, syy += y * y, sxy += x * y;
    }
    const double spread = std::sqrt(std::max(0.0, n * sxx - sx * sx)) * std::sqrt(std::max(0.0, n * syy - sy * sy));
    return spread > 0.0 ? (n * sxy - sx * sy) / spread : 0.0;
}

std::vector<std::size_t> chosenRows(const std::vector<bool>& chosen)
{
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < chosen.size(); ++row)
        if (chosen[row])
            rows.push_back(row);
    return rows;
}

std::size_t rowBeside(const std::vector<double>& values, std::size_t row, bool up)
{
    const auto before = [&](std::size_t a, std::size_t b) { return values[a] < values[b] || (values[a] == values[b] && a < b); };
    std::size_t best = row;
    for (std::size_t other = 0; other < values.size(); ++other) {
        const bool beyond = up ? before(row, other) : before(other, row);
        if (beyond && (best == row || (up ? before(other, best) : before(best, other))))
            best = other;
    }
    return best;
}

double roomFor(const std::vector<QString>& texts, double most)
{
    qsizetype longest = 0;
    for (const QString& text : texts)
        longest = std::max(longest, text.size());
    return std::min(most, 6.5 * static_cast<double>(longest) + 4.0);
}

void paintValueAxis(QPainter& painter, const QRectF& plot, double min, double max, const QString& title, const ThemeColors& colors)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const Ticks ticks = niceTicks(min, max, std::clamp(static_cast<int>(plot.width() / 90.0), 2, 7));
    for (const double value : ticks.values) {
        const double x = plot.left() + (value - min) / (max - min) * plot.width();
        painter.setPen(QPen(colors.line, 1.0));
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        const QString text = fixedText(value, ticks.decimals);
        const double width = textWidth(metrics, text);
        painter.setPen(colors.dim);
        painter.drawText(QRectF(x - width / 2, plot.bottom() + 4.0, width, 16.0), Qt::AlignCenter | Qt::TextDontClip, text);
    }
    painter.setPen(colors.dim);
    drawText(painter, QRectF(plot.left(), plot.bottom() + 20.0, plot.width(), 18.0), Qt::AlignCenter, title);
}

void paintValueScale(QPainter& painter, const QRectF& box, const QString& low, const QString& high, const ThemeColors& colors)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const double lowWidth = textWidth(metrics, low), x = box.left() + lowWidth + scaleGap;
    painter.setPen(colors.dim);
    painter.drawText(QRectF(box.left(), box.top(), lowWidth, box.height()), Qt::AlignVCenter | Qt::TextDontClip, low);
    painter.drawText(QRectF(x + scaleLength + scaleGap, box.top(), textWidth(metrics, high), box.height()), Qt::AlignVCenter | Qt::TextDontClip, high);
    QLinearGradient gradient(x, 0.0, x + scaleLength, 0.0);
    gradient.setColorAt(0.0, colors.lowers);
    gradient.setColorAt(1.0, colors.raises);
    painter.setPen(Qt::NoPen);
    painter.setBrush(gradient);
    painter.drawRoundedRect(QRectF(x, box.center().y() - 2.0, scaleLength, 4.0), 2.0, 2.0);
}

double valueScaleWidth(const QFontMetricsF& metrics, const QString& low, const QString& high)
{
    return textWidth(metrics, low) + textWidth(metrics, high) + scaleLength + 2 * scaleGap;
}

void paintValueKey(QPainter& painter, const QRectF& box, const QString& name, const ThemeColors& colors)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const QString low = QCoreApplication::translate("Plots", "low"), high = QCoreApplication::translate("Plots", "high");
    const double scale = valueScaleWidth(metrics, low, high), whole = textWidth(metrics, name), names = std::min(whole, box.width() - scale - 10.0);
    if (names < std::min(whole, 24.0)) // no room for more than an ellipsis
        return;
    painter.setPen(colors.text);
    drawText(painter, QRectF(box.right() - scale - names - 10.0, box.top(), names, box.height()), Qt::AlignLeft | Qt::AlignVCenter, name, Qt::ElideMiddle);
    paintValueScale(painter, QRectF(box.right() - scale, box.top(), scale, box.height()), low, high, colors);
}

void paintVeil(QPainter& painter, const QRectF& area, const ThemeColors& colors)
{
    QColor veil = colors.card;
    veil.setAlphaF(0.78f);
    painter.fillRect(area, veil);
}

} // namespace limpid::plot
