#include "core/workbench/RunResources.h"

#include "core/base/Error.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace limpid {

namespace {

using nlohmann::json;

json figureJson(const Figure& figure)
{
    json result = {{"kind", figureKindName(figure.kind)}};
    if (figure.kind != FigureKind::Unavailable)
        result.update({{"value", figure.value}, {"low", figure.low}, {"high", figure.high}});
    return result;
}

Figure figureFrom(const json& source)
{
    Figure figure;
    for (const FigureKind kind : {FigureKind::Estimated, FigureKind::Measured})
        if (source.value("kind", "") == figureKindName(kind))
            figure = {kind, source.at("value").get<double>(), source.at("low").get<double>(), source.at("high").get<double>()};
    return figure;
}

template<class Combine>
Figure combined(const Figure& a, const Figure& b, Combine combine)
{
    const FigureKind kind = std::min(a.kind, b.kind); // from unavailable to measured
    if (kind == FigureKind::Unavailable)
        return {};
    return {kind, combine(a.value, b.value), combine(a.low, b.low), combine(a.high, b.high)};
}

} // namespace

json toJson(const ResourceUse& use)
{
    return {{"seconds", use.seconds},
            {"cpu_seconds", figureJson(use.cpuSeconds)},
            {"peak_bytes", figureJson(use.peakBytes)},
            {"joules", figureJson(use.joules)},
            {"shared", use.shared}};
}

ResourceUse resourceUseFromJson(const json& source)
{
    if (!source.is_object())
        return {};
    try {
        return {source.at("seconds").get<double>(), figureFrom(source.at("cpu_seconds")), figureFrom(source.at("peak_bytes")),
                figureFrom(source.at("joules")), source.at("shared").get<bool>()};
    } catch (const json::exception& error) {
        throw Error(ErrorCode::WorkspaceCorrupt, {{"path", ""}, {"reason", "run resources"}}, error.what());
    }
}

ResourceUse together(const ResourceUse& before, const ResourceUse& after)
{
    const auto add = [](double a, double b) { return a + b; };
    const auto larger = [](double a, double b) { return std::max(a, b); };
    return {before.seconds + after.seconds, combined(before.cpuSeconds, after.cpuSeconds, add),
            combined(before.peakBytes, after.peakBytes, larger), combined(before.joules, after.joules, add),
            before.shared || after.shared};
}

} // namespace limpid
