#include "ui/charts/SwarmLayout.h"

#include "ui/charts/RowMarks.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace limpid::plot {

namespace {

constexpr int bins = 100; // as SHAP's summary plot

Swarm swarmOf(const Explanation& e, std::size_t output, std::size_t feature)
{
    const std::size_t rows = e.rowCount();
    Swarm swarm;
    swarm.feature = feature;
    swarm.value.resize(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const double value = e.value(row, output, feature);
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
            swarm.shade[row] = static_cast<std::int8_t>(std::lround(shares[row] * (swarmShades - 1)));
    swarm.order.resize(rows);
    std::iota(swarm.order.begin(), swarm.order.end(), std::uint32_t(0));
    // Missing values lie beneath: they are the least telling.
    std::stable_partition(swarm.order.begin(), swarm.order.end(), [&swarm](std::uint32_t row) { return swarm.shade[row] < 0; });
    return swarm;
}

/// Which way the column's values push: by correlation for numbers, by the mean of each value for categories.
QString direction(const Explanation& e, std::size_t output, std::size_t feature)
{
    const std::size_t rows = e.rowCount(), width = e.features.size();
    if (isNumeric(e, feature)) {
        const double r = valueCorrelation(e, output, feature);
        if (r > 0.5)
            return QCoreApplication::translate("Plots", ": high values push it up, low values down.");
        if (r < -0.5)
            return QCoreApplication::translate("Plots", ": high values push it down, low values up.");
        return QStringLiteral(".");
    }
    std::map<std::string, std::pair<double, int>> sums;
    for (std::size_t row = 0; row < rows && row * width + feature < e.cellText.size(); ++row) {
        auto& [sum, count] = sums[e.cellText[row * width + feature]];
        sum += e.value(row, output, feature);
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

QString sentenceOf(const SwarmLayout& layout)
{
    const Explanation& e = *layout.explanation;
    if (layout.importances.empty() || e.rowCount() == 0)
        return QCoreApplication::translate("Plots", "Nothing has been explained yet.");
    const FeatureImportance& first = layout.importances.front();
    QString text = QCoreApplication::translate("Plots", "“%1” moves the prediction of %2 most, by %3 on average")
                       .arg(featureName(e, first.feature), outputText(e, layout.output), shortText(first.mean, 2));
    text += direction(e, layout.output, first.feature);
    if (layout.importances.size() > 1)
        text += QLatin1Char(' ') + QCoreApplication::translate("Plots", "Next comes “%1” with %2.")
                                       .arg(featureName(e, layout.importances[1].feature), shortText(layout.importances[1].mean, 2));
    return text;
}

} // namespace

std::shared_ptr<const SwarmLayout> layOutSwarms(std::shared_ptr<const Explanation> explanation, std::size_t output, int maxFeatures)
{
    auto layout = std::make_shared<SwarmLayout>();
    layout->explanation = std::move(explanation);
    layout->output = output;
    const Explanation& e = *layout->explanation;
    layout->importances = meanAbsolute(e, output);
    const std::size_t shown = std::min<std::size_t>(layout->importances.size(), static_cast<std::size_t>(std::max(1, maxFeatures)));
    for (std::size_t i = shown; i < layout->importances.size(); ++i)
        layout->restMean += layout->importances[i].mean;
    layout->rest = static_cast<int>(layout->importances.size() - shown);
    layout->importances.resize(shown);
    for (const FeatureImportance& importance : layout->importances) {
        layout->swarms.push_back(swarmOf(e, output, importance.feature));
        const Swarm& swarm = layout->swarms.back();
        for (const double value : swarm.value) {
            layout->min = std::min(layout->min, value);
            layout->max = std::max(layout->max, value);
        }
        layout->anyMissing = layout->anyMissing || std::find(swarm.shade.begin(), swarm.shade.end(), -1) != swarm.shade.end();
    }
    if (layout->max - layout->min <= 0.0) {
        layout->min = -1.0;
        layout->max = 1.0;
    }
    layout->sentence = sentenceOf(*layout);
    return layout;
}

} // namespace limpid::plot
