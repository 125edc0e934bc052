#include "core/explain/Explanation.h"

#include "core/explain/SuperpixelRow.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace limpid {

nlohmann::json Explanation::toJson() const
{
    using nlohmann::json;
    const std::size_t width = features.size();
    const auto table = [&](const std::vector<double>& source, std::size_t row) {
        json all = json::array();
        for (std::size_t output = 0; output < outputs.size(); ++output) {
            const auto begin = source.begin() + static_cast<std::ptrdiff_t>((row * outputs.size() + output) * width);
            all.push_back(std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(width)));
        }
        return all;
    };
    /// By output: what the values miss the change from the base by (the convergence delta).
    const auto deltas = [&](std::size_t row) {
        std::vector<double> all;
        for (std::size_t output = 0; output < outputs.size(); ++output) {
            double sum = base[output] - predictions[row * outputs.size() + output];
            for (std::size_t feature = 0; feature < width; ++feature)
                sum += value(row, output, feature);
            all.push_back(sum);
        }
        return all;
    };
    json entries = json::array();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto begin = predictions.begin() + static_cast<std::ptrdiff_t>(i * outputs.size());
        json entry = {{"row", rows[i]},
                      {"output", std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(outputs.size()))},
                      {"values", table(values, i)},
                      {"error", table(errors, i)}};
        if (!baseline.empty() && additive)
            entry["delta"] = deltas(i);
        if (!fit.empty()) {
            const auto own = fit.begin() + static_cast<std::ptrdiff_t>(i * outputs.size());
            entry["fit"] = std::vector<double>(own, own + static_cast<std::ptrdiff_t>(outputs.size()));
        }
        if (!segments.empty()) {
            const SuperpixelEffects effects = superpixelEffects(*this, i);
            const auto byOutput = [&](const std::vector<double>& from) {
                json all = json::array();
                for (std::size_t output = 0; output < outputs.size(); ++output) {
                    const auto first = from.begin() + static_cast<std::ptrdiff_t>(output * effects.count);
                    all.push_back(std::vector<double>(first, first + static_cast<std::ptrdiff_t>(effects.count)));
                }
                return all;
            };
            entry["segments"] = effects.labels;
            entry["superpixels"] = {{"pixels", effects.pixels}, {"values", byOutput(effects.values)}, {"error", byOutput(effects.errors)}};
        }
        if (!topResolved.empty()) {
            const auto own = topResolved.begin() + static_cast<std::ptrdiff_t>(i * outputs.size());
            entry["topResolved"] = std::vector<bool>(own, own + static_cast<std::ptrdiff_t>(outputs.size()));
        }
        entries.push_back(std::move(entry));
    }
    json document = {{"method", method},
                     {"space", space},
                     {"outputs", outputs},
                     {"features", features},
                     {"base", base},
                     {"rows", std::move(entries)},
                     {"residual", residual},
                     {"evaluations", evaluations},
                     {"modelRows", modelRows},
                     {"seconds", seconds},
                     {"background", {{"name", background}, {"rows", backgroundRows}}}};
    json& compared = document["background"];
    if (backgroundOf > 0)
        compared["of"] = backgroundOf;
    if (!backgroundInfo.kind.empty())
        compared["kind"] = backgroundInfo.kind;
    if (backgroundInfo.kind == "cohort" || !backgroundInfo.where.empty())
        compared["where"] = backgroundInfo.where;
    if (backgroundInfo.kind == "row")
        compared["row"] = backgroundInfo.row;
    if (outside)
        document["outOfDistribution"] = {{"share", outside->share}, {"error", outside->error}, {"looked", outside->looked}};
    document["additive"] = additive;
    if (!segments.empty()) {
        document["players"] = "superpixels";
        document["masked"] = masksByMeanColour(*this) ? "mean colour" : "background";
    }
    if (!additive)
        document["residual"] = nullptr;
    if (!baseline.empty())
        document["baseline"] = baseline;
    if (!ledger.empty()) {
        json layers = json::array();
        for (const LayerLeak& leak : ledger)
            layers.push_back({{"layer", leak.layer}, {"type", leak.type}, {"leak", leak.leak}, {"spread", leak.spread}});
        document["ledger"] = std::move(layers);
    }
    return document;
}

std::vector<FeatureImportance> meanAbsolute(const Explanation& explanation, std::size_t output)
{
    const std::size_t rows = explanation.rowCount();
    std::vector<FeatureImportance> importances(explanation.features.size());
    for (std::size_t feature = 0; feature < importances.size(); ++feature) {
        FeatureImportance& importance = importances[feature];
        importance.feature = feature;
        for (std::size_t row = 0; row < rows; ++row) {
            importance.mean += std::abs(explanation.value(row, output, feature));
            importance.error += explanation.error(row, output, feature);
        }
        if (rows > 0) {
            // Rows share their coalitions, so their errors are correlated and do not average out: the mean of the
            // standard errors is the bound that holds whatever the correlation.
            importance.mean /= static_cast<double>(rows);
            importance.error /= static_cast<double>(rows);
        }
    }
    std::stable_sort(importances.begin(), importances.end(),
                     [](const FeatureImportance& a, const FeatureImportance& b) { return a.mean > b.mean; });
    return importances;
}

std::vector<bool> placesResolved(const std::vector<FeatureImportance>& importances)
{
    std::vector<bool> certain(importances.size(), true);
    for (std::size_t i = 0; i < importances.size(); ++i)
        for (std::size_t k = i + 1; k < importances.size(); ++k) {
            const FeatureImportance& a = importances[i];
            const FeatureImportance& b = importances[k];
            if (!(a.mean - b.mean > 1.96 * std::hypot(a.error, b.error)))
                certain[i] = certain[k] = false;
        }
    return certain;
}

std::size_t resolvedOrder(const std::vector<FeatureImportance>& importances)
{
    const std::vector<bool> certain = placesResolved(importances);
    return static_cast<std::size_t>(std::find(certain.begin(), certain.end(), false) - certain.begin());
}

} // namespace limpid
