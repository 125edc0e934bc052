#include "core/workbench/ExplainCost.h"

#include "core/base/Clock.h"

#include <algorithm>
#include <cmath>

namespace limpid {

double relativeError(std::span<const double> values, std::span<const double> errors)
{
    double size = 0.0, error = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        size += values[i] * values[i];
        error += errors[i] * errors[i];
    }
    return size > 0.0 ? std::sqrt(error / size) : 0.0;
}

ExplainCost costOfPredictions(const Predictor& predictor, const Features& features, std::uint64_t modelRows, OutputSpace space, Task& task)
{
    constexpr double enoughSeconds = 0.02;
    constexpr std::size_t fewRows = 16;
    ExplainCost cost{modelRows, 0.0};
    predictor.predict(sliceRows(features, 0, std::min(fewRows, features.rows)), space, task); // the first call prepares
    for (std::size_t rows = std::min<std::size_t>(256, features.rows);; rows = std::min(rows * 4, features.rows)) {
        const Features some = sliceRows(features, 0, rows);
        const Stopwatch clock;
        predictor.predict(some, space, task);
        const double seconds = clock.seconds();
        cost.seconds = seconds / static_cast<double>(rows) * static_cast<double>(modelRows);
        if (seconds >= enoughSeconds || rows == features.rows)
            return cost;
    }
}

} // namespace limpid
