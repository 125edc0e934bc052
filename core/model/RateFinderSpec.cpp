#include "core/model/RateFinderSpec.h"

namespace limpid {

const std::vector<ParamSpec>& rateFinderParams()
{
    static const std::vector<ParamSpec> params = [] {
        const RateFinderSpec defaults;
        return std::vector<ParamSpec>{{"start", ParamType::Real, defaults.start, 1e-8, 10.0, {}, 1e-7, 1e-4, {}},
                                      {"end", ParamType::Real, defaults.end, 1e-8, 10.0, {}, 1.0, 10.0, {}},
                                      {"steps", ParamType::Integer, defaults.steps, 20, 100'000, {}, 100, 300, {}}};
    }();
    return params;
}

nlohmann::json toJson(const RateFinderSpec& spec)
{
    return {{"start", spec.start}, {"end", spec.end}, {"steps", spec.steps}};
}

} // namespace limpid
