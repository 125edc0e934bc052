#pragma once

#include "core/base/Random.h"
#include "core/model/LayerCatalog.h"

namespace limpid::test {

/// From `low` to `high`, both included.
inline std::int64_t pick(Random& random, std::int64_t low, std::int64_t high)
{
    return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
}
inline bool chance(Random& random, double p) { return random.uniform() < p; }
template<class T>
const T& pickFrom(Random& random, const std::vector<T>& values)
{
    return values[random.below(values.size())];
}

/// How many dimensions a layer's input has; 0: any. -1: of category columns, or words.
int rankFor(const std::string& type, Random& random);

/// Random settings that PyTorch takes for an input of that shape. `dropout`: whether p may be other than 0.
ParamValues randomParams(const std::string& type, const TensorShape& input, bool dropout, Random& random);

/// `rank` sizes whose product is `count`.
std::vector<std::int64_t> randomSizes(std::int64_t count, int rank, Random& random);

} // namespace limpid::test
