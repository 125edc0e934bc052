#pragma once

#include "core/base/Random.h"
#include "core/model/Bundle.h"

#include <string>
#include <vector>

namespace limpid::bench {

inline constexpr std::size_t mlpColumns = 30;

/// Columns x0 … x29 and the target y, all normal.
inline Table randomTable(std::size_t rows)
{
    Random random(1, "bench table");
    std::vector<Column> columns;
    for (std::size_t i = 0; i < mlpColumns; ++i) {
        std::vector<double> values(rows);
        for (double& value : values)
            value = random.normal();
        columns.push_back(Column::numbers("x" + std::to_string(i), std::move(values)));
    }
    std::vector<double> target(rows);
    for (double& value : target)
        value = random.normal();
    columns.push_back(Column::numbers("y", std::move(target)));
    return Table(std::move(columns));
}

/// 30-64-64-1 with ReLU and random weights.
inline Bundle randomMlp(const Table& table)
{
    Bundle bundle;
    Split split;
    for (std::size_t row = 0; row < table.rows(); ++row)
        (row % 5 ? split.train : split.validation).push_back(row);
    PipelineSpec spec;
    spec.target = "y";
    Issues issues;
    bundle.pipeline = Pipeline::fit(table, split, spec, issues);
    bundle.network.nodes = {{"in", "Input", {{"features", "numbers"}}, {}},
                            {"a", "Linear", {{"out_features", 64}}, {"in"}},
                            {"ar", "ReLU", nlohmann::json::object(), {"a"}},
                            {"b", "Linear", {{"out_features", 64}}, {"ar"}},
                            {"br", "ReLU", nlohmann::json::object(), {"b"}},
                            {"c", "Linear", {{"out_features", 1}}, {"br"}}};
    bundle.network.outputs = {"c"};
    Random random(2, "bench weights");
    const auto tensor = [&](const std::string& name, std::vector<std::int64_t> shape) {
        WeightTensor made{name, shape, {}};
        std::size_t count = 1;
        for (const std::int64_t dim : shape)
            count *= static_cast<std::size_t>(dim);
        for (std::size_t i = 0; i < count; ++i)
            made.values.push_back(static_cast<float>(0.2 * random.normal()));
        bundle.weights.push_back(std::move(made));
    };
    tensor("a.weight", {64, mlpColumns});
    tensor("a.bias", {64});
    tensor("b.weight", {64, 64});
    tensor("b.bias", {64});
    tensor("c.weight", {1, 64});
    tensor("c.bias", {1});
    return bundle;
}

} // namespace limpid::bench
