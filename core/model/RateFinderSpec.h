#pragma once

#include "core/model/ParamSpec.h"

namespace limpid {

/// How learning rates are tried out; see findRate().
struct RateFinderSpec {
    double start = 1e-7, end = 10.0;
    int steps = 200;
    bool operator==(const RateFinderSpec&) const = default;
};

const std::vector<ParamSpec>& rateFinderParams();
nlohmann::json toJson(const RateFinderSpec& spec);

} // namespace limpid
