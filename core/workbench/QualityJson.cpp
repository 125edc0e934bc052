#include "core/workbench/ExplainQuality.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace limpid {

namespace {

using nlohmann::json;

/// JSON has no number for what is not known.
json numberOf(double value) { return std::isnan(value) ? json(nullptr) : json(value); }

json figureOf(const QualityFigure& figure)
{
    return {{"mean", numberOf(figure.mean)}, {"error", numberOf(figure.error)}};
}

json revealOf(const RevealQuality& found)
{
    json document = {{"order", found.order == RevealOrder::Value ? "value" : "size"}, {"randomOrders", found.orders}, {"shares", found.shares},
                     {"randomCurve", found.random}, {"randomArea", figureOf(found.randomArea)}};
    document["insertion"] = {{"area", figureOf(found.insertionArea)}, {"gain", figureOf(found.insertionGain)}, {"curve", found.insertion}};
    document["deletion"] = {{"area", figureOf(found.deletionArea)}, {"gain", figureOf(found.deletionGain)}, {"curve", found.deletion}};
    return document;
}

json randomisationOf(const RandomisationQuality& found)
{
    json stages = json::array();
    for (const RandomisationQuality::Stage& stage : found.stages)
        stages.push_back({{"layer", stage.layer}, {"layers", stage.layers}, {"correlation", figureOf(stage.correlation)}});
    return {{"draws", found.draws}, {"stages", stages}};
}

json agreementOf(const AgreementQuality& found)
{
    const std::size_t count = found.methods.size();
    json pairs = json::array();
    for (std::size_t a = 0; a < count; ++a) {
        for (std::size_t b = a + 1; b < count; ++b)
            pairs.push_back({{"methods", {found.methods[a], found.methods[b]}}, {"correlation", figureOf(found.correlation[a * count + b])},
                             {"overlap", figureOf(found.overlap[a * count + b])}});
    }
    return {{"methods", found.methods}, {"top", found.top}, {"pairs", pairs}};
}

} // namespace

json QualityOutcome::toJson() const
{
    json document = {{"method", method}, {"players", words ? "words" : "columns"}, {"output", output}, {"rows", rows}, {"complete", complete}, {"seconds", seconds}};
    if (reveal)
        document["reveal"] = revealOf(*reveal);
    if (infidelity)
        document["infidelity"] = {{"infidelity", figureOf(infidelity->infidelity)}, {"unexplained", figureOf(infidelity->unexplained)}, {"sets", infidelity->sets}};
    if (sensitivity)
        document["sensitivity"] = {{"sensitivity", figureOf(sensitivity->sensitivity)},
                                   {"largest", sensitivity->sensitivity.count > 0 ? json(sensitivity->largest) : json(nullptr)},
                                   {"radius", sensitivity->radius}, {"draws", sensitivity->draws}};
    if (randomisation)
        document["randomisation"] = randomisationOf(*randomisation);
    if (agreement)
        document["agreement"] = agreementOf(*agreement);
    return document;
}

} // namespace limpid
