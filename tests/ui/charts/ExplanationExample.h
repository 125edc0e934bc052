#pragma once

#include "core/explain/Explanation.h"

#include <limits>
#include <memory>

namespace limpid::test {

/// `rows` rows (numbered from 100) of four columns, from literal formulas, so that figures can be worked out by hand. With
/// x = row − (rows − 1)/2: "age" does 0.1·x (its values rise with the rows), "hours" 0.05·(row mod 4 − 1.5) times the sign of
/// `kind` (so it interacts with it), "kind" ±0.03 by a category, "gap" nothing; it is missing every third row.
inline std::shared_ptr<Explanation> explanationExample(int rows, double error = 0.001)
{
    auto e = std::make_shared<Explanation>();
    e->method = "leverage";
    e->space = "raw";
    e->outputs = {"other", "yes"};
    e->features = {"age", "hours", "kind", "gap"};
    e->base = {0.5, -1.0};
    for (int i = 0; i < rows; ++i) {
        e->rows.push_back(static_cast<std::size_t>(100 + i));
        const double x = i - (rows - 1) / 2.0, side = i / 4 % 2 ? 1.0 : -1.0;
        const double values[] = {0.1 * x, 0.05 * (i % 4 - 1.5) * side, 0.03 * side, 0.0};
        double sum = -1.0;
        e->values.insert(e->values.end(), {0.0, 0.0, 0.0, 0.0});
        e->errors.insert(e->errors.end(), {0.0, 0.0, 0.0, 0.0});
        for (const double value : values) {
            e->values.push_back(value);
            e->errors.push_back(error);
            sum += value;
        }
        e->predictions.insert(e->predictions.end(), {0.5, sum});
        const bool missing = i % 3 == 0;
        e->cellNumber.insert(e->cellNumber.end(), {20.0 + i, double(i % 4), side > 0 ? 1.0 : 0.0, missing ? std::numeric_limits<double>::quiet_NaN() : double(i % 7)});
        e->cellText.insert(e->cellText.end(), {std::to_string(20 + i), std::to_string(i % 4), side > 0 ? "office" : "outdoors", missing ? "" : std::to_string(i % 7)});
    }
    e->evaluations = 8;
    e->backgroundRows = 10;
    return e;
}

} // namespace limpid::test
